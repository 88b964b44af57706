"""Volumes of the demo: bound, closed and checked by the services themselves, in each state some."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.volumes import condition_note
from app.models.documents import Document
from app.queries.binding_proposals import Proposal
from app.queries.claim_proposals import ClaimFilter, propose_claims
from app.queries.policy_proposals import groups_to_bind, propose_policies
from app.queries.volume_measure import measure_of
from app.queries.volumes import condition_of, read_volume
from app.services.binding_proposals import bind_proposal
from app.services.volume_steps import check_volume, close_volume
from app.services.volumes import box_volume

MOST = 3  # of claims, and of policies, at a branch
FEWEST_ITEMS = 2


def bind_volumes(session: Session, keeper: Actor, head: Actor, branch_id: int, *, now: datetime) -> None:
    """Bind a few volumes at a branch; of each kind the first is checked, the second closed, the third still open."""
    for proposals in (_claims(session, keeper, branch_id), _policies(session, keeper, branch_id)):
        for proposal, steps in zip(proposals, (2, 1, 0), strict=False):
            _bind(session, keeper, head, proposal, steps, now=now)


def _claims(session: Session, keeper: Actor, branch_id: int) -> list[Proposal]:
    found = propose_claims(session, keeper, ClaimFilter(branch_id=branch_id), measure_of(session)).items
    return [proposal for proposal in found if len(proposal.items) >= FEWEST_ITEMS and not proposal.hidden][:MOST]


def _policies(session: Session, keeper: Actor, branch_id: int) -> list[Proposal]:
    groups = [row.group for row in groups_to_bind(session, keeper) if row.group.branch_id == branch_id]
    found = [propose_policies(session, keeper, group, measure_of(session))[0] for group in groups[:MOST]]
    return [proposals[0] for proposals in found if proposals and len(proposals[0].items) >= FEWEST_ITEMS]


def _bind(session: Session, keeper: Actor, head: Actor, proposal: Proposal, steps: int, *, now: datetime) -> None:
    boxes = session.scalars(select(Document.box_id).where(Document.id.in_([item.id for item in proposal.items])))
    box_id = next((box_id for box_id in boxes if box_id is not None), None)
    volume_id = bind_proposal(session, keeper, proposal.ref, now=now)
    volume = read_volume(session, keeper, volume_id, measure_of(session))
    if box_id is not None and volume.box_id is None:
        box_volume(session, keeper, box_id, volume_id, now=now)
    if steps:
        volume = read_volume(session, keeper, volume_id, measure_of(session))
        note = condition_note(condition_of(session, volume))
        close_volume(session, keeper, volume_id, note, "", version=volume.version, now=now)
    if steps > 1:
        closed = read_volume(session, keeper, volume_id, measure_of(session))
        check_volume(session, head, volume_id, version=closed.version, now=now)
