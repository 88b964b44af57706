"""What the scanning record of a batch 扫描批次登记 says: who scanned, with what, how, and what was handed over; DA/T 31-2017, 5.3."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from app.domain.errors import Invalid

COLOURS = ("colour", "grey", "bilevel")
_DPI = range(72, 2401)
_MOST = 100_000


@dataclass(frozen=True, slots=True)
class Scanning:
    """How a batch was scanned; `declared_*` is what the hand-over list says."""

    title: str = ""
    scanned_by: str = ""
    device: str = ""
    scanned_on: date | None = None
    dpi: int | None = None
    colour: str = ""
    declared_items: int | None = None
    declared_pages: int | None = None
    remark: str = ""


def check_scanning(typed: Scanning, today: date) -> Scanning:
    """Return the record with texts trimmed to their columns; raises `Invalid` naming each field."""
    problems: dict[str, list[str]] = {}
    if typed.scanned_on is not None and typed.scanned_on > today:
        problems["scanned_on"] = ["batch.scanned_later"]
    if typed.dpi is not None and typed.dpi not in _DPI:
        problems["dpi"] = ["batch.dpi"]
    if typed.colour and typed.colour not in COLOURS:
        problems["colour"] = ["batch.colour"]
    for name in ("declared_items", "declared_pages"):
        declared = getattr(typed, name)
        if declared is not None and not 0 < declared <= _MOST:
            problems[name] = ["batch.declared"]
    if problems:
        raise Invalid(problems)
    return replace(
        typed,
        title=typed.title.strip()[:120],
        scanned_by=typed.scanned_by.strip()[:60],
        device=typed.device.strip()[:60],
        remark=typed.remark.strip()[:500],
    )
