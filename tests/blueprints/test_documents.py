"""The screens of documents: receiving through the real sandbox, pages, description, filing, the ledger, originals."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import sessionmaker

from app.db import db
from app.domain.ids import encode_id
from app.jobs.documents import render_version
from app.jobs.handlers import Work
from app.models.documents import Blob, Document, DocumentVersion, Page
from app.models.machinery import Job, TrailEntry
from app.queries.documents import category_choices
from tests.adapters.made_files import jpeg, pdf_of_pages, pdf_with_text, png, png_of_one_colour
from tests.cast import EAST_CITY, PEOPLE
from tests.client import Browser, Portal
from tests.records import counted, make_customer, make_document

KEY = re.compile(r'name="idempotency_key" type="hidden" value="([^"]+)"')
TOKEN = re.compile(r"[A-Za-z0-9_\-]{86}==")
EXECUTABLE = b"MZ" + bytes(200) + b"This program cannot be run in DOS mode."
# Files that must not come in, and the sentence for each.
BAD_FILES = [
    pytest.param(b"", "空.pdf", "0 字节", id="empty"),
    pytest.param(EXECUTABLE, "投保单.pdf", "只收 PDF、OFD、JPEG、PNG、TIFF、HEIC", id="renamed-executable"),
    pytest.param(b"<script>alert(1)</script>", "x.jpg", "只收 PDF、OFD、JPEG、PNG、TIFF、HEIC", id="renamed-page"),
    pytest.param(pdf_of_pages(1)[:200], "断.pdf", "文件已损坏", id="cut-off"),
    pytest.param(png_of_one_colour(60_000, 60_000), "炸弹.png", "图像尺寸过大", id="pixel-bomb"),
]


def arrange(portal: Portal, **fields: Any) -> int:
    """Write a customer and return the id."""
    with portal.session() as session:
        customer_id = make_customer(session, **fields)
        session.commit()
    return customer_id


def form_for(portal: Portal, customer_id: int, **fields: Any) -> dict[str, Any]:
    """What a receiving form sends for this customer."""
    with portal.session() as session:
        first = category_choices(session)[0]
    plain = {
        "customer": encode_id(customer_id),
        "category_id": str(first.id),
        "title": "王芳终身寿险投保单",
        "author": "王芳",
        "formed_on": "2026-05-01",
        "level": "2",
        "period": "D10",
        "carrier": "dual",
        "is_original": "y",
        "policy_id": "",
        "claim_id": "",
        "idempotency_key": "one-form",
    }
    return {**plain, **fields}


def a_file(data: bytes, name: str) -> tuple[BytesIO, str]:
    """A chosen file."""
    return BytesIO(data), name


def receive(portal: Portal, browser: Browser, customer_id: int, data: bytes, name: str, **fields: Any) -> int:
    """Send one file and return the id of the item."""
    browser.get(f"/documents/new?customer={encode_id(customer_id)}")
    answer = browser.post("/documents/new", form_for(portal, customer_id, files=[a_file(data, name)], **fields))
    with portal.session() as session:
        newest = session.scalars(select(Document.id).order_by(Document.created_at.desc(), Document.id)).first()
    assert newest
    assert answer.headers["Location"] == f"/documents/{encode_id(newest)}"
    return newest


def draw(portal: Portal) -> None:
    """Do the drawing that waits, as the worker does it."""
    with portal.app.app_context():
        sessions = sessionmaker(db.engine, expire_on_commit=False)
    tools, settings = portal.app.extensions["tools"], portal.app.extensions["baodang"]
    work = Work(sessions, tools, settings, lambda: datetime.now(UTC), lambda _done, _total: None, None)
    with sessions() as session:
        waiting = [job.payload for job in session.scalars(select(Job).where(Job.kind == "render_version"))]
    for payload in waiting:
        render_version(work, payload)


def count(portal: Portal, model: Any) -> int:
    """How many rows a table has."""
    with portal.session() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def trail(portal: Portal, event: str) -> list[TrailEntry]:
    """The entries of one event."""
    with portal.session() as session:
        return list(session.scalars(select(TrailEntry).where(TrailEntry.event == event)))


def test_a_pdf_becomes_an_item_whose_pages_can_be_leafed_through(portal: Portal) -> None:
    customer_id, browser = arrange(portal), portal.browser("archivist")

    document_id = receive(portal, browser, customer_id, pdf_of_pages(3), "投保单.pdf")
    path = f"/documents/{encode_id(document_id)}"
    waiting = browser.get(path).text
    draw(portal)
    page = browser.get(f"{path}?page=2").text

    assert "正在生成页面图像" in waiting
    images = sorted(set(re.findall(rf"{path}/versions/1/pages/\d\.jpg", page)))
    assert len(images) == 3
    for address in (*images, f"{path}/versions/1/pages/1/thumbnail.jpg"):
        image = browser.get(address)
        assert image.mimetype == "image/jpeg"
        assert image.data.startswith(b"\xff\xd8")
        assert image.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    browser.get(f"{path}/versions/1/pages/4.jpg", status=404)
    browser.get(f"{path}/versions/2/pages/1.jpg", status=404)


def test_a_photo_is_received_with_one_page_and_the_text_of_a_pdf_is_kept(portal: Portal) -> None:
    customer_id, browser = arrange(portal), portal.browser("clerk")

    receive(portal, browser, customer_id, jpeg(), "IMG_0001.JPG")
    receive(portal, browser, customer_id, pdf_with_text("保险合同 Policy"), "合同.pdf", idempotency_key="b")
    draw(portal)

    with portal.session() as session:
        kinds = set(session.scalars(select(DocumentVersion.media_type)))
        texts = "".join(session.scalars(select(Page.text)))
    assert kinds == {"image/jpeg", "application/pdf"}
    assert "保险合同" in texts


def test_several_files_become_several_items_titled_by_their_names(portal: Portal) -> None:
    customer_id, browser = arrange(portal), portal.browser("clerk")
    browser.get(f"/documents/new?customer={encode_id(customer_id)}")
    files = [a_file(jpeg(), "身份证正面.jpg"), a_file(png(), "身份证反面.png")]

    answer = browser.post("/documents/new", form_for(portal, customer_id, title="", files=files))

    with portal.session() as session:
        titles = set(session.scalars(select(Document.title)))
    assert titles == {"身份证正面", "身份证反面"}
    assert answer.headers["Location"].startswith(f"/customers/{encode_id(customer_id)}?class=")


@pytest.mark.parametrize("htmx", [False, True])
@pytest.mark.parametrize(("data", "name", "sentence"), BAD_FILES)
def test_what_must_not_come_in_is_refused_in_words_and_leaves_nothing_behind(
    portal: Portal, data: bytes, name: str, sentence: str, htmx: bool
) -> None:
    customer_id, browser = arrange(portal), portal.browser("clerk")
    browser.get(f"/documents/new?customer={encode_id(customer_id)}")
    form = form_for(portal, customer_id, files=[a_file(data, name)])

    page = browser.post("/documents/new", form, status=422, htmx=htmx).text

    assert sentence in page
    assert "data-message" in page or "error-summary" in page
    assert htmx or 'value="王芳终身寿险投保单"' in page
    assert (count(portal, Document), count(portal, Blob), count(portal, Job)) == (0, 0, 0)


def test_one_bad_file_keeps_the_good_ones_beside_it_out(portal: Portal) -> None:
    customer_id, browser = arrange(portal), portal.browser("clerk")
    browser.get(f"/documents/new?customer={encode_id(customer_id)}")
    files = [a_file(jpeg(), "好.jpg"), a_file(EXECUTABLE, "坏.jpg")]

    browser.post("/documents/new", form_for(portal, customer_id, files=files), status=422)

    assert count(portal, Document) == 0


@pytest.mark.parametrize(
    "name",
    [
        "很长的文件名" * 50 + ".pdf",
        "a" * 300 + ".pdf",
        "..\\..\\windows\\system32\\保单.pdf",
        "../../etc/passwd",
        "bell\a\x7f\u202ecod.pdf",
        '"; filename="y.exe',
    ],
)
def test_a_name_of_any_length_or_shape_is_kept_harmless(portal: Portal, name: str) -> None:
    customer_id, browser = arrange(portal), portal.browser("archivist", stepped_up=True)

    document_id = receive(portal, browser, customer_id, pdf_of_pages(1), name)

    with portal.session() as session:
        kept = session.scalars(select(DocumentVersion.file_name)).one()
    assert 0 < len(kept) <= 200
    assert not set(kept) & set("/\\\r\n\a")
    sent = browser.post(f"/documents/{encode_id(document_id)}/versions/1/original", {"reason": "诉讼举证"}, status=200)
    assert sent.headers["Content-Disposition"].isascii()


def test_a_file_above_the_limit_is_refused(portal: Portal) -> None:
    settings = portal.app.extensions["baodang"]
    portal.app.extensions["baodang"] = replace(settings, upload=replace(settings.upload, max_file_bytes=1000))
    customer_id, browser = arrange(portal), portal.browser("clerk")
    browser.get(f"/documents/new?customer={encode_id(customer_id)}")

    page = browser.post(
        "/documents/new",
        form_for(portal, customer_id, files=[a_file(png((900, 900)) + bytes(1000), "大.png")]),
        status=422,
    ).text

    assert "文件超过" in page


def test_a_resent_form_receives_once(portal: Portal) -> None:
    customer_id, browser = arrange(portal), portal.browser("clerk")
    browser.get(f"/documents/new?customer={encode_id(customer_id)}")

    answers = [
        browser.post("/documents/new", form_for(portal, customer_id, files=[a_file(jpeg(), "a.jpg")])) for _ in range(2)
    ]

    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    assert (count(portal, Document), count(portal, DocumentVersion)) == (1, 1)


def test_paper_without_a_scan_is_received_only_when_said_so(portal: Portal) -> None:
    customer_id, browser = arrange(portal), portal.browser("clerk")
    browser.get(f"/documents/new?customer={encode_id(customer_id)}")

    refused = browser.post("/documents/new", form_for(portal, customer_id), status=422).text
    browser.post("/documents/new", form_for(portal, customer_id, without_scan="y", paper_pages="4"))

    with portal.session() as session:
        item = session.scalars(select(Document)).one()
    assert "请选择要上传的文件" in refused
    assert (item.page_count, item.current_version) == (4, 0)


@pytest.mark.parametrize("customer", ["", "0000000000001", "no-id", None])
def test_nothing_is_received_for_a_customer_that_one_cannot_see(portal: Portal, customer: str | None) -> None:
    hidden = arrange(portal)
    browser = portal.browser("clerk_west")
    wanted = encode_id(hidden) if customer is None else customer
    form = {**form_for(portal, hidden), "customer": wanted, "files": [a_file(jpeg(), "a.jpg")]}
    browser.get("/customers")

    browser.get(f"/documents/new?customer={wanted}", status=404)
    browser.post("/documents/new", form, status=404)

    assert (count(portal, Document), count(portal, Blob)) == (0, 0)


def test_an_item_is_described_catalogued_and_filed_under_a_number(portal: Portal) -> None:
    customer_id = arrange(portal)
    with portal.session() as session:
        document_id = make_document(session, customer_id, author="")
        session.commit()
    path, browser = f"/documents/{encode_id(document_id)}", portal.browser("archivist")
    browser.get(path)

    refused = browser.post(f"{path}/catalogue", status=422).text
    described = form_for(portal, customer_id, version="1", page_count="2", author="王芳")
    browser.post(f"{path}/edit", described)
    browser.post(f"{path}/catalogue")
    own = browser.post(f"{path}/file", status=409).text
    checker = portal.browser("archivist_head")
    checker.get(path)
    checker.post(f"{path}/file")
    filed = browser.get(path).text
    again = browser.post(f"{path}/file", status=403)

    with portal.session() as session:
        row = session.get_one(Document, document_id)
    assert "请填写责任者" in refused
    assert "须由另一人审核" in own
    assert row.state == "filed"
    assert row.archive_number == "J019-ZY·KH·2026·D10-00001"
    assert row.archive_number in filed
    assert "修改著录" not in filed
    assert re.search(r"责任者</dt>\s*<dd>\s*王\*\s*</dd>", filed)
    assert row.archive_number not in again.text
    assert row.archive_number in browser.get("/documents/numbers").text


def test_each_filed_item_gets_the_next_number_and_the_ledger_shows_no_gap(portal: Portal) -> None:
    customer_id = arrange(portal)
    with portal.session() as session:
        ids = [make_document(session, customer_id) for _ in range(3)]
        session.commit()
    browser, checker = portal.browser("archivist"), portal.browser("archivist_head")
    browser.get("/documents")
    checker.get("/documents")

    for document_id in ids:
        browser.post(f"/documents/{encode_id(document_id)}/catalogue")
        checker.post(f"/documents/{encode_id(document_id)}/file")

    ledger = browser.get("/documents/numbers").text
    with portal.session() as session:
        numbers = sorted(text or "" for text in session.scalars(select(Document.archive_number)))
    assert [number[-1] for number in numbers] == ["1", "2", "3"]
    assert numbers[0] in ledger
    assert numbers[2] in ledger
    assert '<span class="chip chip-ok">无</span>' in ledger
    assert "没有断号" in browser.get("/documents/numbers?gaps=1").text
    portal.browser("clerk").get("/documents/numbers", status=403)


def test_a_stale_description_gets_both_texts(portal: Portal) -> None:
    customer_id = arrange(portal)
    with portal.session() as session:
        document_id = make_document(session, customer_id)
        session.commit()
    path, browser = f"/documents/{encode_id(document_id)}/edit", portal.browser("archivist")
    browser.get(path)
    typed = form_for(portal, customer_id, version="1", page_count="2")
    browser.post(path, {**typed, "title": "甲某投保单"})

    page = browser.post(path, {**typed, "title": "乙某投保单"}, status=409).text

    assert "甲某投保单" in page
    assert "乙某投保单" in page


def test_an_original_leaves_only_with_a_fresh_code_and_a_reason(portal: Portal) -> None:
    customer_id, data = arrange(portal), pdf_of_pages(1)
    plain, stepped = portal.browser("archivist"), portal.browser("archivist", stepped_up=True)
    document_id = receive(portal, plain, customer_id, data, "投保单.pdf")
    path = f"/documents/{encode_id(document_id)}/versions/1/original"
    stepped.get("/documents")

    asked = plain.post(path, {"reason": "诉讼举证"})
    silent = stepped.post(path, {"reason": " "}, status=400)
    sent = stepped.post(path, {"reason": "诉讼举证"}, status=200)

    assert "/login/step-up" in asked.headers["Location"] or "step" in asked.headers["Location"]
    assert sent.data == data
    assert silent.data != data
    assert sent.headers["Content-Disposition"].startswith("attachment;")
    assert sent.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert [entry.reason for entry in trail(portal, "original_fetched")] == ["诉讼举证"]


@pytest.mark.parametrize("who", ["clerk", "manager", "agent", "auditor"])
def test_an_original_leaves_with_archivists_only(portal: Portal, who: str) -> None:
    customer_id = arrange(portal, branch_id=EAST_CITY, agent_id=PEOPLE["agent"][0])
    document_id = receive(portal, portal.browser("archivist"), customer_id, jpeg(), "a.jpg")
    browser = portal.browser(who, stepped_up=True)

    browser.post(f"/documents/{encode_id(document_id)}/versions/1/original", {"reason": "核保"}, status=403)

    assert trail(portal, "original_fetched") == []


def test_pages_of_the_highest_level_ask_for_a_fresh_code(portal: Portal) -> None:
    customer_id = arrange(portal)
    stepped, plain = portal.browser("archivist", stepped_up=True), portal.browser("archivist")
    document_id = receive(portal, stepped, customer_id, jpeg(), "a.jpg", level="4")
    draw(portal)
    path = f"/documents/{encode_id(document_id)}"

    stepped.get(f"{path}/versions/1/pages/1.jpg")

    plain.get(path, status=303)
    plain.get(f"{path}/versions/1/pages/1.jpg", status=303)
    portal.browser("clerk").get(f"{path}/versions/1/pages/1.jpg", status=404)


def test_a_newer_version_stands_beside_the_older(portal: Portal) -> None:
    customer_id, browser = arrange(portal), portal.browser("archivist")
    document_id = receive(portal, browser, customer_id, pdf_of_pages(2), "旧.pdf")
    path = f"/documents/{encode_id(document_id)}"

    refused = browser.post(f"{path}/versions/new", {"file": a_file(EXECUTABLE, "新.pdf")}, status=422).text
    missing = browser.post(f"{path}/versions/new", {}, status=422).text
    browser.post(f"{path}/versions/new", {"file": a_file(pdf_of_pages(1), "新.pdf")})
    draw(portal)

    assert "只收 PDF" in refused
    assert "请选择要上传的文件" in missing
    assert "第 2 版" in browser.get(path).text
    assert "旧版本 1" in browser.get(f"{path}?version=1").text
    browser.get(f"{path}/versions/1/pages/2.jpg")
    browser.get(f"{path}/versions/2/pages/1.jpg")


def test_an_agent_sees_no_item_not_even_of_his_own_customers(portal: Portal) -> None:
    customer_id = arrange(portal, branch_id=EAST_CITY, agent_id=PEOPLE["agent"][0])
    document_id = receive(portal, portal.browser("archivist"), customer_id, jpeg(), "现场.jpg")
    agent, path = portal.browser("agent"), f"/documents/{encode_id(document_id)}"

    for address in ("/documents", path, f"{path}/versions/1/pages/1.jpg"):
        agent.get(address, status=403)


def test_an_item_of_another_branch_is_byte_for_byte_one_that_does_not_exist(portal: Portal) -> None:
    customer_id = arrange(portal)
    document_id = receive(portal, portal.browser("archivist"), customer_id, jpeg(), "a.jpg")
    draw(portal)
    browser = portal.browser("archivist_west", stepped_up=True)
    path = f"/documents/{encode_id(document_id)}"

    hidden, missing = browser.get(path, status=404), browser.get("/documents/0000000000001", status=404)

    assert TOKEN.sub("", hidden.text) == TOKEN.sub("", missing.text)
    for there in ("/versions/1/pages/1.jpg", "/versions/1/pages/1/thumbnail.jpg", "/progress", "/edit"):
        browser.get(path + there, status=404)
    for there in ("/catalogue", "/file", "/reopen", "/versions/1/original"):
        browser.post(path + there, {"reason": "核保"}, status=404)


@pytest.mark.parametrize("there", ["/versions/99999999999999999999/pages/1.jpg", "/versions/1/pages/0.jpg"])
def test_numbers_that_no_database_holds_are_pages_that_do_not_exist(portal: Portal, there: str) -> None:
    customer_id = arrange(portal)
    browser = portal.browser("archivist")
    document_id = receive(portal, browser, customer_id, jpeg(), "a.jpg")

    browser.get(f"/documents/{encode_id(document_id)}{there}", status=404)


def test_the_list_asks_the_same_number_of_questions_for_one_item_and_for_fifty(portal: Portal) -> None:
    customer_id = arrange(portal)
    with portal.session() as session:
        make_document(session, customer_id)
        session.commit()
    browser = portal.browser("archivist")
    with portal.app.app_context():
        engine = db.engine
    browser.get("/documents")

    with counted(engine) as for_one:
        browser.get("/documents")
    with portal.session() as session:
        for value in range(60):
            make_document(session, customer_id, title=f"材料{value}")
        session.commit()
    with counted(engine) as for_fifty:
        page = browser.get("/documents").text

    assert page.count('class="main"') == 50
    assert len(for_fifty) == len(for_one)


def test_the_list_is_narrowed_by_state_class_and_what_waits_for_a_person(portal: Portal) -> None:
    customer_id = arrange(portal)
    browser = portal.browser("archivist")
    broken = receive(portal, browser, customer_id, jpeg(), "a.jpg", title="画不出的照片")
    with portal.session() as session:
        make_document(session, customer_id, title="纸质材料")
        session.execute(
            update(DocumentVersion).where(DocumentVersion.document_id == broken).values(render_state="manual")
        )
        session.commit()

    def shown(query: str) -> list[bool]:
        page = browser.get(f"/documents?{query}").text
        return [title in page for title in ("画不出的照片", "纸质材料")]

    assert shown("state=received") == [True, True]
    assert shown("state=filed") == [False, False]
    assert shown("category=1") == [True, True]
    assert shown("category=3") == [False, False]
    assert shown("by_hand=1") == [True, False]
    assert "待人工处理" in browser.get(f"/documents/{encode_id(broken)}").text


def test_looking_at_an_item_goes_into_the_trail_once_for_all_its_pages(portal: Portal) -> None:
    customer_id, browser = arrange(portal), portal.browser("archivist")
    document_id = receive(portal, browser, customer_id, pdf_of_pages(2), "a.pdf")
    draw(portal)
    path = f"/documents/{encode_id(document_id)}"

    browser.get(path)
    for number in (1, 2):
        browser.get(f"{path}/versions/1/pages/{number}.jpg")
    straight = portal.browser("manager")
    straight.get(f"{path}/versions/1/pages/1.jpg")

    viewed = trail(portal, "document_viewed")
    assert [entry.account_id for entry in viewed] == [PEOPLE["archivist"][0], PEOPLE["manager"][0]]
    assert viewed[0].at - datetime.now(UTC) < timedelta(minutes=1)
