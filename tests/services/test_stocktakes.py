"""Stock-taking: frozen books, scans against them, what is missing, corrections that another person decides."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from app.domain.errors import Invalid, NotAllowed, NotFound, WrongState
from app.domain.ids import new_id
from app.domain.scan_codes import label_code
from app.models.accounts import Account
from app.models.documents import Document
from app.models.evidence import Notice
from app.models.machinery import TrailEntry
from app.models.rounds import Stocktake, StocktakeLine
from app.models.storage import Box, Movement, Place
from app.queries.stocktakes import list_lines, list_stocktakes, read_stocktake, stocktake_rows
from app.services.stocktake_corrections import decide_corrections, propose_corrections
from app.services.stocktake_scans import Outcome, Spot, confirm_box, scan, undo_scan
from app.services.stocktakes import cancel_stocktake, close_stocktake, count_on, end_counting, open_stocktake
from tests.cast import EAST, NOW, WEST, actor
from tests.records import counted, make_customer, make_document


def place(
    session: Session, code: str, parent: Place | None = None, *, kind: str = "shelf", branch: int = EAST
) -> Place:
    """A place of the storeroom."""
    place_id = new_id()
    row = Place(
        id=place_id,
        branch_id=branch,
        parent_id=parent.id if parent else None,
        kind=kind,
        code=code,
        full_code=f"{parent.full_code}-{code}" if parent else code,
        path=f"{parent.path}{place_id}/" if parent else f"/{place_id}/",
    )
    session.add(row)
    session.flush()
    return row


def box(session: Session, number: str, on: Place) -> Box:
    """A box on a shelf."""
    row = Box(id=new_id(), branch_id=on.branch_id, number=number, place_id=on.id, fonds_code="J019", created_at=NOW)
    session.add(row)
    session.flush()
    return row


def paper(session: Session, inside: Box | None, customer_id: int, **fields: Any) -> Document:
    """A filed paper in a box."""
    row = session.get_one(Document, make_document(session, customer_id))
    row.state, row.archive_number = "filed", f"J019-KH-2026-D10-{row.id % 1_000_000:06d}"
    row.box_id, row.page_count = inside.id if inside else None, 12
    for name, value in fields.items():
        setattr(row, name, value)
    session.flush()
    return row


class Room:
    """A room with two shelves, a box on each, three papers in the first and one in the second."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.customer = make_customer(session)
        self.room = place(session, "K1", kind="room")
        self.shelf, self.other = place(session, "01", self.room), place(session, "02", self.room)
        self.box, self.box2 = box(session, "HE-1", self.shelf), box(session, "HE-2", self.other)
        self.a, self.b, self.c = (paper(session, self.box, self.customer) for _ in range(3))
        self.d = paper(session, self.box2, self.customer)

    def open(self, where: Place | None = None, who: str = "archivist") -> int:
        """Start a stock-taking."""
        return open_stocktake(self.session, actor(self.session, who), (where or self.room).id, "plan", now=NOW)

    def scan(self, stocktake_id: int, text: str, spot: Spot, *, second: int = 0, **more: Any) -> Outcome:
        """Scan as the archivist."""
        at = NOW + timedelta(seconds=second)
        return scan(self.session, actor(self.session, "archivist"), stocktake_id, text, spot, now=at, **more)

    def line(self, stocktake_id: int, document: Document) -> StocktakeLine:
        """The line of an item."""
        self.session.expire_all()
        return self.session.scalars(
            select(StocktakeLine).where(
                StocktakeLine.stocktake_id == stocktake_id, StocktakeLine.document_id == document.id
            )
        ).one()


def test_the_books_are_frozen_at_the_start(session: Session) -> None:
    room = Room(session)
    paper(session, None, room.customer)
    paper(session, room.box, room.customer, whereabouts="none")

    stocktake_id = room.open()

    stocktake = session.get_one(Stocktake, stocktake_id)
    line = room.line(stocktake_id, room.a)
    assert (stocktake.number, stocktake.expected) == ("PD2026-0001", 4)
    assert (line.book_place, line.book_pages, line.book_whereabouts) == ("K1-01 · HE-1", 12, "shelf")
    assert room.line(stocktake_id, room.d).book_box_id == room.box2.id


