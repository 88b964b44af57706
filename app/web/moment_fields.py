"""A field for a moment of the law: typed as time of the office, read as an aware moment."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateTimeLocalField

from app.web.clock import CHINA, now

FORMATS = ("%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M")
EARLIEST, LATEST = 1949, 2100
BAD = _l("请填写日期和时间，如 2026-11-22 09:30。")


def this_minute() -> datetime:
    """Return the present moment without its seconds, so that it never lies ahead of the clock."""
    return now().replace(second=0, microsecond=0)


class MomentField(DateTimeLocalField):
    """A moment 时间 as the office's clock shows it; `data` is aware, in UTC."""

    def __init__(self, label: Any = None, validators: Any = None, **kwargs: Any) -> None:
        super().__init__(label, validators, format=list(FORMATS), **kwargs)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return self.data.astimezone(CHINA).strftime(FORMATS[0]) if self.data else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed; an empty field is None."""
        self.data = None
        text = (valuelist[0] if valuelist else "").strip()
        if not text:
            return
        typed = _read(text)
        if typed is None:
            raise ValueError(str(BAD))
        self.data = typed.astimezone(UTC)


def _read(text: str) -> datetime | None:
    for form in FORMATS:
        try:
            typed = datetime.strptime(f"{text}+0800", f"{form}%z")
        except ValueError:
            continue
        return typed if EARLIEST <= typed.year <= LATEST else None
    return None
