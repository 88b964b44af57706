"""The screens of the storeroom: rooms, shelves, boxes, boxing, putting away, labels, what a code leads to."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pypdfium2
import pytest
from sqlalchemy import select

from app.db import db
from app.domain.documents import DocumentState
from app.domain.ids import encode_id
from app.domain.places import Pattern
from app.domain.scan_codes import label_code
from app.models.documents import Document
from app.models.storage import Box, Movement, Place, Volume
from app.services.boxes import BoxData, create_box, put_in, shelve
from app.services.places import PlaceData, create_many, create_place
from tests.cast import EAST, NOW, WEST, actor
from tests.client import Browser, Portal
from tests.records import counted, make_customer, make_document

KEY = re.compile(r'name="idempotency_key" type="hidden" value="([^"]+)"')


@dataclass
class Room:
    """A room with two bays of two shelves, a box, and a filed paper."""

    portal: Portal
    room: int
    shelves: list[int]
    box: int
    document: int
    customer: int

    def look(self, kind: type, thing_id: int) -> Box | Document | Place:
        with self.portal.session() as session:
            return session.get_one(kind, thing_id)  # type: ignore[no-any-return]


def code(kind: str, thing_id: int) -> str:
    """The label of a thing."""
    return label_code(kind, thing_id)


@pytest.fixture
def room(portal: Portal) -> Room:
    """A small storeroom in the east."""
    with portal.session() as session:
        who = actor(session, "archivist")
        room_id = create_place(session, who, None, PlaceData("room", "K1", name="一号库房"), branch_id=EAST, now=NOW)
        create_many(session, who, room_id, Pattern(rows=1, bays=2, shelves=2, width_mm=100), now=NOW)
        shelves = session.scalars(
            select(Place.id).where(Place.kind == "shelf", Place.branch_id == EAST).order_by(Place.full_code)
        ).all()
        box = create_box(session, who, EAST, BoxData(year=2026), now=NOW)
        customer = make_customer(session)
        document = make_document(session, customer)
        filed(session.get_one(Document, document), 1)
        session.commit()
    return Room(portal, room_id, list(shelves), box, document, customer)


def filed(document: Document, number: int) -> None:
    """Give a document what filing gives it."""
    document.state, document.archive_number = DocumentState.FILED.value, f"J019-ZY·KH·2026·D10-{number:05d}"


def archivist(room: Room) -> Browser:
    return room.portal.browser("archivist")


def test_rooms_are_listed_with_their_fill(room: Room) -> None:
    page = archivist(room).get("/storage").text

    assert "一号库房" in page
    assert f"/storage/places/{encode_id(room.room)}" in page


def test_the_picture_of_a_room_shows_each_shelf_with_its_free_millimetres(room: Room) -> None:
    with room.portal.session() as session:
        shelve(session, actor(session, "archivist"), [room.box], room.shelves[0], now=NOW)
        session.commit()

    page = archivist(room).get(f"/storage/places/{encode_id(room.room)}").text

    assert page.count('class="slot fill-') == 4
    assert 'class="slot fill-4' in page  # 40 of 100 mm
    assert ">60<" in page
    assert "这里还没有档案盒" not in page  # boxes stand on shelves, not in the room


def test_a_place_page_asks_as_many_questions_for_two_shelves_as_for_two_hundred(room: Room) -> None:
    browser = archivist(room)
    with room.portal.app.app_context():
        engine = db.engine
    path = f"/storage/places/{encode_id(room.room)}"
    browser.get(path)

    with counted(engine) as few:
        browser.get(path)
    with room.portal.session() as session:
        create_many(
            session, actor(session, "archivist"), room.room, Pattern(rows=4, bays=5, shelves=10, first=2), now=NOW
        )
        session.commit()
    with counted(engine) as many:
        browser.get(path)

    assert len(few) == len(many)


def test_a_room_is_built_by_hand_and_by_pattern(room: Room) -> None:
    browser = archivist(room)
    key = KEY.search(browser.get("/storage/places/new").text)
    assert key
    form = {"kind": "room", "code": "k2", "climate_kind": "disc", "branch": str(EAST), "idempotency_key": key[1]}

    first = browser.post("/storage/places/new", form)
    again = browser.post("/storage/places/new", form)

    path = first.headers["Location"]
    assert again.headers["Location"] == path
    browser.get(f"{path}/many")
    pattern = {"rows": "3", "bays": "4", "shelves": "6", "first": "1", "width_mm": "900", "idempotency_key": "many"}
    preview = browser.post(f"{path}/many", {**pattern, "do": "preview"}, status=200).text
    assert "共 87 个库位" in preview
    assert "K2-01-01-01" in preview
    browser.post(f"{path}/many", pattern)
    refused = browser.post(f"{path}/many", {**pattern, "idempotency_key": "other"}, status=422)
    assert "已经有了" in refused.text
    with room.portal.session() as session:
        codes = session.scalars(select(Place.full_code).where(Place.full_code.startswith("K2-"))).all()
    assert len(codes) == 87


@pytest.mark.parametrize(
    "spoilt",
    [
        {"rows": "-1"},
        {"rows": "x"},
        {"shelves": "999"},
        {"rows": "99", "bays": "99"},
        {"first": "0"},
        {"rows": "", "bays": "", "shelves": ""},
    ],
)
def test_an_impossible_pattern_is_refused_with_what_was_typed(room: Room, spoilt: dict[str, str]) -> None:
    form = {"rows": "1", "bays": "1", "shelves": "1", "first": "1", "width_mm": "900", **spoilt}

    page = archivist(room).post(f"/storage/places/{encode_id(room.room)}/many", form, status=422).text

    assert "需要改正" in page


def test_a_place_is_changed_and_an_overtaken_change_shows_both_texts(room: Room) -> None:
    browser, path = archivist(room), f"/storage/places/{encode_id(room.room)}/edit"
    browser.get(path)
    form = {"code": "K9", "name": "九号库房", "climate_kind": "paper", "version": "1"}

    browser.post(path, form)
    conflict = browser.post(path, {**form, "name": "十号库房"}, status=409)

    assert "九号库房" in conflict.text
    assert "K9-01-02-02" in browser.get("/storage/places/" + encode_id(room.shelves[3])).text


def test_a_place_with_boxes_cannot_be_closed(room: Room) -> None:
    with room.portal.session() as session:
        shelve(session, actor(session, "archivist"), [room.box], room.shelves[0], now=NOW)
        session.commit()
    browser, path = archivist(room), f"/storage/places/{encode_id(room.room)}"

    refused = browser.post(f"{path}/close", status=422)
    browser.post(f"/storage/places/{encode_id(room.shelves[1])}/close")
    browser.post(f"/storage/places/{encode_id(room.shelves[1])}/reopen")

    assert "先移走" in refused.text


def test_boxes_are_made_with_numbers_that_run(room: Room) -> None:
    browser = archivist(room)
    browser.get("/storage/boxes/new")

    form = {
        "branch": str(EAST),
        "count": "3",
        "spine_mm": "50",
        "year": "2026",
        "period": "",
        "idempotency_key": "boxes",
    }
    browser.post("/storage/boxes/new", form)

    page = browser.get("/storage/boxes?year=2026").text
    assert [f"J019-2026-H0000{n}" in page for n in (1, 2, 3, 4)] == [True] * 4
    assert "没有符合条件" in browser.get("/storage/boxes?year=1999").text
    assert browser.get("/storage/boxes?stands=unplaced", htmx=True).text.lstrip().startswith('<section id="boxes"')


def test_a_box_is_put_away_by_two_scans(room: Room) -> None:
    browser = archivist(room)
    browser.get("/storage/shelving")

    step = browser.post("/storage/shelving", {"code": code("box", room.box)}).headers["Location"]
    browser.post(step, {"code": code("place", room.shelves[0])})
    page = browser.get("/storage/shelving").text

    assert "已放到 K1-01-01-01" in page
    box = room.look(Box, room.box)
    assert isinstance(box, Box)
    assert (box.place_id, box.position) == (room.shelves[0], 1)
    assert "K1-01-01-01" in browser.get(f"/storage/boxes/{encode_id(room.box)}").text


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "请扫码"),
        ("6901234567892", "不是本系统的条码"),
        ("https://example.com/x", "不是本系统的条码"),
        ("B-ZZZZ-1", "没有找到"),
        ("没有这个", "没有找到"),
        ("K1", "请扫描盒上的标签"),
        ("x" * 3000, "没有找到"),
    ],
)
def test_what_is_no_box_is_told_in_a_sentence(room: Room, typed: str, sentence: str) -> None:
    browser = archivist(room)
    for path in ("/storage/shelving", "/storage/boxing"):
        browser.get(path)

        assert sentence in browser.post(path, {"code": typed}, status=422).text


def test_a_full_shelf_refuses_and_keeps_everything_as_it_was(room: Room) -> None:
    with room.portal.session() as session:
        who = actor(session, "archivist")
        wide = create_box(session, who, EAST, BoxData(spine_mm=50, year=2026), now=NOW)
        more = create_box(session, who, EAST, BoxData(spine_mm=50, year=2026), now=NOW)
        shelve(session, who, [wide, room.box], room.shelves[0], now=NOW)
        session.commit()
    browser = archivist(room)
    step = f"/storage/shelving/{encode_id(more)}"
    browser.get(step)

    refused = browser.post(step, {"code": "K1-01-01-01"}, status=422)
    whole = browser.post(step, {"code": "K1-01"}, status=422)

    assert "放不下" in refused.text
    assert "还有层" in whole.text
    box = room.look(Box, more)
    assert isinstance(box, Box)
    assert box.place_id is None


def test_many_boxes_move_at_once(room: Room) -> None:
    with room.portal.session() as session:
        who = actor(session, "archivist")
        other = create_box(session, who, EAST, BoxData(year=2026), now=NOW)
        shelve(session, who, [room.box, other], room.shelves[0], now=NOW)
        session.commit()
    browser, path = archivist(room), f"/storage/places/{encode_id(room.shelves[0])}"
    browser.get(path)

    browser.post(f"{path}/move", {"code": "K1-01-01-02"}, status=422)
    browser.post(f"{path}/move", {"code": "K1-01-01-02", "box": [encode_id(room.box), encode_id(other)]})

    page = browser.get(f"/storage/places/{encode_id(room.shelves[1])}").text
    assert page.count('name="box"') == 2


def test_papers_are_boxed_one_after_the_other_and_the_last_taken_back(room: Room) -> None:
    browser, path = archivist(room), f"/storage/boxing/{encode_id(room.box)}"
    browser.get(path)

    browser.post(path, {"code": "j019-zy.kh.2026.d10-00001"})
    page = browser.get(path).text
    twice = browser.post(path, {"code": code("document", room.document)}, status=422)
    browser.post(f"{path}/undo")
    nothing = browser.post(f"{path}/undo", status=422)

    assert "J019-ZY·KH·2026·D10-00001 已装盒" in page
    assert "已经在这个盒里" in twice.text
    assert "没有可以撤销" in nothing.text
    document = room.look(Document, room.document)
    assert isinstance(document, Document)
    assert document.box_id is None


@pytest.mark.parametrize(
    ("state", "whereabouts", "sentence"),
    [
        ("destroyed", "shelf", "销毁"),
        ("held", "shelf", "封存"),
        ("received", "shelf", "归档"),
        ("filed", "loan", "借出"),
        ("filed", "none", "电子件"),
    ],
)
def test_a_paper_that_cannot_be_boxed_is_refused_in_a_sentence(
    room: Room, state: str, whereabouts: str, sentence: str
) -> None:
    with room.portal.session() as session:
        document = session.get_one(Document, room.document)
        document.state, document.whereabouts = state, whereabouts
        session.commit()
    browser, path = archivist(room), f"/storage/boxing/{encode_id(room.box)}"
    browser.get(path)

    assert sentence in browser.post(path, {"code": code("document", room.document)}, status=422).text


def test_ticked_papers_become_a_volume_or_leave_the_box(room: Room) -> None:
    with room.portal.session() as session:
        who = actor(session, "archivist")
        second = make_document(session, room.customer, title="王芳户口簿复印件")
        filed(session.get_one(Document, second), 2)
        put_in(session, who, room.box, room.document, now=NOW)
        put_in(session, who, room.box, second, now=NOW)
        session.commit()
    browser, path = archivist(room), f"/storage/boxes/{encode_id(room.box)}"
    browser.get(path)
    both = [encode_id(room.document), encode_id(second)]

    empty = browser.post(f"{path}/volumes", {"title": "王芳基本信息", "item": []}, status=422)
    untitled = browser.post(f"{path}/volumes", {"item": both}, status=422)
    formed = browser.post(f"{path}/volumes", {"title": "王芳基本信息", "item": both})
    bound = browser.post(f"{path}/take-out", {"item": both}, status=422)

    assert "勾选" in empty.text
    assert "案卷题名" in untitled.text
    assert untitled.text.count("checked") == 2
    assert "王芳基本信息" in browser.get(formed.headers["Location"]).text
    assert "案卷" in bound.text
    with room.portal.session() as session:
        volume = session.scalars(select(Volume)).one()
        assert volume.box_id == room.box


def test_a_paper_is_taken_out_of_its_box(room: Room) -> None:
    with room.portal.session() as session:
        put_in(session, actor(session, "archivist"), room.box, room.document, now=NOW)
        session.commit()
    browser, path = archivist(room), f"/storage/boxes/{encode_id(room.box)}"
    browser.get(path)

    browser.post(f"{path}/take-out", {"item": [encode_id(room.document)]})
    browser.post(f"{path}/take-out", {"item": []}, status=422)
    browser.post(f"{path}/take-out", {"item": ["nonsense"]}, status=404)

    with room.portal.session() as session:
        assert session.scalars(select(Movement.to_place).where(Movement.document_id == room.document)).all()[-1] == ""


def test_a_code_leads_to_the_page_of_its_thing(room: Room) -> None:
    browser = archivist(room)

    for kind, thing_id, path in (
        ("box", room.box, "/storage/boxes/"),
        ("place", room.room, "/storage/places/"),
        ("document", room.document, "/documents/"),
        ("customer", room.customer, "/customers/"),
    ):
        found = browser.get(f"/storage/find?code={code(kind, thing_id)}", status=303)
        assert found.headers["Location"] == path + encode_id(thing_id)
        typed = browser.post("/search", {"q": code(kind, thing_id).lower()})
        assert "/storage/find" in typed.headers["Location"]
    assert "没有找到" in browser.get("/storage/find?code=B-ZZ-1").text
    assert "不是本系统的条码" in browser.get("/storage/find?code=6901234567892").text
    assert "data-scan" in browser.get("/storage/find").text


def test_another_branchs_storeroom_is_not_there(room: Room) -> None:
    other = room.portal.browser("archivist_west")

    for path in (
        f"/storage/places/{encode_id(room.room)}",
        f"/storage/places/{encode_id(room.room)}/edit",
        f"/storage/places/{encode_id(room.room)}/labels.pdf",
        f"/storage/boxes/{encode_id(room.box)}",
        f"/storage/boxes/{encode_id(room.box)}/spine.pdf",
        f"/storage/boxing/{encode_id(room.box)}",
        f"/storage/shelving/{encode_id(room.box)}",
    ):
        other.get(path, status=404)
    other.get("/storage")
    assert "没有找到" in other.get(f"/storage/find?code={code('box', room.box)}").text
    other.get("/storage/boxes/new")
    form = {"branch": str(EAST), "count": "1", "spine_mm": "40", "period": "", "idempotency_key": "x"}
    other.post("/storage/boxes/new", form, status=422)
    with room.portal.session() as session:
        west = create_box(session, actor(session, "archivist_west"), WEST, BoxData(), now=NOW)
        session.commit()
    step = f"/storage/shelving/{encode_id(west)}"
    other.get(step)
    assert "没有找到" in other.post(step, {"code": code("place", room.shelves[0])}, status=422).text


@pytest.mark.parametrize("who", ["clerk", "agent", "auditor", "newcomer"])
def test_who_has_no_business_in_the_storeroom_is_refused(room: Room, who: str) -> None:
    browser = room.portal.browser(who)

    browser.get("/storage", status=403)
    browser.get(f"/storage/boxes/{encode_id(room.box)}", status=403)


def test_a_manager_looks_and_changes_nothing(room: Room) -> None:
    browser = room.portal.browser("manager")

    page = browser.get(f"/storage/boxes/{encode_id(room.box)}").text
    browser.post(f"/storage/boxes/{encode_id(room.box)}/move", {"code": "K1-01-01-01"}, status=403)
    browser.get("/storage/movements")

    assert "/edit" not in page


def test_the_movement_book_tells_of_every_move(room: Room) -> None:
    with room.portal.session() as session:
        who = actor(session, "archivist")
        put_in(session, who, room.box, room.document, now=NOW)
        shelve(session, who, [room.box], room.shelves[0], now=NOW)
        session.commit()
    browser = archivist(room)

    page = browser.get("/storage/movements").text

    assert page.count('class="main"') == 2
    assert "K1-01-01-01" in page
    assert browser.get("/storage/movements?number=j019-2026-h00001").text.count('class="main"') == 1
    assert "没有符合条件" in browser.get("/storage/movements?reason=loan&from=2026-01-01", htmx=True).text


def test_a_label_scanned_into_a_filter_is_its_number(room: Room) -> None:
    with room.portal.session() as session:
        put_in(session, actor(session, "archivist"), room.box, room.document, now=NOW)
        session.commit()
    browser, box, paper = archivist(room), code("box", room.box), code("document", room.document)

    for address in (f"/storage/boxes?number={box}", f"/storage/movements?number={paper}", f"/documents?number={paper}"):
        page = browser.get(address).text
        assert page.count('<td class="main">') == 1, address
        assert "data-camera=" in page

    foreign = room.portal.browser("archivist_west").get(f"/storage/boxes?number={box}").text
    assert "J019-2026-H00001" not in foreign


def test_an_item_says_where_it_is(room: Room) -> None:
    browser, path = archivist(room), f"/documents/{encode_id(room.document)}"
    assert "还没有装盒" in browser.get(path).text
    with room.portal.session() as session:
        who = actor(session, "archivist")
        put_in(session, who, room.box, room.document, now=NOW)
        shelve(session, who, [room.box], room.shelves[0], now=NOW)
        session.commit()

    page = browser.get(path).text

    assert "K1-01-01-01" in page
    assert "J019-2026-H00001" in page
    assert "K1-01-01-01" in browser.get("/documents").text
    assert "K1-01-01-01" in browser.get(f"/customers/{encode_id(room.customer)}?class=1").text


def test_what_no_database_can_hold_finds_nothing(room: Room) -> None:
    browser = archivist(room)

    for path in ("/storage/boxes?number=%00&period=%00&stands=%00", "/storage/movements?number=%00a&direction=%00"):
        browser.get(path)
    assert "没有找到" in browser.get("/storage/find?code=a%00b").text


def pdf_text(data: bytes) -> str:
    document = pypdfium2.PdfDocument(data)
    return re.sub(r"\s", "", "".join(page.get_textpage().get_text_bounded() for page in document))


def test_labels_and_spines_print_in_chinese(room: Room) -> None:
    with room.portal.session() as session:
        put_in(session, actor(session, "archivist"), room.box, room.document, now=NOW)
        shelve(session, actor(session, "archivist"), [room.box], room.shelves[0], now=NOW)
        session.commit()
    browser = archivist(room)

    places = browser.get(f"/storage/places/{encode_id(room.room)}/labels.pdf")
    items = browser.get(f"/storage/boxes/{encode_id(room.box)}/item-labels.pdf?skip=3")
    box = browser.get(f"/storage/boxes/{encode_id(room.box)}/label.pdf")
    spine = browser.get(f"/storage/boxes/{encode_id(room.box)}/spine.pdf")
    spines = browser.get(f"/storage/places/{encode_id(room.shelves[0])}/spines.pdf")
    browser.get(f"/storage/places/{encode_id(room.shelves[1])}/spines.pdf", status=404)
    one = browser.get(f"/storage/items/{encode_id(room.document)}/label.pdf")

    assert "一号库房" in pdf_text(places.data)
    assert code("place", room.shelves[3]) in pdf_text(places.data)
    assert "J019-ZY·KH·2026·D10-00001" in pdf_text(items.data)
    assert "王芳" not in pdf_text(items.data) + pdf_text(one.data)
    assert "江东分公司" in pdf_text(box.data)
    for word in ("全宗号", "J019", "年度", "2026", "保管期限", "起止件号", "00001", "盒号", "机构"):
        assert word in pdf_text(spine.data)
        assert word in pdf_text(spines.data)
    assert places.headers["Content-Disposition"].startswith("inline")
