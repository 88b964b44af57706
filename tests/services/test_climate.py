"""Recording climate, its alarms, loggers' files, limits and safety checks, on both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.climate import BreachKind
from app.domain.errors import ChangedMeanwhile, Invalid, NotAllowed, NotFound
from app.domain.ids import new_id
from app.domain.office_time import CHINA
from app.models.climate import ClimateAlarm, ClimateLimit, ClimateReading, SafetyCheck, SafetyPoint
from app.models.evidence import Notice
from app.models.machinery import TrailEntry
from app.models.storage import Place
from app.queries.climate import count_readings, curve, list_alarms, list_rooms, month_foot, month_rows
from app.queries.safety import check_rows, list_checks
from app.services.climate import TypedReading, record_reading
from app.services.climate_alarms import see_to_alarm
from app.services.climate_import import preview_file, take_file
from app.services.climate_rules import PointData, TypedLimits, add_point, change_limits, change_point
from app.services.safety import handle_check, record_check
from app.services.setup import seed_climate
from tests.cast import EAST, EAST_CITY, NOW, PEOPLE, WEST, actor

TODAY = date(2026, 11, 22)
LIMITS = TypedLimits("14", "24", "45", "60", "2", "5", "JGJ 25-2010", date(2026, 1, 1))


def room(session: Session, branch_id: int = EAST, *, code: str = "K1", kind: str = "room") -> int:
    """Write a room of paper."""
    place = Place(id=new_id(), branch_id=branch_id, kind=kind, code=code, full_code=code, path="/1/", name="一号库房")
    session.add(place)
    session.flush()
    return place.id


def record(
    session: Session,
    place_id: int,
    temperature: str = "20",
    humidity: str = "50",
    *,
    day: date = TODAY,
    half: str = "am",
    who: str = "archivist",
    version: int = 0,
    now: datetime = NOW,
    **more: str,
) -> set[BreachKind]:
    """Write a reading down and return what it breaks."""
    typed = TypedReading(temperature, humidity, **more)
    broken = record_reading(session, actor(session, who), place_id, day, half, typed, version=version, now=now)
    return {breach.kind for breach in broken}


def alarms(session: Session) -> list[ClimateAlarm]:
    """All alarms, oldest first."""
    return list(session.scalars(select(ClimateAlarm).order_by(ClimateAlarm.began_at)))


def count(session: Session, table: Any) -> int:
    """How many rows a table has."""
    return session.scalar(select(func.count()).select_from(table)) or 0


def file_of(first: datetime, values: list[tuple[str, str]], *, step: int = 5) -> bytes:
    """A logger's file with these values every `step` minutes."""
    rows = [f"{first + timedelta(minutes=step * n):%Y-%m-%d %H:%M},{t},{h}" for n, (t, h) in enumerate(values)]
    return "\n".join(["时间,温度,湿度", *rows]).encode()


def test_the_seeds_are_there_once(session: Session) -> None:
    before = count(session, ClimateLimit), count(session, SafetyPoint)

    seed_climate(session, now=NOW)

    assert (count(session, ClimateLimit), count(session, SafetyPoint)) == before == (8, 13)


def test_a_reading_is_judged_by_the_limits_of_its_rooms_kind(session: Session) -> None:
    paper, disc = room(session), room(session, code="K2")
    session.get_one(Place, disc).climate_kind = "disc"
    session.flush()

    assert record(session, paper, "22", "55") == set()
    assert record(session, disc, "22", "55") == {BreachKind.TEMPERATURE_HIGH, BreachKind.HUMIDITY_HIGH}

    row = session.scalars(select(ClimateReading).where(ClimateReading.place_id == disc)).one()
    assert row.exceeds == "temperature_high:20 humidity_high:50"
    assert (row.day, row.half, row.source, row.measured_at) == (TODAY, "am", "hand", NOW)


def test_a_swing_counts_against_the_day_before(session: Session) -> None:
    place_id = room(session)
    record(session, place_id, "18", "50", day=TODAY - timedelta(days=1), half="pm")

    assert record(session, place_id, "21", "50") == {BreachKind.TEMPERATURE_SWING}


