"""With scripts switched off everything still works, a page at a time."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from app.domain.masking import mask_name
from tests.flows.scans import newcomer, scan
from tests.flows.staff import PC, PHONE, Staff
from tests.flows.steps import fill_particulars, search_until_found

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("username", "name", "screen"), [("clerk-jx1", "慕容雪樵", PC), ("clerk-jx2", "皇甫静斋", PHONE)]
)
def test_the_main_path_needs_no_script(staff: Staff, username: str, name: str, screen: dict[str, object]) -> None:
    facts = newcomer(name, sum(map(ord, name)))
    desk = staff.visitor(screen, scripts=False)
    page = desk.page
    staff.sign_in(desk, username)

    desk.go("/customers")
    page.click("text=新建客户")
    fill_particulars(page, facts.person)
    page.click("text=建立档案")
    expect(page.locator("h1")).to_have_text(mask_name(name))

    desk.go("/customers")
    page.fill("#find-text", name[:2])
    page.click("form.find button")
    page.click(f"td.main a:has-text('{mask_name(name)}')")
    page.click("text=收一份材料 >> nth=0")
    page.set_input_files("#files", [scan(facts, f"{name}投保单.pdf")])
    page.select_option("#category_id", label="投保记录类 › 投保申请表")
    page.click("#receive .form-foot button")
    expect(page.locator(".notice-ok")).to_contain_text("已收到 1 件")
    for _ in range(60):
        if page.locator(".thumb").count():
            break
        page.wait_for_timeout(500)
        page.reload()
    page.click(".thumb >> nth=1")
    expect(page.locator(".thumb[aria-current]")).to_contain_text("第 2 页")

    search_until_found(desk, f"{name}投保", f"{name}投保单")
    page.click(".me summary")
    page.click(".me button:has-text('退出')")
    expect(page.locator("h1")).to_have_text("登录")
