"""Accepting a paper at the desk 著录确认: it becomes a catalogued document of its customer, or, after rework, mends it.

Nothing is filed here: another person checks the batch first.
"""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.documents import Description, DocumentState, check_description, require_step
from app.domain.errors import Invalid, NotAllowed
from app.domain.intake import ItemStep, next_item_state
from app.domain.intake_desk import FIELDS, TypedItem, touched_fields
from app.domain.policy import Action, Target, may
from app.domain.whereabouts import Whereabouts, at_rest
from app.models.customers import Customer
from app.models.documents import Category, Document
from app.models.intake import IntakeItem, PaperType, Suggestion
from app.services import learning, missing, submissions, trail
from app.services.documents import declare_catalogued, take_in
from app.services.intake_desk import check_fields, find_customer, open_for_work, show_value, write_fields
from app.services.intake_steps import pages_of, take_item_step
from app.services.intake_versions import give_version
from app.services.suggesting import field_of

# What no document can do without at the desk, besides what every description must have.
MANDATORY = ("customer_id", "paper_type_id")


def accept_item(
    session: Session,
    actor: Actor,
    item_id: int,
    typed: TypedItem,
    *,
    version: int,
    now: datetime,
    today: date,
) -> int:
    """Catalogue a paper as it was typed and return the id of its document.

    Raises `NotFound`, `NotAllowed`, `WrongState` (held by somebody else, still being read, done already), `Invalid` with
    every field that lacks something, and `ChangedMeanwhile` with both texts.
    """
    item = open_for_work(session, actor, item_id, now=now)
    next_item_state(item.state, ItemStep.ACCEPT)
    said = _with_defaults(session, typed.normalised())
    count = sum(1 for page in pages_of(session, item.id) if not page.blank)
    checked = _check(session, actor, item, said, count, today)
    write_fields(session, actor, item, asdict(said), version=version, now=now)
    document = _make_or_mend(session, actor, item, checked, now=now)
    document.paper_type_id = said.paper_type_id
    declare_catalogued(session, actor, document, now=now)
    _finish(session, actor, item, document, now=now)
    return document.id


def _with_defaults(session: Session, said: TypedItem) -> TypedItem:
    """Fill class and period from the kind of paper where they were left empty."""
    kind = session.get(PaperType, said.paper_type_id) if said.paper_type_id else None
    category_id = said.category_id or (kind.category_id if kind else None)
    category = session.get(Category, category_id) if category_id else None
    return replace(said, category_id=category_id, period=said.period or (category.default_period if category else ""))


def _check(session: Session, actor: Actor, item: IntakeItem, said: TypedItem, count: int, today: date) -> Description:
    """Return the description, or raise `Invalid` with everything at once that must be mended."""
    problems: dict[str, list[str]] = {
        name: [f"intake.{name.removesuffix('_id')}_missing"] for name in MANDATORY if getattr(said, name) is None
    }
    if said.category_id is None:
        problems["category_id"] = ["intake.category_missing"]
    for check in (
        lambda: check_fields(session, actor, item, asdict(said)),
        lambda: check_description(said.description(said.category_id or 0, count), today, complete=True),
    ):
        try:
            check()
        except Invalid as invalid:
            for name, codes in invalid.problems.items():
                problems.setdefault(name, codes)
    if problems:
        raise Invalid(problems)
    return check_description(said.description(said.category_id or 0, count), today, complete=True)


def _make_or_mend(session: Session, actor: Actor, item: IntakeItem, checked: Description, *, now: datetime) -> Document:
    customer = find_customer(session, actor, item.customer_id)
    if customer is None:
        raise NotAllowed(Action.INTAKE_WORK)
    target = Target(customer.branch_id, max(checked.level, customer.level), customer.agent_id)
    if not may(actor, Action.INTAKE_WORK, target):
        raise NotAllowed(Action.INTAKE_WORK)
    if item.document_id is None:
        return take_in(session, actor, customer, checked, None, now=now)
    return _mend(session, actor, item.document_id, customer, checked, now=now)


def _mend(
    session: Session, actor: Actor, document_id: int, customer: Customer, checked: Description, *, now: datetime
) -> Document:
    """Bring what the checker sent back up to what was typed."""
    document = session.get_one(Document, document_id, with_for_update=True)
    # Who works on the paper may open its document again: the checker sent it back for that.
    if document.state != DocumentState.RECEIVED:
        require_step(document.state, DocumentState.RECEIVED)
    document.state, document.catalogued_by, document.catalogued_at = DocumentState.RECEIVED, None, None
    values = {**asdict(checked), "customer_id": customer.id, "branch_id": customer.branch_id}
    changed = {name: value for name, value in values.items() if getattr(document, name) != value}
    before = {name: show_value(name, getattr(document, name)) for name in changed}
    for name, value in changed.items():
        setattr(document, name, value)
    if "carrier" in changed and document.whereabouts in (Whereabouts.SHELF, Whereabouts.NONE):
        document.whereabouts = at_rest(document.carrier).value
    session.flush()
    if changed:
        subject = trail.Subject("document", document.id, "", document.customer_id)
        after = {name: show_value(name, value) for name, value in changed.items()}
        trail.record(session, actor, "document_changed", subject, now=now, before=before, after=after)
    return document


def _finish(session: Session, actor: Actor, item: IntakeItem, document: Document, *, now: datetime) -> None:
    suggested_id = _suggested_type(session, item)
    _settle_suggestions(session, item)
    item.touched = touched_fields(item.touched, (name for name in FIELDS if getattr(item, name) not in (None, "")))
    item.document_id, item.catalogued_by, item.catalogued_at = document.id, actor.account_id, now
    item.held_by, item.held_until = None, None
    take_item_step(session, actor, item, ItemStep.ACCEPT, now=now)
    give_version(session, item, document, now=now)
    learning.note_confirmation(session, document, suggested_id=suggested_id, actor=actor, now=now)
    missing.note_received(session, document, now=now)
    if item.submission_id is not None:
        submissions.note_item_done(session, item, now=now)


def _suggested_type(session: Session, item: IntakeItem) -> int | None:
    """Return the kind of paper that the machine thought of first."""
    return session.scalar(
        select(Suggestion.target_id)
        .where(Suggestion.item_id == item.id, Suggestion.field == "paper_type")
        .order_by(Suggestion.rank)
        .limit(1)
    )


def _settle_suggestions(session: Session, item: IntakeItem) -> None:
    """Note of every suggestion that was open whether the person took it."""
    open_ones = select(Suggestion).where(Suggestion.item_id == item.id, Suggestion.state == "offered")
    for suggestion in session.scalars(open_ones):
        if (field := field_of(suggestion.field)) in FIELDS:
            value = getattr(item, field)
            is_id = field.endswith("_id")
            taken = suggestion.target_id == value if is_id else suggestion.value == show_value("", value)
            suggestion.state = "taken" if taken else "refused"
    session.flush()
