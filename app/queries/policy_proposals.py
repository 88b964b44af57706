"""Papers of policies that wait to be bound: by policy number, of one branch, series, year and period, as many as a volume holds."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.ids import decode_id, encode_id
from app.domain.masking import mask_name
from app.domain.policy import Action
from app.domain.volume_order import in_order
from app.domain.volumes import Measure, VolumeKind, gather, policy_title
from app.models.accounts import Branch
from app.models.customers import Customer
from app.models.documents import Category, Document
from app.models.policies import Policy
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
from app.queries.visibility import documents_for

ROWS = 2_000  # of papers that one page is gathered from
LOOKED_AT = 5_000  # of unbound papers, to tell which groups there are
_PAPERS = {"CB": "投保资料", "BQ": "保全资料", "KH": "客户资料"}


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A group with how many papers of it were met among those that were looked at."""

    group: Group
    branch_name: str
    papers: int


def propose_policies(
    session: Session, actor: Actor, group: Group, measure: Measure, *, start: str = ""
) -> tuple[Sequence[Proposal], str]:
    """Return volumes of a group's papers from the policy after `start` on, and where the next page starts, '' at the end."""
    rows = session.execute(_group_papers(actor, group).where(Policy.number > start).limit(ROWS)).all()
    parts = _gathered(rows, measure, whole=len(rows) < ROWS)
    shown = parts[:PAGE_SIZE]
    while len(shown) < len(parts) and parts[len(shown)][0].policy_number == shown[-1][-1].policy_number:
        shown.append(parts[len(shown)])
    is_last = len(shown) == len(parts) and len(rows) < ROWS
    following = "" if is_last or not shown else str(shown[-1][-1].policy_number)
    return _of_policies(session, group, shown, measure), following


def find_policy_proposal(session: Session, actor: Actor, ref: str, measure: Measure) -> Proposal | None:
    """Return the proposal that `ref` names as it is now, None when it changed; raises `ValueError` for what is none."""
    _kind, branch, series, year, period, first, _print = ref.split(":")
    if not re.fullmatch(r"(19|2\d)\d\d", year):
        raise ValueError(year)
    group = Group(decode_id(branch), series, int(year), period)
    return next(
        (found for found in _from_policy(session, actor, group, decode_id(first), measure) if found.ref == ref), None
    )


def groups_to_bind(session: Session, actor: Actor) -> Sequence[GroupRow]:
    """Return the groups in which papers of policies wait, the fullest first, from the first few thousand papers."""
    looked_at = (
        select(Document.branch_id, Category.series, Document.formed_on, Document.period)
        .join(Category, Category.id == Document.category_id)
        .join(Customer, Customer.id == Document.customer_id)
        .where(*_unbound_of_policies(), documents_for(actor, Action.VOLUME_BIND, by_index=True))
        .limit(LOOKED_AT)
    )
    counted: Counter[Group] = Counter(
        Group(branch_id, series, formed_on.year, period)
        for branch_id, series, formed_on, period in session.execute(looked_at)
        if formed_on is not None
    )
    names = _branch_names(session, {group.branch_id for group in counted})
    return [GroupRow(group, names[group.branch_id], papers) for group, papers in counted.most_common()]


def _from_policy(session: Session, actor: Actor, group: Group, policy_id: int, measure: Measure) -> Sequence[Proposal]:
    """Return the proposals of a group that begin with a policy, as far as one page of rows reaches."""
    number = session.scalar(select(Policy.number).where(Policy.id == policy_id))
    if number is None:
        return []
    rows = session.execute(_group_papers(actor, group).where(Policy.number >= number).limit(ROWS)).all()
    return _of_policies(session, group, _gathered(rows, measure, whole=len(rows) < ROWS)[:PAGE_SIZE], measure)


def _group_papers(actor: Actor, group: Group) -> Select[*tuple[Any, ...]]:
    return (
        papers_with(
            Policy.id.label("policy_id"),
            Policy.number.label("policy_number"),
            Policy.product,
            Customer.name.label("customer_name"),
            Customer.kind.label("customer_kind"),
        )
        .join(Policy, Policy.id == Document.policy_id)
        .where(
            *_unbound_of_policies(),
            Document.branch_id == group.branch_id,
            Category.series == group.series,
            Document.period == group.period,
            Document.formed_on.between(date(group.year, 1, 1), date(group.year, 12, 31)),
            documents_for(actor, Action.VOLUME_BIND),
        )
        .order_by(Policy.number, Document.id)
    )


def _gathered(rows: Sequence[Any], measure: Measure, *, whole: bool) -> list[list[Any]]:
    """Return rows as volumes: the papers of each policy in the order of the process, policies as many as fit.

    Of rows that were cut off the last policy may be missing papers: it waits for the next page.
    """
    bundles = []
    for _number, together in groupby(rows, key=lambda row: row.policy_number):
        by_id = {row.id: row for row in together}
        ruled = in_order(VolumeKind.POLICY, [as_paper(row) for row in by_id.values()])
        bundles.append([by_id[paper.id] for paper in ruled])
    if not whole and len(bundles) > 1:
        bundles.pop()
    return gather(bundles, measure)


def _of_policies(session: Session, group: Group, parts: Sequence[Sequence[Any]], measure: Measure) -> list[Proposal]:
    name = _branch_names(session, {group.branch_id}).get(group.branch_id, "")
    numbers = Counter(part[0].policy_number for part in parts if _is_piece(part, parts))
    seen: Counter[str] = Counter()
    proposals = []
    for part in parts:
        number = part[0].policy_number
        seen[number] += 1
        proposals.append(_of_policy(group, name, part, measure, seen[number] if numbers[number] > 1 else 0))
    return proposals


def _is_piece(part: Sequence[Any], parts: Sequence[Sequence[Any]]) -> bool:
    """Say whether a volume holds a piece of one policy only, which goes on in another."""
    number = part[0].policy_number
    return bool(part[-1].policy_number == number) and sum(other[0].policy_number == number for other in parts) > 1


def _of_policy(group: Group, branch_name: str, part: Sequence[Any], measure: Measure, piece: int) -> Proposal:
    items = [as_item(row, row.policy_number) for row in part]
    policies = list(dict.fromkeys(row.policy_number for row in part))
    first = part[0]
    papers = {"CB": "投保资料", "BQ": "保全资料", "KH": "客户资料"}.get(group.series, "保单资料")
    holder = mask_name(first.customer_name, is_organisation=first.customer_kind == "organisation")
    head = f"policy:{encode_id(group.branch_id)}:{group.series}:{group.year}:{group.period}"
    return Proposal(
        ref=f"{head}:{encode_id(first.policy_id)}:{fingerprint(items)}",
        kind=VolumeKind.POLICY,
        title=policy_title(holder, first.product, policies, papers=papers, part=piece),
        branch_name=branch_name,
        group=group,
        items=items,
        thickness_mm=measure.thickness(sum(item.page_count for item in items)),
        policies=policies,
    )


def _unbound_of_policies() -> tuple[ColumnElement[bool], ...]:
    return (
        *unbound(),
        Document.policy_id.is_not(None),
        Document.claim_id.is_(None),
        Document.formed_on.is_not(None),
    )


def _branch_names(session: Session, ids: set[int]) -> Mapping[int, str]:
    return {key: name for key, name in session.execute(select(Branch.id, Branch.name).where(Branch.id.in_(ids)))}