@pytest.mark.parametrize(
    ("day", "half", "problem"),
    [
        (TODAY, "pm", "climate.future"),
        (TODAY + timedelta(days=1), "am", "climate.future"),
        (date(1999, 12, 31), "am", "climate.too_early"),
        (TODAY, "noon", "climate.half"),
    ],
)
def test_no_reading_of_a_time_to_come(session: Session, day: date, half: str, problem: str) -> None:
    place_id = room(session)

    with pytest.raises(Invalid) as refused:
        record(session, place_id, day=day, half=half)

    assert problem in [code for codes in refused.value.problems.values() for code in codes]
    assert count(session, ClimateReading) == 0


def test_every_wrong_value_is_blamed_on_its_field(session: Session) -> None:
    place_id = room(session)

    with pytest.raises(Invalid) as refused:
        record(session, place_id, "x", "0", outside_temperature="-90", humidity_after="101", temperature_after="")

    assert refused.value.problems == {
        "temperature": ["climate.form"],
        "humidity": ["climate.humidity_range"],
        "outside_temperature": ["climate.temperature_range"],
        "humidity_after": ["climate.humidity_range"],
    }


def test_a_second_reading_of_a_half_is_a_correction_with_version_and_trail(session: Session) -> None:
    place_id = room(session)
    record(session, place_id, "20")

    with pytest.raises(ChangedMeanwhile) as overtaken:
        record(session, place_id, "21")
    record(session, place_id, "21", version=1, measures="空调")
    with pytest.raises(ChangedMeanwhile):
        record(session, place_id, "22", version=1)

    row = session.scalars(select(ClimateReading)).one()
    entries = session.scalars(select(TrailEntry).where(TrailEntry.object_kind == "place")).all()
    assert [(item.field, item.yours, item.theirs) for item in overtaken.value.differences] == [
        ("temperature", "21.0", "20.0")
    ]
    assert (row.temperature, row.measures, row.version) == (210, "空调", 2)
    assert [entry.event for entry in entries] == ["climate_recorded", "climate_corrected"]
    assert (entries[1].before or {})["temperature"] == "20.0"


def test_correcting_a_reading_judges_the_swing_of_the_next_anew(session: Session) -> None:
    place_id, yesterday = room(session), TODAY - timedelta(days=1)
    record(session, place_id, "15", day=yesterday, half="pm")
    assert record(session, place_id, "20") == {BreachKind.TEMPERATURE_SWING}

    record(session, place_id, "19", day=yesterday, half="pm", version=1)

    assert [row.exceeds for row in session.scalars(select(ClimateReading).order_by(ClimateReading.day))] == ["", ""]


def test_an_alarm_opens_goes_on_and_ends_and_is_told_once(session: Session) -> None:
    place_id = room(session)
    for back, humidity in ((3, "62"), (2, "65"), (1, "61")):
        record(session, place_id, "20", humidity, day=TODAY - timedelta(days=back))
    opened = [(alarm.kind, alarm.worst, alarm.ended_at) for alarm in alarms(session)]

    record(session, place_id, "20", "59")

    alarm = alarms(session)[0]
    told = session.scalars(select(Notice.account_id).where(Notice.kind == "climate_alarm")).all()
    assert opened == [("humidity_high", 650, None)]
    assert (len(alarms(session)), alarm.ended_at, alarm.bound) == (1, NOW, 600)
    assert told == [PEOPLE["archivist"][0]]


def test_a_limit_broken_again_soon_goes_on_with_the_alarm_and_later_opens_another(session: Session) -> None:
    place_id, start = room(session), datetime(2026, 11, 20, tzinfo=CHINA)
    quiet, loud = [("20", "59")] * 12, [("20", "61")] * 12

    take(session, place_id, file_of(start, loud + quiet + loud + quiet * 8 + loud + quiet))

    assert [alarm.ended_at is not None for alarm in alarms(session)] == [True, True]
    assert count(session, Notice) == 2


