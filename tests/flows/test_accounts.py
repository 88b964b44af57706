"""How somebody new comes to work: an account without power, a code on paper, a telephone, a role; and a lost telephone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.flows.desk import Desk
from tests.flows.office import Office
from tests.flows.staff import PHONE, Staff

pytestmark = pytest.mark.browser
PASSWORD = "Neu-im-Archiv-7"


def create_account(desk: Desk, username: str, full_name: str) -> str:
    """Create an account as 系统管理员 and return the activation code on the slip."""
    page = desk.page
    desk.go("/admin/accounts/new")
    page.fill("#username", username)
    page.fill("#full_name", full_name)
    page.select_option("#branch_id", label="江东分公司")
    page.click(".form-foot button")
    code = page.locator(".slip-code code").inner_text()
    desk.look()
    return code.strip()


def activate(desk: Desk, code: str) -> None:
    """Redeem an activation code with a first password."""
    page = desk.page
    desk.go("/login")
    page.click("text=用激活码激活账号")
    page.wait_for_url("**/activate")
    desk.look()
    page.fill("#code", code)
    page.fill("#password", PASSWORD)
    page.fill("#again", PASSWORD)
    page.click("main button.primary")
    page.wait_for_url("**/login/enrol")


def bind_phone(desk: Desk, office: Office) -> tuple[str, list[str]]:
    """Type the secret off the page into a telephone, give its code, and return the secret and the recovery codes."""
    page = desk.page
    desk.look()
    secret = page.locator("#secret").inner_text().replace(" ", "")
    page.fill("#code", office.phones.code(secret))
    page.click("main button.primary")
    expect(page.locator("h1")).to_have_text("请保存恢复码")
    desk.look()
    return secret, page.locator("#recovery-codes code").all_inner_texts()


def sign_out(page: Page) -> None:
    """Leave by the menu."""
    page.click(".me summary")
    page.click(".me button:has-text('退出')")
    expect(page.locator("h1")).to_have_text("登录")


def test_a_new_account_is_created_activated_and_given_a_role(staff: Staff, office: Office) -> None:
    code = create_account(staff.desk("sysadmin-hq1"), "newcomer-jd", "林新人")
    desk = staff.visitor()
    page = desk.page

    activate(desk, code)
    secret, recovery = bind_phone(desk, office)
    page.click("text=已保存，进入系统")
    page.wait_for_url("**/")
    expect(page.locator(".me-name")).to_have_text("林新人")
    expect(page.locator(".menu")).not_to_contain_text("客户档案")
    desk.look()

    security = staff.visitor()
    staff.sign_in(security, "secadmin-hq2")
    security.go("/admin/grants/new")
    security.page.fill("#username", "newcomer-jd")
    security.page.select_option("#role", label="业务人员")
    security.page.select_option("#branch_id", label="江东分公司")
    security.page.click(".form-foot button")
    expect(security.page.locator("main")).to_contain_text("林新人")

    # With another role the session is another: it begins at the door.
    page.reload()
    expect(page.locator("h1")).to_have_text("登录")
    staff.give_password(desk, "newcomer-jd", PASSWORD)
    page.fill("#code", office.phones.code(secret))
    page.click("main button.primary")
    expect(page.locator(".menu")).to_contain_text("客户档案")
    assert len(set(recovery)) == 10


def test_who_has_lost_the_telephone_signs_in_with_a_recovery_code_and_binds_another(
    staff: Staff, office: Office
) -> None:
    code = create_account(staff.desk("sysadmin-hq1"), "newcomer-two", "方新人")
    desk = staff.visitor(PHONE)
    page = desk.page
    activate(desk, code)
    _, recovery = bind_phone(desk, office)
    page.click("text=已保存，进入系统")
    sign_out(page)

    staff.give_password(desk, "newcomer-two", PASSWORD)
    desk.look()
    page.click("text=用恢复码")
    page.wait_for_url("**/login/recovery")
    desk.look()
    page.fill("#code", recovery[3])
    page.click("main button.primary")
    page.wait_for_url("**/login/enrol")
    expect(page.locator(".notice")).to_contain_text("还剩 9 个")
    secret, _ = bind_phone(desk, office)
    page.click("text=已保存，进入系统")
    sign_out(page)

    staff.give_password(desk, "newcomer-two", PASSWORD)
    page.fill("#code", office.phones.code(secret))
    page.click("main button.primary")
    page.wait_for_url("**/")


def test_an_activation_code_opens_nothing_twice_and_a_wrong_one_is_told_apart_from_nothing(staff: Staff) -> None:
    code = create_account(staff.desk("sysadmin-hq1"), "newcomer-three", "石新人")
    first, second = staff.visitor(), staff.visitor()
    activate(first, code)

    second.go("/activate")
    for wrong in (code, "AAAA-BBBB-CCCC-DDDD"):
        second.page.fill("#code", wrong)
        second.page.fill("#password", PASSWORD)
        second.page.fill("#again", PASSWORD)
        second.page.click("main button.primary")
        expect(second.page.locator(".error-summary, .notice-seal").first).to_contain_text(
            re.compile("激活码不对或已失效")
        )
    second.look()
    second.expect_refusals(422, 422)
