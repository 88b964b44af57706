"""What is in an open volume and in which order: items put in, taken out, moved; the pages counted anew each time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.errors import Invalid, NotFound, WrongState
from app.domain.policy import Action
from app.domain.volume_order import in_order
from app.domain.volumes import VolumeKind, VolumeStep, moved, next_state, state_of
from app.models.documents import Category, Document
from app.models.storage import Volume
from app.queries.volume_papers import is_litigated, papers_of
from app.services import trail
from app.services.volumes import (
    MOST_ITEMS,
    bind_in,
    clean_title,
    count_through,
    load_volume,
    lock_papers,
    volume_subject,
)


def arrange_by_rule(session: Session, actor: Actor, volume_id: int, *, version: int, now: datetime) -> None:
    """Put the items of an open volume into the order of the rule and number the pages anew."""
    volume = load_open(session, actor, volume_id, version=version)
    locked = {paper.id: paper for paper in lock_items(session, volume.id)}
    ruled = in_order(volume.kind, papers_of(session, locked), litigated=is_litigated(session, volume.claim_id))
    count_through(session, volume, [locked[paper.id] for paper in ruled])
    trail.record(session, actor, "volume_arranged", volume_subject(volume), now=now, after={"order": "rule"})


def renumber(session: Session, actor: Actor, volume_id: int, *, version: int, now: datetime) -> None:
    """Number the pages of an open volume anew, in the order as it is."""
    volume = load_open(session, actor, volume_id, version=version)
    count_through(session, volume, lock_items(session, volume.id))
    trail.record(session, actor, "volume_arranged", volume_subject(volume), now=now, after={"order": "kept"})


def move_item(
    session: Session, actor: Actor, volume_id: int, document_id: int, position: int, *, version: int, now: datetime
) -> None:
    """Put an item at a place of an open volume, from 1; the others make room. Raises `NotFound`, `WrongState`."""
    volume = load_open(session, actor, volume_id, version=version)
    papers = {paper.id: paper for paper in lock_items(session, volume.id)}
    if document_id not in papers:
        raise NotFound
    count_through(session, volume, [papers[item] for item in moved(list(papers), document_id, position)])
    paper = papers[document_id]
    after = {"item": paper.archive_number or "", "position": paper.volume_position}
    trail.record(session, actor, "volume_arranged", volume_subject(volume), now=now, after=after)


def add_item(session: Session, actor: Actor, volume_id: int, document_id: int, *, version: int, now: datetime) -> None:
    """Bind one more filed paper into an open volume, at its end; raises `NotFound`, `Invalid`, `WrongState`."""
    volume = load_open(session, actor, volume_id, version=version)
    there = lock_items(session, volume.id)
    if len(there) >= MOST_ITEMS:
        raise Invalid.field("items", "volume.too_many")
    [paper] = lock_papers(session, actor, [document_id])
    _require_fitting(session, volume, there, paper)
    bind_in(session, actor, volume, paper, now=now)
    count_through(session, volume, [*there, paper])
    after = {"item": paper.archive_number or ""}
    trail.record(session, actor, "volume_item_added", volume_subject(volume), now=now, after=after)


def remove_item(
    session: Session, actor: Actor, volume_id: int, document_id: int, *, version: int, now: datetime
) -> None:
    """Take an item out of an open volume; it stays in the box in which it lies. Raises `NotFound`, `WrongState`."""
    volume = load_open(session, actor, volume_id, version=version)
    papers = lock_items(session, volume.id)
    leaving = next((paper for paper in papers if paper.id == document_id), None)
    if leaving is None:
        raise NotFound
    leaving.volume_id = leaving.volume_position = leaving.first_page = leaving.last_page = None
    count_through(session, volume, [paper for paper in papers if paper is not leaving])
    before = {"item": leaving.archive_number or ""}
    trail.record(session, actor, "volume_item_removed", volume_subject(volume), now=now, before=before)


def rename_volume(session: Session, actor: Actor, volume_id: int, title: str, *, version: int, now: datetime) -> None:
    """Give an open volume another title."""
    volume = load_open(session, actor, volume_id, version=version)
    cleaned = clean_title(title)
    if cleaned == volume.title:
        return
    before, volume.title = volume.title, cleaned
    volume.version += 1
    session.flush()
    trail.record(
        session,
        actor,
        "volume_renamed",
        volume_subject(volume),
        now=now,
        before={"title": before},
        after={"title": cleaned},
    )


def load_open(session: Session, actor: Actor, volume_id: int, *, version: int) -> Volume:
    """Return an open volume under its lock; raises `NotFound`, `NotAllowed`, `WrongState` from an older page as well."""
    volume = load_volume(session, actor, volume_id, Action.VOLUME_BIND, Action.VOLUME_VIEW)
    next_state(state_of(volume.state, volume.checked_at is not None), VolumeStep.CHANGE)
    require_seen(volume, version)
    return volume


def require_seen(volume: Volume, version: int) -> None:
    """Raise `WrongState` when somebody has changed the volume since the page was shown."""
    if volume.version != version:
        raise WrongState("volume.changed")


def lock_items(session: Session, volume_id: int) -> list[Document]:
    """Return the items of a volume in their order, locked; what has no place yet comes last."""
    statement = select(Document).where(Document.volume_id == volume_id).order_by(Document.id)
    locked = session.scalars(statement.with_for_update(of=Document).execution_options(populate_existing=True)).all()
    return sorted(locked, key=lambda paper: (paper.volume_position or len(locked) + 1, paper.archive_number or ""))


def _require_fitting(session: Session, volume: Volume, there: Sequence[Document], paper: Document) -> None:
    """Raise `Invalid` for a paper that does not belong into a volume."""
    if paper.branch_id != volume.branch_id:
        raise Invalid.field("items", "volume.other_branch")
    if volume.kind == VolumeKind.CLAIM:
        if paper.claim_id != volume.claim_id:
            raise Invalid.field("items", "volume.other_claim")
        return
    series = session.scalar(select(Category.series).where(Category.id == paper.category_id))
    year = paper.formed_on.year if paper.formed_on else None
    if (series, year, paper.period) != (volume.series, volume.year, volume.period):
        raise Invalid.field("items", "volume.mixed")
    if volume.kind == VolumeKind.POLICY:
        if paper.policy_id is None or paper.claim_id is not None or paper.case_id is not None:
            raise Invalid.field("items", "volume.no_policy")
    elif any(other.customer_id != paper.customer_id for other in there):
        raise Invalid.field("items", "volume.two_customers")
