"""The screens of electronic loans: the reader, its mark and its counts, how it closes, prints, certified copies, checks."""

from __future__ import annotations

import io
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import unquote

import pypdfium2
import pytest
from PIL import Image, ImageChops
from sqlalchemy import select, update
from sqlalchemy.orm import sessionmaker

from app.adapters.pdf.copies import OwnImages
from app.adapters.pdf.copies import print_copy as press_copy
from app.blueprints.reading.pages import mark_of
from app.db import db
from app.domain.ids import decode_id, encode_id, new_id
from app.domain.loans import LoanStep
from app.domain.office_time import office_day
from app.jobs.copies import print_copy
from app.jobs.documents import render_version
from app.jobs.handlers import Work
from app.models.borrowing import CertifiedCopy, LoanItem, LoanRequest
from app.models.documents import Blob, Document, Page
from app.models.evidence import Notice
from app.models.machinery import Job, TrailEntry
from app.ports import TextLine
from app.queries.page_words import pack_words
from app.queries.reading import readable_version, reading_page
from app.services.documents import ReceivedFile, add_version
from app.services.loan_steps import take_step
from app.services.reading import close_due, open_reading
from tests.adapters.made_files import pdf_of_pages
from tests.cast import EAST, PEOPLE, actor
from tests.client import BASE, Browser, Portal
from tests.records import make_customer, make_document
from tests.services.lending import any_rule

PAGES = 3


def moment() -> datetime:
    """The time, as the portal reads it."""
    return datetime.now(UTC)


def work_of(portal: Portal) -> Work:
    """What a worker of this portal works with."""
    with portal.app.app_context():
        sessions = sessionmaker(db.engine, expire_on_commit=False)
    tools, settings = portal.app.extensions["tools"], portal.app.extensions["baodang"]
    return Work(sessions, tools, settings, moment, lambda _done, _total: None, None)


def keep_scan(portal: Portal, **fields: Any) -> int:
    """Keep a filed item with a drawn scan of three pages and return its id."""
    tools = portal.app.extensions["tools"]
    blob = tools.files.put(io.BytesIO(pdf_of_pages(PAGES)))
    with portal.session() as session:
        document_id = make_document(session, make_customer(session), carrier="dual")
        file = ReceivedFile(blob, "保单.pdf", "application/pdf", PAGES)
        add_version(session, actor(session, "archivist"), document_id, file, now=moment())
        document = session.get_one(Document, document_id)
        plain: dict[str, Any] = {"state": "filed", "archive_number": "J019-ZY·CB·2026·D30-00012", "level": 2}
        for name, value in {**plain, **fields}.items():
            setattr(document, name, value)
        session.commit()
        payload = session.scalars(select(Job.payload).where(Job.kind == "render_version")).one()
    render_version(work_of(portal), payload)
    return document_id


def lend(portal: Portal, document_id: int, borrower: str = "clerk", **fields: Any) -> int:
    """Return the item of an approved and opened electronic loan; other ways stay waiting."""
    plain: dict[str, Any] = {
        "number": "JY2026-000123",
        "branch_id": EAST,
        "borrower_id": PEOPLE[borrower][0],
        "borrower_branch_id": PEOPLE[borrower][3],
        "way": "electronic",
        "state": "open",
        "level": 2,
        "purpose": "claim",
        "days": 5,
        "external_name": "",
        "external_phone": "",
        "external_papers": "",
        "asked_at": moment(),
    }
    with portal.session() as session:
        request = LoanRequest(id=new_id(), rule_id=any_rule(session), **{**plain, **fields})
        session.add(request)
        session.flush()
        takes_paper = request.way != "electronic"
        item = LoanItem(id=new_id(), request_id=request.id, document_id=document_id, takes_paper=takes_paper)
        session.add(item)
        session.flush()
        take_step(session, None, item, LoanStep.APPROVE, now=moment())
        if not takes_paper:
            open_reading(session, actor(session, "manager"), item, now=moment())
        session.commit()
    return item.id


def path_of(item_id: int) -> str:
    """Where an item is read."""
    return f"/reading/{encode_id(item_id)}"


