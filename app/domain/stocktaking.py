"""Stock-taking 盘点: what a line of the books and what was seen there come to.

counting 清点中 → review 待复核 → closed 已结束. The books are frozen at the start; what stands there is scanned against them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.domain.errors import WrongState
from app.domain.whereabouts import Whereabouts


class Result(StrEnum):
    """What became of a line."""

    OPEN = "open"  # not looked at yet
    FOUND = "found"  # 相符
    MISSING = "missing"  # 缺失
    MISPLACED = "misplaced"  # 错位
    ON_LOAN_PRESENT = "on_loan_present"  # booked out, and yet it stands there
    AWAY = "away"  # booked out and not there: as it should be
    NOT_IN_BOOKS = "not_in_books"  # 账外
    DAMAGED = "damaged"  # 破损, also with fewer pages than the books have


class Correction(StrEnum):
    """How far a correction of the books is."""

    NONE = "none"
    PROPOSED = "proposed"
    APPROVED = "approved"
    REFUSED = "refused"


class StocktakeState(StrEnum):
    """Where a stock-taking stands."""

    COUNTING = "counting"
    REVIEW = "review"
    CLOSED = "closed"
    CANCELLED = "cancelled"


REASONS = ("plan", "acceptance", "keeper", "use", "incident")
OUT = frozenset({Whereabouts.LOAN.value, Whereabouts.REPAIR.value, Whereabouts.TRANSFER.value})
OPEN_STATES = frozenset({StocktakeState.COUNTING.value, StocktakeState.REVIEW.value})


@dataclass(frozen=True, slots=True)
class Books:
    """What the books say of an item; `place_path` is the path of the place on which its box stands, '' without one."""

    whereabouts: str
    box_id: int | None = None
    place_path: str = ""
    pages: int | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """Where an item was seen: in a box, or on a place without one; `place_path` is '' where no shelf was scanned."""

    box_id: int | None = None
    place_path: str = ""
    pages: int | None = None
    damaged: bool = False


def judge(books: Books | None, seen: Seen | None) -> Result:
    """Return the result of a line: `books` None for what no book knows, `seen` None for what was not there."""
    if books is None:
        return Result.NOT_IN_BOOKS
    if seen is None:
        return Result.AWAY if books.whereabouts in OUT else Result.MISSING
    if books.whereabouts in OUT:
        return Result.ON_LOAN_PRESENT
    if not _stands_right(books, seen):
        return Result.MISPLACED
    short = seen.pages is not None and books.pages is not None and seen.pages < books.pages
    return Result.DAMAGED if seen.damaged or short else Result.FOUND


def _stands_right(books: Books, seen: Seen) -> bool:
    if seen.box_id is not None and seen.box_id != books.box_id:
        return False
    if not seen.place_path:
        return seen.box_id is not None
    return bool(books.place_path) and books.place_path.startswith(seen.place_path)


STEPS: Mapping[StocktakeState, frozenset[StocktakeState]] = {
    StocktakeState.COUNTING: frozenset({StocktakeState.REVIEW, StocktakeState.CANCELLED}),
    StocktakeState.REVIEW: frozenset({StocktakeState.COUNTING, StocktakeState.CLOSED, StocktakeState.CANCELLED}),
    StocktakeState.CLOSED: frozenset(),
    StocktakeState.CANCELLED: frozenset(),
}


def require_step(current: str, target: StocktakeState) -> None:
    """Raise `WrongState` with `stocktake.is_<current>` unless a stock-taking may go on to `target`."""
    if target not in STEPS[StocktakeState(current)]:
        raise WrongState(f"stocktake.is_{current}")