def test_twenty_thousand_items_are_frozen_by_a_handful_of_statements(session: Session) -> None:
    room = Room(session)
    plain = {column.name: getattr(room.a, column.name) for column in Document.__table__.columns}
    rows = [{**plain, "id": new_id(), "archive_number": f"J019-KH-2025-D10-{value:06d}"} for value in range(20_000)]
    for start in range(0, len(rows), 500):
        session.execute(insert(Document), rows[start : start + 500])

    with counted(session.get_bind()) as sent:
        stocktake_id = room.open()
    with counted(session.get_bind()) as ended:
        end_counting(session, actor(session, "archivist"), stocktake_id, now=NOW)

    missing = select(func.count()).where(StocktakeLine.stocktake_id == stocktake_id, StocktakeLine.result == "missing")
    assert session.get_one(Stocktake, stocktake_id).expected == 20_004
    assert session.scalar(missing) == 20_004
    assert len(sent) < 30
    assert len(ended) < 15


def test_a_second_one_is_refused_for_the_place_above_and_below(session: Session) -> None:
    room = Room(session)
    first = room.open(room.shelf)

    for where in (room.shelf, room.room):
        with pytest.raises(WrongState, match=r"stocktake\.open_already"):
            room.open(where)
    beside = room.open(room.other)
    cancel_stocktake(session, actor(session, "archivist"), first, "误开", now=NOW)
    cancel_stocktake(session, actor(session, "archivist"), beside, "误开", now=NOW)

    room.open(room.room)
    with pytest.raises(WrongState, match=r"stocktake\.open_already"):
        room.open(room.shelf)


@pytest.mark.parametrize(
    ("who", "refusal"), [("archivist_west", NotFound), ("clerk", NotFound), ("manager", NotAllowed)]
)
def test_only_keepers_of_the_branch_take_stock(session: Session, who: str, refusal: type[Exception]) -> None:
    room = Room(session)

    with pytest.raises(refusal):
        room.open(who=who)


def test_what_stands_in_its_box_is_found(session: Session) -> None:
    room = Room(session)
    stocktake_id = room.open()

    shelf = room.scan(stocktake_id, label_code("place", room.shelf.id), Spot())
    inside = room.scan(stocktake_id, label_code("box", room.box.id), shelf.spot)
    by_label = room.scan(stocktake_id, label_code("document", room.a.id), inside.spot)
    by_number = room.scan(stocktake_id, (room.b.archive_number or "").lower(), inside.spot, pages=12)

    assert (shelf.kind, inside.kind, inside.hint) == ("place", "box", "")
    assert (by_label.result, by_number.result) == ("found", "found")
    line = room.line(stocktake_id, room.b)
    assert (line.found_place, line.found_pages) == ("K1-01 · HE-1", 12)


def test_what_stands_elsewhere_is_misplaced_and_fewer_pages_are_damage(session: Session) -> None:
    room = Room(session)
    stocktake_id = room.open()
    here = Spot(None, room.box.id)

    assert room.scan(stocktake_id, label_code("document", room.d.id), here).result == "misplaced"
    assert room.scan(stocktake_id, label_code("document", room.a.id), here, pages=11).result == "damaged"
    assert room.scan(stocktake_id, label_code("document", room.b.id), here, damaged=True).result == "damaged"


def test_a_box_on_another_shelf_is_told_at_once(session: Session) -> None:
    room = Room(session)
    stocktake_id = room.open()

    moved = room.scan(stocktake_id, label_code("box", room.box2.id), Spot(room.shelf.id))

    assert moved.hint == "stocktake.box_stands_elsewhere"
    assert room.scan(stocktake_id, label_code("document", room.d.id), moved.spot).result == "misplaced"


