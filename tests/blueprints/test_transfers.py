"""The screens of handing over: drafting, listing by scanner, counting at the other side, signing, the end."""

from __future__ import annotations

import base64
import io
import re
from typing import Any

import pytest
from PIL import Image, ImageDraw
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.ids import decode_id, encode_id
from app.domain.scan_codes import label_code
from app.models.documents import Document
from app.models.evidence import Signature
from app.models.storage import Box
from app.models.transfers import Transfer, TransferLine
from tests.cast import EAST, NOW, PEOPLE, WEST
from tests.client import Browser, Portal
from tests.services.test_transfers import filed

HEAD: dict[str, Any] = {
    "kind": "branch",
    "from_branch_id": str(EAST),
    "to_branch_id": str(WEST),
    "nature": "机构撤并",
    "years": "2026",
    "witness": "",
    "note": "随机构撤并移交",
    "equipment": "",
    "idempotency_key": "one-form",
}


def keep(portal: Portal, *serials: int) -> list[int]:
    """Let items stand in the archive of the east."""
    with portal.session() as session:
        papers = [filed(session, serial) for serial in serials]
        session.commit()
    return papers


def draft(browser: Browser, **fields: str) -> str:
    """Draft a handing over on the screen and return its address."""
    browser.get("/storage/transfers/new")
    return str(browser.post("/storage/transfers/new", {**HEAD, **fields}).headers["Location"])


def sent(portal: Portal, *papers: int) -> str:
    """Send items to the west and return the address."""
    giver = portal.browser("archivist")
    at = draft(giver)
    for paper in papers:
        giver.post(f"{at}/papers", {"code": label_code("document", paper)})
    giver.post(f"{at}/send")
    return at


def lines_of(session: Session, at: str) -> dict[int, TransferLine]:
    """Return the lines of a handing over by item."""
    transfer_id = decode_id(at.rsplit("/", 1)[1])
    found = session.scalars(select(TransferLine).where(TransferLine.transfer_id == transfer_id))
    return {line.document_id: line for line in found}


def drawn() -> str:
    """Return a signature as a canvas gives it."""
    image = Image.new("RGB", (300, 100), "white")
    ImageDraw.Draw(image).line((10, 80, 150, 20, 290, 80), fill="black", width=4)
    data = io.BytesIO()
    image.save(data, "PNG")
    return "data:image/png;base64," + base64.b64encode(data.getvalue()).decode()


def test_papers_go_from_shelf_to_shelf_with_both_names_under_the_sheet(portal: Portal) -> None:
    came, lost = keep(portal, 1, 2)
    at = sent(portal, came, lost)
    giver, receiver = portal.browser("archivist"), portal.browser("archivist_west")
    assert "机构撤并" in receiver.get("/storage/transfers?way=incoming").text
    assert "待清点" in receiver.get(at).text

    receiver.post(f"{at}/count", {"code": "j019-zy.cb.2026.d10-00001", "pages": "1", "remark": "缺第2页"})
    with portal.session() as session:
        absent = lines_of(session, at)[lost].id
    receiver.post(f"{at}/papers/{encode_id(absent)}/absent", {"reason": "箱内未见"})
    receiver.post(f"{at}/counted")
    giver.post(f"{at}/sign", {"side": "giver", "signer": "档案甲", "drawing": drawn()})
    receiver.post(f"{at}/sign", {"side": "receiver", "signer": "档案丙"})
    page = giver.get(f"{at}?show=absent").text
    assert f'value="{encode_id(absent)}"' in page
    giver.post(f"{at}/finish", {"back": encode_id(absent)})

    with portal.session() as session:
        papers = {one: session.get_one(Document, one) for one in (came, lost)}
        signatures = session.scalars(select(Signature).order_by(Signature.taken_at)).all()
    assert {one: (paper.branch_id, paper.whereabouts) for one, paper in papers.items()} == {
        came: (WEST, "shelf"),
        lost: (EAST, "shelf"),
    }
    assert [(row.moment, row.means) for row in signatures] == [("giver", "drawn"), ("receiver", "paper")]
    picture = giver.client.get(f"{at}/signatures/{encode_id(signatures[0].id)}", base_url="https://localhost")
    assert picture.mimetype == "image/jpeg"
    giver.get(f"{at}/signatures/{encode_id(signatures[1].id)}", status=404)
    page = receiver.get(at).text
    assert "已办结" in page
    assert "register=transfer" in page


def test_a_form_sent_twice_drafts_once(portal: Portal) -> None:
    giver = portal.browser("archivist")

    assert draft(giver) == draft(giver)

    with portal.session() as session:
        assert [row.number for row in session.scalars(select(Transfer))] == [f"YJ{NOW.year}-0001"]


def test_a_whole_box_is_listed_by_its_label_and_the_rest_by_a_filter(portal: Portal) -> None:
    first, second, third = keep(portal, 1, 2, 3)
    with portal.session() as session:
        box = Box(branch_id=EAST, number="J019-0001", fonds_code="J019", created_at=NOW)
        session.add(box)
        session.flush()
        for paper in (first, second):
            session.get_one(Document, paper).box_id = box.id
        session.commit()
        code = label_code("box", box.id)
    giver = portal.browser("archivist")
    at = draft(giver)

    giver.post(f"{at}/papers", {"code": code})
    assert "已列入 2 件" in giver.get(at).text
    giver.post(f"{at}/matching", {"category": "", "year": "2026", "period": "", "box": ""})

    page = giver.get(at).text
    assert "已列入 1 件" in page
    with portal.session() as session:
        assert sorted(lines_of(session, at)) == sorted([first, second, third])


