"""Keeping places 库位: making one or many, renaming and changing them, closing what is empty."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.climate_seeds import LIMITS
from app.domain.errors import Invalid, NotAllowed, NotFound, WrongState
from app.domain.ids import new_id
from app.domain.normal import clean_text
from app.domain.places import (
    WIDEST_SHELF,
    Pattern,
    PlaceKind,
    Planned,
    check_pattern,
    clean_code,
    join_code,
    kinds_inside,
    moved_code,
    planned,
)
from app.domain.policy import Action, Target, may
from app.models.accounts import Branch
from app.models.storage import Box, Place
from app.queries.visibility import branches_in
from app.services import trail
from app.services.changes import apply_changes

CLIMATE_KINDS = tuple(seed.kind for seed in LIMITS)


@dataclass(frozen=True, slots=True)
class PlaceData:
    """The fields of a place as typed; `kind` never changes afterwards."""

    kind: str
    code: str
    name: str = ""
    width_mm: int = 0
    climate_kind: str = "paper"
    position: int = 0
    remark: str = ""


def create_place(
    session: Session,
    actor: Actor,
    parent_id: int | None,
    typed: PlaceData,
    *,
    branch_id: int | None = None,
    now: datetime,
) -> int:
    """Make a place inside another one, or a room of `branch_id`, and return its id.

    Raises `NotFound`, `NotAllowed`, `Invalid`.
    """
    parent = load_place(session, actor, parent_id, Action.STORAGE_EDIT) if parent_id else None
    home = parent.branch_id if parent else branch_id or actor.branch_id
    if parent is None:
        _require_branch(session, actor, home)
    elif not parent.active:
        raise WrongState("place.closed")
    checked = _check(typed)
    if checked.kind not in kinds_inside(parent.kind if parent else None):
        raise Invalid.field("kind", "place.kind")
    place = _make(parent, home, checked)
    _refuse_taken(session, home, [place.full_code])
    session.add(place)
    _note(session, actor, "place_created", place, now=now, after={"kind": place.kind, "name": place.name})
    return place.id


def create_many(session: Session, actor: Actor, parent_id: int, pattern: Pattern, *, now: datetime) -> int:
    """Make all places of a pattern inside one place and return how many they are.

    Raises `NotFound`, `NotAllowed`, `Invalid` also when a code is taken: then none is made.
    """
    parent = load_place(session, actor, parent_id, Action.STORAGE_EDIT)
    if not parent.active:
        raise WrongState("place.closed")
    check_pattern(pattern, parent.kind)
    made: dict[tuple[str, ...], Place] = {(): parent}
    for plan in planned(pattern):
        made[plan.path] = _make(made[plan.path[:-1]], parent.branch_id, _data(plan))
    del made[()]
    _refuse_taken(session, parent.branch_id, [place.full_code for place in made.values()])
    # A place refers to its parent: level by level, so that the parents are there first.
    for depth in sorted({len(path) for path in made}):
        session.add_all(place for path, place in made.items() if len(path) == depth)
        session.flush()
    after = {name: value for name, value in asdict(pattern).items() if value}
    _note(session, actor, "places_created", parent, now=now, after={"count": len(made), **after})
    return len(made)


def edit_place(session: Session, actor: Actor, place_id: int, typed: PlaceData, *, version: int, now: datetime) -> None:
    """Change a place; a new code goes into the full codes of everything inside it.

    Raises `NotFound`, `NotAllowed`, `Invalid`, and `ChangedMeanwhile` with both texts.
    """
    place = load_place(session, actor, place_id, Action.STORAGE_EDIT)
    checked = _check(replace(typed, kind=place.kind))
    if place.kind == PlaceKind.SHELF and checked.width_mm and checked.width_mm < used_on(session, place.id):
        raise Invalid.field("width_mm", "place.width_below_used")
    old_code = place.full_code
    values = {name: value for name, value in asdict(checked).items() if name != "kind"}
    before, after = apply_changes(place, values, version=version, show=_show)
    if not after:
        return
    if place.code != old_code.rpartition("-")[2]:
        _rename(session, place, old_code)
    _note(session, actor, "place_changed", place, now=now, before=before, after=after)


def close_place(session: Session, actor: Actor, place_id: int, *, now: datetime) -> None:
    """Take an empty place with everything inside it out of use; raises `WrongState` while a box stands there."""
    place = load_place(session, actor, place_id, Action.STORAGE_EDIT)
    if not place.active:
        raise WrongState("place.closed")
    inside = select(Place.id).where(Place.path.startswith(place.path))
    if session.scalar(select(func.count()).select_from(Box).where(Box.place_id.in_(inside))):
        raise WrongState("place.not_empty")
    _switch(session, place, on=False)
    _note(session, actor, "place_closed", place, now=now)


def reopen_place(session: Session, actor: Actor, place_id: int, *, now: datetime) -> None:
    """Bring a closed place back into use with everything inside it."""
    place = load_place(session, actor, place_id, Action.STORAGE_EDIT)
    if place.active:
        raise WrongState("place.open")
    parent = session.get(Place, place.parent_id) if place.parent_id else None
    if parent is not None and not parent.active:
        raise WrongState("place.parent_closed")
    _switch(session, place, on=True)
    _note(session, actor, "place_reopened", place, now=now)


def load_place(session: Session, actor: Actor, place_id: int, action: Action) -> Place:
    """Return a place of a branch in which `actor` may do `action`, locked.

    Raises `NotFound` for one that he may not see, `NotAllowed` for one that he may see only.
    """
    statement = select(Place).where(Place.id == place_id)
    found = session.scalar(
        statement.where(branches_in(actor, action, Place.branch_id))
        .with_for_update(of=Place)
        .execution_options(populate_existing=True)
    )
    if found is not None:
        return found
    if session.scalar(statement.where(branches_in(actor, Action.STORAGE_VIEW, Place.branch_id))) is None:
        raise NotFound
    raise NotAllowed(action)


def used_on(session: Session, place_id: int) -> int:
    """Return how many millimetres of spines stand directly on a place."""
    return session.scalar(select(func.coalesce(func.sum(Box.spine_mm), 0)).where(Box.place_id == place_id)) or 0


def _require_branch(session: Session, actor: Actor, branch_id: int) -> None:
    if session.get(Branch, branch_id) is None:
        raise NotFound
    if not may(actor, Action.STORAGE_EDIT, Target(branch_id)):
        raise NotAllowed(Action.STORAGE_EDIT)


def _check(typed: PlaceData) -> PlaceData:
    if typed.climate_kind not in CLIMATE_KINDS:
        raise Invalid.field("climate_kind", "place.climate")
    is_shelf = typed.kind == PlaceKind.SHELF
    if not 0 <= typed.width_mm <= WIDEST_SHELF:
        raise Invalid.field("width_mm", "place.width")
    return replace(
        typed,
        code=clean_code(typed.code),
        name=clean_text(typed.name)[:60],
        remark=clean_text(typed.remark)[:200],
        width_mm=typed.width_mm if is_shelf else 0,
        position=min(max(typed.position, 0), 9_999),
    )


def _data(plan: Planned) -> PlaceData:
    return PlaceData(plan.kind.value, plan.path[-1], width_mm=plan.width_mm, position=plan.position)


def _make(parent: Place | None, branch_id: int, data: PlaceData) -> Place:
    place_id = new_id()
    return Place(
        id=place_id,
        branch_id=branch_id,
        parent_id=parent.id if parent else None,
        full_code=join_code(parent.full_code if parent else "", data.code),
        path=f"{parent.path if parent else '/'}{place_id}/",
        active=True,
        version=1,
        **asdict(data),
    )


def _refuse_taken(session: Session, branch_id: int, codes: list[str], *, but: int = 0) -> None:
    taken = select(Place.id).where(Place.branch_id == branch_id, Place.id != but)
    for start in range(0, len(codes), 500):
        if session.scalar(taken.where(Place.full_code.in_(codes[start : start + 500])).limit(1)) is not None:
            raise Invalid.field("code", "place.code_taken")


def _rename(session: Session, place: Place, old_code: str) -> None:
    parent = session.get(Place, place.parent_id) if place.parent_id else None
    new_code = join_code(parent.full_code if parent else "", place.code)
    _refuse_taken(session, place.branch_id, [new_code], but=place.id)
    for inner in session.scalars(select(Place).where(Place.path.startswith(place.path), Place.id != place.id)):
        inner.full_code = join_code("", moved_code(inner.full_code, old_code, new_code))
    place.full_code = new_code


def _switch(session: Session, place: Place, *, on: bool) -> None:
    session.execute(
        update(Place)
        .where(Place.path.startswith(place.path), Place.id != place.id)
        .values(active=on)
        .execution_options(synchronize_session="fetch")
    )
    place.active = on
    place.version += 1


def _note(session: Session, actor: Actor, event: str, place: Place, *, now: datetime, **texts: Any) -> None:
    session.flush()
    trail.record(session, actor, event, trail.Subject("place", place.id, place.full_code), now=now, **texts)


def _show(_field: str, value: Any) -> str:
    return "" if value is None else str(value)