def change(portal: Portal, item_id: int, **values: Any) -> None:
    """Change an item behind everybody's back."""
    with portal.session() as session:
        session.execute(update(LoanItem).where(LoanItem.id == item_id).values(**values))
        session.commit()


def item_of(portal: Portal, item_id: int) -> LoanItem:
    """The row of an item as it is now."""
    with portal.session() as session:
        return session.get_one(LoanItem, item_id)


def events(portal: Portal, event: str) -> list[TrailEntry]:
    """The entries of one event."""
    with portal.session() as session:
        return list(session.scalars(select(TrailEntry).where(TrailEntry.event == event)))


def stored_page(portal: Portal, number: int) -> Image.Image:
    """A page as it lies in the store."""
    with portal.session() as session:
        digest = session.scalars(select(Page.image_digest).where(Page.number == number)).one()
    return opened(portal.app.extensions["tools"].files.read(digest))


def opened(data: bytes) -> Image.Image:
    """An image, decoded."""
    return Image.open(io.BytesIO(data)).convert("RGB")


def press(portal: Portal) -> None:
    """Print the copies that wait, as the worker does it."""
    with portal.session() as session:
        waiting = [job.payload for job in session.scalars(select(Job).where(Job.kind == "print_copy"))]
    for payload in waiting:
        print_copy(work_of(portal), payload)


def order(portal: Portal, item_id: int, browser: Browser, **fields: str) -> CertifiedCopy:
    """Order a copy and print it."""
    browser.get(f"{path_of(item_id)}/copies")
    plain = {"pages": "1,3", "purpose": "苏州市中级人民法院诉讼", "idempotency_key": "one-form"}
    browser.post(f"{path_of(item_id)}/copies", {**plain, **fields})
    press(portal)
    with portal.session() as session:
        return session.scalars(select(CertifiedCopy)).one()


@pytest.fixture
def document_id(portal: Portal) -> int:
    """A filed item with a scan."""
    return keep_scan(portal)


def test_the_borrower_reads_pages_without_a_right_to_the_document(portal: Portal, document_id: int) -> None:
    item_id = lend(portal, document_id, "clerk_west")
    browser = portal.browser("clerk_west")

    listed = browser.get("/reading").text
    page = browser.get(f"{path_of(item_id)}?page=2").text
    image = browser.get(f"{path_of(item_id)}/pages/2.jpg")

    browser.get(f"/documents/{encode_id(document_id)}", status=404)
    assert path_of(item_id) in listed
    assert "5 天" in listed
    assert f"{path_of(item_id)}/pages/3.jpg" in page
    assert "/documents/" not in re.sub(r'<nav class="rail".*?</nav>', "", page, flags=re.DOTALL)
    assert image.mimetype == "image/jpeg"
    assert image.headers["Cache-Control"] == "no-store"
    assert image.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_every_image_carries_the_mark_in_its_pixels(portal: Portal, document_id: int) -> None:
    item_id = lend(portal, document_id)
    browser = portal.browser("clerk")

    sent = opened(browser.get(f"{path_of(item_id)}/pages/1.jpg").data)
    small = opened(browser.get(f"{path_of(item_id)}/pages/1/thumbnail.jpg").data)

    stored = stored_page(portal, 1)
    assert sent.size == stored.size
    difference = ImageChops.difference(sent, stored).convert("L").point(lambda value: 255 * (value > 24))
    marked = sum(difference.histogram()[255:]) / (sent.width * sent.height)
    assert marked > 0.01
    for column in range(3):
        for row in range(3):
            box = [
                sent.width * column // 3,
                sent.height * row // 3,
                sent.width * (column + 1) // 3,
                sent.height * (row + 1) // 3,
            ]
            assert difference.crop(tuple(box)).getbbox(), f"no mark in part {column}, {row}"
    assert small.size[0] <= 240


