"""Binding what was proposed: exactly what was shown, by the hand of a person, one volume a transaction."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.errors import NotAllowed, WrongState
from app.domain.policy import Action, may_ever
from app.queries.binding_proposals import Proposal
from app.queries.claim_proposals import find_claim_proposal
from app.queries.policy_proposals import find_policy_proposal
from app.queries.volume_measure import measure_of
from app.services.volumes import VolumeHead, clean_title, lock_papers, make_volume


def bind_proposal(session: Session, actor: Actor, ref: str, *, now: datetime) -> int:
    """Bind the proposal that `ref` names and return the volume's id.

    Raises `NotAllowed`; `WrongState` with `volume.proposal_changed` when its papers are not the same any more, and with
    `volume.proposal_hidden` when some of the claim's papers are above the actor's level; `Invalid` for papers that somebody else
    has bound in the same moment.
    """
    if not may_ever(actor, Action.VOLUME_BIND):
        raise NotAllowed(Action.VOLUME_BIND)
    proposal = _find(session, actor, ref)
    if proposal is None:
        raise WrongState("volume.proposal_changed")
    if proposal.hidden:
        raise WrongState("volume.proposal_hidden")
    papers = lock_papers(session, actor, [item.id for item in proposal.items])
    group = proposal.group
    head = VolumeHead(
        proposal.kind, clean_title(proposal.title), group.series, group.year, group.period, proposal.claim_id
    )
    return make_volume(session, actor, papers, head, now=now)


def _find(session: Session, actor: Actor, ref: str) -> Proposal | None:
    """Return what a reference names; a spoilt one names nothing."""
    find = find_claim_proposal if ref.startswith("claim:") else find_policy_proposal
    try:
        return find(session, actor, ref, measure_of(session))
    except ValueError:
        return None
