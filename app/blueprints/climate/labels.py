"""Words that the climate screens show."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from app.domain.climate import NO_HUMIDITY_LIMIT, BreachKind, Limits, show_tenths

HALVES: dict[str, Any] = {"am": _l("上午"), "pm": _l("下午")}
RANGES: dict[str, Any] = {"day": _l("一天"), "week": _l("一周"), "month": _l("一月"), "year": _l("一年")}
SOURCES: dict[str, Any] = {"hand": _l("人工"), "logger": _l("记录仪")}
STATES: dict[str, Any] = {"ok": _l("正常"), "fault": _l("有问题"), "none": _l("不适用")}
STATE_TONES = {"ok": "ok", "fault": "seal", "none": "mute"}
WEATHERS: tuple[Any, ...] = (_l("晴"), _l("多云"), _l("阴"), _l("小雨"), _l("大雨"), _l("雪"), _l("雾"))
BREACHES: dict[BreachKind, Any] = {
    BreachKind.TEMPERATURE_HIGH: _l("温度偏高"),
    BreachKind.TEMPERATURE_LOW: _l("温度偏低"),
    BreachKind.HUMIDITY_HIGH: _l("湿度偏高"),
    BreachKind.HUMIDITY_LOW: _l("湿度偏低"),
    BreachKind.TEMPERATURE_SWING: _l("温度日变化过大"),
    BreachKind.HUMIDITY_SWING: _l("湿度日变化过大"),
}


def unit_of(kind: BreachKind) -> str:
    """Return the unit in which a limit is told."""
    return "℃" if kind.value.startswith("temperature") else "%"


def breach_words(kind: BreachKind, by: int) -> str:
    """Return which limit was broken and how far: 温度偏高 1.2 ℃."""
    if not by:
        return str(BREACHES[kind])
    return f"{BREACHES[kind]} {show_tenths(by)} {unit_of(kind)}"


def limit_words(limits: Limits) -> str:
    """Return limits as one line: 14.0–24.0 ℃ / 45.0–60.0 %."""
    temperature = f"{show_tenths(limits.temperature_low)}–{show_tenths(limits.temperature_high)} ℃"
    if (limits.humidity_low, limits.humidity_high) == NO_HUMIDITY_LIMIT:
        return temperature
    humidity = f"{show_tenths(limits.humidity_low)}–{show_tenths(limits.humidity_high)} %"
    return f"{temperature} / {humidity}"


WORDS: dict[str, Any] = {
    "half": HALVES,
    "range": RANGES,
    "source": SOURCES,
    "state": STATES,
    "state_tone": STATE_TONES,
    "weathers": WEATHERS,
    "breach": breach_words,
    "breach_name": BREACHES,
    "unit": unit_of,
    "limits": limit_words,
    "tenths": show_tenths,
}
