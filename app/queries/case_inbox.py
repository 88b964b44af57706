"""What somebody has to do: his cases and those he stands in for, his remedies, his follow-ups, by due day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.cases import OPEN_STATES, WORKING_STATES
from app.domain.due_groups import SOON, DueGroup, due_group
from app.domain.policy import Action
from app.models.accounts import Account, Branch
from app.models.cases import Case, CaseRemedy
from app.models.consultations import Consultation
from app.queries.visibility import cases_for, consultations_for, unbarred

MOST = 300
WORKING = sorted(state.value for state in WORKING_STATES)
OPEN = sorted(state.value for state in OPEN_STATES)


@dataclass(frozen=True, slots=True)
class Task:
    """A line of the inbox: a case, a remedy of one, or a consultation to follow up; `id` is the case's or consultation's."""

    kind: str  # case | remedy | consultation
    id: int
    number: str
    text: str
    due_on: date | None
    group: DueGroup
    state: str = ""
    case_kind: str = ""
    line: str = ""
    branch_name: str = ""
    clock_state: str = ""
    days_over: int = 0
    is_major: bool = False
    stands_for: str = ""  # whose it is, when the reader stands in


@dataclass(frozen=True, slots=True)
class MineFigures:
    """Counts for the home page."""

    open: int
    overdue: int
    soon: int


def read_inbox(session: Session, actor: Actor, *, today: date) -> Mapping[DueGroup, Sequence[Task]]:
    """Return what `actor` has to do, by group, the first due first; groups without anything are left out."""
    tasks = [
        *_cases(session, actor, today),
        *_remedies(session, actor, today),
        *_follow_ups(session, actor, today),
    ]
    tasks.sort(key=lambda task: (task.due_on or date.max, task.number))
    grouped = {group: [task for task in tasks if task.group is group] for group in DueGroup}
    return {group: found for group, found in grouped.items() if found}


def count_mine(session: Session, actor: Actor, *, today: date) -> MineFigures:
    """Return how many open cases `actor` handles or stands in for, how many are overdue, how many due in three days."""
    ticking = Case.clock_state.in_(("running", "overdue"))
    waiting = Case.state.in_(OPEN)
    late = case(((Case.due_on < today) & ticking & waiting, 1), else_=0)
    soon = case((Case.due_on.between(today, today + SOON) & ticking & waiting, 1), else_=0)
    row = session.execute(
        select(func.count(), func.coalesce(func.sum(late), 0), func.coalesce(func.sum(soon), 0)).where(*_mine(actor))
    ).one()
    return MineFigures(*map(int, row))


def _mine(actor: Actor) -> list[ColumnElement[bool]]:
    people = sorted({actor.account_id, *actor.stands_for})
    return [Case.handler_id.in_(people), Case.state.in_(WORKING), cases_for(actor, Action.CASE_VIEW)]


def _cases(session: Session, actor: Actor, today: date) -> list[Task]:
    rows = session.execute(
        select(Case, Branch.name, Account.full_name)
        .join(Branch, Branch.id == Case.branch_id)
        .join(Account, Account.id == Case.handler_id)
        .where(*_mine(actor))
        .order_by(Case.due_on, Case.id)
        .limit(MOST)
    )
    return [
        Task(
            kind="case",
            id=row.id,
            number=row.number,
            text="",
            due_on=row.due_on,
            group=due_group(
                row.due_on, today, is_paused=row.clock_state == "paused", is_done=row.state not in OPEN_STATES
            ),
            state=row.state,
            case_kind=row.kind,
            line=row.line,
            branch_name=branch_name,
            clock_state=row.clock_state,
            days_over=row.days_over,
            is_major=row.is_major,
            stands_for=handler if row.handler_id != actor.account_id else "",
        )
        for row, branch_name, handler in rows
    ]


def _remedies(session: Session, actor: Actor, today: date) -> list[Task]:
    """Return remedies that `actor` owns, with what is to be done; of a case that he is barred from none."""
    rows = session.execute(
        select(CaseRemedy.case_id, CaseRemedy.measure, CaseRemedy.due_on, Branch.name)
        .join(Branch, Branch.id == CaseRemedy.branch_id)
        .where(
            CaseRemedy.owner_id == actor.account_id,
            CaseRemedy.done_on.is_(None),
            CaseRemedy.case_id.not_in(sorted(actor.barred)),
        )
        .order_by(CaseRemedy.due_on)
        .limit(MOST)
    )
    return [
        Task("remedy", case_id, "", measure, due_on, due_group(due_on, today), branch_name=name)
        for case_id, measure, due_on, name in rows
    ]


def _follow_ups(session: Session, actor: Actor, today: date) -> list[Task]:
    rows = session.execute(
        select(
            Consultation.id, Consultation.number, Consultation.follow_up_note, Consultation.follow_up_on, Branch.name
        )
        .join(Branch, Branch.id == Consultation.branch_id)
        .where(
            Consultation.follow_up_by == actor.account_id,
            Consultation.result == "follow_up",
            Consultation.closed_at.is_(None),
            consultations_for(actor, Action.CONSULTATION_VIEW),
            unbarred(actor, Consultation.case_id),
        )
        .order_by(Consultation.follow_up_on)
        .limit(MOST)
    )
    return [
        Task("consultation", found, number, note, due_on, due_group(due_on, today), branch_name=name)
        for found, number, note, due_on, name in rows
    ]
