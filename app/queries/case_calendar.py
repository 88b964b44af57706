"""A month of due days, reminders, days away and holidays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.cases import OPEN_STATES
from app.domain.policy import Action
from app.models.accounts import Account
from app.models.cases import Case, CaseRemedy
from app.models.clocks import CalendarDay, Clock, ClockRuleRow
from app.queries.absences import AbsenceRow, absences_between
from app.queries.visibility import cases_for

MOST = 500
OPEN = sorted(state.value for state in OPEN_STATES)
ONE_DAY = timedelta(days=1)
MAIN = ("complaint", "review")


@dataclass(frozen=True, slots=True)
class Entry:
    """Something on a day: due | reminder | remedy; `before` says how many days ahead a reminder is."""

    kind: str
    case_id: int
    number: str
    handler: str
    clock_state: str = ""
    before: int = 0
    is_major: bool = False


@dataclass(slots=True)
class DayOf:
    """A day of the month."""

    on: date
    is_rest: bool
    holiday: str = ""
    entries: list[Entry] = field(default_factory=list)
    away: list[AbsenceRow] = field(default_factory=list)

    @property
    def due(self) -> int:
        """How many things are due."""
        return sum(entry.kind != "reminder" for entry in self.entries)

    @property
    def is_busy(self) -> bool:
        """Whether the day has something to list."""
        return bool(self.entries or self.away or self.holiday)


@dataclass(frozen=True, slots=True)
class Month:
    """A month in weeks that begin on Monday; days outside of it are None. `cut` says that not everything is shown."""

    weeks: Sequence[Sequence[DayOf | None]]
    days: Sequence[DayOf]
    cut: bool


def read_month(session: Session, actor: Actor, first: date, *, today: date, team: bool) -> Month:
    """Return the month that begins on `first`: the actor's own cases, or with `team` all that he may see.

    Reminders of days that are over are left out.
    """
    last = (first.replace(day=28) + 4 * ONE_DAY).replace(day=1) - ONE_DAY
    days = _empty(session, first, last)
    cut = _put_cases(session, actor, days, first, last, today=today, team=team)
    _put_remedies(session, actor, days, first, last)
    for row in absences_between(session, actor, first, last):
        for on, day in days.items():
            if row.first_on <= on <= row.last_on:
                day.away.append(row)
    return Month(_weeks(list(days.values())), list(days.values()), cut)


def _empty(session: Session, first: date, last: date) -> dict[date, DayOf]:
    known = {row.day: row for row in session.scalars(select(CalendarDay).where(CalendarDay.day.between(first, last)))}
    days = {}
    for count in range((last - first).days + 1):
        on = first + count * ONE_DAY
        row = known.get(on)
        is_rest = not row.is_working if row else on.weekday() > 4
        days[on] = DayOf(on, is_rest, row.name if row else "")
    return days


def _put_cases(
    session: Session, actor: Actor, days: dict[date, DayOf], first: date, last: date, *, today: date, team: bool
) -> bool:
    """Put due days and reminders of open cases on their days; a case due soon after the month is reminded of in it."""
    mine = [] if team else [Case.handler_id.in_(sorted({actor.account_id, *actor.stands_for}))]
    longest = timedelta(days=31)
    rows = session.execute(
        select(
            Case.id,
            Case.number,
            Account.full_name,
            Case.clock_state,
            Case.is_major,
            Case.due_on,
            ClockRuleRow.reminders,
        )
        .join(Clock, (Clock.holder_id == Case.id) & (Clock.holder_kind == "case") & Clock.code.in_(MAIN))
        .join(ClockRuleRow, ClockRuleRow.id == Clock.rule_id)
        .outerjoin(Account, Account.id == Case.handler_id)
        .where(
            Case.state.in_(OPEN),
            Case.due_on.between(first, last + longest),
            cases_for(actor, Action.CASE_VIEW, by_index=team),
            *mine,
        )
        .order_by(Case.due_on, Case.id)
        .limit(MOST + 1)
    ).all()
    for found, number, handler, state, is_major, due_on, reminders in rows[:MOST]:
        if due_on is None:
            continue
        if due_on in days:
            days[due_on].entries.append(Entry("due", found, number, handler or "", state, is_major=is_major))
        for before in map(int, reminders.split()) if state != "paused" else ():
            on = due_on - before * ONE_DAY
            if on in days and on >= today:
                days[on].entries.append(Entry("reminder", found, number, handler or "", state, before, is_major))
    return len(rows) > MOST


def _put_remedies(session: Session, actor: Actor, days: dict[date, DayOf], first: date, last: date) -> None:
    rows = session.execute(
        select(CaseRemedy.case_id, Case.number, CaseRemedy.due_on)
        .join(Case, Case.id == CaseRemedy.case_id)
        .where(
            CaseRemedy.owner_id == actor.account_id,
            CaseRemedy.done_on.is_(None),
            CaseRemedy.due_on.between(first, last),
            CaseRemedy.case_id.not_in(sorted(actor.barred)),
        )
        .limit(MOST)
    )
    for case_id, number, due_on in rows:
        days[due_on].entries.append(Entry("remedy", case_id, number, ""))


def _weeks(days: list[DayOf]) -> list[list[DayOf | None]]:
    before: list[DayOf | None] = [None] * days[0].on.weekday()
    cells = [*before, *days]
    cells += [None] * (-len(cells) % 7)
    return [cells[at : at + 7] for at in range(0, len(cells), 7)]
