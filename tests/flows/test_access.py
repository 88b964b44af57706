"""Who sees what: numbers behind a reason, one's own customers on a telephone, other branches not at all, and the way out."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from app.domain.ids import encode_id
from app.domain.masking import mask_name
from tests.flows.office import Office
from tests.flows.scans import newcomer
from tests.flows.staff import PHONE, Staff
from tests.flows.steps import open_file, wait_for_pages

pytestmark = pytest.mark.browser
CUSTOMERS_OF_AGENT = """
    select customers.id, customers.name, customers.kind from customers join accounts on accounts.id = customers.agent_id
    where accounts.username = ? and customers.level <= 2
"""
CUSTOMER_OF_BRANCH = """
    select customers.id from customers join branches on branches.id = customers.branch_id
    where branches.name = ? and customers.level <= 2 limit 1
"""
SECRET_ITEM = """
    select documents.id from documents join branches on branches.id = documents.branch_id
    where branches.name = '江东分公司' and documents.level = 4 and documents.current_version > 0
      and documents.state in ('received', 'catalogued', 'filed') limit 1
"""
REVEALS = "select account_name, reason, object_label from trail where event = 'field_revealed' and reason = ?"


def test_a_number_is_shown_for_a_reason_that_the_trail_keeps(staff: Staff, office: Office) -> None:
    desk, facts = staff.desk("clerk-jd1"), newcomer("澹台明月", 921)
    page = desk.page
    open_file(desk, facts.person)
    masked = page.locator(".masked", has=page.locator("summary[aria-label*='证件号码']")).first
    expect(masked).not_to_contain_text(facts.person.identity_number)
    desk.look()

    masked.locator("summary").click()
    desk.look()
    masked.locator("select").select_option(label="客户来访核对身份")
    masked.locator("button").click()

    expect(page.locator(".revealed")).to_have_text(facts.person.identity_number)
    assert facts.person.identity_number not in page.url
    entries = office.rows(REVEALS, "客户来访核对身份")
    assert len(entries) == 1
    assert "clerk-jd1" in entries[0][0]
    page.reload()
    expect(page.locator("main")).not_to_contain_text(facts.person.identity_number)
    expect(page.locator(".timeline")).to_contain_text("客户来访核对身份")


def test_an_agent_sees_on_a_telephone_only_customers_of_his_own(staff: Staff, office: Office) -> None:
    own = office.rows(CUSTOMERS_OF_AGENT, "agent-cd1")
    others = office.rows(CUSTOMERS_OF_AGENT, "agent-cd2")
    desk = staff.desk("agent-cd1", PHONE)

    desk.go("/agent/customers")

    assert own
    expect(desk.page.locator(".pick a")).to_have_count(len(own))
    shown = {mask_name(name, is_organisation=kind == "organisation") for _, name, kind in own}
    assert set(desk.page.locator(".pick a b").all_inner_texts()) == shown
    desk.look()
    desk.go(f"/agent/customers/{encode_id(others[0][0])}/new")
    expect(desk.page.locator("h1")).to_have_text("找不到这一页")
    desk.go(f"/customers/{encode_id(own[0][0])}")
    desk.expect_refusals(404, 403)
    desk.look()


def test_a_customer_of_another_branch_is_not_there_at_all(staff: Staff, office: Office) -> None:
    desk = staff.desk("archivist-jd1")
    ((customer_id,),) = office.rows(CUSTOMER_OF_BRANCH, "江西分公司")

    desk.go(f"/customers/{encode_id(customer_id)}")
    desk.go(f"/customers/{encode_id(customer_id)}/edit")
    desk.go("/customers/0000000000001")

    desk.expect_refusals(404, 404, 404)
    expect(desk.page.locator("h1")).to_have_text("找不到这一页")


def test_a_confidential_item_asks_for_a_fresh_code_and_then_opens(staff: Staff, office: Office) -> None:
    ((item,),) = office.rows(SECRET_ITEM)
    desk = staff.visitor()
    staff.sign_in(desk, "archivist-jd2")
    office.let_time_pass("archivist-jd2", "stepped_up_at", minutes=6)

    desk.go(f"/documents/{encode_id(item)}")
    expect(desk.page.locator("h1")).to_have_text("请再次验证身份")
    desk.look()
    desk.page.fill("#code", office.code_of("archivist-jd2"))
    desk.page.click("main button.primary")

    desk.page.wait_for_url(f"**/documents/{encode_id(item)}")
    wait_for_pages(desk.page)


def test_after_signing_out_nothing_opens_any_more(staff: Staff) -> None:
    desk = staff.visitor()
    staff.sign_in(desk, "clerk-cd1")

    desk.page.click(".me summary")
    desk.look()
    desk.page.click(".me button:has-text('退出')")

    expect(desk.page.locator(".notice-ok")).to_contain_text("您已退出")
    desk.look()
    desk.go("/customers")
    expect(desk.page.locator("h1")).to_have_text("登录")
    desk.page.go_back()
    expect(desk.page.locator("h1")).to_have_text("登录")


def test_who_was_away_too_long_signs_in_again_and_comes_back_to_the_page(staff: Staff, office: Office) -> None:
    desk = staff.visitor()
    staff.sign_in(desk, "clerk-cd2")
    desk.go("/documents")
    office.let_time_pass("clerk-cd2", "last_seen_at", minutes=16)

    desk.page.select_option("#f-state", index=1)

    desk.page.wait_for_url("**/login")
    desk.expect_refusals(401)
    staff.give_password(desk, "clerk-cd2", office.people["clerk-cd2"]["password"])
    desk.page.fill("#code", office.code_of("clerk-cd2"))
    desk.page.click("main button.primary")
    desk.page.wait_for_url("**/documents")
