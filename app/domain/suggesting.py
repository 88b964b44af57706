"""What the finds in a paper's text suggest for its fields: when it was made, by whom, what it is about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from app.domain.extracting import best
from app.domain.finds import Find, FindKind, Why

# Papers that the customer makes; the others are made by the house that stands at their head.
_BY_CUSTOMER = (
    "application notice transfer_authority health_declaration financial_questionnaire delivery_receipt change_request surrender "
    "claim_request survey consent applicant_statement power_of_attorney needs_analysis customer_identification"
)
BY_CUSTOMER = frozenset(_BY_CUSTOMER.split())
_SIGNED = (
    "日期",
    "开票日期",
    "申请日期",
    "决定日期",
    "签发日期",
    "批改日期",
    "登记日期",
    "体检日期",
    "咨询日期",
    "接收日期",
    "就诊日期",
)
_NOT_MADE = ("出生", "有效期", "生效", "期满", "出险", "事故", "入院", "至", "成立", "营业期限", "领证", "注册")
_MOST_KEYWORDS = 5
_LONGEST_KEYWORDS = 120


@dataclass(frozen=True, slots=True)
class Chosen:
    """A value for a field, how sure, and why."""

    value: str
    score: float
    why: str


def formed_on(finds: Iterable[Find], today: date) -> Chosen | None:
    """Return the day on which a paper was made: the last one written beside a signature, else the likeliest other."""
    dates = [find for find in finds if find.kind is FindKind.DATE and find.value <= today.isoformat()]
    scored = [(_date_score(find), find) for find in dates if not any(word in find.label for word in _NOT_MADE)]
    if not scored:
        return None
    score, find = max(scored, key=lambda pair: (pair[0], pair[1].at))
    return Chosen(
        find.value, score * find.score, f"date.{'signed' if score > 0.8 else 'labelled' if score > 0.6 else 'found'}"
    )


def _date_score(find: Find) -> float:
    if find.label == "日期":
        return 0.95
    if find.label.endswith(_SIGNED):
        return 0.85
    return 0.65 if find.label.endswith("日期") else 0.45


def author(code: str, finds: Sequence[Find], customer: str) -> Chosen | None:
    """Return who made a paper of kind `code`: the customer, or the house at its head."""
    if code in BY_CUSTOMER:
        return Chosen(customer, 0.8, "author.customer") if customer else None
    houses = best(finds, FindKind.ORGANISATION)
    heads = [find for find in houses if Why.PLACE in find.why] or houses
    return (
        Chosen(heads[0].value, heads[0].score, "author.head" if Why.PLACE in heads[0].why else "author.found")
        if heads
        else None
    )


def keywords(kind: str, finds: Sequence[Find]) -> Chosen:
    """Return the words by which a paper is looked for; what tells of somebody's health is not among them."""
    words = [kind, *(find.value for find in best(finds, FindKind.KEYWORD) if "诊断" not in find.label)]
    return Chosen(" ".join(dict.fromkeys(words[:_MOST_KEYWORDS]))[:_LONGEST_KEYWORDS], 0.7, "keywords.found")


def matter(finds: Sequence[Find]) -> str:
    """Return the product that a paper names."""
    return next((find.value for find in best(finds, FindKind.KEYWORD) if find.label.startswith("险种")), "")


def is_same_name(one: str, other: str) -> bool:
    """Say whether two names may be one, a character of a longer one misread."""
    if len(one) != len(other) or len(one) < 3:
        return one == other
    return sum(map(str.__ne__, one, other)) <= 1