def test_what_is_older_than_the_latest_reading_opens_no_alarm(session: Session) -> None:
    place_id = room(session)
    record(session, place_id, "20", "50")

    assert record(session, place_id, "20", "70", day=TODAY - timedelta(days=9)) == {BreachKind.HUMIDITY_HIGH}

    assert alarms(session) == []


def test_a_correction_takes_an_alarm_back(session: Session) -> None:
    place_id = room(session)
    record(session, place_id, "20", "99")

    record(session, place_id, "20", "62", version=1)
    mended = alarms(session)[0].worst
    record(session, place_id, "20", "52", version=2)

    assert mended == 620
    assert [alarm.ended_at for alarm in alarms(session)] == [NOW]


def test_an_alarm_is_seen_to_by_the_rooms_archivists_with_a_note(session: Session) -> None:
    place_id = room(session)
    record(session, place_id, "20", "70")
    alarm = alarms(session)[0]

    with pytest.raises(Invalid):
        see_to_alarm(session, actor(session, "archivist"), alarm.id, "  ", now=NOW)
    with pytest.raises(NotAllowed):
        see_to_alarm(session, actor(session, "manager"), alarm.id, "看过", now=NOW)
    with pytest.raises(NotFound):
        see_to_alarm(session, actor(session, "archivist_west"), alarm.id, "看过", now=NOW)
    assert see_to_alarm(session, actor(session, "archivist"), alarm.id, " 开除湿机 ", now=NOW) == place_id

    shown = list_alarms(session, actor(session, "archivist"), only_open=True)
    assert [(row.note, row.seen_by, row.room_title) for row in shown] == [("开除湿机", "档案甲", "一号库房")]


@pytest.mark.parametrize("who", ["manager", "clerk", "archivist_city", "archivist_west", "auditor"])
def test_who_does_not_keep_the_room_writes_nothing(session: Session, who: str) -> None:
    place_id = room(session)

    with pytest.raises((NotFound, NotAllowed)):
        record(session, place_id, who=who)

    assert count(session, ClimateReading) == 0


def test_a_shelf_has_no_climate(session: Session) -> None:
    with pytest.raises(NotFound):
        record(session, room(session, kind="shelf"))


def take(session: Session, place_id: int, data: bytes, *, digest: str = "") -> int:
    """Look at a file and take it in; return how many readings were new."""
    who = actor(session, "archivist")
    looked = preview_file(session, who, place_id, data, now=NOW)
    return take_file(session, who, place_id, data, digest or looked.digest, now=NOW).fresh


def test_a_loggers_file_is_written_once_and_changes_nothing_the_second_time(session: Session) -> None:
    place_id, start = room(session), datetime(2026, 11, 21, tzinfo=CHINA)
    data = file_of(start, [("21.5", "55")] * 100 + [("25", "55")] * 10)

    first, second = take(session, place_id, data), take(session, place_id, data)
    more = take(session, place_id, file_of(start, [("21.5", "55")] * 120))

    rows = session.scalars(select(ClimateReading).order_by(ClimateReading.measured_at)).all()
    events = session.scalars(select(TrailEntry.event)).all()
    assert (first, second, more, len(rows)) == (110, 0, 10, 120)
    assert rows[100].exceeds == "temperature_high:10 temperature_swing:15"
    assert (rows[0].day, rows[0].half, rows[0].source) == (date(2026, 11, 21), "am", "logger")
    assert events.count("climate_imported") == 2


def test_of_a_file_with_a_fault_nothing_is_written(session: Session) -> None:
    place_id, start = room(session), datetime(2026, 11, 21, tzinfo=CHINA)
    bad = file_of(start, [("21.5", "55"), ("热", "55"), ("21.5", "---"), ("21.5", "55")])
    late = file_of((NOW + timedelta(hours=1)).astimezone(CHINA), [("21.5", "55")] * 3)

    looked = preview_file(session, actor(session, "archivist"), place_id, bad, now=NOW)
    for data in (bad, late):
        with pytest.raises(Invalid) as refused:
            take(session, place_id, data)
        assert refused.value.problems == {"file": ["logger.faults"]}
    with pytest.raises(Invalid) as other:
        take(session, place_id, file_of(start, [("20", "50")] * 3), digest="0" * 64)

    assert (looked.fresh, looked.file.fault_count, looked.file.silent_count, looked.may_be_taken) == (2, 1, 1, False)
    assert other.value.problems == {"file": ["logger.other_file"]}
    assert count(session, ClimateReading) == 0


