"""The routes of claims: the list, one claim, registering and changing it."""

from __future__ import annotations

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.blueprints.claims.forms import ChangeClaimForm, NewClaimForm
from app.blueprints.claims.labels import LABELS
from app.blueprints.claims.screen import claim_page, screen
from app.domain.claims import ClaimStatus
from app.domain.errors import ChangedMeanwhile, Invalid, NotAllowed, NotFound
from app.domain.ids import decode_id
from app.domain.policy import Action
from app.queries import claims as queries
from app.queries.branches import branches_for
from app.queries.policies import PolicyDetail, read_policy
from app.services import claims as services
from app.services import idempotency
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


@screen.get("/claims")
@requires(Action.CLAIM_VIEW)
def list_claims() -> str:
    """Show the claims that the reader may see."""
    actor, args = the_actor(), request.args
    wanted = queries.ClaimFilter(
        number=open_query(args.get("find")),
        status=args.get("status", ""),
        kind=args.get("kind", ""),
        outcome=args.get("outcome", ""),
        branch_id=number_argument("branch"),
        reported_from=day_argument("from"),
        reported_to=day_argument("to"),
    )
    sort = args.get("sort", "updated")
    page = queries.list_claims(reading(), actor, wanted, sort=sort, cursor=current_cursor())
    return render_template(
        "claims/_claim_rows.html" if is_fragment() else "claims/list_claims.html",
        page=page,
        standings=standings(claims=[row.id for row in page.items]),
        wanted=wanted,
        turn=listing(
            "claims.list_claims",
            sort=sort,
            find=args.get("find"),
            status=wanted.status,
            kind=wanted.kind,
            outcome=wanted.outcome,
            branch=wanted.branch_id,
            **{"from": wanted.reported_from, "to": wanted.reported_to},
        ),
        branches=branches_for(reading(), actor, Action.CLAIM_VIEW),
        labels=LABELS,
    )


@screen.post("/claims")
@requires(Action.CLAIM_VIEW)
def find_claims() -> Response:
    """Take the beginning of a number out of the form and go to the list that is narrowed to it."""
    return redirect(url_for(".list_claims", find=seal_query(request.form.get("text", ""))), 303)


@screen.get("/claims/<id:claim_id>")
@requires(Action.CLAIM_VIEW)
def show_claim(claim_id: int) -> str:
    """Show one claim; the look at it goes into the trail."""
    actor = the_actor()
    with writing() as session:
        claim = queries.read_claim(session, actor, claim_id)
        services.note_view(session, actor, claim_id, claim.particulars.number, claim.customer_id, now=now())
    return claim_page(claim)


@screen.get("/claims/new")
@requires(Action.CLAIM_EDIT)
def new_claim() -> str:
    """Show the empty form for a claim under one policy."""
    policy = _policy()
    form = NewClaimForm()
    form.offer_kinds(policy.terms.line)
    return render_template("claims/new_claim.html", form=form, policy=policy)


@screen.post("/claims/new")
@requires(Action.CLAIM_EDIT)
def create_claim() -> Response:
    """Register a claim."""
    policy = _policy()
    form = NewClaimForm.from_request()
    form.offer_kinds(policy.terms.line)
    if form.validate():
        try:
            return redirect(_create(form, policy.id), 303)
        except Invalid as invalid:
            form.blame(invalid, SENTENCES)
    return make_response(render_template("claims/new_claim.html", form=form, policy=policy), 422)


@screen.get("/claims/<id:claim_id>/edit")
@requires(Action.CLAIM_EDIT)
def edit_claim(claim_id: int) -> str:
    """Show the particulars as a form."""
    claim = _changeable(claim_id)
    form = ChangeClaimForm(obj=claim.particulars)
    form.show_version(claim.version)
    form.offer_kinds(claim.line)
    return render_template("claims/edit_claim.html", form=form, claim=claim)


@screen.post("/claims/<id:claim_id>/edit")
@requires(Action.CLAIM_EDIT)
def change_claim(claim_id: int) -> Response:
    """Change the particulars."""
    claim = _changeable(claim_id)
    form = ChangeClaimForm.from_request()
    form.offer_kinds(claim.line)
    if form.validate():
        try:
            _change(form, claim_id)
            flash(_("已保存。"), "ok")
            return redirect(url_for(".show_claim", claim_id=claim_id), 303)
        except Invalid as invalid:
            form.blame(invalid, SENTENCES)
        except ChangedMeanwhile as conflict:
            reload_href = url_for(".edit_claim", claim_id=claim_id)
            return make_response(conflict_page(conflict, form, reload_href=reload_href, keep_action=request.path))
    return make_response(render_template("claims/edit_claim.html", form=form, claim=claim), 422)


def _policy() -> PolicyDetail:
    try:
        return read_policy(reading(), the_actor(), decode_id(request.values.get("policy", "")))
    except ValueError as error:
        raise NotFound from error


def _changeable(claim_id: int) -> queries.ClaimDetail:
    claim = queries.read_claim(reading(), the_actor(), claim_id)
    if not claim.may_edit:
        raise NotAllowed(Action.CLAIM_EDIT)
    return claim


def _create(form: NewClaimForm, policy_id: int) -> str:
    actor, key = the_actor(), str(form.idempotency_key.data)
    with writing() as session:
        done = idempotency.claim(session, actor, key, now=now())
        if done is not None:
            return done
        status = ClaimStatus(form.status.data)
        claim_id = services.create_claim(
            session, actor, policy_id, form.particulars(), status=status, now=now(), today=today()
        )
        location = url_for(".show_claim", claim_id=claim_id)
        idempotency.settle(session, actor, key, location)
    flash(_("已登记赔案。"), "ok")
    return location


def _change(form: ChangeClaimForm, claim_id: int) -> None:
    with writing() as session:
        services.edit_claim(
            session, the_actor(), claim_id, form.particulars(), version=form.seen_version(), now=now(), today=today()
        )
