"""Working at the desk 收集整编: what a person says of a paper, how long he holds it, why a page goes back to its agent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from app.domain.documents import Description
from app.domain.normal import clean_note, clean_text

# Renewed by the page while it is open; afterwards the paper is anybody's again.
HOLD = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class TypedItem:
    """What stands in the fields of the desk; None and empty where nothing was said yet."""

    customer_id: int | None = None
    policy_id: int | None = None
    claim_id: int | None = None
    paper_type_id: int | None = None
    category_id: int | None = None
    title: str = ""
    author: str = ""
    document_number: str = ""
    formed_on: date | None = None
    keywords: str = ""
    level: int = 2
    period: str = ""
    carrier: str = "dual"
    is_original: bool = True
    remark: str = ""

    def normalised(self) -> TypedItem:
        """Return the same without needless blanks, keywords parted by one blank each."""
        words = clean_text(self.keywords).replace("，", " ").replace("、", " ").replace(",", " ")
        return replace(
            self,
            title=clean_text(self.title),
            author=clean_text(self.author),
            document_number=clean_text(self.document_number),
            keywords=" ".join(words.split()),
            remark=clean_note(self.remark),
        )

    def description(self, category_id: int, page_count: int) -> Description:
        """Return the descriptive elements of the document that this paper becomes."""
        return Description(
            category_id=category_id,
            page_count=page_count,
            **{name: getattr(self, name) for name in FIELDS if name in _DESCRIPTIVE},
        )


FIELDS: tuple[str, ...] = tuple(field.name for field in fields(TypedItem))
_DESCRIPTIVE = frozenset(Description.__dataclass_fields__) - {"category_id", "page_count"}
# What may be set for many papers at once; a number, a title or a remark is of one paper alone.
BULK_FIELDS: tuple[str, ...] = (
    "customer_id",
    "policy_id",
    "claim_id",
    "paper_type_id",
    "category_id",
    "period",
    "level",
    "author",
    "formed_on",
)


class Refusal(StrEnum):
    """Why a page goes back to the agent who sent it."""

    UNCLEAR = "unclear"  # 看不清
    CUT = "cut"  # 缺角
    GLARE = "glare"  # 反光
    WRONG_PAPER = "wrong_paper"  # 不是所需单证
    UNSIGNED = "unsigned"  # 缺签名
    EXPIRED = "expired"  # 已过期
    OTHER = "other"


# What the agent reads: what is wrong, and what to do about it.
REFUSALS: dict[Refusal, str] = {
    Refusal.UNCLEAR: "看不清：请擦净镜头，在明亮处正对纸面重拍，等画面清楚再按快门。",
    Refusal.CUT: "缺角：请把整张纸放进取景框，四个角都要拍到。",
    Refusal.GLARE: "反光：请避开顶灯和闪光灯，换个角度重拍，不要隔着塑料膜。",
    Refusal.WRONG_PAPER: "不是所需单证：请对照清单换成这一项要求的材料。",
    Refusal.UNSIGNED: "缺签名：请让本人在签名处签字后重拍这一页。",
    Refusal.EXPIRED: "已过期：请提供在有效期内的证件或证明。",
    Refusal.OTHER: "",
}
LONGEST_REFUSAL = 200


def refusal_sentence(reason: Refusal, text: str = "") -> str:
    """Return what the agent reads on a refused page; empty for `other` without a word."""
    said = clean_text(text)
    return f"{REFUSALS[reason]}{said}"[:LONGEST_REFUSAL]


def is_held_by_other(held_by: int | None, held_until: datetime | None, account_id: int, *, now: datetime) -> bool:
    """Say whether somebody else has the paper open at this moment."""
    return held_by is not None and held_by != account_id and held_until is not None and held_until > now


def touched_fields(before: Iterable[str], changed: Iterable[str]) -> list[str]:
    """Return the fields that a person has set, after he changed some more."""
    return sorted({*before, *changed})


def is_whole_file(file_pages: Sequence[int], total: int, turned: Sequence[int]) -> bool:
    """Say whether these pages of one file are all of it, in its order, none turned."""
    return list(file_pages) == list(range(1, total + 1)) and not any(turned)


def places_after_move(count: int, at: int, to: int) -> list[int]:
    """Return the old places, from 0, in their new order, after the page at `at` went to `to` (kept inside)."""
    order = list(range(count))
    page = order.pop(at)
    order.insert(max(0, min(count - 1, to)), page)
    return order
