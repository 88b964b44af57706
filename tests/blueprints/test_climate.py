"""The screens of climate: today's line, a room's month, loggers' files, limits, alarms, safety checks."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from sqlalchemy import func, select

from app.db import db
from app.domain.climate import half_of
from app.domain.ids import encode_id, new_id
from app.domain.office_time import CHINA, office_day
from app.models.climate import ClimateAlarm, ClimateLimit, ClimateReading, SafetyCheck, SafetyPoint
from app.models.evidence import Notice
from app.models.machinery import TrailEntry
from app.models.storage import Place
from tests.cast import EAST, WEST
from tests.client import Portal
from tests.records import counted

DIGEST = re.compile(r'name="digest" value="([0-9a-f]{64})"')
KEY = re.compile(r'name="idempotency_key" type="hidden" value="([^"]+)"')
TOKEN = re.compile(r"[A-Za-z0-9_\-]{86}==")


def make_room(portal: Portal, branch_id: int = EAST, code: str = "K1", kind: str = "paper") -> int:
    """Write a room and return its id."""
    place_id = new_id()
    with portal.session() as session:
        session.add(
            Place(
                id=place_id,
                branch_id=branch_id,
                kind="room",
                code=code,
                full_code=code,
                name=f"{code}号库房",
                path=f"/{place_id}/",
                climate_kind=kind,
            )
        )
        session.commit()
    return place_id


def line(**fields: str) -> dict[str, str]:
    """The line of a room as its form sends it now."""
    now = datetime.now(UTC)
    plain = {"day": str(office_day(now)), "half": half_of(now), "version": "0"}
    return plain | {"temperature": "21.5", "humidity": "55", "weather": "晴"} | fields


def readings(portal: Portal) -> list[ClimateReading]:
    """The readings in the database, in order of time."""
    with portal.session() as session:
        return list(session.scalars(select(ClimateReading).order_by(ClimateReading.measured_at)))


def logger_file(count: int = 24, *, start: datetime | None = None, step: int = 60, odd: str = "") -> bytes:
    """A logger's file of the day before yesterday, in the encoding that such programs like."""
    first = start or datetime.combine(office_day(datetime.now(UTC)) - timedelta(days=2), datetime.min.time(), CHINA)
    rows = [f"{first + timedelta(minutes=step * n):%Y-%m-%d %H:%M},21.{n % 10},5{n % 10}.0" for n in range(count)]
    return "\r\n".join(["记录仪,TH20R", "时间,温度(℃),湿度(%RH)", *rows, odd]).encode("gbk")


def test_a_line_is_saved_in_one_step_and_answers_in_words(portal: Portal) -> None:
    place_id = make_room(portal)
    browser, path = portal.browser("archivist"), f"/storage/climate/{encode_id(place_id)}"
    page = browser.get("/storage/climate").text

    good = browser.post(path, line(temperature="２１．５℃"), status=200, htmx=True).text
    bad = browser.post(path, line(temperature="26.2", version="1"), status=200, htmx=True).text

    row = readings(portal)[0]
    assert "未登记" in page
    assert good.lstrip().startswith(f'<li class="climate-room" id="room-{encode_id(place_id)}"')
    assert "在限值内" in good
    assert "温度偏高 2.2 ℃" in bad
    assert "超标未恢复" in bad
    assert 'hx-swap-oob="true"' in good
    assert "没有未处理的超标" in good
    assert "持续中" in bad.partition('id="alarms"')[2]
    assert (row.temperature, row.humidity, row.weather, row.version) == (262, 550, "晴", 2)
    assert row.exceeds == "temperature_high:22"


def test_the_line_works_without_script(portal: Portal) -> None:
    place_id = make_room(portal)
    browser, path = portal.browser("archivist"), f"/storage/climate/{encode_id(place_id)}"

    browser.post(path, line())
    saved = browser.get("/storage/climate").text
    refused = browser.post(path, line(temperature="很热", version="1"), status=422).text

    assert "已登记" in saved
    assert "数值看不懂" in refused
    assert 'value="很热"' in refused
    assert len(readings(portal)) == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"temperature": ""}, "请填写数值"),
        ({"temperature": "70℉"}, "华氏度"),
        ({"temperature": "99"}, "不可能出现"),
        ({"humidity": "101"}, "1% 到 100%"),
        ({"day": "2099-01-01"}, "还没有到这个时间"),
        ({"day": "1999-12-31"}, "日期太早"),
    ],
)
def test_a_wrong_line_keeps_what_was_typed_and_writes_nothing(
    portal: Portal, changes: dict[str, str], sentence: str
) -> None:
    place_id = make_room(portal)
    browser, path = portal.browser("archivist"), f"/storage/climate/{encode_id(place_id)}"

    answer = browser.post(path, line(**changes), status=422, htmx=True).text
    page = browser.post(f"{path}/reading", line(**changes), status=422).text

    assert sentence in answer
    assert sentence in page
    assert 'value="晴"' in answer
    assert readings(portal) == []


