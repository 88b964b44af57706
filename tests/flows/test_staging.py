"""The staging desk without a mouse: papers are split, put together again, catalogued and handed on by keys alone."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.flows.desk import Desk
from tests.flows.scans import letter, newcomer
from tests.flows.staff import Staff
from tests.flows.steps import WORKER_MILLISECONDS, open_file

pytestmark = pytest.mark.browser
NARROW: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}


def open_batch(desk: Desk, number: int) -> None:
    """Open a batch with three letters of a new customer, and wait until the machine is done with them."""
    facts = newcomer("欧阳若水", number)
    open_file(desk, facts.person)
    page = desk.page
    desk.go("/intake")
    desk.look()
    page.keyboard.press("n")
    page.wait_for_url("**/intake/batches/new")
    page.click(".form-foot button")
    page.wait_for_url(re.compile(r"/upload$"))
    page.set_input_files("#files", [letter(newcomer("欧阳若水", number + n), f"律师函{n}.pdf") for n in range(3)])
    page.wait_for_url(re.compile(r"/intake/batches/\w+$"))
    wait_until_ready(page, 3)


def wait_until_ready(page: Page, count: int) -> None:
    """Look again until every paper waits for a person."""
    for _ in range(WORKER_MILLISECONDS // 500):
        if page.locator("td .chip-brand", has_text="待整理").count() >= count:
            return
        page.wait_for_timeout(500)
        page.reload()
    raise AssertionError(page.locator("#items").inner_text())


def fill_in(page: Page, customer: str) -> None:
    """Name the customer, type what the paper still lacks, and go to a field from which Enter accepts."""
    page.keyboard.press("Escape")
    page.keyboard.press("f")
    expect(page.locator("#customer")).to_be_focused()
    page.keyboard.type(customer)
    with page.expect_response("**/choices"):
        page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    page.keyboard.press("t")
    expect(page.locator("#paper_type_id option:checked")).to_have_text("律师函")
    for name, value in (("title", "欧阳若水律师函"), ("author", "某律师事务所"), ("formed_on", "2026-11-01")):
        if not page.locator(f"#{name}").input_value():
            page.fill(f"#{name}", value)
    page.locator("#title").focus()


def press(page: Page, *keys: str) -> None:
    """Leave the fields and press keys of the desk, each on a page that has loaded."""
    for key in keys:
        page.keyboard.press("Escape")
        page.keyboard.press(key)
        page.wait_for_load_state()


def accept(desk: Desk, leads_to: str) -> None:
    """Accept with one key; what does not fit the customer is told first, and accepted with a second one."""
    page, before = desk.page, desk.page.url
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url != before)
    if page.url.endswith("/accept"):
        expect(page.locator(".notice-warn").first).to_contain_text("不一致")
        desk.expect_refusals(422)
        page.keyboard.press("Control+Enter")
    page.wait_for_url(leads_to)
    expect(page.locator(".notice-ok")).to_contain_text("已著录")


def test_a_batch_is_catalogued_by_keys_alone(staff: Staff) -> None:
    desk = staff.desk("archivist-jd1")
    page = desk.page
    open_batch(desk, 4711)
    batch = urlsplit(page.url).path
    desk.look()

    page.keyboard.press("w")
    page.wait_for_url("**/intake/items/*")
    first = urlsplit(page.url).path
    expect(page.locator(".sheet-image")).to_have_js_property("complete", value=True)
    desk.look()
    narrow = staff.desk("archivist-jd1", NARROW)
    narrow.go(first)
    narrow.look()
    narrow.go(batch)
    narrow.look()

    press(page, "n")
    page.wait_for_url(lambda url: first not in url)
    press(page, "m")
    page.wait_for_url(f"**{first}?*")
    expect(page.locator(".thumb")).to_have_count(2)
    press(page, "u")
    page.wait_for_url(lambda url: first not in url)
    press(page, "m")
    page.wait_for_url(f"**{first}?*")
    press(page, "j", "s")
    page.wait_for_url(f"**{first}?undo=join*")
    expect(page.locator(".thumb")).to_have_count(1)

    for leads_to in ("**/intake/items/*", "**/intake/items/*", f"**{batch}"):
        fill_in(page, "欧阳若水")
        accept(desk, leads_to)
    press(page, "g")
    page.keyboard.press("Tab")
    page.locator("form.drop-panel button:visible").press("Enter")
    expect(page.locator("h1 ~ .chip", has_text="质检中")).to_be_visible()
