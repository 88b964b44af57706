"""The list of repairs and one order."""

from __future__ import annotations

from flask import make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.blueprints.repairs.labels import LABELS
from app.blueprints.repairs.screen import repair_page, screen
from app.domain.errors import Invalid
from app.domain.ids import encode_id
from app.domain.policy import Action
from app.queries import repairs as queries
from app.queries.branches import branches_for
from app.web.access import requires
from app.web.arguments import number_argument
from app.web.forms import stripped
from app.web.fragments import is_fragment
from app.web.identity import the_actor
from app.web.paging import current_cursor, listing
from app.web.scanning import number_typed, resolve_one_of
from app.web.sentences import trouble_of
from app.web.transactions import reading


@screen.get("/storage/repairs")
@requires(Action.STORAGE_VIEW)
def list_repairs() -> str:
    """Show the repair orders, those that are open unless something else is asked for."""
    return list_page()


@screen.post("/storage/repairs/find")
@requires(Action.REPAIR_RUN)
def find_item() -> Response:
    """Go from a scanned item to the form of its repair."""
    code = stripped(request.form.get("code"))
    try:
        found = resolve_one_of(reading(), the_actor(), code, ("document",), "repair.not_an_item")
    except Invalid as invalid:
        return make_response(list_page(trouble_of(invalid), code), 422)
    return redirect(url_for(".new_repair", document=encode_id(found.id)), 303)


def list_page(trouble: object = "", code: str = "") -> str:
    """Return the list, with what was wrong with a scan above it."""
    actor, args = the_actor(), request.args
    wanted = queries.RepairFilter(
        state=args.get("state", ""),
        grade=args.get("grade", ""),
        branch_id=number_argument("branch"),
        number=number_typed(reading(), actor, args.get("number", "")[:80].replace("\0", "")),
    )
    return render_template(
        "repairs/_repair_rows.html" if is_fragment() else "repairs/list_repairs.html",
        page=queries.list_repairs(reading(), actor, wanted, cursor=current_cursor()),
        wanted=wanted,
        turn=listing(
            "repairs.list_repairs",
            sort="",
            state=wanted.state,
            grade=wanted.grade,
            branch=wanted.branch_id,
            number=wanted.number,
        ),
        branches=branches_for(reading(), actor, Action.STORAGE_VIEW),
        labels=LABELS,
        trouble=trouble,
        code=code[:120],
    )


@screen.get("/storage/repairs/<id:repair_id>")
@requires(Action.STORAGE_VIEW)
def show_repair(repair_id: int) -> str:
    """Show one order with its photos side by side and the step that comes next."""
    return repair_page(queries.read_repair(reading(), the_actor(), repair_id))
