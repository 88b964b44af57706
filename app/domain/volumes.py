"""Volumes 案卷: the steps of their life, how many pages one holds, how pages are counted, what is wrong with one.

open 整理中 → closed 已立卷 → checked 已检查; reopened with a reason. DOMAIN 3.1: about 200 pages, at most 2 cm, years are not
mixed, every page has a number 页号. The order of the items is in `domain.volume_order`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from math import ceil
from typing import Protocol, TypeVar

from app.domain.errors import WrongState
from app.domain.retention import BadPeriod, Period


class VolumeKind(StrEnum):
    """What a volume is made of."""

    CLAIM = "claim"  # 一案一卷
    POLICY = "policy"  # by policy number, of one or several customers
    CUSTOMER = "customer"
    SERIES = "series"


class VolumeState(StrEnum):
    """Where a volume stands."""

    OPEN = "open"  # 整理中
    CLOSED = "closed"  # 已立卷
    CHECKED = "checked"  # 已检查


class VolumeStep(StrEnum):
    """What can be done with a volume as a whole; everything that changes its items is `CHANGE`."""

    CHANGE = "change"
    CLOSE = "close"
    CHECK = "check"
    REOPEN = "reopen"


_S, _D = VolumeState, VolumeStep
STEPS: Mapping[tuple[VolumeState, VolumeStep], VolumeState] = {
    (_S.OPEN, _D.CHANGE): _S.OPEN,
    (_S.OPEN, _D.CLOSE): _S.CLOSED,
    (_S.CLOSED, _D.CHECK): _S.CHECKED,
    (_S.CLOSED, _D.REOPEN): _S.OPEN,
    (_S.CHECKED, _D.REOPEN): _S.OPEN,
}


def state_of(stored: str, checked: bool) -> VolumeState:
    """Return where a volume stands; the table keeps open or closed and the moment of the check."""
    if stored == "open":
        return VolumeState.OPEN
    return VolumeState.CHECKED if checked else VolumeState.CLOSED


def next_state(current: VolumeState, step: VolumeStep) -> VolumeState:
    """Return where `step` leads; raises `WrongState` with `volume.is_<current>` when it is not allowed."""
    following = STEPS.get((current, step))
    if following is None:
        raise WrongState(f"volume.is_{current.value}")
    return following


@dataclass(frozen=True, slots=True)
class Measure:
    """How much a volume may hold, and how thick paper is; `double_sided` counts two pages a sheet."""

    most_pages: int = 200
    most_mm: int = 20
    mm_per_100_sheets: int = 10
    double_sided: bool = False

    def thickness(self, pages: int) -> int:
        """Return how thick so many pages are, in whole millimetres, rounded up."""
        sheets = ceil(pages / 2) if self.double_sided else pages
        return ceil(sheets * self.mm_per_100_sheets / 100)

    def holds(self, pages: int) -> bool:
        """Say whether one volume takes so many pages."""
        return pages <= self.most_pages and self.thickness(pages) <= self.most_mm


# Settings of the house, by their names in its table.
MOST_PAGES, MOST_MM, SHEETS_MM, DOUBLE_SIDED = (
    "volume_most_pages",
    "volume_most_mm",
    "volume_mm_per_100_sheets",
    "volume_double_sided",
)
MEASURE_DEFAULTS: Mapping[str, str] = {MOST_PAGES: "200", MOST_MM: "20", SHEETS_MM: "10", DOUBLE_SIDED: "0"}
_PRACTICE = "业务档案立卷规定：每卷约 200 页，厚度不超过 2 厘米"
_PAPER = "本单位量得：每百张纸约 10 毫米"
MEASURE_BASES: Mapping[str, str] = {
    MOST_PAGES: _PRACTICE,
    MOST_MM: _PRACTICE,
    SHEETS_MM: _PAPER,
    DOUBLE_SIDED: "本单位立卷规定",
}
MEASURE_RANGES: Mapping[str, range] = {
    MOST_PAGES: range(20, 1001),
    MOST_MM: range(5, 61),
    SHEETS_MM: range(5, 31),
    DOUBLE_SIDED: range(2),
}


def measure_from(values: Mapping[str, str]) -> Measure:
    """Return the measure that the settings in force give; what is not set is as shipped."""
    number = {name: int(values.get(name, shipped)) for name, shipped in MEASURE_DEFAULTS.items()}
    return Measure(number[MOST_PAGES], number[MOST_MM], number[SHEETS_MM], bool(number[DOUBLE_SIDED]))


class Counted(Protocol):
    """What has pages."""

    @property
    def page_count(self) -> int:
        """How many."""


Item = TypeVar("Item", bound=Counted)


def split(items: Sequence[Item], measure: Measure) -> list[list[Item]]:
    """Return the items as volumes in their order, each as full as it may be; an item is never split.

    An item that is too thick for any volume has one of its own.
    """
    parts: list[list[Item]] = []
    pages = 0
    for item in items:
        if not parts or not measure.holds(pages + _weight(item)):
            parts.append([])
            pages = 0
        parts[-1].append(item)
        pages += _weight(item)
    return parts


def _weight(item: Counted) -> int:
    """Return the pages of an item; one whose pages nobody counted is a page at least."""
    return max(1, item.page_count)


def gather(bundles: Sequence[Sequence[Item]], measure: Measure) -> list[list[Item]]:
    """Return bundles (the papers of one policy each) as volumes; only a bundle that fits into none is split."""
    parts: list[list[Item]] = []
    room = False
    for bundle in bundles:
        wanted = sum(map(_weight, bundle))
        if not measure.holds(wanted):
            parts += split(bundle, measure)
            room = False
        elif room and measure.holds(sum(map(_weight, parts[-1])) + wanted):
            parts[-1].extend(bundle)
        else:
            parts.append(list(bundle))
            room = True
    return parts


def number_pages(counts: Sequence[int]) -> list[tuple[int, int] | None]:
    """Return first and last page 页号 of each item, counted from 1 through the volume; None for one without pages."""
    numbered: list[tuple[int, int] | None] = []
    last = 0
    for count in counts:
        numbered.append((last + 1, last + count) if count > 0 else None)
        last += max(count, 0)
    return numbered


def moved(ids: Sequence[int], moving: int, position: int) -> list[int]:
    """Return the order after `moving` was put at `position` (from 1); further than the end is the end."""
    rest = [item for item in ids if item != moving]
    at = min(max(position - 1, 0), len(rest))
    return [*rest[:at], moving, *rest[at:]]


def longest_period(codes: Sequence[str]) -> str:
    """Return the longest of the retention periods 从长; a code that is none counts least."""
    return max(codes, key=_years)


def _years(code: str) -> float:
    try:
        years = Period.parse(code).years
    except BadPeriod:
        return 0
    return float("inf") if years is None else years


@dataclass(frozen=True, slots=True)
class Bound:
    """An item of a volume as the check of the volume sees it; `year` is that of its formation."""

    page_count: int
    first_page: int | None
    last_page: int | None
    position: int | None
    year: int | None
    state: str


class Fault(StrEnum):
    """What may be wrong with a volume."""

    EMPTY = "empty"
    NOT_FILED = "not_filed"
    PAGES_MISSING = "pages_missing"
    GAP = "gap"
    TOO_MANY_PAGES = "too_many_pages"
    TOO_THICK = "too_thick"
    MIXED_YEARS = "mixed_years"


# With one of these a volume is not closed; the others a person may answer for.
STOPPING = frozenset({Fault.EMPTY, Fault.NOT_FILED, Fault.PAGES_MISSING})


@dataclass(frozen=True, slots=True)
class Found:
    """A fault with how much of it: items, pages, millimetres, or the years."""

    fault: Fault
    much: str


def find_faults(items: Sequence[Bound], measure: Measure, *, kind: str) -> list[Found]:
    """Return what is wrong with a volume whose items are given in their order, the worst first.

    The papers of a claim belong together whatever their years: its volume is of the year of closing.
    """
    return list(_faults(items, measure, kind))


def _faults(items: Sequence[Bound], measure: Measure, kind: str) -> Iterator[Found]:
    if not items:
        yield Found(Fault.EMPTY, "")
        return
    not_filed = sum(item.state not in ("filed", "held") for item in items)
    blank = sum(item.page_count <= 0 for item in items)
    pages = sum(max(item.page_count, 0) for item in items)
    years = sorted({item.year for item in items if item.year})
    if not_filed:
        yield Found(Fault.NOT_FILED, str(not_filed))
    if blank:
        yield Found(Fault.PAGES_MISSING, str(blank))
    if _has_gap(items):
        yield Found(Fault.GAP, "")
    if pages > measure.most_pages:
        yield Found(Fault.TOO_MANY_PAGES, str(pages))
    if measure.thickness(pages) > measure.most_mm:
        yield Found(Fault.TOO_THICK, str(measure.thickness(pages)))
    if len(years) > 1 and kind != VolumeKind.CLAIM:
        yield Found(Fault.MIXED_YEARS, "、".join(map(str, years)))


def _has_gap(items: Sequence[Bound]) -> bool:
    wanted = number_pages([item.page_count for item in items])
    there = [(item.first_page, item.last_page) if item.first_page is not None else None for item in items]
    return there != wanted or [item.position for item in items] != list(range(1, len(items) + 1))


def first_and_last(days: Sequence[date | None]) -> tuple[date | None, date | None]:
    """Return the first and the last day of a volume's papers 起止日期; None where no paper has a date."""
    known = [day for day in days if day]
    return (min(known), max(known)) if known else (None, None)


