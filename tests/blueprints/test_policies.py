"""The screens of policies: list, one policy, registering, changing, status and parties."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, select

from app.db import db
from app.domain.ids import encode_id
from app.models.customers import Customer
from app.models.machinery import TrailEntry
from app.models.policies import Party, Policy
from app.queries.policies import read_policy
from app.services.policies import edit_policy
from tests.cast import EAST_CITY, NOW, WEST, actor
from tests.client import Browser, Portal
from tests.records import TODAY, counted, make_claim, make_customer, make_policy

KEY = re.compile(r'name="idempotency_key" type="hidden" value="([^"]+)"')
FORM = {
    "number": "P2026-000777",
    "line": "life",
    "product": "终身寿险（分红型）",
    "design_type": "participating",
    "term_kind": "long",
    "channel": "agent",
    "insured_amount": "50万",
    "premium": "12,345.60",
    "pay_mode": "periodic",
    "pay_frequency": "annual",
    "pay_years": "20",
    "effective_on": "2026-01-09",
    "status": "in_force",
    "holder_is_insured": "y",
    "idempotency_key": "one-form",
}


def arrange(portal: Portal, **fields: Any) -> tuple[int, int]:
    """Write a customer with a policy and return both ids."""
    with portal.session() as session:
        customer_id = make_customer(session)
        policy_id = make_policy(session, customer_id, **fields)
        session.commit()
    return customer_id, policy_id


def load(portal: Portal, policy_id: int) -> Policy:
    """The row as it lies in the database."""
    with portal.session() as session:
        return session.get_one(Policy, policy_id)


def test_the_list_shows_names_masked_and_leads_to_the_policy(portal: Portal) -> None:
    _, policy_id = arrange(portal)

    page = portal.browser("clerk").get("/policies").text

    assert f"/policies/{encode_id(policy_id)}" in page
    assert "王*" in page
    assert "王芳" not in page


def test_the_list_asks_the_database_the_same_number_of_questions_for_one_policy_and_for_fifty(portal: Portal) -> None:
    customer_id, _ = arrange(portal)
    browser = portal.browser("clerk")
    with portal.app.app_context():
        engine = db.engine
    browser.get("/policies")

    with counted(engine) as for_one:
        browser.get("/policies")
    with portal.session() as session:
        for value in range(49):
            make_policy(session, customer_id, number=f"P{value:07d}")
        session.commit()
    with counted(engine) as for_fifty:
        page = browser.get("/policies").text

    assert page.count('class="main"') == 50
    assert len(for_fifty) == len(for_one)
    # Counting, the page, and how complete its policies are.
    assert sum("FROM policies" in statement for statement in for_fifty) == 3
    assert page.count("/completeness/policies/") == 50


def test_a_fragment_is_the_same_address_without_the_shell(portal: Portal) -> None:
    arrange(portal)

    fragment = portal.browser("clerk").get("/policies?status=in_force", htmx=True).text

    assert fragment.lstrip().startswith('<section id="policies"')
    assert "P2026-000123" in fragment


def test_a_filter_leaves_what_fits_and_says_so_when_nothing_does(portal: Portal) -> None:
    arrange(portal)
    browser = portal.browser("clerk")

    assert "P2026-000123" in browser.get("/policies?line=health&from=&to=").text
    assert "没有符合条件的保单" in browser.get("/policies?line=motor").text
    assert "P2026-000123" in browser.get("/policies?branch=99999999999999999999999&from=yesterday&at=xx").text


def test_a_number_that_is_looked_for_never_stands_in_the_address(portal: Portal) -> None:
    arrange(portal)
    browser = portal.browser("clerk")
    browser.get("/policies")

    found = browser.post("/policies", {"text": "p2026-0001"})

    assert "2026" not in found.headers["Location"]
    page = browser.get(found.headers["Location"]).text
    assert "P2026-000123" in page
    assert 'value="p2026-0001"' in page


def test_pages_are_turned_by_a_cursor_and_a_spoilt_one_means_the_first(portal: Portal) -> None:
    customer_id, _ = arrange(portal)
    with portal.session() as session:
        for value in range(60):
            make_policy(session, customer_id, number=f"P{value:07d}")
        session.commit()
    browser = portal.browser("clerk")

    first = browser.get("/policies").text
    following = re.search(r'rel="next"\s+href="([^"]+)"', first)
    assert following
    second = browser.get(following[1].replace("&amp;", "&")).text

    numbers = [set(re.findall(r'class="sub">(P[0-9-]+)', page)) for page in (first, second)]
    assert (len(numbers[0]), len(numbers[1]), numbers[0] & numbers[1]) == (50, 11, set())
    for spoilt in ("WzAsWyJ4Iiw1XV0", "WzEsWzEsMl1d", "e30", "a"):
        assert browser.get(f"/policies?at={spoilt}").text.count('class="main"') == 50


def test_registering_makes_one_policy_however_often_the_form_is_sent(portal: Portal) -> None:
    customer_id, _ = arrange(portal)
    browser = portal.browser("clerk")
    page = browser.get(f"/policies/new?customer={encode_id(customer_id)}").text
    key = KEY.search(page)
    assert key
    form = {**FORM, "customer": encode_id(customer_id), "idempotency_key": key[1]}

    first = browser.post("/policies/new", form)
    second = browser.post("/policies/new", form)

    with portal.session() as session:
        made = session.scalars(select(Policy).where(Policy.number == "P2026-000777")).one()
        roles = session.scalars(select(Party.role).where(Party.policy_id == made.id)).all()
    assert first.headers["Location"] == second.headers["Location"] == f"/policies/{encode_id(made.id)}"
    assert (made.insured_amount, made.premium, made.customer_id) == (50_000_000, 1_234_560, customer_id)
    assert sorted(roles) == ["holder", "insured"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"number": ""}, "请填写保单号"),
        ({"number": "12"}, "号码应为 6 至 32 位"),
        ({"number": "p2026-000123"}, "这个保单号已经登记过"),
        ({"premium": "十元"}, "金额写法不对"),
        ({"premium": "-5"}, "金额不能为负数"),
        ({"pay_frequency": ""}, "期交保单请选择交费频率"),
        ({"effective_on": "2026-13-40"}, "effective_on"),
        ({"status": "surrendered"}, "请填写终止日期"),
        ({"status": "endorsing"}, "这个状态不用于该险类"),
        ({"applied_on": "2099-01-01"}, "投保日期晚于今天"),
        ({"line": "weather"}, "line-error"),
    ],
)
def test_what_was_typed_stays_when_something_is_wrong(portal: Portal, changes: dict[str, str], sentence: str) -> None:
    customer_id, _ = arrange(portal)
    browser = portal.browser("clerk")
    browser.get("/policies")

    page = browser.post("/policies/new", {**FORM, **changes, "customer": encode_id(customer_id)}, status=422).text

    assert sentence in page
    assert "error-summary" in page
    assert 'value="终身寿险（分红型）"' in page
    assert f'value="{changes.get("premium", "12,345.60")}"' in page
    with portal.session() as session:
        assert session.scalar(select(func.count()).select_from(Policy)) == 1


@pytest.mark.parametrize("customer", ["", "0000000000000", "not-an-id"])
def test_a_policy_of_nobody_cannot_be_registered(portal: Portal, customer: str) -> None:
    browser = portal.browser("clerk")
    browser.get("/policies")

    browser.get(f"/policies/new?customer={customer}", status=404)
    browser.post("/policies/new", {**FORM, "customer": customer}, status=404)


def test_a_page_shows_parties_claims_and_what_may_be_done(portal: Portal) -> None:
    _, policy_id = arrange(portal)
    with portal.session() as session:
        make_claim(session, policy_id)
        session.commit()
    path = f"/policies/{encode_id(policy_id)}"

    clerk, manager = portal.browser("clerk").get(path).text, portal.browser("manager").get(path).text

    for words in ("住院医疗保险", "12,345.60", "C2026-000456", "投保人", "被保险人"):
        assert words in clerk
        assert words in manager
    assert "修改保单" in clerk
    for words in ("修改保单", "变更状态", "添加当事人", "移除"):
        assert words not in manager


def test_looking_at_a_policy_goes_into_the_trail(portal: Portal) -> None:
    customer_id, policy_id = arrange(portal)

    portal.browser("manager").get(f"/policies/{encode_id(policy_id)}")

    with portal.session() as session:
        entry = session.scalars(select(TrailEntry).where(TrailEntry.event == "policy_viewed")).one()
    assert (entry.object_id, entry.object_label, entry.customer_id) == (policy_id, "P2026-000123", customer_id)


def test_a_stale_form_gets_both_texts_and_can_be_sent_again(portal: Portal) -> None:
    _, policy_id = arrange(portal)
    path = f"/policies/{encode_id(policy_id)}/edit"
    browser = portal.browser("clerk")
    form = re.findall(r'name="version" type="hidden" value="(\d+)"', browser.get(path).text)
    typed = {**FORM, "number": "P2026-000123", "premium": "99", "status": "", "version": form[0]}
    _change_behind(portal, policy_id, premium=8_800)

    page = browser.post(path, typed, status=409).text
    kept = dict(re.findall(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)">', page))
    browser.post(path, {name: value for name, value in kept.items() if name != "csrf_token"})

    assert "99.00" in page
    assert "88.00" in page
    assert "终身寿险（分红型）" in page
    assert "人寿保险" in page
    assert load(portal, policy_id).premium == 9_900


def _change_behind(portal: Portal, policy_id: int, **values: Any) -> None:
    with portal.session() as session:
        archivist = actor(session, "archivist")
        seen = read_policy(session, archivist, policy_id)
        typed = replace(seen.terms, **values)
        edit_policy(session, archivist, policy_id, typed, version=seen.version, now=NOW, today=TODAY)
        session.commit()


def test_a_status_is_moved_on_and_an_end_asks_for_its_day(portal: Portal) -> None:
    _, policy_id = arrange(portal)
    path, browser = f"/policies/{encode_id(policy_id)}", portal.browser("clerk")
    browser.get(path)

    refused = browser.post(f"{path}/status", {"version": "1", "status": "surrendered"}, status=422).text
    browser.post(
        f"{path}/status",
        {"version": "1", "status": "surrendered", "terminated_on": "2026-11-01", "reason": "客户申请"},
    )

    row = load(portal, policy_id)
    assert "请填写终止日期" in refused
    assert (row.status, str(row.terminated_on), row.termination_reason) == ("surrendered", "2026-11-01", "客户申请")
    assert "保单已经终止" in browser.get(path).text


def test_a_way_that_the_trade_does_not_know_needs_a_correction_with_a_reason(portal: Portal) -> None:
    _, policy_id = arrange(portal)
    path, browser = f"/policies/{encode_id(policy_id)}/status", portal.browser("clerk")
    browser.get("/policies")

    plain = browser.post(path, {"version": "1", "status": "applied"}, status=422).text
    silent = browser.post(path, {"version": "1", "status": "applied", "correct": "y"}, status=422).text
    browser.post(path, {"version": "1", "status": "applied", "correct": "y", "reason": "录入错误"})
    stale = browser.post(path, {"version": "1", "status": "underwriting"}, status=409).text

    assert "如属登记错误" in plain
    assert "更正状态请写明原因" in silent
    assert load(portal, policy_id).status == "applied"
    assert "待核保" in stale
    assert "投保中" in stale


def test_parties_are_added_by_number_and_taken_out(portal: Portal) -> None:
    _, policy_id = arrange(portal)
    with portal.session() as session:
        other = make_customer(session, "李雷")
        number = session.get_one(Customer, other).number
        session.commit()
    path, browser = f"/policies/{encode_id(policy_id)}", portal.browser("clerk")
    browser.get(path)
    party = {"customer": number, "role": "beneficiary", "share": "60", "idempotency_key": "a"}

    browser.post(f"{path}/parties", party)
    browser.post(f"{path}/parties", party)
    over = browser.post(f"{path}/parties", {**party, "role": "insured", "idempotency_key": "b"}, status=422).text
    page = browser.get(path).text
    removal = re.findall(rf'action="({path}/parties/[0-9a-z]{{13}}/remove)"', page)
    browser.post(removal[-1])

    assert "60%" in page
    assert "只有受益人才有受益份额" in over
    assert f'value="{number}"' in over
    assert len(removal) == 2
    assert "60%" not in browser.get(path).text


def test_an_unknown_number_and_one_out_of_reach_get_the_same_answer(portal: Portal) -> None:
    _, policy_id = arrange(portal)
    with portal.session() as session:
        hidden = make_customer(session, "李雷", level=4)
        number = session.get_one(Customer, hidden).number
        session.commit()
    path, browser = f"/policies/{encode_id(policy_id)}/parties", portal.browser("clerk")
    browser.get("/policies")

    answers = [
        browser.post(path, {"customer": text, "role": "insured", "share": "", "idempotency_key": text}, status=422).text
        for text in (number, "KH-2026-999999")
    ]

    assert all("没有这个客户，或不在您的权限内" in answer for answer in answers)


def _without_tokens(page: str) -> str:
    return re.sub(r"[A-Za-z0-9_\-]{86}==", "TOKEN", page)


def test_a_policy_of_another_branch_is_byte_for_byte_one_that_does_not_exist(portal: Portal) -> None:
    _, policy_id = arrange(portal)
    browser = portal.browser("clerk_west")

    hidden = browser.get(f"/policies/{encode_id(policy_id)}", status=404)
    missing = browser.get("/policies/0000000000001", status=404)

    assert _without_tokens(hidden.text) == _without_tokens(missing.text)
    for path in ("status", "parties", "edit"):
        answer = browser.post(f"/policies/{encode_id(policy_id)}/{path}", FORM, status=404)
        assert _without_tokens(answer.text) == _without_tokens(missing.text)


@pytest.mark.parametrize(("who", "status"), [("manager", 403), ("agent", 403), ("auditor", 403), ("newcomer", 403)])
def test_who_may_not_edit_policies_is_refused_and_noted(portal: Portal, who: str, status: int) -> None:
    customer_id, policy_id = arrange(portal)
    browser = portal.browser(who)

    browser.get(f"/policies/{encode_id(policy_id)}/edit", status=status)
    browser.get(f"/policies/new?customer={encode_id(customer_id)}", status=status)

    with portal.session() as session:
        refused = select(func.count()).select_from(TrailEntry).where(TrailEntry.outcome == "refused")
        assert session.scalar(refused) == 2


def test_a_policy_of_a_branch_below_can_be_read_but_not_changed(portal: Portal) -> None:
    with portal.session() as session:
        policy_id = make_policy(session, make_customer(session, branch_id=EAST_CITY))
        session.commit()
    path, browser = f"/policies/{encode_id(policy_id)}", portal.browser("clerk")

    assert "修改保单" not in browser.get(path).text
    browser.get(f"{path}/edit", status=403)
    browser.post(f"{path}/status", {"version": "1", "status": "lapsed"}, status=403)
    assert load(portal, policy_id).branch_id != WEST


def test_administrators_have_no_way_to_policies(portal: Portal) -> None:
    for who in ("sysadmin", "secadmin", "auditor"):
        portal.browser(who).get("/policies", status=403)


def test_without_a_session_one_is_sent_to_the_sign_in(portal: Portal) -> None:
    visitor: Browser = portal.visitor()

    assert visitor.get("/policies", status=303).headers["Location"] == "/login"
    assert visitor.get("/policies", status=401, htmx=True).headers["HX-Redirect"] == "/login"