def test_who_comes_second_is_told_and_overwrites_nothing(portal: Portal) -> None:
    place_id = make_room(portal)
    browser, path = portal.browser("archivist"), f"/storage/climate/{encode_id(place_id)}"
    browser.post(path, line())

    told = browser.post(path, line(temperature="19"), status=409, htmx=True).text
    whole = browser.post(f"{path}/reading", line(temperature="19"), status=409).text

    assert "别人刚刚登记了" in told
    assert 'value="19"' in told
    assert "21.5" in whole
    assert [row.temperature for row in readings(portal)] == [215]


def test_a_past_day_is_written_down_whole_and_corrected_with_a_trail(portal: Portal) -> None:
    place_id = make_room(portal)
    browser, path = portal.browser("archivist"), f"/storage/climate/{encode_id(place_id)}"
    form = {
        "day": "2026-10-09",
        "half": "pm",
        "temperature": "21.5",
        "humidity": "63.5",
        "weather": "小雨",
        "outside_temperature": "-3",
        "outside_humidity": "80",
        "measures": "除湿机 9:00–11:30",
        "temperature_after": "21",
        "humidity_after": "58",
        "remark": "外墙潮",
        "version": "0",
    }

    browser.post(f"{path}/reading", form)
    prefilled = browser.get(f"{path}/reading?day=2026-10-09&half=pm").text
    browser.post(f"{path}/reading", form | {"humidity": "59", "version": "1"})
    browser.post(f"{path}/reading", form | {"humidity": "50", "version": "1"}, status=409)
    sheet = browser.get(f"{path}?month=2026-10").text

    with portal.session() as session:
        events = list(session.scalars(select(TrailEntry.event).order_by(TrailEntry.sequence)))
    assert 'value="63.5"' in prefilled
    assert "-3.0 / 80.0" in sheet
    assert "除湿机 9:00–11:30" in sheet
    assert "超标 0 次" in sheet
    assert events == ["climate_recorded", "climate_corrected"]


def test_curves_come_with_limits_words_and_the_table(portal: Portal) -> None:
    place_id = make_room(portal)
    browser, path = portal.browser("archivist"), f"/storage/climate/{encode_id(place_id)}"
    for day in range(1, 9):
        browser.post(f"{path}/reading", line(day=f"2026-10-0{day}", half="am", temperature=str(17 + day)))

    pages = [browser.get(f"{path}?day=2026-10-05&range={name}").text for name in ("day", "week", "month", "year")]
    odd = browser.get(f"{path}?month=2026-13&range=never&day=x").text

    for page in pages:
        assert page.count("<svg") == 2
        assert "temperature-desc" in page
        assert "限 24.0" in page
    assert 'polyline class="curve-line"' in pages[2]
    assert "温湿度登记表" in odd
    assert "下月" in pages[2]
    assert "下月" not in odd  # this month is the last that has begun
    sheet = re.search(r'href="(/registers[?]register=climate[^"]+)"', pages[2])
    assert sheet
    assert 'value="2026-10"' in browser.get(sheet[1].replace("&amp;", "&")).text


def test_an_alarm_is_told_once_and_seen_to_with_a_note(portal: Portal) -> None:
    place_id = make_room(portal)
    browser, path = portal.browser("archivist"), f"/storage/climate/{encode_id(place_id)}"
    browser.post(path, line(humidity="70"))
    browser.post(path, line(humidity="75", version="1"))
    with portal.session() as session:
        alarm = session.scalars(select(ClimateAlarm)).one()
        notices = session.scalar(select(func.count()).select_from(Notice).where(Notice.kind == "climate_alarm"))
    where = f"/storage/climate/alarms/{encode_id(alarm.id)}"

    empty = browser.post(where, {"note": " "}, status=422).text
    portal.browser("archivist_west").post(where, {"note": "开除湿机"}, status=404)
    browser.post(where, {"note": "开除湿机"})

    assert (alarm.kind, alarm.worst, alarm.bound, notices) == ("humidity_high", 750, 600, 1)
    assert "请写明采取了什么措施" in empty
    assert "开除湿机" in browser.get(path).text


