"""Archive numbers 档号: where an item stands in the fonds, said in one line.

`全宗号-类别号-件号` by item, `全宗号-类别号-案卷号-件号` by volume; `-` joins levels, `·` joins codes of one level.
Numbers run inside a block of fonds, series, year and period; once given they stay, so gaps are listed and never
filled silently. Source: DA/T 13-2022; the templates are editable settings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from app.domain.normal import clean_number

ITEM_TEMPLATE = "{fonds}-ZY·{series}·{year}·{period}-{item:05d}"
VOLUME_TEMPLATE = "{fonds}-ZY·{series}·{year}·{period}-{volume:05d}-{item:03d}"
DEFAULT_TEMPLATE = ITEM_TEMPLATE

# Codes of the second level of the category ZY 专业档案; a seed, the classification table may add others.
SERIES_NAMES = {
    "KH": "客户基本信息",
    "CB": "承保",
    "BQ": "保全",
    "LP": "理赔",
    "KF": "客户服务",
    "TS": "投诉",
    "HF": "回访满意度",
    "FL": "法律文件",
    "QT": "其他",
}

_FIELD = re.compile(r"\{([a-z]+)(?::0([1-9])d)?\}")
_LITERAL = re.compile(r"[A-Z0-9\-·]*")
_TEXT_FIELDS = {"fonds": "[A-Z][0-9]{3}", "series": "[A-Z]{2}", "year": "[0-9]{4}", "period": "Y|D[1-9][0-9]{0,2}"}
_COUNTERS = ("volume", "item")
_REQUIRED = (*_TEXT_FIELDS, "item")
_MIDDLE_DOTS = dict.fromkeys(map(ord, "•‧∙⋅・･．●."), "·")


class TemplateProblem(StrEnum):
    """Why a template is refused."""

    STRAY_BRACE = "template.stray_brace"
    UNKNOWN_FIELD = "template.unknown_field"
    REPEATED_FIELD = "template.repeated_field"
    MISSING_FIELD = "template.missing_field"
    WRONG_WIDTH = "template.wrong_width"  # a width on a text field
    BAD_LITERAL = "template.bad_literal"
    NOT_SEPARATED = "template.not_separated"
    ITEM_NOT_LAST = "template.item_not_last"


class BadTemplate(ValueError):
    """The template cannot give unique, readable numbers; `reason` says why, `field` where."""

    def __init__(self, reason: TemplateProblem, field: str = "") -> None:
        super().__init__(f"{reason.value} {field}".strip())
        self.reason = reason
        self.field = field


class BadNumberPart(ValueError):
    """A part of the number is not of its form; `field` says which."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


class NotAnArchiveNumber(ValueError):
    """The text was not made by this template."""


@dataclass(frozen=True, slots=True)
class NumberParts:
    """The parts of an archive number; `volume` is None in numbers by item."""

    fonds: str
    series: str
    year: int
    period: str
    item: int
    volume: int | None = None

    @property
    def block(self) -> str:
        """Inside what the numbers run: J019|CB|2026|D30, by volume J019|CB|2026|D30|12."""
        parts = [self.fonds, self.series, str(self.year), self.period]
        return "|".join(parts if self.volume is None else [*parts, str(self.volume)])


def check_template(template: str) -> None:
    """Pass a template that gives unique numbers which can be read back; raises `BadTemplate`."""
    fields = [field for field, _width in _fields_of(template)]
    _check_literals(template)
    for field in fields:
        if fields.count(field) > 1:
            raise BadTemplate(TemplateProblem.REPEATED_FIELD, field)
    for field in _REQUIRED:
        if field not in fields:
            raise BadTemplate(TemplateProblem.MISSING_FIELD, field)
    if not template.endswith("}") or fields[-1] != "item":
        raise BadTemplate(TemplateProblem.ITEM_NOT_LAST, "item")


