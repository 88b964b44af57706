"""Closed claims that have papers to bind: one claim one volume 一案一卷 in the year of closing, several where one is too thick."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.claims import ClaimOutcome, kinds_of
from app.domain.ids import decode_id, encode_id
from app.domain.masking import mask_name
from app.domain.policy import Action
from app.domain.product_lines import InsuranceClass
from app.domain.table_words import CLAIM_KINDS
from app.domain.volume_order import in_order
from app.domain.volumes import Measure, VolumeKind, claim_title, longest_period, split
from app.models.accounts import Branch
from app.models.claims import Claim
from app.models.customers import Customer
from app.models.documents import Category, Document
from app.models.storage import Volume
from app.queries.binding_proposals import (
    PAGE_SIZE,
    Group,
    Proposal,
    as_item,
    as_paper,
    fingerprint,
    papers_with,
    unbound,
)
from app.queries.keyset import Cursor, Sort, read_page
from app.queries.visibility import claims_for, documents_for

CLOSED = ("closed", "archived")
BY_CLAIM = Sort(Claim.number, Claim.id)
_NAMES = {code: name for name, code in CLAIM_KINDS.items()}
_PERSONAL = frozenset(kinds_of(InsuranceClass.PERSONAL)[:-1])


@dataclass(frozen=True, slots=True)
class Proposals:
    """A page of proposals; one claim may be several volumes."""

    items: Sequence[Proposal]
    before: Cursor | None = None
    after: Cursor | None = None


@dataclass(frozen=True, slots=True)
class ClaimFilter:
    """Which claims are proposed."""

    branch_id: int | None = None
    year: int | None = None
    number: str = ""


@dataclass(slots=True)
class _Papers:
    """The papers of one claim, told apart."""

    fitting: list[Any] = field(default_factory=list)
    waiting: int = 0
    hidden: int = 0


def propose_claims(
    session: Session, actor: Actor, wanted: ClaimFilter, measure: Measure, *, cursor: Cursor | None = None
) -> Proposals:
    """Return the volumes of a page of closed claims that have papers to bind, by claim number."""
    page = read_page(session, _claims(actor, wanted), BY_CLAIM, cursor, size=PAGE_SIZE, total=0, make=lambda row: row)
    return Proposals(_of_claims(session, actor, page.items, measure), page.before, page.after)


def find_claim_proposal(session: Session, actor: Actor, ref: str, measure: Measure) -> Proposal | None:
    """Return the proposal that `ref` names as it is now, None when it changed; raises `ValueError` for what is none."""
    claim_id = decode_id(ref.split(":")[1])
    rows = session.execute(_claims(actor, ClaimFilter()).where(Claim.id == claim_id)).all()
    return next((found for found in _of_claims(session, actor, rows, measure) if found.ref == ref), None)


def _claims(actor: Actor, wanted: ClaimFilter) -> Select[*tuple[Any, ...]]:
    bindable = select(Document.claim_id).where(Document.claim_id.is_not(None), *unbound())
    conditions: list[ColumnElement[bool]] = [
        Claim.status.in_(CLOSED),
        Claim.closed_on.is_not(None),
        claims_for(actor, Action.VOLUME_BIND),
        Claim.id.in_(bindable),
    ]
    if wanted.branch_id is not None:
        conditions.append(Claim.branch_id == wanted.branch_id)
    if wanted.year is not None:
        conditions.append(Claim.closed_on.between(date(wanted.year, 1, 1), date(wanted.year, 12, 31)))
    if wanted.number:
        conditions.append(Claim.number == wanted.number)
    statement: Select[*tuple[Any, ...]] = (
        select(
            Claim.kind,
            Claim.outcome,
            Claim.closed_on,
            Claim.branch_id,
            Branch.name.label("branch_name"),
            Customer.name.label("customer_name"),
            Customer.kind.label("customer_kind"),
            Claim.number,
            Claim.id,
        )
        .join(Customer, Customer.id == Claim.customer_id)
        .join(Branch, Branch.id == Claim.branch_id)
        .where(*conditions)
    )
    return statement


def _of_claims(session: Session, actor: Actor, claims: Sequence[Any], measure: Measure) -> list[Proposal]:
    papers = _claim_papers(session, actor, [claim.id for claim in claims])
    there = _volumes_there(session, [claim.id for claim in claims])
    series = session.scalar(select(Category.series).where(Category.code == "3")) or "LP"
    return [
        proposal
        for claim in claims
        for proposal in _of_claim(claim, papers[claim.id], there.get(claim.id, 0), series, measure)
    ]


def _of_claim(claim: Any, papers: _Papers, there: int, series: str, measure: Measure) -> list[Proposal]:
    if not papers.fitting:
        return []
    by_id = {row.id: row for row in papers.fitting}
    ruled = in_order(
        VolumeKind.CLAIM, [as_paper(row) for row in papers.fitting], litigated=claim.outcome == ClaimOutcome.LITIGATED
    )
    parts = split([as_item(by_id[paper.id]) for paper in ruled], measure)
    name = mask_name(claim.customer_name, is_organisation=claim.customer_kind == "organisation")
    # All volumes of a claim are kept as long as the one that is kept longest.
    group = Group(claim.branch_id, series, claim.closed_on.year, longest_period([row.period for row in papers.fitting]))
    several = len(parts) + there > 1
    return [
        Proposal(
            ref=f"claim:{encode_id(claim.id)}:{fingerprint(part)}",
            kind=VolumeKind.CLAIM,
            title=claim_title(name, _matter(claim.kind), claim.number, there + at if several else 0),
            branch_name=claim.branch_name,
            group=group,
            items=part,
            thickness_mm=measure.thickness(sum(item.page_count for item in part)),
            claim_id=claim.id,
            claim_number=claim.number,
            waiting=papers.waiting,
            hidden=papers.hidden,
        )
        for at, part in enumerate(parts, start=1)
    ]


def _matter(kind: str) -> str:
    """Return what a claim is about as a title says it: 住院医疗给付, 车损赔付."""
    if kind == "other":
        return "理赔"
    return f"{_NAMES.get(kind, '')}{'给付' if kind in _PERSONAL else '赔付'}"


def _claim_papers(session: Session, actor: Actor, claim_ids: Sequence[int]) -> Mapping[int, _Papers]:
    """Return the papers of claims that no volume holds; those of a complaint are nobody's here."""
    rows = session.execute(
        papers_with(
            Document.claim_id,
            Document.state,
            Document.whereabouts,
            (Document.branch_id == Claim.branch_id).label("at_home"),
            documents_for(actor, Action.VOLUME_BIND).label("reached"),
        )
        .join(Claim, Claim.id == Document.claim_id)
        .where(Document.claim_id.in_(claim_ids), Document.volume_id.is_(None), Document.case_id.is_(None))
        .where(Document.state != "destroyed", Document.whereabouts != "none")
    )
    found = {claim_id: _Papers() for claim_id in claim_ids}
    for row in rows:
        papers = found[row.claim_id]
        if not row.reached:
            papers.hidden += 1
        elif row.state == "filed" and row.whereabouts == "shelf" and row.at_home:
            papers.fitting.append(row)
        else:
            papers.waiting += 1
    return found


def _volumes_there(session: Session, claim_ids: Sequence[int]) -> Mapping[int, int]:
    rows = session.execute(
        select(Volume.claim_id, func.count())
        .where(Volume.claim_id.in_(claim_ids), Volume.kind == VolumeKind.CLAIM.value)
        .group_by(Volume.claim_id)
    )
    return {claim_id: count for claim_id, count in rows if claim_id is not None}
