"""The lists of borrowing requests, and the page of one."""

from __future__ import annotations

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.blueprints.borrowing.screen import screen
from app.domain.errors import Invalid, WrongState
from app.domain.loans import LoanStep, steps_from
from app.domain.policy import Action
from app.queries import loan_detail, loans
from app.queries.carts import count_cart
from app.services import loan_decisions, loan_requests
from app.services.loan_judging import standing_of
from app.web.access import requires
from app.web.arguments import day_argument
from app.web.clock import now, today
from app.web.forms import stripped
from app.web.fragments import is_fragment
from app.web.identity import the_actor
from app.web.loan_labels import LABELS
from app.web.paging import current_cursor, listing
from app.web.sentences import trouble_of
from app.web.transactions import reading, writing


@screen.get("/borrowing")
@requires(Action.LOAN_VIEW)
def list_loans() -> str:
    """Show a tab of requests: one's own, those to decide on, those of the branch."""
    session, actor, args = reading(), the_actor(), request.args
    counts = None if is_fragment() else loans.count_loans(session, actor)
    wanted = loans.LoanFilter(
        tab=args.get("tab") or _first_tab(counts),
        state=args.get("state", ""),
        way=args.get("way", ""),
        number=args.get("number", "")[:24],
        asked_from=day_argument("from"),
        asked_to=day_argument("to"),
    )
    sort = args.get("sort", "asked")
    kept = {"state": wanted.state, "way": wanted.way, "number": wanted.number}
    dates = {"from": wanted.asked_from, "to": wanted.asked_to}
    return render_template(
        "borrowing/_loan_rows.html" if is_fragment() else "borrowing/list_loans.html",
        page=loans.list_loans(session, actor, wanted, sort=sort, cursor=current_cursor()),
        counts=counts,
        cart=0 if is_fragment() else count_cart(session, actor),
        standing=None if is_fragment() else standing_of(session, actor, today()),
        wanted=wanted,
        turn=listing("borrowing.list_loans", sort=sort, tab=wanted.tab, **kept, **dates),
        narrowed=any([*kept.values(), *dates.values()]),
        labels=LABELS,
        today=today(),
    )


def _first_tab(counts: loans.LoanCounts | None) -> str:
    """Return what opens first: what waits for one's decision, for somebody who has nothing on loan himself."""
    waits = counts is not None and counts.to_approve and not counts.mine
    return loans.TO_APPROVE if waits else loans.MINE


@screen.get("/borrowing/<id:request_id>")
@requires(Action.LOAN_VIEW)
def show_loan(request_id: int) -> Response:
    """Show one request."""
    return loan_page(request_id)


@screen.post("/borrowing/<id:request_id>/approve")
@requires(Action.LOAN_APPROVE)
def approve_loan(request_id: int) -> Response:
    """Agree to a request."""
    return _decide(request_id, approved=True)


@screen.post("/borrowing/<id:request_id>/refuse")
@requires(Action.LOAN_APPROVE)
def refuse_loan(request_id: int) -> Response:
    """Refuse a request, with the reason."""
    return _decide(request_id, approved=False)


@screen.post("/borrowing/<id:request_id>/withdraw")
@requires(Action.LOAN_ASK)
def withdraw_loan(request_id: int) -> Response:
    """Withdraw one's own request."""
    try:
        with writing() as session:
            loan_requests.withdraw(session, the_actor(), request_id, now=now(), today=today())
    except WrongState as trouble:
        return loan_page(request_id, trouble)
    flash(_("已撤回。"), "ok")
    return redirect(url_for(".show_loan", request_id=request_id), 303)


def loan_page(request_id: int, trouble: Invalid | WrongState | None = None) -> Response:
    """Return the page of one request, with what could not be done."""
    session, actor = reading(), the_actor()
    loan = loan_detail.read_loan(session, actor, request_id)
    lines = loan_detail.read_lines(session, actor, loan)
    approvers = loan_decisions.approvers_by_id(session, request_id, now=now())
    is_mine = loan.borrower_id == actor.account_id
    page = render_template(
        "borrowing/show_loan.html",
        loan=loan,
        lines=lines,
        history=loan_detail.read_history(session, request_id),
        decisions=loan_detail.read_decisions(session, request_id),
        approvers=[name for _account, name in approvers],
        is_mine=is_mine,
        may_decide=any(account_id == actor.account_id for account_id, _name in approvers),
        may_withdraw=is_mine
        and any(LoanStep.WITHDRAW in steps_from(line.state, takes_paper=line.takes_paper) for line in lines),
        labels=LABELS,
        today=today(),
        trouble=trouble_of(trouble),
    )
    status = 200 if trouble is None else 409 if isinstance(trouble, WrongState) else 422
    return make_response(page, status)


def _decide(request_id: int, *, approved: bool) -> Response:
    typed, version = stripped(request.form.get("reason")), request.form.get("version", "")
    seen = int(version) if version.isascii() and version.isdigit() and len(version) < 10 else 0
    try:
        with writing() as session:
            loan_decisions.decide(
                session,
                the_actor(),
                request_id,
                approved=approved,
                reason=typed,
                version=seen,
                now=now(),
                today=today(),
            )
    except (Invalid, WrongState) as trouble:
        return loan_page(request_id, trouble)
    flash(_("已批准。") if approved else _("已驳回。"), "ok")
    return redirect(url_for(".show_loan", request_id=request_id), 303)
