"""Tables that people fill in 数据导入: which columns there are, what a cell may say, what is wrong with a row.

A heading is the column's name in the house; columns may stand in any order, those that nobody needs may lack. A cell is text
as the spreadsheet program showed it; what comes out is what a form of the portal would have typed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from app.domain import table_words as words
from app.domain.money import parse_cents
from app.domain.normal import clean_text

MOST_ROWS = 2_000
MOST_FAULTS = 200  # that are kept and shown


class TableKind(StrEnum):
    """What a table holds."""

    CUSTOMERS = "customers"
    POLICIES = "policies"
    CLAIMS = "claims"
    CATALOGUE = "catalogue"


class CellKind(StrEnum):
    """How a cell is read."""

    TEXT = "text"
    DAY = "day"
    AMOUNT = "amount"  # yuan, with up to two decimals
    NUMBER = "number"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: the field that it fills, its heading, whether a row needs it, an example, the words of a choice."""

    name: str
    heading: str
    needed: bool = False
    kind: CellKind = CellKind.TEXT
    example: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong: the row as the spreadsheet counts it (the heading is row 1), the column's heading, a code."""

    row: int
    column: str
    code: str


class WrongTable(Exception):
    """The table cannot be taken as it is; `faults` name headings that lack or that nobody knows."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("wrong table")
        self.faults = faults


def _text(name: str, heading: str, example: str = "", *, needed: bool = False) -> Column:
    return Column(name, heading, needed, CellKind.TEXT, example)


def _day(name: str, heading: str, example: str = "") -> Column:
    return Column(name, heading, False, CellKind.DAY, example)


def _amount(name: str, heading: str, example: str = "") -> Column:
    return Column(name, heading, False, CellKind.AMOUNT, example)


def _choice(name: str, heading: str, choices: Mapping[str, str], *, needed: bool = False) -> Column:
    return Column(name, heading, needed, CellKind.CHOICE, next(iter(choices)), choices)


COLUMNS: Mapping[TableKind, tuple[Column, ...]] = {
    TableKind.CUSTOMERS: (
        _choice("kind", "客户类型", words.CUSTOMER_KINDS, needed=True),
        _text("name", "姓名或单位名称", "王芳", needed=True),
        _text("branch", "所属机构代码", "3201", needed=True),
        _text("agent", "代理人账号"),
        _choice("id_kind", "证件类型", words.ID_KINDS),
        _text("id_number", "证件号码", "11010519491231002X"),
        _day("id_expires_on", "证件有效期至", "2036-05-01"),
        _choice("sex", "性别", words.SEXES),
        _day("birth_date", "出生日期", "1949-12-31"),
        _text("mobile", "手机号码", "13800138000"),
        _text("phone", "固定电话"),
        _text("email", "电子邮箱"),
        _text("address", "联系地址"),
        _text("postcode", "邮政编码"),
        _text("occupation", "职业"),
        _text("employer", "工作单位"),
        _text("legal_representative", "法定代表人"),
        _text("contact_person", "联系人"),
        _choice("level", "密级", words.LEVELS),
        _text("remark", "备注"),
    ),
    TableKind.POLICIES: (
        _text("customer", "投保人客户号", "KH-2026-000001", needed=True),
        _text("number", "保单号", "P2026-000123", needed=True),
        _text("application_number", "投保单号"),
        _choice("line", "险种", words.PRODUCT_LINES, needed=True),
        _text("product", "产品名称", "住院医疗保险", needed=True),
        _choice("term_kind", "保险期间", words.TERM_KINDS, needed=True),
        _choice("design_type", "设计类型", words.DESIGN_TYPES),
        _choice("channel", "销售渠道", words.CHANNELS, needed=True),
        _choice("status", "保单状态", words.POLICY_STATUSES, needed=True),
        _choice("pay_mode", "交费方式", words.PAY_MODES, needed=True),
        _choice("pay_frequency", "交费频率", words.PAY_FREQUENCIES),
        Column("pay_years", "交费年限", False, CellKind.NUMBER),
        _amount("insured_amount", "保险金额（元）", "100000"),
        _amount("premium", "保险费（元）", "1200.50"),
        _day("applied_on", "投保日期"),
        _day("accepted_on", "承保日期"),
        _day("effective_on", "生效日期"),
        _day("expires_on", "满期日期"),
        _day("terminated_on", "终止日期"),
        _text("termination_reason", "终止原因"),
    ),
    TableKind.CLAIMS: (
        _text("policy", "保单号", "P2026-000123", needed=True),
        _text("number", "赔案号", "C2026-000456", needed=True),
        _text("report_number", "报案号"),
        _choice("kind", "赔案类型", words.CLAIM_KINDS, needed=True),
        _choice("status", "赔案状态", words.CLAIM_STATUSES, needed=True),
        _amount("amount_claimed", "申请金额（元）", "3500"),
        _day("occurred_on", "出险日期"),
        _day("reported_on", "报案日期", "2026-09-02"),
        _day("materials_received_on", "材料齐全日期"),
        _text("summary", "事故概要"),
    ),
    TableKind.CATALOGUE: (
        _text("customer", "客户号", "KH-2026-000001", needed=True),
        _text("category", "类别代码", "22", needed=True),
        _text("title", "题名", "王芳终身寿险投保单", needed=True),
        _text("author", "责任者", "王芳"),
        _text("document_number", "文号"),
        _day("formed_on", "日期", "2026-05-01"),
        Column("page_count", "页数", False, CellKind.NUMBER, "2"),
        _choice("level", "密级", words.LEVELS),
        _text("period", "保管期限", "D10"),
        _choice("carrier", "归档方式", words.CARRIERS),
        _choice("is_original", "原件或复制件", {"原件": "1", "复制件": ""}),
        _text("keywords", "主题词"),
        _text("policy", "保单号"),
        _text("claim", "赔案号"),
        _text("remark", "备注"),
    ),
}
Cell = str | int | date | None
Typed = dict[str, Cell]


def match_headings(kind: TableKind, headings: Sequence[str]) -> dict[str, int]:
    """Return where each known column stands; raises `WrongTable` for what lacks, is unknown or stands twice."""
    known = {column.heading: column for column in COLUMNS[kind]}
    found: dict[str, int] = {}
    faults = []
    for at, heading in enumerate(clean_text(text).rstrip("*＊ ") for text in headings):
        if not heading:
            continue
        if heading not in known:
            # Not by its words: where the headings were left out, they are somebody's data.
            faults.append(Fault(1, f"第{at + 1}列", "import.heading_unknown"))
        elif known[heading].name in found:
            faults.append(Fault(1, heading, "import.heading_twice"))
        else:
            found[known[heading].name] = at
    faults += [
        Fault(1, column.heading, "import.heading_missing")
        for column in COLUMNS[kind]
        if column.needed and column.name not in found
    ]
    if faults:
        raise WrongTable(faults)
    return found


def read_row(kind: TableKind, places: Mapping[str, int], cells: Sequence[str], row: int) -> tuple[Typed, list[Fault]]:
    """Return what a row says by field, and what is wrong with it; an empty cell is None."""
    typed: Typed = {}
    faults = []
    for column in COLUMNS[kind]:
        at = places.get(column.name)
        text = clean_text(cells[at]) if at is not None and at < len(cells) else ""
        if not text:
            typed[column.name] = None
            if column.needed:
                faults.append(Fault(row, column.heading, "import.empty"))
            continue
        try:
            typed[column.name] = _read_cell(column, text)
        except ValueError:
            typed[column.name] = None
            faults.append(Fault(row, column.heading, f"import.{column.kind.value}"))
    return typed, faults


def heading_of(kind: TableKind, name: str) -> str:
    """Return the heading of a field as people know it; the field itself where there is no such column."""
    return next((column.heading for column in COLUMNS[kind] if column.name == name), name)


def _read_cell(column: Column, text: str) -> Cell:
    if column.kind is CellKind.DAY:
        return _read_day(text)
    if column.kind is CellKind.AMOUNT:
        return parse_cents(text)
    if column.kind is CellKind.NUMBER:
        return _read_number(text)
    if column.kind is CellKind.CHOICE:
        return _read_choice(column, text)
    return text


def _read_day(text: str) -> date:
    """Read 2026-05-01, 2026/5/1, 2026.5.1, 20260501 or 2026年5月1日."""
    for mark in "年月/.":
        text = text.replace(mark, "-")
    parts = text.replace("日", "").strip("-").split("-")
    if len(parts) == 1 and len(text) == 8 and text.isascii() and text.isdigit():
        parts = [text[:4], text[4:6], text[6:]]
    year, month, day = (int(part) for part in parts if part.isascii() and part.isdigit())
    return date(year, month, day)


def _read_number(text: str) -> int:
    number = int(text)
    if not 0 <= number < 1_000_000:
        raise ValueError("out of range")
    return number


def _read_choice(column: Column, text: str) -> str:
    word = text.partition("（")[0]
    if word not in column.choices:
        raise ValueError("no such choice")
    return column.choices[word]