def test_a_lent_item_that_stands_there_and_one_that_is_out(session: Session) -> None:
    room = Room(session)
    room.a.whereabouts = room.b.whereabouts = "loan"
    session.flush()
    stocktake_id = room.open()

    present = room.scan(stocktake_id, label_code("document", room.a.id), Spot(None, room.box.id))
    end_counting(session, actor(session, "archivist"), stocktake_id, now=NOW)

    assert present.result == "on_loan_present"
    assert room.line(stocktake_id, room.b).result == "away"
    assert room.line(stocktake_id, room.c).result == "missing"


def test_what_leaves_the_shelf_while_people_count_is_not_missing(session: Session) -> None:
    room = Room(session)
    stocktake_id = room.open()
    room.a.whereabouts = "loan"
    room.b.box_id = room.box2.id
    session.flush()

    end_counting(session, actor(session, "archivist"), stocktake_id, now=NOW)

    results = [room.line(stocktake_id, each).result for each in (room.a, room.b, room.c)]
    assert results == ["away", "away", "missing"]


def test_a_whole_box_is_confirmed_and_undone_in_one_go(session: Session) -> None:
    room = Room(session)
    room.c.whereabouts = "loan"
    session.flush()
    stocktake_id = room.open()
    archivist = actor(session, "archivist")

    assert confirm_box(session, archivist, stocktake_id, Spot(None, room.box.id), now=NOW) == 2
    assert room.line(stocktake_id, room.a).result == "found"
    assert room.line(stocktake_id, room.c).result == "open"
    assert undo_scan(session, archivist, stocktake_id) == 2
    assert room.line(stocktake_id, room.a).result == "open"
    assert undo_scan(session, archivist, stocktake_id) == 0


def test_undoing_takes_back_the_last_scan_only(session: Session) -> None:
    room = Room(session)
    stocktake_id = room.open()
    here = Spot(None, room.box.id)
    stray = paper(session, None, room.customer)
    room.scan(stocktake_id, label_code("document", room.a.id), here)
    room.scan(stocktake_id, label_code("document", stray.id), here, second=1)

    assert undo_scan(session, actor(session, "archivist"), stocktake_id) == 1

    lines = session.scalars(select(StocktakeLine.document_id).where(StocktakeLine.stocktake_id == stocktake_id)).all()
    assert stray.id not in lines
    assert room.line(stocktake_id, room.a).result == "found"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "stocktake.scan_missing"),
        ("6901234567892", "stocktake.foreign_code"),
        ("https://example.com/x", "stocktake.foreign_code"),
        ("D-1Y2P0IJ32E8E-0", "stocktake.misread"),
        (label_code("customer", 5), "stocktake.not_a_paper"),
        (label_code("document", 5), "stocktake.unknown_label"),
        ("X" * 200, "stocktake.scan_long"),
    ],
)
def test_codes_that_have_no_business_here_are_refused(session: Session, text: str, problem: str) -> None:
    room = Room(session)
    stocktake_id = room.open()

    with pytest.raises(Invalid) as refused:
        room.scan(stocktake_id, text, Spot(None, room.box.id))
    assert refused.value.problems == {"code": [problem]}


def test_places_outside_and_items_without_a_spot_are_refused(session: Session) -> None:
    room = Room(session)
    shelf_only = room.open(room.shelf)
    elsewhere = label_code("place", room.other.id)

    with pytest.raises(Invalid, match="code"):
        room.scan(shelf_only, elsewhere, Spot())
    cancel_stocktake(session, actor(session, "archivist"), shelf_only, "换范围", now=NOW)
    whole = room.open()
    with pytest.raises(Invalid) as refused:
        room.scan(whole, label_code("document", room.a.id), Spot())
    assert refused.value.problems == {"code": ["stocktake.spot_missing"]}


def test_an_unknown_number_is_written_down_once_as_not_in_the_books(session: Session) -> None:
    room = Room(session)
    stocktake_id = room.open()
    here = Spot(None, room.box.id)

    first = room.scan(stocktake_id, "j019-kh-1999-y-00001", here)
    room.scan(stocktake_id, "J019-KH-1999-Y-00001", here)

    unknown = session.scalars(select(StocktakeLine.scanned).where(StocktakeLine.result == "not_in_books")).all()
    assert (first.kind, first.hint) == ("unknown", "stocktake.unknown_number")
    assert unknown == ["J019-KH-1999-Y-00001"]


