"""Places, boxes and volumes on both databases: who may, what fits, what moves, and what is written of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.errors import ChangedMeanwhile, Invalid, NotAllowed, NotFound, WrongState
from app.domain.places import Pattern
from app.domain.scan_codes import Scan, label_code, read_scan
from app.models.borrowing import LoanItem, LoanRequest, LoanRule
from app.models.documents import Document
from app.models.machinery import TrailEntry
from app.models.storage import Box, Movement, Place, Volume
from app.queries.boxes import BoxFilter, items_in, list_boxes
from app.queries.movements import MoveFilter, list_movements
from app.queries.places import list_rooms, picture_of, read_place, tree_below
from app.queries.whereabouts import find_thing, where_is
from app.services.boxes import BoxData, create_box, edit_box, put_in, shelve, take_off, take_out, undo_last
from app.services.places import PlaceData, close_place, create_many, create_place, edit_place, reopen_place
from app.services.volumes import box_volume, form_volume
from tests.cast import EAST, EAST_CITY, NOW, PEOPLE, WEST, actor
from tests.records import make_customer, make_document

ROOM = PlaceData("room", "K1", name="一号库房")
LATER = NOW + timedelta(minutes=1)


def room(session: Session, who: str = "archivist", branch_id: int = EAST, width: int = 100) -> tuple[int, list[int]]:
    """A room with two rows of one bay of two shelves; its id and those of the shelves."""
    keeper = actor(session, who)
    room_id = create_place(session, keeper, None, ROOM, branch_id=branch_id, now=NOW)
    create_many(session, keeper, room_id, Pattern(rows=2, bays=1, shelves=2, width_mm=width), now=NOW)
    shelves = select(Place.id).where(Place.kind == "shelf", Place.branch_id == branch_id).order_by(Place.full_code)
    return room_id, list(session.scalars(shelves))


def box(session: Session, who: str = "archivist", branch_id: int = EAST, **fields: object) -> int:
    """A box of a branch."""
    return create_box(session, actor(session, who), branch_id, replace(BoxData(year=2026), **fields), now=NOW)  # type: ignore[arg-type]


def paper(session: Session, number: int = 1, customer_id: int = 0, state: str = "filed", **fields: object) -> int:
    """A filed paper of the east."""
    document_id = make_document(session, customer_id or make_customer(session), **fields)
    document = session.get_one(Document, document_id)
    document.state, document.archive_number = state, f"J019-ZY·KH·2026·D10-{number:05d}"
    session.flush()
    return document_id


def put(session: Session, box_id: int, document_id: int, *, later: int = 0) -> None:
    """Box a paper as the archivist."""
    put_in(session, actor(session, "archivist"), box_id, document_id, now=NOW + timedelta(seconds=later))


# --- places ----------------------------------------------------------------------------------------


def test_places_stand_in_each_other_and_their_codes_join(session: Session) -> None:
    room_id, shelves = room(session)

    shelf = session.get_one(Place, shelves[0])
    assert shelf.full_code == "K1-01-01-01"
    assert shelf.path.startswith(f"/{room_id}/")
    assert shelf.width_mm == 100
    events = session.scalars(select(TrailEntry.event).where(TrailEntry.object_kind == "place")).all()
    assert events == ["place_created", "places_created"]


def test_a_taken_code_stops_all_of_a_pattern(session: Session) -> None:
    room_id, _ = room(session)

    with pytest.raises(Invalid) as refused:
        create_many(session, actor(session, "archivist"), room_id, Pattern(rows=4), now=NOW)

    assert refused.value.problems == {"code": ["place.code_taken"]}
    assert session.scalar(select(func.count()).select_from(Place).where(Place.kind == "row")) == 2


def test_a_new_code_goes_down_to_the_shelves(session: Session) -> None:
    room_id, shelves = room(session)

    edit_place(session, actor(session, "archivist"), room_id, replace(ROOM, code="K7"), version=1, now=NOW)

    assert session.get_one(Place, shelves[3]).full_code == "K7-02-01-02"
    with pytest.raises(ChangedMeanwhile):
        edit_place(session, actor(session, "archivist"), room_id, replace(ROOM, name="别的"), version=1, now=NOW)


def test_a_shelf_gets_no_narrower_than_its_boxes(session: Session) -> None:
    _, shelves = room(session)
    shelve(session, actor(session, "archivist"), [box(session)], shelves[0], now=NOW)

    with pytest.raises(Invalid) as refused:
        narrow = PlaceData("shelf", "01", width_mm=39, position=1)
        edit_place(session, actor(session, "archivist"), shelves[0], narrow, version=1, now=NOW)

    assert refused.value.problems == {"width_mm": ["place.width_below_used"]}


def test_only_what_is_empty_is_closed_and_closing_goes_down(session: Session) -> None:
    room_id, shelves = room(session)
    keeper = actor(session, "archivist")
    box_id = box(session)
    shelve(session, keeper, [box_id], shelves[0], now=NOW)

    with pytest.raises(WrongState, match="not_empty"):
        close_place(session, keeper, room_id, now=NOW)
    take_off(session, keeper, [box_id], now=NOW)
    close_place(session, keeper, room_id, now=NOW)

    assert not session.get_one(Place, shelves[0], populate_existing=True).active
    with pytest.raises(WrongState, match="closed"):
        shelve(session, keeper, [box_id], shelves[0], now=NOW)
    with pytest.raises(WrongState, match="parent_closed"):
        reopen_place(session, keeper, session.get_one(Place, shelves[0]).parent_id or 0, now=NOW)
    reopen_place(session, keeper, room_id, now=NOW)
    assert session.get_one(Place, shelves[0], populate_existing=True).active


@pytest.mark.parametrize(
    ("who", "refusal"), [("archivist_west", NotFound), ("clerk", NotFound), ("manager", NotAllowed)]
)
def test_who_may_not_keep_places_changes_none(session: Session, who: str, refusal: type[Exception]) -> None:
    room_id, _ = room(session)

    with pytest.raises(refusal):
        create_place(session, actor(session, who), room_id, PlaceData("zone", "A"), now=NOW)
    with pytest.raises(refusal):
        close_place(session, actor(session, who), room_id, now=NOW)
    with pytest.raises(NotAllowed):
        create_place(session, actor(session, who), None, replace(ROOM, code="K2"), branch_id=EAST, now=NOW)


@pytest.mark.parametrize(
    ("data", "field"),
    [
        (PlaceData("room", "K9"), "kind"),
        (PlaceData("shelf", "库"), "code"),
        (PlaceData("shelf", "01", width_mm=-1), "width_mm"),
        (PlaceData("shelf", "01", climate_kind="moon"), "climate_kind"),
    ],
)
def test_a_spoilt_place_names_its_field(session: Session, data: PlaceData, field: str) -> None:
    room_id, _ = room(session)

    with pytest.raises(Invalid) as refused:
        create_place(session, actor(session, "archivist"), room_id, data, now=NOW)

    assert list(refused.value.problems) == [field]


# --- boxes -----------------------------------------------------------------------------------------


def test_box_numbers_run_inside_fonds_and_year(session: Session) -> None:
    ids = [
        box(session),
        box(session),
        box(session, year=2025),
        box(session, branch_id=EAST_CITY),
        box(session, year=None),
    ]

    numbers = [session.get_one(Box, box_id).number for box_id in ids]

    assert numbers == [
        "J019-2026-H00001",
        "J019-2026-H00002",
        "J019-2025-H00001",
        "J020-2026-H00001",
        "J019-H00001",
    ]


@pytest.mark.parametrize(
    ("fields", "field"),
    [({"spine_mm": 9}, "spine_mm"), ({"year": 12}, "year"), ({"period": "D7"}, "period"), ({"series": "C1"}, "series")],
)
def test_a_spoilt_box_names_its_field(session: Session, fields: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        box(session, **fields)

    assert list(refused.value.problems) == [field]


def test_a_shelf_takes_boxes_until_it_is_full(session: Session) -> None:
    _, shelves = room(session)
    keeper = actor(session, "archivist")
    first, second, third = box(session, spine_mm=50), box(session, spine_mm=40), box(session, spine_mm=20)

    shelve(session, keeper, [first, second], shelves[0], now=NOW)
    with pytest.raises(Invalid) as refused:
        shelve(session, keeper, [third], shelves[0], now=NOW)
    with pytest.raises(Invalid):
        edit_box(session, keeper, first, BoxData(spine_mm=70, year=2026), version=2, now=NOW)

    assert refused.value.problems == {"place": ["shelf.full"]}
    assert session.get_one(Box, third).place_id is None


def test_boxes_stand_in_the_order_in_which_they_were_put(session: Session) -> None:
    _, shelves = room(session, width=900)
    keeper = actor(session, "archivist")
    first, second, third = box(session), box(session), box(session)

    shelve(session, keeper, [second, first], shelves[0], now=NOW)
    shelve(session, keeper, [third], shelves[0], position=2, now=NOW)
    order = session.scalars(select(Box.id).where(Box.place_id == shelves[0]).order_by(Box.position)).all()
    shelve(session, keeper, [second], shelves[1], now=NOW)

    assert order == [second, third, first]
    left = session.execute(select(Box.id, Box.position).where(Box.place_id == shelves[0]).order_by(Box.position)).all()
    assert [tuple(row) for row in left] == [(third, 1), (first, 2)]


def test_a_box_cannot_be_put_twice_on_one_shelf(session: Session) -> None:
    _, shelves = room(session)
    keeper, box_id = actor(session, "archivist"), box(session)
    shelve(session, keeper, [box_id], shelves[0], now=NOW)

    with pytest.raises(WrongState, match="there_already"):
        shelve(session, keeper, [box_id], shelves[0], now=NOW)


def test_boxes_stand_on_shelves_or_in_a_room_but_not_between(session: Session) -> None:
    room_id, shelves = room(session)
    keeper, box_id = actor(session, "archivist"), box(session)

    with pytest.raises(WrongState, match="no_shelf"):
        shelve(session, keeper, [box_id], session.get_one(Place, shelves[0]).parent_id or 0, now=NOW)
    shelve(session, keeper, [box_id], room_id, now=NOW)

    assert session.get_one(Box, box_id).place_id == room_id


def test_another_branchs_shelf_does_not_take_a_box(session: Session) -> None:
    _, shelves = room(session, branch_id=EAST_CITY)
    _, far = room(session, "archivist_west", WEST)
    box_id = box(session)

    with pytest.raises(Invalid) as refused:
        shelve(session, actor(session, "archivist"), [box_id], shelves[0], now=NOW)
    with pytest.raises(NotFound):
        shelve(session, actor(session, "archivist"), [box_id], far[0], now=NOW)

    assert refused.value.problems == {"place": ["shelving.other_branch"]}


def test_every_move_of_a_box_is_in_the_book_and_the_trail(session: Session) -> None:
    _, shelves = room(session)
    keeper, box_id = actor(session, "archivist"), box(session)

    shelve(session, keeper, [box_id], shelves[0], now=NOW)
    shelve(session, keeper, [box_id], shelves[1], now=LATER)
    take_off(session, keeper, [box_id], now=LATER + timedelta(minutes=1))

    moves = session.execute(
        select(Movement.from_place, Movement.to_place, Movement.direction, Movement.reason)
        .where(Movement.box_id == box_id)
        .order_by(Movement.at)
    )
    assert [tuple(row) for row in moves] == [
        ("", "K1-01-01-01", "move", "shelving"),
        ("K1-01-01-01", "K1-01-01-02", "move", "shelving"),
        ("K1-01-01-02", "", "move", "shelving"),
    ]
    assert session.scalar(select(func.count()).where(TrailEntry.event == "box_moved")) == 3
    with pytest.raises(WrongState, match="stands_nowhere"):
        take_off(session, keeper, [box_id], now=LATER)


# --- what is in them -------------------------------------------------------------------------------


def test_a_filed_paper_goes_into_a_box_and_tells_its_place(session: Session) -> None:
    _, shelves = room(session)
    keeper, box_id, document_id = actor(session, "archivist"), box(session), paper(session)
    shelve(session, keeper, [box_id], shelves[0], now=NOW)

    put(session, box_id, document_id)

    where = where_is(session, keeper, document_id)
    assert (where.box_number, where.place_code, where.position) == ("J019-2026-H00001", "K1-01-01-01", 1)
    move = session.scalars(select(Movement).where(Movement.document_id == document_id)).one()
    assert (move.from_place, move.to_place) == ("", "K1-01-01-01 · J019-2026-H00001")
    assert session.scalar(select(func.count()).where(TrailEntry.event == "item_boxed")) == 1


def test_a_box_says_when_something_of_another_year_or_period_comes_in(session: Session) -> None:
    keeper = actor(session, "archivist")

    fitting = put_in(session, keeper, box(session, period="D10", series="KH"), paper(session, period="D10"), now=NOW)
    odd = put_in(session, keeper, box(session, year=2019), paper(session, 2), now=NOW)

    assert (fitting.odd, odd.odd) == (False, True)


@pytest.mark.parametrize(
    ("state", "whereabouts", "code"),
    [
        ("destroyed", "shelf", "paper.destroyed"),
        ("held", "shelf", "paper.sealed"),
        ("catalogued", "shelf", "paper.not_filed"),
        ("filed", "none", "paper.is_none"),
        ("filed", "loan", "paper.is_loan"),
        ("filed", "missing", "paper.is_missing"),
    ],
)
def test_only_filed_papers_at_rest_are_boxed(session: Session, state: str, whereabouts: str, code: str) -> None:
    box_id, document_id = box(session), paper(session, state=state)
    session.get_one(Document, document_id).whereabouts = whereabouts
    session.flush()

    with pytest.raises(WrongState) as refused:
        put(session, box_id, document_id)

    assert refused.value.code == code
    assert session.scalar(select(func.count()).select_from(Movement)) == 0


def test_papers_of_other_branches_and_higher_levels_stay_out(session: Session) -> None:
    city = make_customer(session, branch_id=EAST_CITY)
    lower, secret = paper(session, 1, city), paper(session, 2, city)
    session.get_one(Document, secret).level = 4
    session.flush()
    box_id, city_box = box(session), box(session, branch_id=EAST_CITY)

    with pytest.raises(Invalid) as refused:
        put(session, box_id, lower)
    with pytest.raises(NotFound):
        put(session, city_box, secret)
    with pytest.raises(NotFound):
        put_in(session, actor(session, "archivist_west"), box_id, lower, now=NOW)
    put(session, city_box, lower)

    assert refused.value.problems == {"code": ["boxing.other_branch"]}
    assert session.get_one(Document, lower).box_id == city_box


def test_the_last_paper_goes_back_where_it_came_from(session: Session) -> None:
    keeper = actor(session, "archivist")
    one, other, first, second = box(session), box(session), paper(session, 1), paper(session, 2)
    put(session, one, second, later=1)
    put(session, other, first, later=2)
    put(session, other, second, later=3)

    undo_last(session, keeper, other, now=NOW + timedelta(seconds=4))
    undo_last(session, keeper, other, now=NOW + timedelta(seconds=5))

    assert session.get_one(Document, second).box_id == one
    assert session.get_one(Document, first).box_id is None
    with pytest.raises(WrongState, match="nothing_to_undo"):
        undo_last(session, keeper, other, now=NOW + timedelta(seconds=6))


def test_a_paper_is_in_one_box_at_a_time(session: Session) -> None:
    one, other, document_id = box(session), box(session), paper(session)

    put(session, one, document_id)
    with pytest.raises(WrongState, match="there_already"):
        put(session, one, document_id)
    put(session, other, document_id)
    take_out(session, actor(session, "archivist"), document_id, now=NOW)
    with pytest.raises(WrongState, match="in_no_box"):
        take_out(session, actor(session, "archivist"), document_id, now=NOW)

    assert session.get_one(Document, document_id).box_id is None


# --- volumes ---------------------------------------------------------------------------------------


def test_a_volume_is_boxed_with_all_its_items(session: Session) -> None:
    keeper, customer = actor(session, "archivist"), make_customer(session)
    papers = [paper(session, 1, customer, level=2), paper(session, 2, customer, level=3)]
    box_id = box(session)

    volume_id = form_volume(session, keeper, papers, " 王芳基本信息 ", now=NOW)
    moved = box_volume(session, keeper, box_id, volume_id, now=NOW)

    volume = session.get_one(Volume, volume_id)
    assert (volume.title, volume.level, volume.box_id, moved) == ("王芳基本信息", 3, box_id, 2)
    assert volume.number == "J019-ZY·KH·2026·D10-AJ00001"
    assert {session.get_one(Document, item).box_id for item in papers} == {box_id}
    with pytest.raises(Invalid) as alone:
        put(session, box(session), papers[0])
    assert alone.value.problems == {"code": ["boxing.in_volume"]}


def test_what_lay_in_different_boxes_lies_in_none_after_binding(session: Session) -> None:
    keeper, customer = actor(session, "archivist"), make_customer(session)
    papers = [paper(session, 1, customer), paper(session, 2, customer)]
    for document_id in papers:
        put(session, box(session), document_id)

    volume_id = form_volume(session, keeper, papers, "合卷", now=NOW)

    assert session.get_one(Volume, volume_id).box_id is None
    assert {session.get_one(Document, item).box_id for item in papers} == {None}


def test_a_volume_is_of_one_customer_one_year_and_never_bound_twice(session: Session) -> None:
    keeper, customer = actor(session, "archivist"), make_customer(session)
    mine, older = paper(session, 1, customer), paper(session, 2, customer, formed_on=date(2025, 3, 1))
    foreign = paper(session, 3)

    for papers, problem in (
        ([], "volume.no_items"),
        ([mine, foreign], "volume.two_customers"),
        ([mine, older], "volume.mixed"),
    ):
        with pytest.raises(Invalid) as refused:
            form_volume(session, keeper, papers, "卷", now=NOW)
        assert refused.value.problems == {"items": [problem]}
    form_volume(session, keeper, [mine], "卷", now=NOW)
    with pytest.raises(Invalid) as again:
        form_volume(session, keeper, [mine], "卷", now=NOW)
    assert again.value.problems == {"items": ["volume.bound_already"]}


def test_a_volume_with_an_item_away_stays_where_it_is(session: Session) -> None:
    keeper, customer = actor(session, "archivist"), make_customer(session)
    papers = [paper(session, 1, customer), paper(session, 2, customer)]
    volume_id = form_volume(session, keeper, papers, "卷", now=NOW)
    session.get_one(Document, papers[1]).whereabouts = "loan"
    session.flush()

    with pytest.raises(WrongState, match="is_loan"):
        box_volume(session, keeper, box(session), volume_id, now=NOW)

    assert session.get_one(Volume, volume_id).box_id is None


# --- reads -----------------------------------------------------------------------------------------


def test_rooms_pictures_and_trees_add_up(session: Session) -> None:
    room_id, shelves = room(session)
    keeper = actor(session, "archivist")
    shelve(session, keeper, [box(session), box(session, spine_mm=50)], shelves[0], now=NOW)
    shelve(session, keeper, [box(session)], shelves[3], now=NOW)

    [row] = list_rooms(session, keeper)
    place = read_place(session, keeper, room_id)
    picture, nodes = picture_of(session, place), tree_below(session, place)

    assert (row.shelves, row.boxes, row.fill.used, row.fill.width, row.alarms) == (4, 3, 130, 400, 0)
    assert [[cell.fill.free if cell else None for _, cells in part.levels for cell in cells] for part in picture] == [
        [10, 100],
        [100, 60],
    ]
    assert [node.full_code for node in nodes][:3] == ["K1-01", "K1-01-01", "K1-01-01-01"]
    assert nodes[0].fill.used == 90
    assert list_rooms(session, actor(session, "archivist_west")) == []


def test_boxes_are_found_by_number_room_year_and_state(session: Session) -> None:
    room_id, shelves = room(session)
    keeper = actor(session, "archivist")
    placed, free, old = box(session), box(session), box(session, year=2020)
    shelve(session, keeper, [placed], shelves[0], now=NOW)
    put(session, free, paper(session))

    def found(**wanted: object) -> set[int]:
        return {row.id for row in list_boxes(session, keeper, BoxFilter(**wanted)).items}  # type: ignore[arg-type]

    assert found() == {placed, free, old}
    assert found(number="j019-2020") == {old}
    assert found(room_id=room_id) == {placed}
    assert found(year=2020) == {old}
    assert found(stands="unplaced") == {free, old}
    assert found(stands="empty") == {placed, old}
    assert list_boxes(session, actor(session, "archivist_west"), BoxFilter()).total == 0


def test_the_movement_book_leaves_out_what_is_above_the_readers_level(session: Session) -> None:
    city = make_customer(session, branch_id=EAST_CITY)
    city_keeper = actor(session, "archivist_city")
    secret = paper(session, 1, city)
    session.get_one(Document, secret).level = 4
    box_id = create_box(session, city_keeper, EAST_CITY, BoxData(), now=NOW)
    put_in(session, city_keeper, box_id, secret, now=NOW)

    assert list_movements(session, city_keeper, MoveFilter()).total == 1
    assert list_movements(session, actor(session, "archivist"), MoveFilter()).total == 0
    [item] = items_in(session, actor(session, "archivist"), box_id)
    assert (item.shown, item.title) == (False, "")


def test_a_code_is_found_by_those_who_may_see_the_thing(session: Session) -> None:
    room_id, _ = room(session)
    box_id, document_id = box(session), paper(session)
    keeper, stranger = actor(session, "archivist"), actor(session, "archivist_west")

    for kind, thing_id in (("place", room_id), ("box", box_id), ("document", document_id)):
        scan = read_scan(label_code(kind, thing_id))
        found = find_thing(session, keeper, scan)
        assert found is not None
        assert (found.kind, found.id) == (kind, thing_id)
        assert find_thing(session, stranger, scan) is None
    for number in ("J019-2026-H00001", "K1", "J019-ZY·KH·2026·D10-00001"):
        assert find_thing(session, keeper, Scan(number)) is not None
        assert find_thing(session, stranger, Scan(number)) is None
    assert find_thing(session, keeper, Scan("")) is None


def test_the_borrowers_name_is_for_those_who_may_see_the_loan(session: Session) -> None:
    document_id = paper(session)
    session.get_one(Document, document_id).whereabouts = "loan"
    session.add(LoanRule(id=1, effective_from=date(2020, 1, 1)))
    session.flush()
    session.add(
        LoanRequest(
            id=1, number="JY2026-000001", branch_id=EAST, borrower_id=PEOPLE["clerk"][0], borrower_branch_id=EAST,
            rule_id=1, way="lend", level=2, purpose="业务", days=10, asked_at=NOW, external_name="", external_phone="",
            external_papers="",
        )
    )  # fmt: skip
    session.flush()
    session.add(
        LoanItem(id=1, request_id=1, document_id=document_id, takes_paper=True, state="out", due_on=date(2026, 12, 1))
    )
    session.flush()

    keeper = where_is(session, actor(session, "archivist"), document_id)
    colleague = where_is(session, actor(session, "clerk_city"), document_id)

    assert (keeper.borrower, keeper.loan_id) == ("业务甲", 1)
    assert (colleague.borrower, colleague.loan_id, colleague.due_on) == ("", None, date(2026, 12, 1))
