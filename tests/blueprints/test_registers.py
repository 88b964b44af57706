"""The screen of registers: what it asks for each of them, and what the sheet says when it is printed."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pypdfium2
import pytest
from sqlalchemy import select
from sqlalchemy.orm import sessionmaker

from app.db import db
from app.domain.ids import encode_id, new_id
from app.jobs.handlers import Work, handler_of
from app.models.climate import ClimateReading
from app.models.machinery import Export, Job
from app.models.storage import Place
from app.models.transfers import Transfer, TransferLine
from tests.cast import EAST, NOW, PEOPLE, WEST
from tests.client import Portal
from tests.queries.test_register_forms import ARCHIVIST, NUMBER, filed

EMPTY = {"branch_id": "", "category": "", "period": ""}


def room_of(portal: Portal, branch_id: int = EAST) -> int:
    """Keep a room with one reading."""
    place_id = new_id()
    with portal.session() as session:
        session.add(
            Place(id=place_id, branch_id=branch_id, kind="room", code="K1", full_code="K1", path=f"/{place_id}/")
        )
        session.flush()
        session.add(
            ClimateReading(
                place_id=place_id,
                measured_at=NOW,
                day=date(2026, 11, 22),
                half="am",
                source="hand",
                temperature=213,
                humidity=505,
                recorded_by=ARCHIVIST,
                recorded_at=NOW,
            )
        )
        session.commit()
    return place_id


def transfer_of(portal: Portal) -> int:
    """Keep a handing over of one item from the east to the west."""
    with portal.session() as session:
        transfer = Transfer(
            id=new_id(),
            number="YJ2026-0001",
            kind="branch",
            from_branch_id=EAST,
            to_branch_id=WEST,
            from_account_id=PEOPLE["archivist"][0],
            nature="机构撤并",
            years="2026",
            note="随机构撤并移交",
            created_at=NOW,
        )
        session.add(transfer)
        session.flush()
        session.add(TransferLine(transfer_id=transfer.id, document_id=filed(session), ordinal=1, pages_sent=2))
        session.commit()
        return transfer.id


def pages_of(portal: Portal, register: str) -> list[str]:
    """Let the worker's handler print the one order of a register and return its pages without blanks."""
    tools, settings = portal.app.extensions["tools"], portal.app.extensions["baodang"]
    with portal.app.app_context():
        sessions = sessionmaker(db.engine, expire_on_commit=False)
    work = Work(sessions, tools, settings, lambda: datetime.now(UTC), lambda done, total: None, None)
    with sessions() as session:
        export_id = session.scalars(select(Export.id).where(Export.register == register)).one()
    handler_of("print_register")(work, {"export_id": export_id})
    with sessions() as session:
        export = session.get_one(Export, export_id)
        pdf = tools.files.read(export.blob_digest or "")
    document = pypdfium2.PdfDocument(pdf if isinstance(pdf, bytes) else b"".join(pdf))
    assert export.pages == len(document)
    return [re.sub(r"\s", "", page.get_textpage().get_text_range()) for page in document]


def test_the_sheet_of_a_month_is_printed_with_its_foot(portal: Portal) -> None:
    place_id = room_of(portal)
    manager = portal.browser("manager")
    manager.get("/registers?register=climate")

    manager.post("/registers", {**EMPTY, "register": "climate", "room_id": str(place_id), "month": "2026-11"})

    (page,) = pages_of(portal, "climate")
    assert "温湿度登记表" in page
    assert "库房：K1" in page
    assert "20261122上午21.350.5档案甲" in page
    assert "最高21.3，最低21.3，平均21.3" in page
    assert "超标次数：0次" in page


def test_a_handing_over_is_printed_twice_once_for_each_side(portal: Portal) -> None:
    transfer_id = transfer_of(portal)
    receiver = portal.browser("manager_west")
    page = receiver.get(f"/registers?register=transfer&thing={encode_id(transfer_id)}").text
    assert f'<option selected value="{transfer_id}">YJ2026-0001</option>' in page

    receiver.post("/registers", {**EMPTY, "register": "transfer", "transfer_id": str(transfer_id)})

    first, second = pages_of(portal, "transfer")
    assert "正本（移交方存）" in first
    assert "副本（接收方存）" in second
    for sheet in (first, second):
        assert "移交单位：江东分公司" in sheet
        assert "接收单位：江西分公司" in sheet
        assert "移交性质：机构撤并" in sheet
        assert "".join(NUMBER.split()) in sheet
        assert "移交人" in sheet and "监交人" in sheet
        assert "第1页共1页" in sheet


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"register": "climate", "month": "2026-11"}, "请选择库房。"),
        ({"register": "climate", "room_id": "ROOM"}, "请选择月份"),
        ({"register": "climate", "room_id": "ROOM", "month": "2026-13"}, "请写成四位年度和两位月份"),
        ({"register": "stocktake"}, "请选择一次盘点。"),
        ({"register": "transfer", "transfer_id": "4242"}, "transfer_id-error"),
        ({"register": "handover"}, "请选择一份岗位交接。"),
        ({"register": "loans", "since": "2026-05-02", "until": "2026-05-01"}, "截止日期早于起始日期"),
    ],
)
def test_what_a_register_cannot_do_without_is_asked_for(portal: Portal, typed: dict[str, str], sentence: str) -> None:
    place_id = str(room_of(portal))
    manager = portal.browser("manager")
    form = {name: place_id if value == "ROOM" else value for name, value in typed.items()}

    page = manager.post("/registers", {**EMPTY, **form}, status=422).text

    assert sentence in page


