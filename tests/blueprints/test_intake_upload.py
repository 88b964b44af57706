"""Uploading into batches: what may come in, what is refused with its reason, and that nothing a stranger sends breaks anything."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from io import BytesIO
from random import Random
from typing import Any

import pytest
from sqlalchemy import func, select, update

from app.config import Settings
from app.domain.ids import encode_id
from app.models.accounts import Branch
from app.models.documents import Blob
from app.models.intake import IntakeBatch, IntakeFile, IntakeItem
from app.models.machinery import Job
from app.ports import RefusedFile
from app.services.unpacking import ARCHIVE
from tests.adapters.made_files import fax, jpeg, pdf_of_pages
from tests.cast import EAST, WEST
from tests.client import BASE, Browser, Portal
from tests.mutants import mutants
from tests.records import make_customer

MUTANTS = int(os.environ.get("BAODANG_MUTANTS", "60"))  # 200 and more by hand
BATCH = {
    "branch_id": str(EAST),
    "title": "十一月扫描",
    "scanned_by": "李扫描",
    "device": "fi-7160",
    "scanned_on": "2026-05-01",
    "dpi": "300",
    "colour": "grey",
    "declared_items": "12",
    "declared_pages": "40",
    "remark": "",
    "idempotency_key": "one-batch",
}


def open_batch(portal: Portal, browser: Browser, **fields: str) -> int:
    """Open a batch on screen and return its id."""
    browser.get("/intake/batches/new")
    answer = browser.post("/intake/batches/new", {**BATCH, **fields}, status=303)
    with portal.session() as session:
        batch_id = session.scalars(select(IntakeBatch.id).order_by(IntakeBatch.opened_at.desc())).first()
    assert batch_id
    assert answer.headers["Location"].startswith(f"/intake/batches/{encode_id(batch_id)}/upload")
    return batch_id


def send(browser: Browser, batch_id: int, *files: tuple[bytes, str], status: int = 303, **fields: Any) -> str:
    """Send files into a batch and return the answer's text."""
    chosen = [(BytesIO(data), name) for data, name in files]
    form = {"idempotency_key": "one-form", **fields, "files": chosen}
    return browser.post(f"/intake/batches/{encode_id(batch_id)}/upload", form, status=status).text


def count(portal: Portal, model: type) -> int:
    """Return how many rows a table has."""
    with portal.session() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def test_a_batch_is_opened_with_its_scanning_record_and_takes_files_of_every_kind(portal: Portal) -> None:
    browser = portal.browser("archivist")
    batch_id = open_batch(portal, browser)

    page = browser.get(f"/intake/batches/{encode_id(batch_id)}/upload").text
    send(
        browser, batch_id, (pdf_of_pages(2), "a.pdf"), (fax(3), "b.tif"), (jpeg(), "c.jpg"), (b"PK\x03\x04xx", "d.zip")
    )

    assert "data-upload" in page
    with portal.session() as session:
        batch = session.get_one(IntakeBatch, batch_id)
        assert (batch.device, batch.dpi, batch.colour, batch.declared_items) == ("fi-7160", 300, "grey", 12)
        assert set(session.scalars(select(IntakeFile.media_type))) == {
            "application/pdf",
            "image/tiff",
            "image/jpeg",
            ARCHIVE,
        }
        assert sorted(session.scalars(select(Job.kind))).count("draw_file") == 3
        assert "unpack_file" in session.scalars(select(Job.kind)).all()
    assert count(portal, IntakeItem) == 3


def test_files_sent_from_a_customers_page_are_his(portal: Portal) -> None:
    browser = portal.browser("archivist")
    with portal.session() as session:
        customer_id = make_customer(session)
        session.commit()
    key = encode_id(customer_id)

    assert f"/intake/batches/new?customer={key}" in browser.get(f"/customers/{key}").text
    assert "名下" in browser.get(f"/intake/batches/new?customer={key}").text
    batch_id = open_batch(portal, browser, customer=key)
    send(browser, batch_id, (pdf_of_pages(1), "a.pdf"), customer=key)

    with portal.session() as session:
        item = session.scalars(select(IntakeItem)).one()
        assert (item.customer_id, item.touched) == (customer_id, ["customer_id"])


def test_a_form_that_is_sent_twice_takes_its_files_once(portal: Portal) -> None:
    browser = portal.browser("archivist")
    batch_id = open_batch(portal, browser)

    for _ in range(2):
        send(browser, batch_id, (pdf_of_pages(1), "a.pdf"))

    assert count(portal, IntakeItem) == 1


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        pytest.param(b"", "0 字节", id="empty"),
        pytest.param(b"MZ" + bytes(200), "这个文件的内容不是其中任何一种", id="program"),
        pytest.param(pdf_of_pages(1)[:200], "已损坏", id="cut off"),
    ],
)
def test_a_refused_file_is_told_why_and_nothing_of_the_form_is_kept(portal: Portal, data: bytes, sentence: str) -> None:
    browser = portal.browser("archivist")
    batch_id = open_batch(portal, browser)

    page = send(browser, batch_id, (pdf_of_pages(1), "a.pdf"), (data, "b.pdf"), status=422)

    assert sentence in page
    assert count(portal, IntakeFile) == 0


