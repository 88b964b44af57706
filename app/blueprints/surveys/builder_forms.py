"""The forms of the builder: a new survey, its words and limits, one question with choices and condition."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from app.domain.errors import Invalid
from app.domain.questionnaires import LONGEST_BASIS, LONGEST_TEXT, MOST_CHOICES, answers_to
from app.domain.survey_seeds import READY
from app.domain.surveys import Choice, Condition, Purpose, Question, QuestionKind
from app.services.surveys import LONGEST_TITLE, LONGEST_WORDS, MOST_DAYS, Settings
from app.web.forms import CreateForm, EditForm, stripped
from app.web.labels import choices
from app.web.survey_labels import KINDS, PURPOSES, SCALE_WORDS

FEWEST_ROWS, SPARE_ROWS = 4, 2
LONGEST_LIST = 60  # what a form may send of choices and conditions before it is cut


@dataclass(frozen=True, slots=True)
class ConditionRow:
    """An earlier question with the answers that a later one may depend on, those that are ticked first said."""

    key: str
    text: str
    answers: tuple[tuple[str, str, bool], ...]

    @property
    def is_used(self) -> bool:
        """Say whether any answer is ticked."""
        return any(chosen for _value, _text, chosen in self.answers)


class NewSurveyForm(CreateForm):
    """A survey to begin: from nothing, from a ready set, or from one that is there."""

    title = StringField(
        _l("问卷名称"),
        [InputRequired(_l("请填写问卷名称，最多 80 字。")), Length(max=LONGEST_TITLE)],
        filters=[stripped],
    )
    purpose = SelectField(_l("用途"), choices=choices(PURPOSES), description=_l("建立后不再改变"))
    source = SelectField(_l("从哪里开始"))
    branch_id = SelectField(_l("保管机构"), coerce=int, description=_l("它和它的下级机构都可以使用"))

    def offer(self, branches: Sequence[tuple[int, str]], surveys: Sequence[tuple[str, str]]) -> None:
        """Offer the branches that may keep it, and what it may begin from."""
        self.branch_id.choices = list(branches)
        ready = [(each.code, _("现成：%(title)s", title=each.title)) for each in READY.values()]
        copies = [(value, _("复制：%(title)s", title=title)) for value, title in surveys]
        self.source.choices = [("", _("空白问卷")), *ready, *copies]

    def typed_purpose(self) -> Purpose:
        """Return the purpose that was chosen."""
        return Purpose(self.purpose.data)


class SettingsForm(EditForm):
    """The words around the questions, and which answers are followed up."""

    title = StringField(
        _l("问卷名称"),
        [InputRequired(_l("请填写问卷名称，最多 80 字。")), Length(max=LONGEST_TITLE)],
        filters=[stripped],
    )
    greeting = TextAreaField(_l("开头的话"), [Optional(), Length(max=LONGEST_WORDS)], filters=[stripped])
    thanks = TextAreaField(_l("结束的话"), [Optional(), Length(max=LONGEST_WORDS)], filters=[stripped])
    low_score = IntegerField(
        _l("低分界限"),
        [InputRequired(_l("请填写 0 至 5 的整数；0 表示不跟进。")), NumberRange(0, 5)],
        description=_l("任何一题 1–5 分不高于它即生成跟进事项"),
    )
    low_nps = IntegerField(
        _l("推荐意愿界限"),
        [InputRequired(_l("请填写 -1 至 10 的整数；-1 表示不跟进。")), NumberRange(-1, 10)],
        description=_l("0–10 分不高于它即生成跟进事项"),
    )
    valid_days = IntegerField(
        _l("邀请有效天数"), [InputRequired(_l("请填写 1 至 365 的天数。")), NumberRange(1, MOST_DAYS)]
    )

    def settings(self) -> Settings:
        """Return what was typed."""
        return Settings(
            title=self.title.data or "",
            greeting=self.greeting.data or "",
            thanks=self.thanks.data or "",
            low_score=self.low_score.data or 0,
            low_nps=self.low_nps.data or 0,
            valid_days=self.valid_days.data or 0,
        )


class QuestionForm(EditForm):
    """One question; its choices and its condition are lists of plain fields beside these."""

    kind = SelectField(_l("题型"), choices=choices(KINDS))
    text = TextAreaField(
        _l("题目"),
        [InputRequired(_l("请填写题目。")), Length(max=LONGEST_TEXT)],
        filters=[stripped],
        render_kw={"rows": 2},
    )
    required = BooleanField(_l("必答"))
    is_overall = BooleanField(_l("这一题代表总体满意度（算满意率）"))
    basis = StringField(
        _l("依据"),
        [Optional(), Length(max=LONGEST_BASIS)],
        filters=[stripped],
        description=_l("法规要求询问的，注明条款；客户看不到"),
    )

    def question(self, key: str) -> Question:
        """Return what was typed; raises `Invalid` for a condition out of several questions."""
        return Question(
            key=key,
            kind=QuestionKind(self.kind.data),
            text=self.text.data or "",
            choices=typed_choices(),
            required=bool(self.required.data),
            is_overall=bool(self.is_overall.data),
            only_if=typed_condition(),
            basis=self.basis.data or "",
        )


def typed_choices() -> tuple[Choice, ...]:
    """Return the choices that were typed; empty lines are left out."""
    texts = [stripped(text) for text in request.form.getlist("choice")[:LONGEST_LIST]]
    keys = [*map(stripped, request.form.getlist("choice_key")), *[""] * len(texts)]
    problems = set(request.form.getlist("problem"))
    return tuple(Choice(keys[at], text, str(at) in problems) for at, text in enumerate(texts) if text)


def typed_condition() -> Condition | None:
    """Return the condition that was ticked; raises `Invalid` when answers of several questions were."""
    ticked = [value.partition("=") for value in request.form.getlist("condition")[:LONGEST_LIST]]
    asked = {key for key, _sign, _answer in ticked}
    if len(asked) > 1:
        raise Invalid.field("condition", "question.condition_mixed")
    return Condition(asked.pop(), tuple(answer for _key, _sign, answer in ticked)) if asked else None


def choice_rows(question: Question | None) -> list[Choice]:
    """Return the lines for choices: those there are, and some empty ones."""
    given = list(typed_choices() if request.method == "POST" else question.choices if question else ())
    empty = max(FEWEST_ROWS - len(given), SPARE_ROWS)
    return [*given, *[Choice("", "")] * empty][:MOST_CHOICES]


def condition_rows(questions: Sequence[Question], key: str, chosen: Condition | None) -> list[ConditionRow]:
    """Return the questions before `key` (all for a new one) with their answers, ticked as typed or as they are."""
    ticked = {f"{chosen.question}={answer}" for answer in chosen.answers} if chosen else set()
    if request.method == "POST":
        ticked = set(request.form.getlist("condition"))
    rows = []
    for number, question in enumerate(questions, 1):
        if question.key == key:
            break
        answers = tuple(
            (f"{question.key}={answer}", answer_text(question, answer), f"{question.key}={answer}" in ticked)
            for answer in answers_to(question)
        )
        if answers:
            rows.append(ConditionRow(question.key, f"{number}. {question.text}", answers))
    return rows


def answer_text(question: Question, answer: str) -> str:
    """Return what an answer says: the words of a choice, 2 不满意."""
    if question.kind is QuestionKind.SCALE:
        return f"{answer} {SCALE_WORDS[int(answer)]}"
    if question.kind is QuestionKind.NPS:
        return answer
    return next((choice.text for choice in question.choices if choice.key == answer), answer)


def condition_words(question: Question, questions: Sequence[Question]) -> str:
    """Return when a question is asked, as a sentence; nothing when always."""
    condition: Any = question.only_if
    if condition is None:
        return ""
    for number, asked in enumerate(questions, 1):
        if asked.key == condition.question:
            answers = _("、").join(answer_text(asked, answer) for answer in condition.answers)
            return str(_("仅当第 %(number)s 题答“%(answers)s”时问", number=number, answers=answers))
    return ""