def format_archive_number(template: str, parts: NumberParts) -> str:
    """Return the number; raises `BadTemplate` or `BadNumberPart`."""
    check_template(template)
    texts = {field: _text_of(parts, field) for field, _width in _fields_of(template)}
    if parts.volume is not None and "volume" not in texts:
        raise BadNumberPart("volume")
    return _FIELD.sub(lambda match: texts[match[1]].zfill(int(match[2] or 0)), template)


def parse_archive_number(template: str, text: str) -> NumberParts:
    """Return the parts of a number made by `template`; raises `BadTemplate` or `NotAnArchiveNumber`."""
    check_template(template)
    match = re.fullmatch(_reading_of(template), text)
    if not match:
        raise NotAnArchiveNumber(text)
    found = match.groupdict()
    volume = found.get("volume")
    parts = NumberParts(
        fonds=found["fonds"],
        series=found["series"],
        year=int(found["year"]),
        period=found["period"],
        item=int(found["item"]),
        volume=int(volume) if volume else None,
    )
    return _refuse_other_spellings(template, parts, text)


def clean_archive_number(text: str) -> str:
    """Return what a person typed in the spelling of archive numbers: j019-zy.cb.2026.d30-1 → J019-ZY·CB·2026·D30-1."""
    return clean_number(text).translate(_MIDDLE_DOTS)


def is_fonds_number(text: str) -> bool:
    """Say whether `text` is a fonds number 全宗号: a capital letter and three digits."""
    return re.fullmatch(_TEXT_FIELDS["fonds"], text) is not None


def is_series_code(text: str) -> bool:
    """Say whether `text` is a series code: two capital letters."""
    return re.fullmatch(_TEXT_FIELDS["series"], text) is not None


def _fields_of(template: str) -> Iterator[tuple[str, int | None]]:
    """Yield each field with its width; raises `BadTemplate` on unknown ones and on widths of texts."""
    for name, width in _FIELD.findall(template):
        if name not in _TEXT_FIELDS and name not in _COUNTERS:
            raise BadTemplate(TemplateProblem.UNKNOWN_FIELD, name)
        if width and name in _TEXT_FIELDS:
            raise BadTemplate(TemplateProblem.WRONG_WIDTH, name)
        yield name, int(width) if width else None


def _check_literals(template: str) -> None:
    literals = _FIELD.split(template)[::3]
    for literal in literals:
        if "{" in literal or "}" in literal:
            raise BadTemplate(TemplateProblem.STRAY_BRACE)
        if not _LITERAL.fullmatch(literal):
            raise BadTemplate(TemplateProblem.BAD_LITERAL, literal)
    # Two fields that touch could not be told apart again; only - and · separate for certain.
    if not all(literal and literal[0] in "-·" and literal[-1] in "-·" for literal in literals[1:-1]):
        raise BadTemplate(TemplateProblem.NOT_SEPARATED)


def _text_of(parts: NumberParts, field: str) -> str:
    if field in _COUNTERS:
        count = parts.item if field == "item" else parts.volume
        if count is None or count < 1:
            raise BadNumberPart(field)
        return str(count)
    text = {"fonds": parts.fonds, "series": parts.series, "year": str(parts.year), "period": parts.period}[field]
    if not re.fullmatch(_TEXT_FIELDS[field], text):
        raise BadNumberPart(field)
    return text


def _reading_of(template: str) -> str:
    """Return the regular expression that reads numbers of a checked template."""
    pieces = _FIELD.split(template)
    reading = re.escape(pieces[0])
    for name, literal in zip(pieces[1::3], pieces[3::3], strict=True):
        reading += f"(?P<{name}>{_TEXT_FIELDS.get(name, '[0-9]{1,12}')})" + re.escape(literal)
    return reading


def _refuse_other_spellings(template: str, parts: NumberParts, text: str) -> NumberParts:
    """Return `parts` when they are written like `text`: 0001 for 00001 is another number on paper."""
    try:
        spelled = format_archive_number(template, parts)
    except BadNumberPart:
        raise NotAnArchiveNumber(text) from None
    if spelled != text:
        raise NotAnArchiveNumber(text)
    return parts