def test_the_mark_names_reader_minute_and_loan(portal: Portal, document_id: int) -> None:
    item_id = lend(portal, document_id)
    at = datetime(2026, 11, 22, 15, 59, 59, tzinfo=UTC)
    with portal.session() as session:
        page = reading_page(session, actor(session, "clerk"), item_id, 2, now=moment())

    mark = mark_of(page, 2, at)

    assert mark.lines == ("业务甲（clerk）", "2026-11-22 23:59　JY2026-000123")
    assert all(word in mark.foot for word in ("业务甲", "clerk", "2026-11-22 23:59", "JY2026-000123", "第 2 页"))


def test_words_are_marked_on_the_pages_and_no_text_is_handed_out(portal: Portal, document_id: int) -> None:
    line = TextLine("被保险人李建国的地址", 100, 100, 900, 120, 0.98)
    with portal.session() as session:
        page = session.scalars(select(Page).where(Page.number == 2)).one()
        page.text, page.words = line.text, pack_words((line,))
        session.commit()
    path = path_of(lend(portal, document_id))
    clerk = portal.browser("clerk")
    clerk.get(path)

    address = clerk.post(f"{path}/find", {"text": "李建国"}, status=303).headers["Location"]
    shown = clerk.get(address).text

    assert "李建国" not in unquote(address)
    assert "<b data-at>2</b>" in shown
    assert '<rect x="420" y="100" width="240" height="20"/>' in shown
    assert "的地址" not in shown
    clerk.get(f"{path}?s=forged")
    change(portal, decode_id(path.rsplit("/", 1)[1]), due_on=office_day(moment()) - timedelta(days=1))
    clerk.get(address, status=404)
    clerk.post(f"{path}/find", {"text": "李建国"}, status=404)


def test_a_page_shown_otherwise_than_it_was_read_has_no_marks(portal: Portal, document_id: int) -> None:
    line = TextLine("被保险人李建国", 100, 100, 900, 120, 0.98)
    with portal.session() as session:
        page = session.scalars(select(Page).where(Page.number == 2)).one()
        page.text, page.words, page.turned = line.text, pack_words((line,)), 90
        session.commit()
    path = path_of(lend(portal, document_id))
    clerk = portal.browser("clerk")
    clerk.get(path)

    shown = clerk.get(clerk.post(f"{path}/find", {"text": "李建国"}, status=303).headers["Location"]).text

    assert "没有位置，页上不标" in shown and "<rect" not in shown


def test_views_are_counted_and_the_trail_tells_of_a_page_once_a_minute(portal: Portal, document_id: int) -> None:
    item_id = lend(portal, document_id)
    browser = portal.browser("clerk")

    for number in (1, 1, 2):
        browser.get(f"{path_of(item_id)}/pages/{number}.jpg")

    viewed = events(portal, "reading_viewed")
    assert item_of(portal, item_id).views == 3
    assert [entry.after for entry in viewed] == [{"page": 1}, {"page": 2}]
    assert viewed[0].object_label == "JY2026-000123"


@pytest.mark.parametrize("number", ["0", "4", "9999", "10000", "99999999999999999999", "-1", "x", "1.5", "%00"])
def test_a_page_that_is_not_there_does_not_exist(portal: Portal, document_id: int, number: str) -> None:
    item_id = lend(portal, document_id)
    browser = portal.browser("clerk")

    browser.get(f"{path_of(item_id)}/pages/{number}.jpg", status=404)
    browser.get(f"{path_of(item_id)}/pages/{number}/thumbnail.jpg", status=404)

    assert item_of(portal, item_id).views == 0


@pytest.mark.parametrize("who", ["clerk_city", "archivist", "manager", "archivist_head"])
def test_anothers_loan_does_not_exist(portal: Portal, document_id: int, who: str) -> None:
    path, browser = path_of(lend(portal, document_id)), portal.browser(who, stepped_up=True)

    for there in ("", "/print", "/pages/1.jpg", "/pages/1/thumbnail.jpg"):
        browser.get(path + there, status=404)
    for there in ("/save", "/end"):
        browser.post(path + there, {"page": "1"}, status=404)
    assert path not in browser.get("/reading").text