def test_a_loggers_file_is_looked_at_first_and_then_written_once(portal: Portal) -> None:
    place_id = make_room(portal)
    browser, path = portal.browser("archivist"), f"/storage/climate/{encode_id(place_id)}/import"
    data = logger_file(odd="2026-11-01 00:00,---,")

    preview = browser.post(path, {"file": (BytesIO(data), "a.csv")}, status=200, htmx=True).text
    digest = DIGEST.search(preview)
    assert digest
    before = len(readings(portal))
    sent = {"do": "take", "digest": digest[1]}
    taken = browser.post(path, sent | {"file": (BytesIO(data), "a.csv")}, status=200, htmx=True)
    again = browser.post(path, sent | {"file": (BytesIO(data), "a.csv")})
    other = browser.post(path, sent | {"file": (BytesIO(logger_file(3)), "b.csv")}, status=422).text

    assert "24 条，其中新的 24 条" in preview
    assert "探头无读数" in preview
    assert (before, len(readings(portal))) == (0, 24)
    assert taken.headers["HX-Redirect"].startswith(f"/storage/climate/{encode_id(place_id)}?month=")
    assert again.status_code == 303
    assert "不是刚才预览的那个文件" in other


def test_gaps_are_listed_and_a_bad_line_stops_the_whole_file(portal: Portal) -> None:
    place_id = make_room(portal)
    browser, path = portal.browser("archivist"), f"/storage/climate/{encode_id(place_id)}/import"
    lines = logger_file(24).decode("gbk").splitlines()
    gaps = "\n".join(lines[:6] + lines[10:]).encode()
    bad = "\n".join([*lines[:6], "2026-11-01 25:61,21,50", *lines[6:]]).encode("utf-16")
    future = logger_file(3, start=datetime.now(UTC) + timedelta(days=1))

    listed = browser.post(path, {"file": (BytesIO(gaps), "a.csv")}, status=200).text
    refused = browser.post(path, {"file": (BytesIO(bad), "a.csv")}, status=200).text
    early = browser.post(path, {"file": (BytesIO(future), "a.csv")}, status=200).text
    digest = DIGEST.search(refused)
    assert digest
    sent = {"do": "take", "digest": digest[1], "file": (BytesIO(bad), "a.csv")}
    taken = browser.post(path, sent, status=422).text

    assert "缺 4 条" in listed
    assert "第 7 行" in refused
    assert "时间看不懂" in refused
    assert "没有导入任何内容" in taken
    assert "校准记录仪的时钟" in early
    assert readings(portal) == []


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "请选择记录仪导出的文件"),
        (b"PK\x03\x04\x00\x00\x00\x00" * 50, "不是文本文件"),
        (b"a,b\n1,2\n", "找不到表头"),
        (b"x" * (2 * 1024 * 1024 + 1), "文件超过 2 MB"),
        ("时间,温度,湿度\n".encode(), "没有一条可用的读数"),
    ],
)
def test_what_is_no_loggers_file_gets_a_sentence(portal: Portal, data: bytes, sentence: str) -> None:
    place_id = make_room(portal)
    browser, path = portal.browser("archivist"), f"/storage/climate/{encode_id(place_id)}/import"
    sent = {"file": (BytesIO(data), "a.csv")} if data else {}

    assert sentence in browser.post(path, sent, status=422).text


def test_limits_are_changed_by_the_head_office_with_basis_and_version(portal: Portal) -> None:
    form = {
        "temperature_low": "15",
        "temperature_high": "23",
        "humidity_low": "45",
        "humidity_high": "60",
        "temperature_swing": "",
        "humidity_swing": "5",
        "basis": "本公司 2026 年 8 号文",
        "version": "1",
        "effective_from": "2026-01-01",
    }
    head = portal.browser("archivist_head", stepped_up=True)
    head.get("/storage/climate/limits/paper")

    head.post("/storage/climate/limits/paper", form)
    wrong = head.post(
        "/storage/climate/limits/paper", form | {"temperature_high": "9", "version": "2"}, status=422
    ).text
    head.post("/storage/climate/limits/paper", form | {"basis": "另一文", "version": "1"}, status=409)
    portal.browser("archivist", stepped_up=True).post("/storage/climate/limits/paper", form, status=403)
    head.get("/storage/climate/limits/none", status=404)

    with portal.session() as session:
        row = session.get_one(ClimateLimit, "paper")
    assert (row.temperature_low, row.temperature_swing, row.version) == (150, 0, 2)
    assert "上限应高于下限" in wrong
    assert "本公司 2026 年 8 号文" in portal.browser("manager").get("/storage/climate/limits").text


