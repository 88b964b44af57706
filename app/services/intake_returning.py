"""Giving papers back to the agent who sent them 退回: for each refused page the reason, in words that say how to retake it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.errors import Invalid, WrongState
from app.domain.intake import ItemStep, next_item_state
from app.models.intake import IntakeItem
from app.services import submissions
from app.services.intake_desk import open_for_work, require_seen
from app.services.intake_steps import pages_of, take_item_step


def return_item(
    session: Session,
    actor: Actor,
    item_id: int,
    refusals: Mapping[int, str],
    *,
    version: int,
    now: datetime,
) -> IntakeItem:
    """Return a paper to its agent; `refusals` says of each refused page, by its id, what is wrong.

    Raises `WrongState` for a paper that no agent sent, `Invalid` when no page is refused or a reason has no word.
    """
    item = open_for_work(session, actor, item_id, now=now)
    require_seen(item, version)
    if item.submission_id is None:
        raise WrongState("intake.no_agent")
    pages = {page.id: page for page in pages_of(session, item.id)}
    refused = {page_id: text for page_id, text in refusals.items() if page_id in pages}
    if not refused:
        raise Invalid.field("pages", "intake.refusal_missing")
    if not all(refused.values()):
        raise Invalid.field("pages", "intake.refusal_words")
    next_item_state(item.state, ItemStep.RETURN)
    for page_id, page in pages.items():
        page.refusal = refused.get(page_id, "")
    item.refusal = next(iter(refused.values()))
    item.held_by, item.held_until = None, None
    take_item_step(session, actor, item, ItemStep.RETURN, now=now, pages=len(refused))
    submissions.note_returned(session, item, now=now)
    return item
