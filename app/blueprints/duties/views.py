"""The list of duties, one duty, and registering one under a policy or a customer."""

from __future__ import annotations

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.blueprints.duties.forms import NewDutyForm
from app.blueprints.duties.screen import duty_page, screen
from app.domain.errors import Invalid, NotFound
from app.domain.ids import decode_id
from app.domain.policy import Action
from app.queries import duties as queries
from app.queries.branches import branches_for
from app.queries.customers import CustomerDetail, read_customer
from app.queries.policies import PolicyDetail, read_policy
from app.services import duties as services
from app.services import idempotency
from app.web.access import requires
from app.web.arguments import number_argument
from app.web.clock import now, today
from app.web.clock_labels import LABELS
from app.web.fragments import is_fragment
from app.web.identity import the_actor
from app.web.paging import current_cursor, listing
from app.web.ready_words import spoken_choices
from app.web.sentences import SENTENCES
from app.web.transactions import reading, writing

MINE = "mine"


@screen.get("/duties")
@requires(Action.POLICY_VIEW)
def list_duties() -> str:
    """Show the duties by due day, those that are open unless something else is asked for."""
    actor, args = the_actor(), request.args
    owner = args.get("owner", "")
    wanted = queries.DutyFilter(
        state=args.get("state", "open"),
        code=args.get("rule", "")[:32].replace("\0", ""),
        branch_id=number_argument("branch"),
        owner_id=actor.account_id if owner == MINE else None,
    )
    return render_template(
        "duties/_duty_rows.html" if is_fragment() else "duties/list_duties.html",
        page=queries.list_duties(reading(), actor, wanted, today=today(), cursor=current_cursor()),
        wanted=wanted,
        owner=owner,
        turn=listing(
            "duties.list_duties",
            sort="",
            state=args.get("state"),
            rule=wanted.code,
            branch=wanted.branch_id,
            owner=owner,
        ),
        rules=queries.duty_rules(reading(), today()),
        branches=branches_for(reading(), actor, Action.POLICY_VIEW),
        today=today(),
        labels=LABELS,
    )


@screen.get("/duties/<id:duty_id>")
@requires(Action.POLICY_VIEW)
def show_duty(duty_id: int) -> str:
    """Show one duty with its clock."""
    return duty_page(queries.read_duty(reading(), the_actor(), duty_id, now=now()))


@screen.get("/duties/new")
@requires(Action.POLICY_EDIT)
def new_duty() -> str:
    """Show the empty form for a duty under one policy or one customer."""
    policy, customer = _begun_with()
    form = _offered(NewDutyForm(), customer)
    form.begun_on.data = today()
    return render_template("duties/new_duty.html", form=form, policy=policy, customer=customer)


@screen.post("/duties/new")
@requires(Action.POLICY_EDIT)
def create_duty() -> Response:
    """Register a duty."""
    policy, customer = _begun_with()
    form = _offered(NewDutyForm.from_request(), customer)
    if form.validate():
        try:
            return redirect(_create(form, policy, customer), 303)
        except Invalid as invalid:
            form.blame(invalid, SENTENCES)
    return make_response(render_template("duties/new_duty.html", form=form, policy=policy, customer=customer), 422)


def _begun_with() -> tuple[PolicyDetail | None, CustomerDetail]:
    """Return the policy, if there is one, and the customer that the address names."""
    session, actor, values = reading(), the_actor(), request.values
    try:
        if values.get("policy"):
            policy = read_policy(session, actor, decode_id(values["policy"]))
            return policy, read_customer(session, actor, policy.customer_id)
        return None, read_customer(session, actor, decode_id(values.get("customer", "")))
    except ValueError as error:
        raise NotFound from error


def _offered(form: NewDutyForm, customer: CustomerDetail) -> NewDutyForm:
    form.rule.choices = [("", _("请选择")), *spoken_choices(queries.duty_rules(reading(), today()))]
    form.offer_owners(queries.owners_of(reading(), customer.branch_id, now=now()))
    return form


def _create(form: NewDutyForm, policy: PolicyDetail | None, customer: CustomerDetail) -> str:
    actor, key = the_actor(), str(form.idempotency_key.data)
    with writing() as session:
        done = idempotency.claim(session, actor, key, now=now())
        if done is not None:
            return done
        duty_id = services.open_duty(
            session,
            actor,
            code=form.rule.data or "",
            customer_id=customer.id,
            policy_id=policy.id if policy else None,
            begun_at=form.begun_at(),
            owner_id=form.owner_id(),
            note=form.note.data or "",
            now=now(),
        )
        location = url_for(".show_duty", duty_id=duty_id)
        idempotency.settle(session, actor, key, location)
    flash(_("已登记时限事项。"), "ok")
    return location
