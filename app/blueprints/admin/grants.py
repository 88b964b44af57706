"""Roles 角色授权: who holds which, granting and taking back. Each change asks for a fresh code first."""

from __future__ import annotations

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app.blueprints.admin.forms import GrantForm
from app.blueprints.admin.labels import GRANT_STATES, GRANT_TONES, GRANT_VIEWS
from app.domain.errors import Invalid, WrongState
from app.domain.policy import Action
from app.queries import grants as queries
from app.queries.accounts import find_account_id, read_account
from app.queries.branches import branches_for
from app.services import accounts as services
from app.services import idempotency
from app.web.access import requires
from app.web.arguments import number_argument
from app.web.clock import now
from app.web.context import ROLE_LABELS
from app.web.fragments import is_fragment
from app.web.identity import the_actor
from app.web.paging import current_cursor, listing
from app.web.sealed_query import open_query, seal_query
from app.web.sentences import SENTENCES, trouble_of
from app.web.transactions import reading, writing


@requires(Action.GRANT_VIEW)
def list_grants() -> str:
    """Show who holds which role."""
    actor, args = the_actor(), request.args
    view = args.get("state", "open")
    wanted = queries.GrantFilter(
        text=open_query(args.get("find")),
        role=args.get("role", ""),
        branch_id=number_argument("branch"),
        state=view,
    )
    page = queries.list_grants(reading(), actor, wanted, cursor=current_cursor(), now=now())
    kept = {"find": args.get("find"), "role": wanted.role, "branch": wanted.branch_id, "state": args.get("state")}
    return render_template(
        "admin/_grant_rows.html" if is_fragment() else "admin/list_grants.html",
        page=page,
        wanted=wanted,
        turn=listing("admin.list_grants", sort="", **kept),
        branches=branches_for(reading(), actor, Action.GRANT_VIEW),
        own_account=actor.account_id,
        roles=ROLE_LABELS,
        views=GRANT_VIEWS,
        states=GRANT_STATES,
        tones=GRANT_TONES,
    )


@requires(Action.GRANT_VIEW)
def find_grants() -> AnyResponse:
    """Take a name out of the form and go to the list that is narrowed to it."""
    return redirect(url_for("admin.list_grants", find=seal_query(request.form.get("text", ""))), 303)


@requires(Action.GRANT_CHANGE)
def new_grant(account_id: int | None = None) -> AnyResponse:
    """Give somebody a role; from an account's page, that account is filled in."""
    actor = the_actor()
    form = GrantForm.from_request()
    form.branch_id.choices = branches_for(reading(), actor, Action.GRANT_CHANGE)
    if request.method != "POST":
        if account_id is not None:
            account = read_account(reading(), actor, account_id)
            form.username.data, form.branch_id.data = account.username, account.branch_id
        return _form_page(form)
    if form.validate():
        try:
            return _grant(form)
        except Invalid as invalid:
            form.blame(invalid, SENTENCES)
    return _form_page(form)


@requires(Action.GRANT_CHANGE)
def revoke_grant(grant_id: int) -> AnyResponse:
    """Ask once more, then take a role back at once."""
    if request.method != "POST":
        return _revoke_page(grant_id)
    try:
        with writing() as session:
            services.revoke_grant(session, the_actor(), grant_id, now=now())
    except WrongState as trouble:
        return _revoke_page(grant_id, trouble)
    flash(_("已收回角色，这个账号需要重新登录。"), "ok")
    return redirect(url_for("admin.list_grants"), 303)


def _grant(form: GrantForm) -> AnyResponse:
    actor, key = the_actor(), str(form.idempotency_key.data)
    account_id = find_account_id(reading(), actor, form.username.data)
    if account_id is None:
        raise Invalid.field("username", "grant.nobody")
    if account_id == actor.account_id:
        raise Invalid.field("username", "grant.oneself")
    href = url_for("admin.show_account", account_id=account_id)
    with writing() as session:
        if idempotency.claim(session, actor, key, now=now()) is None:
            role, branch_id, at = form.wanted_role(), form.branch_id.data, now()
            begins, ends = form.begins_at(at), form.ends_at()
            services.grant_role(session, actor, account_id, role, branch_id, now=at, valid_from=begins, valid_to=ends)
            idempotency.settle(session, actor, key, href)
    flash(_("已授予角色，这个账号重新登录后生效。"), "ok")
    return redirect(href, 303)


def _form_page(form: GrantForm) -> Response:
    return make_response(render_template("admin/new_grant.html", form=form), 422 if form.errors else 200)


def _revoke_page(grant_id: int, trouble: WrongState | None = None) -> Response:
    grant = queries.read_grant(reading(), the_actor(), grant_id, now=now())
    page = render_template(
        "admin/revoke_grant.html", grant=grant, roles=ROLE_LABELS, states=GRANT_STATES, trouble=trouble_of(trouble)
    )
    return make_response(page, 409 if trouble else 200)