def test_a_reader_closes_by_the_clock_although_no_job_ran(portal: Portal, document_id: int) -> None:
    item_id = lend(portal, document_id)
    browser = portal.browser("clerk")
    today = office_day(moment())
    change(portal, item_id, due_on=today)
    browser.get(f"{path_of(item_id)}/pages/1.jpg")

    change(portal, item_id, due_on=today - timedelta(days=1))

    for there in ("", "/print", "/pages/1.jpg", "/pages/1/thumbnail.jpg"):
        browser.get(path_of(item_id) + there, status=404)
    assert path_of(item_id) not in browser.get("/reading").text
    assert item_of(portal, item_id).state == "out"


def test_a_destroyed_document_is_read_no_more(portal: Portal, document_id: int) -> None:
    item_id = lend(portal, document_id)
    browser = portal.browser("clerk")
    browser.get(f"{path_of(item_id)}/pages/1.jpg")

    with portal.session() as session:
        session.execute(update(Document).values(state="destroyed"))
        session.commit()

    browser.get(path_of(item_id), status=404)
    browser.get(f"{path_of(item_id)}/pages/1.jpg", status=404)


@pytest.mark.parametrize("who", ["archivist", "manager"])
def test_a_revoked_loan_closes_in_the_open_reader(portal: Portal, document_id: int, who: str) -> None:
    item_id = lend(portal, document_id)
    reader, desk = portal.browser("clerk"), portal.browser(who)
    reader.get(path_of(item_id))
    reader.get(f"{path_of(item_id)}/pages/1.jpg")
    assert "撤销电子借阅" in desk.get(f"{path_of(item_id)}/copies").text

    desk.post(f"{path_of(item_id)}/revoke", {"reason": "误批"})

    reader.get(f"{path_of(item_id)}/pages/2.jpg", status=404)
    reader.get(path_of(item_id), status=404)
    row = item_of(portal, item_id)
    with portal.session() as session:
        kinds = list(session.scalars(select(Notice.kind).where(Notice.account_id == PEOPLE["clerk"][0])))
        assert session.get_one(LoanRequest, row.request_id).state == "closed"
    assert row.state == "returned"
    assert [entry.reason for entry in events(portal, "reading_revoked")] == ["误批"]
    assert "reading_revoked" in kinds


def test_a_loan_is_revoked_with_a_reason_by_those_who_keep_the_paper_alone(portal: Portal, document_id: int) -> None:
    item_id = lend(portal, document_id)
    path = f"{path_of(item_id)}/revoke"

    portal.browser("archivist").post(path, {"reason": " "}, status=400)
    portal.browser("archivist").post(path, {"reason": "长" * 201}, status=400)
    portal.browser("archivist_west").post(path, {"reason": "误批"}, status=404)
    portal.browser("clerk").post(path, {"reason": "误批"}, status=403)

    assert item_of(portal, item_id).state == "out"


def test_a_borrower_ends_his_loan_and_cannot_go_back(portal: Portal, document_id: int) -> None:
    item_id = lend(portal, document_id)
    browser = portal.browser("clerk")
    browser.get(path_of(item_id))

    browser.post(f"{path_of(item_id)}/end")

    browser.get(path_of(item_id), status=404)
    browser.post(f"{path_of(item_id)}/end", status=409)
    assert len(events(portal, "reading_given_up")) == 1


def test_printing_is_a_power_of_its_own_and_counts(portal: Portal, document_id: int) -> None:
    plain = lend(portal, document_id)
    item_id = lend(portal, document_id, number="JY2026-000124", may_print=True)
    browser = portal.browser("clerk")

    barred = browser.get(path_of(plain)).text
    allowed = browser.get(path_of(item_id)).text
    browser.get(f"{path_of(plain)}/print", status=404)
    printed = browser.get(f"{path_of(item_id)}/print?pages=1-2").text

    assert "这一页不能打印" in barred
    assert 'class="no-paper"' in barred
    assert f"{path_of(plain)}/print" not in barred
    assert 'class="no-paper"' in allowed
    assert re.findall(r"/pages/(\d)\.jpg", printed) == ["1", "2"]
    assert (item_of(portal, plain).prints, item_of(portal, item_id).prints) == (0, 1)
    assert [entry.after for entry in events(portal, "reading_printed")] == [{"page_numbers": "1-2"}]


