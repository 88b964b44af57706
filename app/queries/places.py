"""Reads for the storeroom screens: rooms with their fill, the tree, the picture of a room's shelves, one place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import Session, aliased

from app.domain.actor import Actor
from app.domain.errors import NotFound
from app.domain.places import Fill, PlaceKind
from app.domain.policy import Action
from app.models.accounts import Branch
from app.models.climate import ClimateAlarm
from app.models.documents import Document
from app.models.storage import Box, Place
from app.queries.visibility import branches_in

MOST_DRAWN = 3_000


@dataclass(frozen=True, slots=True)
class RoomRow:
    """A room in the list: its shelves, how full they are, its open alarms."""

    id: int
    full_code: str
    name: str
    branch_name: str
    climate_kind: str
    active: bool
    shelves: int
    boxes: int
    fill: Fill
    alarms: int


@dataclass(frozen=True, slots=True)
class PlaceNode:
    """A place of the tree, with what stands in it and below."""

    id: int
    kind: str
    code: str
    full_code: str
    name: str
    depth: int
    active: bool
    boxes: int
    fill: Fill


@dataclass(frozen=True, slots=True)
class ShelfCell:
    """A shelf in the picture of a room."""

    id: int
    code: str
    full_code: str
    fill: Fill
    boxes: int
    active: bool


@dataclass(frozen=True, slots=True)
class RowPicture:
    """A row of the picture: bays side by side, shelves one above the other; a place without a shelf is None."""

    id: int
    code: str
    bays: Sequence[tuple[int, str]]
    levels: Sequence[tuple[str, Sequence[ShelfCell | None]]]


@dataclass(frozen=True, slots=True)
class Crumb:
    """A place on the way down to another one."""

    id: int
    kind: str
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class BoxOnShelf:
    """A box as it stands on its place."""

    id: int
    number: str
    position: int
    spine_mm: int
    title: str
    series: str
    year: int | None
    period: str
    items: int


@dataclass(frozen=True, slots=True)
class PlaceDetail:
    """A place as its page shows it."""

    id: int
    parent_id: int | None
    branch_id: int
    branch_name: str
    kind: str
    code: str
    full_code: str
    name: str
    width_mm: int
    climate_kind: str
    position: int
    active: bool
    remark: str
    version: int
    crumbs: Sequence[Crumb]
    may_edit: bool


def list_rooms(session: Session, actor: Actor) -> Sequence[RoomRow]:
    """Return the rooms of the branches whose storerooms `actor` may look into, in one statement."""
    inner = aliased(Place)
    shelf = and_(inner.kind == PlaceKind.SHELF.value, inner.active)
    spines = select(Box.place_id, func.count().label("boxes"), func.sum(Box.spine_mm).label("used")).group_by(
        Box.place_id
    )
    standing = spines.where(Box.place_id.is_not(None)).subquery()
    open_alarms = (
        select(func.count())
        .where(ClimateAlarm.place_id == Place.id, ClimateAlarm.ended_at.is_(None))
        .correlate(Place)
        .scalar_subquery()
    )
    rows = session.execute(
        select(
            Place.id,
            Place.full_code,
            Place.name,
            Branch.name.label("branch_name"),
            Place.climate_kind,
            Place.active,
            func.coalesce(func.sum(case((shelf, 1), else_=0)), 0).label("shelves"),
            func.coalesce(func.sum(standing.c.boxes), 0).label("boxes"),
            func.coalesce(func.sum(case((shelf, standing.c.used), else_=0)), 0).label("used"),
            func.coalesce(func.sum(case((shelf, inner.width_mm), else_=0)), 0).label("width"),
            open_alarms.label("alarms"),
        )
        .join(Branch, Branch.id == Place.branch_id)
        .outerjoin(inner, and_(inner.branch_id == Place.branch_id, inner.path.startswith(Place.path)))
        .outerjoin(standing, standing.c.place_id == inner.id)
        .where(Place.kind == PlaceKind.ROOM.value, branches_in(actor, Action.STORAGE_VIEW, Place.branch_id))
        .group_by(Place.id, Branch.id)
        .order_by(Branch.path, Place.position, Place.full_code)
    )
    return [
        RoomRow(
            row.id,
            row.full_code,
            row.name,
            row.branch_name,
            row.climate_kind,
            row.active,
            int(row.shelves),
            int(row.boxes),
            Fill(int(row.used or 0), int(row.width)),
            row.alarms,
        )
        for row in rows
    ]


def room_choices(session: Session, actor: Actor, action: Action = Action.STORAGE_VIEW) -> Sequence[tuple[int, str]]:
    """Return id and name of every open room for choosing."""
    rows = session.execute(
        select(Place.id, Place.full_code, Place.name, Branch.name)
        .join(Branch, Branch.id == Place.branch_id)
        .where(Place.kind == PlaceKind.ROOM.value, Place.active, branches_in(actor, action, Place.branch_id))
        .order_by(Branch.path, Place.full_code)
    )
    return [(room_id, f"{branch} {code} {name}".strip()) for room_id, code, name, branch in rows]


def read_place(session: Session, actor: Actor, place_id: int) -> PlaceDetail:
    """Return one place with the way down to it; raises `NotFound` for one that `actor` may not see."""
    row = session.execute(
        select(Place, Branch.name, branches_in(actor, Action.STORAGE_EDIT, Place.branch_id))
        .join(Branch, Branch.id == Place.branch_id)
        .where(Place.id == place_id, branches_in(actor, Action.STORAGE_VIEW, Place.branch_id))
    ).first()
    if row is None:
        raise NotFound
    place, branch_name, may_edit = row
    names = "id parent_id branch_id kind code full_code name width_mm climate_kind position active remark version"
    plain = {name: getattr(place, name) for name in names.split()}
    return PlaceDetail(**plain, branch_name=branch_name, crumbs=_way_down(session, place), may_edit=bool(may_edit))


def tree_below(session: Session, place: PlaceDetail) -> Sequence[PlaceNode]:
    """Return everything inside a place that the reader has been shown, each place followed by those in it."""
    return _Tree(_inside(session, place.id)).nodes(place.id)


def picture_of(session: Session, place: PlaceDetail) -> Sequence[RowPicture]:
    """Return the shelves inside a place as rows, bays and levels, as they stand in the room."""
    return _Tree(_inside(session, place.id)).picture(place.id)


def boxes_on(session: Session, place_id: int) -> Sequence[BoxOnShelf]:
    """Return the boxes that stand directly on a place, from the left."""
    items = select(func.count()).where(Document.box_id == Box.id).correlate(Box).scalar_subquery()
    rows = session.execute(
        select(
            Box.id,
            Box.number,
            Box.position,
            Box.spine_mm,
            Box.title,
            Box.series,
            Box.year,
            Box.period,
            items,
        )
        .where(Box.place_id == place_id)
        .order_by(Box.position, Box.id)
        .limit(500)
    )
    return [BoxOnShelf(*row) for row in rows]


@dataclass(slots=True)
class _Node:
    """A row of the database, with what stands in it and below."""

    row: Any
    boxes: int
    used: int
    width: int
    inner: list[int] = field(default_factory=list)


class _Tree:
    """Places by their parents; sums run upwards."""

    def __init__(self, rows: Iterable[Any]) -> None:
        self._nodes: dict[int, _Node] = {}
        ordered = list(rows)
        for row in ordered:
            width = row.width_mm if row.kind == PlaceKind.SHELF and row.active else 0
            self._nodes[row.id] = _Node(row, row.boxes, row.used if row.kind == PlaceKind.SHELF else 0, width)
        for row in sorted(ordered, key=lambda row: -row.path.count("/")):
            above = self._nodes.get(row.parent_id)
            if above is not None:
                node = self._nodes[row.id]
                above.inner.append(row.id)
                above.boxes += node.boxes
                above.used += node.used
                above.width += node.width
        for node in self._nodes.values():
            node.inner.sort(key=lambda inner: (self._nodes[inner].row.position, self._nodes[inner].row.code))

    def nodes(self, root: int, depth: int = 0) -> Sequence[PlaceNode]:
        """Return what is inside `root`, depth first."""
        found: list[PlaceNode] = []
        for inner in self._nodes[root].inner if root in self._nodes else ():
            found.append(self._shown(inner, depth))
            found.extend(self.nodes(inner, depth + 1))
        return found

    def picture(self, root: int) -> Sequence[RowPicture]:
        """Return the rows inside `root`; shelves that stand in no row make a row of their own."""
        if root not in self._nodes:
            return ()
        rows: dict[int, dict[int, list[int]]] = {}
        self._gather(root, root, root, rows)
        return [self._row(row_id, bays) for row_id, bays in rows.items()]

    def _gather(self, at: int, row: int, bay: int, rows: dict[int, dict[int, list[int]]]) -> None:
        kind = self._nodes[at].row.kind
        if kind == PlaceKind.SHELF:
            rows.setdefault(row, {}).setdefault(bay, []).append(at)
            return
        row = at if kind in (PlaceKind.ZONE, PlaceKind.ROW) else row
        bay = at
        for inner in self._nodes[at].inner:
            self._gather(inner, row, bay, rows)

    def _row(self, row_id: int, bays: Mapping[int, list[int]]) -> RowPicture:
        columns = [{self._nodes[shelf].row.code: shelf for shelf in shelves} for shelves in bays.values()]
        codes = sorted({code for column in columns for code in column}, key=lambda code: (len(code), code))
        return RowPicture(
            id=row_id,
            code=self._nodes[row_id].row.full_code,
            bays=[(bay, self._nodes[bay].row.code) for bay in bays],
            levels=[(code, [self._cell(column.get(code)) for column in columns]) for code in codes],
        )

    def _cell(self, shelf: int | None) -> ShelfCell | None:
        if shelf is None:
            return None
        node = self._nodes[shelf]
        fill = Fill(node.used, node.row.width_mm)
        return ShelfCell(shelf, node.row.code, node.row.full_code, fill, node.boxes, node.row.active)

    def _shown(self, place_id: int, depth: int) -> PlaceNode:
        node, row = self._nodes[place_id], self._nodes[place_id].row
        fill = Fill(node.used, node.width)
        return PlaceNode(row.id, row.kind, row.code, row.full_code, row.name, depth, row.active, node.boxes, fill)


def _inside(session: Session, place_id: int) -> Sequence[Any]:
    """Return a place and everything inside it, with the boxes that stand directly on each, in one statement."""
    root = aliased(Place)
    path = select(root.path).where(root.id == place_id).scalar_subquery()
    standing = (
        select(Box.place_id, func.count().label("boxes"), func.sum(Box.spine_mm).label("used"))
        .where(Box.place_id.is_not(None))
        .group_by(Box.place_id)
        .subquery()
    )
    return session.execute(
        select(
            Place.id,
            Place.parent_id,
            Place.kind,
            Place.code,
            Place.full_code,
            Place.name,
            Place.path,
            Place.position,
            Place.width_mm,
            Place.active,
            func.coalesce(standing.c.boxes, 0).label("boxes"),
            func.coalesce(standing.c.used, 0).label("used"),
        )
        .outerjoin(standing, standing.c.place_id == Place.id)
        .where(Place.path.startswith(path))
        .order_by(Place.path)
        .limit(MOST_DRAWN)
    ).all()


def _way_down(session: Session, place: Place) -> Sequence[Crumb]:
    ids = [int(part) for part in place.path.split("/") if part and int(part) != place.id]
    if not ids:
        return ()
    rows = session.execute(select(Place.id, Place.kind, Place.code, Place.name, Place.path).where(Place.id.in_(ids)))
    return [Crumb(*row[:4]) for row in sorted(rows, key=lambda row: len(row.path))]
