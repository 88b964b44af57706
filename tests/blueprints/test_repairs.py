"""The screens of repair: ordering with photos through the real sandbox, the steps, the photos' addresses."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import select

from app.domain.ids import encode_id
from app.domain.scan_codes import label_code
from app.models.documents import Document
from app.models.evidence import Photo
from app.models.rounds import RepairOrder
from tests.adapters.made_files import jpeg
from tests.client import Portal
from tests.records import make_customer
from tests.services.test_repairs import paper

FORM = {"damages": ["mildew", "torn"], "mildew": "35", "grade": "", "remark": "首页霉斑", "idempotency_key": "one-form"}


def arrange(portal: Portal) -> int:
    """A filed paper."""
    with portal.session() as session:
        document_id = paper(session, customer_id=make_customer(session))
        session.commit()
    return document_id


def order(portal: Portal, document_id: int, **fields: Any) -> str:
    """Order a repair as the archivist and return its address."""
    browser = portal.browser("archivist")
    browser.get(f"/storage/repairs/new?document={encode_id(document_id)}")
    answer = browser.post("/storage/repairs/new", {**FORM, "document": encode_id(document_id), **fields})
    return str(answer.headers["Location"])


def load(portal: Portal) -> RepairOrder:
    """The one order."""
    with portal.session() as session:
        return session.scalars(select(RepairOrder)).one()


def test_an_order_takes_the_grade_from_the_area_and_keeps_photos(portal: Portal) -> None:
    document_id = arrange(portal)

    path = order(portal, document_id, files=[(BytesIO(jpeg()), "前.jpg")], loan=encode_id(77))

    repair, page = load(portal), portal.browser("archivist").get(path).text
    with portal.session() as session:
        photo = session.scalars(select(Photo)).one()
        assert session.get_one(Document, document_id).whereabouts == "repair"
    assert (repair.grade, repair.source, repair.source_id) == ("extreme", "loan", 77)
    assert "霉变 35%" in page
    picture = f"/storage/repairs/photos/{encode_id(photo.id)}"
    assert portal.browser("manager").get(f"{picture}.jpg").data[:2] == b"\xff\xd8"
    assert f"{picture}/thumbnail.jpg" in page
    portal.browser("archivist_west").get(f"{picture}.jpg", status=404)
    portal.browser("clerk").get(f"{picture}/thumbnail.jpg", status=403)


def test_the_same_form_twice_is_one_order(portal: Portal) -> None:
    document_id = arrange(portal)

    assert order(portal, document_id) == order(portal, document_id)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"damages": [], "mildew": ""}, "请至少勾选一种病害"),
        ({"mildew": "5"}, "请对照实物选择轻度或中度"),
        ({"mildew": "300"}, "1 至 100 的整数"),
        ({"grade": "worst"}, "grade-error"),
        ({"files": [(BytesIO(b"MZ"), "a.jpg")]}, "照片只收 JPEG"),
    ],
)
def test_a_bad_form_comes_back_with_what_was_typed(portal: Portal, changes: dict[str, Any], sentence: str) -> None:
    document_id = arrange(portal)
    browser = portal.browser("archivist")

    page = browser.post(
        "/storage/repairs/new", {**FORM, "document": encode_id(document_id), **changes}, status=422
    ).text

    assert sentence in page
    assert "首页霉斑" in page
    with portal.session() as session:
        assert session.scalars(select(RepairOrder)).all() == []


def test_a_lent_paper_is_refused_with_a_sentence(portal: Portal) -> None:
    document_id = arrange(portal)
    with portal.session() as session:
        session.get_one(Document, document_id).whereabouts = "loan"
        session.commit()

    browser = portal.browser("archivist")
    form = browser.get(f"/storage/repairs/new?document={encode_id(document_id)}")
    page = browser.post("/storage/repairs/new", {**FORM, "document": encode_id(document_id)}, status=422)

    assert "已借出，请先在出纳台办理归还" in form.text  # before anything is filled in
    assert "已借出" in page.text


def test_an_order_goes_its_way_and_is_accepted_by_another(portal: Portal) -> None:
    document_id = arrange(portal)
    path = order(portal, document_id)
    archivist, manager = portal.browser("archivist"), portal.browser("manager")
    archivist.get(path)

    archivist.post(f"{path}/start", {"version": "1", "repairer": "修复所"})
    empty = archivist.post(f"{path}/finish", {"version": "2", "materials": "皮纸"}, status=422).text
    archivist.post(f"{path}/finish", {"version": "2", "method": "除霉", "cost_cents": "120.5"})
    archivist.post(f"{path}/photos", {"moment": "after", "files": [(BytesIO(jpeg()), "后.jpg")]})
    own = archivist.post(f"{path}/accept", {"version": "3", "verdict": "pass"}, status=409).text
    waiting = manager.get(path).text
    manager.post(f"{path}/accept", {"version": "3", "verdict": "fail"}, status=422)
    manager.post(f"{path}/accept", {"version": "3", "verdict": "pass"})

    repair = load(portal)
    assert "请填写修复方法" in empty
    assert "皮纸" in empty
    assert "请另一位人员验收" in own
    assert "提交验收" in waiting
    assert (repair.state, repair.cost_cents) == ("accepted", 12_050)
    with portal.session() as session:
        assert session.get_one(Document, document_id).whereabouts == "shelf"


def test_an_order_is_called_off_with_a_reason(portal: Portal) -> None:
    path = order(portal, arrange(portal))
    browser = portal.browser("archivist")

    silent = browser.post(f"{path}/cancel", {"version": "1", "reason": ""}, status=422).text
    browser.post(f"{path}/cancel", {"version": "1", "reason": "误登"})

    assert "请写明原因" in silent
    assert load(portal).state == "cancelled"


def test_photos_that_are_none_are_refused(portal: Portal) -> None:
    path = order(portal, arrange(portal))
    browser = portal.browser("archivist")

    nothing = browser.post(f"{path}/photos", {"moment": "after"}, status=422).text
    broken = browser.post(f"{path}/photos", {"moment": "after", "files": [(BytesIO(b"xx"), "a.jpg")]}, status=422).text

    assert "请先选择照片" in nothing
    assert "照片只收" in broken


def test_the_list_narrows_and_hides(portal: Portal) -> None:
    order(portal, arrange(portal))

    assert "XF" in portal.browser("manager").get("/storage/repairs?state=open&grade=extreme").text
    assert "没有符合条件" in portal.browser("manager").get("/storage/repairs?state=accepted").text
    assert "还没有修复单" in portal.browser("archivist_west").get("/storage/repairs").text
    fragment = portal.browser("archivist").get("/storage/repairs?state=open", htmx=True).text
    assert re.match(r'\s*<section id="repairs"', fragment)


def test_an_order_of_another_branch_is_not_there(portal: Portal) -> None:
    document_id = arrange(portal)
    path = order(portal, document_id)
    west = portal.browser("archivist_west")

    west.get(path, status=404)
    west.post(f"{path}/start", {"version": "1", "repairer": "甲"}, status=404)
    west.get(f"/storage/repairs/new?document={encode_id(document_id)}", status=404)


def test_a_paper_is_scanned_or_sent_from_its_page_to_be_repaired(portal: Portal) -> None:
    document_id = arrange(portal)
    address = f"/storage/repairs/new?document={encode_id(document_id)}"
    browser = portal.browser("archivist")

    label = label_code("document", document_id)
    found = browser.post("/storage/repairs/find", {"code": label})
    unknown = browser.post("/storage/repairs/find", {"code": "J019-XX·2020·9"}, status=422).text
    page = browser.get(f"/documents/{encode_id(document_id)}").text
    order(portal, document_id)

    assert found.headers["Location"] == address
    assert "没有找到这个号码" in unknown
    assert 'value="J019-XX·2020·9"' in unknown
    assert f'href="{address}"' in page
    assert "看修复单" in browser.get(f"/documents/{encode_id(document_id)}").text
    # The filter of the list understands the label as well.
    assert "XF" in browser.get(f"/storage/repairs?number={label}").text
    portal.browser("manager").post("/storage/repairs/find", {"code": label}, status=403)
