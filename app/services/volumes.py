"""Forming volumes 案卷 of one customer's items, and boxing them as one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.errors import Invalid, NotFound, WrongState
from app.domain.ids import new_id
from app.domain.normal import clean_text
from app.domain.policy import Action, Target, may
from app.models.accounts import Branch
from app.models.documents import Category, Document
from app.models.storage import Volume
from app.services import trail
from app.services.boxes import load_box, move_into
from app.services.numbers import take_number
from app.services.papers import lock_paper, require_lendable

MOST_ITEMS = 200


def form_volume(session: Session, actor: Actor, document_ids: Sequence[int], title: str, *, now: datetime) -> int:
    """Bind filed papers of one customer to a volume and return its id.

    They are of one series, year and period, since these stand in its number. What lay in different boxes lies in none
    afterwards. Raises `NotFound`, `Invalid`, `WrongState`.
    """
    papers = _lock_papers(session, actor, document_ids)
    series, year, period = _common(session, papers)
    cleaned = clean_text(title)[:200]
    if not cleaned:
        raise Invalid.field("title", "volume.title_missing")
    boxes = {paper.box_id for paper in papers}
    first, volume_id = papers[0], new_id()
    fonds = session.get_one(Branch, first.branch_id).fonds_code
    volume = Volume(
        id=volume_id,
        branch_id=first.branch_id,
        customer_id=first.customer_id,
        policy_id=_shared([paper.policy_id for paper in papers]),
        claim_id=_shared([paper.claim_id for paper in papers]),
        box_id=boxes.pop() if len(boxes) == 1 else None,
        number=take_number(
            session,
            actor,
            f"volume|{fonds}|{series}|{year}|{period}",
            lambda value: f"{fonds}-ZY·{series}·{year}·{period}-AJ{value:05d}",
            holder_kind="volume",
            holder_id=volume_id,
            now=now,
        ),
        title=cleaned,
        series=series,
        year=year,
        period=period,
        level=max(paper.level for paper in papers),
        state="open",
        created_by=actor.account_id,
        created_at=now,
        version=1,
    )
    session.add(volume)
    session.flush()
    for paper in papers:
        paper.volume_id = volume_id
        if paper.box_id != volume.box_id:
            move_into(session, actor, paper, volume.box_id, now=now)
    trail.record(session, actor, "volume_formed", _subject(volume), now=now, after={"items": len(papers)})
    return volume_id


def box_volume(session: Session, actor: Actor, box_id: int, volume_id: int, *, now: datetime) -> int:
    """Put a volume with all its items into a box of its branch and return how many items moved.

    Raises `NotFound`, `Invalid`, `WrongState` also when one of its items is away: a volume moves whole.
    """
    box, volume = load_box(session, actor, box_id), load_volume(session, actor, volume_id)
    if volume.branch_id != box.branch_id:
        raise Invalid.field("code", "boxing.other_branch")
    if volume.box_id == box.id:
        raise WrongState("boxing.there_already")
    ids = session.scalars(select(Document.id).where(Document.volume_id == volume.id).order_by(Document.id)).all()
    papers = [lock_paper(session, document_id) for document_id in ids]
    for paper in papers:
        require_lendable(paper)
    volume.box_id = box.id
    volume.version += 1
    for paper in papers:
        move_into(session, actor, paper, box.id, now=now)
    trail.record(session, actor, "volume_boxed", _subject(volume), now=now, after={"box": box.number})
    return len(papers)


def load_volume(session: Session, actor: Actor, volume_id: int) -> Volume:
    """Return a volume that `actor` may keep, locked; raises `NotFound`."""
    volume = session.scalar(select(Volume).where(Volume.id == volume_id).with_for_update(of=Volume))
    if volume is None or not may(actor, Action.STORAGE_EDIT, Target(volume.branch_id, volume.level)):
        raise NotFound
    return volume


def _lock_papers(session: Session, actor: Actor, document_ids: Sequence[int]) -> list[Document]:
    """Return the items in the order they were named, locked by their ids."""
    if not document_ids:
        raise Invalid.field("items", "volume.no_items")
    if len(document_ids) > MOST_ITEMS:
        raise Invalid.field("items", "volume.too_many")
    locked = {document_id: lock_paper(session, document_id) for document_id in sorted(set(document_ids))}
    for paper in locked.values():
        if not may(actor, Action.STORAGE_EDIT, Target(paper.branch_id, paper.level)):
            raise NotFound
        require_lendable(paper)
        if paper.volume_id is not None:
            raise Invalid.field("items", "volume.bound_already")
    return [locked[document_id] for document_id in dict.fromkeys(document_ids)]


def _common(session: Session, papers: Sequence[Document]) -> tuple[str, int, str]:
    """Return series, year and period that all items share; raises `Invalid` when they don't, or have two owners."""
    if len({(paper.customer_id, paper.branch_id) for paper in papers}) > 1:
        raise Invalid.field("items", "volume.two_customers")
    categories = {paper.category_id for paper in papers}
    series = set(session.scalars(select(Category.series).where(Category.id.in_(categories))))
    years = {paper.formed_on.year if paper.formed_on else 0 for paper in papers}
    periods = {paper.period for paper in papers}
    if len(series) > 1 or len(years) > 1 or len(periods) > 1 or years == {0}:
        raise Invalid.field("items", "volume.mixed")
    return series.pop(), years.pop(), periods.pop()


def _shared(ids: Sequence[int | None]) -> int | None:
    return ids[0] if len(set(ids)) == 1 else None


def _subject(volume: Volume) -> trail.Subject:
    return trail.Subject("volume", volume.id, volume.number, volume.customer_id)