def test_points_of_the_checklist_are_added_changed_and_rested(portal: Portal) -> None:
    head = portal.browser("archivist_head", stepped_up=True)
    key = KEY.search(head.get("/storage/climate/points/new").text)
    assert key
    form = {"label": "防雷", "hint": "接地完好", "basis": "本公司规定", "position": "20", "idempotency_key": key[1]}

    head.post("/storage/climate/points/new", form)
    head.post("/storage/climate/points/new", form)
    with portal.session() as session:
        point = session.scalars(select(SafetyPoint).where(SafetyPoint.label == "防雷")).one()
    head.post(f"/storage/climate/points/{point.code}", form | {"version": "1"})
    empty = head.post(
        f"/storage/climate/points/{point.code}", {"label": "", "basis": "", "version": "2"}, status=422
    ).text

    place_id = make_room(portal)
    assert "防雷" not in portal.browser("archivist").get(f"/storage/climate/{encode_id(place_id)}/check").text
    assert "请填写检查项目的名称" in empty
    head.get("/storage/climate/points/..%2f", status=404)


def test_a_check_is_all_right_with_one_key(portal: Portal) -> None:
    place_id = make_room(portal)
    browser, path = portal.browser("archivist"), f"/storage/climate/{encode_id(place_id)}/check"
    day = str(office_day(datetime.now(UTC)))
    browser.get(path)

    browser.post(path, {"day": day, "do": "all_ok", "version": "0"})

    with portal.session() as session:
        check = session.scalars(select(SafetyCheck)).one()
    assert set(check.results.values()) == {"ok"}
    assert len(check.results) == 13
    assert "正常" in browser.get("/storage/climate/checks").text


def test_what_a_check_found_stays_open_until_it_is_handled(portal: Portal) -> None:
    place_id = make_room(portal)
    browser, path = portal.browser("archivist"), f"/storage/climate/{encode_id(place_id)}/check"
    day = office_day(datetime.now(UTC))
    form = {"day": str(day), "point-fire": "fault", "do": "all_ok", "version": "0"}

    silent = browser.post(path, form, status=422).text
    partly = browser.post(path, {"day": str(day), "point-fire": "ok"}, status=422).text
    later = browser.post(path, form | {"day": str(day + timedelta(days=1)), "found": "x"}, status=422).text
    browser.post(path, form | {"found": "灭火器过期 2 只"})
    with portal.session() as session:
        check = session.scalars(select(SafetyCheck)).one()
    one = f"/storage/climate/checks/{encode_id(check.id)}"
    assert "待处理" in browser.get("/storage/climate/checks?state=open").text
    browser.post(one, {"handled": "", "version": "1"}, status=422)
    browser.post(one, {"handled": "已更换", "version": "1"})
    stale = browser.post(one, {"handled": "未更换", "version": "1"}, status=409).text

    assert "请写明处理结果" not in browser.get(one).text
    assert "请写明发现了什么" in silent
    assert "请逐项选择" in partly
    assert "不能提前登记" in later
    assert "已更换" in stale
    assert "没有符合条件的检查" in browser.get("/storage/climate/checks?state=open").text


def test_the_rooms_cost_the_same_number_of_questions_for_one_and_for_fifty(portal: Portal) -> None:
    make_room(portal)
    browser = portal.browser("archivist")
    with portal.app.app_context():
        engine = db.engine
    browser.get("/storage/climate")

    with counted(engine) as for_one:
        browser.get("/storage/climate")
    for number in range(60):
        make_room(portal, code=f"L{number:02d}")
    with counted(engine) as for_fifty:
        page = browser.get("/storage/climate").text

    assert page.count('class="climate-room"') == 50
    assert len(for_fifty) == len(for_one)


@pytest.mark.parametrize("tail", ["", "/reading", "/import", "/check"])
def test_a_room_of_another_branch_does_not_exist(portal: Portal, tail: str) -> None:
    place_id = make_room(portal, WEST)
    browser = portal.browser("archivist")

    hidden = browser.get(f"/storage/climate/{encode_id(place_id)}{tail}", status=404)
    missing = browser.get(f"/storage/climate/0000000000001{tail}", status=404)
    answer = browser.post(f"/storage/climate/{encode_id(place_id)}{tail}", line(), status=404)

    assert TOKEN.sub("", hidden.text) == TOKEN.sub("", missing.text) == TOKEN.sub("", answer.text)


def test_who_only_reads_sees_no_line_and_may_not_write(portal: Portal) -> None:
    place_id = make_room(portal)
    manager = portal.browser("manager")

    page = manager.get("/storage/climate").text

    assert "data-walk" not in page
    manager.get(f"/storage/climate/{encode_id(place_id)}")
    manager.post(f"/storage/climate/{encode_id(place_id)}", line(), status=403)
    portal.browser("clerk").get("/storage/climate", status=403)
