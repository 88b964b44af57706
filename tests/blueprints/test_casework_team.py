"""The team's screens: inbox, board, calendar, giving cases on, absences, comments, papers, and who else is here."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import sessionmaker

from app.config import Settings
from app.domain.ids import encode_id
from app.domain.office_time import last_moment, office_day
from app.jobs.casework_watch import watch_cases
from app.jobs.handlers import Work
from app.models.cases import Absence, Case, CaseBar, CaseFile, CaseNote, CaseVisit
from app.models.evidence import Notice
from app.models.machinery import TrailEntry
from tests.adapters.made_files import jpeg
from tests.cast import PEOPLE, actor
from tests.client import Portal
from tests.services.casework import make_case

CLERK, ARCHIVIST, MANAGER, CITY = (PEOPLE[name][0] for name in ("clerk", "archivist", "manager", "clerk_city"))


def arrange(
    portal: Portal, *, handler: int | None = CLERK, barred: int | None = None, **values: Any
) -> tuple[int, str]:
    """A complaint of today's office with its handler; return its id and address."""
    now = datetime.now(UTC)
    with portal.session() as session:
        values = {"received_at": now - timedelta(days=2), **values}
        case = make_case(session, actor(session, "archivist"), now=now, handler_id=handler, **values)
        if barred is not None:
            session.add(
                CaseBar(case_id=case.id, account_id=barred, relation="interest", barred_by=MANAGER, barred_at=now)
            )
        session.commit()
        return case.id, f"/casework/{encode_id(case.id)}"


def load(portal: Portal, case_id: int) -> Case:
    with portal.session() as session:
        return session.get_one(Case, case_id)


def away(portal: Portal, account_id: int, deputy_id: int) -> int:
    now, today = datetime.now(UTC), office_day(datetime.now(UTC))
    with portal.session() as session:
        row = Absence(account_id=account_id, deputy_id=deputy_id, first_on=today, last_on=today, created_at=now)
        session.add(row)
        session.commit()
        return row.id


def test_the_inbox_groups_ones_own_cases_by_due_day(portal: Portal) -> None:
    now = datetime.now(UTC)
    arrange(portal)
    arrange(portal, received_at=now - timedelta(days=40), phone="13900000002")
    arrange(portal, handler=ARCHIVIST, phone="13900000003")

    page = portal.browser("clerk").get("/casework/mine").text

    assert page.count("/casework/") and "已逾期" in page and "以后到期" in page
    assert "TS2026-000003" not in page


def test_the_inbox_of_a_deputy_shows_whose_case_it_is_but_none_that_he_is_barred_from(portal: Portal) -> None:
    arrange(portal)
    _, hidden = arrange(portal, barred=ARCHIVIST, phone="13900000002")
    away(portal, CLERK, ARCHIVIST)

    page = portal.browser("archivist").get("/casework/mine").text

    assert "代 业务甲" in page and "由您代理" in page
    assert "TS2026-000001" in page and "TS2026-000002" not in page
    portal.browser("archivist").get(hidden, status=404)


def test_the_board_counts_only_what_the_reader_may_see(portal: Portal) -> None:
    arrange(portal)
    arrange(portal, barred=MANAGER, phone="13900000002")
    arrange(portal, handler=None, phone="13900000003")
    browser = portal.browser("manager")

    by_state = browser.get("/casework/board").text
    by_handler = browser.get("/casework/board?by=handler&branch=2").text

    assert "TS2026-000001" in by_state and "TS2026-000003" in by_state
    assert "TS2026-000002" not in by_state + by_handler
    assert by_state.count('card-aside num">1<') == 2
    assert "尚未指派" in by_handler and "业务甲" in by_handler
    assert "TS2026-000001" not in browser.get("/casework/board?handler=none").text
    browser.get("/casework/board?branch=x&handler=x&line=nothing&major=1&by=x")


