"""The forms of deciding, telling, mending, re-examining and filing that a case allows its reader now, by name."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, Form, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from app.blueprints.casework.telling_fields import TellingFields
from app.domain.case_outcomes import OUTCOMES, Findings, PlannedRemedy, Proposal, RootCause
from app.domain.cases import FILED_AFTER, CaseKind, CaseState, CaseStep
from app.queries.case_detail import CaseDetail
from app.queries.case_outcome import CaseOutcome
from app.services.case_remedies import MENDING
from app.services.case_reviews import Application
from app.web.case_labels import OUTCOMES as OUTCOME_NAMES
from app.web.forms import EditForm, number_or_none, stripped
from app.web.moment_fields import MomentField, this_minute

CHOOSE = ("", _l("请选择"))
LONG = Length(max=4000)
_TRIED = {"": None, "settled": True, "failed": False}


def _text(label: Any, hint: Any = "", *, rows: int = 4) -> TextAreaField:
    """Return a field for a longer text; what must be there is asked for by the service."""
    return TextAreaField(label, [Optional(), LONG], filters=[stripped], description=hint, render_kw={"rows": rows})


class OutcomeForm(EditForm):
    """A form of this part; it takes its lists and first values from the outcome."""

    def offer(self, outcome: CaseOutcome) -> None:
        """Fill the lists of the form."""

    def show(self, outcome: CaseOutcome) -> None:
        """Put what is there already into an unsent form."""


class FindingsForm(OutcomeForm):
    """核实情况 and 处理意见 as drafts."""

    finding = _text(_l("核实情况"), _l("查了什么、向谁核实、事实是什么；写入处理决定告知书"), rows=6)
    opinion = _text(_l("处理意见"), _l("内部意见，不写入告知书"))
    is_mediated = RadioField(
        _l("调解"),
        [Optional()],
        choices=[("", _l("未调解")), ("settled", _l("调解成功")), ("failed", _l("调解未成"))],
        default="",
        validate_choice=False,
    )
    mediation = _text(_l("调解情况"), _l("时间、主持人、参加人、达成或未达成的内容"), rows=3)

    def show(self, outcome: CaseOutcome) -> None:
        """Show the draft."""
        self.finding.data, self.opinion.data, self.mediation.data = outcome.finding, outcome.opinion, outcome.mediation
        self.is_mediated.data = {None: "", True: "settled", False: "failed"}[outcome.is_mediated]

    def findings(self) -> Findings:
        """Return what was typed."""
        texts = (self.finding.data or "", self.opinion.data or "", self.mediation.data or "")
        return Findings(*texts, is_mediated=_TRIED.get(self.is_mediated.data or ""))


class ProposeForm(OutcomeForm):
    """A decision for approval."""

    outcome = RadioField(_l("结论"), [InputRequired(_l("请选择结论。"))], validate_choice=False)
    decision = _text(_l("处理决定"), _l("写给投诉人看：同意什么、不同意什么、什么时候办到"))
    decision_basis = _text(_l("依据和理由"), _l("合同条款、法律规定和理由（办法第十九条）"))
    remedies = _text(_l("救济途径"), _l("四种途径都要写明：核查、调解、仲裁、诉讼"), rows=6)

    def offer(self, outcome: CaseOutcome) -> None:
        """Offer the outcomes of a complaint or of a re-examination."""
        self.outcome.choices = [(each.value, OUTCOME_NAMES[each]) for each in OUTCOMES[outcome.kind]]

    def show(self, outcome: CaseOutcome) -> None:
        """Show what was proposed before, and the remedies as they are to be told."""
        self.decision.data, self.decision_basis.data = outcome.decision, outcome.decision_basis
        self.remedies.data = outcome.remedies or outcome.remedies_suggested
        self.outcome.data = outcome.outcome or None

    def proposal(self) -> Proposal:
        """Return what was typed."""
        basis, remedies = self.decision_basis.data or "", self.remedies.data or ""
        return Proposal(self.decision.data or "", basis, remedies, self.outcome.data or "")


class ReturnForm(OutcomeForm):
    """Sending a proposal back."""

    reason = TextAreaField(
        _l("退回原因"), [InputRequired(_l("请写明要修改什么。")), Length(max=500)], filters=[stripped]
    )


class DecideForm(OutcomeForm):
    """Approving a proposal."""

    answer = TextAreaField(_l("审批意见"), [Optional(), Length(max=500)], filters=[stripped])


class NotifyForm(OutcomeForm, TellingFields):
    """Telling the complainant."""


class DeliverForm(OutcomeForm):
    """The day on which the letter arrived."""

    delivered_on = DateField(_l("投诉人收到的日期"), [InputRequired(_l("请填写收到的日期。"))])
    proof = StringField(
        _l("送达凭证"),
        [InputRequired(_l("请填写凭证，如送达回证或邮件签收编号。")), Length(max=120)],
        filters=[stripped],
    )


class RootCauseForm(OutcomeForm):
    """溯源."""

    stage_id = SelectField(_l("业务环节"), coerce=number_or_none, validate_choice=False)
    cause_id = SelectField(_l("原因"), coerce=number_or_none, validate_choice=False)
    root_cause = _text(_l("溯源原因"), _l("为什么会发生：制度、流程、系统、人员（办法第九条）"))
    accountability = _text(_l("责任追究"), _l("对谁、怎样处理；没有的不填"), rows=2)

    def offer(self, outcome: CaseOutcome) -> None:
        """Offer the tree of causes."""
        self.stage_id.choices = [CHOOSE, *((stage_id, name) for stage_id, name, _causes in outcome.causes)]
        self.cause_id.choices = {
            "": [CHOOSE],
            **{name: list(causes) for _stage_id, name, causes in outcome.causes if causes},
        }

    def show(self, outcome: CaseOutcome) -> None:
        """Show what is there."""
        self.stage_id.data, self.cause_id.data = outcome.stage_id, outcome.cause_id
        self.root_cause.data, self.accountability.data = outcome.root_cause, outcome.accountability

    def typed(self) -> RootCause:
        """Return what was typed."""
        cause, accountability = self.root_cause.data or "", self.accountability.data or ""
        return RootCause(cause, accountability, self.stage_id.data, self.cause_id.data)


class RemedyForm(OutcomeForm):
    """整改措施."""

    measure = _text(_l("整改措施"), _l("做什么，做到什么程度"), rows=2)
    owner_id = SelectField(_l("责任人"), coerce=number_or_none, validate_choice=False)
    due_on = DateField(_l("完成期限"), [Optional()])

    def offer(self, outcome: CaseOutcome) -> None:
        """Offer who can own it."""
        self.owner_id.choices = [CHOOSE, *outcome.owners]

    def planned(self) -> PlannedRemedy:
        """Return what was typed."""
        return PlannedRemedy(self.measure.data or "", self.owner_id.data, self.due_on.data)


class CloseForm(OutcomeForm):
    """办结."""

    why_no_remedy = TextAreaField(
        _l("无需整改的理由"),
        [Optional(), Length(max=500)],
        filters=[stripped],
        description=_l("有整改措施的不填；没有的必须写明理由"),
    )


class ReviewForm(OutcomeForm):
    """An application for re-examination."""

    received_at = MomentField(_l("收到书面申请的时间"), [InputRequired(_l("请填写收到的时间。"))], default=this_minute)
    request = _text(_l("核查请求"), _l("对处理过程、时限还是结果有异议"), rows=3)
    facts = _text(_l("事实和理由"), _l("不填为原投诉的主要事实"), rows=3)
    proof = StringField(
        _l("书面申请的凭证"), [Optional(), Length(max=120)], filters=[stripped], description=_l("申请书编号或邮件号")
    )

    def application(self) -> Application:
        """Return what was typed."""
        request, facts = self.request.data or "", self.facts.data or ""
        return Application(self.received_at.data, request, facts, self.proof.data or "")


class LinkForm(OutcomeForm):
    """Whose archive a case belongs to."""

    customer_number = StringField(
        _l("客户号"), [InputRequired(_l("请填写客户号。")), Length(max=24)], filters=[stripped]
    )


class FileForm(OutcomeForm):
    """归档, by hand only for what did not file itself."""


FORMS: dict[str, type[OutcomeForm]] = {
    "findings": FindingsForm,
    "propose": ProposeForm,
    "decide": DecideForm,
    "return_proposal": ReturnForm,
    "notify_outcome": NotifyForm,
    "deliver": DeliverForm,
    "root_cause": RootCauseForm,
    "remedy": RemedyForm,
    "close": CloseForm,
    "ask_review": ReviewForm,
    "link_customer": LinkForm,
    "file": FileForm,
}


def outcome_forms(case: CaseDetail, outcome: CaseOutcome) -> dict[str, Form]:
    """Return the forms of what may be done now, each with the version that the page shows."""
    return {name: _made(FORMS[name](), case, outcome) for name in _open(case, outcome)}


def _made(form: OutcomeForm, case: CaseDetail, outcome: CaseOutcome) -> Form:
    form.offer(outcome)
    form.show(outcome)
    form.show_version(case.version)
    return form


def _open(case: CaseDetail, outcome: CaseOutcome) -> list[str]:
    allowed: list[str] = []
    if outcome.approval is not None and outcome.approval.may_decide:
        allowed += ["decide", "return_proposal"]
    if not case.may_handle or (case.is_mine and case.handler_id is not None and not case.is_declared):
        return allowed
    state, is_complaint = CaseState(case.state), case.kind == CaseKind.COMPLAINT
    steps = {
        CaseStep.PROPOSE: "propose",
        CaseStep.NOTIFY: "notify_outcome",
        CaseStep.DELIVER: "deliver",
        CaseStep.CLOSE: "close",
    }
    wanted = [steps[step] for step in case.steps if step in steps]
    if outcome.delivered_on is not None and "deliver" in wanted:
        wanted.remove("deliver")
    if state is CaseState.ACCEPTED:
        wanted.append("findings")
    if is_complaint and state in MENDING:
        wanted += ["root_cause", "remedy"]
    if CaseStep.ASK_REVIEW in case.steps and outcome.may_ask_review:
        wanted.append("ask_review")
    if case.customer_id is None and state in FILED_AFTER:
        wanted.append("link_customer")
    if case.customer_id is not None and state in FILED_AFTER:
        wanted.append("file")
    return [name for name in FORMS if name in {*allowed, *wanted}]
