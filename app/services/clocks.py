"""Keeping clocks 时限: opening them under the rule of the day, writing down what happens, judging where they stand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.deadlines import (
    SEED_CALENDAR,
    SEED_RULES,
    Calendar,
    Event,
    EventKind,
    Standing,
    check_sequence,
    in_order,
    judge,
)
from app.domain.errors import Invalid, NotFound
from app.domain.ids import new_id
from app.models.clocks import CalendarDay, Clock, ClockEvent, ClockRuleRow
from app.queries.clocks import calendar_of, events_of, row_values, rule_of, rule_row_on

CASE, CLAIM, DUTY = "case", "claim", "duty"


def seed_clocks(session: Session, *, now: datetime) -> None:
    """Write the seed of rules and calendar, each table where it is empty."""
    if session.scalar(select(ClockRuleRow.id).limit(1)) is None:
        session.add_all(ClockRuleRow(id=new_id(), **row_values(rule)) for rule in SEED_RULES)
    if session.scalar(select(CalendarDay.day).limit(1)) is None:
        session.add_all(
            CalendarDay(day=row.day, is_working=row.is_working, name=row.name, basis=row.basis) for row in SEED_CALENDAR
        )
    session.flush()


def open_clock(
    session: Session, holder_kind: str, holder_id: int, code: str, *, branch_id: int, day: date, now: datetime
) -> int:
    """Give a thing a clock under the rule `code` that is in force on `day`; return its id. Raises `NotFound`."""
    rule = rule_row_on(session, code, day)
    if rule is None:
        raise NotFound(f"no rule {code} on {day}")
    clock = Clock(
        id=new_id(),
        holder_kind=holder_kind,
        holder_id=holder_id,
        rule_id=rule.id,
        code=code,
        branch_id=branch_id,
        judged_at=now,
    )
    session.add(clock)
    session.flush()
    return clock.id


def add_event(
    session: Session, actor: Actor | None, holder_kind: str, holder_id: int, event: Event, *, now: datetime
) -> int:
    """Write down what happened to a thing, judge its clocks anew and return the event's id.

    The caller holds the thing's lock. Raises `Invalid` for a moment in the future, `WrongState` with a code `clock.…`
    for what cannot have happened in its order.
    """
    if event.moment > now:
        raise Invalid.field("moment", "clock.in_future")
    check_sequence(in_order((*events_of(session, holder_kind, holder_id), event)))
    row = ClockEvent(
        id=new_id(),
        holder_kind=holder_kind,
        holder_id=holder_id,
        account_id=actor.account_id if actor else None,
        recorded_at=now,
        **_columns(event),
    )
    session.add(row)
    session.flush()
    refresh(session, holder_kind, holder_id, now=now)
    return row.id


def strike_event(session: Session, actor: Actor, event_id: int, reason: str, *, now: datetime) -> EventKind:
    """Strike out an event that was written down by mistake and return its kind; what is left must make sense.

    The caller holds the thing's lock. Raises `NotFound`, `Invalid`, `WrongState` with a code `clock.…`.
    """
    row = session.get(ClockEvent, event_id)
    if row is None or row.struck_at is not None:
        raise NotFound
    if not reason.strip():
        raise Invalid.field("reason", "clock.strike_without_reason")
    row.struck_at, row.struck_by, row.struck_reason = now, actor.account_id, reason.strip()[:200]
    session.flush()
    check_sequence(events_of(session, row.holder_kind, row.holder_id))
    refresh(session, row.holder_kind, row.holder_id, now=now)
    return EventKind(row.kind)


def correct_event(session: Session, actor: Actor, event_id: int, event: Event, reason: str, *, now: datetime) -> int:
    """Strike out an event and write the right one in its place; what then stands must make sense.

    The caller holds the thing's lock. Raises `NotFound`, `Invalid`, `WrongState` with a code `clock.…`.
    """
    row = session.get(ClockEvent, event_id)
    if row is None or row.struck_at is not None:
        raise NotFound
    row.struck_at, row.struck_by, row.struck_reason = now, actor.account_id, reason.strip()[:200]
    session.flush()
    return add_event(session, actor, row.holder_kind, row.holder_id, event, now=now)


def rewrite_events(
    session: Session,
    actor: Actor | None,
    holder_kind: str,
    holder_id: int,
    strike: Iterable[ClockEvent],
    add: Iterable[Event],
    *,
    reason: str,
    now: datetime,
) -> None:
    """Strike out some events and write down others in one go; only what stands at the end must make sense.

    The caller holds the thing's lock and judges its clocks anew. Raises `WrongState` with a code `clock.…`.
    """
    for row in strike:
        row.struck_at, row.struck_by, row.struck_reason = now, actor.account_id if actor else None, reason
    who = actor.account_id if actor else None
    session.add_all(
        ClockEvent(
            id=new_id(),
            holder_kind=holder_kind,
            holder_id=holder_id,
            account_id=who,
            recorded_at=now,
            **_columns(event),
        )
        for event in add
    )
    session.flush()
    check_sequence(events_of(session, holder_kind, holder_id))


def refresh(session: Session, holder_kind: str, holder_id: int, *, now: datetime) -> dict[str, Standing]:
    """Judge all clocks of a thing and keep where they stand; return it by the code of the rule."""
    rows = session.execute(
        select(Clock, ClockRuleRow)
        .join(ClockRuleRow, ClockRuleRow.id == Clock.rule_id)
        .where(Clock.holder_kind == holder_kind, Clock.holder_id == holder_id)
    ).all()
    if not rows:
        return {}
    events, calendar = events_of(session, holder_kind, holder_id), calendar_of(session)
    standings = {clock.code: _keep(clock, rule, events, calendar, now=now) for clock, rule in rows}
    session.flush()
    return standings


def _keep(clock: Clock, rule: ClockRuleRow, events: Iterable[Event], calendar: Calendar, *, now: datetime) -> Standing:
    standing = judge(rule_of(rule), events, now, calendar)
    clock.state, clock.due_on, clock.ended_on = standing.state.value, standing.due_on, standing.ended_on
    clock.started_on = standing.bar[0].first if standing.bar else None
    clock.days_over, clock.days_taken, clock.judged_at = standing.days_over, standing.days_taken, now
    return standing


def _columns(event: Event) -> dict[str, object]:
    """Return an event as columns; words that are not there are empty."""
    values = asdict(event)
    words = ("ground", "authority", "exception", "channel")
    return {**values, "kind": event.kind.value, **{name: values[name] or "" for name in words}}