def test_the_sheet_of_a_month_takes_the_logger_where_nobody_wrote(session: Session) -> None:
    place_id, start = room(session), datetime(2026, 11, 20, tzinfo=CHINA)
    take(session, place_id, file_of(start, [(f"20.{n % 24 // 3}", "50") for n in range(48)], step=30))
    record(session, place_id, "25", "52", day=date(2026, 11, 20), half="am", weather="晴", outside_temperature="-1.5")
    record(session, place_id, "20", "50", day=date(2026, 10, 31), half="pm")

    rows = month_rows(session, place_id, 2026, 11)

    assert [row.cells for row in rows] == [
        ("20261120", "上午", "晴", "-1.5", "", "25.0", "52.0", "", "", "", "档案甲", ""),
        ("20261120", "下午", "", "", "", "20.2", "50.0", "", "", "", "自动记录", ""),
    ]
    foot = month_foot(rows)
    assert (foot.temperature_high, foot.temperature_low, foot.temperature_mean, foot.exceeded) == (250, 202, 226, 1)


def test_a_curve_is_thinned_by_one_query(session: Session) -> None:
    place_id, start = room(session), datetime(2026, 11, 20, tzinfo=CHINA)
    take(session, place_id, file_of(start, [(f"{20 + n % 3}", "50") for n in range(288)]))

    points = curve(session, place_id, start, start + timedelta(days=1), points=24)

    assert len(points) == 24
    assert points[0].temperature == (200, 210, 220)
    assert points[0].at == start + timedelta(minutes=30)
    assert sum(point.count for point in points) == 288
    assert count_readings(session, place_id, start, start + timedelta(days=2)) == (288, 0)


def test_the_desk_of_the_day_shows_both_halves_and_the_last_value(session: Session) -> None:
    mine, other = room(session), room(session, EAST_CITY, code="K9")
    room(session, WEST, code="K8")
    record(session, mine, "19.5", "51", day=TODAY - timedelta(days=2), half="pm")
    record(session, mine, "20", "70")

    page = list_rooms(session, actor(session, "archivist"), today=TODAY)
    of_manager = list_rooms(session, actor(session, "manager"), today=TODAY, branch_id=EAST)

    states = {state.room.id: state for state in page.items}
    assert set(states) == {mine, other}
    assert (states[mine].am is not None, states[mine].pm, states[mine].alarms) == (True, None, 1)
    assert states[other].last is None
    assert [state.room.may_record for state in of_manager.items] == [False]


def change(session: Session, who: str = "archivist_head", *, version: int = 1, **fields: Any) -> None:
    """Change the limits of paper."""
    typed = TypedLimits(**{name: fields.get(name, getattr(LIMITS, name)) for name in LIMITS.__dataclass_fields__})
    change_limits(session, actor(session, who), "paper", typed, version=version, now=NOW, today=TODAY)


def test_limits_are_the_head_offices_and_leave_old_judgements_alone(session: Session) -> None:
    place_id = room(session)
    record(session, place_id, "23", day=TODAY - timedelta(days=3))

    change(session, temperature_high="22", temperature_swing="")
    with pytest.raises(NotAllowed):
        change(session, "archivist", version=2)
    with pytest.raises(ChangedMeanwhile):
        change(session, temperature_high="21", version=1)

    assert record(session, place_id, "23") == {BreachKind.TEMPERATURE_HIGH}
    kept = session.scalars(select(ClimateReading.exceeds).order_by(ClimateReading.day)).all()
    assert list(kept) == ["", "temperature_high:10"]


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"temperature_high": "14"}, "temperature_high"),
        ({"humidity_low": "x"}, "humidity_low"),
        ({"humidity_high": "101"}, "humidity_high"),
        ({"basis": " "}, "basis"),
        ({"effective_from": None}, "effective_from"),
        ({"effective_from": date(2027, 1, 1)}, "effective_from"),
        ({"humidity_swing": "-1"}, "humidity_swing"),
    ],
)
def test_limits_that_make_no_sense_are_blamed_on_their_field(
    session: Session, fields: dict[str, Any], name: str
) -> None:
    with pytest.raises(Invalid) as refused:
        change(session, **fields)

    assert name in refused.value.problems


