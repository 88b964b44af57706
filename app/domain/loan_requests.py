"""What a borrowing request 借阅单 says: purpose, period, and the papers of those who come from outside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum

from app.domain.errors import Invalid
from app.domain.loan_rules import Way
from app.domain.normal import clean_text

LONGEST_AHEAD = timedelta(days=180)
_LENGTHS = {"purpose_note": 300, "name": 60, "unit": 120, "phone": 40}
PAPER_LENGTH = 120


class Purpose(StrEnum):
    """利用目的."""

    BUSINESS = "business"  # 业务查考
    CLAIM = "claim"  # 理赔调查
    COMPLAINT = "complaint"  # 投诉处理
    LAWSUIT = "lawsuit"  # 诉讼仲裁
    AUDIT = "audit"  # 审计检查
    RESEARCH = "research"  # 统计研究
    JUSTICE = "justice"  # 司法、监管调取
    DATA_RIGHT = "data_right"  # 客户本人查询
    APPRAISAL = "appraisal"  # 笔迹等司法鉴定
    OTHER = "other"


class ExternalKind(StrEnum):
    """Who comes from outside 外单位和客户."""

    COURT = "court"  # 法院
    POLICE = "police"  # 公安、检察
    REGULATOR = "regulator"  # 监管、反洗钱
    CUSTOMER = "customer"  # 客户本人, 个保法 Art. 45
    HEIR = "heir"  # 近亲属、继承人, 个保法 Art. 49
    APPRAISAL = "appraisal"  # 司法鉴定


class Paper(StrEnum):
    """What somebody from outside shows 证明材料; kept as what was written on it."""

    OFFICER_1 = "officer_1"  # 办案人员一：姓名、证件号
    OFFICER_2 = "officer_2"
    LETTER = "letter"  # 介绍信或调取文书的文号
    IDENTITY = "identity"  # 身份证件号码
    KINSHIP = "kinship"  # 继承关系证明
    BAG = "bag"  # 封装袋号


_OFFICIAL = (Paper.OFFICER_1, Paper.OFFICER_2, Paper.LETTER)
REQUIRED_PAPERS: Mapping[ExternalKind, tuple[Paper, ...]] = {
    ExternalKind.COURT: _OFFICIAL,
    ExternalKind.POLICE: _OFFICIAL,
    ExternalKind.REGULATOR: _OFFICIAL,
    ExternalKind.CUSTOMER: (Paper.IDENTITY,),
    ExternalKind.HEIR: (Paper.IDENTITY, Paper.KINSHIP),
    ExternalKind.APPRAISAL: (Paper.OFFICER_1, Paper.LETTER, Paper.BAG),
}
# Nobody from outside has an account; the original leaves only for those whom the law lets take it.
_ON_THE_SPOT = frozenset({Way.READ, Way.COPY, Way.EXCERPT})
EXTERNAL_WAYS: Mapping[ExternalKind, frozenset[Way]] = {
    **dict.fromkeys(ExternalKind, _ON_THE_SPOT),
    **dict.fromkeys((ExternalKind.COURT, ExternalKind.POLICE), _ON_THE_SPOT | {Way.LEND}),
    ExternalKind.APPRAISAL: frozenset({Way.LEND}),
}
_NEEDS_UNIT = frozenset({ExternalKind.COURT, ExternalKind.POLICE, ExternalKind.REGULATOR, ExternalKind.APPRAISAL})


@dataclass(frozen=True, slots=True)
class External:
    """Somebody from outside; `papers` maps what was shown to its number."""

    kind: str
    name: str
    unit: str = ""
    phone: str = ""
    papers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody asks for beside the items; `days` 0 takes what the rule gives."""

    way: str
    purpose: str
    purpose_note: str = ""
    days: int = 0
    wanted_from: date | None = None
    external: External | None = None


def check_wish(typed: Wish, today: date) -> Wish:
    """Return a wish with clean texts; raises `Invalid` naming every field that is wrong."""
    external = _clean(typed.external) if typed.external else None
    checked = replace(typed, purpose_note=clean_text(typed.purpose_note), external=external)
    problems = {name: [code] for name, code in _problems(checked, today)}
    if external is not None:
        problems.update({name: [code] for name, code in _external_problems(external, checked.way)})
    if problems:
        raise Invalid(problems)
    return checked


def _problems(wish: Wish, today: date) -> list[tuple[str, str]]:
    day = wish.wanted_from
    checks = (
        (wish.way in set(Way), "way", "loan.way"),
        (wish.purpose in set(Purpose), "purpose", "loan.purpose"),
        (wish.purpose != Purpose.OTHER or bool(wish.purpose_note), "purpose_note", "loan.purpose_note"),
        (len(wish.purpose_note) <= _LENGTHS["purpose_note"], "purpose_note", "loan.too_long"),
        (wish.days >= 0, "days", "loan.days_range"),
        (day is None or day >= today, "wanted_from", "loan.wanted_in_past"),
        (day is None or day <= today + LONGEST_AHEAD, "wanted_from", "loan.wanted_too_late"),
        (day is None or wish.way != Way.ELECTRONIC, "wanted_from", "loan.wanted_electronic"),
    )
    return [(name, code) for holds, name, code in checks if not holds]


def _external_problems(external: External, way: str) -> list[tuple[str, str]]:
    if external.kind not in set(ExternalKind):
        return [("external_kind", "loan.external_kind")]
    kind = ExternalKind(external.kind)
    checks = (
        (way in EXTERNAL_WAYS[kind], "external_kind", f"loan.external_way_{kind.value}"),
        (bool(external.name), "external_name", "loan.external_name"),
        (len(external.name) <= _LENGTHS["name"], "external_name", "loan.too_long"),
        (bool(external.unit) or kind not in _NEEDS_UNIT, "external_unit", "loan.external_unit"),
        (len(external.unit) <= _LENGTHS["unit"], "external_unit", "loan.too_long"),
        (len(external.phone) <= _LENGTHS["phone"], "external_phone", "loan.too_long"),
        *(
            (bool(external.papers.get(paper)), paper.value, f"loan.paper_{paper.value}")
            for paper in REQUIRED_PAPERS[kind]
        ),
        *((len(text) <= PAPER_LENGTH, name, "loan.too_long") for name, text in external.papers.items()),
    )
    found = [(name, code) for holds, name, code in checks if not holds]
    first, second = (external.papers.get(paper, "") for paper in (Paper.OFFICER_1, Paper.OFFICER_2))
    if first and first == second:
        found.append((Paper.OFFICER_2.value, "loan.same_officer"))
    return found


def _clean(external: External) -> External:
    """Return the texts tidied; what is no paper that we know is left out."""
    papers = {paper.value: clean_text(external.papers.get(paper, "")) for paper in Paper}
    return External(
        external.kind,
        clean_text(external.name),
        clean_text(external.unit),
        clean_text(external.phone),
        {name: text for name, text in papers.items() if text},
    )
