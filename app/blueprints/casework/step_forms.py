"""The forms of the steps of a case: what is typed, and the lists that are filled from the case."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session
from wtforms import BooleanField, DateField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from app.blueprints.casework.telling_fields import TellingFields
from app.domain.case_terms import NoticeAbout
from app.domain.cases import OPEN_STATES, CaseStep
from app.domain.ids import encode_id
from app.queries.branches import other_branches
from app.queries.case_detail import CaseDetail
from app.services.case_merging import FROM, INTO
from app.services.case_pauses import GROUNDS, STRIKABLE, pause_name
from app.web.case_labels import AUTHORITIES, CASE_STEPS, DECLINE_GROUNDS, NOTICE_ABOUTS
from app.web.case_labels import GROUNDS as GROUND_NAMES
from app.web.filters import moment as shown
from app.web.forms import BaseForm, EditForm, number_or_none, stripped
from app.web.moment_fields import MomentField, this_minute

CHOOSE = ("", _l("请选择"))
CHOOSE_ONE = _l("请选择一项。")


def _reason(label: Any, missing: Any, hint: Any = "") -> TextAreaField:
    """Return a field for a text that must not be empty."""
    return TextAreaField(label, [InputRequired(missing), Length(max=500)], filters=[stripped], description=hint)


def _proof(hint: Any) -> StringField:
    """Return a field for the reference of a paper that proves something."""
    return StringField(
        _l("凭证"),
        [InputRequired(_l("请填写凭证，如文书编号。")), Length(max=120)],
        filters=[stripped],
        description=hint,
    )


class StepForm(EditForm):
    """A step of a case with the moment that the law looks at."""

    moment = MomentField(_l("发生时间"), [InputRequired(_l("请填写发生的时间。"))], default=this_minute)

    def offer(self, session: Session, case: CaseDetail) -> None:
        """Fill the lists of the form from the case."""


class DeclareForm(EditForm):
    """回避声明 of the handler."""

    declares = BooleanField(_l("本人与本投诉没有直接利害关系，不需要回避（办法第十七条）"))

    def offer(self, session: Session, case: CaseDetail) -> None:
        """Offer nothing: there is nothing to choose."""


class AcceptForm(StepForm, DeclareForm):
    """受理, with the declaration of the handler where it is not there yet."""

    def offer(self, session: Session, case: CaseDetail) -> None:
        """Ask for the declaration once."""
        if case.is_declared:
            del self.declares


class DeclineForm(StepForm):
    """不予办理."""

    exception = SelectField(
        _l("理由类别"), [InputRequired(CHOOSE_ONE)], choices=[CHOOSE, *DECLINE_GROUNDS.items()], validate_choice=False
    )
    reason = _reason(_l("具体理由"), _l("请写明不予办理的理由。"), _l("写入告知内容，说清为什么不属于本办法的投诉"))


class WithdrawForm(StepForm):
    """撤回."""

    by = StringField(
        _l("由谁撤回"),
        [InputRequired(_l("请填写由谁撤回。")), Length(max=60)],
        filters=[stripped],
        description=_l("投诉人本人或受托人；受托人撤回的写明授权"),
    )
    proof = _proof(_l("撤回申请书编号或录音编号"))
    reason = TextAreaField(_l("撤回原因"), [Optional(), Length(max=500)], filters=[stripped])


class TransferForm(StepForm):
    """内部移送."""

    branch_id = SelectField(_l("移送到"), coerce=number_or_none, validate_choice=False)
    reason = _reason(_l("移送原因"), _l("请写明移送原因。"))

    def offer(self, session: Session, case: CaseDetail) -> None:
        """Offer every other branch."""
        self.branch_id.choices = [CHOOSE, *other_branches(session, case.branch_id)]


class ClassifyForm(StepForm):
    """情况复杂."""

    reason = _reason(
        _l("认定理由"), _l("请写明为什么情况复杂。"), _l("15 日内认定有效，期限为 30 日（办法第十八条第一款）")
    )


class PauseForm(StepForm, TellingFields):
    """中止, with the telling that outside experts need."""

    ground = RadioField(
        _l("中止事由"),
        [InputRequired(CHOOSE_ONE)],
        choices=[(ground, GROUND_NAMES[ground]) for ground in GROUNDS],
        validate_choice=False,
    )
    about = StringField(
        _l("鉴定、调解的名称"),
        [Optional(), Length(max=60)],
        filters=[stripped],
        description=_l("同一事由有几项时用来区分，如“笔迹鉴定”"),
    )
    proof = _proof(_l("委托书、受理通知或调解申请的编号"))


class ResumeForm(StepForm):
    """恢复."""

    pause = SelectField(_l("结束的中止"), [InputRequired(CHOOSE_ONE)], validate_choice=False)
    proof = _proof(_l("鉴定、检测、评估报告或调解书的编号"))

    def offer(self, session: Session, case: CaseDetail) -> None:
        """Offer the pauses that run."""
        self.pause.choices = [(pause_name(event), _pause_words(event)) for event in case.progress.pauses]


class NewFactsForm(StepForm):
    """新的事实和理由."""

    moment = MomentField(_l("收到新材料的时间"), [InputRequired(_l("请填写收到的时间。"))], default=this_minute)
    reason = _reason(
        _l("新的事实和理由"), _l("请写明新的事实和理由。"), _l("期限自收到新材料之日起重新计算（办法第十八条第三款）")
    )


class AgreeForm(StepForm):
    """约定告知日."""

    agreed_on = DateField(_l("约定最迟告知日"), [InputRequired(_l("请填写约定的日期。"))])
    proof = _proof(_l("书面约定或录音的编号"))


class MergeForm(StepForm):
    """合并."""

    direction = RadioField(
        _l("怎样合并"),
        [InputRequired(CHOOSE_ONE)],
        choices=[(INTO, _l("本件并入对方，由对方继续办理")), (FROM, _l("对方并入本件，由本件继续办理"))],
        validate_choice=False,
    )
    other = StringField(
        _l("对方的投诉编号"),
        [InputRequired(_l("请填写投诉编号，如 TS2026-000123。")), Length(max=24)],
        filters=[stripped],
        render_kw={"autocomplete": "off", "autocapitalize": "characters"},
    )
    reason = _reason(
        _l("合并理由"), _l("请写明为什么是同一投诉。"), _l("只能合并同一投诉人的投诉；期限从最早收到之日算起")
    )


class AskExtensionForm(StepForm):
    """申请延期."""

    authority = RadioField(
        _l("由谁批准"), [InputRequired(CHOOSE_ONE)], choices=list(AUTHORITIES.items()), validate_choice=False
    )
    reason = _reason(_l("延期理由"), _l("请写明延期理由。"), _l("批准并告知投诉人后再延长 30 日（办法第十八条第一款）"))


class DecideExtensionForm(StepForm):
    """批准延期 or not."""

    verdict = RadioField(
        _l("审批意见"),
        [InputRequired(CHOOSE_ONE)],
        choices=[("approve", _l("批准延期")), ("refuse", _l("不批准"))],
        validate_choice=False,
    )
    answer = _reason(_l("理由"), _l("请写明理由。"))


class TellExtensionForm(EditForm, TellingFields):
    """告知延期."""

    def offer(self, session: Session, case: CaseDetail) -> None:
        """Offer nothing: there is nothing to choose from the case."""


class TellForm(EditForm, TellingFields):
    """A record of telling that belongs to no step."""

    about = RadioField(
        _l("告知事项"),
        [InputRequired(CHOOSE_ONE)],
        choices=[
            (about, NOTICE_ABOUTS[about]) for about in (NoticeAbout.ACCEPTED, NoticeAbout.PAUSE, NoticeAbout.OTHER)
        ],
        validate_choice=False,
    )

    def offer(self, session: Session, case: CaseDetail) -> None:
        """Offer nothing: there is nothing to choose from the case."""


class StrikeForm(EditForm):
    """划去 of a line that was written down by mistake."""

    event = SelectField(_l("误记的一条"), [InputRequired(CHOOSE_ONE)], validate_choice=False)
    reason = _reason(_l("误记原因"), _l("请写明为什么划去。"), _l("原记录和原因都留在办理过程里"))

    def offer(self, session: Session, case: CaseDetail) -> None:
        """Offer the lines that may be struck out."""
        self.event.choices = [CHOOSE, *strikable(case)]


class RevealForm(BaseForm):
    """The reason for seeing a masked value."""

    field = StringField()
    reason = StringField(_l("事由"), [InputRequired(), Length(max=100)], filters=[stripped])


def strikable(case: CaseDetail) -> Sequence[tuple[str, str]]:
    """Return the events of a case that may be struck out, as choices of a list."""
    if case.state not in OPEN_STATES:
        return []
    return [
        (encode_id(line.event_id), f"{CASE_STEPS[CaseStep(line.step)]} {shown(line.moment)}")
        for line in case.history
        if line.event_id is not None and line.event_kind in STRIKABLE and line.struck_at is None
    ]


def _pause_words(event: Any) -> str:
    name = f"{GROUND_NAMES[event.ground]} {event.about}".strip()
    return f"{name} {shown(event.moment)}"