@pytest.mark.parametrize("pages", ["9", "0", "x", "3-1", "1-9999", "1;drop", "٣", "%00", "1-"])
def test_pages_that_cannot_be_printed_are_told_in_words(portal: Portal, document_id: int, pages: str) -> None:
    item_id = lend(portal, document_id, may_print=True)
    browser = portal.browser("clerk")

    browser.get(f"{path_of(item_id)}/print?pages={pages}", status=303)

    assert "页" in browser.get(path_of(item_id)).text
    assert item_of(portal, item_id).prints == 0


def test_saving_a_page_is_a_power_of_its_own_and_keeps_the_mark(portal: Portal, document_id: int) -> None:
    plain = lend(portal, document_id)
    item_id = lend(portal, document_id, number="JY2026-000124", may_copy=True)
    browser = portal.browser("clerk")
    browser.get(path_of(item_id))

    browser.post(f"{path_of(plain)}/save", {"page": "1"}, status=404)
    for page in ("0", "4", "99999", "x", ""):
        browser.post(f"{path_of(item_id)}/save", {"page": page}, status=404)
    saved = browser.post(f"{path_of(item_id)}/save", {"page": "2"}, status=200)

    assert saved.headers["Content-Disposition"] == 'attachment; filename="JY2026-000124-2.jpg"'
    assert ImageChops.difference(opened(saved.data), stored_page(portal, 2)).getbbox()
    assert [entry.after for entry in events(portal, "reading_saved")] == [{"page": 2}]


def test_pages_of_the_highest_level_ask_for_a_fresh_code(portal: Portal) -> None:
    item_id = lend(portal, keep_scan(portal, level=4), level=4)
    stale, fresh = portal.browser("clerk"), portal.browser("clerk", stepped_up=True)

    for there in ("", "/pages/1.jpg", "/pages/1/thumbnail.jpg"):
        assert "step-up" in stale.get(path_of(item_id) + there, status=303).headers["Location"]
        fresh.get(path_of(item_id) + there)

    assert item_of(portal, item_id).views == 1


def test_a_certified_copy_is_printed_with_number_and_sentence_on_every_page(portal: Portal, document_id: int) -> None:
    item_id = lend(portal, document_id, may_copy=True)
    archivist = portal.browser("archivist")

    copy = order(portal, item_id, archivist)
    sent = archivist.get(f"/reading/copies/{encode_id(copy.id)}.pdf")

    texts = [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(sent.data)]
    flat = [re.sub(r"\s", "", text) for text in texts]
    year = office_day(moment()).year
    assert copy.number == f"FY{year}-000001"
    assert len(flat) == 2
    for place, (text, original) in enumerate(zip(flat, (1, 3), strict=True), 1):
        assert "此复印件与原件无异" in text
        assert "此件仅供苏州市中级人民法院诉讼使用" in text
        assert copy.number in text
        assert "J019-ZY·CB·2026·D30-00012" in text
        assert f"第{place}/2页（原件第{original}页）" in text
    assert sent.headers["Content-Disposition"] == f'attachment; filename="{copy.number}.pdf"'
    portal.browser("clerk").get(f"/reading/copies/{encode_id(copy.id)}.pdf")
    for who, status in (("clerk_city", 404), ("archivist_west", 404), ("manager", 404), ("agent", 403)):
        portal.browser(who).get(f"/reading/copies/{encode_id(copy.id)}.pdf", status=status)
    assert len(events(portal, "copy_fetched")) == 2