def test_no_file_and_too_many_files_are_refused(portal: Portal) -> None:
    browser = portal.browser("archivist")
    batch_id = open_batch(portal, browser)

    assert "请选择要上传的文件" in send(browser, batch_id, status=422)
    many = [(b"x", f"{n}.pdf") for n in range(21)]
    assert "一次最多上传 20 个文件" in send(browser, batch_id, *many, status=422)


def test_a_batch_that_was_handed_in_takes_no_more_files(portal: Portal) -> None:
    browser = portal.browser("archivist")
    batch_id = open_batch(portal, browser)
    with portal.session() as session:
        session.execute(update(IntakeBatch).values(state="checking"))
        session.commit()

    page = browser.get(f"/intake/batches/{encode_id(batch_id)}/upload").text
    send(browser, batch_id, (pdf_of_pages(1), "a.pdf"), status=409)

    assert "不能再放入材料" in page
    assert count(portal, IntakeFile) == 0


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("scanned_on", "2999-01-01", "不能晚于今天"),
        ("dpi", "9", "72 至 2400"),
        ("dpi", "很清楚", "分辨率"),
        ("declared_items", "-3", "1 至 100000"),
        ("declared_pages", "99999999999999999999", "1 至 100000"),
        ("colour", "蓝", "色彩模式"),
        ("branch_id", str(WEST), "机构"),
        ("branch_id", "x", "机构"),
    ],
)
def test_what_cannot_be_is_told_beside_its_field(portal: Portal, field: str, value: str, sentence: str) -> None:
    browser = portal.browser("archivist")
    browser.get("/intake/batches/new")

    page = browser.post("/intake/batches/new", {**BATCH, field: value}, status=422).text

    assert sentence in page
    assert "fi-7160" in page
    assert count(portal, IntakeBatch) == 0


def test_the_scanning_record_is_changed_from_the_version_that_was_seen(portal: Portal) -> None:
    browser = portal.browser("archivist")
    path = f"/intake/batches/{encode_id(open_batch(portal, browser))}/scanning"
    typed = {name: value for name, value in BATCH.items() if name not in {"branch_id", "idempotency_key"}}
    version = re.search(r'name="version"[^>]*value="(\d+)"', browser.get(path).text)
    assert version

    browser.post(path, {**typed, "dpi": "200", "version": version[1]}, status=303)
    conflict = browser.post(path, {**typed, "dpi": "600", "version": version[1]}, status=409).text
    browser.post(path, {**typed, "dpi": "1", "version": "2"}, status=422)

    assert "600" in conflict
    with portal.session() as session:
        assert session.scalars(select(IntakeBatch.dpi)).all() == [200]


def test_who_may_not_receive_there_sees_nothing(portal: Portal) -> None:
    batch_id = open_batch(portal, portal.browser("archivist"))
    with portal.session() as session:
        session.execute(
            update(IntakeBatch).values(branch_id=select(Branch.id).where(Branch.id == WEST).scalar_subquery())
        )
        session.commit()

    for path in ("upload", "scanning"):
        portal.browser("clerk").get(f"/intake/batches/{encode_id(batch_id)}/{path}", status=404)
    send(portal.browser("clerk"), batch_id, (pdf_of_pages(1), "a.pdf"), status=404)


def test_mutated_files_give_an_item_or_a_sentence_and_never_a_fault(portal: Portal) -> None:
    browser = portal.browser("archivist")
    batch_id = open_batch(portal, browser)
    path = f"/intake/batches/{encode_id(batch_id)}/upload"
    statuses = []

    for number, data in enumerate(mutants(Random(11), MUTANTS)):
        form = {"csrf_token": browser.token, "idempotency_key": f"form-{number}"}
        answer = browser.client.post(path, base_url=BASE, data=form | {"files": [(BytesIO(data), f"{number}.pdf")]})
        statuses.append(answer.status_code)

    assert set(statuses) <= {303, 422}
    assert count(portal, IntakeItem) == statuses.count(303)
    tools = portal.app.extensions["tools"]
    with portal.session() as session:
        kept = session.scalars(select(IntakeFile.blob_digest)).all()
    for digest in kept:
        try:
            assert list(tools.images.render(tools.files.read(digest)))
        except RefusedFile as refused:
            assert refused.reason


def test_a_full_disk_refuses_clearly_keeps_nothing_and_takes_the_files_when_there_is_room(settings: Settings) -> None:
    portal = Portal(replace(settings, free_space_floor=1 << 62))
    browser = portal.browser("archivist")
    batch_id = open_batch(portal, browser)

    page = send(browser, batch_id, (pdf_of_pages(1), "a.pdf"), (b"PK\x03\x04", "b.zip"), status=507)
    kept = count(portal, IntakeFile), count(portal, IntakeItem), count(portal, Blob)
    portal.close()
    portal = Portal(settings)
    send(portal.browser("archivist"), batch_id, (pdf_of_pages(1), "a.pdf"))

    assert "磁盘空间不足" in page
    assert kept == (0, 0, 0)
    assert count(portal, IntakeItem) == 1
    portal.close()
