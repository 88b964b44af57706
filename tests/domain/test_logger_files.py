"""Files of climate loggers: encodings, separators, names of columns, times; gaps, silent sensors, faults."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.climate import ReadingProblem
from app.domain.logger_files import BadFile, FileProblem, LoggerFile, read_logger_file
from app.domain.office_time import CHINA
from tests.domain.examples import few

NOW = datetime(2026, 11, 22, 1, 30, tzinfo=UTC)
HEAD = "时间,温度(℃),湿度(%RH)"


def read(*lines: str, head: str = HEAD, encoding: str = "utf-8") -> LoggerFile:
    """Read a file of these lines."""
    return read_logger_file("\n".join([head, *lines]).encode(encoding), now=NOW)


def problem_of(data: bytes) -> FileProblem:
    """Why a file is none."""
    with pytest.raises(BadFile) as refused:
        read_logger_file(data, now=NOW)
    return refused.value.problem


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize(
    ("head", "row"),
    [
        ("时间,温度(℃),湿度(%RH)", "2026-11-21 09:00,21.5,55.1"),
        ("序号;日期;时间;温度;湿度", "1;2026/11/21;9:00:00;21,5;55,1"),
        ("No.\tDate\tTime\tTemp [°C]\tHumidity", "1\t21.11.2026\t09:00\t21.5℃\t55.1%"),
        ('"Timestamp","Temperature","RH"', '"2026-11-21T09:00:00+08:00","21,5","55,1"'),
        ("采集时间,露点温度,库内温度,库内湿度,报警", "2026年11月21日 上午9时0分,11,21.5,55.1,无"),
        ("Date/Time;Humidity(%);Temperature(°C)", "21/11/2026 9:00 AM;55.1;21.5"),
        ("time,temp,humidity", "20261121 09:00:00,21.5,55.1"),
        ("Time,Temperature(°F),RH%", "2026-11-21 09:00,70.7,55.1"),
        ("Time,Temperature(°F),RH%", "2026-11-21 09:00,70.7°F,55.1"),
        ('"#","Date Time, GMT+08:00","Temp, °C (LGR S/N: 1)","Humi, %"', "1,11/21/26 09:00:00 AM,21.5,55.1"),
    ],
)
def test_a_table_is_understood_by_the_meaning_of_its_names(head: str, row: str, encoding: str) -> None:
    found = read(row, head=f"仪器 TH20\n\n{head}", encoding=encoding)

    assert [(sample.at, sample.temperature, sample.humidity) for sample in found.samples] == [
        (datetime(2026, 11, 21, 9, tzinfo=CHINA), 215, 551)
    ]
    assert found.fault_count == 0


def test_a_silent_sensor_and_missing_rows_are_gaps() -> None:
    rows = [f"2026-11-21 09:{minute:02d},21.5,55" for minute in range(0, 60, 5) if minute not in (20, 25)]
    rows[2], rows[6] = "2026-11-21 09:10,---,55", "2026-11-21 09:40,NaN,-999"

    found = read(*rows)

    assert found.step == timedelta(minutes=5)
    assert [(gap.since.minute, gap.until.minute, gap.missing) for gap in found.gaps] == [
        (5, 15, 1),
        (15, 30, 2),
        (35, 45, 1),
    ]
    assert (found.silent, found.silent_count, found.fault_count) == ((4, 8), 2, 0)


def test_the_first_of_two_readings_of_a_moment_counts() -> None:
    found = read("2026-11-21 09:00,21.5,55", "2026-11-21 09:00,22.5,56")

    assert [sample.temperature for sample in found.samples] == [215]
    assert found.doubles == 1


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("2026-02-30 09:00,21.5,55", FileProblem.TIME),
        ("2026-11-21 24:61,21.5,55", FileProblem.TIME),
        ("昨天,21.5,55", FileProblem.TIME),
        ("26-11-21 09:00,21.5,55", FileProblem.TIME),  # which of the three is the year?
        ("2026-11-23 09:00,21.5,55", FileProblem.FUTURE),
        ("2026-11-21 09:00,21.5", FileProblem.COLUMNS),
        ("2026-11-21 09:00,21,5,55,1", FileProblem.COLUMNS),
        ("2026-11-21 09:00," + "9" * 3_000, FileProblem.COLUMNS),
        ("2026-11-21 09:00,热,55", ReadingProblem.FORM),
        ("2026-11-21 09:00,70.5°F,55", ReadingProblem.FAHRENHEIT),
        ("2026-11-21 09:00,70.5,55", ReadingProblem.TEMPERATURE),
        ("2026-11-21 09:00,21.5,0.2", ReadingProblem.HUMIDITY),
    ],
)
def test_a_line_that_cannot_be_understood_is_named_by_its_number(
    row: str, problem: FileProblem | ReadingProblem
) -> None:
    found = read("2026-11-21 08:00,21.5,55", "", row)

    assert [(fault.line, fault.problem) for fault in found.faults] == [(4, problem)]


def test_only_the_first_faults_are_listed_and_all_are_counted() -> None:
    found = read(*["x,y,z"] * 500)

    assert (len(found.faults), found.fault_count) == (20, 500)


def test_day_and_month_are_told_apart_by_the_file_or_not_at_all() -> None:
    head = "Time;Temp;RH"
    american = read("11/21/2026 09:00;21;55", "11/02/2026 09:00;21;55", head=head)

    assert [sample.at.date().isoformat() for sample in american.samples] == ["2026-11-02", "2026-11-21"]
    assert problem_of(f"{head}\n03/04/2026 09:00;21;55".encode()) is FileProblem.DATE_ORDER
    assert problem_of(f"{head}\n13/04/2026 09:00;21;55\n04/13/2026 09:00;21;55".encode()) is FileProblem.DATE_ORDER


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", FileProblem.EMPTY),
        (b"\n \n", FileProblem.EMPTY),
        (b"\xff\xfe", FileProblem.EMPTY),
        (b"PK\x03\x04\0\0\0\0", FileProblem.BINARY),
        (b"\x81\x20\xff" * 9, FileProblem.ENCODING),
        (b"a,b,c\n1,2,3", FileProblem.NO_HEADER),
        (HEAD.encode(), FileProblem.NO_READINGS),
        (f"{HEAD}\n2026-11-21 09:00,---,---".encode(), FileProblem.NO_READINGS),
        (b"a" * (2 * 1024 * 1024 + 1), FileProblem.TOO_LARGE),
        (HEAD.encode() + b"\n" * 200_100 + b"x", FileProblem.TOO_MANY),
    ],
)
def test_what_is_no_loggers_file_says_why(data: bytes, problem: FileProblem) -> None:
    assert problem_of(data) is problem


@few
@given(st.binary(max_size=300))
def test_any_bytes_are_a_file_or_a_problem(data: bytes) -> None:
    for head in (b"", HEAD.encode() + b"\n", HEAD.encode("gbk") + b"\n2026-11-21 09:00,"):
        try:
            found = read_logger_file(head + data, now=NOW)
        except BadFile as bad:
            assert bad.problem in FileProblem
        else:
            assert all(sample.at <= NOW + timedelta(minutes=10) for sample in found.samples)


@few
@given(st.text(alphabet="0123456789-/:;,. \t\"'年月日上下午", max_size=200))
def test_any_line_is_a_reading_silence_or_a_fault(text: str) -> None:
    try:
        read(text)
    except BadFile as bad:
        assert bad.problem in FileProblem
