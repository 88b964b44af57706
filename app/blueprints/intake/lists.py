"""The list of batches that wait at the desk."""

from __future__ import annotations

from flask import current_app, render_template, request

from app.blueprints.intake.screen import screen
from app.domain.policy import Action
from app.queries import intake_lists as queries
from app.queries.branches import branches_for
from app.web.access import requires
from app.web.arguments import number_argument
from app.web.fragments import is_fragment
from app.web.identity import the_actor
from app.web.intake_labels import LABELS
from app.web.paging import current_cursor, listing
from app.web.transactions import reading


@screen.get("/intake")
@requires(Action.INTAKE_VIEW)
def list_batches() -> str:
    """Show the batches, those that are not accepted unless something else is asked for."""
    actor, args = the_actor(), request.args
    state, source = args.get("state", ""), args.get("source", "")
    wanted = queries.BatchFilter(
        state=state if state in LABELS["batch"] or state == "all" else queries.OPEN,
        source=source if source in LABELS["source"] else "",
        branch_id=number_argument("branch"),
        mine=args.get("mine") == "1",
        number=args.get("number", "")[:24].replace("\0", ""),
    )
    return render_template(
        "intake/_batch_rows.html" if is_fragment() else "intake/list_batches.html",
        page=queries.list_batches(reading(), actor, wanted, cursor=current_cursor()),
        wanted=wanted,
        turn=listing(
            "intake.list_batches",
            sort="",
            state=wanted.state if wanted.state != queries.OPEN else "",
            source=wanted.source,
            branch=wanted.branch_id,
            mine="1" if wanted.mine else "",
            number=wanted.number,
        ),
        branches=branches_for(reading(), actor, Action.INTAKE_VIEW),
        can_upload="intake.new_batch" in current_app.view_functions,
        labels=LABELS,
    )
