"""Storerooms of the demo: rooms with shelves, boxes on them, and the filed papers in the boxes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from random import Random
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.cli.demo.company import Company
from app.domain.ids import new_id
from app.models.documents import NumberEntry, NumberSeries
from app.models.storage import Box, Place

SHELF_MM = 900
PER_BOX = 30
SHELVES, BAYS, ROWS = 6, 4, 5  # of one zone
SPINES = (20, 30, 40, 40, 40, 50)
Row = dict[str, Any]


def furnish(
    session: Session,
    rng: Random,
    company: Company,
    papers: Sequence[Row],
    series_of: Mapping[int, str],
    *,
    now: datetime,
) -> dict[int, int]:
    """Write rooms and boxes, put filed papers into boxes (their rows get `box_id`), return branch → its room.

    One filed paper in twelve is not boxed yet, and the last boxes do not stand on a shelf yet.
    """
    rooms: dict[int, int] = {}
    for branch_id in company.fonds:
        boxes = list(_box_up(rng, company, branch_id, papers, series_of, now=now))
        places, shelves = _build(branch_id, -(-len(boxes) // 15) + 10)
        rooms[branch_id] = places[0]["id"]
        _stand(rng, boxes, shelves)
        session.execute(insert(Place), places)
        if boxes:
            _number(session, boxes, now=now)
            session.execute(insert(Box), boxes)
    return rooms


def _box_up(
    rng: Random,
    company: Company,
    branch_id: int,
    papers: Sequence[Row],
    series_of: Mapping[int, str],
    *,
    now: datetime,
) -> Iterator[Row]:
    def mark(row: Row) -> tuple[str, int, str]:
        return series_of[row["category_id"]], row["formed_on"].year, row["period"]

    fonds = company.fonds[branch_id]
    filed = [
        row
        for row in papers
        if row["branch_id"] == branch_id
        and row["state"] in ("filed", "held")
        and row["carrier"] != "electronic"
        and rng.random() > 1 / 12
    ]
    filed.sort(key=lambda row: (mark(row), str(row["archive_number"])))
    serials: Counter[int] = Counter()
    for (series, year, period), together in groupby(filed, key=mark):
        items = list(together)
        for start in range(0, len(items), PER_BOX):
            serials[year] += 1
            box_id = new_id()
            for row in items[start : start + PER_BOX]:
                row["box_id"] = box_id
            yield {
                "id": box_id,
                "branch_id": branch_id,
                "number": f"{fonds}-{year}-H{serials[year]:05d}",
                "place_id": None,
                "position": 0,
                "spine_mm": rng.choice(SPINES),
                "fonds_code": fonds,
                "series": series,
                "year": year,
                "period": period,
                "title": "",
                "remark": "",
                "created_by": rng.choice(company.archivists[branch_id]),
                "created_at": now,
                "version": 1,
            }


def _build(branch_id: int, shelves: int) -> tuple[list[Row], list[Row]]:
    """Return the places of one room with at least `shelves` shelves, and the shelves alone in order."""
    room = _place(branch_id, None, "room", "K1", 0, name="一号库房")
    places, ends = [room], []
    zones = -(-shelves // (SHELVES * BAYS * ROWS))
    for zone_number in range(zones):
        zone = _place(branch_id, room, "zone", chr(ord("A") + zone_number), zone_number)
        places.append(zone)
        for row_number in range(1, ROWS + 1):
            row = _place(branch_id, zone, "row", f"{row_number:02d}", row_number)
            places.append(row)
            for bay_number in range(1, BAYS + 1):
                bay = _place(branch_id, row, "bay", f"{bay_number:02d}", bay_number)
                levels = [_place(branch_id, bay, "shelf", f"{n:02d}", n, width=SHELF_MM) for n in range(1, SHELVES + 1)]
                places += [bay, *levels]
                ends += levels
    return places, ends


def _place(
    branch_id: int, parent: Row | None, kind: str, code: str, position: int, name: str = "", width: int = 0
) -> Row:
    place_id = new_id()
    return {
        "id": place_id,
        "branch_id": branch_id,
        "parent_id": parent["id"] if parent else None,
        "kind": kind,
        "code": code,
        "full_code": f"{parent['full_code']}-{code}" if parent else code,
        "name": name,
        "path": f"{parent['path'] if parent else '/'}{place_id}/",
        "position": position,
        "width_mm": width,
        "climate_kind": "paper",
        "active": True,
        "remark": "",
        "version": 1,
    }


def _stand(rng: Random, boxes: list[Row], shelves: list[Row]) -> None:
    """Put boxes side by side, shelf after shelf, with some room left on each."""
    free, at, position = SHELF_MM, 0, 0
    for box in boxes[: len(boxes) - len(boxes) // 20]:
        if box["spine_mm"] > free - rng.choice((0, 0, 100, 300)):
            at, free, position = at + 1, SHELF_MM, 0
        if at >= len(shelves):
            return
        position += 1
        box["place_id"], box["position"] = shelves[at]["id"], position
        free -= box["spine_mm"]


def _number(session: Session, boxes: list[Row], *, now: datetime) -> None:
    """Enter the numbers of boxes in the ledger."""
    entries = [
        {
            "id": new_id(),
            "series": f"box|{box['fonds_code']}|{box['year']}",
            "value": int(box["number"].rpartition("H")[2]),
            "text": box["number"],
            "holder_kind": "box",
            "holder_id": box["id"],
            "taken_by": box["created_by"],
            "taken_at": now,
        }
        for box in boxes
    ]
    last = {entry["series"]: entry["value"] for entry in sorted(entries, key=itemgetter("value"))}
    session.execute(insert(NumberSeries), [{"name": name, "last": value} for name, value in last.items()])
    session.execute(insert(NumberEntry), entries)
