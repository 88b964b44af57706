"""The list of handings over and one of them."""

from __future__ import annotations

from flask import Response, render_template, request

from app.blueprints.transfers.labels import LABELS
from app.blueprints.transfers.screen import screen, transfer_page
from app.domain.errors import NotFound
from app.domain.policy import Action
from app.queries import transfers as queries
from app.web.access import requires
from app.web.fragments import is_fragment
from app.web.identity import the_actor
from app.web.paging import current_cursor, listing
from app.web.photos import photo_response
from app.web.transactions import reading


@screen.get("/storage/transfers")
@requires(Action.TRANSFER_SIGN)
def list_transfers() -> str:
    """Show what goes out, or with `way=incoming` what comes in."""
    actor, args = the_actor(), request.args
    way = queries.INCOMING if args.get("way") == queries.INCOMING else queries.OUTGOING
    state = args.get("state", "")
    state = state if state in {"open", *LABELS["state"]} else ""
    return render_template(
        "transfers/_transfer_rows.html" if is_fragment() else "transfers/list_transfers.html",
        page=queries.list_transfers(reading(), actor, direction=way, state=state, cursor=current_cursor()),
        waiting=queries.waiting_count(reading(), actor),
        way=way,
        state=state,
        turn=listing("transfers.list_transfers", sort="", way=way, state=state),
        labels=LABELS,
    )


@screen.get("/storage/transfers/<id:transfer_id>")
@requires(Action.TRANSFER_SIGN)
def show_transfer(transfer_id: int) -> str:
    """Show one handing over with its papers and the step that comes next."""
    return transfer_page(transfer_id)


@screen.get("/storage/transfers/<id:transfer_id>/signatures/<id:signature_id>")
@requires(Action.TRANSFER_SIGN)
def send_signature(transfer_id: int, signature_id: int) -> Response:
    """Send a signature that was drawn."""
    transfer = queries.read_transfer(reading(), the_actor(), transfer_id)
    for row in transfer.signatures:
        if row.id == signature_id and row.image_digest:
            return photo_response(row.image_digest)
    raise NotFound
