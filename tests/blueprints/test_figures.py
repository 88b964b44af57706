"""Figures on the screen, the report as PDF and as a workbook, numbers of the business typed in."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import openpyxl
import pypdfium2
from sqlalchemy import select
from sqlalchemy.orm import sessionmaker

from app.db import db
from app.domain.ids import encode_id
from app.jobs.handlers import Work, handler_of
from app.models.figures import BusinessFigure
from app.models.machinery import Export
from tests.cast import EAST, PEOPLE, WEST, actor
from tests.client import Portal
from tests.services.casework import make_case

NOVEMBER = {"kind": "month", "first": "2026-11-01", "branch_id": ""}


def arrange(portal: Portal) -> None:
    with portal.session() as session:
        clerk = actor(session, "clerk")
        make_case(session, clerk, line="motor")
        make_case(session, clerk, line="motor", phone="13900000002")
        make_case(session, clerk, accused_name=PEOPLE["manager"][1], phone="13900000003")
        session.commit()


def made(portal: Portal) -> bytes:
    """Let the worker's handler make the one report that was ordered, twice, and return it."""
    tools, settings = portal.app.extensions["tools"], portal.app.extensions["baodang"]
    with portal.app.app_context():
        sessions = sessionmaker(db.engine, expire_on_commit=False)
    work = Work(sessions, tools, settings, lambda: datetime.now(UTC), lambda done, total: None, None)
    with sessions() as session:
        export = session.scalars(select(Export)).one()
    for _ in range(2):
        handler_of("print_report")(work, {"export_id": export.id})
    with sessions() as session:
        found = session.scalars(select(Export)).one()
    return tools.files.read(found.blob_digest)


def test_figures_are_those_one_may_see_without_a_word_of_the_barred(portal: Portal) -> None:
    arrange(portal)

    page = portal.browser("manager").get("/figures?kind=month&day=2026-11-20").text
    whole = portal.browser("archivist").get("/figures?kind=month&day=2026-11-20").text

    assert '<b class="num">2</b>' in page
    assert '<b class="num">3</b>' in whole
    assert "机动车辆" in page


def test_a_period_counts_its_own_complaints_only(portal: Portal) -> None:
    arrange(portal)

    page = portal.browser("manager").get("/figures?kind=quarter&day=2026-08-20").text

    assert '<b class="num">0</b>' in page
    assert '<b class="num">2</b>' not in page


def test_another_branch_is_not_counted_by_address(portal: Portal) -> None:
    arrange(portal)

    page = portal.browser("manager_west").get(f"/figures?kind=month&day=2026-11-20&branch={EAST}").text

    assert '<b class="num">0</b>' in page


def test_odd_periods_and_branches_show_what_there_is(portal: Portal) -> None:
    browser = portal.browser("manager")
    for query in (
        "kind=decade",
        "day=yesterday",
        "day=0001-01-01",
        "day=9999-12-31",
        "branch=x",
        "branch=99999999999999999999",
    ):
        browser.get(f"/figures?{query}")


def test_a_workbook_keeps_names_as_texts_and_draws_its_charts(portal: Portal) -> None:
    arrange(portal)
    browser = portal.browser("manager")

    browser.post("/figures/reports", {**NOVEMBER, "register": "casework_xlsx"})
    book = openpyxl.load_workbook(io.BytesIO(made(portal)))

    assert book.sheetnames[:3] == ["概况", "按机构", "按险种"]
    assert [cell.value for cell in book["概况"][2]] == ["投诉量", "2"]
    assert [cell.value for cell in book["按险种"][2]][:2] == ["机动车辆", 2]
    assert len(book["近十二个月"]._charts) == 1


def test_a_report_on_paper_has_its_period_and_its_figures(portal: Portal) -> None:
    arrange(portal)
    browser = portal.browser("manager")

    browser.post("/figures/reports", {**NOVEMBER, "register": "casework_pdf"})
    document = pypdfium2.PdfDocument(made(portal))
    text = "".join("".join(page.get_textpage().get_text_range().split()) for page in document)

    for wanted in ("投诉与服务统计报告", "2026年11月", "按业务环节", "机动车辆", "负责甲", "近十二个月"):
        assert wanted in text, wanted
    page = browser.get("/registers").text
    assert "投诉与服务统计报告" in page
    with portal.session() as session:
        export_id = session.scalars(select(Export.id)).one()
    fetched = browser.get(f"/registers/{encode_id(export_id)}/file")
    assert fetched.mimetype == "application/pdf"
    portal.browser("archivist").get(f"/registers/{encode_id(export_id)}/file", status=404)


def test_a_report_of_a_foreign_branch_or_an_unknown_kind_is_refused(portal: Portal) -> None:
    browser = portal.browser("manager")

    browser.post("/figures/reports", {**NOVEMBER, "register": "casework_pdf", "branch_id": str(WEST)}, status=404)
    browser.post("/figures/reports", {**NOVEMBER, "register": "everything"}, status=404)
    browser.post("/figures/reports", {**NOVEMBER, "first": "soon", "register": "casework_pdf"}, status=404)
    portal.browser("clerk").get("/figures", status=403)


def test_numbers_of_the_business_make_the_ratios(portal: Portal) -> None:
    arrange(portal)
    browser = portal.browser("manager", stepped_up=True)

    browser.post("/figures/given", {"branch_id": str(EAST), "month": "2026-11", "premium": "2亿", "policies": "10000"})
    page = browser.get("/figures?kind=month&day=2026-11-20").text

    assert '<b class="num">1.00</b>' in page  # two complaints to two hundred million
    assert '<b class="num">2.00</b>' in page  # two to ten thousand policies
    assert 'value="10000"' in browser.get(f"/figures/given?branch={EAST}&month=2026-11").text


def test_wrong_numbers_are_said_and_kept_in_the_form(portal: Portal) -> None:
    browser = portal.browser("manager", stepped_up=True)
    typed = {"branch_id": str(EAST), "month": "2026-11", "calls": "3", "calls_answered": "5", "premium": "许多"}

    page = browser.post("/figures/given", typed, status=422).text
    assert 'value="许多"' in page
    page = browser.post("/figures/given", {**typed, "premium": ""}, status=422).text
    assert "不能大于总数" in page
    assert 'value="5"' in page
    browser.post("/figures/given", {**typed, "branch_id": str(WEST)}, status=422)
    with portal.session() as session:
        assert session.scalars(select(BusinessFigure)).all() == []
