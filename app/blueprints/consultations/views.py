"""The list of consultations and one of them."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.blueprints.consultations.screen import consultation_page, screen
from app.domain.policy import Action
from app.queries import consultations as queries
from app.queries.branches import branches_for
from app.web.access import requires
from app.web.arguments import day_argument, number_argument
from app.web.clock import now, today
from app.web.consultation_labels import LABELS, result_mark
from app.web.fragments import is_fragment
from app.web.identity import the_actor
from app.web.paging import current_cursor, listing
from app.web.sealed_query import open_query, seal_query
from app.web.transactions import reading


@screen.get("/consultations")
@requires(Action.CONSULTATION_VIEW)
def list_consultations() -> str:
    """Show the consultations that the reader may see."""
    actor, args = the_actor(), request.args
    wanted = queries.ConsultationFilter(
        text=open_query(args.get("find")),
        result=args.get("result", ""),
        topic=args.get("topic", ""),
        channel=args.get("channel", ""),
        branch_id=number_argument("branch"),
        asked_from=day_argument("from"),
        asked_to=day_argument("to"),
        open_follow_ups=args.get("open") == "1",
    )
    sort = args.get("sort", "asked")
    return render_template(
        "consultations/_consultation_rows.html" if is_fragment() else "consultations/list_consultations.html",
        page=queries.list_consultations(reading(), actor, wanted, sort=sort, cursor=current_cursor()),
        wanted=wanted,
        turn=listing(
            "consultations.list_consultations",
            sort=sort,
            find=args.get("find"),
            result=wanted.result,
            topic=wanted.topic,
            channel=wanted.channel,
            branch=wanted.branch_id,
            open="1" if wanted.open_follow_ups else "",
            **{"from": wanted.asked_from, "to": wanted.asked_to},
        ),
        branches=branches_for(reading(), actor, Action.CONSULTATION_VIEW),
        mark=result_mark,
        today=today(),
        labels=LABELS,
    )


@screen.post("/consultations")
@requires(Action.CONSULTATION_VIEW)
def find_consultations() -> Response:
    """Take a name, phone or number out of the form and go to the list that is narrowed to it."""
    return redirect(url_for(".list_consultations", find=seal_query(request.form.get("text", ""))), 303)


@screen.get("/consultations/<id:consultation_id>")
@requires(Action.CONSULTATION_VIEW)
def show_consultation(consultation_id: int) -> str:
    """Show one consultation with what may be done next."""
    return consultation_page(queries.read_consultation(reading(), the_actor(), consultation_id, now=now()))
