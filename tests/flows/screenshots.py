"""The pictures of the README, taken of a small demo as its people see it: run by script/screenshots."""

from __future__ import annotations

import argparse
import io
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pypdfium2
from PIL import Image
from playwright.sync_api import Page, expect, sync_playwright

from app.domain.ids import encode_id
from tests.flows.conftest import FLAGS
from tests.flows.office import Office
from tests.flows.staff import PHONE, Staff
from tests.flows.steps import WORKER_MILLISECONDS, search, wait_for_pages

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "docs" / "screenshots"
WORKROOM = ROOT / "build" / "screenshots"
MOST_BYTES = 250_000
DESKTOP = {"viewport": {"width": 1280, "height": 800}}

# The customer of 江东分公司 with the most to show, and one of the longest papers that anybody there may read.
FULLEST = """
    select documents.customer_id from documents join branches on branches.id = documents.branch_id
    join customers on customers.id = documents.customer_id and customers.kind = 'person' and customers.level <= 2
    where branches.name = '江东分公司' group by documents.customer_id
    order by count(*) + 3 * count(distinct documents.claim_id) desc, documents.customer_id limit 1
"""
LONGEST = """
    select documents.id from documents join branches on branches.id = documents.branch_id
    where branches.name = '江东分公司' and documents.level <= 3 and documents.state = 'filed'
      and documents.title like '%投保单'
    order by documents.page_count desc, documents.id limit 1
"""

ROOM = """
    select places.id from places join branches on branches.id = places.branch_id
    where branches.name = '江东分公司' and places.kind = 'room' limit 1
"""


class Camera:
    """Takes pictures and keeps them small."""

    def take(self, page: Page, name: str) -> None:
        """Take a picture of what the window shows."""
        page.wait_for_load_state("networkidle")
        self.keep(Image.open(io.BytesIO(page.screenshot(animations="disabled", caret="hide"))), name)

    def keep(self, image: Image.Image, name: str) -> None:
        """Write a picture with as many colours as fit into its bytes."""
        for colours in (256, 128, 64, 32):
            small = io.BytesIO()
            image.convert("RGB").quantize(colours, dither=Image.Dither.NONE).save(small, "PNG", optimize=True)
            if small.tell() < MOST_BYTES:
                break
        (PICTURES / f"{name}.png").write_bytes(small.getvalue())
        sys.stdout.write(f"{name}.png {small.tell() / 1000:.0f} kB, {colours} colours\n")


def main() -> None:
    """Serve the demo, go round it and take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--instance", type=Path, default=WORKROOM / "instance")
    WORKROOM.mkdir(parents=True, exist_ok=True)
    office = Office(WORKROOM, "small")
    office.instance = parser.parse_args().instance.resolve()
    PICTURES.mkdir(parents=True, exist_ok=True)
    try:
        office.open()
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(FLAGS))
            staff = Staff(office, browser, {})
            for picture in PICTURES_IN_ORDER:
                picture(staff, office, Camera())
            staff.close()
    finally:
        office.close()


def sign_in(staff: Staff, _office: Office, camera: Camera) -> None:
    """The door."""
    desk = staff.visitor(DESKTOP)
    desk.go("/login")
    camera.take(desk.page, "sign-in")


def home(staff: Staff, _office: Office, camera: Camera) -> None:
    """What waits for an archivist in the morning."""
    desk = staff.desk("archivist-jd1", DESKTOP)
    desk.go("/")
    camera.take(desk.page, "home")


def customer(staff: Staff, office: Office, camera: Camera) -> None:
    """One customer's file."""
    ((customer_id,),) = office.rows(FULLEST)
    desk = staff.desk("archivist-jd1", DESKTOP)
    desk.go(f"/customers/{encode_id(customer_id)}?class=3")
    camera.take(desk.page, "customer")


def document(staff: Staff, office: Office, camera: Camera) -> None:
    """One item with its pages."""
    ((document_id,),) = office.rows(LONGEST)
    desk = staff.desk("archivist-jd1", DESKTOP)
    desk.go(f"/documents/{encode_id(document_id)}")
    wait_for_pages(desk.page)
    camera.take(desk.page, "document")


def found(staff: Staff, _office: Office, camera: Camera) -> None:
    """What a fragment of the text finds."""
    desk = staff.desk("archivist-jd1", DESKTOP)
    desk.go("/")
    search(desk, "住院")
    desk.page.click(".tabs a:has-text('档案件')")
    camera.take(desk.page, "search")


def lending(staff: Staff, _office: Office, camera: Camera) -> None:
    """The lending desk with what is out."""
    desk = staff.desk("archivist-jd1", DESKTOP)
    desk.go("/borrowing/desk?tab=out")
    camera.take(desk.page, "desk")


def room(staff: Staff, office: Office, camera: Camera) -> None:
    """A storeroom with the free space on its shelves."""
    ((room_id,),) = office.rows(ROOM)
    desk = staff.desk("archivist-jd1", DESKTOP)
    desk.go(f"/storage/places/{encode_id(room_id)}")
    camera.take(desk.page, "room")


def register(staff: Staff, office: Office, camera: Camera) -> None:
    """A register as it leaves the printer."""
    desk = staff.desk("manager-jd1", DESKTOP)
    desk.go("/registers")
    desk.page.select_option("#branch_id", label="江东分公司")
    desk.page.click(".form-foot button")
    expect(desk.page.locator("#exports >> text=下载 PDF").first).to_be_visible(timeout=WORKER_MILLISECONDS)
    with desk.page.expect_download() as download:
        desk.page.locator("#exports >> text=下载 PDF").first.click()
    camera.keep(pypdfium2.PdfDocument(download.value.path())[0].render(scale=1.5).to_pil(), "register")


def telephone(staff: Staff, _office: Office, camera: Camera) -> None:
    """An agent's customers on a telephone."""
    desk = staff.desk("agent-jd1", PHONE)
    desk.go("/agent/customers")
    camera.take(desk.page, "phone")


PICTURES_IN_ORDER: tuple[Callable[[Staff, Office, Camera], None], ...] = (
    *(sign_in, home, customer, document, found, lending, room, register, telephone),
)

if __name__ == "__main__":
    main()
