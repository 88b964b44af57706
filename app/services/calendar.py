"""Keeping the calendar of working days: a file is looked at first, then taken in whole or not at all.

A file says its years whole: a day of one of them that it does not name is as the week has it again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.deadlines import BadCalendar, CalendarRow, read_calendar
from app.domain.deadlines.calendar_file import CalendarProblem
from app.domain.errors import Invalid
from app.models.clocks import CalendarDay
from app.services import trail
from app.services.clock_rules import require_may_change
from app.services.jobs import enqueue

EVENT = "calendar_changed"
MOST_BYTES = 200 * 1024


@dataclass(frozen=True, slots=True)
class Change:
    """A day that would be different: what stands there now and what the file says; None is: as the week has it."""

    day: date
    before: CalendarRow | None
    after: CalendarRow | None

    @property
    def kind(self) -> str:
        """added | changed | removed."""
        return "added" if self.before is None else "removed" if self.after is None else "changed"


@dataclass(frozen=True, slots=True)
class Preview:
    """What taking a file in would do; with problems it cannot be taken."""

    digest: str
    years: tuple[int, ...] = ()
    changes: tuple[Change, ...] = ()
    same: int = 0
    problems: tuple[CalendarProblem, ...] = ()

    @property
    def may_be_taken(self) -> bool:
        """Whether every line was understood and something would change."""
        return not self.problems and bool(self.changes)


def text_of_file(data: bytes) -> str:
    """Return the text of a file; raises `Invalid` for what is none, is too large or is in another encoding."""
    if not data:
        raise Invalid.field("file", "calendar.file_missing")
    if len(data) > MOST_BYTES:
        raise Invalid.field("file", "calendar.too_large")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Invalid.field("file", "calendar.encoding")


def preview_calendar(session: Session, actor: Actor, text: str) -> Preview:
    """Return line by line what taking the file in would change, and every line that is wrong; nothing is written.

    Raises `NotAllowed`.
    """
    require_may_change(session, actor)
    try:
        rows = read_calendar(text)
    except BadCalendar as bad:
        return Preview("", problems=bad.problems)
    return _compare(session, rows)


def take_calendar(session: Session, actor: Actor, text: str, digest: str, *, now: datetime) -> Preview:
    """Write what the file says and have the clocks judged anew; return what was done.

    `digest` is that of the preview that was confirmed. Raises `NotAllowed`, and `Invalid` for a file with a wrong line, for
    nothing to change, and when the calendar or the file is no longer what was looked at.
    """
    preview = preview_calendar(session, actor, text)
    if preview.problems:
        raise Invalid.field("file", preview.problems[0].code)
    if not preview.changes:
        raise Invalid.field("file", "calendar.nothing")
    if preview.digest != digest:
        raise Invalid.field("file", "calendar.changed")
    session.execute(delete(CalendarDay).where(CalendarDay.day.in_([change.day for change in preview.changes])))
    session.add_all(
        CalendarDay(day=row.day, is_working=row.is_working, name=row.name, basis=row.basis)
        for row in (change.after for change in preview.changes)
        if row is not None
    )
    session.flush()
    counts = {kind: sum(change.kind == kind for change in preview.changes) for kind in ("added", "changed", "removed")}
    label = " ".join(str(year) for year in preview.years)
    after = {name: str(count) for name, count in counts.items()}
    trail.record(session, actor, EVENT, trail.Subject("calendar", label=label), now=now, after=after)
    enqueue(session, "judge_clocks", {"all": True}, now=now, actor=actor)
    return preview


def _compare(session: Session, rows: Sequence[CalendarRow]) -> Preview:
    years = sorted({row.day.year for row in rows})
    said = {row.day: row for row in rows}
    there = {
        row.day: CalendarRow(row.day, row.is_working, row.name, row.basis)
        for row in session.scalars(select(CalendarDay))
        if row.day.year in years
    }
    days = sorted({*said, *there})
    changes = [Change(day, there.get(day), said.get(day)) for day in days if there.get(day) != said.get(day)]
    digest = hashlib.sha256(repr(changes).encode()).hexdigest()
    return Preview(digest, tuple(years), tuple(changes), len(days) - len(changes))
