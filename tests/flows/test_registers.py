"""A manager orders the register of filed items, watches it being printed, and reads it on paper."""

from __future__ import annotations

import re

import pypdfium2
import pytest
from playwright.sync_api import Route, expect

from tests.flows.desk import Desk
from tests.flows.office import Office
from tests.flows.staff import PC, PHONE, Staff
from tests.flows.steps import WORKER_MILLISECONDS

pytestmark = pytest.mark.browser
PROGRESS = "**/registers/exports"
FILED = """
    select documents.archive_number from documents join branches on branches.id = documents.branch_id
    where branches.name = ? and documents.state in ('filed', 'held')
"""


def order(desk: Desk, branch: str) -> None:
    """Order the register of filed items of one branch."""
    desk.go("/registers")
    desk.page.select_option("#register", label="归档文件目录")
    desk.page.select_option("#branch_id", label=branch)
    desk.page.click(".form-foot button")
    expect(desk.page.locator(".notice-ok")).to_contain_text("已开始生成")


def watch_in_the_midst(desk: Desk) -> None:
    """Look at the page while it asks how far the work is: it must be as easy to read as before."""
    asked: list[Route] = []

    def hold(route: Route) -> None:
        asked.append(route)

    desk.page.route(PROGRESS, hold)
    with desk.page.expect_request(PROGRESS):
        desk.page.reload()
    desk.look()
    asked[0].continue_()
    desk.page.unroute(PROGRESS)


def read_pages(path: str) -> list[str]:
    """Return the text of each page without blanks."""
    pages = pypdfium2.PdfDocument(path)
    return ["".join(page.get_textpage().get_text_range().split()) for page in pages]


@pytest.mark.parametrize(("username", "screen"), [("manager-jd1", PC), ("manager-jd2", PHONE)])
def test_a_manager_prints_the_register_of_the_branch(
    staff: Staff, office: Office, username: str, screen: dict[str, object]
) -> None:
    expected = {"".join(number.split()) for (number,) in office.rows(FILED, "江东分公司")}
    desk = staff.desk(username, screen)
    with office.worker_at_rest():
        order(desk, "江东分公司")
        expect(desk.page.locator("#exports tbody tr").first).to_contain_text("排队中")
        watch_in_the_midst(desk)

    # The page watches by itself: nobody reloads it.
    expect(desk.page.locator("#exports >> text=下载 PDF").first).to_be_visible(timeout=WORKER_MILLISECONDS)
    desk.look()
    with desk.page.expect_download() as download:
        desk.page.locator("#exports >> text=下载 PDF").first.click()
    pages = read_pages(str(download.value.path()))

    assert download.value.suggested_filename.startswith("归档文件目录")
    text = "".join(pages)
    assert expected
    assert not {number for number in expected if number not in text}
    assert f"共{len(expected)}条" in text
    for number, page in enumerate(pages, start=1):
        assert re.search(rf"第{number}页.{{0,2}}共{len(pages)}页", page), page[-300:]
        assert username in page


def test_a_register_that_is_wanted_no_more_is_called_off(staff: Staff, office: Office) -> None:
    desk = staff.desk("manager-jd1")
    with office.worker_at_rest():
        order(desk, "江东分公司")

        desk.page.locator("#exports button:has-text('取消')").first.click()

        expect(desk.page.locator("#exports tbody tr").first).to_contain_text("已取消")
    desk.go("/registers")
    expect(desk.page.locator("#exports tbody tr").first).to_contain_text("已取消")


def test_a_register_is_fetched_by_nobody_but_who_ordered_it(staff: Staff, office: Office) -> None:
    desk = staff.desk("manager-jx1")
    order(desk, "江西分公司")
    expect(desk.page.locator("#exports >> text=下载 PDF").first).to_be_visible(timeout=WORKER_MILLISECONDS)
    address = desk.page.locator("#exports >> text=下载 PDF").first.get_attribute("href")
    colleague = staff.desk("manager-jx2")

    colleague.go(str(address))

    colleague.expect_refusals(404)
    colleague.look()
