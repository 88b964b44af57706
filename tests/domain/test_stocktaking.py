"""What the books and a scan come to."""

from __future__ import annotations

import pytest

from app.domain.errors import WrongState
from app.domain.stocktaking import Books, Result, Seen, StocktakeState, judge, require_step

SHELF = Books("shelf", 1, "/1/5/", 12)


@pytest.mark.parametrize(
    ("books", "seen", "result"),
    [
        (SHELF, Seen(1), Result.FOUND),
        (SHELF, Seen(1, "/1/5/"), Result.FOUND),
        (SHELF, Seen(1, "/1/"), Result.FOUND),
        (SHELF, Seen(None, "/1/5/"), Result.FOUND),
        (SHELF, Seen(1, "/1/6/"), Result.MISPLACED),
        (SHELF, Seen(2), Result.MISPLACED),
        (SHELF, Seen(2, damaged=True), Result.MISPLACED),
        (SHELF, Seen(1, pages=12), Result.FOUND),
        (SHELF, Seen(1, pages=13), Result.FOUND),
        (SHELF, Seen(1, pages=11), Result.DAMAGED),
        (SHELF, Seen(1, damaged=True), Result.DAMAGED),
        (Books("shelf"), Seen(1), Result.MISPLACED),
        (Books("missing", 1), Seen(1), Result.FOUND),
        (SHELF, None, Result.MISSING),
        (Books("missing", 1), None, Result.MISSING),
        *((Books(out, 1), None, Result.AWAY) for out in ("loan", "repair", "transfer")),
        *((Books(out, 1), Seen(2), Result.ON_LOAN_PRESENT) for out in ("loan", "repair", "transfer")),
        (None, Seen(1), Result.NOT_IN_BOOKS),
    ],
)
def test_a_line_is_judged_from_books_and_scan(books: Books | None, seen: Seen | None, result: Result) -> None:
    assert judge(books, seen) is result


def test_a_closed_stock_taking_stays_closed() -> None:
    require_step("counting", StocktakeState.REVIEW)
    for state in ("closed", "cancelled"):
        with pytest.raises(WrongState):
            require_step(state, StocktakeState.COUNTING)
    with pytest.raises(WrongState):
        require_step("counting", StocktakeState.CLOSED)