def test_a_clerk_sees_his_own_cases_on_the_board_only(portal: Portal) -> None:
    arrange(portal)
    arrange(portal, handler=ARCHIVIST, phone="13900000002")

    page = portal.browser("clerk").get("/casework/board").text

    assert "TS2026-000001" in page and "TS2026-000002" not in page


def test_the_calendar_shows_due_days_absences_and_holidays(portal: Portal) -> None:
    now = datetime.now(UTC)
    case_id, _ = arrange(portal, received_at=now - timedelta(days=1))
    arrange(portal, barred=CLERK, phone="13900000002")
    away(portal, CLERK, ARCHIVIST)
    due_on = load(portal, case_id).due_on
    assert due_on is not None
    browser = portal.browser("clerk")

    page = browser.get(f"/casework/calendar?month={due_on:%Y-%m}").text

    assert "TS2026-000001" in page and "TS2026-000002" not in page
    assert "由 档案甲 代理" in browser.get("/casework/calendar").text
    assert "国庆" in browser.get("/casework/calendar?month=2026-10").text
    assert "TS2026-000001" in portal.browser("manager").get(f"/casework/calendar?month={due_on:%Y-%m}&whose=team").text
    for spoilt in ("0000-01", "2026-13", "x", "9999-12"):
        browser.get(f"/casework/calendar?month={spoilt}")


def test_a_manager_gives_a_case_and_its_receiver_is_told(portal: Portal) -> None:
    case_id, path = arrange(portal, handler=None)
    browser = portal.browser("manager")
    page = browser.get(f"{path}/assign").text
    version = str(load(portal, case_id).version)

    answer = browser.post(f"{path}/assign", {"to_id": str(CLERK), "word": "请先电话联系", "version": version})

    case = load(portal, case_id)
    assert "业务甲" in page and "业务乙" not in page
    assert answer.status_code == 303 and case.handler_id == CLERK and case.declared_at is None
    with portal.session() as session:
        assert "case_given" in session.scalars(select(Notice.kind).where(Notice.account_id == CLERK)).all()
        assert session.scalars(select(CaseNote.text)).one() == "请先电话联系"
    assert "请先电话联系" in portal.browser("clerk").get(path).text


def test_a_case_is_not_given_to_the_barred_the_foreign_or_from_an_old_page(portal: Portal) -> None:
    case_id, path = arrange(portal, barred=ARCHIVIST)
    browser = portal.browser("manager")
    assert "档案甲" not in browser.get(f"{path}/assign").text
    version = str(load(portal, case_id).version)

    for to_id, sentence in (
        (str(ARCHIVIST), "须回避"),
        (str(CITY), "不在该机构"),
        ("", "请选择"),
        ("9" * 30, "请选择"),
    ):
        refused = browser.post(f"{path}/assign", {"to_id": to_id, "version": version}, status=422)
        assert sentence in refused.text
    browser.post(f"{path}/assign", {"to_id": str(MANAGER), "version": "0"}, status=409)
    assert load(portal, case_id).handler_id == CLERK


def test_who_does_not_handle_a_case_cannot_give_it_on(portal: Portal) -> None:
    _, path = arrange(portal)

    portal.browser("archivist").get(f"{path}/assign", status=404)
    portal.browser("clerk_west").get(f"{path}/assign", status=404)
    portal.browser("clerk").get(f"{path}/assign")


def test_all_cases_of_one_person_go_to_another_after_a_look(portal: Portal) -> None:
    first, _ = arrange(portal)
    second, _ = arrange(portal, barred=ARCHIVIST, phone="13900000002")
    browser = portal.browser("manager")

    preview = browser.get(f"/casework/hand-over?from_id={CLERK}&to_id={ARCHIVIST}").text
    form = {"from_id": str(CLERK), "to_id": str(ARCHIVIST), "case": [encode_id(first), encode_id(second), "spoilt"]}
    answer = browser.post("/casework/hand-over", form)

    assert "不能转交" in preview and preview.count('name="case"') == 1
    assert answer.status_code == 303
    assert (load(portal, first).handler_id, load(portal, second).handler_id) == (ARCHIVIST, CLERK)
    assert "请至少勾选一件" in browser.post("/casework/hand-over", {**form, "case": []}, status=422).text
    browser.get("/casework/hand-over?from_id=x&to_id=99999999999999999999999")


