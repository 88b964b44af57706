"""Asking for what lies in the cart: what will hold is shown before anything is asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.blueprints.borrowing.forms import AskForm
from app.blueprints.borrowing.screen import screen
from app.domain.actor import Role
from app.domain.errors import Invalid, WrongState
from app.domain.ids import decode_id, encode_id
from app.domain.loan_requests import REQUIRED_PAPERS, ExternalKind
from app.domain.loan_rules import Approver, Terms, Way, strictest
from app.domain.policy import Action
from app.queries.carts import read_cart
from app.services import idempotency, loan_requests
from app.services.loan_decisions import managers_for
from app.services.loan_judging import Judgement, judge, standing_of
from app.web.access import requires
from app.web.clock import now, today
from app.web.identity import the_actor
from app.web.loan_labels import LABELS
from app.web.sentences import SENTENCES, trouble_of
from app.web.transactions import reading, writing


@dataclass(frozen=True, slots=True)
class Outlook:
    """What the free items of one keeping branch come to, and who would decide."""

    branch_name: str
    items: int
    terms: Terms
    approvers: Sequence[tuple[str, Sequence[str]]]  # step, names


@dataclass(frozen=True, slots=True)
class Over:
    """That the cart holds more than one may have at once."""

    new: int
    held: int
    most: int


@screen.get("/borrowing/new")
@requires(Action.LOAN_ASK)
def new_loan() -> Response:
    """Show the cart with what will hold for each item."""
    return ask_page()


@screen.post("/borrowing/new")
@requires(Action.LOAN_ASK)
def create_loan() -> Response:
    """Ask for the chosen items."""
    form = AskForm.from_request()
    if form.validate():
        try:
            return redirect(_ask(form), 303)
        except Invalid as invalid:
            form.blame(invalid, SENTENCES)
    return ask_page(form)


def ask_page(form: AskForm | None = None, *, trouble: Invalid | WrongState | None = None, code: str = "") -> Response:
    """Return the page of the cart; a form that was refused stands in it with what was typed."""
    session, actor = reading(), the_actor()
    way, outsider = _way(), _outsider()
    judged = judge(session, actor, read_cart(session, actor), way, external=bool(outsider), today=today())
    standing, outlooks = standing_of(session, actor, today()), _outlooks(judged)
    page = render_template(
        "borrowing/new_loan.html",
        form=form or AskForm(),
        judged=judged,
        chosen=set(request.form.getlist("items"))
        if form
        else {encode_id(j.row.document_id) for j in judged if j.is_free},
        outlooks=outlooks,
        standing=standing,
        over=_over(judged, outlooks, 0 if outsider else standing.in_hand),
        way=way,
        outsider=outsider,
        papers=[paper.value for paper in REQUIRED_PAPERS[ExternalKind(outsider)]] if outsider else [],
        may_receive=_may_receive(),
        labels=LABELS,
        sentences=SENTENCES,
        code=code,
        trouble=trouble_of(trouble),
    )
    status = (
        409
        if isinstance(trouble, WrongState)
        else 422
        if trouble or (form and (form.errors or form.form_errors))
        else 200
    )
    return make_response(page, status)


def _ask(form: AskForm) -> str:
    actor, key = the_actor(), str(form.idempotency_key.data)
    with writing() as session:
        done = idempotency.claim(session, actor, key, now=now())
        if done is not None:
            return done
        wish = form.wish(request.form.get("way", ""), request.form.get("for", ""))
        made = loan_requests.ask_for(session, actor, _chosen(), wish, now=now(), today=today())
        location = url_for(".show_loan", request_id=made[0]) if len(made) == 1 else url_for(".list_loans")
        idempotency.settle(session, actor, key, location)
    if len(made) > 1:
        flash(_("已提交 %(n)s 份借阅单，按保管机构分开办理。", n=len(made)), "ok")
    else:
        flash(_("已提交借阅申请。"), "ok")
    return location


def _chosen() -> list[int]:
    try:
        return [decode_id(text) for text in request.form.getlist("items")]
    except ValueError as forged:
        raise Invalid.field("items", "loan.cart_changed") from forged


def _outlooks(judged: Sequence[Judgement]) -> list[Outlook]:
    found = []
    for branch_id in dict.fromkeys(each.row.branch_id for each in judged if each.is_free):
        group = [each for each in judged if each.row.branch_id == branch_id and each.is_free]
        terms = strictest([each.terms for each in group if each.terms is not None])
        found.append(Outlook(group[0].row.branch_name, len(group), terms, _approvers(branch_id, terms)))
    return found


def _over(judged: Sequence[Judgement], outlooks: Sequence[Outlook], held: int) -> Over | None:
    new = len({each.row.unit for each in judged if each.is_free})
    most = min((outlook.terms.most_at_once for outlook in outlooks), default=new + held)
    return Over(new, held, most) if new + held > most else None


def _approvers(branch_id: int, terms: Terms) -> list[tuple[str, list[str]]]:
    own = the_actor().account_id
    return [
        (
            step,
            [
                name
                for account_id, name in managers_for(reading(), branch_id, Approver(step), now=now())
                if account_id != own
            ],
        )
        for step in terms.approvers.split()
    ]


def _way() -> str:
    """Return the way that the page speaks of: lending, unless the address or the form says otherwise."""
    typed = request.values.get("way", "")
    return typed if typed in set(Way) else Way.LEND.value


def _outsider() -> str:
    """Return for which kind of outsider the request is made; empty for oneself."""
    typed = request.values.get("for", "")
    return typed if typed in set(ExternalKind) and _may_receive() else ""


def _may_receive() -> bool:
    return bool(the_actor().roles & {Role.CLERK, Role.ARCHIVIST})
