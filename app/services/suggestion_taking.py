"""A person takes a suggestion: its value goes into the field of the paper, as if he had typed it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.errors import NotFound
from app.domain.intake_desk import FIELDS
from app.domain.policy import Action
from app.models.intake import IntakeItem, Suggestion
from app.queries.visibility import items_for
from app.services.intake_desk import open_for_work, write_fields
from app.services.suggesting import offered, typed_value


def item_of(session: Session, actor: Actor, suggestion_id: int) -> int:
    """Return the paper of a suggestion; raises `NotFound` where `actor` may not see it."""
    found = session.scalar(
        select(Suggestion.item_id)
        .join(IntakeItem, IntakeItem.id == Suggestion.item_id)
        .where(Suggestion.id == suggestion_id, items_for(actor, Action.INTAKE_VIEW))
    )
    if found is None:
        raise NotFound
    return found


def take_suggestion(session: Session, actor: Actor, suggestion_id: int, *, version: int, now: datetime) -> IntakeItem:
    """Write a suggestion into the field it is for and return the paper.

    A policy or claim of another customer goes when the customer changes. Raises `NotFound` for what `actor` is not offered,
    `WrongState`, `Invalid`, `ChangedMeanwhile`.
    """
    item = open_for_work(session, actor, item_of(session, actor, suggestion_id), now=now)
    offer = next((one for one in offered(session, item.id, actor) if one.id == suggestion_id), None)
    if offer is None or offer.field not in FIELDS:
        raise NotFound
    values = {offer.field: typed_value(offer)}
    if offer.field == "customer_id" and item.customer_id != offer.target_id:
        values |= {"policy_id": None, "claim_id": None}
    write_fields(session, actor, item, values, version=version, now=now)
    session.get_one(Suggestion, suggestion_id).state = "taken"
    session.flush()
    return item
