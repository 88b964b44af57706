"""How values read on screens: dates as numbers, times in the office's zone, money with its separators."""

from __future__ import annotations

from datetime import date, datetime

from flask import Flask

from app.domain.ids import encode_id
from app.web.clock import CHINA
from app.web.ready_words import spoken

KIB = 1024


def init_app(app: Flask) -> None:
    """Register the filters."""
    app.jinja_env.filters.update(
        public_id=encode_id,
        day=day,
        moment=moment,
        money=money,
        filesize=filesize,
        thousands=thousands,
        spoken=spoken,
    )


def day(value: date | None) -> str:
    """Return 2026-11-22, or a dash."""
    return value.isoformat() if value else "—"


def moment(value: datetime | None) -> str:
    """Return 2026-11-22 09:12 in the office's zone, or a dash."""
    return value.astimezone(CHINA).strftime("%Y-%m-%d %H:%M") if value else "—"


def money(cents: int | None) -> str:
    """Return 12,345.60 for cents, or a dash."""
    if cents is None:
        return "—"
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100:,}.{abs(cents) % 100:02d}"


def thousands(number: int) -> str:
    """Return 12,345."""
    return f"{number:,}"


def filesize(size: int) -> str:
    """Return a size in the unit that reads best: 312 KB, 4.2 MB."""
    if size < KIB * KIB:
        return f"{max(1, round(size / KIB))} KB"
    return f"{size / KIB / KIB:.1f} MB"
