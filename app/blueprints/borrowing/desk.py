"""The desk 出纳台: one field for the scanner, the lists below it, and where a paper is that was scanned."""

from __future__ import annotations

from typing import Any

from flask import make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.blueprints.borrowing.screen import screen
from app.domain.errors import Invalid, WrongState
from app.domain.policy import Action
from app.queries import desk as queries
from app.queries.branches import branches_for
from app.queries.desk_cards import DeskPaper, line_for, read_paper
from app.services.papers import require_alive
from app.web.access import requires
from app.web.arguments import number_argument
from app.web.clock import today
from app.web.fragments import is_fragment
from app.web.identity import the_actor
from app.web.loan_labels import LABELS
from app.web.paging import current_cursor, listing
from app.web.scanning import resolve_one_of
from app.web.sentences import trouble_of
from app.web.transactions import reading

BACK = "back"
_CARDS = {"ready": ".show_hand_out", "out": ".show_return", "lost": ".show_item"}


@screen.get("/borrowing/desk")
@requires(Action.LOAN_DESK)
def show_desk() -> Response:
    """Show the desk; a code that was scanned leads to its card, or to a sentence of what is wrong with it."""
    if is_fragment():
        return make_response(render_template("borrowing/desk/_rows.html", **_list()))
    code = request.args.get("code")
    if code is None:
        return desk_page()
    try:
        return _scanned(code, back=request.args.get("for") == BACK)
    except (Invalid, WrongState) as trouble:
        return desk_page(trouble, code=code)


def desk_page(
    trouble: Invalid | WrongState | None = None, *, paper: DeskPaper | None = None, code: str = ""
) -> Response:
    """Return the desk, with a paper that was scanned, or with what could not be done."""
    session, actor = reading(), the_actor()
    page = render_template(
        "borrowing/desk/show_desk.html",
        **_list(),
        counts=queries.count_desk(session, actor, today()),
        branches=branches_for(session, actor, Action.LOAN_DESK),
        paper=paper,
        line=line_for(session, paper.id) if paper else (),
        code=code if trouble else "",
        trouble=trouble_of(trouble),
    )
    return make_response(page, 200 if trouble is None else 409 if isinstance(trouble, WrongState) else 422)


def _scanned(code: str, *, back: bool) -> Response:
    session, actor = reading(), the_actor()
    found = resolve_one_of(session, actor, code, ("document", "loan"), "desk.not_a_paper")
    if found.kind == "loan":
        held = queries.at_desk_of(session, found.id)
        if held is None:
            raise WrongState("desk.nothing_of_loan")
        return _to_card(*held, back=back)
    paper = read_paper(session, actor, found.id)
    held = queries.promised_to(session, paper.id)
    if held is not None and (held[1] != "lost" or paper.whereabouts == "missing"):
        return _to_card(*held, back=back)
    if back:
        raise WrongState("desk.not_out")
    require_alive(paper.state)
    return desk_page(paper=paper)


def _to_card(item_id: int, state: str, *, back: bool) -> Response:
    if back and state == "ready":
        raise WrongState("desk.not_out")
    return redirect(url_for(_CARDS[state], item_id=item_id), 303)


def _list() -> dict[str, Any]:
    session, actor, args = reading(), the_actor(), request.args
    wanted = queries.DeskFilter(
        tab=args.get("tab", queries.READY),
        number=args.get("number", "")[:80],
        way=args.get("way", ""),
        branch_id=number_argument("branch"),
    )
    sort = args.get("sort", "")
    kept = {"number": wanted.number, "way": wanted.way, "branch": wanted.branch_id}
    return {
        "page": queries.list_desk(session, actor, wanted, today(), sort=sort, cursor=current_cursor()),
        "wanted": wanted,
        "turn": listing("borrowing.show_desk", sort=sort, tab=wanted.list, **kept),
        "narrowed": any(kept.values()),
        "labels": LABELS,
        "today": today(),
    }
