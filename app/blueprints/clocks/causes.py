"""The tree of causes 投诉原因: read by everybody who serves customers, kept by the head office's managers."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.blueprints.clocks.forms import CauseForm, RenameForm
from app.blueprints.clocks.screen import screen
from app.domain.errors import ChangedMeanwhile, Invalid, NotFound
from app.domain.policy import Action
from app.queries import case_causes as queries
from app.queries.clock_rules import may_change_clock_rules
from app.services import case_causes as services
from app.services import idempotency
from app.services.clock_rules import require_may_change
from app.web.access import requires
from app.web.clock import now
from app.web.conflicts import conflict_page
from app.web.forms import EditForm
from app.web.identity import the_actor
from app.web.sentences import SENTENCES, trouble_of
from app.web.transactions import reading, writing


@screen.get("/clocks/causes")
@requires(Action.CONSULTATION_VIEW)
def list_causes() -> str:
    """Show the tree; who keeps it finds the form for a new row beside it."""
    return _page()


@screen.post("/clocks/causes")
@requires(Action.CASE_RULES)
def add_cause() -> Response:
    """Add a stage or a cause."""
    require_may_change(reading(), the_actor())
    form = CauseForm.from_request()
    form.offer_stages(queries.cause_tree(reading()))
    if form.validate():
        try:
            _add(form)
            return redirect(url_for(".list_causes"), 303)
        except Invalid as invalid:
            form.blame(invalid, SENTENCES)
    return make_response(_page(form=form), 422)


@screen.route("/clocks/causes/<id:cause_id>", methods=("GET", "POST"))
@requires(Action.CASE_RULES)
def rename_cause(cause_id: int) -> Response:
    """Call a row otherwise."""
    require_may_change(reading(), the_actor())
    row = queries.read_cause(reading(), cause_id)
    form = RenameForm.from_request() if request.method == "POST" else RenameForm(obj=row)
    if request.method == "POST" and form.validate():
        try:
            with writing() as session:
                services.rename_cause(
                    session, the_actor(), cause_id, form.name.data or "", version=form.seen_version(), now=now()
                )
            flash(_("已保存。"), "ok")
            return redirect(url_for(".list_causes"), 303)
        except Invalid as invalid:
            form.blame(invalid, SENTENCES)
        except ChangedMeanwhile as conflict:
            reload_href = url_for(".rename_cause", cause_id=cause_id)
            return make_response(conflict_page(conflict, form, reload_href=reload_href, keep_action=request.path))
    used = queries.is_used(reading(), cause_id)
    page = render_template("clocks/edit_cause.html", form=form, row=row, is_used=used)
    return make_response(page, 422 if form.errors else 200)


@screen.post("/clocks/causes/<id:cause_id>/retire")
@requires(Action.CASE_RULES)
def retire_cause(cause_id: int) -> Response:
    """Offer a row no more."""
    version = EditForm.from_request().seen_version()
    return _step(
        lambda session: services.retire_cause(session, the_actor(), cause_id, version=version, now=now()),
        _("已停用；已登记的投诉不受影响。"),
    )


@screen.post("/clocks/causes/<id:cause_id>/restore")
@requires(Action.CASE_RULES)
def restore_cause(cause_id: int) -> Response:
    """Offer a row again."""
    version = EditForm.from_request().seen_version()
    return _step(
        lambda session: services.restore_cause(session, the_actor(), cause_id, version=version, now=now()),
        _("已启用。"),
    )


def _page(*, form: CauseForm | None = None, trouble: object = "") -> str:
    session = reading()
    tree = queries.cause_tree(session)
    may_change = may_change_clock_rules(session, the_actor())
    if may_change and form is None:
        form = CauseForm()
        form.offer_stages(tree)
    return render_template("clocks/list_causes.html", tree=tree, form=form, trouble=trouble, may_change=may_change)


def _add(form: CauseForm) -> None:
    actor, key = the_actor(), str(form.idempotency_key.data)
    try:
        parent = form.parent_id()
    except ValueError as error:
        raise NotFound from error
    with writing() as session:
        if idempotency.claim(session, actor, key, now=now()) is None:
            services.add_cause(session, actor, parent, form.name.data or "", now=now())
            idempotency.settle(session, actor, key, url_for(".list_causes"))
    flash(_("已新增。"), "ok")


def _step(act: Callable[[Session], None], done: str) -> Response:
    try:
        with writing() as session:
            act(session)
    except Invalid as invalid:
        return make_response(_page(trouble=trouble_of(invalid)), 422)
    except ChangedMeanwhile:
        return make_response(_page(trouble=_("这一行刚被别人改过，下面是最新的情况，请核对后再办。")), 409)
    flash(done, "ok")
    return redirect(url_for(".list_causes"), 303)