def check(session: Session, place_id: int, *, day: date = TODAY, version: int = 0, **more: Any) -> int:
    """Write down a check in which all is well but what is said."""
    codes = session.scalars(select(SafetyPoint.code).where(SafetyPoint.active))
    results = dict.fromkeys(codes, "ok") | more.pop("results", {})
    found, handled = more.pop("found", ""), more.pop("handled", "")
    who = actor(session, more.pop("who", "archivist"))
    return record_check(session, who, place_id, day, results, found, handled, version=version, now=NOW, today=TODAY)


def test_a_check_with_a_fault_is_open_until_it_is_handled(session: Session) -> None:
    place_id = room(session)
    check_id = check(session, place_id, results={"fire": "fault"}, found="灭火器过期")
    who = actor(session, "archivist")

    waiting = list_checks(session, who, only_open=True).items
    with pytest.raises(Invalid):
        handle_check(session, who, check_id, " ", version=1, now=NOW)
    handle_check(session, who, check_id, "已更换", version=1, now=NOW)

    row = session.get_one(SafetyCheck, check_id)
    assert [found.is_open for found in waiting] == [True]
    assert (row.handled, row.handled_at, row.version) == ("已更换", NOW, 2)
    assert list_checks(session, who, only_open=True).items == []
    assert [line.found for line in check_rows(session, place_id, TODAY, TODAY)] == ["灭火器过期"]


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"results": {"fire": "fault"}}, {"found": ["safety.found_missing"]}),
        ({"results": {"fire": ""}}, {"results": ["safety.point_missing"]}),
        ({"results": {"fire": "maybe"}}, {"results": ["safety.point_missing"]}),
        ({"found": "漏水"}, {"results": ["safety.fault_missing"]}),
        ({"day": TODAY + timedelta(days=1)}, {"day": ["climate.future"]}),
    ],
)
def test_a_check_that_does_not_agree_is_not_kept(
    session: Session, fields: dict[str, Any], problem: dict[str, list[str]]
) -> None:
    place_id = room(session)

    with pytest.raises(Invalid) as refused:
        check(session, place_id, **fields)

    assert refused.value.problems == problem
    assert count(session, SafetyCheck) == 0


def test_a_second_check_of_a_day_is_a_correction(session: Session) -> None:
    place_id = room(session)
    first = check(session, place_id)

    with pytest.raises(ChangedMeanwhile):
        check(session, place_id, results={"fire": "none"})
    again = check(session, place_id, results={"fire": "none"}, version=1)

    assert first == again
    assert session.get_one(SafetyCheck, first).results["fire"] == "none"


def test_points_are_added_and_rest(session: Session) -> None:
    head, place_id = actor(session, "archivist_head"), room(session)
    typed = PointData("防雷", "接地完好", "本公司规定", 20, True)

    code = add_point(session, head, typed, now=NOW)
    another = add_point(session, head, typed, now=NOW)
    resting = PointData("防雷", "", "本公司规定", 20, False)
    change_point(session, head, code, resting, version=1, now=NOW)
    with pytest.raises(NotAllowed):
        add_point(session, actor(session, "archivist"), typed, now=NOW)
    with pytest.raises(Invalid):
        add_point(session, head, PointData(" ", "", "", -1, True), now=NOW)

    assert code != another
    kept = session.get_one(SafetyCheck, check(session, place_id)).results
    assert code not in kept
    assert another in kept


def test_times_of_a_reading_carry_their_zone(session: Session) -> None:
    place_id = room(session)
    record(session, place_id, day=date(2026, 11, 21), half="pm")

    assert session.scalars(select(ClimateReading.measured_at)).one() == datetime(2026, 11, 21, 7, 0, tzinfo=UTC)
