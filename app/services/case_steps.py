"""One step of one case: legal by the state machine, told to its clocks, written into its history and the trail."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.cases import CaseKind, CaseState, CaseStep, next_state
from app.domain.deadlines import Event
from app.domain.errors import NotAllowed, NotFound, WrongState
from app.domain.policy import Action
from app.models.cases import Case, CaseStatement, CaseStepRow
from app.models.clocks import Clock
from app.queries.visibility import cases_for
from app.services import outbox, trail
from app.services.clocks import CASE, add_event, refresh

# The clock that a list shows of a case, by its kind.
MAIN_CLOCK = {CaseKind.COMPLAINT.value: "complaint", CaseKind.REVIEW.value: "review"}

# What is done for the case's own file, or by who is no more its handler in the matter.
UNDECLARED = frozenset({CaseStep.DELIVER, CaseStep.ASK_REVIEW, CaseStep.CLOSE, CaseStep.FILE})


def load_case(session: Session, actor: Actor, case_id: int, action: Action) -> Case:
    """Return a case on which `actor` may do `action`, under its row lock, fresh.

    Raises `NotFound` for one that he may not see or is barred from, `NotAllowed` for one that he may see only.
    """
    statement = select(Case).where(Case.id == case_id)
    locked = statement.where(cases_for(actor, action)).with_for_update(of=Case)
    found = session.scalar(locked.execution_options(populate_existing=True))
    if found is not None:
        return found
    if session.scalar(statement.where(cases_for(actor, Action.CASE_VIEW))) is None:
        raise NotFound
    raise NotAllowed(action)


def statement_of(session: Session, case: Case) -> CaseStatement:
    """Return what is said in a case."""
    return session.scalars(select(CaseStatement).where(CaseStatement.case_id == case.id)).one()


def take_step(
    session: Session,
    actor: Actor | None,
    case: Case,
    step: CaseStep,
    *,
    now: datetime,
    event: Event | None = None,
    note: str = "",
    merged_into_id: int | None = None,
) -> CaseState:
    """Move `case` by `step` and return its new state; `actor` is None for what the portal does by itself.

    `event` is what the step is for the clocks (`domain.cases.event_of` names its kind); `merged_into_id` is the case that
    goes on when this one is merged, which the table wants in the same moment as the state. The caller holds the case's lock
    (`load_case`). Raises `WrongState` and changes nothing when the state machine or the sequence of events does not
    allow it or the actor is the handler and has not declared yet that he has no interest in the matter (Art. 17),
    `Invalid` for a moment in the future.
    """
    before = case.state
    after = next_state(case.kind, before, step)
    _require_declared(actor, case, step)
    event_id = add_event(session, actor, CASE, case.id, event, now=now) if event is not None else None
    last = session.scalar(select(func.max(CaseStepRow.ordinal)).where(CaseStepRow.case_id == case.id)) or 0
    case.state, case.merged_into_id = after.value, merged_into_id
    session.add(
        CaseStepRow(
            case_id=case.id,
            ordinal=last + 1,
            step=step.value,
            state_before=before,
            state_after=after.value,
            event_id=event_id,
            account_id=actor.account_id if actor else None,
            note=note,
            at=now,
        )
    )
    keep_main_clock(session, case)
    note_change(
        session, actor, case, f"case_{step.value}", now=now, before={"state": before}, after={"state": after.value}
    )
    return after


def _require_declared(actor: Actor | None, case: Case, step: CaseStep) -> None:
    is_handler = actor is not None and actor.account_id == case.handler_id
    if is_handler and case.declared_at is None and case.state != CaseState.REGISTERED and step not in UNDECLARED:
        raise WrongState("case.not_declared")


def judge_again(session: Session, case: Case, *, now: datetime) -> None:
    """Judge the clocks of a case anew and show the main one in the case."""
    refresh(session, CASE, case.id, now=now)
    keep_main_clock(session, case)


def keep_main_clock(session: Session, case: Case) -> None:
    """Copy where the main clock stands into the case, for lists and boards."""
    main = select(Clock).where(
        Clock.holder_kind == CASE, Clock.holder_id == case.id, Clock.code == MAIN_CLOCK[case.kind]
    )
    clock = session.scalar(main)
    if clock is not None:
        case.clock_state, case.due_on = clock.state, clock.due_on
        case.days_over, case.days_taken = clock.days_over, clock.days_taken


def note_change(
    session: Session,
    actor: Actor | None,
    case: Case,
    event: str,
    *,
    now: datetime,
    before: dict[str, str] | None = None,
    after: dict[str, str] | None = None,
    reason: str = "",
) -> None:
    """Count the version of a case up, write the trail and tell the index. No personal datum and no text of the case."""
    case.updated_at = now
    case.version += 1
    session.flush()
    trail.record(session, actor, event, case_subject(case), now=now, before=before, after=after, reason=reason)
    outbox.announce(session, "case", case.id, now=now)


def case_subject(case: Case) -> trail.Subject:
    """Return a case as the trail names it."""
    return trail.Subject("case", case.id, case.number, case.customer_id)
