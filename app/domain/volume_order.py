"""The order of papers inside a volume 卷内排列 (DOMAIN 3.1).

A claim: 批复 first; without a lawsuit the decision 决定 next, with one the judgment 判决; then in the order of the work, by
date. Underwriting: by policy number, then as the process goes: 投保 → 核保 → 保单 → 收费 → 保全 → 批单.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.domain.volumes import VolumeKind

_APPROVED = ("批复",)
_JUDGED = ("判决", "裁定", "调解书", "仲裁裁决", "裁判文书")
_DECIDED = ("决定书", "决定通知", "结案", "核定通知", "拒赔", "不予给付", "给付通知", "赔付通知", "理赔结论")
_JUDGMENTS = frozenset({"court_ruling", "settlement_agreement"})
_DECISIONS = frozenset({"decision_notice", "refusal_notice"})
_RESULTS = frozenset({"33"})  # 理赔结果

# As an insurance is made: the paper types of each step, and the classes of papers that nobody gave a type.
_PROCESS: tuple[tuple[frozenset[str], frozenset[str]], ...] = (
    (frozenset({"application"}), frozenset()),
    (
        frozenset({"notice", "needs_analysis", "applicant_statement", "consent", "insured_list", "property_list"}),
        frozenset({"22"}),
    ),
    (
        frozenset({"identity_card", "household_register", "business_licence", "customer_identification"}),
        frozenset({"11", "12"}),
    ),
    (
        frozenset({"health_declaration", "check_up", "financial_questionnaire", "income_proof", "agent_report"}),
        frozenset({"13", "14"}),
    ),
    (frozenset({"policy_copy", "product_statement"}), frozenset({"21", "23"})),
    (frozenset({"delivery_receipt"}), frozenset()),
    (frozenset({"transfer_authority", "premium_receipt", "bank_card"}), frozenset({"25"})),
    (frozenset({"change_request"}), frozenset()),
    (frozenset({"endorsement"}), frozenset({"24"})),
    (frozenset({"surrender"}), frozenset({"26"})),
)
LAST = len(_PROCESS)


@dataclass(frozen=True, slots=True)
class Paper:
    """What the order goes by; `kind` is the code of its paper type, `category` that of its class."""

    id: int
    title: str
    kind: str
    category: str
    formed_on: date | None
    archive_number: str
    policy_number: str = ""


def in_order(volume_kind: str, papers: Sequence[Paper], *, litigated: bool = False) -> list[Paper]:
    """Return papers as a volume of `volume_kind` keeps them; papers alike stand by date, then by their number."""
    if volume_kind == VolumeKind.CLAIM:
        lawsuit = litigated or any(_is_judgment(paper) for paper in papers)
        return sorted(papers, key=lambda paper: (claim_rank(paper, litigated=lawsuit), *_by_work(paper)))
    if volume_kind == VolumeKind.POLICY:
        return sorted(papers, key=lambda paper: (paper.policy_number, process_rank(paper), *_by_work(paper)))
    return sorted(papers, key=_by_work)


def claim_rank(paper: Paper, *, litigated: bool) -> int:
    """Return where a paper stands in the volume of a claim: what ended it before what led to it."""
    if any(word in paper.title for word in _APPROVED):
        return 0
    if _is_judgment(paper):
        return 1 if litigated else 2
    if paper.kind in _DECISIONS or (not paper.kind and _looks_decided(paper)):
        return 2 if litigated else 1
    return 3


def process_rank(paper: Paper) -> int:
    """Return which step of making an insurance a paper belongs to; what belongs to none comes last."""
    for rank, (kinds, classes) in enumerate(_PROCESS):
        if paper.kind in kinds or (not paper.kind and paper.category in classes):
            # What nobody gave a type is known by its words: the application form leads.
            return 0 if rank == 1 and not paper.kind and "投保单" in paper.title else rank
    return LAST


def _is_judgment(paper: Paper) -> bool:
    return paper.kind in _JUDGMENTS or (not paper.kind and any(word in paper.title for word in _JUDGED))


def _looks_decided(paper: Paper) -> bool:
    return paper.category in _RESULTS or any(word in paper.title for word in _DECIDED)


def _by_work(paper: Paper) -> tuple[date, str, int]:
    return paper.formed_on or date.max, paper.archive_number, paper.id
