"""Finding what was kept a moment ago: by fragments of the name and of the text, by numbers, from the keyboard."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from app.domain.masking import mask_name
from tests.flows.desk import Desk
from tests.flows.scans import letter, newcomer
from tests.flows.staff import PHONE, Staff
from tests.flows.steps import open_file, receive, search, search_until_found

pytestmark = pytest.mark.browser
FACTS = newcomer("端木云岫", 911)
NUMBER = FACTS.person.identity_number


@pytest.fixture(scope="module")
def kept() -> set[str]:
    """Whether the customer and her letter are there already."""
    return set()


@pytest.fixture
def desk(staff: Staff, kept: set[str]) -> Desk:
    """The desk of an archivist who has just kept a letter whose text can be read by machines."""
    desk = staff.desk("archivist-jd1")
    if not kept:
        open_file(desk, FACTS.person)
        receive(desk, [letter(FACTS)], category="投保记录类 › 投保申请表", title="端木某律师来函")
        desk.page.wait_for_url(re.compile(r"/customers/\w+$"))
        kept.add("letter")
    else:
        desk.go("/customers")
    return desk


def test_a_fragment_of_the_name_finds_the_customer(desk: Desk) -> None:
    search_until_found(desk, "木云", mask_name("端木云岫"), kind="客户")

    desk.look()
    desk.page.click(".hit a")
    expect(desk.page.locator("h1")).to_have_text(mask_name("端木云岫"))


def test_a_fragment_of_the_text_finds_the_letter_and_shows_the_place(desk: Desk) -> None:
    search_until_found(desk, "郑重致函", "端木某律师来函")

    expect(desk.page.locator(".hit mark").first).to_have_text("郑重致函")
    desk.look()
    desk.page.click(".hit a")
    expect(desk.page.locator("h1")).to_have_text("端木某律师来函")


def test_an_identity_number_glued_to_chinese_words_is_found_and_never_stands_in_an_address(desk: Desk) -> None:
    search_until_found(desk, NUMBER, "端木某律师来函")
    search_until_found(desk, f"身份证号{NUMBER}", "端木某律师来函")

    assert NUMBER not in desk.page.url


def test_slash_leads_to_the_search_from_anywhere(desk: Desk) -> None:
    search_until_found(desk, "木云", "端")
    desk.go("/documents")

    desk.page.keyboard.press("/")
    expect(desk.page.locator("#q")).to_be_focused()
    desk.page.keyboard.type("端木云岫")
    desk.page.keyboard.press("Enter")

    expect(desk.page.locator(".hit", has_text="端木某律师来函").first).to_be_visible()


def test_who_may_not_see_the_customer_finds_nothing(desk: Desk, staff: Staff) -> None:
    search_until_found(desk, "郑重致函", "端木某律师来函")
    stranger = staff.desk("clerk-jx1", PHONE)

    search(stranger, NUMBER)

    expect(stranger.page.locator("main")).to_contain_text("没有找到")
    stranger.look()
