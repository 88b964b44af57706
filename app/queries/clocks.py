"""Clocks as they stand in the database, spoken to the engine of `app.domain.deadlines`."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.deadlines import (
    Article,
    Authority,
    Calendar,
    Channel,
    ClockRule,
    DeclineGround,
    Event,
    EventKind,
    Ground,
    Reason,
    RuleKind,
    Standing,
    Term,
    Unit,
    in_order,
    judge,
)
from app.models.clocks import CalendarDay, Clock, ClockEvent, ClockRuleRow


def calendar_of(session: Session) -> Calendar:
    """Return the days that are not what their weekday says: holidays False, worked weekends True."""
    return {day: is_working for day, is_working in session.execute(select(CalendarDay.day, CalendarDay.is_working))}


def rule_row_on(session: Session, code: str, day: date) -> ClockRuleRow | None:
    """Return the rule `code` in force on a day, the youngest of several."""
    in_force = select(ClockRuleRow).where(
        ClockRuleRow.code == code,
        ClockRuleRow.effective_from <= day,
        (ClockRuleRow.effective_to.is_(None)) | (ClockRuleRow.effective_to >= day),
    )
    return session.scalar(in_force.order_by(ClockRuleRow.effective_from.desc()).limit(1))


def rule_of(row: ClockRuleRow) -> ClockRule:
    """Return a row as the engine wants it."""
    return ClockRule(
        code=row.code,
        kind=RuleKind(row.kind),
        title=row.title,
        term=Term(row.length, Unit(row.unit), _grounds(row.pauses)),
        basis=row.basis,
        effective_from=row.effective_from,
        starts_by=frozenset(EventKind(kind) for kind in row.starts_by.split()),
        ends_by=frozenset(EventKind(kind) for kind in row.ends_by.split()),
        from_text=row.from_text,
        until_text=row.until_text,
        complex_term=_complex_term(row),
        extension=row.extension,
        extension_times=row.extension_times,
        once=_grounds(row.once),
        restarts=row.restarts,
        first_day_counted=row.first_day_counted,
        reminders=tuple(int(days) for days in row.reminders.split()),
        scope=row.scope,
        articles=tuple(
            Article(Reason(reason), text, Ground(ground) if ground else None) for reason, text, ground in row.articles
        ),
        effective_to=row.effective_to,
    )


def row_values(rule: ClockRule) -> dict[str, Any]:
    """Return a rule of the engine as the columns of its row."""
    longer = rule.complex_term
    return {
        **{name: getattr(rule, name) for name in ("code", "title", "basis", "effective_from", "effective_to", "scope")},
        **{name: getattr(rule, name) for name in ("from_text", "until_text", "extension", "extension_times")},
        **{name: getattr(rule, name) for name in ("restarts", "first_day_counted")},
        "kind": rule.kind.value,
        "length": rule.term.length,
        "unit": rule.term.unit.value,
        "pauses": _words(rule.term.pauses),
        "complex_length": longer.length if longer else None,
        "complex_unit": longer.unit.value if longer else "",
        "complex_pauses": _words(longer.pauses) if longer else "",
        "once": _words(rule.once),
        "reminders": " ".join(str(days) for days in rule.reminders),
        "starts_by": _words(rule.starts_by),
        "ends_by": _words(rule.ends_by),
        "articles": [
            [item.reason.value, item.text, item.ground.value if item.ground else None] for item in rule.articles
        ],
    }


def events_of(session: Session, holder_kind: str, holder_id: int) -> tuple[Event, ...]:
    """Return what happened to a thing, in order, without what was struck out."""
    rows = session.scalars(
        select(ClockEvent).where(
            ClockEvent.holder_kind == holder_kind, ClockEvent.holder_id == holder_id, ClockEvent.struck_at.is_(None)
        )
    )
    return in_order(event_of(row) for row in rows)


def event_of(row: ClockEvent) -> Event:
    """Return a row as the engine wants it."""
    return Event(
        EventKind(row.kind),
        row.moment,
        ground=Ground(row.ground) if row.ground else None,
        about=row.about,
        by=row.by,
        reason=row.reason,
        proof=row.proof,
        notice=row.notice,
        authority=Authority(row.authority) if row.authority else None,
        exception=DeclineGround(row.exception) if row.exception else None,
        channel=Channel(row.channel) if row.channel else None,
        other_received=row.other_received,
        agreed_on=row.agreed_on,
    )


def standings_of(session: Session, holder_kind: str, holder_id: int, *, now: datetime) -> dict[str, Standing]:
    """Return where each clock of a thing stands at `now`, by the code of its rule."""
    rows = session.execute(
        select(Clock.code, ClockRuleRow)
        .join(ClockRuleRow, ClockRuleRow.id == Clock.rule_id)
        .where(Clock.holder_kind == holder_kind, Clock.holder_id == holder_id)
        .order_by(Clock.id)
    ).all()
    if not rows:
        return {}
    events, calendar = events_of(session, holder_kind, holder_id), calendar_of(session)
    return {code: judge(rule_of(rule), events, now, calendar) for code, rule in rows}


def _complex_term(row: ClockRuleRow) -> Term | None:
    if row.complex_length is None:
        return None
    return Term(row.complex_length, Unit(row.complex_unit), _grounds(row.complex_pauses))


def _grounds(words: str) -> frozenset[Ground]:
    return frozenset(Ground(word) for word in words.split())


def _words(values: frozenset[Any]) -> str:
    return " ".join(sorted(value.value for value in values))
