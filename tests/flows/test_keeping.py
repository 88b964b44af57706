"""From an empty form to a filed item: an archivist keeps a new customer's papers."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Route, expect

from app.domain.masking import mask_name
from tests.flows.scans import Upload, newcomer, photo, scan, wrong_number
from tests.flows.staff import Staff
from tests.flows.steps import describe, file_item, fill_particulars, open_file, open_item, receive

pytestmark = pytest.mark.browser


def test_a_wrong_identity_number_is_pointed_at_and_nothing_typed_is_lost(staff: Staff) -> None:
    desk, facts = staff.desk("archivist-jd1"), newcomer("闻人采薇", 901)
    page, person = desk.page, facts.person
    desk.go("/customers")
    page.keyboard.press("n")
    page.wait_for_url("**/customers/new")

    fill_particulars(page, person, id_number=wrong_number(person))
    page.click("text=建立档案")

    expect(page.locator("#id_number-error")).to_contain_text("最后一位与前 17 位不符")
    expect(page.locator("#error-summary")).to_be_focused()
    expect(page.locator("#name")).to_have_value(person.name)
    expect(page.locator("#mobile")).to_have_value(person.mobile)
    desk.look()
    page.click("#error-summary a")
    expect(page.locator("#id_number")).to_be_focused()
    page.fill("#id_number", person.identity_number)
    page.keyboard.press("Control+Enter")
    expect(page.locator("h1")).to_have_text(mask_name("闻人采薇"))
    expect(page.locator(".facts")).to_contain_text(person.born.isoformat())
    desk.expect_refusals(422)
    desk.look()


def test_the_same_identity_number_is_not_kept_twice(staff: Staff) -> None:
    desk, facts = staff.desk("archivist-jd1"), newcomer("夏侯重明", 902)
    first = open_file(desk, facts.person)
    desk.go("/customers/new")

    fill_particulars(desk.page, facts.person)
    desk.page.click("text=建立档案")

    expect(desk.page.locator("main")).to_contain_text("该证件号码已有客户档案")
    desk.look()
    desk.page.click(".notice-warn a")
    assert desk.page.url == first
    desk.expect_refusals(422)


def test_an_archivist_receives_reads_describes_and_files(staff: Staff) -> None:
    desk, facts = staff.desk("archivist-jd2"), newcomer("百里守约", 903)
    page = desk.page
    open_file(desk, facts.person)
    held: list[Route] = []
    page.route("**/documents/new", lambda route: held.append(route) if not held else route.continue_(), times=2)

    empty: Upload = {"name": "空白.pdf", "mimeType": "application/pdf", "buffer": b""}
    receive(desk, [scan(facts), photo(facts), empty], category="投保记录类 › 投保申请表")
    rows = page.locator(".upload-list > li")
    expect(rows.nth(0)).to_contain_text("上传中")
    expect(rows.nth(0).locator("progress")).to_be_visible()
    expect(rows.nth(1)).to_contain_text("等待上传")
    desk.look()
    held[0].continue_()
    # What was refused stays with its reason; without it the rest is whole and the file opens.
    expect(rows.nth(2)).to_contain_text("文件是空的")
    desk.expect_refusals(422)
    rows.nth(2).get_by_role("button", name="移除").click()
    page.wait_for_url(re.compile(r"/customers/\w+$"))

    open_item(page, "投保单", "投保记录类")
    expect(page.locator(".thumb")).to_have_count(2)
    desk.look()
    describe(page, author="百里守约", formed_on=facts.on.isoformat())
    number = file_item(page, staff.desk("archivist-jd1"))
    page.reload()
    assert re.fullmatch(rf"J019-ZY·CB·{facts.on.year}·D10-\d+", number), number
    expect(page.locator(".facts")).to_contain_text(number)
    expect(page.locator("main")).not_to_contain_text("修改著录")
    desk.look()


def test_pages_are_zoomed_turned_and_leafed_through_by_keys(staff: Staff) -> None:
    desk, facts = staff.desk("archivist-jd2"), newcomer("申屠望舒", 904)
    page = desk.page
    open_file(desk, facts.person)
    receive(desk, [scan(facts, "双页单据.pdf")], category="投保记录类 › 投保申请表")
    page.wait_for_url(re.compile(r"/customers/\w+$"))
    open_item(page, "双页单据", "投保记录类")
    sheet = page.locator(".sheet-page")
    upright = sheet.bounding_box()

    page.keyboard.press("ArrowRight")
    expect(page.locator("[data-at]")).to_have_text("2")
    expect(page).to_have_url(re.compile(r"page=2"))
    expect(page.locator(".sheet-stage[aria-busy]")).to_have_count(0)
    page.keyboard.press("r")
    turned = sheet.bounding_box()
    page.keyboard.press("w")
    page.keyboard.press("+")
    wide = sheet.bounding_box()
    page.keyboard.press("0")
    page.keyboard.press("PageUp")
    expect(page.locator("[data-at]")).to_have_text("1")

    assert upright and turned and wide
    assert upright["height"] > upright["width"]
    assert turned["width"] > turned["height"]
    assert wide["width"] > turned["width"]
    page.reload()
    expect(page.locator("[data-at]")).to_have_text("1")
