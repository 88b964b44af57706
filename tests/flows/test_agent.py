"""An agent with a telephone 360 pixels wide: the checklist, a photograph that has to be retaken, one page that comes back."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from random import Random

import pytest
from PIL import Image, ImageFilter
from playwright.sync_api import Page, expect
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from app.adapters.cipher_aesgcm import AesGcmCipher
from app.cli.demo.pages import draw_document
from app.db import configure_engine
from app.models.fields import field_cipher, install_cipher
from app.models.intake import IntakeItem, IntakePage, Submission
from app.services.submissions import note_returned
from tests.flows.office import Office
from tests.flows.scans import Upload, newcomer
from tests.flows.staff import PHONE, Staff

pytestmark = pytest.mark.browser
BLURRED = "把手机放稳"


def paper(*, blur: float = 0.0) -> Upload:
    """An application form on a table, photographed from above."""
    sheet = draw_document("application", newcomer("无名", 931), Random(5), dpi=130)[0].convert("RGB")
    table = Image.new("RGB", (sheet.width + 260, sheet.height + 240), (96, 78, 62))
    table.paste(sheet, (130, 120))
    out = BytesIO()
    (table.filter(ImageFilter.GaussianBlur(blur)) if blur else table).save(out, "JPEG", quality=90)
    return {"name": f"IMG_{blur}.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def give_back(office: Office, why: str) -> None:
    """Return the first page of what was handed in last, as the desk does."""
    ours = field_cipher()
    install_cipher(AesGcmCipher(bytes.fromhex((office.instance / "keys" / "master.key").read_text().strip())))
    engine = create_engine(f"sqlite:///{office.instance / 'baodang.db'}")
    configure_engine(engine)
    with Session(engine) as session:
        session.connection(execution_options={"sqlite_begin": "IMMEDIATE"})
        submission = session.scalars(select(Submission).order_by(Submission.created_at.desc()).limit(1)).one()
        page = session.scalars(
            select(IntakePage)
            .join(IntakeItem, IntakeItem.id == IntakePage.item_id)
            .where(IntakeItem.submission_id == submission.id)
            .order_by(IntakePage.position)
            .limit(1)
        ).one()
        item = session.get_one(IntakeItem, page.item_id)
        page.refusal, item.state = why, "returned"
        session.flush()
        note_returned(session, item, now=datetime.now(UTC))
        session.commit()
    engine.dispose()
    install_cipher(ours)


def explain_the_rest(page: Page) -> None:
    """Say why everything is missing that was not photographed."""
    for box in page.locator("details.reason:visible").all():
        box.locator("summary").click()
        box.locator("input").fill("客户外出，周五补交")


def test_an_agent_photographs_retakes_hands_in_and_sends_one_page_again(staff: Staff, office: Office) -> None:
    desk = staff.desk("agent-cd2", PHONE)
    page = desk.page
    desk.go("/")
    expect(page.locator("h1")).to_have_text("材料提交")
    desk.look()

    page.click(".send a")
    desk.look()
    page.click(".pick a >> nth=0")
    page.check("input[name=business][value=application]")
    desk.look()
    page.click(".form-foot button")
    expect(page.locator("h1")).to_have_text("投保材料")
    desk.look()

    line = page.locator("section.card").first
    line.locator("input[capture]").first.set_input_files(paper())
    expect(line.locator(".shot img")).to_have_count(1)
    expect(line.locator(".line-head .chip")).to_have_text("已拍")
    line.locator("input[multiple]").set_input_files(paper(blur=9.0))
    expect(line.locator(".notice-warn")).to_contain_text(BLURRED)
    desk.look()
    line.locator(".notice-warn input[type=file]").set_input_files(paper())
    expect(line.locator(".notice-warn")).to_have_count(0)
    expect(line.locator(".shot img")).to_have_count(2)
    expect(page.locator("#send button")).to_have_text("提交 2 页")

    explain_the_rest(page)
    desk.look()
    page.click("#send button")
    expect(page.locator(".notice-ok")).to_contain_text("已提交")
    expect(page.locator(".pick").first).to_contain_text("等待接收")
    desk.look()

    give_back(office, "公章没拍全：请把整张纸放进画面再拍")
    desk.go("/agent")
    expect(page.locator(".pick .due")).to_contain_text("公章没拍全")
    desk.look()
    page.locator(".news button", has_text="去看看").first.click()
    expect(page.locator(".notice-seal").first).to_contain_text("别的页不用再交")
    again = page.locator("section:has(.shot.refused)")
    expect(again.locator("input[type=file]")).to_have_count(1)
    expect(again.locator(".shot")).to_have_count(2)
    desk.look()
    again.locator("input[type=file]").set_input_files(paper())
    expect(page.locator(".shot.refused")).to_have_count(0)
    page.click("#send button")
    expect(page.locator(".pick").first).to_contain_text("等待接收")
