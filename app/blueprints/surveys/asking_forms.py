"""The forms of asking: an invitation, what came of a call, a paper, a tablet, what was done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l
from wtforms import DateField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from app.domain.surveys import Answers, Question
from app.services.survey_invitations import MEANS
from app.web.forms import CreateForm, EditForm, stripped
from app.web.labels import choices
from app.web.survey_labels import CALL_RESULTS
from app.web.survey_labels import MEANS as MEANS_LABELS

MOST_VALUES = 20


class InviteForm(CreateForm):
    """Whom to ask with which survey, how, and, for a new policy, until when he may step back."""

    survey = SelectField(_l("问卷"), [InputRequired(_l("请选择问卷。"))])
    means = RadioField(
        _l("发放方式"), [InputRequired(_l("请选择发放方式。"))], choices=[(each, MEANS_LABELS[each]) for each in MEANS]
    )
    due_on = DateField(_l("犹豫期截止日"), [Optional()], description=_l("只用于新契约回访，请按合同约定核对。"))
    reason = StringField(
        _l("再次回访的原因"),
        [Length(max=200)],
        filters=[stripped],
        description=_l("90 天内已回访过这位客户时填写，如“另一份新保单”。"),
    )

    def offer(self, surveys: Sequence[tuple[str, str]]) -> None:
        """Offer the surveys that may be used."""
        self.survey.choices = list(surveys)


class CallForm(CreateForm):
    """What came of a call; the answers stand beside it."""

    result = RadioField(_l("回访结果"), [InputRequired(_l("请选择回访结果。"))], choices=choices(CALL_RESULTS))
    recording = StringField(_l("录音编号"), [Length(max=60)], filters=[stripped])
    note = TextAreaField(_l("说明"), [Length(max=500)], filters=[stripped])


class PaperForm(CreateForm):
    """The day that a customer wrote on his paper."""

    answered_on = DateField(_l("客户填写日期"), [InputRequired(_l("请填写纸质问卷上的日期。"))])


class KioskForm(CreateForm):
    """A tablet to open."""

    name = StringField(
        _l("名称"), [InputRequired(_l("请填写名称，如“一号柜台”。")), Length(max=60)], filters=[stripped]
    )
    branch = SelectField(_l("机构"), coerce=int)
    survey = SelectField(_l("问卷"), [InputRequired(_l("请选择问卷。"))])


class ResultForm(EditForm):
    """What was done about an answer."""

    result = TextAreaField(
        _l("处理结果"), [InputRequired(_l("请写明处理结果。")), Length(max=1000)], filters=[stripped]
    )


def typed_answers(questions: Sequence[Question]) -> Answers:
    """Return what the request answers to each question."""
    return {
        question.key: [stripped(value) for value in request.form.getlist(f"q_{question.key}")[:MOST_VALUES]]
        for question in questions
    }


def problems_of(problems: dict[str, list[str]], questions: Sequence[Question], sentences: Any) -> dict[str, list[Any]]:
    """Return the sentences about each question."""
    keys = {question.key for question in questions}
    return {key: [sentences.get(code, code) for code in codes] for key, codes in problems.items() if key in keys}
