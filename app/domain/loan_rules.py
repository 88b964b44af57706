"""The rule matrix of borrowing 借阅规则: which row holds for whom, what and how, and what several items come to together.

A row names a role, a class, a level, a way, or leaves some of them open; the row that names most of what is at hand
holds. Seed: the trade's usual terms (查阅 first, 10 working days, one renewal, secret papers 5 days); every row is
the office's to change.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum


class Way(StrEnum):
    """How something is used 利用方式."""

    READ = "read"  # 查阅
    LEND = "lend"  # 借出
    COPY = "copy"  # 复制
    EXCERPT = "excerpt"  # 摘录
    ELECTRONIC = "electronic"  # 电子阅览

    @property
    def takes_paper(self) -> bool:
        """False for what is read on the screen."""
        return self is not Way.ELECTRONIC


class Approver(StrEnum):
    """A step of the chain."""

    MANAGER = "manager"  # the head of the branch that keeps the papers, or of one above
    UPPER = "upper"  # the head of a branch above


EXTERNAL = "external"
ROLES = ("clerk", "archivist", "manager", EXTERNAL)
CHAINS = ("", "manager", "upper", "manager upper")


@dataclass(frozen=True, slots=True)
class Rule:
    """A row of the matrix; an empty column means any."""

    role: str = ""
    category: str = ""
    level: int | None = None
    way: str = ""
    allowed: bool = True
    approvers: str = "manager"
    days: int = 10
    renewals: int = 1
    on_site_only: bool = False
    most_at_once: int = 10
    block_overdue_days: int = 1
    may_print: bool = False
    may_copy: bool = False
    basis: str = ""
    effective_from: date = date.min
    active: bool = True
    id: int = 0

    def fits(self, case: Case) -> bool:
        """Say whether the row speaks of a case; a class speaks of its sub-classes."""
        return (
            self.active
            and self.effective_from <= case.day
            and self.role in ("", case.role)
            and case.category.startswith(self.category)
            and self.level in (None, case.level)
            and self.way in ("", case.way)
        )

    @property
    def closeness(self) -> tuple[int, bool, bool, bool, int, bool, date, int]:
        """How much the row names; of equals what forbids counts first, then the level, the role, the class, the way."""
        named = (self.level is not None, bool(self.role), bool(self.category), bool(self.way))
        level, role, _, way = named
        return (sum(named), not self.allowed, level, role, len(self.category), way, self.effective_from, self.id)


@dataclass(frozen=True, slots=True)
class Case:
    """One item that somebody asks for in a way, on a day."""

    role: str
    category: str
    level: int
    way: str
    day: date


def closest(rules: Iterable[Rule], case: Case) -> Rule | None:
    """Return the row that holds for a case, None when none speaks of it."""
    return max((rule for rule in rules if rule.fits(case)), key=lambda rule: rule.closeness, default=None)


@dataclass(frozen=True, slots=True)
class Terms:
    """What a request comes to: the strictest of what holds for its items."""

    rule_id: int
    approvers: str
    days: int
    renewals: int
    on_site_only: bool
    most_at_once: int
    may_print: bool
    may_copy: bool


def terms_of(rule: Rule, way: str, *, elsewhere: bool) -> Terms:
    """Return what a row means for a way; papers of a branch that is not one's own go one step higher 跨机构."""
    return Terms(
        rule_id=rule.id,
        approvers=_higher(rule.approvers) if elsewhere else rule.approvers,
        days=rule.days,
        renewals=rule.renewals,
        on_site_only=way != Way.ELECTRONIC and (rule.on_site_only or way != Way.LEND),
        most_at_once=rule.most_at_once,
        may_print=way == Way.ELECTRONIC and rule.may_print,
        may_copy=way == Way.ELECTRONIC and rule.may_copy,
    )


def strictest(each: Sequence[Terms]) -> Terms:
    """Return the terms that satisfy all of `each`, at least one; the row named is the one of the longest chain."""
    hardest = max(each, key=lambda terms: (CHAINS.index(terms.approvers), terms.on_site_only, -terms.days))
    return replace(
        hardest,
        days=min(terms.days for terms in each),
        renewals=min(terms.renewals for terms in each),
        on_site_only=any(terms.on_site_only for terms in each),
        most_at_once=min(terms.most_at_once for terms in each),
        may_print=all(terms.may_print for terms in each),
        may_copy=all(terms.may_copy for terms in each),
    )


def _higher(chain: str) -> str:
    return {"": "manager", "manager": "manager upper"}.get(chain, chain)


_USUAL = "通行做法：先查阅、后借出，一般 10 个工作日，可续借一次（本单位可改）"
_CLASSIFIED = "涉密档案借阅以 5 个工作日为限（通行做法，本单位可改）"
_TOP = "机密档案只在阅档室阅览，经分管领导批准（通行做法）"
_OWN = "本部门形成的档案登记后查阅（通行做法）"
_HEALTH = "个人信息保护法第二十八条：医疗健康信息须有特定目的和充分必要性"
_OUTSIDE = "外单位凭介绍信和证件，只阅不借（通行做法）"
_COURT = "司法机关调取原件、司法鉴定须上级批准，外借时封装登记（本单位自定）"
_SCREEN = "电子阅览到期自动关闭，打印、复制另行批准（本单位自定）"

SEED: tuple[Rule, ...] = (
    Rule(basis=_USUAL),
    Rule(way="read", days=1, renewals=0, on_site_only=True, most_at_once=20, basis=_USUAL),
    Rule(level=1, way="read", approvers="", days=1, renewals=0, on_site_only=True, most_at_once=20, basis=_OWN),
    Rule(
        role="archivist",
        level=2,
        way="read",
        approvers="",
        days=1,
        renewals=0,
        on_site_only=True,
        most_at_once=20,
        basis=_OWN,
    ),
    Rule(way="copy", days=3, renewals=0, on_site_only=True, basis=_USUAL),
    Rule(way="excerpt", days=1, renewals=0, on_site_only=True, basis=_USUAL),
    Rule(way="electronic", days=5, most_at_once=20, basis=_SCREEN),
    Rule(level=3, days=5, renewals=0, most_at_once=5, basis=_CLASSIFIED),
    Rule(level=3, way="electronic", days=3, renewals=0, basis=_CLASSIFIED),
    Rule(category="14", level=3, days=5, renewals=0, most_at_once=3, basis=_HEALTH),
    Rule(level=4, approvers="manager upper", days=1, renewals=0, on_site_only=True, most_at_once=3, basis=_TOP),
    Rule(level=4, way="electronic", approvers="manager upper", days=1, renewals=0, most_at_once=3, basis=_TOP),
    Rule(role=EXTERNAL, days=1, renewals=0, on_site_only=True, most_at_once=20, basis=_OUTSIDE),
    Rule(role=EXTERNAL, way="lend", approvers="manager upper", days=30, most_at_once=5, basis=_COURT),
    Rule(role=EXTERNAL, way="electronic", allowed=False, basis=_OUTSIDE),
)