def test_days_away_are_written_down_shown_and_cancelled(portal: Portal) -> None:
    today = office_day(datetime.now(UTC))
    browser = portal.browser("clerk")
    browser.get("/casework/absences")
    form = {"first_on": str(today), "last_on": str(today), "deputy_id": str(ARCHIVIST), "idempotency_key": "once"}

    assert browser.post("/casework/absences", form).status_code == 303
    assert browser.post("/casework/absences", form).status_code == 303

    with portal.session() as session:
        row = session.scalars(select(Absence)).one()
        assert (row.account_id, row.deputy_id) == (CLERK, ARCHIVIST)
    again = browser.post("/casework/absences", {**form, "idempotency_key": "two"}, status=422)
    assert "已登记过外出" in again.text and str(today) in again.text
    portal.browser("clerk_west").get("/casework/absences")
    path = f"/casework/absences/{encode_id(row.id)}/cancel"
    west = portal.browser("clerk_west")
    west.get("/casework/absences")
    west.post(path, {}, status=404)
    assert browser.post(path, {}).status_code == 303
    with portal.session() as session:
        assert session.scalars(select(Absence.cancelled_at)).one() is not None


def test_a_manager_writes_down_days_away_of_his_people(portal: Portal) -> None:
    today = office_day(datetime.now(UTC))
    browser = portal.browser("manager")
    page = browser.get(f"/casework/absences?account={CITY}").text
    form = {"account_id": str(CITY), "first_on": str(today), "last_on": str(today), "idempotency_key": "once"}

    refused = browser.post("/casework/absences", form, status=422)
    answer = browser.post("/casework/absences", {**form, "deputy_id": str(CLERK)})

    assert "业务乙" in page and "请选择代理人" in refused.text
    assert answer.status_code == 303


def test_a_comment_appears_without_leaving_the_page(portal: Portal) -> None:
    _, path = arrange(portal)
    browser = portal.browser("clerk")
    browser.get(path)

    fragment = browser.post(
        f"{path}/notes", {"text": "来电已接\n约明日面谈", "idempotency_key": "a"}, htmx=True, status=200
    )
    browser.post(f"{path}/notes", {"text": "面谈已毕", "idempotency_key": "b"})
    refused = browser.post(f"{path}/notes", {"text": "  ", "idempotency_key": "c"}, status=422)

    assert "来电已接<br>约明日面谈" in fragment.text and "<html" not in fragment.text
    page = browser.get(path).text
    assert page.index("来电已接") < page.index("面谈已毕")
    assert "请先写内容" in refused.text
    stranger = portal.browser("clerk_west")
    stranger.get("/casework")
    stranger.post(f"{path}/notes", {"text": "x"}, status=404)


def test_a_paper_is_added_fetched_as_a_file_and_removed_with_a_trace(portal: Portal) -> None:
    _, path = arrange(portal, barred=MANAGER)
    browser = portal.browser("clerk")
    browser.get(path)
    form = {"kind": "evidence", "idempotency_key": "one", "files": [(BytesIO(jpeg()), "证据<1>.jpg")]}

    assert browser.post(f"{path}/files", form).status_code == 303

    with portal.session() as session:
        file = session.scalars(select(CaseFile)).one()
    where = f"/casework/files/{encode_id(file.id)}"
    fetched = browser.client.get(f"https://localhost{where}")
    assert fetched.data == jpeg() and fetched.headers["Content-Disposition"].startswith("attachment")
    portal.browser("manager").get(where, status=404)
    portal.browser("clerk_west").get(where, status=404)
    assert "证据&lt;1&gt;.jpg" in browser.get(path).text
    assert browser.post(f"{where}/remove", {}).status_code == 303
    browser.get(where, status=404)
    with portal.session() as session:
        events = set(session.scalars(select(TrailEntry.event)))
    assert {"case_file_added", "case_file_fetched", "case_file_removed"} <= events


