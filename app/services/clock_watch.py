"""Reminding of clocks 催办: each step once, to who handles the thing, near the end to the managers of its branch as well.

A clock remembers the last step that was told (`Clock.reminded`). It forgets when its due day moves away again (a pause,
an extension, new facts), so that the steps are told anew. Nobody is reminded while a clock is paused.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from app.domain.actor import Role
from app.domain.deadlines import Calendar, Standing, State, Unit
from app.domain.ids import encode_id
from app.domain.office_time import office_day
from app.domain.working_days import is_working_day
from app.models.accounts import Account, Grant
from app.models.cases import Case
from app.models.clocks import Clock, ClockRuleRow, ServiceDuty
from app.queries.absences import deputies_of
from app.queries.clocks import calendar_of, standings_of
from app.services.case_people import managers_of, tell_people
from app.services.clock_judging import begin_of_day, judge_thing
from app.services.clocks import CASE, DUTY
from app.services.notices import notify

LATE = "late"
AT_ONCE = 500
# Longer than the longest reminder of any rule and the holidays that may lie before it.
AHEAD = timedelta(days=45)
# From this many units before the due day on the managers hear of it as well.
MANAGERS_FROM = 1

Thing = tuple[str, int]


def things_to_watch(session: Session, *, now: datetime, after: int = 0) -> tuple[Sequence[Thing], int]:
    """Return some things whose clock has to be judged anew or has a reminder due, and where to go on (0: nowhere)."""
    today, calendar = office_day(now), calendar_of(session)
    rows = session.execute(
        select(Clock, ClockRuleRow.unit, ClockRuleRow.reminders)
        .join(ClockRuleRow, ClockRuleRow.id == Clock.rule_id)
        .where(
            Clock.id > after,
            Clock.ended_on.is_(None),
            or_(
                and_(Clock.state.in_((State.RUNNING.value, State.OVERDUE.value)), Clock.due_on <= today + AHEAD),
                and_(Clock.state == State.PAUSED.value, Clock.judged_at < begin_of_day(now)),
            ),
        )
        .order_by(Clock.id)
        .limit(AT_ONCE)
    ).all()
    found = {
        (clock.holder_kind, clock.holder_id)
        for clock, unit, reminders in rows
        if _is_old(clock, now) or _has_come(clock, unit, reminders, today, calendar)
    }
    return sorted(found), rows[-1][0].id if len(rows) == AT_ONCE else 0


def watch(session: Session, holder_kind: str, holder_id: int, *, now: datetime) -> int:
    """Judge the clocks of a thing, send the reminders that have come, and return how many steps were told."""
    judge_thing(session, holder_kind, holder_id, now=now)
    standings = standings_of(session, holder_kind, holder_id, now=now)
    clocks = session.scalars(select(Clock).where(Clock.holder_kind == holder_kind, Clock.holder_id == holder_id)).all()
    told = 0
    for clock in clocks:
        step = _step(standings[clock.code])
        if step is None or step == clock.reminded:
            continue
        clock.reminded = step
        if step:
            told += 1
            _remind(session, clock, standings[clock.code], step, now=now)
    session.flush()
    return told


def _is_old(clock: Clock, now: datetime) -> bool:
    """Say whether a day has passed that moves a clock: one that runs and is not due stands where it stood."""
    moves = clock.state != State.RUNNING.value or (clock.due_on is not None and clock.due_on < office_day(now))
    return moves and clock.judged_at < begin_of_day(now)


def _has_come(clock: Clock, unit: str, reminders: str, today: date, calendar: Calendar) -> bool:
    """Say whether a clock that was judged today may have a step to tell; who judges it decides."""
    if clock.state == State.PAUSED.value or clock.due_on is None:
        return False
    if unit == Unit.HOURS.value:
        return clock.reminded != LATE and bool(reminders)
    if clock.due_on < today:
        return clock.reminded != LATE and bool(reminders)
    left = (clock.due_on - today).days
    if unit == Unit.WORKING_DAYS.value:
        left = sum(is_working_day(today + timedelta(days=n), calendar) for n in range(1, left + 1))
    steps = [before for before in map(int, reminders.split()) if before >= left]
    return clock.reminded != (str(min(steps)) if steps else "")


def _step(standing: Standing) -> str | None:
    """Return the last step that has come: "5", "3", "1" or "late"; empty for none yet, None when nobody is reminded."""
    if not standing.rule.reminders or standing.is_over or standing.state not in (State.RUNNING, State.OVERDUE):
        return None
    come = [reminder for reminder in standing.reminders if reminder.at <= standing.asked_at]
    if not come:
        return ""
    last = min(come, key=lambda reminder: -1 if reminder.before is None else reminder.before)
    return LATE if last.before is None else str(last.before)


def _remind(session: Session, clock: Clock, standing: Standing, step: str, *, now: datetime) -> None:
    details: dict[str, str | int] = {
        "clock": standing.rule.title,
        "due_on": standing.due_on.isoformat() if standing.due_on else "—",
    }
    near = step == LATE or int(step) <= MANAGERS_FROM
    if clock.holder_kind == CASE:
        _remind_of_case(session, clock, step, details, near=near, now=now)
    elif clock.holder_kind == DUTY:
        _remind_of_duty(session, clock, step, details, near=near, now=now)


def _remind_of_case(
    session: Session, clock: Clock, step: str, details: Mapping[str, str | int], *, near: bool, now: datetime
) -> None:
    """Tell the handler and who stands in for him; what nobody handles the managers hear of from the first step on."""
    case = session.get(Case, clock.holder_id)
    if case is None:
        return
    kind = "case_overdue" if step == LATE else "case_due"
    handlers = _with_deputies(session, [case.handler_id] if case.handler_id is not None else [], now=now)
    tell_people(session, case, handlers, kind, now=now, details=details)
    if near or not handlers:
        above = set(managers_of(session, case, case.branch_id, now=now)) - set(handlers)
        tell_people(session, case, above, f"{kind}_below", now=now, details=details)


def _remind_of_duty(
    session: Session, clock: Clock, step: str, details: Mapping[str, str | int], *, near: bool, now: datetime
) -> None:
    duty = session.get(ServiceDuty, clock.holder_id)
    if duty is None or duty.state != "open":
        return
    people = set(_with_deputies(session, [duty.owner_id] if duty.owner_id is not None else [], now=now))
    if near or not people:
        people |= set(_managers_at(session, duty.branch_id, now=now))
    kind = "duty_overdue" if step == LATE else "duty_due"
    for account_id in sorted(people):
        notify(session, account_id, kind, now=now, path=f"/duties/{encode_id(duty.id)}", details=details)


def _with_deputies(session: Session, people: Iterable[int], *, now: datetime) -> list[int]:
    """Return who of some people can still sign in, and who stands in for them today."""
    wanted = sorted(people)
    if not wanted:
        return []
    active = session.scalars(select(Account.id).where(Account.id.in_(wanted), Account.state == "active"))
    return sorted({*active, *deputies_of(session, wanted, today=office_day(now))})


def _managers_at(session: Session, branch_id: int, *, now: datetime) -> Sequence[int]:
    held = select(Grant.account_id).join(Account, Account.id == Grant.account_id)
    managers = held.where(
        Grant.role == Role.MANAGER.value,
        Grant.branch_id == branch_id,
        Grant.revoked_at.is_(None),
        Grant.valid_from <= now,
        or_(Grant.valid_to.is_(None), Grant.valid_to > now),
        Account.state == "active",
    )
    return session.scalars(managers.distinct()).all()
