"""The list of complaints: filters in the address, names and numbers sealed."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.blueprints.casework.choices import HANDLER_CHOICES, MARK_CHOICES, STATE_CHOICES, tree_choices
from app.blueprints.casework.screen import screen
from app.domain.cases import OPEN_STATES
from app.domain.ids import decode_id
from app.domain.policy import Action
from app.queries import cases as queries
from app.queries.branches import branches_for
from app.web.access import requires
from app.web.arguments import day_argument, number_argument
from app.web.case_labels import LABELS
from app.web.case_words import clock_words
from app.web.clock import today
from app.web.fragments import is_fragment
from app.web.identity import the_actor
from app.web.paging import current_cursor, listing
from app.web.sealed_query import open_query, seal_query
from app.web.transactions import reading


@screen.get("/casework")
@requires(Action.CASE_VIEW)
def list_cases() -> str:
    """Show the complaints that the reader may see."""
    actor, session, args = the_actor(), reading(), request.args
    wanted = _wanted()
    sort = args.get("sort", "received")
    return render_template(
        "casework/_case_rows.html" if is_fragment() else "casework/list_cases.html",
        page=queries.list_cases(session, actor, wanted, today=today(), sort=sort, cursor=current_cursor()),
        wanted=wanted,
        turn=listing(
            "casework.list_cases",
            sort=sort,
            find=args.get("find"),
            state=wanted.state,
            kind=wanted.kind,
            channel=wanted.channel,
            line=wanted.line,
            mark=wanted.mark,
            handler=wanted.handler,
            branch=wanted.branch_id,
            cause=wanted.cause_id,
            customer=args.get("customer") if wanted.customer_id is not None else None,
            **{"from": wanted.received_from, "to": wanted.received_to},
        ),
        branches=branches_for(session, actor, Action.CASE_VIEW),
        handlers=[*HANDLER_CHOICES, *queries.handlers_for(session, actor)],
        causes=tree_choices(session),
        states=STATE_CHOICES,
        marks=MARK_CHOICES,
        open_states=OPEN_STATES,
        clock_words=clock_words,
        today=today(),
        labels=LABELS,
    )


@screen.post("/casework")
@requires(Action.CASE_VIEW)
def find_cases() -> Response:
    """Take a name or number out of the form and go to the list that is narrowed to it."""
    return redirect(url_for(".list_cases", find=seal_query(request.form.get("text", ""))), 303)


def _wanted() -> queries.CaseFilter:
    args = request.args
    return queries.CaseFilter(
        text=open_query(args.get("find")),
        state=args.get("state", ""),
        kind=args.get("kind", ""),
        channel=args.get("channel", ""),
        line=args.get("line", ""),
        mark=args.get("mark", ""),
        handler=args.get("handler", ""),
        branch_id=number_argument("branch"),
        cause_id=number_argument("cause"),
        customer_id=_customer(),
        received_from=day_argument("from"),
        received_to=day_argument("to"),
    )


def _customer() -> int | None:
    """Return the customer whose complaints are wanted; a spoilt id is as good as none."""
    try:
        return decode_id(request.args.get("customer", ""))
    except ValueError:
        return None