@pytest.mark.parametrize(
    ("path", "form", "status", "sentence"),
    [
        ("papers", {"code": ""}, 422, "scan"),
        ("papers", {"code": "6901234567892"}, 422, ""),
        ("papers", {"code": "J019-ZY·CB·2026·D10-00001"}, 409, "这件档案已在清册里"),
        ("papers", {"code": "J019-ZY·CB·2026·D10-00002"}, 409, "已借出"),
        ("matching", {"category": "", "year": "99999", "period": ""}, 422, "四位年度"),
        ("matching", {"category": "", "year": "1999", "period": ""}, 409, "没有可以列入的在库档案"),
        ("count", {"code": "J019-ZY·CB·2026·D10-00001"}, 409, "还在拟稿"),
        ("counted", {}, 409, "还在拟稿"),
        ("sign", {"side": "giver", "signer": "档案甲"}, 422, "error-summary"),
        ("finish", {}, 409, "还在拟稿"),
        ("cancel", {"reason": " "}, 422, "请写明原因"),
    ],
)
def test_what_cannot_be_done_to_a_draft_is_told_plainly(
    portal: Portal, path: str, form: dict[str, str], status: int, sentence: str
) -> None:
    first, second = keep(portal, 1, 2)
    with portal.session() as session:
        session.get_one(Document, second).whereabouts = "loan"
        session.commit()
    giver = portal.browser("archivist_head")  # reaches both sides
    at = draft(giver)
    giver.post(f"{at}/papers", {"code": label_code("document", first)})

    page = giver.post(f"{at}/{path}", form, status=status).text

    assert sentence in page


@pytest.mark.parametrize(
    ("form", "status", "sentence"),
    [
        ({"code": "J019-ZY·CB·2026·D10-00002"}, 409, "清册里没有这件档案"),
        ({"code": "6901234567892"}, 409, "清册里没有这件档案"),
        ({"code": ""}, 422, ""),
        ({"code": "J019-ZY·CB·2026·D10-00001", "pages": "-1"}, 422, "页数应在 0 到 10,000 之间"),
        ({"code": "J019-ZY·CB·2026·D10-00001", "pages": "很多"}, 422, "error-summary"),
    ],
)
def test_what_was_not_sent_cannot_be_counted(portal: Portal, form: dict[str, str], status: int, sentence: str) -> None:
    first, _ = keep(portal, 1, 2)
    at = sent(portal, first)

    page = portal.browser("archivist_west").post(f"{at}/count", form, status=status).text

    assert sentence in page
    assert form["code"] in page
    with portal.session() as session:
        assert lines_of(session, at)[first].state == "moving"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"nature": ""}, "请填写移交性质"),
        ({"to_branch_id": str(EAST)}, "接收单位与移交单位相同"),
        ({"to_branch_id": ""}, "请选择接收单位"),
        ({"from_branch_id": str(WEST)}, "from_branch_id-error"),
        ({"kind": "gift"}, "kind-error"),
        ({"kind": "post"}, "请选择接收人"),
        ({"kind": "post", "to_account_id": str(PEOPLE["archivist"][0])}, "error-summary"),
        ({"note": "长" * 501}, "note-error"),
    ],
)
def test_what_was_typed_stays_when_the_head_is_wrong(portal: Portal, changes: dict[str, str], sentence: str) -> None:
    giver = portal.browser("archivist")
    giver.get("/storage/transfers/new")

    page = giver.post("/storage/transfers/new", {**HEAD, **changes}, status=422).text

    assert sentence in page
    assert 'value="2026"' in page


def test_a_draft_is_changed_and_a_stale_form_is_told_what_differs(portal: Portal) -> None:
    giver = portal.browser("archivist")
    at = draft(giver)
    version = re.search(r'name="version" type="hidden" value="(\d+)"', giver.get(f"{at}/edit").text)
    assert version
    form = {**HEAD, "version": version[1], "nature": "定期移交"}

    giver.post(f"{at}/edit", form)
    conflict = giver.post(f"{at}/edit", {**form, "nature": "别的"}, status=409).text

    assert "定期移交" in conflict
    assert "定期移交" in giver.get(at).text


def test_a_receiver_of_another_branch_finds_nothing(portal: Portal) -> None:
    (paper,) = keep(portal, 1)
    at = sent(portal, paper)
    stranger = portal.browser("archivist_city")

    stranger.get(at, status=404)
    for path in ("count", "counted", "sign", "finish", "cancel", "send", "papers", "matching"):
        stranger.post(f"{at}/{path}", {"code": "x", "reason": "x"}, status=404)
    portal.browser("clerk").get("/storage/transfers", status=403)


def test_a_manager_signs_but_counts_nothing(portal: Portal) -> None:
    (paper,) = keep(portal, 1)
    at = sent(portal, paper)
    manager = portal.browser("manager_west")

    manager.post(f"{at}/count", {"code": label_code("document", paper)}, status=403)
    portal.browser("archivist_west").post(f"{at}/counted", {"reason": "全部未见"})
    manager.post(f"{at}/sign", {"side": "giver", "signer": "冒名"}, status=422)
    manager.post(
        f"{at}/sign", {"side": "receiver", "signer": "负责乙", "drawing": "data:image/png;base64,xx"}, status=422
    )
    manager.post(f"{at}/sign", {"side": "receiver", "signer": "负责乙"})

    assert "负责乙" in manager.get(at).text


def test_calling_it_off_asks_for_a_reason_and_brings_papers_back(portal: Portal) -> None:
    (paper,) = keep(portal, 1)
    at = sent(portal, paper)
    giver = portal.browser("archivist")

    giver.post(f"{at}/cancel", {"reason": ""}, status=422)
    giver.post(f"{at}/cancel", {"reason": "对方库房未就绪"})

    assert "已撤销" in giver.get(at).text
    with portal.session() as session:
        assert session.get_one(Document, paper).whereabouts == "shelf"