def test_the_press_takes_no_address_but_its_own_images() -> None:
    """A purpose that smuggles an image in prints as the text that it is."""
    sheet = dict.fromkeys(("statement", "number", "archive_number", "unit", "made_on"), "x")
    sheet |= {"purpose": '<img src="file:///etc/passwd">{{ sheet }}', "address": "https://localhost/verify/x"}
    file = io.BytesIO()
    Image.new("RGB", (60, 80), "white").save(file, "JPEG")

    pdf = press_copy(sheet, [{"number": 1, "width": 60, "height": 80}], [file.getvalue()])

    text = pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_bounded()
    assert "<img" in re.sub(r"\s", "", text)
    for address in ("file:///etc/passwd", "https://localhost/", "data:image/png;base64,AA==", "page:2"):
        with pytest.raises(PermissionError):
            OwnImages({"page:1": ("image/jpeg", b"")}).fetch(address)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"pages": "9"}, "没有这样的页"),
        ({"pages": "一到三"}, "页码写成"),
        ({"pages": "1" * 300}, "请缩短页码"),
        ({"purpose": ""}, "请写明这份复印件供谁"),
        ({"purpose": "长" * 61}, "最多 60 个字"),
    ],
)
def test_a_copy_that_cannot_be_made_keeps_what_was_typed(
    portal: Portal, document_id: int, fields: dict[str, str], sentence: str
) -> None:
    item_id = lend(portal, document_id, way="copy")
    browser = portal.browser("archivist")
    browser.get(f"{path_of(item_id)}/copies")
    typed = {"pages": "2", "purpose": "公证处公证", "idempotency_key": "k", **fields}

    page = browser.post(f"{path_of(item_id)}/copies", typed, status=422).text

    assert sentence in page
    assert all(f'value="{value}"' in page for value in typed.values() if value and len(value) < 100)
    with portal.session() as session:
        assert session.scalars(select(CertifiedCopy)).all() == []
        assert session.scalars(select(Job).where(Job.kind == "print_copy")).all() == []


def test_no_copy_without_the_power_or_after_the_end(portal: Portal, document_id: int) -> None:
    plain = lend(portal, document_id)
    item_id = lend(portal, document_id, number="JY2026-000124", may_copy=True)
    reading_room = lend(portal, document_id, number="JY2026-000125", way="read")
    change(portal, item_id, due_on=date(2026, 1, 1))
    browser = portal.browser("archivist")
    typed = {"pages": "", "purpose": "公证", "idempotency_key": "k"}
    browser.get("/reading")

    for one, sentence in ((plain, "不含复制权限"), (item_id, "未开通或已结束"), (reading_room, "不含复制权限")):
        assert sentence in browser.post(f"{path_of(one)}/copies", typed, status=422).text
    portal.browser("clerk").post(f"{path_of(plain)}/copies", typed, status=403)
    portal.browser("archivist_west").post(f"{path_of(plain)}/copies", typed, status=404)


def test_a_resent_form_orders_one_copy(portal: Portal, document_id: int) -> None:
    item_id = lend(portal, document_id, way="excerpt")
    browser = portal.browser("archivist")
    browser.get(f"{path_of(item_id)}/copies")

    for _ in range(2):
        browser.post(f"{path_of(item_id)}/copies", {"pages": "", "purpose": "公证", "idempotency_key": "same"})

    waiting = browser.get(f"{path_of(item_id)}/copies").text
    with portal.session() as session:
        copy = session.scalars(select(CertifiedCopy)).one()
    assert copy.pages == "1-3"
    assert "正在生成" in waiting
    assert "hx-get" in waiting
    press(portal)
    press(portal)
    assert "hx-get" not in browser.get(f"{path_of(item_id)}/copies/list", htmx=True).text
    assert len(events(portal, "copy_printed")) == 1


def test_anybody_can_check_a_copy_and_learns_no_name(portal: Portal, document_id: int) -> None:
    item_id = lend(portal, document_id, may_copy=True)
    archivist, visitor = portal.browser("archivist"), portal.visitor()
    copy = order(portal, item_id, archivist)
    with portal.session() as session:
        sha256 = session.scalars(select(Blob.sha256).where(Blob.digest == copy.blob_digest)).one()

    valid = visitor.get(f"/verify/{copy.token}").text
    archivist.post(f"/reading/copies/{encode_id(copy.id)}/revoke", {"reason": " "}, status=400)
    archivist.post(f"/reading/copies/{encode_id(copy.id)}/revoke", {"reason": "页码有误"})
    void = visitor.get(f"/verify/{copy.token}").text

    assert "有效" in valid
    assert all(word in valid for word in (copy.number, "J019-ZY·CB·2026·D30-00012", "1,3", sha256))
    for name in ("业务甲", "clerk", "档案甲", "王芳", "苏州", "JY2026"):
        assert name not in valid
    assert "作废，不再有效" in void
    assert "页码有误" not in void
    archivist.get(f"/reading/copies/{encode_id(copy.id)}.pdf", status=404)
    archivist.post(f"/reading/copies/{encode_id(copy.id)}/revoke", {"reason": "再来"}, status=409)
    assert [entry.reason for entry in events(portal, "copy_revoked")] == ["页码有误"]
    assert "核验" in archivist.get(f"{path_of(item_id)}/copies").text
    with portal.session() as session:
        assert session.get_one(CertifiedCopy, copy.id).checks == 2


