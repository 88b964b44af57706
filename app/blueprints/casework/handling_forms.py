"""The forms of handling that a case allows its reader now, by name."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session
from wtforms import Form

from app.blueprints.casework.step_forms import (
    AcceptForm,
    AgreeForm,
    AskExtensionForm,
    ClassifyForm,
    DecideExtensionForm,
    DeclareForm,
    DeclineForm,
    MergeForm,
    NewFactsForm,
    PauseForm,
    ResumeForm,
    StrikeForm,
    TellExtensionForm,
    TellForm,
    TransferForm,
    WithdrawForm,
    strikable,
)
from app.domain.actor import Actor
from app.domain.case_progress import Extension
from app.domain.cases import OPEN_STATES, CaseStep
from app.queries.case_approvals import OpenApproval
from app.queries.case_detail import CaseDetail

FORMS: dict[str, type[Any]] = {
    "accept": AcceptForm,
    "declare": DeclareForm,
    "decline": DeclineForm,
    "withdraw": WithdrawForm,
    "transfer": TransferForm,
    "classify": ClassifyForm,
    "pause": PauseForm,
    "resume": ResumeForm,
    "new_facts": NewFactsForm,
    "agree_notice": AgreeForm,
    "merge": MergeForm,
    "ask_extension": AskExtensionForm,
    "decide_extension": DecideExtensionForm,
    "notice_extension": TellExtensionForm,
    "tell": TellForm,
    "strike": StrikeForm,
}


def handling_forms(session: Session, actor: Actor, case: CaseDetail, approval: OpenApproval | None) -> dict[str, Form]:
    """Return the forms of what may be done now, each with the version that the page shows."""
    return {name: _made(FORMS[name](), session, case) for name in _open(actor, case, approval)}


def _made(form: Any, session: Session, case: CaseDetail) -> Form:
    form.offer(session, case)
    form.show_version(case.version)
    return form  # type: ignore[no-any-return]


def _open(actor: Actor, case: CaseDetail, approval: OpenApproval | None) -> list[str]:
    """Return the names of the forms that this reader may use."""
    allowed = [_NAMES[step] for step in case.steps if step in _NAMES and _makes_sense(step, actor, case)]
    if case.may_handle and case.handler_id == actor.account_id and not case.is_declared and case.state != "registered":
        return ["declare"]
    if approval is not None and approval.may_decide:
        allowed.append("decide_extension")
    if case.may_handle and case.state in OPEN_STATES:
        allowed.append("tell")
        if strikable(case):
            allowed.append("strike")
    return sorted(set(allowed), key=list(FORMS).index)


_NAMES = {
    CaseStep.ACCEPT: "accept",
    CaseStep.DECLINE: "decline",
    CaseStep.WITHDRAW: "withdraw",
    CaseStep.TRANSFER: "transfer",
    CaseStep.CLASSIFY: "classify",
    CaseStep.PAUSE: "pause",
    CaseStep.RESUME: "resume",
    CaseStep.NEW_FACTS: "new_facts",
    CaseStep.AGREE_NOTICE: "agree_notice",
    CaseStep.MERGE: "merge",
    CaseStep.ASK_EXTENSION: "ask_extension",
    CaseStep.NOTICE_EXTENSION: "notice_extension",
}


def _makes_sense(step: CaseStep, actor: Actor, case: CaseDetail) -> bool:
    """Say whether a step that the state allows has something to do: a pause to end, an extension to tell of."""
    progress = case.progress
    if step is CaseStep.ACCEPT:
        return case.is_declared or case.handler_id in (None, actor.account_id)
    if step is CaseStep.CLASSIFY:
        return not progress.is_complex
    if step is CaseStep.RESUME:
        return bool(progress.pauses)
    if step is CaseStep.ASK_EXTENSION:
        return progress.is_complex and progress.extension is Extension.NONE
    if step is CaseStep.NOTICE_EXTENSION:
        return progress.extension is Extension.APPROVED
    return True
