"""The routes of policies: the list, one policy, registering and changing it."""

from __future__ import annotations

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.blueprints.policies.forms import ChangePolicyForm, NewPolicyForm
from app.blueprints.policies.labels import LABELS
from app.blueprints.policies.screen import policy_page, screen
from app.domain.errors import ChangedMeanwhile, Invalid, NotAllowed, NotFound
from app.domain.ids import decode_id
from app.domain.policies import PolicyStatus
from app.domain.policy import Action
from app.queries import policies as queries
from app.queries.branches import branches_for
from app.queries.customers import CustomerDetail, read_customer
from app.services import idempotency
from app.services import policies as services
from app.web.access import requires
from app.web.arguments import day_argument, number_argument
from app.web.checklists import standings
from app.web.clock import now, today
from app.web.conflicts import conflict_page
from app.web.fragments import is_fragment
from app.web.identity import the_actor
from app.web.paging import current_cursor, listing
from app.web.sealed_query import open_query, seal_query
from app.web.sentences import SENTENCES
from app.web.transactions import reading, writing


@screen.get("/policies")
@requires(Action.POLICY_VIEW)
def list_policies() -> str:
    """Show the policies that the reader may see."""
    actor, args = the_actor(), request.args
    wanted = queries.PolicyFilter(
        number=open_query(args.get("find")),
        status=args.get("status", ""),
        line=args.get("line", ""),
        term_kind=args.get("term", ""),
        branch_id=number_argument("branch"),
        effective_from=day_argument("from"),
        effective_to=day_argument("to"),
        expires_from=day_argument("ends_from"),
        expires_to=day_argument("ends_to"),
    )
    sort = args.get("sort", "updated")
    page = queries.list_policies(reading(), actor, wanted, sort=sort, cursor=current_cursor())
    return render_template(
        "policies/_policy_rows.html" if is_fragment() else "policies/list_policies.html",
        page=page,
        standings=standings(policies=[row.id for row in page.items]),
        wanted=wanted,
        turn=listing(
            "policies.list_policies",
            sort=sort,
            find=args.get("find"),
            status=wanted.status,
            line=wanted.line,
            term=wanted.term_kind,
            branch=wanted.branch_id,
            ends_from=wanted.expires_from,
            ends_to=wanted.expires_to,
            **{"from": wanted.effective_from, "to": wanted.effective_to},
        ),
        branches=branches_for(reading(), actor, Action.POLICY_VIEW),
        labels=LABELS,
    )


@screen.post("/policies")
@requires(Action.POLICY_VIEW)
def find_policies() -> Response:
    """Take the beginning of a number out of the form and go to the list that is narrowed to it."""
    return redirect(url_for(".list_policies", find=seal_query(request.form.get("text", ""))), 303)


@screen.get("/policies/<id:policy_id>")
@requires(Action.POLICY_VIEW)
def show_policy(policy_id: int) -> str:
    """Show one policy; the look at it goes into the trail."""
    actor = the_actor()
    with writing() as session:
        policy = queries.read_policy(session, actor, policy_id)
        services.note_view(session, actor, policy_id, policy.terms.number, policy.customer_id, now=now())
    return policy_page(policy)


@screen.get("/policies/new")
@requires(Action.POLICY_EDIT)
def new_policy() -> str:
    """Show the empty form for one customer's policy."""
    return render_template("policies/new_policy.html", form=NewPolicyForm(), customer=_customer())


@screen.post("/policies/new")
@requires(Action.POLICY_EDIT)
def create_policy() -> Response:
    """Register a policy."""
    customer = _customer()
    form = NewPolicyForm.from_request()
    if form.validate():
        try:
            return redirect(_create(form, customer.id), 303)
        except Invalid as invalid:
            form.blame(invalid, SENTENCES)
    return make_response(render_template("policies/new_policy.html", form=form, customer=customer), 422)


@screen.get("/policies/<id:policy_id>/edit")
@requires(Action.POLICY_EDIT)
def edit_policy(policy_id: int) -> str:
    """Show the terms as a form."""
    policy = _changeable(policy_id)
    form = ChangePolicyForm(obj=policy.terms)
    form.show_version(policy.version)
    return render_template("policies/edit_policy.html", form=form, policy=policy, labels=LABELS)


@screen.post("/policies/<id:policy_id>/edit")
@requires(Action.POLICY_EDIT)
def change_policy(policy_id: int) -> Response:
    """Change the terms."""
    policy = _changeable(policy_id)
    form = ChangePolicyForm.from_request()
    if form.validate():
        try:
            _change(form, policy_id)
            flash(_("已保存。"), "ok")
            return redirect(url_for(".show_policy", policy_id=policy_id), 303)
        except Invalid as invalid:
            form.blame(invalid, SENTENCES)
        except ChangedMeanwhile as conflict:
            reload_href = url_for(".edit_policy", policy_id=policy_id)
            return make_response(conflict_page(conflict, form, reload_href=reload_href, keep_action=request.path))
    page = render_template("policies/edit_policy.html", form=form, policy=policy, labels=LABELS)
    return make_response(page, 422)


def _customer() -> CustomerDetail:
    try:
        return read_customer(reading(), the_actor(), decode_id(request.values.get("customer", "")))
    except ValueError as error:
        raise NotFound from error


def _changeable(policy_id: int) -> queries.PolicyDetail:
    policy = queries.read_policy(reading(), the_actor(), policy_id)
    if not policy.may_edit:
        raise NotAllowed(Action.POLICY_EDIT)
    return policy


def _create(form: NewPolicyForm, customer_id: int) -> str:
    actor, key = the_actor(), str(form.idempotency_key.data)
    with writing() as session:
        done = idempotency.claim(session, actor, key, now=now())
        if done is not None:
            return done
        policy_id = services.create_policy(
            session,
            actor,
            customer_id,
            form.terms(),
            status=PolicyStatus(form.status.data),
            holder_is_insured=bool(form.holder_is_insured.data),
            now=now(),
            today=today(),
        )
        location = url_for(".show_policy", policy_id=policy_id)
        idempotency.settle(session, actor, key, location)
    flash(_("已登记保单。"), "ok")
    return location


def _change(form: ChangePolicyForm, policy_id: int) -> None:
    with writing() as session:
        services.edit_policy(
            session, the_actor(), policy_id, form.terms(), version=form.seen_version(), now=now(), today=today()
        )