@pytest.mark.parametrize("token", ["x", "A" * 43, "A" * 5_000, "%00", "%ff%fe", "张", "' or 1=1 --"])
def test_an_unknown_code_is_told_as_unknown(portal: Portal, token: str) -> None:
    page = portal.visitor().get(f"/verify/{token}", status=404).text

    assert "查无此件" in page


def test_a_copy_that_the_press_never_printed_is_not_waited_for(portal: Portal, document_id: int) -> None:
    item_id = lend(portal, document_id, way="copy")
    browser = portal.browser("archivist")
    browser.get(f"{path_of(item_id)}/copies")
    browser.post(f"{path_of(item_id)}/copies", {"pages": "", "purpose": "公证", "idempotency_key": "k"})
    with portal.session() as session:
        session.execute(update(CertifiedCopy).values(made_at=moment() - timedelta(minutes=16)))
        session.commit()

    page = browser.get(f"{path_of(item_id)}/copies").text

    assert "没有生成，请作废后重新出具" in page
    assert "hx-get" not in page


def test_an_order_that_is_not_printed_yet_is_unknown_outside(portal: Portal, document_id: int) -> None:
    item_id = lend(portal, document_id, may_copy=True)
    browser = portal.browser("archivist")
    browser.get(f"{path_of(item_id)}/copies")
    browser.post(f"{path_of(item_id)}/copies", {"pages": "", "purpose": "公证", "idempotency_key": "k"})
    with portal.session() as session:
        copy = session.scalars(select(CertifiedCopy)).one()

    portal.visitor().get(f"/verify/{copy.token}", status=404)

    browser.get(f"/reading/copies/{encode_id(copy.id)}.pdf", status=404)


def test_who_tries_codes_is_slowed_down_and_the_trail_tells_of_it_once(portal: Portal, document_id: int) -> None:
    item_id = lend(portal, document_id, may_copy=True)
    copy = order(portal, item_id, portal.browser("archivist"))
    visitor = portal.visitor()

    for _ in range(3):
        assert visitor.get(f"/verify/{copy.token}").status_code == 200
    statuses = [visitor.client.get(f"/verify/{n}", base_url=BASE).status_code for n in range(63)]

    assert statuses == [404] * 60 + [429] * 3
    visitor.get(f"/verify/{copy.token}", status=429)
    assert len(events(portal, "copy_check_failed")) == 1
    assert events(portal, "sign_in_failed") == []


def test_the_scan_that_can_be_offered_is_the_current_drawn_version(portal: Portal, document_id: int) -> None:
    with portal.session() as session:
        paper = make_document(session, make_customer(session, name="李雷"))
        drawn, none = readable_version(session, document_id), readable_version(session, paper)
        session.execute(update(Document).where(Document.id == document_id).values(state="destroyed"))
        gone = readable_version(session, document_id)
        session.rollback()

    assert drawn is not None
    assert (drawn.ordinal, drawn.pages) == (1, PAGES)
    assert none is None
    assert gone is None


def test_the_job_closes_what_the_clock_has_closed(portal: Portal, document_id: int) -> None:
    item_id = lend(portal, document_id)
    with portal.session() as session:
        early = close_due(session, now=moment())
        count = close_due(session, now=moment() + timedelta(days=6))
        session.commit()

    assert (early, count) == (0, 1)
    assert item_of(portal, item_id).state == "returned"
