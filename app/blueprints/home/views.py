"""The route of the home page: what one sees depends on what one may do."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import Blueprint, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.blueprints.home.tiles import (
    Tile,
    account_tiles,
    business_tiles,
    case_tiles,
    grant_tiles,
    loan_tiles,
    trail_tiles,
)
from app.domain.actor import Actor, Role
from app.domain.policy import Action, may_ever
from app.queries import home as queries
from app.queries.case_approvals import count_approvals
from app.queries.case_inbox import count_mine
from app.queries.customers import EXPIRES_SOON_DAYS
from app.queries.loans import loan_figures
from app.web.access import requires
from app.web.clock import CHINA, now, today
from app.web.document_labels import DOCUMENT_STATES, STATE_TONES
from app.web.identity import the_actor
from app.web.transactions import reading

screen = Blueprint("home", __name__)
SOON = timedelta(days=EXPIRES_SOON_DAYS)
LATELY = timedelta(days=90)
DUE_SOON = timedelta(days=3)
LABELS = {"state": DOCUMENT_STATES, "tone": STATE_TONES}


@screen.get("/")
@requires(Action.HOME)
def show_home() -> str | Response:
    """Show what there is, what waits and what is due; who only sends papers in goes on to his own start page."""
    actor = the_actor()
    if actor.roles == {Role.AGENT}:
        return redirect(url_for("agent.show_start"), 303)
    if may_ever(actor, Action.CUSTOMER_LIST):
        return _business_page()
    if actor.is_administrator:
        return _administrators_page()
    asked = queries.security_administrators(reading(), now=now())
    return render_template("home/show_home.html", kind="nobody", tiles=[], asked=asked)


def _business_page() -> str:
    session, actor, day = reading(), the_actor(), today()
    receives = may_ever(actor, Action.DOCUMENT_RECEIVE)
    figures = queries.count_business(session, actor, today=day, soon=SOON)
    return render_template(
        "home/show_home.html",
        kind="business",
        tiles=[
            *business_tiles(actor, figures, soon=SOON),
            *loan_tiles(loan_figures(session, actor, today=day, until=day + DUE_SOON)),
            *_case_tiles(session, actor),
        ],
        received=queries.latest_received(session, actor, since=now() - LATELY) if receives else None,
        due=queries.what_is_due(session, actor, today=day, soon=SOON),
        urgent=day + timedelta(days=7),
        soon=SOON.days,
        labels=LABELS,
    )


def _case_tiles(session: Session, actor: Actor) -> list[Tile]:
    if not may_ever(actor, Action.CASE_HANDLE):
        return []
    approves = may_ever(actor, Action.CASE_APPROVE)
    to_approve = count_approvals(session, actor) if approves else None
    return case_tiles(count_mine(session, actor, today=today()), to_approve=to_approve)


def _administrators_page() -> str:
    session, roles = reading(), the_actor().roles
    tiles = []
    if roles & {Role.SYSADMIN, Role.SECADMIN}:
        figures = queries.count_accounts(session, now=now())
        tiles = account_tiles(figures) if Role.SYSADMIN in roles else grant_tiles(figures)
    if Role.AUDITOR in roles:
        midnight = datetime.combine(today(), datetime.min.time(), CHINA)
        tiles = trail_tiles(queries.count_trail(session, since=midnight))
    return render_template("home/show_home.html", kind="administrator", tiles=tiles)
