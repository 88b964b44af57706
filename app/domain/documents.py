"""What makes an item 件 of the archive: its description 著录, the steps of its life, the number it is filed under.

received 待编目 → catalogued 已著录 → filed 已归档; a filed item may be held 冻结 and, after appraisal, destroyed 已销毁.
A number is given at filing and never changes; what is described can be changed until then.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from app.domain.errors import Invalid, WrongState
from app.domain.normal import clean_note, clean_text
from app.domain.retention import BadPeriod, Period
from app.domain.titles import TitleWarning, check_title

LONGEST_FILE_NAME = 200


class DocumentState(StrEnum):
    """Where an item stands."""

    RECEIVED = "received"
    CATALOGUED = "catalogued"
    FILED = "filed"
    HELD = "held"
    DESTROYED = "destroyed"


NEXT: Mapping[DocumentState, frozenset[DocumentState]] = {
    DocumentState.RECEIVED: frozenset({DocumentState.CATALOGUED}),
    DocumentState.CATALOGUED: frozenset({DocumentState.RECEIVED, DocumentState.FILED}),
    DocumentState.FILED: frozenset({DocumentState.HELD, DocumentState.DESTROYED}),
    DocumentState.HELD: frozenset({DocumentState.FILED}),
    DocumentState.DESTROYED: frozenset(),
}


@dataclass(frozen=True, slots=True)
class Description:
    """The descriptive elements 著录项 of an item, after DA/T 18-2022."""

    category_id: int
    title: str
    author: str = ""
    document_number: str = ""
    formed_on: date | None = None
    keywords: str = ""
    level: int = 2
    period: str = "D10"
    carrier: str = "dual"
    is_original: bool = True
    page_count: int = 0
    policy_id: int | None = None
    claim_id: int | None = None
    paper_type_id: int | None = None
    remark: str = ""


def require_step(current: str, target: DocumentState) -> None:
    """Raise `WrongState` unless an item may go from `current` to `target`."""
    if target not in NEXT[DocumentState(current)]:
        raise WrongState(f"document.{current}_to_{target.value}")


def check_description(typed: Description, today: date, *, complete: bool = False) -> Description:
    """Return the description normalised; raises `Invalid`.

    `complete` asks for everything that must be there before an item is catalogued: 必著 of DA/T 18-2022.
    """
    checked = replace(
        typed,
        title=clean_text(typed.title),
        author=clean_text(typed.author),
        document_number=clean_text(typed.document_number),
        keywords=" ".join(clean_text(typed.keywords).replace("，", " ").replace("、", " ").replace(",", " ").split()),
        remark=clean_note(typed.remark),
    )
    problems = _problems(checked, today)
    if complete:
        for name in missing_elements(checked):
            problems.setdefault(name, []).append(f"document.{name}_missing")
    if problems:
        raise Invalid(problems)
    return checked


def missing_elements(description: Description) -> list[str]:
    """Return the mandatory elements that are still empty."""
    mandatory = {
        "title": description.title,
        "author": description.author,
        "formed_on": description.formed_on,
        "page_count": description.page_count,
    }
    return [name for name, value in mandatory.items() if not value]


def _problems(checked: Description, today: date) -> dict[str, list[str]]:
    problems: dict[str, list[str]] = {}
    if not checked.title:
        problems["title"] = ["document.title_missing"]
    elif TitleWarning.TOO_LONG in check_title(checked.title):
        problems["title"] = [TitleWarning.TOO_LONG.value]
    if checked.formed_on is not None and checked.formed_on > today:
        problems["formed_on"] = ["document.formed_in_future"]
    if not 0 <= checked.page_count <= 10_000:
        problems["page_count"] = ["document.page_count"]
    try:
        Period.parse(checked.period)
    except BadPeriod:
        problems["period"] = ["document.period"]
    return problems


def kept_file_name(name: str) -> str:
    """Return a file's name as it is kept: no path, no control characters, at most 200 characters with its ending."""
    bare = name.replace("\\", "/").rpartition("/")[2]
    clean = "".join(character for character in bare if character.isprintable()).strip() or "未命名"
    if len(clean) <= LONGEST_FILE_NAME:
        return clean
    stem, dot, ending = clean.rpartition(".")
    return (
        f"{stem[: LONGEST_FILE_NAME - len(ending) - 1]}{dot}{ending}"
        if dot and len(ending) < 10
        else clean[:LONGEST_FILE_NAME]
    )


def title_from_file_name(name: str) -> str:
    """Return what a file's name suggests as a title: without its ending and the numbers that scanners add."""
    stem = kept_file_name(name).rpartition(".")[0] or kept_file_name(name)
    return stem.strip(" _-")[:120]
