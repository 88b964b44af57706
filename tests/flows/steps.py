"""Steps that several flows take: what somebody does at a desk, in the words of the screens."""

from __future__ import annotations

import re
from collections.abc import Sequence

from playwright.sync_api import Page, expect

from app.cli.demo.people import Person
from app.domain.masking import mask_name
from tests.flows.desk import Desk
from tests.flows.scans import Upload

# A worker on a busy machine; what is waited for is looked at again and again, never slept for.
WORKER_MILLISECONDS = 60_000


def open_file(desk: Desk, person: Person) -> str:
    """Open a customer's file and return its address."""
    desk.go("/customers/new")
    fill_particulars(desk.page, person)
    desk.page.click("text=建立档案")
    expect(desk.page.locator("h1")).to_have_text(mask_name(person.name))
    return desk.page.url


def fill_particulars(page: Page, person: Person, *, id_number: str = "") -> None:
    """Type what the form asks for."""
    page.fill("#name", person.name)
    page.fill("#id_number", id_number or person.identity_number)
    page.fill("#mobile", person.mobile)
    page.fill("#address", str(person.address))


def receive(desk: Desk, files: Sequence[Upload], *, category: str, title: str = "") -> None:
    """Take files into the customer's file that is open, through the form with its script."""
    page = desk.page
    page.click("a:has-text('收一份材料') >> nth=0")
    page.wait_for_url("**/documents/new?*")
    page.set_input_files("#files", list(files))
    page.select_option("#category_id", label=category)
    page.fill("#title", title)
    page.click("#receive .form-foot button")


def open_item(page: Page, title: str, category: str = "") -> None:
    """Open an item of the customer's file that is open, and wait until the worker has drawn its pages."""
    if category:
        page.click(f".tree a:has-text('{category}')")
    page.click(f"#file table a:has-text('{title}')")
    expect(page.locator("h1")).to_have_text(title)
    wait_for_pages(page)


def wait_for_pages(page: Page) -> None:
    """Wait until the first page stands on the screen."""
    expect(page.locator(".thumb").first).to_be_visible(timeout=WORKER_MILLISECONDS)
    # Not wait_for_function: what it polls with, the content policy forbids.
    expect(page.locator(".sheet-image")).to_have_js_property("complete", value=True)
    assert page.locator(".sheet-image").evaluate("image => image.naturalWidth") > 0


def describe(page: Page, *, author: str, formed_on: str) -> None:
    """Complete the description of the item that is open."""
    page.click("text=补全著录")
    page.fill("#author", author)
    page.fill("#formed_on", formed_on)
    page.click(".form-foot button")
    expect(page.locator("text=完成著录")).to_be_visible()


def file_item(page: Page, checker: Desk) -> str:
    """Declare the item that is open complete, let another person file it and return its archive number."""
    page.click("text=完成著录")
    expect(page.locator("main")).to_contain_text("归档须由另一人审核")
    checker.page.goto(page.url)
    page = checker.page
    page.click("summary:has-text('归档')")
    page.click("text=归档并编号")
    flash = page.locator(".notice-ok").inner_text()
    found = re.search(r"档号 (.+)。", flash)
    assert found is not None, flash
    return found.group(1)


def search(desk: Desk, words: str) -> None:
    """Type words into the box at the top of every page."""
    desk.page.fill("#q", words)
    desk.page.press("#q", "Enter")
    expect(desk.page.locator("h1")).to_have_text("检索查询")


def search_until_found(desk: Desk, words: str, expected: str, *, kind: str = "") -> None:
    """Search again until the index has taken in what was just written."""
    for _ in range(40):
        search(desk, words)
        if kind:
            desk.page.click(f".tabs a:has-text('{kind}')")
        if desk.page.locator(".hit", has_text=expected).count():
            return
        desk.page.wait_for_timeout(500)
    expect(desk.page.locator(".hit", has_text=expected).first).to_be_visible()