def test_a_spoilt_paper_is_refused_with_the_reason(portal: Portal) -> None:
    _, path = arrange(portal)
    browser = portal.browser("clerk")
    browser.get(path)

    bad = browser.post(
        f"{path}/files", {"kind": "evidence", "idempotency_key": "1", "files": [(BytesIO(b"MZ"), "a.pdf")]}, status=422
    )
    none = browser.post(f"{path}/files", {"kind": "evidence", "idempotency_key": "2"}, status=422)
    kind = browser.post(
        f"{path}/files", {"kind": "x", "idempotency_key": "3", "files": [(BytesIO(jpeg()), "a.jpg")]}, status=422
    )

    assert "只收 PDF" in bad.text and "请选择要上传的文件" in none.text and kind.status_code == 422


def test_two_people_in_one_case_are_told_of_each_other(portal: Portal) -> None:
    case_id, path = arrange(portal, barred=ARCHIVIST)
    version = load(portal, case_id).version

    portal.browser("clerk").get(f"{path}/visitors?version={version}", htmx=True)
    seen = portal.browser("manager").get(f"{path}/visitors?version={version}", htmx=True).text
    old = portal.browser("manager").get(f"{path}/visitors?version={version - 1}", htmx=True).text

    assert "业务甲" in seen and "更新" not in seen
    assert "此投诉已被他人更新" in old
    portal.browser("archivist").get(f"{path}/visitors", status=404)
    portal.browser("clerk_west").get(f"{path}/visitors", status=404)
    with portal.session() as session:
        assert set(session.scalars(select(CaseVisit.account_id))) == {CLERK, MANAGER}


def test_who_was_here_an_hour_ago_is_not_named(portal: Portal) -> None:
    case_id, path = arrange(portal)
    with portal.session() as session:
        session.add(CaseVisit(case_id=case_id, account_id=CLERK, seen_at=datetime.now(UTC) - timedelta(hours=1)))
        session.commit()

    assert "业务甲" not in portal.browser("manager").get(f"{path}/visitors", htmx=True).text


def test_the_page_asks_for_company_by_itself(portal: Portal) -> None:
    case_id, path = arrange(portal)
    version = load(portal, case_id).version

    page = portal.browser("clerk").get(path).text

    assert f'hx-get="{path}/visitors?version={version}"' in page and "every 30s" in page


def test_the_home_page_counts_ones_own_open_cases(portal: Portal) -> None:
    arrange(portal, received_at=datetime.now(UTC) - timedelta(days=40))
    arrange(portal, phone="13900000002")

    mine, other = portal.browser("clerk").get("/").text, portal.browser("clerk_city").get("/").text

    assert "我的投诉" in mine and "其中 1 件已逾期" in mine
    assert "我的投诉" not in other


def test_the_job_reminds_once_however_often_it_runs(portal: Portal, settings: Settings) -> None:
    case_id, _ = arrange(portal)
    due_on = load(portal, case_id).due_on
    assert due_on is not None
    with portal.session() as session:
        sessions = sessionmaker(session.get_bind(), expire_on_commit=False)
    later = last_moment(due_on) + timedelta(hours=10)
    work = Work(sessions, portal.app.extensions["tools"], settings, lambda: later, lambda _done, _total: None, None)

    watch_cases(work, {})
    watch_cases(work, {})

    with portal.session() as session:
        told = session.scalars(select(Notice).where(Notice.kind == "case_overdue", Notice.account_id == CLERK)).all()
    assert len([row for row in told if row.details["clock"] == "投诉处理"]) == 1
    assert load(portal, case_id).clock_state == "overdue"
    assert "已超过期限" in portal.browser("clerk").get("/notices").text
