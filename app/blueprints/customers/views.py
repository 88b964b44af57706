"""The routes of customers: read the form, call one service, answer."""

from __future__ import annotations

from datetime import date, timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from app.blueprints.customers.classes import GAPS, FileClasses
from app.blueprints.customers.forms import (
    INCOME_SOURCES,
    KINDS,
    MARITAL,
    REASONS,
    REVEALED_LABELS,
    ChangeCustomerForm,
    NewCustomerForm,
    RevealForm,
    shown_amount,
)
from app.domain.actor import Actor
from app.domain.cases import OPEN_STATES
from app.domain.customers import SamePerson
from app.domain.errors import ChangedMeanwhile, Invalid
from app.domain.policy import Action
from app.queries import customer_file as file_queries
from app.queries import customers as queries
from app.queries.branches import agents_for, branches_for
from app.queries.consultations import consultations_of_customer
from app.services import customers as services
from app.services import idempotency
from app.web.access import requires
from app.web.arguments import number_argument
from app.web.case_labels import CASE_KINDS, CASE_STATES, CASE_TONES, CHANNELS
from app.web.case_words import clock_words
from app.web.clock import now, today
from app.web.conflicts import conflict_page
from app.web.consultation_labels import TOPICS, result_mark
from app.web.document_labels import CARRIERS, DOCUMENT_STATES, WHEREABOUTS, WHEREABOUTS_TONES
from app.web.events import EVENTS
from app.web.fragments import is_fragment
from app.web.identity import the_actor
from app.web.labels import CLAIM_KINDS, CLAIM_STATUSES, ID_KINDS, LEVELS, POLICY_STATUSES, SEXES
from app.web.paging import current_cursor, listing
from app.web.sealed_query import open_query, seal_query
from app.web.sentences import SENTENCES
from app.web.transactions import reading, writing

screen = Blueprint("customers", __name__)
RELATION = {"active": _l("存续"), "closed": _l("已结束")}
PAPERS = {"soon": _l("60 天内到期"), "expired": _l("已过期")}
SERVICE = "4"  # 客户服务类
LABELS = {
    "topic": TOPICS,
    "asked_by": CHANNELS,
    "asked_result": result_mark,
    "case_kind": CASE_KINDS,
    "case_state": CASE_STATES,
    "case_tone": CASE_TONES,
    "open_states": OPEN_STATES,
    "where": WHEREABOUTS,
    "where_tone": WHEREABOUTS_TONES,
    "kind": KINDS,
    "level": LEVELS,
    "id_kind": ID_KINDS,
    "sex": SEXES,
    "marital": MARITAL,
    "event": EVENTS,
    "gap": GAPS,
    "income": INCOME_SOURCES,
    "revealed": REVEALED_LABELS,
    "policy_status": POLICY_STATUSES,
    "claim_kind": CLAIM_KINDS,
    "claim_status": CLAIM_STATUSES,
    "state": DOCUMENT_STATES,
    "carrier": CARRIERS,
}


@screen.get("/customers")
@requires(Action.CUSTOMER_LIST)
def list_customers() -> str:
    """Show the customers that the reader may see."""
    actor = the_actor()
    args = request.args
    paper = args.get("paper", "")
    expires_from, expires_to = _paper_days(paper)
    wanted = queries.CustomerFilter(
        text=open_query(args.get("find")),
        kind=args.get("kind", ""),
        branch_id=number_argument("branch"),
        agent_id=number_argument("agent"),
        level=number_argument("level"),
        state=args.get("state", ""),
        expires_from=expires_from,
        expires_to=expires_to,
    )
    sort = args.get("sort", "updated")
    page = queries.list_customers(reading(), actor, wanted, sort=sort, cursor=current_cursor())
    return render_template(
        "customers/_customer_rows.html" if is_fragment() else "customers/list_customers.html",
        page=page,
        wanted=wanted,
        turn=listing(
            "customers.list_customers",
            sort=sort,
            find=args.get("find"),
            kind=wanted.kind,
            branch=wanted.branch_id,
            agent=wanted.agent_id,
            level=wanted.level,
            state=wanted.state,
            paper=paper,
        ),
        branches=branches_for(reading(), actor, Action.CUSTOMER_LIST),
        agents=() if "agent" in actor.roles else agents_for(reading(), actor, Action.CUSTOMER_LIST),
        states=RELATION,
        kinds=KINDS,
        levels=LEVELS,
        papers=PAPERS,
        paper=paper,
    )


@screen.post("/customers")
@requires(Action.CUSTOMER_LIST)
def find_customers() -> Response:
    """Take a name or number out of the form and go to the list that is narrowed to it."""
    return redirect(url_for(".list_customers", find=seal_query(request.form.get("text", ""))), 303)


@screen.get("/customers/<id:customer_id>")
@requires(Action.CUSTOMER_VIEW)
def show_customer(customer_id: int) -> str:
    """Show one customer's file, opened at a class; the look at it goes into the trail."""
    actor = the_actor()
    customer = _open(actor, customer_id)
    session = reading()
    scheme = FileClasses(queries.count_by_category(session, actor, customer_id), request.args.get("class", ""))
    papers, more = file_queries.papers_of_customer(session, actor, customer_id, scheme.ids)
    gaps = queries.missing_particulars(customer, scheme.rows, today())
    doubts = queries.doubtful_particulars(session, actor, customer_id, today())
    return render_template(
        "customers/_file.html" if is_fragment() else "customers/show_customer.html",
        customer=customer,
        scheme=scheme,
        papers=papers,
        more=more,
        policies=file_queries.policies_of_customer(session, actor, customer_id),
        claims=file_queries.claims_of_customer(session, actor, customer_id),
        consultations=consultations_of_customer(session, actor, customer_id) if scheme.top == SERVICE else (),
        cases=file_queries.cases_of_customer(session, actor, customer_id) if scheme.top == SERVICE else (),
        clock_words=clock_words,
        today=today(),
        events=queries.latest_events(session, actor, customer_id),
        gaps=[*gaps, *doubts],
        reasons=[str(reason) for reason in REASONS],
        labels=LABELS,
    )


