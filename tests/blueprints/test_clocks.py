"""The screens of rules, calendar and causes: read by who serves customers, kept by the head office's managers."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
from sqlalchemy import select

from app.domain.ids import encode_id
from app.models.cases import CaseCause
from app.models.clocks import CalendarDay, ClockRuleRow
from app.queries.clocks import rule_row_on
from tests.client import Browser, Portal
from tests.services.clock_keepers import head_manager

NOTICE = "国务院办公厅关于2031年部分节假日安排的通知"
FILE = f"日期,是否上班,名称,依据\n2031-01-01,否,元旦,{NOTICE}\n2031-02-08,是,春节调休上班,{NOTICE}\n"
HIDDEN = re.compile(r'name="(text|digest|idempotency_key|version)" type="hidden" value="([^"]*)"')


@pytest.fixture
def keeper(portal: Portal) -> Browser:
    """A manager of the head office."""
    with portal.session() as session:
        head_manager(session)
        session.commit()
    return portal.browser("manager", stepped_up=True)


def rule_path(portal: Portal, code: str = "complaint") -> str:
    """Where the text in force of a rule is."""
    with portal.session() as session:
        row = rule_row_on(session, code, datetime.now(UTC).date())
        assert row is not None
        return f"/clocks/{encode_id(row.id)}"


def cause(portal: Portal, code: str) -> CaseCause:
    """A row of the tree."""
    with portal.session() as session:
        return session.scalars(select(CaseCause).where(CaseCause.code == code)).one()


@pytest.mark.parametrize("who", ["clerk", "archivist", "manager"])
def test_who_serves_customers_reads_rules_calendar_and_causes(portal: Portal, who: str) -> None:
    browser = portal.browser(who)

    rules, rule = browser.get("/clocks").text, browser.get(rule_path(portal)).text
    calendar, causes = browser.get("/clocks/calendar?year=2026").text, browser.get("/clocks/causes").text

    assert all(word in rules for word in ("投诉处理", "15 日", "情况复杂 30 日", "5 个工作日", "前 5/3/1 天"))
    assert "第十八条" in rule
    assert "登记新文本" not in rule
    assert all(word in calendar for word in ("10-01", "10-07", "国庆节", "春节调休上班"))
    assert "夸大收益" in causes
    assert "停用</button>" not in causes


@pytest.mark.parametrize("path", ["/clocks", "/clocks/calendar", "/clocks/causes"])
def test_others_do_not(portal: Portal, path: str) -> None:
    for who in ("agent", "auditor", "newcomer"):
        portal.browser(who).get(path, status=403)


def test_a_year_without_a_calendar_is_told(portal: Portal) -> None:
    portal.browser("clerk").get("/clocks/calendar?year=999999")
    page = portal.browser("clerk").get("/clocks/calendar?year=2031").text

    assert "2031 年的日历没有录入" in page


def test_a_new_text_of_a_rule_is_registered_once(portal: Portal, keeper: Browser) -> None:
    path = rule_path(portal)
    key = dict(HIDDEN.findall(keeper.get(f"{path}/new-text").text))["idempotency_key"]
    later = (datetime.now(UTC) + timedelta(days=40)).date().isoformat()
    form = {"length": "20", "complex_length": "40", "extension": "20", "reminders": "5 3 1", "basis": "新办法第十八条"}
    form |= {"effective_from": later, "idempotency_key": key}

    refused = keeper.post(f"{path}/new-text", {**form, "length": "400", "reminders": "1 2"}, status=422).text
    first = keeper.post(f"{path}/new-text", form).headers["Location"]
    again = keeper.post(f"{path}/new-text", form).headers["Location"]

    assert "期限应在 1 至 366 之间" in refused
    assert 'value="400"' in refused
    assert first == again
    assert "尚未施行" in keeper.get(first).text
    assert "登记新文本</a>" not in keeper.get(path).text
    with portal.session() as session:
        assert len(session.scalars(select(ClockRuleRow).where(ClockRuleRow.code == "complaint")).all()) == 2


def test_the_calendar_is_looked_at_and_then_taken_in(portal: Portal, keeper: Browser) -> None:
    page = keeper.post("/clocks/calendar/import", {"file": (BytesIO(FILE.encode()), "a.csv")}, status=200).text
    with portal.session() as session:
        assert session.get(CalendarDay, date(2031, 1, 1)) is None
    hidden = dict(HIDDEN.findall(page))

    keeper.post("/clocks/calendar/import", {"text": FILE, "digest": "0" * 64}, status=422)
    location = keeper.post("/clocks/calendar/import", {"text": FILE, "digest": hidden["digest"]}).headers["Location"]

    assert "2031-01-01" in page
    assert "元旦" in keeper.get(location).text
    with portal.session() as session:
        assert session.get_one(CalendarDay, date(2031, 2, 8)).is_working


def test_a_bad_file_is_refused_with_its_lines(keeper: Browser) -> None:
    bad = FILE + "2031-13-01,否,某日,通知\n"

    page = keeper.post("/clocks/calendar/import", {"file": (BytesIO(bad.encode()), "a.csv")}, status=422).text
    empty = keeper.post("/clocks/calendar/import", {}, status=422).text
    picture = {"file": (BytesIO(b"\x89PNG\0\0"), "a.png")}

    assert "第 4 行" in page
    assert "日期看不懂" in page
    assert "请选择日历文件" in empty
    keeper.post("/clocks/calendar/import", picture, status=422)


def test_the_template_is_a_file_that_can_be_read_back(keeper: Browser) -> None:
    template = keeper.get("/clocks/calendar/template")

    assert "attachment" in template.headers["Content-Disposition"]
    keeper.post("/clocks/calendar/import", {"file": (BytesIO(template.data), "a.csv")}, status=200)


def test_causes_are_added_renamed_retired_and_restored(portal: Portal, keeper: Browser) -> None:
    stage = cause(portal, "C")
    keeper.get("/clocks/causes")

    keeper.post("/clocks/causes", {"parent": encode_id(stage.id), "name": "回访太晚", "idempotency_key": "a"})
    fresh = cause(portal, "C03")
    path = f"/clocks/causes/{encode_id(fresh.id)}"
    keeper.get(path)
    keeper.post(path, {"name": "回访过晚", "version": "1"})
    overtaken = keeper.post(path, {"name": "别的名称", "version": "1"}, status=409).text
    keeper.post(f"{path}/retire", {"version": "2"})
    keeper.post(f"{path}/retire", {"version": "2"}, status=409)
    keeper.post(f"{path}/restore", {"version": "3"})
    full = keeper.post(f"/clocks/causes/{encode_id(stage.id)}/retire", {"version": "1"}, status=422).text
    taken = {"parent": "", "name": "销售", "idempotency_key": "b"}
    twice = keeper.post("/clocks/causes", taken, status=422).text
    keeper.post("/clocks/causes", {"parent": "garbage", "name": "x", "idempotency_key": "c"}, status=422)

    assert (cause(portal, "C03").name, cause(portal, "C03").active) == ("回访过晚", True)
    assert "回访过晚" in overtaken
    assert "请先停用原因" in full
    assert "同一级里已有这个名称" in twice


def test_a_manager_of_a_branch_changes_nothing(portal: Portal) -> None:
    browser, path = portal.browser("manager", stepped_up=True), rule_path(portal)

    browser.get(f"{path}/new-text", status=403)
    browser.get("/clocks/calendar/import", status=403)
    browser.post("/clocks/calendar/import", {"text": FILE, "digest": "x"}, status=403)
    browser.post("/clocks/causes", {"name": "x"}, status=403)


def test_changing_asks_for_a_fresh_code(portal: Portal, keeper: Browser) -> None:
    portal.browser("manager").get(f"{rule_path(portal)}/new-text", status=303)
