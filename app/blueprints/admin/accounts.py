"""Accounts: the list, one account, creating, closing and opening again."""

from __future__ import annotations

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app.blueprints.admin.forms import AccountForm
from app.blueprints.admin.labels import ACCOUNT_STATES, ACCOUNT_TONES, GRANT_STATES, GRANT_TONES
from app.blueprints.admin.slip import activation_slip
from app.domain.errors import Invalid, WrongState
from app.domain.policy import Action
from app.queries import accounts as queries
from app.queries.branches import branches_for
from app.queries.grants import grants_of
from app.queries.sign_in_resets import is_waiting
from app.services import accounts as services
from app.services import idempotency
from app.web.access import requires
from app.web.arguments import number_argument
from app.web.clock import now
from app.web.context import ROLE_LABELS
from app.web.fragments import is_fragment
from app.web.identity import settings, the_actor
from app.web.paging import current_cursor, listing
from app.web.sealed_query import open_query, seal_query
from app.web.sentences import SENTENCES, trouble_of
from app.web.transactions import reading, writing


@requires(Action.ACCOUNT_VIEW)
def list_accounts() -> str:
    """Show all accounts with their roles and last sign-in."""
    actor, args = the_actor(), request.args
    wanted = queries.AccountFilter(
        text=open_query(args.get("find")),
        state=args.get("state", ""),
        branch_id=number_argument("branch"),
        role=args.get("role", ""),
    )
    sort = args.get("sort", "username")
    page = queries.list_accounts(reading(), actor, wanted, sort=sort, cursor=current_cursor(), now=now())
    kept = {"find": args.get("find"), "state": wanted.state, "branch": wanted.branch_id, "role": wanted.role}
    return render_template(
        "admin/_account_rows.html" if is_fragment() else "admin/list_accounts.html",
        page=page,
        wanted=wanted,
        turn=listing("admin.list_accounts", sort=sort, **kept),
        branches=branches_for(reading(), actor, Action.ACCOUNT_VIEW),
        roles=ROLE_LABELS,
        states=ACCOUNT_STATES,
        tones=ACCOUNT_TONES,
    )


@requires(Action.ACCOUNT_VIEW)
def find_accounts() -> AnyResponse:
    """Take a name out of the form and go to the list that is narrowed to it."""
    return redirect(url_for("admin.list_accounts", find=seal_query(request.form.get("text", ""))), 303)


@requires(Action.ACCOUNT_VIEW)
def show_account(account_id: int) -> Response:
    """Show one account, its roles, and what can be done about it."""
    return account_page(account_id)


@requires(Action.ACCOUNT_CREATE)
def new_account() -> AnyResponse:
    """Create an account without power; the answer shows its activation code, this once."""
    form = AccountForm.from_request()
    form.branch_id.choices = branches_for(reading(), the_actor(), Action.ACCOUNT_CREATE)
    if request.method == "POST" and form.validate():
        try:
            return _create(form)
        except Invalid as invalid:
            form.blame(invalid, SENTENCES)
    return make_response(render_template("admin/new_account.html", form=form), 422 if form.errors else 200)


@requires(Action.ACCOUNT_DISABLE)
def disable_account(account_id: int) -> AnyResponse:
    """Close an account and end its sessions."""
    try:
        with writing() as session:
            services.disable_account(session, the_actor(), account_id, request.form.get("reason", ""), now=now())
    except (Invalid, WrongState) as trouble:
        return account_page(account_id, trouble)
    flash(_("账号已停用，正在使用的会话已全部结束。"), "ok")
    return redirect(url_for("admin.show_account", account_id=account_id), 303)


@requires(Action.ACCOUNT_CREATE)
def enable_account(account_id: int) -> AnyResponse:
    """Open a closed account again, without its roles; the answer shows the activation code, this once."""
    try:
        with writing() as session:
            code = services.enable_account(session, the_actor(), account_id, now=now(), rules=settings().sign_in)
    except WrongState as trouble:
        return account_page(account_id, trouble)
    return activation_slip(account_id, code, url_for("admin.show_account", account_id=account_id))


@requires(Action.ACCOUNT_CREATE)
def reissue_code(account_id: int) -> AnyResponse:
    """Give an account without power another activation code; the answer shows it, this once."""
    try:
        with writing() as session:
            code = services.reissue_code(session, the_actor(), account_id, now=now(), rules=settings().sign_in)
    except WrongState as trouble:
        return account_page(account_id, trouble)
    return activation_slip(account_id, code, url_for("admin.show_account", account_id=account_id))


def account_page(account_id: int, trouble: Invalid | WrongState | None = None) -> Response:
    """Return the page of an account, with what could not be done on it."""
    actor, at = the_actor(), now()
    page = render_template(
        "admin/show_account.html",
        account=queries.read_account(reading(), actor, account_id),
        grants=grants_of(reading(), account_id, now=at),
        is_oneself=account_id == actor.account_id,
        reset_waits=is_waiting(reading(), account_id, now=at),
        trouble=trouble_of(trouble),
        labels={"role": ROLE_LABELS, "state": ACCOUNT_STATES, "grant": GRANT_STATES},
        tones={"state": ACCOUNT_TONES, "grant": GRANT_TONES},
    )
    return make_response(page, 200 if trouble is None else 422 if isinstance(trouble, Invalid) else 409)


def _create(form: AccountForm) -> AnyResponse:
    actor, key = the_actor(), str(form.idempotency_key.data)
    with writing() as session:
        done = idempotency.claim(session, actor, key, now=now())
        if done is None:
            typed, rules = form.data_typed(), settings().sign_in
            account_id, code = services.create_account(session, actor, typed, now=now(), rules=rules)
            href = url_for("admin.show_account", account_id=account_id)
            idempotency.settle(session, actor, key, href)
    if done is not None:
        flash(_("这张表已经提交过，账号只建了一个。激活码只显示一次，遗失请重发。"), "warn")
        return redirect(done, 303)
    return activation_slip(account_id, code, href)