@screen.post("/customers/<id:customer_id>/reveal")
@requires(Action.CUSTOMER_REVEAL)
def reveal_field(customer_id: int) -> Response | str | tuple[str, int]:
    """Show one masked field in clear, for a reason that the trail keeps."""
    form = RevealForm.from_request()
    if not form.validate():
        return render_template("customers/reveal_refused.html", customer_id=customer_id), 422
    field = str(form.field.data)
    with writing() as session:
        value = services.reveal_field(session, the_actor(), customer_id, field, str(form.reason.data), now=now())
    shown = shown_amount(value) if field == "annual_income" else value
    return render_template("customers/reveal_field.html", value=shown, field=field, customer_id=customer_id)


@screen.get("/customers/new")
@requires(Action.CUSTOMER_CREATE)
def new_customer() -> str:
    """Show the empty form."""
    form = NewCustomerForm()
    form.offer_homes(reading(), the_actor(), Action.CUSTOMER_CREATE)
    form.branch_id.data = the_actor().branch_id
    return render_template("customers/new_customer.html", form=form, same=None)


@screen.post("/customers/new")
@requires(Action.CUSTOMER_CREATE)
def create_customer() -> Response | tuple[str, int]:
    """Open a customer's file."""
    actor, same = the_actor(), None
    form = NewCustomerForm.from_request()
    form.offer_homes(reading(), actor, Action.CUSTOMER_CREATE)
    if form.validate():
        try:
            return redirect(_create(form), 303)
        except Invalid as invalid:
            form.blame(invalid, SENTENCES)
        except SamePerson as found:
            same = found
    return render_template("customers/new_customer.html", form=form, same=same), 422


@screen.get("/customers/<id:customer_id>/edit")
@requires(Action.CUSTOMER_EDIT)
def edit_customer(customer_id: int) -> str:
    """Show the form with what may be shown in clear."""
    actor = the_actor()
    typed, number, version = queries.particulars_for_editing(reading(), actor, customer_id)
    form = ChangeCustomerForm(obj=typed)
    form.show_version(version)
    form.offer_homes(reading(), actor, Action.CUSTOMER_EDIT)
    masked = _open(actor, customer_id)
    return render_template("customers/edit_customer.html", form=form, number=number, masked=masked)


@screen.post("/customers/<id:customer_id>/edit")
@requires(Action.CUSTOMER_EDIT)
def change_customer(customer_id: int) -> Response | tuple[str, int]:
    """Change a customer's particulars."""
    actor = the_actor()
    form = ChangeCustomerForm.from_request()
    form.offer_homes(reading(), actor, Action.CUSTOMER_EDIT)
    masked = queries.read_customer(reading(), actor, customer_id)
    if form.validate():
        try:
            _change(form, customer_id, masked.kind)
            flash(_("已保存。"), "ok")
            return redirect(url_for(".show_customer", customer_id=customer_id), 303)
        except Invalid as invalid:
            form.blame(invalid, SENTENCES)
        except SamePerson:
            form.blame(Invalid.field("id_number", "customer.number_taken"), SENTENCES)
        except ChangedMeanwhile as conflict:
            reload_href = url_for(".edit_customer", customer_id=customer_id)
            return conflict_page(conflict, form, reload_href=reload_href, keep_action=request.path)
    return render_template("customers/edit_customer.html", form=form, number=masked.number, masked=masked), 422


def _paper_days(paper: str) -> tuple[date | None, date | None]:
    """Return between which days an identity paper ends: soon, before today, or anywhere."""
    day = today()
    if paper == "soon":
        return day, day + timedelta(days=queries.EXPIRES_SOON_DAYS)
    return None, day - timedelta(days=1) if paper == "expired" else None


def _open(actor: Actor, customer_id: int) -> queries.CustomerDetail:
    """Return a customer; that his file was opened goes into the trail, whatever part of the page is wanted."""
    with writing() as session:
        customer = queries.read_customer(session, actor, customer_id)
        services.note_view(session, actor, customer_id, customer.number, now=now())
    return customer


def _create(form: NewCustomerForm) -> str:
    actor, key = the_actor(), str(form.idempotency_key.data)
    with writing() as session:
        done = idempotency.claim(session, actor, key, now=now())
        if done is not None:
            return done
        customer_id = services.create_customer(
            session,
            actor,
            form.particulars(form.kind.data),
            surely_new=bool(form.surely_new.data),
            now=now(),
            today=today(),
        )
        location = url_for(".show_customer", customer_id=customer_id)
        idempotency.settle(session, actor, key, location)
    flash(_("已建立客户档案。"), "ok")
    return location


def _change(form: ChangeCustomerForm, customer_id: int, kind: str) -> None:
    with writing() as session:
        services.edit_customer(
            session,
            the_actor(),
            customer_id,
            form.particulars(kind),
            version=form.seen_version(),
            cleared=frozenset(form.clear.data or ()),
            now=now(),
            today=today(),
        )
