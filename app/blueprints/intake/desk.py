"""One paper at the desk: looking, holding, describing, accepting, dropping."""

from __future__ import annotations

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.blueprints.intake.desk_forms import DeskForm
from app.blueprints.intake.desk_page import (
    desk_page,
    next_address,
    offered_values,
    sent_form,
)
from app.blueprints.intake.screen import screen
from app.blueprints.intake.undoing import Undo
from app.domain.errors import ChangedMeanwhile, Difference, Invalid, WrongState
from app.domain.policy import Action
from app.queries import intake_desk as queries
from app.services import intake_desk as services
from app.services import suggesting
from app.services.intake_accepting import accept_item as accept
from app.web.access import requires
from app.web.clock import now, today
from app.web.conflicts import conflict_page
from app.web.forms import stripped
from app.web.identity import the_actor
from app.web.sentences import SENTENCES, trouble_of
from app.web.suggestion_words import why_words
from app.web.transactions import reading, writing


@screen.get("/intake/items/<id:item_id>")
@requires(Action.INTAKE_VIEW)
def show_item(item_id: int) -> Response:
    """Show one paper: pages left, sheet middle, fields right."""
    return desk_page(item_id)


@screen.post("/intake/items/<id:item_id>/hold")
@requires(Action.INTAKE_WORK, polled=True)
def hold_item(item_id: int) -> str:
    """Hold the paper while its page is open; tell who else has it."""
    with writing() as session:
        holder = services.hold_item(session, the_actor(), item_id, now=now())
    minutes = int((now() - holder.since).total_seconds() // 60) if holder else 0
    was_busy = request.form.get("busy") == "1"
    return render_template("intake/_held.html", item_id=item_id, holder=holder, minutes=minutes, was_busy=was_busy)


@screen.post("/intake/items/<id:item_id>/take-over")
@requires(Action.INTAKE_WORK)
def take_over(item_id: int) -> Response:
    """Take the paper over from who has it open."""
    with writing() as session:
        services.hold_item(session, the_actor(), item_id, now=now(), take_over=True)
    flash(_("已接手，对方保存时会得到提示。"), "info")
    return redirect(url_for(".show_item", item_id=item_id), 303)


@screen.post("/intake/items/<id:item_id>/accept")
@requires(Action.INTAKE_WORK)
def accept_item(item_id: int) -> Response:
    """Catalogue the paper and open the next one at once."""
    session, actor = reading(), the_actor()
    queries.read_item(session, actor, item_id, now=now())
    form = sent_form(session, actor)
    trouble = ""
    if _is_contradicted(session, item_id, form):
        trouble = SENTENCES["intake.contradicted"]
    elif form.validate():
        try:
            with writing() as session:
                accept(session, actor, item_id, form.typed(), version=form.seen_version(), now=now(), today=today())
            flash(_("已著录：%(title)s", title=form.title.data), "ok")
            return redirect(next_address(item_id, now()), 303)
        except Invalid as invalid:
            _blame(form, invalid)
        except ChangedMeanwhile as conflict:
            return overtaken(item_id, form, conflict)
        except WrongState as wrong:
            if wrong.code == "intake.done" and queries.is_mine(reading(), actor, item_id):
                return redirect(next_address(item_id, now()), 303)
            return desk_page(item_id, form=form, trouble=trouble_of(wrong), status=409)
    return desk_page(item_id, form=form, trouble=trouble, status=422)


@screen.post("/intake/items/<id:item_id>/save")
@requires(Action.INTAKE_WORK)
def save_item(item_id: int) -> Response:
    """Keep what was typed, complete or not; `then=next` goes on to the next paper."""
    session, actor = reading(), the_actor()
    queries.read_item(session, actor, item_id, now=now())
    form = sent_form(session, actor)
    if form.validate():
        try:
            with writing() as session:
                save_typed(session, item_id, form)
            if request.form.get("then") == "next":
                return redirect(next_address(item_id, now()), 303)
            flash(_("已保存，还没有著录确认。"), "info")
            return redirect(url_for(".show_item", item_id=item_id), 303)
        except Invalid as invalid:
            _blame(form, invalid)
        except ChangedMeanwhile as conflict:
            return overtaken(item_id, form, conflict)
        except WrongState as wrong:
            return desk_page(item_id, form=form, trouble=trouble_of(wrong), status=409)
    return desk_page(item_id, form=form, status=422)


@screen.post("/intake/items/<id:item_id>/drop")
@requires(Action.INTAKE_WORK)
def drop_item(item_id: int) -> Response:
    """Put the paper aside with a reason, and go on to the next."""
    form, reason = DeskForm.from_request(), stripped(request.form.get("reason"))
    try:
        with writing() as session:
            services.drop_item(session, the_actor(), item_id, reason, version=form.seen_version(), now=now())
    except Invalid as invalid:
        return desk_page(item_id, trouble=trouble_of(invalid), status=422)
    except (WrongState, ChangedMeanwhile) as wrong:
        trouble = trouble_of(wrong) if isinstance(wrong, WrongState) else SENTENCES["intake.changed"]
        return desk_page(item_id, trouble=trouble, status=409)
    flash(_("已弃置，可按“撤销”恢复。"), "info")
    address = next_address(item_id, now())
    return redirect(f"{address}?undo={Undo('restore', (item_id,))}" if "/items/" in address else address, 303)


@screen.post("/intake/items/<id:item_id>/restore")
@requires(Action.INTAKE_WORK)
def restore_item(item_id: int) -> Response:
    """Take a dropped paper back to the desk."""
    try:
        with writing() as session:
            services.take_back_item(session, the_actor(), item_id, now=now())
    except WrongState as wrong:
        return desk_page(item_id, trouble=trouble_of(wrong), status=409)
    flash(_("已恢复到待整理。"), "ok")
    return redirect(url_for(".show_item", item_id=item_id), 303)


@screen.post("/intake/customers")
@requires(Action.INTAKE_WORK)
def find_customers() -> str:
    """Offer customers for what is being typed: by number, or by the beginning of the name, within one's scope."""
    found = queries.find_customers(reading(), the_actor(), stripped(request.form.get("customer"))[:120])
    return render_template("intake/_customers.html", found=found)


@screen.post("/intake/items/<id:item_id>/choices")
@requires(Action.INTAKE_WORK)
def offer_choices(item_id: int) -> Response:
    """Offer the policies and claims of the customer that was named."""
    session, actor = reading(), the_actor()
    item = queries.read_item(session, actor, item_id, now=now())
    form = sent_form(session, actor)
    form.validate()
    wrong = suggesting.contradictions(session, item_id, form.customer_id, now=now())
    page = render_template("intake/_owner_fields.html", form=form, item=item, wrong=wrong, why=why_words)
    return make_response(page)


def save_typed(session: Session, item_id: int, form: DeskForm) -> int:
    """Keep what was typed beside a change of pages and return the version of the paper after it."""
    actor = the_actor()
    if not form.described.data:
        return form.seen_version()
    item = queries.read_item(session, actor, item_id, now=now())
    offered = offered_values(item, suggesting.offered(session, item_id, actor))
    saved = services.save_item(
        session, actor, item_id, form.typed(), version=form.seen_version(), offered=offered, now=now()
    )
    return int(saved.version)


def _is_contradicted(session: Session, item_id: int, form: DeskForm) -> bool:
    """Say whether the paper contradicts its customer and nobody was told so yet; told once, a person may know better."""
    told = form.contradicted.data == str(form.customer_id)
    return not told and suggesting.is_contradicted(
        suggesting.contradictions(session, item_id, form.customer_id, now=now())
    )


def overtaken(item_id: int, form: DeskForm, conflict: ChangedMeanwhile) -> Response:
    """Return the page for somebody whom another overtook: both texts, and his own once more."""
    differences = [_in_words(item, form) for item in conflict.differences]
    page = conflict_page(
        ChangedMeanwhile(differences, conflict.version),
        form,
        reload_href=url_for(".show_item", item_id=item_id),
        keep_action=request.path,
    )
    return make_response(page)


def _in_words(item: Difference, form: DeskForm) -> Difference:
    """Return a difference of customers as their numbers and names."""
    if item.field != "customer_id":
        return item
    theirs = queries.customer_hit(reading(), the_actor(), int(item.theirs) if item.theirs else None)
    return Difference("customer", form.customer.data or "", f"{theirs.number} {theirs.name}" if theirs else "")


def _blame(form: DeskForm, invalid: Invalid) -> None:
    """Put problems beside their fields; what has none stands above the form."""
    named = {"customer" if name == "customer_id" else name: codes for name, codes in invalid.problems.items()}
    form.blame(Invalid(named), SENTENCES)