def test_a_room_of_another_branch_is_not_offered_and_not_taken(portal: Portal) -> None:
    place_id = room_of(portal, WEST)
    manager = portal.browser("manager")

    assert str(place_id) not in manager.get("/registers?register=climate").text
    manager.post(
        "/registers", {**EMPTY, "register": "climate", "room_id": str(place_id), "month": "2026-11"}, status=422
    )


@pytest.mark.parametrize("register", ["filed_items", "loans", "climate", "stocktake", "nonsense"])
def test_a_register_shows_only_the_fields_that_go_with_it(portal: Portal, register: str) -> None:
    page = portal.browser("manager").get(f"/registers?register={register}&thing=zzzz").text

    shown = set(re.findall(r'<div class="shown" data-for="[^"]*" >\s*<div[^>]*>\s*<label for="(\w+)"', page))
    assert shown == {
        "loans": {"branch_id", "year", "since", "until"},
        "climate": {"room_id", "month"},
        "stocktake": {"stocktake_id"},
    }.get(register, {"branch_id", "year", "category", "period", "filed_from", "filed_to"})


def ended(portal: Portal, state: str, fault: str = "", **changes: object) -> int:
    """Let the manager order a register of 2024 and bring its job to an end; return the export."""
    manager = portal.browser("manager")
    manager.get("/registers")
    manager.post("/registers", {**EMPTY, "register": "filed_items", "year": "2024"})
    with portal.session() as session:
        export = session.scalars(select(Export)).one()
        job = session.get_one(Job, export.job_id)
        job.state, job.fault = state, fault
        for name, value in changes.items():
            setattr(job, name, value)
        session.commit()
        return export.id


@pytest.mark.parametrize(
    ("state", "fault", "changes", "says"),
    [
        ("failed", "PrintFailed", {}, "请按机构或年度缩小范围"),
        ("failed", "StorageFull", {}, "磁盘空间不足"),
        ("failed", "NoSuchFault", {}, "请把编号告诉系统管理员"),
        ("ready", "OSError", {}, "出错，稍后自动再试"),
        ("running", "", {"cancel_asked": True}, "正在取消"),
    ],
)
def test_who_ordered_a_register_reads_how_it_stands(
    portal: Portal, state: str, fault: str, changes: dict[str, object], says: str
) -> None:
    ended(portal, state, fault, **changes)

    assert says in portal.browser("manager").get("/registers/exports", htmx=True).text


@pytest.mark.parametrize("state", ["failed", "cancelled"])
def test_a_register_that_was_not_made_is_ordered_again_as_it_was(portal: Portal, state: str) -> None:
    export_id = ended(portal, state)
    manager = portal.browser("manager")
    address = f"/registers/{encode_id(export_id)}/again"
    assert address in manager.get("/registers").text

    manager.post(address, {}, status=303)

    with portal.session() as session:
        first, second = session.scalars(select(Export).order_by(Export.created_at, Export.serial))
        assert second.filters == first.filters
        assert second.filters["year"] == 2024
        assert session.get_one(Job, second.job_id).state == "ready"


def test_the_register_of_somebody_else_cannot_be_ordered_again(portal: Portal) -> None:
    export_id = ended(portal, "failed")
    archivist = portal.browser("archivist")
    archivist.get("/registers")

    archivist.post(f"/registers/{encode_id(export_id)}/again", {}, status=404)


def test_a_fourth_register_is_not_begun_by_ordering_again(portal: Portal) -> None:
    export_id = ended(portal, "failed")
    manager = portal.browser("manager")
    manager.get("/registers")
    for _ in range(3):
        manager.post(f"/registers/{encode_id(export_id)}/again", {}, status=303)

    page = manager.post(f"/registers/{encode_id(export_id)}/again", {}, status=409).text

    assert "您已有 3 份台账正在生成" in page
