"""Paper and pages on their way: asked for, approved, handed out by scanner, recalled, damaged, repaired; and a round."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from app.domain.ids import encode_id
from app.domain.scan_codes import label_code
from tests.flows.desk import Desk
from tests.flows.office import Office
from tests.flows.staff import PHONE, Staff
from tests.flows.steps import wait_for_pages

pytestmark = pytest.mark.browser

LENDABLE = """
    select documents.id, documents.archive_number, documents.page_count, documents.box_id from documents
    join customers on customers.id = documents.customer_id
    join boxes on boxes.id = documents.box_id
    join branches on branches.id = documents.branch_id
    where branches.name = '城东支公司' and documents.state = 'filed' and documents.whereabouts = 'shelf'
      and documents.level = 2 and customers.level <= 2 and documents.current_version > 0 and boxes.place_id is not null
      and documents.id not in (select document_id from loan_items where state in ('asked', 'waiting', 'ready', 'out'))
    order by documents.archive_number
"""

NEWEST_STEPS = """
    select step from loan_events where step <> 'remind' and item_id = (
        select loan_items.id from loan_items join loan_requests on loan_requests.id = request_id
        where document_id = ? order by asked_at desc limit 1
    ) order by ordinal
"""


def ask_for(desk: Desk, document_id: int, way: str) -> str:
    """Put a paper into the cart from its own page, ask for it and return the address of the request."""
    page = desk.page
    desk.go(f"/documents/{encode_id(document_id)}")
    page.click("button:has-text('加入借阅车')")
    desk.go(f"/borrowing/new?way={way}")
    desk.look()
    page.select_option("#purpose", "claim")
    page.click("button:has-text('提交申请')")
    page.wait_for_url(re.compile(r"/borrowing/(?!new)\w+$"))
    return page.url


def approve(desk: Desk, address: str) -> None:
    """Approve a request as the head of the branch."""
    desk.go(address)
    desk.page.click("summary:has-text('批准')")
    desk.look()
    desk.page.click(".drop-panel button:has-text('批准')")
    expect(desk.page.locator(".notice-ok")).to_be_visible()


def scan(page: Page, code: str) -> None:
    """Do what a hand scanner does: type the code and press Enter."""
    page.locator("[name=code]").first.fill(code)
    page.locator("[name=code]").first.press("Enter")


def test_a_paper_is_lent_becomes_overdue_is_recalled_comes_back_damaged_and_is_repaired(
    staff: Staff, office: Office
) -> None:
    document_id, number, pages, _ = office.rows(LENDABLE)[0]
    clerk, head, keeper = (staff.desk(f"{role}-cd1") for role in ("clerk", "manager", "archivist"))
    address = ask_for(clerk, document_id, "lend")
    approve(head, address)

    keeper.go("/borrowing/desk")
    keeper.look()
    scan(keeper.page, label_code("document", document_id))
    expect(keeper.page.locator("h1")).to_contain_text("领取")
    keeper.look()
    keeper.page.fill("#signer", "借阅人")
    keeper.page.click("button:has-text('借出')")
    keeper.page.wait_for_url(re.compile(r"/borrowing/(desk|items)"))
    clerk.go(f"/documents/{encode_id(document_id)}")
    expect(clerk.page.locator("main")).to_contain_text("借出")

    office.change(
        "update loan_items set due_on = date('now', '-3 days') where document_id = ? and state = 'out'", document_id
    )
    keeper.go("/borrowing/desk?tab=overdue")
    expect(keeper.page.locator("#desk-list")).to_contain_text(number)
    keeper.look()
    keeper.page.click(f"#desk-list tr:has-text('{number}') td.main a")
    keeper.page.click("summary:has-text('召回')")
    keeper.page.fill(".drop-panel textarea", "理赔复核急用")
    keeper.page.click(".drop-panel button:has-text('召回')")
    expect(keeper.page.locator("main")).to_contain_text("已召回")
    clerk.go("/notices")
    expect(clerk.page.locator("main")).to_contain_text("召回")
    clerk.look()

    keeper.go("/borrowing/desk")
    scan(keeper.page, number)
    expect(keeper.page.locator("h1")).to_contain_text("归还")
    keeper.look()
    line = keeper.page.locator(".desk-line").first
    line.locator("[name^=pages-]").fill(str(pages))
    line.locator("[name^=condition-]").select_option("damaged")
    line.locator("[name^=damage_note-]").fill("首页右上角撕裂")
    keeper.page.fill("#signer", "借阅人")
    keeper.page.click(".form-foot button:has-text('归还')")
    keeper.page.click("a:has-text('开修复单')")
    keeper.look()
    keeper.page.check("[name=damages][value=torn]")
    keeper.page.select_option("#grade", "slight")
    keeper.page.click("button:has-text('开修复单')")
    expect(keeper.page.locator("main")).to_contain_text(re.compile(r"XF\d{4}-\d{4}"))
    keeper.look()

    clerk.go(f"/documents/{encode_id(document_id)}")
    expect(clerk.page.locator("main")).to_contain_text("修复")
    assert [step for (step,) in office.rows(NEWEST_STEPS, document_id)] == [
        *("approve", "call", "hand_out", "recall", "give_back")
    ]


def test_an_electronic_loan_is_read_with_its_marks_and_closes_itself(staff: Staff, office: Office) -> None:
    document_id = office.rows(LENDABLE)[1][0]
    clerk, head = staff.desk("clerk-cd1", PHONE), staff.desk("manager-cd1")
    address = ask_for(clerk, document_id, "electronic")
    approve(head, address)

    clerk.go("/reading")
    clerk.look()
    clerk.page.click("main a[href^='/reading/']")
    wait_for_pages(clerk.page)
    clerk.look()
    image = clerk.page.locator(".sheet-image").get_attribute("src")
    reader = clerk.page.url
    assert image is not None
    office.change(
        "update loan_items set due_on = date('now', '-2 days') where document_id = ? and not takes_paper", document_id
    )

    assert clerk.go(image).status == 404
    assert clerk.go(reader).status == 404
    clerk.expect_refusals(404, 404)
    clerk.go("/reading")
    expect(clerk.page.locator(f"a[href='{reader.removeprefix(office.base)}']")).to_have_count(0)


def test_a_round_finds_what_stands_there_and_what_is_missing(staff: Staff, office: Office) -> None:
    box_id = office.rows(LENDABLE)[2][3]
    inside = office.rows(
        "select id from documents where box_id = ? and whereabouts = 'shelf' and state <> 'destroyed'", box_id
    )
    ((place_id, code),) = office.rows(
        "select places.id, full_code from places join boxes on boxes.place_id = places.id where boxes.id = ?", box_id
    )
    keeper, head = staff.desk("archivist-cd1"), staff.desk("manager-cd1")
    page = keeper.page
    keeper.go("/storage/rounds")
    page.keyboard.press("n")
    page.wait_for_url("**/storage/rounds/new")
    page.fill("#code", code)
    keeper.look()
    page.click("button:has-text('开始盘点')")
    page.wait_for_url(re.compile(r"/storage/rounds/(?!new)\w+$"))
    address = page.url

    scan(page, label_code("place", place_id))
    scan(page, label_code("box", box_id))
    expect(page.locator(".spot-now")).to_contain_text("账面")
    for (found,) in inside[1:]:
        scan(page, label_code("document", found))
        expect(page.locator(".scans")).to_be_visible()
    scan(page, "6901234567892")
    expect(page.locator(".notice-seal")).to_be_visible()
    keeper.expect_refusals(422)
    keeper.look()

    page.click("summary:has-text('结束清点')")
    page.click(".drop-panel button:has-text('结束清点')")
    page.click("button:has-text('提出全部更正')")
    keeper.look()
    head.go(address)
    head.page.click("summary:has-text('同意全部更正')")
    head.page.click("button:has-text('同意全部') >> visible=true >> nth=-1")
    head.page.click("summary:has-text('结束盘点')")
    head.page.click(".drop-panel button:has-text('结束盘点')")
    expect(head.page.locator("main")).to_contain_text("已结束")

    (where,) = office.rows("select whereabouts from documents where id = ?", inside[0][0])[0]
    assert where == "missing"
    assert office.rows("select count(*) from movements where reason = 'count' and document_id = ?", inside[0][0]) == [
        (1,)
    ]
    assert place_id