@dataclass(frozen=True, slots=True)
class Condition:
    """What 备考表 says of a volume before anybody wrote a word: items by their place in it."""

    items: int
    pages: int
    copies: Sequence[int] = ()  # 复制件
    damaged: Sequence[int] = ()
    owed: Sequence[str] = ()  # 欠件


def condition_note(condition: Condition) -> str:
    """Return 本卷情况说明 as it is proposed; printed, so it stays Chinese."""
    parts = [f"本卷共 {condition.items} 件，{condition.pages} 页。"]
    if condition.copies:
        parts.append(f"第 {_listed(condition.copies)} 件为复制件，未归原件。")
    if condition.damaged:
        parts.append(f"第 {_listed(condition.damaged)} 件有破损，已送修。")
    if condition.owed:
        parts.append(f"欠：{'、'.join(condition.owed)}，补到后另行补入。")
    if len(parts) == 1:
        parts.append("文件齐全完整，无缺损。")
    return "".join(parts)[:500]


def _listed(places: Sequence[int]) -> str:
    return "、".join(map(str, places))


_PARTS = "一二三四五六七八九"


def part_word(part: int) -> str:
    """Return 卷一, 卷二 … for the volumes of one thing."""
    if part < 10:
        return f"卷{_PARTS[part - 1]}"
    tens, ones = divmod(part, 10)
    if tens > 9:
        return f"卷{part}"
    return f"卷{'' if tens == 1 else _PARTS[tens - 1]}十{_PARTS[ones - 1] if ones else ''}"


def claim_title(name: str, matter: str, number: str, part: int = 0) -> str:
    """Return the title of a claim's volume, DOMAIN 3.1: 责任者 + 事由 + 文种; `name` comes masked, part 0 is the only one."""
    return f"{name}{matter}案卷（赔案号{number}）{f'（{part_word(part)}）' if part else ''}"[:200]


def policy_title(name: str, product: str, numbers: Sequence[str], *, papers: str, part: int = 0) -> str:
    """Return the title of a volume of policies: one policy by customer and product, several by their numbers."""
    if len(numbers) == 1:
        whole = f"{name}{product}{papers}（保单号{numbers[0]}）"
    else:
        whole = f"{papers}（保单号{numbers[0]}至{numbers[-1]}，{len(numbers)} 份）"
    return f"{whole}{f'（{part_word(part)}）' if part else ''}"[:200]
