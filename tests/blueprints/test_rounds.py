"""The screens of rounds: counting by scans, the review, plans and looks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import select

from app.domain.ids import encode_id
from app.domain.scan_codes import label_code
from app.models.documents import Document
from app.models.rounds import Inspection, InspectionPlan, Stocktake, StocktakeLine
from tests.adapters.made_files import jpeg
from tests.client import Browser, Portal
from tests.services.test_stocktakes import Room

SPOT = re.compile(r"\?(.*)$")


@dataclass
class Kept:
    """Ids and codes of a small storeroom."""

    room: int
    shelf: str
    box: str
    a: int
    b: int
    a_code: str
    b_number: str


def arrange(portal: Portal) -> Kept:
    """A room with two shelves, two boxes, four papers."""
    with portal.session() as session:
        room = Room(session)
        kept = Kept(
            room.room.id,
            label_code("place", room.shelf.id),
            label_code("box", room.box.id),
            room.a.id,
            room.b.id,
            label_code("document", room.a.id),
            room.b.archive_number or "",
        )
        session.commit()
    return kept


def start(browser: Browser, kept: Kept) -> str:
    """Open a stock-taking and return its address."""
    browser.get(f"/storage/rounds/new?place={encode_id(kept.room)}")
    form = {"place_id": str(kept.room), "code": "", "reason": "plan", "remark": "", "idempotency_key": "k"}
    return str(browser.post("/storage/rounds/new", form).headers["Location"])


def scan(browser: Browser, path: str, code: str, at: str = "", **more: Any) -> str:
    """Scan and return the address of the next page, whose query is the spot."""
    spot = dict(pair.split("=") for pair in SPOT.findall(at)[0].split("&")) if "?" in at else {}
    return str(browser.post(f"{path}/scan", {"code": code, **spot, **more}).headers["Location"])


def test_a_round_from_the_first_scan_to_the_register(portal: Portal) -> None:
    kept = arrange(portal)
    archivist, manager = portal.browser("archivist"), portal.browser("manager")
    path = start(archivist, kept)

    at = scan(archivist, path, kept.shelf)
    at = scan(archivist, path, kept.box, at)
    opened = archivist.get(at).text
    at = scan(archivist, path, kept.a_code, at)
    found = archivist.get(at).text
    scan(archivist, path, kept.b_number, at, pages="3", damaged="y", remark="缺封底")
    archivist.get(path)
    archivist.post(f"{path}/end", {})
    review = archivist.get(f"{path}?result=missing").text
    archivist.post(f"{path}/propose", {})
    own = portal.browser("archivist").post(f"{path}/decide", {"approved": "yes"}, status=403)
    waiting = manager.get(path).text
    manager.post(f"{path}/close", {}, status=409)
    manager.post(f"{path}/decide", {"approved": "yes"})
    manager.post(f"{path}/close", {})

    assert "整盒都在（3 件）" in opened
    assert "autofocus" in opened
    assert "相符" in found
    assert "缺失" in review
    assert own.status_code == 403
    assert "同意全部更正（2 项）" in waiting
    with portal.session() as session:
        assert session.scalars(select(Stocktake.state)).one() == "closed"
        lost = select(Document.id).where(Document.whereabouts == "missing")
        assert len(session.scalars(lost).all()) == 2
        damaged = session.scalars(select(StocktakeLine).where(StocktakeLine.result == "damaged")).one()
        assert (damaged.document_id, damaged.found_pages, damaged.remark) == (kept.b, 3, "缺封底")
    closed = manager.get(path).text
    assert "已结束" in closed
    differing = archivist.get(f"{path}?result=differs").text
    assert re.search(r"差异\s*<[^>]+>3<", differing)
    assert (kept.b_number in differing, "相符</span>" in differing) == (True, False)
    assert "/storage/repairs/new?document=" in archivist.get(f"{path}?result=damaged").text


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("", "没有读到条码"),
        ("6901234567892", "这不是本库的条码"),
        ("B-1Y2P0IJ32E8E-0", "校验不符"),
        (label_code("loan", 9), "不是档案"),
        ("J019-KH-2026-D10-1", "请先扫所在的架位或盒"),
    ],
)
def test_a_scan_that_has_no_business_here_gets_a_sentence(portal: Portal, code: str, sentence: str) -> None:
    browser = portal.browser("archivist")
    path = start(browser, arrange(portal))

    page = browser.post(f"{path}/scan", {"code": code}, status=422).text

    assert sentence in page
    with portal.session() as session:
        assert session.scalars(select(StocktakeLine).where(StocktakeLine.found_at.is_not(None))).all() == []


def test_spoilt_spots_and_pages_break_nothing(portal: Portal) -> None:
    kept = arrange(portal)
    browser = portal.browser("archivist")
    path = start(browser, kept)

    browser.get(f"{path}?place=zzz&box={encode_id(12345)}")
    bad = browser.post(f"{path}/scan", {"code": kept.a_code, "place": "zzz", "pages": "viele"}, status=422).text
    browser.post(f"{path}/scan", {"code": kept.a_code, "box": encode_id(12345)}, status=422)
    browser.post(f"{path}/whole", {"box": "?"}, status=422)

    assert "error" in bad or "notice" in bad


def test_a_whole_box_and_its_undoing(portal: Portal) -> None:
    kept = arrange(portal)
    browser = portal.browser("archivist")
    path = start(browser, kept)
    at = scan(browser, path, kept.box)
    spot = dict(pair.split("=") for pair in SPOT.findall(at)[0].split("&"))

    browser.post(f"{path}/whole", spot)
    after = browser.get(at).text
    browser.post(f"{path}/undo", spot)
    undone = browser.get(at).text

    assert "整盒 3 件已记为清点过" in after
    assert "已撤回上一次扫描（3 件）" in undone


def test_opening_refuses_what_does_not_fit(portal: Portal) -> None:
    kept = arrange(portal)
    browser = portal.browser("archivist")
    form = {"place_id": "", "code": "", "reason": "plan", "remark": "说明", "idempotency_key": "x"}
    browser.get("/storage/rounds/new")

    nothing = browser.post("/storage/rounds/new", form, status=422).text
    unknown = browser.post("/storage/rounds/new", {**form, "code": "ZZ-9"}, status=422).text
    browser.post("/storage/rounds/new", {**form, "code": "k1-01"})
    second = browser.post(
        "/storage/rounds/new", {**form, "place_id": str(kept.room), "idempotency_key": "y"}, status=422
    ).text

    assert "请选择盘点范围" in nothing
    assert "没有这个架位" in unknown
    assert "已有未结束的盘点" in second
    assert "说明" in second


def test_a_count_is_resumed_and_called_off(portal: Portal) -> None:
    browser = portal.browser("archivist")
    path = start(browser, arrange(portal))
    browser.post(f"{path}/end", {})

    browser.post(f"{path}/resume", {})
    browser.post(f"{path}/cancel", {"reason": ""}, status=409)
    browser.post(f"{path}/cancel", {"reason": "改期"})

    assert "已取消" in browser.get(path).text
    browser.post(f"{path}/scan", {"code": "x"}, status=409)


def test_a_stock_taking_of_another_branch_is_not_there(portal: Portal) -> None:
    path = start(portal.browser("archivist"), arrange(portal))
    west = portal.browser("archivist_west")

    west.get(path, status=404)
    west.post(f"{path}/scan", {"code": "x"}, status=404)
    assert "还没有盘点" in west.get("/storage/rounds").text
    assert "PD" in portal.browser("manager").get("/storage/rounds?state=open").text
    portal.browser("clerk").get(path, status=403)


def make_plan(portal: Portal) -> str:
    """Make a plan of everything every year, and its worklist."""
    browser = portal.browser("archivist", stepped_up=True)
    form = {"branch_id": "2", "name": "全查", "years": "1", "sample_percent": "0", "basis": "", "idempotency_key": "p"}
    path = str(browser.post("/storage/rounds/plans/new", form).headers["Location"])
    browser.post(f"{path}/worklist", {"year": str(datetime.now(UTC).year)})
    return path


def test_items_are_looked_at_one_after_the_other(portal: Portal) -> None:
    kept = arrange(portal)
    path = make_plan(portal)
    browser = portal.browser("archivist")

    listed = browser.get(path).text
    form_at = str(browser.post(f"{path}/find", {"code": kept.a_code}).headers["Location"])
    browser.get(form_at)
    wrong = browser.post(form_at, {"grade": "sound", "damages": ["torn"], "note": "书口"}, status=422).text
    look = {"grade": "extreme", "damages": ["mildew"], "mildew": "40", "files": [(BytesIO(jpeg()), "病害.jpg")]}
    back = browser.post(form_at, look)
    said = browser.get(back.headers["Location"]).text

    assert "0 / 4" in listed
    assert "却勾了病害" in wrong
    assert "书口" in wrong
    assert back.headers["Location"] == path
    assert f'<a href="/storage/repairs/new?document={encode_id(kept.a)}&amp;inspection=' in said
    assert "1 / 4" in said
    again = browser.get(form_at).text
    picture = re.search(r'src="(/storage/rounds/photos/[^"]+)"', again)
    assert picture
    assert browser.get(picture[1]).mimetype == "image/jpeg"
    portal.browser("archivist_west").get(picture[1], status=404)
    assert "霉变 40%" in browser.get(f"{path}?show=damaged").text
    assert f"/storage/repairs/new?document={encode_id(kept.a)}&amp;inspection=" in again
    browser.post(form_at, {"grade": "slight", "damages": ["mildew"], "mildew": "25"})
    assert "建议“严重”：霉变达到 20%" in browser.get(form_at).text


def test_bad_plans_and_bad_scans_are_refused(portal: Portal) -> None:
    path = make_plan(portal)
    browser = portal.browser("archivist", stepped_up=True)
    form = {
        "branch_id": "2",
        "name": "",
        "years": "99",
        "sample_percent": "-1",
        "basis": "依据",
        "idempotency_key": "q",
    }

    refused = browser.post("/storage/rounds/plans/new", form, status=422).text
    unknown = browser.post(f"{path}/find", {"code": "J999"}, status=422).text
    browser.post(f"{path}/worklist", {"year": "1999"}, status=422)
    browser.post(f"{path}/worklist", {"year": "x"}, status=422)
    browser.post(f"{path}/end", {})
    browser.post(f"{path}/end", {}, status=409)

    assert "请填写计划名称" in refused
    assert "依据" in refused
    assert "没有这份材料" in unknown
    with portal.session() as session:
        assert not session.scalars(select(InspectionPlan.active)).one()
        assert session.scalars(select(Inspection)).all() == []
