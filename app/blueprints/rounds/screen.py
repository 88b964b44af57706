"""The blueprint that the routes of rounds share, and what several of them read from addresses."""

from __future__ import annotations

from flask import Blueprint, request, url_for

from app.domain.ids import decode_id, encode_id
from app.services.stocktake_scans import Spot

screen = Blueprint("rounds", __name__)


def asked_id(name: str) -> int | None:
    """Return an id of the address or the form, None for none and for a spoilt one."""
    try:
        return decode_id(request.values.get(name, ""))
    except ValueError:
        return None


def asked_spot() -> Spot:
    """Return the spot at which somebody counts, which goes from page to page with him."""
    return Spot(asked_id("place"), asked_id("box"))


def counting_address(stocktake_id: int, spot: Spot) -> str:
    """Return the address of the counting page at a spot."""
    place = encode_id(spot.place_id) if spot.place_id is not None else None
    box = encode_id(spot.box_id) if spot.box_id is not None else None
    return url_for("rounds.show_stocktake", stocktake_id=stocktake_id, place=place, box=box)
