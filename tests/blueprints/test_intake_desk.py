"""The desk's screens: lists, a batch, one paper; bad input, two persons at once, bulk changes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.ids import encode_id
from app.models.documents import Blob, Document
from app.models.intake import IntakeItem, IntakePage, PaperType
from app.services import intake_desk
from app.services.evidence import keep_blob
from tests.cast import actor
from tests.client import Browser, Portal
from tests.records import make_customer, make_policy
from tests.services.papers_in import make_batch, make_item


class House:
    """A batch of four papers, and what is needed to look at it."""

    def __init__(self, portal: Portal) -> None:
        self.portal = portal
        with portal.session() as session:
            now = datetime.now(UTC)
            self.customer = make_customer(session)
            from app.models.customers import Customer

            self.number = session.get_one(Customer, self.customer).number
            self.batch = make_batch(session, now=now)
            self.items = [make_item(session, self.batch, texts=("投保单", "声明"), now=now) for _ in range(4)]
            self.kind = session.scalars(select(PaperType.id).where(PaperType.code == "application")).one()
            store = portal.app.extensions["tools"].files
            image = BytesIO()
            Image.new("RGB", (40, 60), "white").save(image, "JPEG")
            kept = store.put(BytesIO(image.getvalue()))
            if session.get(Blob, kept.digest) is None:
                keep_blob(session, kept, now=now)
            for page in session.scalars(select(IntakePage)):
                page.image_digest = page.thumbnail_digest = kept.digest
            session.commit()

    def path(self, item: int = 0, tail: str = "") -> str:
        return f"/intake/items/{encode_id(self.items[item])}{tail}"

    def form(self, item: int = 0, **fields: Any) -> dict[str, Any]:
        """Everything a person sends of a complete paper."""
        row = self.item(item)
        plain = {
            "version": row.version,
            "described": "1",
            "customer": self.number,
            "paper_type_id": self.kind,
            "title": "王芳终身寿险投保单",
            "author": "王芳",
            "formed_on": "2026-11-01",
            "level": "2",
            "carrier": "dual",
            "is_original": "y",
        }
        return {**plain, **fields}

    def item(self, item: int = 0) -> IntakeItem:
        with self.portal.session() as session:
            return session.get_one(IntakeItem, self.items[item])

    def pages(self, item: int = 0) -> list[IntakePage]:
        with self.portal.session() as session:
            found = select(IntakePage).where(IntakePage.item_id == self.items[item])
            return list(session.scalars(found.order_by(IntakePage.position)))


@pytest.fixture
def house(portal: Portal) -> House:
    return House(portal)


@pytest.fixture
def browser(portal: Portal) -> Iterator[Browser]:
    return portal.browser("archivist")


def test_the_list_shows_what_waits_and_an_empty_one_says_how_papers_come_in(portal: Portal) -> None:
    browser = portal.browser("archivist")

    assert "代理人用手机提交" in browser.get("/intake").text
    House(portal)

    page = browser.get("/intake").text
    assert "十一月扫描" in page
    assert "待整理" in page
    assert "十一月扫描" not in browser.get("/intake?source=agent").text
    assert "十一月扫描" in browser.get("/intake?mine=1&state=all&number=%00", htmx=True).text
    assert "十一月扫描" not in portal.browser("archivist_west").get("/intake").text


def test_a_batch_shows_its_papers_and_narrows_them(house: House, browser: Browser) -> None:
    path = f"/intake/batches/{encode_id(house.batch)}"

    page = browser.get(path).text

    assert page.count('name="items"') == 4
    assert "没有这样的材料" in browser.get(f"{path}?flag=manual").text
    assert browser.get(f"{path}?state=ready").text.count('name="items"') == 4
    assert browser.get(f"{path}/work", status=303).location.endswith(house.path())
    house.portal.browser("archivist_west").get(path, status=404)


def test_a_page_that_could_not_be_read_is_told_with_the_reason_and_stays_so_in_the_document(
    house: House, browser: Browser
) -> None:
    with house.portal.session() as session:
        page = session.scalars(select(IntakePage).where(IntakePage.item_id == house.items[0])).first()
        assert page is not None
        page.work_state, page.work_note, page.text = "manual", "no_text", ""
        session.commit()
        number = page.position

    assert f"第 {number} 页 没有认出文字，请人工阅读" in browser.get(house.path()).text
    assert "没有认出文字" not in browser.get(house.path(1)).text
    browser.post(house.path(0, "/accept"), house.form(), status=303)
    with house.portal.session() as session:
        document = encode_id(session.scalars(select(Document.id)).one())
    assert f"第 {number} 页没有可靠地认出文字" in browser.get(f"/documents/{document}").text


def test_a_paper_opens_with_its_pages_and_fields(house: House, browser: Browser) -> None:
    page = browser.get(house.path()).text

    assert 'id="describe"' in page
    assert '<optgroup label="基本信息类">' in page
    assert 'data-py="tbd"' in page
    assert page.count('data-page="') == 2
    for link in re.findall(r'data-(?:image|original)="([^"]+)"', page) + re.findall(r'src="(/intake/[^"]+)"', page):
        browser.get(link.replace("&amp;", "&"))
    assert browser.get(f"{house.path()}?view=both").text.count("/original.jpg") >= 3
    house.portal.browser("clerk_west").get(house.path(), status=404)


def test_accepting_opens_the_next_paper_at_once(house: House, browser: Browser) -> None:
    answer = browser.post(house.path(0, "/accept"), house.form())

    assert answer.location.endswith(house.path(1))
    with house.portal.session() as session:
        assert session.scalars(select(Document.title)).all() == ["王芳终身寿险投保单"]
    assert "已著录：王芳终身寿险投保单" in browser.get(answer.location).text


def test_accepting_twice_makes_one_document_and_goes_on(house: House, browser: Browser) -> None:
    form = house.form()
    browser.post(house.path(0, "/accept"), form)

    again = browser.post(house.path(0, "/accept"), form)

    assert again.location.endswith(house.path(1))
    with house.portal.session() as session:
        assert len(session.scalars(select(Document.id)).all()) == 1


def test_the_last_paper_leads_back_to_its_batch(house: House, browser: Browser) -> None:
    for n in range(3):
        browser.post(house.path(n, "/accept"), house.form(n))

    answer = browser.post(house.path(3, "/accept"), house.form(3))

    assert answer.location.endswith(f"/intake/batches/{encode_id(house.batch)}")
    assert "已著录" in browser.get(answer.location).text


def test_what_lacks_is_told_beside_its_field_and_what_was_typed_stays(house: House, browser: Browser) -> None:
    form = house.form(customer="", author="", title="<b>王芳 & 子</b>", formed_on="")

    page = browser.post(house.path(0, "/accept"), form, status=422).text

    assert "请先选定客户" in page
    assert "&lt;b&gt;王芳 &amp; 子&lt;/b&gt;" in page
    assert house.item().state == "ready"


SPOILT = (
    ("customer", "没有这个人"),
    ("customer", "x" * 500),
    ("policy_id", "4242"),
    ("policy_id", "<script>"),
    ("claim_id", "9" * 40),
    ("paper_type_id", "-1"),
    ("category_id", "abc"),
    ("formed_on", "2026-13-45"),
    ("formed_on", "2999-01-01"),
    ("title", "题" * 201),
    ("level", "9"),
    ("period", "D77"),
    ("carrier", "stone"),
    ("keywords", "词" * 201),
)


def test_a_spoilt_field_is_refused_and_nothing_is_kept(house: House, browser: Browser) -> None:
    for name, value in SPOILT:
        browser.post(house.path(0, "/accept"), house.form(**{name: value}), status=422)

    assert house.item().document_id is None


def test_several_customers_of_one_name_are_offered_for_choosing(house: House, browser: Browser) -> None:
    with house.portal.session() as session:
        make_customer(session, mobile="13900001111")
        session.commit()

    page = browser.post(house.path(0, "/accept"), house.form(customer="王芳"), status=422).text
    assert page.count('name="pick" value="') >= 2

    browser.post(house.path(0, "/save"), house.form(customer="王芳", pick=house.number))
    assert house.item().customer_id == house.customer


def test_customers_are_found_while_typing_within_ones_scope(house: House, browser: Browser) -> None:
    browser.get(house.path())

    assert house.number in browser.post("/intake/customers", {"customer": "王"}, status=200, htmx=True).text
    assert "王*" in browser.post("/intake/customers", {"customer": house.number}, status=200, htmx=True).text
    west = house.portal.browser("clerk_west")
    assert house.number not in west.post("/intake/customers", {"customer": "王"}, status=200, htmx=True).text
    fields = browser.post(house.path(0, "/choices"), house.form(), status=200, htmx=True).text
    assert 'id="of-customer"' in fields


def test_two_persons_know_of_each_other_and_nothing_is_lost(house: House, browser: Browser) -> None:
    clerk = house.portal.browser("clerk")
    clerk.get(house.path())
    clerk.post(house.path(0, "/hold"), {"busy": "0"}, status=200, htmx=True)

    told = browser.get(house.path()).text
    assert "业务甲 正在办理" in told
    assert 'class="button primary" type="submit" form="describe"' not in told
    assert "业务甲" in browser.post(house.path(0, "/hold"), {"busy": "1"}, status=200, htmx=True).text
    kept = browser.post(house.path(0, "/accept"), house.form(title="档案甲写的题名"), status=409).text
    assert "档案甲写的题名" in kept

    browser.post(house.path(0, "/take-over"))
    assert browser.post(house.path(0, "/accept"), house.form()).location.endswith(house.path(1))
    lost = clerk.post(house.path(0, "/accept"), house.form(title="业务甲写的题名"), status=409).text
    assert "业务甲写的题名" in lost


def test_who_was_overtaken_sees_both_texts(house: House, browser: Browser) -> None:
    old = house.form(title="晚到的题名")
    browser.post(house.path(0, "/save"), house.form(title="先到的题名"))

    page = browser.post(house.path(0, "/accept"), old, status=409).text

    assert "晚到的题名" in page
    assert "先到的题名" in page


def test_pages_move_split_merge_and_come_back_by_undoing(house: House, browser: Browser) -> None:
    first, second = house.pages()
    path = house.path(0, "/pages")

    moved = browser.post(path, house.form(do="later", page=encode_id(first.id)))
    assert [page.id for page in house.pages()] == [second.id, first.id]
    undo = re.search(r"undo=([^&]+)", moved.location)
    assert undo is not None
    browser.get(moved.location)
    browser.post(house.path(0, "/undo"), house.form(undo=undo[1]))
    assert [page.id for page in house.pages()] == [first.id, second.id]

    split = browser.post(path, house.form(do="split", page=encode_id(second.id)))
    assert len(house.pages()) == 1
    undo = re.search(r"undo=(join[^&]+)", split.location)
    assert undo is not None
    browser.post(house.path(0, "/undo"), house.form(undo=undo[1]))
    assert [page.id for page in house.pages()] == [first.id, second.id]

    browser.post(path, house.form(do="out", page=encode_id(second.id)))
    assert house.pages()[1].removed
    browser.post(path, house.form(do="back", page=encode_id(second.id)))
    assert not house.pages()[1].removed

    merged = browser.post(house.path(1, "/pages"), house.form(1, do="merge"))
    assert house.path(0) in merged.location
    assert (len(house.pages()), house.item(1).state) == (4, "dropped")
    undo = re.search(r"undo=(part[^&]+)", merged.location)
    assert undo is not None
    browser.post(house.path(0, "/undo"), house.form(undo=undo[1]))
    assert (len(house.pages()), house.item(1).state) == (2, "ready")

    sent = browser.post(path, house.form(do="send_after", page=encode_id(second.id)))
    assert (len(house.pages()), len(house.pages(1))) == (1, 3)
    undo = re.search(r"undo=(fetch[^&]+)", sent.location)
    assert undo is not None
    browser.post(house.path(0, "/undo"), house.form(undo=undo[1]))
    assert [page.id for page in house.pages()] == [first.id, second.id]


def test_what_was_typed_is_kept_when_pages_are_changed(house: House, browser: Browser) -> None:
    second = house.pages()[1]

    browser.post(house.path(0, "/pages"), house.form(do="split", page=encode_id(second.id), title="还没写完"))

    assert house.item().title == "还没写完"


def test_a_page_change_from_an_old_page_is_refused(house: House, browser: Browser) -> None:
    second = house.pages()[1]
    old = house.form(do="out", page=encode_id(second.id))
    browser.post(house.path(0, "/save"), house.form())

    page = browser.post(house.path(0, "/pages"), old, status=409).text

    assert "刚刚有变动" in page
    assert not house.pages()[1].removed


def test_spoilt_undoing_is_nothing_to_undo(house: House, browser: Browser) -> None:
    for undo in ("", "x", "turn", "turn.1.2", "place.abc.1", "join.zz", "turn.9.9999999", "a,b,c"):
        browser.post(house.path(0, "/undo"), house.form(undo=undo), status=409)
        browser.get(f"{house.path()}?undo={undo}&page={undo}&view={undo}")


def test_an_unknown_change_of_pages_is_not_found(house: House, browser: Browser) -> None:
    browser.post(house.path(0, "/pages"), house.form(do="burn"), status=404)
    browser.post(house.path(0, "/pages"), house.form(do="split", page="zzz"), status=409)


def test_dropping_asks_for_a_reason_and_can_be_undone_on_the_next_paper(house: House, browser: Browser) -> None:
    browser.post(house.path(0, "/drop"), {"version": house.item().version, "reason": " "}, status=422)
    gone = browser.post(house.path(0, "/drop"), {"version": house.item().version, "reason": "重复扫描"})
    assert house.path(1) in gone.location
    assert "undo=restore" in gone.location
    assert "重复扫描" in browser.get(house.path()).text

    undo = gone.location.partition("undo=")[2]
    browser.post(house.path(1, "/undo"), house.form(1, undo=undo))

    assert house.item().state == "ready"


def test_only_an_agents_paper_goes_back(house: House, browser: Browser) -> None:
    page = encode_id(house.pages()[0].id)
    form = {"version": house.item().version, f"refusal-{page}": "unclear"}

    browser.post(house.path(0, "/return"), form, status=409)


def bulk(house: House, **fields: Any) -> dict[str, Any]:
    return {"items": [encode_id(item) for item in house.items], **fields}


def test_a_bulk_change_is_shown_first_and_never_overwrites_what_a_person_set(house: House, browser: Browser) -> None:
    path = f"/intake/batches/{encode_id(house.batch)}/bulk"
    with house.portal.session() as session:
        version = session.get_one(IntakeItem, house.items[0]).version
        said = intake_desk.TypedItem(author="王芳本人")
        now = datetime.now(UTC)
        intake_desk.save_item(
            session, actor(session, "archivist"), house.items[0], said, version=version, offered={}, now=now
        )
        session.commit()

    preview = browser.post(path, bulk(house, action="author", author="江东分公司"), status=200).text
    assert "3 件会改，1 件已人工填写不动" in preview
    assert house.item(1).author == ""

    done = browser.post(path, bulk(house, action="author", author="江东分公司", confirmed="1"))

    assert [house.item(n).author for n in range(4)] == ["王芳本人", *["江东分公司"] * 3]

    undo = parse_qs(urlsplit(done.headers["Location"]).query)["undo"][0]
    assert f'name="undo" value="{undo}"' in browser.get(done.headers["Location"]).text
    browser.post(f"{path}/undo", {"undo": undo})
    browser.post(f"{path}/undo", {"undo": undo}, status=409)
    browser.post(f"{path}/undo", {"undo": "x"}, status=404)

    assert [house.item(n).author for n in range(4)] == ["王芳本人", "", "", ""]


SPOILT_CHANGES: tuple[dict[str, Any], ...] = (
    {},
    {"action": "burn"},
    {"action": "author"},
    {"action": "drop"},
    {"action": "customer_id", "customer": "没有这个人"},
    {"action": "policy_id", "policy": "NO-SUCH"},
    {"action": "claim_id", "claim": "'"},
    {"action": "level", "level": "x"},
    {"action": "paper_type_id", "paper_type_id": "4242"},
    {"action": "formed_on", "formed_on": "x"},
    {"action": "merge", "items": ["zzz"]},
    {"action": "author", "author": "甲", "items": []},
)


def test_a_spoilt_bulk_change_is_refused(house: House, browser: Browser) -> None:
    path = f"/intake/batches/{encode_id(house.batch)}/bulk"

    for fields in SPOILT_CHANGES:
        browser.post(path, {**bulk(house, confirmed="1"), **fields}, status=422)


def test_papers_are_merged_and_dropped_together(house: House, browser: Browser) -> None:
    path = f"/intake/batches/{encode_id(house.batch)}/bulk"

    browser.post(path, bulk(house, action="merge", confirmed="1") | {"items": [encode_id(i) for i in house.items[:3]]})
    assert len(house.pages()) == 6

    browser.post(path, bulk(house, action="drop", reason="空白", confirmed="1"))
    assert {house.item(n).state for n in range(4)} == {"dropped"}


def test_a_reader_may_look_and_not_change(house: House) -> None:
    manager = house.portal.browser("manager")

    assert "确认并看下一件" not in manager.get(house.path()).text
    manager.post(house.path(0, "/accept"), house.form(), status=403)
    house.portal.browser("agent").get("/intake", status=403)


def make_secret(session: Session, item_id: int) -> None:
    session.get_one(IntakeItem, item_id).level = 4


def test_a_confidential_paper_asks_for_a_fresh_code(house: House, browser: Browser) -> None:
    with house.portal.session() as session:
        make_secret(session, house.items[0])
        session.commit()

    browser.get(house.path(), status=303)
    house.portal.browser("archivist", stepped_up=True).get(house.path())
    house.portal.browser("clerk").get(house.path(), status=404)


def test_what_the_policy_still_lacks_stands_beside_the_fields(house: House, browser: Browser) -> None:
    with house.portal.session() as session:
        policy = make_policy(session, house.customer)
        row = session.get_one(IntakeItem, house.items[0])
        row.customer_id, row.policy_id = house.customer, policy
        session.commit()

    page = browser.get(house.path()).text

    assert "齐全性 0 /" in page
    assert "还缺：" in page


def test_a_page_is_turned_and_turned_back(house: House, browser: Browser) -> None:
    page = house.pages()[0]

    turned = browser.post(house.path(0, "/pages"), house.form(do="right", page=encode_id(page.id)))

    after = house.pages()[0]
    assert (after.turned, after.image_digest) == (90, page.image_digest)
    with Image.open(BytesIO(browser.get(f"/intake/pages/{encode_id(page.id)}.jpg").data)) as image:
        assert image.size == (60, 40)
    undo = re.search(r"undo=(turn[^&]+)", turned.location)
    assert undo is not None
    browser.post(house.path(0, "/undo"), house.form(undo=undo[1]))
    assert house.pages()[0].turned == 0
