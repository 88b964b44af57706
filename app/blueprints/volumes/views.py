"""The list of volumes and one volume."""

from __future__ import annotations

from flask import render_template, request

from app.blueprints.volumes.labels import LABELS
from app.blueprints.volumes.screen import screen, the_volume, volume_page
from app.domain.ids import decode_id
from app.domain.policy import Action
from app.queries import volumes as queries
from app.queries.branches import branches_for
from app.queries.periods import period_choices
from app.web.access import requires
from app.web.arguments import number_argument
from app.web.forms import stripped
from app.web.fragments import is_fragment
from app.web.identity import the_actor
from app.web.paging import current_cursor, listing
from app.web.ready_words import spoken_choices
from app.web.transactions import reading


@screen.get("/volumes")
@requires(Action.VOLUME_VIEW)
def list_volumes() -> str:
    """Show the volumes, by their numbers."""
    actor, args = the_actor(), request.args
    asked, customer_id = _customer()
    wanted = queries.VolumeFilter(
        branch_id=number_argument("branch"),
        year=number_argument("year"),
        series=stripped(args.get("series"))[:4].upper(),
        period=stripped(args.get("period"))[:6],
        state=args.get("state", "") if args.get("state") in LABELS["state"] else "",
        kind=args.get("kind", "") if args.get("kind") in LABELS["kind"] else "",
        customer_id=customer_id,
        number=stripped(args.get("number"))[:80],
    )
    return render_template(
        "volumes/_volume_rows.html" if is_fragment() else "volumes/list_volumes.html",
        page=queries.list_volumes(reading(), actor, wanted, cursor=current_cursor()),
        wanted=wanted,
        turn=listing(
            "volumes.list_volumes",
            sort="",
            branch=wanted.branch_id,
            year=wanted.year,
            series=wanted.series,
            period=wanted.period,
            state=wanted.state,
            kind=wanted.kind,
            customer=asked,
            number=wanted.number,
        ),
        branches=branches_for(reading(), actor, Action.VOLUME_VIEW),
        periods=(periods := spoken_choices(period_choices(reading()))),
        period_names=dict(periods),
        asked=asked,
        labels=LABELS,
    )


@screen.get("/volumes/<id:volume_id>")
@requires(Action.VOLUME_VIEW)
def show_volume(volume_id: int) -> str:
    """Show one volume with its items in order and what is wrong with it."""
    return volume_page(the_volume(volume_id))


def _customer() -> tuple[str, int | None]:
    """Return the customer that the list is narrowed to, as typed and as an id; a spoilt one is none."""
    text = request.args.get("customer", "")
    try:
        return text, decode_id(text)
    except ValueError:
        return "", None
