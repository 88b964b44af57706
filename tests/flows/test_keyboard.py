"""Without a mouse: walking a list, opening, and sending a form."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.flows.scans import newcomer
from tests.flows.staff import Staff
from tests.flows.steps import open_file

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("path", ["/customers", "/policies", "/claims", "/documents"])
def test_j_and_k_walk_a_list_and_enter_opens_the_row(staff: Staff, path: str) -> None:
    desk = staff.desk("archivist-jd1")
    desk.go(path)
    rows = desk.page.locator("[data-rows] tbody tr")
    second = rows.nth(1).locator("a").first

    for key in "jjjk":
        desk.page.keyboard.press(key)

    expect(second).to_be_focused()
    name = second.inner_text()
    desk.page.keyboard.press("Enter")
    desk.page.wait_for_url(f"**{path}/*")
    expect(desk.page.locator("h1")).to_contain_text(name)


def test_j_walks_what_was_found(staff: Staff) -> None:
    desk = staff.desk("archivist-jd1")
    desk.go("/customers")
    desk.page.keyboard.press("/")
    desk.page.keyboard.type("公司")
    desk.page.keyboard.press("Enter")
    expect(desk.page.locator("h1")).to_have_text("检索查询")

    desk.page.keyboard.press("j")

    expect(desk.page.locator(".hit a").first).to_be_focused()


def test_a_file_is_changed_without_touching_the_mouse(staff: Staff) -> None:
    desk, facts = staff.desk("archivist-jd1"), newcomer("钟离若水", 931)
    open_file(desk, facts.person)
    page = desk.page

    page.keyboard.press("e")
    page.wait_for_url("**/edit")
    page.locator("#occupation").focus()
    page.keyboard.type("灯塔看守人")
    page.keyboard.press("Control+Enter")

    expect(page.locator(".notice-ok")).to_contain_text("已保存")
    expect(page.locator("main")).to_contain_text("灯塔看守人")


def test_the_first_tab_leads_past_the_menu(staff: Staff) -> None:
    desk = staff.desk("archivist-jd1")
    desk.go("/customers")

    desk.page.keyboard.press("Tab")
    desk.page.keyboard.press("Enter")

    expect(desk.page.locator("#main")).to_be_focused()


def test_the_list_of_keys_opens_and_shuts_from_the_keyboard(staff: Staff) -> None:
    desk = staff.desk("archivist-jd1")
    desk.go("/customers")

    desk.page.keyboard.press("?")
    expect(desk.page.locator("dialog.keys")).to_contain_text("新建客户")
    desk.look()
    desk.page.keyboard.press("Escape")

    expect(desk.page.locator("dialog.keys")).to_have_count(0)
