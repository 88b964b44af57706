"""The tree of branches 机构: looking at it, adding to it, changing what stands in it."""

from __future__ import annotations

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app.blueprints.admin.forms import ChangeBranchForm, NewBranchForm
from app.domain.errors import ChangedMeanwhile, Invalid
from app.domain.policy import Action
from app.queries.branches import branch_tree, branches_for, read_branch
from app.services import branches as services
from app.services import idempotency
from app.web.access import requires
from app.web.clock import now
from app.web.conflicts import conflict_page
from app.web.identity import the_actor
from app.web.labels import BRANCH_KINDS
from app.web.sentences import SENTENCES
from app.web.transactions import reading, writing


@requires(Action.BRANCH_VIEW)
def list_branches() -> str:
    """Show the tree."""
    return render_template("admin/list_branches.html", branches=branch_tree(reading(), the_actor()), kinds=BRANCH_KINDS)


@requires(Action.BRANCH_EDIT)
def new_branch() -> AnyResponse:
    """Add a branch under another."""
    form = NewBranchForm.from_request()
    form.parent_id.choices = branches_for(reading(), the_actor(), Action.BRANCH_EDIT)
    if request.method == "POST" and form.validate():
        try:
            _create(form)
            return redirect(url_for("admin.list_branches"), 303)
        except Invalid as invalid:
            form.blame(invalid, SENTENCES)
    return make_response(render_template("admin/new_branch.html", form=form), 422 if form.errors else 200)


@requires(Action.BRANCH_EDIT)
def edit_branch(branch_id: int) -> AnyResponse:
    """Change a branch where it stands."""
    branch = read_branch(reading(), branch_id)
    if request.method != "POST":
        return _edit_page(ChangeBranchForm(obj=branch), branch_id, branch.name)
    form = ChangeBranchForm.from_request()
    if form.validate():
        try:
            with writing() as session:
                typed, version = form.data_typed(None), form.seen_version()
                services.edit_branch(session, the_actor(), branch_id, typed, version=version, now=now())
            flash(_("已保存。"), "ok")
            return redirect(url_for("admin.list_branches"), 303)
        except Invalid as invalid:
            form.blame(invalid, SENTENCES)
        except ChangedMeanwhile as conflict:
            reload_href = url_for("admin.edit_branch", branch_id=branch_id)
            return make_response(conflict_page(conflict, form, reload_href=reload_href, keep_action=request.path))
    return _edit_page(form, branch_id, branch.name)


def _edit_page(form: ChangeBranchForm, branch_id: int, name: str) -> Response:
    page = render_template("admin/edit_branch.html", form=form, branch_id=branch_id, name=name)
    return make_response(page, 422 if form.errors else 200)


def _create(form: NewBranchForm) -> None:
    actor, key = the_actor(), str(form.idempotency_key.data)
    with writing() as session:
        if idempotency.claim(session, actor, key, now=now()) is None:
            services.create_branch(session, actor, form.data_typed(form.parent_id.data), now=now())
            idempotency.settle(session, actor, key, url_for("admin.list_branches"))
    flash(_("已新增机构。"), "ok")
