"""The screens of customers: list, one file, opening, changing, showing what is masked."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from html5lib import HTMLParser
from sqlalchemy import func, select

from app.db import db
from app.domain.ids import encode_id
from app.models.customers import Customer
from app.models.machinery import TrailEntry
from app.web.clock import today
from tests.cast import EAST, EAST_CITY, PEOPLE, WEST
from tests.client import Portal
from tests.records import counted, make_claim, make_customer, make_document, make_policy

KEY = re.compile(r'name="idempotency_key" type="hidden" value="([^"]+)"')
TOKEN = re.compile(r"[A-Za-z0-9_\-]{86}==")
NUMBER = "110101199003077758"
FORM = {
    "kind": "person",
    "name": "李雷",
    "branch_id": str(EAST),
    "agent_id": "",
    "level": "2",
    "id_kind": "resident_id",
    "id_number": "",
    "mobile": "13900139000",
    "address": "上海市浦东新区世纪大道 1 号",
    "annual_income": "12万",
    "occupation": "教师",
    "idempotency_key": "one-form",
}


def arrange(portal: Portal, name: str = "王芳", **fields: Any) -> int:
    """Write a customer and return the id."""
    with portal.session() as session:
        customer_id = make_customer(session, name, **fields)
        session.commit()
    return customer_id


def load(portal: Portal, customer_id: int) -> Customer:
    """The row as it lies in the database."""
    with portal.session() as session:
        return session.get_one(Customer, customer_id)


def entries(portal: Portal, event: str) -> list[TrailEntry]:
    """The entries of one event, oldest first."""
    with portal.session() as session:
        found = select(TrailEntry).where(TrailEntry.event == event).order_by(TrailEntry.sequence)
        return list(session.scalars(found))


def test_the_list_is_masked_and_narrowed_by_its_filters(portal: Portal) -> None:
    arrange(portal, id_number=NUMBER, id_never_expires=True, mobile="13800138000")
    arrange(portal, "江东机械有限公司", kind="organisation", id_kind="uscc", level=1)
    browser = portal.browser("clerk")

    everybody = browser.get("/customers").text
    companies = browser.get("/customers?kind=organisation&branch=&level=1").text

    for shown in ("王*", "110101********7758", "138****8000", "江东机械有限公司"):
        assert shown in everybody
    for hidden in ("王芳", NUMBER, "13800138000"):
        assert hidden not in everybody
    assert "王*" not in companies
    assert "江东机械有限公司" in companies
    assert "没有符合条件的客户" in browser.get(f"/customers?branch={WEST}").text


def test_identity_papers_that_run_out_are_a_filter(portal: Portal) -> None:
    arrange(portal, "赵一", id_expires_on=today() + timedelta(days=10))
    arrange(portal, "钱二", id_expires_on=today() - timedelta(days=10))
    arrange(portal, "孙三", id_expires_on=today() + timedelta(days=100))
    browser = portal.browser("clerk")

    soon, expired = browser.get("/customers?paper=soon").text, browser.get("/customers?paper=expired").text

    assert [name in soon for name in ("赵*", "钱*", "孙*")] == [True, False, False]
    assert [name in expired for name in ("赵*", "钱*", "孙*")] == [False, True, False]


@pytest.mark.parametrize("sort", ["", "updated_asc", "name", "name_desc", "number", "number_desc"])
def test_pages_are_turned_forward_and_back_in_every_order(portal: Portal, sort: str) -> None:
    with portal.session() as session:
        for value in range(53):
            make_customer(session, f"客户{value:02d}", branch_id=EAST)
        session.commit()
    browser = portal.browser("clerk")

    first = browser.get(f"/customers?sort={sort}").text
    second = browser.get(_link(first, "next")).text
    back = browser.get(_link(second, "prev")).text

    numbers = [re.findall(r'class="sub">(KH-[0-9-]+)', page) for page in (first, second, back)]
    assert (len(numbers[0]), len(numbers[1])) == (50, 3)
    assert len({*numbers[0], *numbers[1]}) == 53
    assert numbers[2] == numbers[0]


def _link(page: str, rel: str) -> str:
    found = re.search(rf'rel="{rel}"\s+href="([^"]+)"', page)
    assert found
    return found[1].replace("&amp;", "&")


def test_a_spoilt_address_shows_the_first_page(portal: Portal) -> None:
    arrange(portal)
    browser = portal.browser("clerk")

    for query in ("at=x", "at=WzAsWyJ4Iiw1XV0", "sort=colour", "branch=9e99", "level=99999999999999999999", "find=??"):
        assert "王*" in browser.get(f"/customers?{query}").text


def test_the_list_asks_the_same_number_of_questions_for_one_customer_and_for_fifty(portal: Portal) -> None:
    arrange(portal)
    browser = portal.browser("clerk")
    with portal.app.app_context():
        engine = db.engine
    browser.get("/customers")

    with counted(engine) as for_one:
        browser.get("/customers")
    with portal.session() as session:
        for value in range(60):
            make_customer(session, f"客户{value:02d}")
        session.commit()
    with counted(engine) as for_fifty:
        browser.get("/customers")

    assert len(for_fifty) == len(for_one)


def test_the_page_of_a_full_file_asks_no_more_questions_than_that_of_an_empty_one(portal: Portal) -> None:
    empty, full = arrange(portal), arrange(portal, "李雷")
    with portal.session() as session:
        policy_id = make_policy(session, full)
        for value in range(12):
            make_document(session, full, title=f"材料{value}")
            make_claim(session, policy_id, number=f"C{value:07d}")
        session.commit()
    browser = portal.browser("archivist")
    with portal.app.app_context():
        engine = db.engine
    browser.get(f"/customers/{encode_id(empty)}")

    with counted(engine) as for_empty:
        browser.get(f"/customers/{encode_id(empty)}")
    with counted(engine) as for_full:
        browser.get(f"/customers/{encode_id(full)}")

    assert len(for_full) == len(for_empty)


@pytest.mark.parametrize("text", ["王", "王芳", "  王芳 ", NUMBER, "110101 19900307 7758", "13800138000"])
def test_a_customer_is_found_by_name_or_whole_number_without_it_in_the_address(portal: Portal, text: str) -> None:
    arrange(portal, id_number=NUMBER, id_never_expires=True, mobile="13800138000")
    arrange(portal, "李雷")
    browser = portal.browser("clerk")
    browser.get("/customers")

    answer = browser.post("/customers", {"text": text})
    page = browser.get(answer.headers["Location"]).text

    assert text.strip() not in answer.headers["Location"]
    assert "王*" in page
    assert "李*" not in page


def test_a_file_shows_its_classes_what_is_missing_and_the_latest_events(portal: Portal) -> None:
    customer_id = arrange(portal)
    with portal.session() as session:
        make_document(session, customer_id)
        session.commit()
    path, browser = f"/customers/{encode_id(customer_id)}", portal.browser("archivist")

    page = browser.get(path).text
    fragment = browser.get(f"{path}?class=11", htmx=True).text

    for words in ("基本信息类", "投保记录类", "理赔记录类", "客户服务类", "其他相关材料", "缺证件号码", "收到材料"):
        assert words in page
    assert fragment.lstrip().startswith('<div id="file"')
    assert "王芳身份证复印件" in fragment


def test_a_number_and_a_mobile_that_were_accepted_with_doubts_are_told(portal: Portal) -> None:
    shared = [arrange(portal, name, mobile="13800138000") for name in ("王芳", "李雷", "韩梅")]
    old = arrange(portal, "赵强", id_number="110101900307771")
    hidden = arrange(portal, "钱进", mobile="13800138001")
    with portal.session() as session:
        for number, holder in enumerate(shared[:2]):
            make_policy(session, holder, number=f"P2026-00000{number}")
        session.commit()
    archivist = portal.browser("archivist")
    shared_by_two = archivist.get(f"/customers/{encode_id(shared[0])}").text
    with portal.session() as session:
        make_policy(session, shared[2], number="P2026-000009")
        session.commit()

    shared_by_three = archivist.get(f"/customers/{encode_id(shared[0])}").text

    sentence = "三位以上投保人留同一手机"
    assert sentence not in shared_by_two
    assert sentence in shared_by_three
    assert sentence not in archivist.get(f"/customers/{encode_id(hidden)}").text
    assert "15 位旧证，请核对新证" in archivist.get(f"/customers/{encode_id(old)}").text


def test_holders_out_of_reach_do_not_count_for_a_shared_mobile(portal: Portal) -> None:
    branches = (EAST, EAST, EAST_CITY)
    with portal.session() as session:
        ids = [make_customer(session, "王芳", branch_id=branch, mobile="13800138000") for branch in branches]
        for number, holder in enumerate(ids):
            make_policy(session, holder, number=f"P2026-00000{number}")
        session.commit()
    path = f"/customers/{encode_id(ids[2])}"

    assert "留同一手机" in portal.browser("archivist").get(path).text
    assert "留同一手机" not in portal.browser("clerk_city").get(path).text


def test_the_list_is_narrowed_by_agent_and_by_the_end_of_the_relation(portal: Portal) -> None:
    arrange(portal, "王芳", agent_id=PEOPLE["agent"][0])
    ended = arrange(portal, "李雷")
    with portal.session() as session:
        session.get_one(Customer, ended).state = "closed"
        session.commit()
    archivist = portal.browser("archivist")

    of_agent = archivist.get(f"/customers?agent={PEOPLE['agent'][0]}").text
    closed = archivist.get("/customers?state=closed").text

    assert ("王*" in of_agent, "李*" in of_agent) == (True, False)
    assert ("王*" in closed, "李*" in closed) == (False, True)


def test_an_organisation_is_not_asked_what_only_a_person_has(portal: Portal) -> None:
    firm = arrange(portal, "江东科技有限公司", kind="organisation", industry="软件")

    page = HTMLParser(namespaceHTMLElements=False).parse(
        portal.browser("archivist").get(f"/customers/{encode_id(firm)}/edit").text
    )

    hidden = {field.get("name") for part in page.iter() if "hidden" in part.attrib for field in part.iter()}
    assert {"id_kind", "sex", "birth_date", "nationality", "marital_status", "health_notice"} <= hidden
    assert not {"id_number", "mobile", "legal_representative", "industry"} & hidden


def test_every_look_into_a_file_goes_into_the_trail(portal: Portal) -> None:
    customer_id = arrange(portal)
    path, browser = f"/customers/{encode_id(customer_id)}", portal.browser("manager")

    browser.get(path)
    browser.get(f"{path}?class=2", htmx=True)

    assert [entry.object_id for entry in entries(portal, "customer_viewed")] == [customer_id, customer_id]


def test_what_was_typed_stays_when_something_is_wrong(portal: Portal) -> None:
    browser = portal.browser("clerk")
    browser.get("/customers/new")
    wrong = {**FORM, "id_number": "110101199003077759", "mobile": "123", "annual_income": "12万", "birth_date": "x"}

    first = browser.post("/customers/new", wrong, status=422).text
    second = browser.post("/customers/new", {**wrong, "birth_date": ""}, status=422).text

    for page in (first, second):
        assert "error-summary" in page
        for typed in ("李雷", "110101199003077759", "123", "12万", "上海市浦东新区世纪大道 1 号"):
            assert f'value="{typed}"' in page
    assert "最后一位与前 17 位不符" in second
    assert "手机号码应为 11 位数字" in second
    with portal.session() as session:
        assert session.scalar(select(func.count()).select_from(Customer)) == 0


@pytest.mark.parametrize("name", ["", "   ", "名" * 101])
def test_a_name_must_be_there_and_fit(portal: Portal, name: str) -> None:
    browser = portal.browser("clerk")
    browser.get("/customers/new")

    page = browser.post("/customers/new", {**FORM, "name": name}, status=422).text

    assert "name-error" in page


def test_a_resent_form_makes_one_record_and_leads_to_it(portal: Portal) -> None:
    browser = portal.browser("clerk")
    key = KEY.search(browser.get("/customers/new").text)
    assert key
    form = {**FORM, "idempotency_key": key[1]}

    first = browser.post("/customers/new", form)
    second = browser.post("/customers/new", form)

    with portal.session() as session:
        made = session.scalars(select(Customer)).one()
    assert first.headers["Location"] == second.headers["Location"] == f"/customers/{encode_id(made.id)}"
    assert made.annual_income == "12000000"
    assert len(entries(portal, "customer_created")) == 1


def test_the_same_number_has_no_way_past_the_same_name_and_birth_has_one(portal: Portal) -> None:
    customer_id = arrange(portal, id_number=NUMBER, id_never_expires=True)
    browser = portal.browser("clerk")
    browser.get("/customers/new")
    twin = {**FORM, "name": "王芳", "birth_date": "1990-03-07"}

    taken = browser.post("/customers/new", {**FORM, "id_number": NUMBER, "surely_new": "y"}, status=422).text
    asked = browser.post("/customers/new", twin, status=422).text
    browser.post("/customers/new", {**twin, "surely_new": "y"})

    assert "不能重复建立" in taken
    assert "surely_new" not in taken
    assert "已有同名且同日出生的客户" in asked
    assert f"/customers/{encode_id(customer_id)}" in asked


def test_a_customer_of_another_branch_cannot_be_opened_by_choice_of_the_branch(portal: Portal) -> None:
    browser = portal.browser("clerk")
    browser.get("/customers/new")

    page = browser.post("/customers/new", {**FORM, "branch_id": str(WEST)}, status=422).text

    assert "branch_id-error" in page


def test_a_change_leaves_sealed_fields_alone_unless_told_otherwise(portal: Portal) -> None:
    customer_id = arrange(portal, mobile="13800138000", email="a@example.com")
    path, browser = f"/customers/{encode_id(customer_id)}/edit", portal.browser("clerk")
    page = browser.get(path).text
    typed = {**FORM, "name": "王芳", "mobile": "", "annual_income": "", "version": "1", "clear": "email"}

    browser.post(path, typed)

    row = load(portal, customer_id)
    assert "138****8000" in page
    assert "13800138000" not in page
    assert (row.mobile, row.email, row.occupation, row.version) == ("13800138000", None, "教师", 2)
    assert entries(portal, "customer_changed")[0].after == {
        "email": "",
        "occupation": "教师",
        "address": FORM["address"],
    }


def test_a_stale_form_gets_both_texts_and_can_be_sent_again(portal: Portal) -> None:
    customer_id = arrange(portal)
    path, browser = f"/customers/{encode_id(customer_id)}/edit", portal.browser("clerk")
    browser.get(path)
    typed = {**FORM, "name": "王芳", "mobile": "", "annual_income": "", "version": "1"}
    browser.post(path, {**typed, "occupation": "医生"})

    page = browser.post(path, {**typed, "occupation": "律师"}, status=409).text
    kept = dict(re.findall(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)">', page))
    browser.post(path, {name: value for name, value in kept.items() if name != "csrf_token"})

    assert "律师" in page
    assert "医生" in page
    assert load(portal, customer_id).occupation == "律师"


@pytest.mark.parametrize("version", ["", "0", "99", "x", "９"])
def test_a_spoilt_version_never_overwrites(portal: Portal, version: str) -> None:
    customer_id = arrange(portal)
    path, browser = f"/customers/{encode_id(customer_id)}/edit", portal.browser("clerk")
    browser.get(path)

    browser.post(path, {**FORM, "name": "王芳", "version": version}, status=409)

    assert load(portal, customer_id).occupation == ""


def test_a_reveal_answers_htmx_with_the_value_and_a_browser_without_scripts_with_a_page(portal: Portal) -> None:
    customer_id = arrange(portal, mobile="13800138000", annual_income="12000000")
    path, browser = f"/customers/{encode_id(customer_id)}/reveal", portal.browser("clerk")
    browser.get(f"/customers/{encode_id(customer_id)}")

    fragment = browser.post(path, {"field": "mobile", "reason": "理赔核对"}, status=200, htmx=True).text
    page = browser.post(path, {"field": "annual_income", "reason": "核保"}, status=200).text

    assert "13800138000" in fragment
    assert "<html" not in fragment
    assert "120,000.00" in page
    shown = [(entry.after, entry.reason) for entry in entries(portal, "field_revealed")]
    assert shown == [({"field": "mobile"}, "理赔核对"), ({"field": "annual_income"}, "核保")]


@pytest.mark.parametrize("htmx", [True, False])
@pytest.mark.parametrize("reason", ["", "   "])
def test_a_reveal_without_a_reason_shows_nothing_and_says_why(portal: Portal, reason: str, htmx: bool) -> None:
    customer_id = arrange(portal, mobile="13800138000")
    path, browser = f"/customers/{encode_id(customer_id)}/reveal", portal.browser("clerk")
    browser.get(f"/customers/{encode_id(customer_id)}")

    answer = browser.post(path, {"field": "mobile", "reason": reason}, status=422, htmx=htmx).text

    assert "请选择查看事由" in answer
    assert "13800138000" not in answer
    assert entries(portal, "field_revealed") == []


@pytest.mark.parametrize("field", ["", "id_number_blind", "version", "__class__"])
def test_only_declared_fields_can_be_revealed(portal: Portal, field: str) -> None:
    customer_id = arrange(portal)
    browser = portal.browser("clerk")
    browser.get("/customers")

    path = f"/customers/{encode_id(customer_id)}/reveal"
    browser.post(path, {"field": field, "reason": "核保"}, status=404, htmx=True)


def test_a_customer_of_another_branch_is_byte_for_byte_one_that_does_not_exist(portal: Portal) -> None:
    customer_id = arrange(portal)
    browser = portal.browser("clerk_west")

    hidden = browser.get(f"/customers/{encode_id(customer_id)}", status=404)
    missing = browser.get("/customers/0000000000001", status=404)

    assert TOKEN.sub("", hidden.text) == TOKEN.sub("", missing.text)
    assert [*hidden.headers.keys()] == [*missing.headers.keys()]
    for path, form in (("edit", FORM), ("reveal", {"field": "mobile", "reason": "核保"})):
        answer = browser.post(f"/customers/{encode_id(customer_id)}/{path}", form, status=404)
        assert TOKEN.sub("", answer.text) == TOKEN.sub("", missing.text)


def test_a_customer_above_the_readers_level_is_one_that_does_not_exist(portal: Portal) -> None:
    customer_id = arrange(portal, level=3)

    portal.browser("clerk").get(f"/customers/{encode_id(customer_id)}", status=404)
    portal.browser("archivist").get(f"/customers/{encode_id(customer_id)}")


def test_an_agent_sees_no_file_not_even_of_his_own_customers(portal: Portal) -> None:
    mine = arrange(portal, branch_id=EAST_CITY, agent_id=PEOPLE["agent"][0], mobile="13800138000")
    browser = portal.browser("agent")

    browser.get(f"/customers/{encode_id(mine)}", status=403)
    browser.get("/customers", status=403)
    browser.post(f"/customers/{encode_id(mine)}/reveal", {"field": "mobile", "reason": "核保"}, status=403)
