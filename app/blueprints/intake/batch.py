"""One batch with its papers, and changing several of them at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import current_app, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from app.blueprints.intake.bulk import BulkForm, chosen_items
from app.blueprints.intake.screen import screen
from app.domain.errors import Invalid, NotFound
from app.domain.policy import Action
from app.queries import batch_checks
from app.queries import intake_lists as queries
from app.queries.intake_desk import first_to_work
from app.services import intake_bulk
from app.services.intake_bulk import BulkPlan
from app.services.intake_bulk_undo import undo_bulk
from app.web import check_labels
from app.web.access import requires
from app.web.clock import now
from app.web.fragments import is_fragment
from app.web.identity import the_actor
from app.web.intake_labels import LABELS
from app.web.paging import current_cursor, listing
from app.web.sentences import SENTENCES
from app.web.transactions import reading, writing


@dataclass(frozen=True, slots=True)
class Preview:
    """What a bulk change would do, before it is confirmed."""

    plan: BulkPlan
    hidden: tuple[tuple[str, str], ...]
    words: str


@screen.get("/intake/batches/<id:batch_id>")
@requires(Action.INTAKE_VIEW)
def show_batch(batch_id: int) -> Response:
    """Show the papers of a batch."""
    return batch_page(batch_id)


@screen.get("/intake/batches/<id:batch_id>/work")
@requires(Action.INTAKE_WORK)
def work_on_batch(batch_id: int) -> Response:
    """Go to the first paper that waits for a person."""
    session, actor = reading(), the_actor()
    queries.read_batch(session, actor, batch_id)
    found = first_to_work(session, actor, batch_id, now=now())
    address = url_for(".show_item", item_id=found) if found else url_for(".show_batch", batch_id=batch_id)
    return redirect(address, 303)


@screen.post("/intake/batches/<id:batch_id>/bulk")
@requires(Action.INTAKE_WORK)
def change_items(batch_id: int) -> Response:
    """Show what a change would do to the chosen papers, or do it once that was seen."""
    session, actor = reading(), the_actor()
    queries.read_batch(session, actor, batch_id)
    form = BulkForm.from_request()
    form.offer_choices(session)
    items = chosen_items()
    if form.validate():
        try:
            change = form.change(session, actor)
            if not form.confirmed.data:
                plan = intake_bulk.plan_bulk(session, actor, batch_id, items, change, now=now())
                return batch_page(batch_id, form=form, preview=_preview(form, plan), chosen=items)
            with writing() as session:
                plan = intake_bulk.apply_bulk(session, actor, batch_id, items, change, now=now())
            flash(_plan_words(plan), "ok")
            return redirect(url_for(".show_batch", batch_id=batch_id, undo=plan.sequence or None), 303)
        except Invalid as invalid:
            form.blame(form.at_field(invalid), SENTENCES)
    return batch_page(batch_id, form=form, chosen=items, status=422)


@screen.post("/intake/batches/<id:batch_id>/bulk/undo")
@requires(Action.INTAKE_WORK)
def undo_change_of_items(batch_id: int) -> Response:
    """Put back what the reader's last change of many papers did."""
    text = request.form.get("undo", "")
    if not _is_sequence(text):
        raise NotFound
    with writing() as session:
        done = undo_bulk(session, the_actor(), batch_id, int(text), now=now())
    words = _("已撤销 %(num)s 件", num=done.back)
    if done.left:
        words += str(_("，")) + _("%(num)s 件之后又有人改过或正在办，保持不动", num=done.left)
    flash(words, "ok")
    return redirect(url_for(".show_batch", batch_id=batch_id), 303)


def batch_page(
    batch_id: int,
    *,
    form: BulkForm | None = None,
    preview: Preview | None = None,
    chosen: list[int] | None = None,
    status: int = 200,
) -> Response:
    """Return the page of a batch; raises `NotFound` for who may not see it."""
    session, actor, moment = reading(), the_actor(), now()
    batch = queries.read_batch(session, actor, batch_id)
    state, flag = request.args.get("state", ""), request.args.get("flag", "")
    wanted = queries.ItemFilter(
        state=state if state in LABELS["item"] else "", flag=flag if flag in LABELS["flag"] else ""
    )
    if form is None:
        form = BulkForm()
        form.offer_choices(session)
    values: dict[str, Any] = {"batch_id": batch_id, "state": wanted.state, "flag": wanted.flag}
    page = render_template(
        "intake/_item_rows.html" if is_fragment() and status == 200 and not preview else "intake/show_batch.html",
        batch=batch,
        counts=queries.count_items(session, actor, batch_id),
        page=queries.list_items(session, actor, batch_id, wanted, now=moment, cursor=current_cursor()),
        wanted=wanted,
        turn=listing("intake.show_batch", sort="", **values),
        form=form,
        preview=preview,
        chosen=set(chosen or ()),
        undo=request.args.get("undo", "") if _is_sequence(request.args.get("undo", "")) else "",
        checking=batch_checks.read_checking(session, actor, batch_id),
        labels_of_checks=check_labels,
        can_upload="intake.upload" in current_app.view_functions,
        labels=LABELS,
    )
    return make_response(page, status)


def _is_sequence(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 16


def _preview(form: BulkForm, plan: BulkPlan) -> Preview:
    hidden = [
        (name, value) for name, value in request.form.items(multi=True) if name not in ("csrf_token", "confirmed")
    ]
    return Preview(plan, (*hidden, ("confirmed", "1")), _plan_words(plan, coming=True))


def _plan_words(plan: BulkPlan, *, coming: bool = False) -> str:
    """Say what a change does, in one sentence."""
    changed = len(plan.change)
    parts = [
        ngettext("%(num)s 件会改", "%(num)s 件会改", changed) if coming else _("已改 %(num)s 件", num=changed),
    ]
    if plan.touched:
        parts.append(_("%(num)s 件已人工填写不动", num=len(plan.touched)))
    if plan.busy:
        parts.append(_("%(num)s 件有人在办或已办完不动", num=len(plan.busy)))
    if plan.same:
        parts.append(_("%(num)s 件本来就是", num=len(plan.same)))
    return str(_("，")).join(parts)