def test_an_item_of_another_branch_is_not_told_of(session: Session) -> None:
    room = Room(session)
    theirs = paper(session, None, room.customer, branch_id=WEST)
    stocktake_id = room.open()

    outcome = room.scan(stocktake_id, label_code("document", theirs.id), Spot(None, room.box.id))

    line = session.scalars(select(StocktakeLine).where(StocktakeLine.result == "not_in_books")).one()
    assert (outcome.kind, outcome.hint) == ("unknown", "stocktake.other_branch")
    assert (line.document_id, line.scanned) == (None, label_code("document", theirs.id))


def reviewed(room: Room) -> int:
    """A counted room: a found in the wrong box, b missing, c lent and present, d found though booked as missing."""
    room.c.whereabouts, room.d.whereabouts = "loan", "missing"
    room.session.flush()
    stocktake_id = room.open()
    room.scan(stocktake_id, label_code("document", room.a.id), Spot(None, room.box2.id))
    room.scan(stocktake_id, label_code("document", room.d.id), Spot(None, room.box2.id))
    room.scan(stocktake_id, label_code("document", room.c.id), Spot(None, room.box.id))
    end_counting(room.session, actor(room.session, "archivist"), stocktake_id, now=NOW)
    return stocktake_id


def test_corrections_are_proposed_and_decided_by_another(session: Session) -> None:
    room = Room(session)
    stocktake_id = reviewed(room)
    archivist, manager = actor(session, "archivist"), actor(session, "manager")

    assert propose_corrections(session, archivist, stocktake_id, now=NOW) == 4
    with pytest.raises(NotAllowed):
        decide_corrections(session, archivist, stocktake_id, approved=True, now=NOW)
    with pytest.raises(WrongState, match=r"stocktake\.undecided"):
        close_stocktake(session, manager, stocktake_id, now=NOW)
    assert decide_corrections(session, manager, stocktake_id, approved=True, now=NOW) == (4, 0)
    close_stocktake(session, manager, stocktake_id, now=NOW)

    session.expire_all()
    moves = session.execute(select(Movement.direction, Movement.reason, Movement.document_id)).all()
    assert session.get_one(Document, room.a.id).box_id == room.box2.id
    assert session.get_one(Document, room.b.id).whereabouts == "missing"
    assert session.get_one(Document, room.c.id).whereabouts == "loan"
    assert session.get_one(Document, room.d.id).whereabouts == "shelf"
    assert {tuple(move) for move in moves} == {
        ("move", "count", room.a.id),
        ("out", "count", room.b.id),
        ("in", "count", room.d.id),
    }
    corrected = select(func.count()).where(TrailEntry.event == "stocktake_corrected")
    assert session.scalar(corrected) == 4
    told = session.execute(select(Account.username, Notice.kind).join(Notice, Notice.account_id == Account.id)).all()
    assert {tuple(each) for each in told} >= {("manager", "stocktake_to_approve"), ("archivist", "stocktake_decided")}
    assert session.get_one(Stocktake, stocktake_id).state == "closed"


def test_who_counted_approves_nothing(session: Session) -> None:
    room = Room(session)
    stocktake_id = reviewed(room)
    propose_corrections(session, actor(session, "archivist"), stocktake_id, now=NOW)
    manager = actor(session, "manager")
    room.line(stocktake_id, room.a).found_by = manager.account_id
    session.flush()

    with pytest.raises(WrongState, match=r"stocktake\.approve_self"):
        decide_corrections(session, manager, stocktake_id, approved=True, now=NOW)
    with pytest.raises(WrongState, match=r"stocktake\.approve_self"):
        close_stocktake(session, manager, stocktake_id, now=NOW)


