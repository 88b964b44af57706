"""溯源整改: where a complaint came from, what is done about it by whom until when, and that somebody else looked at it.

A complaint is closed when its root cause is told and every measure is done and checked, or when somebody says why
nothing has to be done (办法 Art. 9).
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.domain.actor import Actor, Role
from app.domain.case_outcomes import PlannedRemedy, RootCause, check_remedy, check_root_cause
from app.domain.cases import CaseKind, CaseState, CaseStep
from app.domain.errors import Invalid, NotFound, WrongState
from app.domain.ids import encode_id, new_id
from app.domain.normal import clean_note
from app.domain.policy import Action
from app.models.accounts import Account, Grant
from app.models.cases import Case, CaseBar, CaseCause, CaseRemedy
from app.queries.visibility import cases_for, unbarred
from app.services.case_filing import file_soon
from app.services.case_handling import begin_step, required
from app.services.case_people import managers_of, tell_people
from app.services.case_steps import note_change, statement_of, take_step
from app.services.notices import notify

# A root cause may be told as soon as the matter is understood; measures too.
MENDING = frozenset({CaseState.ACCEPTED, CaseState.PROPOSED, CaseState.DECIDED, CaseState.NOTIFIED})


def record_root_cause(
    session: Session, actor: Actor, case_id: int, typed: RootCause, *, version: int, now: datetime
) -> None:
    """Write down the root cause 溯源, who answers for it, and its place in the tree. Raises `Invalid`, `WrongState`."""
    case = begin_step(session, actor, case_id, version=version)
    _require_mending(case)
    checked = check_root_cause(typed)
    _check_cause(session, checked)
    statement = statement_of(session, case)
    statement.root_cause, statement.accountability = checked.root_cause, checked.accountability
    case.stage_id, case.cause_id = checked.stage_id, checked.cause_id
    note_change(session, actor, case, "case_root_cause_written", now=now)


def add_remedy(
    session: Session, actor: Actor, case_id: int, typed: PlannedRemedy, *, version: int, now: datetime, today: date
) -> int:
    """Plan a remedial action and return its id; its owner is told. Nobody who is barred from the case can own one."""
    case = begin_step(session, actor, case_id, version=version)
    _require_mending(case)
    checked = check_remedy(typed, today)
    if checked.owner_id is None or checked.due_on is None or not _may_own(session, case, checked.owner_id, now=now):
        raise Invalid.field("owner_id", "outcome.owner_missing")
    remedy = CaseRemedy(
        id=new_id(),
        case_id=case.id,
        measure=checked.measure,
        owner_id=checked.owner_id,
        branch_id=case.branch_id,
        due_on=checked.due_on,
        created_at=now,
    )
    session.add(remedy)
    note_change(session, actor, case, "case_remedy_planned", now=now, after={"due_on": checked.due_on.isoformat()})
    _tell_owner(session, case, remedy, "case_remedy_given", now=now)
    return remedy.id


def finish_remedy(
    session: Session, actor: Actor, remedy_id: int, result: str, done_on: date | None, *, now: datetime, today: date
) -> None:
    """Say that a remedial action is done and what came of it: its owner does, or who handles the case."""
    remedy, case = _load(session, actor, remedy_id, Action.CASE_HANDLE, for_owner=True)
    if remedy.done_on is not None:
        raise WrongState("outcome.remedy_done")
    said = required(result, "result", "outcome.result_missing", most=2000)
    day = done_on or today
    if day > today:
        raise Invalid.field("done_on", "outcome.done_in_future")
    remedy.done_on, remedy.result = day, said
    note_change(session, actor, case, "case_remedy_done", now=now, after={"done_on": day.isoformat()})
    checkers = set(managers_of(session, case, case.branch_id, now=now)) - {remedy.owner_id}
    path, details = path_of_remedy(remedy), {"number": case.number}
    for account_id in sorted(checkers - {actor.account_id}):
        notify(session, account_id, "case_remedy_to_check", now=now, path=path, details=details)


def check_done(
    session: Session, actor: Actor, remedy_id: int, *, passed: bool, reason: str = "", now: datetime
) -> None:
    """Confirm that a remedial action is done, or send it back with a reason. Raises `WrongState` for its owner."""
    remedy, case = _load(session, actor, remedy_id, Action.CASE_APPROVE)
    if remedy.done_on is None:
        raise WrongState("outcome.remedy_open")
    if remedy.checked_at is not None:
        raise WrongState("outcome.remedy_checked")
    if remedy.owner_id == actor.account_id:
        raise WrongState("outcome.own_remedy")
    if passed:
        remedy.checked_by, remedy.checked_at = actor.account_id, now
        note_change(session, actor, case, "case_remedy_checked", now=now)
        tell_people(session, case, [case.handler_id], "case_remedy_passed", now=now, but=actor.account_id)
        return
    said = required(reason, "reason", "case.reason_missing")
    remedy.done_on = None
    remedy.result = f"{remedy.result}\n退回重做：{said}"
    note_change(session, actor, case, "case_remedy_returned", now=now)
    _tell_owner(session, case, remedy, "case_remedy_back", now=now)


def close_case(
    session: Session, actor: Actor, case_id: int, why_no_remedy: str = "", *, version: int, now: datetime
) -> None:
    """办结: nothing is left to do; the case files itself after it.

    Raises `WrongState` while the root cause is not told or a measure is not done and checked, `Invalid` when there is no
    measure and nobody says why none is needed.
    """
    case = begin_step(session, actor, case_id, version=version)
    why = clean_note(why_no_remedy)[:500]
    if case.kind == CaseKind.COMPLAINT and case.state == CaseState.NOTIFIED:
        _require_mended(session, case, why)
    take_step(session, actor, case, CaseStep.CLOSE, now=now, note=f"无需整改：{why}" if why else "")
    case.closed_at = now
    file_soon(session, actor, case, now=now)
    session.flush()


def path_of_remedy(remedy: CaseRemedy) -> str:
    """Return where a remedial action is shown."""
    return f"/casework/remedies/{encode_id(remedy.id)}"


def _require_mending(case: Case) -> None:
    if case.state not in MENDING:
        raise WrongState("outcome.not_mending")


def _require_mended(session: Session, case: Case, why_no_remedy: str) -> None:
    if not statement_of(session, case).root_cause:
        raise WrongState("outcome.close_without_root_cause")
    remedies = session.scalars(select(CaseRemedy).where(CaseRemedy.case_id == case.id)).all()
    if any(remedy.checked_at is None for remedy in remedies):
        raise WrongState("outcome.close_before_checked")
    if not remedies and not why_no_remedy:
        raise Invalid.field("why_no_remedy", "outcome.close_without_remedy")


def _check_cause(session: Session, typed: RootCause) -> None:
    stage = session.get(CaseCause, typed.stage_id)
    if stage is None or stage.parent_id is not None:
        raise Invalid.field("stage_id", "outcome.stage_missing")
    cause = session.get(CaseCause, typed.cause_id) if typed.cause_id is not None else None
    if typed.cause_id is not None and (cause is None or cause.parent_id != stage.id):
        raise Invalid.field("cause_id", "outcome.cause_of_other_stage")


def _may_own(session: Session, case: Case, account_id: int, *, now: datetime) -> bool:
    """Say whether somebody works here, can open the list of remedies, and is not barred from the case."""
    roles = [Role.CLERK.value, Role.ARCHIVIST.value, Role.MANAGER.value]
    barred = select(CaseBar.account_id).where(CaseBar.case_id == case.id)
    found = (
        select(Account.id)
        .join(Grant, Grant.account_id == Account.id)
        .where(
            Account.id == account_id,
            Account.state == "active",
            Account.id.not_in(barred),
            Grant.role.in_(roles),
            Grant.revoked_at.is_(None),
            Grant.valid_from <= now,
            or_(Grant.valid_to.is_(None), Grant.valid_to > now),
        )
    )
    return session.scalar(found.limit(1)) is not None


def _load(
    session: Session, actor: Actor, remedy_id: int, action: Action, *, for_owner: bool = False
) -> tuple[CaseRemedy, Case]:
    """Return a remedial action and its case, the case locked first; `NotFound` for who has nothing to do with it."""
    may = cases_for(actor, action)
    if for_owner:
        may = or_(may, CaseRemedy.owner_id == actor.account_id)
    case_id = session.scalar(
        select(Case.id)
        .join(CaseRemedy, CaseRemedy.case_id == Case.id)
        .where(CaseRemedy.id == remedy_id, may, unbarred(actor, CaseRemedy.case_id))
    )
    if case_id is None:
        raise NotFound
    locked = select(Case).where(Case.id == case_id).with_for_update(of=Case)
    case = session.scalars(locked.execution_options(populate_existing=True)).one()
    found = select(CaseRemedy).where(CaseRemedy.id == remedy_id).execution_options(populate_existing=True)
    return session.scalars(found).one(), case


def _tell_owner(session: Session, case: Case, remedy: CaseRemedy, kind: str, *, now: datetime) -> None:
    details = {"number": case.number, "due_on": remedy.due_on.isoformat()}
    notify(session, remedy.owner_id, kind, now=now, path=path_of_remedy(remedy), details=details)
