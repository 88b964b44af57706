"""Climate: values as people write them, limits and swings, halves of the day, the foot of a month."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.climate import (
    HUMIDITIES,
    TEMPERATURES,
    BadReading,
    BreachKind,
    Limits,
    ReadingProblem,
    Sample,
    half_of,
    is_to_come,
    judge,
    judge_series,
    parse_humidity,
    parse_temperature,
    parse_tenths,
    read_breaches,
    show_tenths,
    summarise,
    usual_moment,
    write_breaches,
)
from app.domain.climate_seeds import LIMITS, POINTS
from tests.domain.examples import few

PAPER = Limits(140, 240, 450, 600, 20, 50)
NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
HALF_WIDTH = "0123456789.-+%"
FULL_WIDTH = "".join(chr(ord(character) + 0xFEE0) for character in HALF_WIDTH)
tenths = st.integers(*TEMPERATURES)
samples = st.lists(
    st.tuples(st.integers(0, 4 * 24 * 12), st.integers(100, 300), st.integers(300, 800)),
    max_size=40,
    unique_by=lambda entry: entry[0],
).map(lambda rows: [Sample(NOON + timedelta(minutes=5 * at), t, h) for at, t, h in sorted(rows)])


@few
@given(tenths, st.sampled_from(["", "℃", "°C", " ℃", "度", "摄氏度"]), st.booleans())
def test_a_temperature_is_read_however_it_is_written(value: int, unit: str, wide: bool) -> None:
    text = show_tenths(value) + unit
    if wide:
        text = text.translate(str.maketrans(HALF_WIDTH, FULL_WIDTH))

    assert parse_temperature(text) == value
    assert parse_temperature(text.replace(".", ",")) == value


@few
@given(st.integers(*HUMIDITIES), st.sampled_from(["", "%", "%RH", " ％"]))
def test_a_humidity_is_read_however_it_is_written(value: int, unit: str) -> None:
    assert parse_humidity(show_tenths(value) + unit) == value


@few
@given(st.text(max_size=12))
def test_any_text_is_a_value_or_a_problem(text: str) -> None:
    try:
        value = parse_temperature(text)
    except BadReading as bad:
        assert bad.problem in ReadingProblem
    else:
        assert TEMPERATURES[0] <= value <= TEMPERATURES[1]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("21", 210),
        ("21.55", 216),
        ("21.54", 215),
        ("-0.5", -5),
        ("+3", 30),
        ("２１．５", 215),
        ("21。5", 215),
        ("0", 0),
    ],
)
def test_values_are_tenths_rounded_by_halves(text: str, value: int) -> None:
    assert parse_tenths(text) == value


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", ReadingProblem.MISSING),
        (" ", ReadingProblem.MISSING),
        ("二十一", ReadingProblem.FORM),
        ("21.5.1", ReadingProblem.FORM),
        ("2C1", ReadingProblem.FORM),
        ("NaN", ReadingProblem.FORM),
        ("1e1", ReadingProblem.FORM),
        ("٢١", ReadingProblem.FORM),
        ("70°F", ReadingProblem.FAHRENHEIT),
        ("70℉", ReadingProblem.FAHRENHEIT),
        ("70F", ReadingProblem.FAHRENHEIT),
        ("61", ReadingProblem.TEMPERATURE),
        ("-21", ReadingProblem.TEMPERATURE),
    ],
)
def test_what_is_no_temperature_says_why(text: str, problem: ReadingProblem) -> None:
    with pytest.raises(BadReading) as refused:
        parse_temperature(text)

    assert refused.value.problem is problem


def test_outside_it_may_be_colder_than_a_room_ever_is() -> None:
    assert parse_temperature("-38", outside=True) == -380


@pytest.mark.parametrize(
    ("temperature", "humidity", "broken"),
    [
        (140, 450, {}),
        (240, 600, {}),
        (241, 600, {BreachKind.TEMPERATURE_HIGH: 1}),
        (139, 449, {BreachKind.TEMPERATURE_LOW: 1, BreachKind.HUMIDITY_LOW: 1}),
        (200, 655, {BreachKind.HUMIDITY_HIGH: 55}),
    ],
)
def test_a_limit_is_broken_only_beyond_it(temperature: int, humidity: int, broken: dict[BreachKind, int]) -> None:
    assert {breach.kind: breach.by for breach in judge(PAPER, Sample(NOON, temperature, humidity))} == broken


def test_a_swing_is_the_change_within_a_day_and_night() -> None:
    now = Sample(NOON, 221, 551)

    assert not judge(PAPER, now, [Sample(NOON - timedelta(hours=24, seconds=1), 150, 460)])
    assert not judge(PAPER, now, [Sample(NOON - timedelta(hours=24), 201, 501)])
    broken = judge(PAPER, now, [Sample(NOON - timedelta(hours=24), 200, 500), Sample(NOON, 160, 460)])
    assert {breach.kind: (breach.value, breach.by) for breach in broken} == {
        BreachKind.TEMPERATURE_SWING: (21, 1),
        BreachKind.HUMIDITY_SWING: (51, 1),
    }


@few
@given(samples, st.data())
def test_a_series_is_judged_as_each_reading_would_be(line: list[Sample], data: st.DataObject) -> None:
    mine = data.draw(st.lists(st.sampled_from(line), unique=True)) if line else []
    mine.sort(key=lambda sample: sample.at)
    others = [sample for sample in line if sample not in mine]

    answers = list(judge_series(PAPER, mine, others))

    assert [set(answer) for answer in answers] == [set(judge(PAPER, sample, line)) for sample in mine]


@few
@given(samples)
def test_breaches_are_kept_as_they_were(line: list[Sample]) -> None:
    for sample in line:
        broken = judge(PAPER, sample, line)
        text = write_breaches(broken)

        assert len(text) <= 80
        assert read_breaches(text) == tuple((breach.kind, breach.by) for breach in broken)


def test_breaches_without_a_distance_can_be_read() -> None:
    assert read_breaches("humidity_high") == ((BreachKind.HUMIDITY_HIGH, 0),)


def test_halves_follow_the_clock_of_the_office() -> None:
    assert half_of(datetime(2026, 11, 22, 3, 59, tzinfo=UTC)) == "am"
    assert half_of(NOON) == "pm"
    assert half_of(datetime(2026, 11, 21, 16, 0, tzinfo=UTC)) == "am"
    assert usual_moment(date(2026, 11, 22), "am") == datetime(2026, 11, 22, 1, 0, tzinfo=UTC)


def test_only_halves_that_have_begun_are_not_to_come() -> None:
    morning, today = datetime(2026, 11, 22, 1, 0, tzinfo=UTC), date(2026, 11, 22)

    assert not is_to_come(today, "am", morning)
    assert is_to_come(today, "pm", morning)
    assert not is_to_come(today, "pm", NOON)
    assert is_to_come(today + timedelta(days=1), "am", NOON)
    assert not is_to_come(today - timedelta(days=1), "pm", morning)


@few
@given(st.lists(st.tuples(st.integers(-200, 600), st.integers(10, 1000), st.booleans()), min_size=1))
def test_the_foot_of_a_month_lies_between_its_ends(rows: list[tuple[int, int, bool]]) -> None:
    foot = summarise(rows)

    assert foot.temperature_low is not None
    assert foot.temperature_mean is not None
    assert foot.temperature_high is not None
    assert foot.temperature_low <= foot.temperature_mean <= foot.temperature_high
    assert (foot.count, foot.exceeded) == (len(rows), sum(row[2] for row in rows))


def test_the_foot_of_an_empty_month_is_empty() -> None:
    assert summarise([]).temperature_mean is None


def test_the_seeds_are_those_of_the_trade() -> None:
    limits = {seed.kind: seed.limits for seed in LIMITS}

    assert limits["paper"] == PAPER
    assert (limits["film_master"].temperature_low, limits["film_master"].humidity_high) == (130, 450)
    assert (limits["disc"].temperature_low, limits["disc"].humidity_low) == (40, 200)
    assert all(seed.basis for seed in LIMITS)
    assert {"防火", "防盗", "防光", "防尘", "防霉", "防有害气体"} <= {label for _, label, _, _ in POINTS}
    assert all(len(code) <= 16 and len(hint) <= 120 and basis for code, _, hint, basis in POINTS)
