"""The panel 单证齐全 that pages of policies and claims share: what is there, what is missing, what this reader may do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.domain.policy import Action, may_ever
from app.queries.completeness import (
    Checklist,
    checklist,
    checklists_of_claims,
    checklists_of_policies,
    default_business,
)
from app.web.clock import today
from app.web.completeness_labels import LABELS
from app.web.identity import the_actor
from app.web.transactions import reading


@dataclass(frozen=True, slots=True)
class Panel:
    """A checklist for a page, with where its forms go."""

    found: Checklist
    target: dict[str, int]  # policy_id or claim_id, for url_for
    policy_id: int
    claim_id: int | None
    customer_id: int
    may_edit: bool
    may_waive: bool
    labels: dict[str, object]


def panel_of(
    *, policy_id: int, claim_id: int | None = None, customer_id: int, may_edit: bool, business: str = ""
) -> Panel | None:
    """Return the panel of a policy or claim that this reader was shown; None for who may not look at checklists."""
    actor = the_actor()
    if not may_ever(actor, Action.MISSING_VIEW):
        return None
    found = checklist(
        reading(),
        business=business or default_business(claim_id).value,
        policy_id=policy_id,
        claim_id=claim_id,
        today=today(),
        actor=actor,
    )
    target = {"claim_id": claim_id} if claim_id is not None else {"policy_id": policy_id}
    return Panel(
        found, target, policy_id, claim_id, customer_id, may_edit, may_ever(actor, Action.MISSING_WAIVE), dict(LABELS)
    )


def standings(*, policies: Sequence[int] = (), claims: Sequence[int] = ()) -> Mapping[int, Checklist] | None:
    """Return how complete the policies or claims of a list are, by id; None for who may not look at checklists."""
    if not may_ever(the_actor(), Action.MISSING_VIEW):
        return None
    if claims:
        return checklists_of_claims(reading(), claims, today())
    return checklists_of_policies(reading(), policies, today()) if policies else {}