def test_a_refused_proposal_changes_nothing(session: Session) -> None:
    room = Room(session)
    stocktake_id = reviewed(room)
    line = room.line(stocktake_id, room.b)
    propose_corrections(session, actor(session, "archivist"), stocktake_id, line.id, now=NOW)

    decide_corrections(session, actor(session, "manager"), stocktake_id, line.id, approved=False, now=NOW)

    session.expire_all()
    assert session.get_one(Document, room.b.id).whereabouts == "shelf"
    assert room.line(stocktake_id, room.b).correction == "refused"


def test_a_box_found_on_another_shelf_moves_in_the_books(session: Session) -> None:
    room = Room(session)
    stocktake_id = room.open()
    spot = Spot(room.shelf.id, room.box2.id)
    room.scan(stocktake_id, label_code("document", room.d.id), spot)
    end_counting(session, actor(session, "archivist"), stocktake_id, now=NOW)
    propose_corrections(session, actor(session, "archivist"), stocktake_id, now=NOW)

    decide_corrections(session, actor(session, "manager"), stocktake_id, approved=True, now=NOW)

    session.expire_all()
    moved = session.scalars(select(Movement).where(Movement.box_id == room.box2.id)).one()
    assert session.get_one(Box, room.box2.id).place_id == room.shelf.id
    assert (moved.from_place, moved.to_place, moved.reason) == ("K1-02", "K1-01", "count")


def test_one_may_go_back_to_counting_until_something_is_decided(session: Session) -> None:
    room = Room(session)
    stocktake_id = reviewed(room)
    archivist = actor(session, "archivist")

    count_on(session, archivist, stocktake_id, now=NOW)
    assert room.line(stocktake_id, room.b).result == "open"
    assert room.line(stocktake_id, room.a).result == "misplaced"
    end_counting(session, archivist, stocktake_id, now=NOW)
    propose_corrections(session, archivist, stocktake_id, now=NOW)
    decide_corrections(session, actor(session, "manager"), stocktake_id, approved=True, now=NOW)

    with pytest.raises(WrongState, match=r"stocktake\.corrected_already"):
        count_on(session, archivist, stocktake_id, now=NOW)
    with pytest.raises(WrongState, match=r"stocktake\.corrected_already"):
        cancel_stocktake(session, archivist, stocktake_id, "不要了", now=NOW)


def test_scanning_after_the_end_is_refused(session: Session) -> None:
    room = Room(session)
    stocktake_id = reviewed(room)

    with pytest.raises(WrongState, match=r"stocktake\.is_review"):
        room.scan(stocktake_id, label_code("document", room.a.id), Spot(None, room.box.id))


def test_the_register_has_the_columns_of_the_form(session: Session) -> None:
    room = Room(session)
    stocktake_id = reviewed(room)
    close_stocktake(session, actor(session, "manager"), stocktake_id, now=NOW)

    lines = {row[1]: row for row in stocktake_rows(session, stocktake_id)}

    row = lines[room.a.archive_number or ""]
    assert row[2:] == ["王芳身份证复印件", "K1-01 · HE-1", "K1-02 · HE-2", "12", "", "错位", "", "档案甲", "负责甲"]
    assert lines[room.b.archive_number or ""][7] == "缺失"
    assert [row[0] for row in stocktake_rows(session, stocktake_id)] == ["1", "2", "3", "4"]


def test_lists_tell_how_far_a_count_is_and_hide_what_is_too_secret(session: Session) -> None:
    room = Room(session)
    stocktake_id = room.open()
    room.scan(stocktake_id, label_code("document", room.a.id), Spot(None, room.box.id))
    archivist = actor(session, "archivist")

    (row,) = list_stocktakes(session, archivist, state="open").items
    detail = read_stocktake(session, archivist, stocktake_id)

    assert (row.expected, row.done) == (4, 1)
    assert (detail.done, detail.counts["found"], detail.is_counter) == (1, 1, True)
    assert {line.title for line in list_lines(session, archivist, stocktake_id).items} == {"王芳身份证复印件"}
    assert {line.title for line in list_lines(session, actor(session, "clerk"), stocktake_id).items} == {""}
    assert list_lines(session, archivist, stocktake_id, result="open").total == 3
    with pytest.raises(NotFound):
        read_stocktake(session, actor(session, "archivist_west"), stocktake_id)
