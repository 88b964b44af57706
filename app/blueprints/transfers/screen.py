"""The blueprint that the routes of handing over share, and the page of one that several of them show."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request

from app.blueprints.transfers.forms import CountForm, PaperFilterForm, SignForm
from app.blueprints.transfers.labels import LABELS
from app.domain.transfers import LineState, Side, TransferState, required_sides
from app.queries import transfers as queries
from app.web.fragments import is_fragment
from app.web.identity import the_actor
from app.web.paging import current_cursor, listing
from app.web.sentences import SENTENCES
from app.web.transactions import reading

screen = Blueprint("transfers", __name__)


def transfer_page(
    transfer_id: int,
    *,
    count: CountForm | None = None,
    papers: PaperFilterForm | None = None,
    sign: SignForm | None = None,
    trouble: Any = "",
) -> str:
    """Return the page of a handing over; a form that was refused stands in it with what was typed."""
    session, actor = reading(), the_actor()
    transfer = queries.read_transfer(session, actor, transfer_id)
    show = request.args.get("show", "")
    show = show if show in set(LineState) else ""
    if papers is None:
        papers = PaperFilterForm()
        papers.offer_choices(session)
    open_sides = sides_to_sign(transfer)
    sign = sign or SignForm()
    sign.offer_sides(*open_sides)
    return render_template(
        "transfers/_line_rows.html" if is_fragment() and request.method == "GET" else "transfers/show_transfer.html",
        transfer=transfer,
        page=queries.list_lines(session, actor, transfer, state=show, cursor=current_cursor()),
        turn=listing("transfers.show_transfer", sort="", transfer_id=transfer_id, show=show),
        show=show,
        count=count or CountForm(),
        papers=papers,
        sign=sign,
        may_sign=open_sides,
        all_signed=has_all_signatures(transfer),
        trouble=trouble,
        why=SENTENCES,
        labels=LABELS,
    )


def has_all_signatures(transfer: queries.TransferDetail) -> bool:
    """Say whether everybody has signed who must."""
    signed = {row.side for row in transfer.signatures}
    return all(side.value in signed for side in required_sides(transfer.witness))


def sides_to_sign(transfer: queries.TransferDetail) -> tuple[Side, ...]:
    """Return the sides for which this reader may take a signature now."""
    if transfer.state != TransferState.COUNTED:
        return ()
    signed = {row.side for row in transfer.signatures}
    mine = {Side.GIVER: transfer.gives, Side.RECEIVER: transfer.receives, Side.WITNESS: True}
    return tuple(side for side in required_sides(transfer.witness) if side.value not in signed and mine[side])
