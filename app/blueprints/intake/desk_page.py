"""The page of the desk, shown by all that works on a paper: what is kept of it, what is suggested, what was typed."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any

from flask import Response, make_response, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from wtforms import SelectField

from app.blueprints.intake.desk_forms import DeskForm
from app.blueprints.intake.undoing import read_undo, write_undo
from app.domain.actor import Actor
from app.domain.errors import NotAllowed, NotFound
from app.domain.ids import decode_id, encode_id
from app.domain.intake import Business
from app.domain.intake_desk import FIELDS, TypedItem
from app.domain.policy import STEP_UP_LEVEL, Action
from app.models.claims import Claim
from app.models.customers import Customer
from app.models.policies import Policy
from app.queries import intake_desk as queries
from app.queries.completeness import Checklist, checklist, find_thing
from app.queries.intake_desk import DeskPage, ItemDetail
from app.services import suggesting
from app.services.suggesting import Offer
from app.services.twins import twins_of
from app.web.access import need_step_up
from app.web.arguments import LARGEST
from app.web.clock import now, today
from app.web.identity import the_actor
from app.web.intake_labels import LABELS
from app.web.suggestion_words import told_words
from app.web.transactions import reading

# The first of these that is empty gets the focus.
WANTED = ("customer", "paper_type_id", "title", "author", "formed_on")


def desk_page(item_id: int, *, form: DeskForm | None = None, trouble: Any = "", status: int = 200) -> Response:
    """Return the page of a paper; a form that was refused stands in it with what was typed.

    Raises `NotFound` for who may not see the paper.
    """
    session, actor, moment = reading(), the_actor(), now()
    item = queries.read_item(session, actor, item_id, now=moment)
    if item.level >= STEP_UP_LEVEL:
        need_step_up()
    offers = [offer for offer in suggesting.offered(session, item_id, actor) if offer.field not in suggesting.COMPARED]
    shown = form or start_form(session, actor, item, offers)
    wrong = suggesting.contradictions(session, item_id, shown.customer_id, now=moment)
    shown.contradicted.data = str(shown.customer_id) if suggesting.is_contradicted(wrong) else ""
    shown.show_version(item.version)
    pages = page_links(item)
    lies_open = _open_page(pages, shown)
    undo = read_undo(shown.undo.data or "")
    shown.page.data, shown.to.data, shown.described.data = lies_open["id"] if lies_open else "", "", "1"
    shown.undo.data = write_undo(undo)
    page = render_template(
        "intake/show_item.html",
        item=item,
        place=queries.neighbours(session, actor, item),
        form=shown,
        focus=_first_empty(shown),
        offers=_by_field([*offers, *wrong]),
        pages=pages,
        open_page=lies_open,
        view=request.args.get("view", ""),
        undo=undo,
        completeness=completeness_of(session, actor, item, shown),
        types_json=json.dumps(_brought_along(session, shown), ensure_ascii=False, separators=(",", ":")),
        **told_words(offers, twins_of(session, actor, item_id), request.args.get("beside", "")),
        trouble=trouble,
        labels=LABELS,
    )
    return make_response(page, status)


def start_form(session: Session, actor: Actor, item: ItemDetail, offers: list[Offer]) -> DeskForm:
    """Return the form of a paper as it is opened: what is kept, and where nothing is, what is suggested."""
    values = {**asdict(item.fields), **offered_values(item, offers)}
    form = DeskForm(data=values)
    form.show_customer(session, actor, values["customer_id"])
    form.undo.data = request.args.get("undo", "")
    form.offer_choices(session, actor, offer_types(session, form))
    return form


def sent_form(session: Session, actor: Actor) -> DeskForm:
    """Return the form that was sent, with its choices; nothing is checked yet."""
    form = DeskForm.from_request()
    form.find_customer(session, actor)
    form.offer_choices(session, actor, offer_types(session, form))
    return form


def offered_values(item: ItemDetail, offers: list[Offer]) -> dict[str, Any]:
    """Return what suggestions fill in: fields in which nothing stands and that no person has set.

    A policy or claim goes with its customer only.
    """
    plain = asdict(TypedItem())
    kept = asdict(item.fields)
    return {
        name: value
        for name, value in suggesting.prefill(offers).items()
        if name in FIELDS and name not in item.touched and kept[name] == plain[name]
    }


def offer_types(session: Session, form: DeskForm) -> list[queries.TypeChoice]:
    """Return the kinds of paper with the titles that they would give this one."""
    name = session.scalar(select(Customer.name).where(Customer.id == form.customer_id)) if form.customer_id else ""
    policy = _number(session, Policy, form.policy_id.data)
    claim = _number(session, Claim, form.claim_id.data)
    return list(queries.type_choices(session, name=name or "", policy=policy, claim=claim))


def _brought_along(session: Session, form: DeskForm) -> dict[int, list[Any]]:
    """Return class, level, period and title that each kind of paper brings along."""
    types = offer_types(session, form)
    return {kind.id: [kind.category_id, kind.level, kind.period, kind.title] for kind in types}


def completeness_of(session: Session, actor: Actor, item: ItemDetail, form: DeskForm) -> Checklist | None:
    """Return how complete the papers of the chosen claim or policy are; None while none is chosen."""
    claim_id, policy_id = _chosen(form.claim_id), _chosen(form.policy_id)
    if claim_id is None and policy_id is None:
        return None
    kind = next((row for row in queries.type_choices(session) if row.id == form.paper_type_id.data), None)
    business = Business.CLAIM if claim_id else item.business or (kind.group if kind else "") or Business.APPLICATION
    try:
        keys = {"claim_id": claim_id} if claim_id else {"policy_id": policy_id}
        find_thing(session, actor, Action.CLAIM_VIEW if claim_id else Action.POLICY_VIEW, **keys)
        return checklist(session, business=str(business), today=today(), **keys)
    except (NotFound, NotAllowed):
        return None


def page_links(item: ItemDetail) -> list[dict[str, Any]]:
    """Return the pages of a paper with the addresses of their images."""
    return [
        {
            "page": page,
            "id": encode_id(page.id),
            "image": url_for("intake.send_page", page_id=page.id, v=page.shown),
            "original": url_for("intake.send_original_page", page_id=page.id, v=page.original),
            "thumb": url_for("intake.send_page_thumbnail", page_id=page.id, v=page.thumbnail),
            "href": url_for("intake.show_item", item_id=item.id, page=encode_id(page.id)),
        }
        for page in item.pages
    ]


def open_page_id(form: DeskForm, item: ItemDetail) -> int | None:
    """Return the page that lay open when a form was sent: the first one for a spoilt or missing id."""
    try:
        wanted = decode_id(form.page.data or "")
    except ValueError:
        wanted = 0
    ids = [page.id for page in item.pages]
    return wanted if wanted in ids else next((page.id for page in item.pages if not page.removed), None)


def next_address(item_id: int, moment: datetime) -> str:
    """Return where work goes on after a paper: the next that waits, or its batch when none does."""
    session, actor = reading(), the_actor()
    following = queries.next_to_work(session, actor, item_id, now=moment)
    if following is not None:
        return url_for("intake.show_item", item_id=following)
    item = queries.read_item(session, actor, item_id, now=moment)
    return url_for("intake.show_batch", batch_id=item.batch_id) if item.batch_id else url_for("intake.list_batches")


def _open_page(pages: list[dict[str, Any]], form: DeskForm) -> dict[str, Any] | None:
    wanted = form.page.data or request.args.get("page", "")
    staying = [link for link in pages if not _removed(link["page"])]
    return next((link for link in pages if link["id"] == wanted), staying[0] if staying else None)


def _removed(page: DeskPage) -> bool:
    return page.removed


def _first_empty(form: DeskForm) -> str:
    wrong = next((name for name in (*WANTED, *form._fields) if name in form and form[name].errors), "")
    return wrong or next((name for name in WANTED if not form[name].data), "")


def _by_field(offers: list[Offer]) -> dict[str, list[Offer]]:
    found: dict[str, list[Offer]] = {}
    for offer in offers:
        found.setdefault(offer.field, []).append(offer)
    return found


def _chosen(field: SelectField) -> int | None:
    """Return what is chosen in a list; None for nothing, and for what the list does not offer."""
    offered = {choice[0] for choice in field.choices or ()}
    return field.data if isinstance(field.data, int) and field.data in offered else None


def _number(session: Session, model: type[Policy] | type[Claim], key: Any) -> str:
    if not isinstance(key, int) or not 0 < key < LARGEST:
        return ""
    return session.scalar(select(model.number).where(model.id == key)) or ""
