"""The calendar of working days: a file is looked at first, taken whole or not at all, and running clocks follow it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.errors import Invalid, NotAllowed
from app.models.clocks import CalendarDay
from app.models.machinery import Job, TrailEntry
from app.queries.calendar import months_of, years_known, years_missing
from app.services.calendar import Preview, preview_calendar, take_calendar, text_of_file
from tests.cast import NOW, actor
from tests.services.clock_keepers import head_manager

HEAD_LINE = "日期,是否上班,名称,依据\n"
NOTICE = "国务院办公厅关于2027年部分节假日安排的通知"
NEXT_YEAR = f"{HEAD_LINE}2027-01-01,否,元旦,{NOTICE}\n2027-02-06,是,春节调休上班,{NOTICE}\n"


def look(session: Session, text: str) -> Preview:
    """What taking a file in would do."""
    return preview_calendar(session, head_manager(session), text)


def test_a_year_is_looked_at_and_then_taken_in(session: Session) -> None:
    keeper, before = head_manager(session), session.scalar(select(func.count()).select_from(CalendarDay))

    preview = preview_calendar(session, keeper, NEXT_YEAR)
    untouched = session.scalar(select(func.count()).select_from(CalendarDay))
    take_calendar(session, keeper, NEXT_YEAR, preview.digest, now=NOW)

    assert untouched == before
    assert [(change.day.isoformat(), change.kind) for change in preview.changes] == [
        ("2027-01-01", "added"),
        ("2027-02-06", "added"),
    ]
    assert years_known(session) == [2025, 2026, 2027]
    assert session.get_one(CalendarDay, date(2027, 2, 6)).is_working
    assert session.scalars(select(Job.kind).where(Job.kind == "judge_clocks")).all() == ["judge_clocks"]
    entry = session.scalars(select(TrailEntry).where(TrailEntry.event == "calendar_changed")).one()
    assert (entry.object_label, (entry.after or {})["added"]) == ("2027", "2")


def test_a_year_is_taken_from_the_file_whole_and_others_stay(session: Session) -> None:
    keeper = head_manager(session)
    rows = session.scalars(select(CalendarDay).where(CalendarDay.day >= date(2026, 1, 1))).all()
    lines = [f"{row.day},{'是' if row.is_working else '否'},{row.name},{row.basis}" for row in rows]
    lines = [line for line in lines if not line.startswith("2026-10-10")]
    text = HEAD_LINE + "\n".join(lines).replace("2026-09-20,是,国庆节调休上班", "2026-09-20,是,国庆节上班")

    preview = preview_calendar(session, keeper, text)
    take_calendar(session, keeper, text, preview.digest, now=NOW)

    assert [(str(change.day), change.kind) for change in preview.changes] == [
        ("2026-09-20", "changed"),
        ("2026-10-10", "removed"),
    ]
    assert session.get(CalendarDay, date(2026, 10, 10)) is None
    assert session.get(CalendarDay, date(2025, 10, 11)) is not None


def test_a_file_with_a_wrong_line_is_refused_whole_and_every_line_is_named(session: Session) -> None:
    wrong = (
        *(f"2027-02-30,否,元旦,{NOTICE}", f"2027-01-01,否,元旦,{NOTICE}", f"2027-03-01,休,某日,{NOTICE}"),
        *(f"2027-03-02,否,{'长' * 41},x", "1949-10-01,否,国庆,x"),
    )
    text = NEXT_YEAR + "\n".join(wrong)

    preview = look(session, text)

    assert [(problem.line, problem.code) for problem in preview.problems] == [
        (4, "calendar.date"),
        (5, "calendar.day_twice"),
        (6, "calendar.working"),
        (7, "calendar.too_wide"),
        (8, "calendar.years"),
    ]
    with pytest.raises(Invalid):
        take_calendar(session, actor(session, "manager"), text, preview.digest, now=NOW)
    assert years_known(session) == [2025, 2026]


def test_what_was_not_looked_at_is_not_written(session: Session) -> None:
    keeper = head_manager(session)
    preview = preview_calendar(session, keeper, NEXT_YEAR)
    other = NEXT_YEAR.replace("2027-01-01", "2027-01-02")

    for text, digest in ((other, preview.digest), (NEXT_YEAR, ""), (NEXT_YEAR, "garbage")):
        with pytest.raises(Invalid) as refused:
            take_calendar(session, keeper, text, digest, now=NOW)
        assert refused.value.problems == {"file": ["calendar.changed"]}


def test_the_same_file_again_changes_nothing(session: Session) -> None:
    keeper = head_manager(session)
    take_calendar(session, keeper, NEXT_YEAR, preview_calendar(session, keeper, NEXT_YEAR).digest, now=NOW)

    again = preview_calendar(session, keeper, NEXT_YEAR)

    assert (again.changes, again.same, again.may_be_taken) == ((), 2, False)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "calendar.file_missing"),
        (b"x" * 300_000, "calendar.too_large"),
        (b"\xff\xfe\x00\x01", "calendar.encoding"),
        (b"a\0b", "calendar.encoding"),
    ],
)
def test_what_is_no_text_is_no_calendar(data: bytes, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        text_of_file(data)

    assert refused.value.problems == {"file": [code]}


def test_a_file_of_a_chinese_spreadsheet_is_read_as_well() -> None:
    assert text_of_file(NEXT_YEAR.encode("gb18030")) == NEXT_YEAR
    assert text_of_file(b"\xef\xbb\xbf" + NEXT_YEAR.encode()) == NEXT_YEAR


@pytest.mark.parametrize("who", ["clerk", "manager", "archivist_head"])
def test_only_managers_of_the_head_office_change_the_calendar(session: Session, who: str) -> None:
    with pytest.raises(NotAllowed):
        preview_calendar(session, actor(session, who), NEXT_YEAR)


def test_the_next_year_is_missed_from_october_on(session: Session) -> None:
    assert years_missing(session, date(2026, 9, 30)) == []
    assert years_missing(session, date(2026, 10, 1)) == [2027]
    assert years_missing(session, date(2027, 1, 1)) == [2027]


def test_months_tell_holidays_worked_weekends_and_how_many_days_are_worked(session: Session) -> None:
    october, september = months_of(session, 2026)[9], months_of(session, 2026)[8]

    assert [(span.first.day, span.last.day, span.name) for span in october.off] == [(1, 7, "国庆节")]
    assert [span.first.day for span in october.worked] == [10]
    assert october.working_days == 22 - 5 + 1
    assert [span.first.day for span in september.worked] == [20]
    assert months_of(session, 2030)[0].working_days == sum(
        (date(2030, 1, 1) + timedelta(days=n)).weekday() < 5 for n in range(31)
    )
