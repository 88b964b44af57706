"""Forming volumes 案卷 of items, and boxing them as one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.errors import Invalid, NotAllowed, NotFound, WrongState
from app.domain.ids import new_id
from app.domain.normal import clean_text
from app.domain.policy import Action, Target, may
from app.domain.volumes import VolumeKind, number_pages
from app.models.accounts import Branch
from app.models.customers import Customer
from app.models.documents import Category, Document
from app.models.storage import Volume
from app.queries.visibility import volumes_for
from app.queries.volume_measure import measure_of
from app.services import trail
from app.services.boxes import load_box, move_into
from app.services.numbers import take_number
from app.services.papers import lock_paper, require_lendable

MOST_ITEMS = 200


@dataclass(frozen=True, slots=True)
class VolumeHead:
    """What a volume is called and what stands in its number."""

    kind: VolumeKind
    title: str
    series: str
    year: int
    period: str
    claim_id: int | None = None


def form_volume(session: Session, actor: Actor, document_ids: Sequence[int], title: str, *, now: datetime) -> int:
    """Bind filed papers of one customer to a volume, in the order in which they are named, and return its id.

    They are of one series, year and period, since these stand in its number. What lay in different boxes lies in none
    afterwards. Raises `NotFound`, `Invalid`, `WrongState`.
    """
    papers = lock_papers(session, actor, document_ids, Action.STORAGE_EDIT)
    if len({(paper.customer_id, paper.branch_id) for paper in papers}) > 1:
        raise Invalid.field("items", "volume.two_customers")
    series, year, period = common_mark(session, papers)
    cleaned = clean_title(title)
    claim, policy = shared([paper.claim_id for paper in papers]), shared([paper.policy_id for paper in papers])
    kind = VolumeKind.CLAIM if claim else VolumeKind.POLICY if policy else VolumeKind.CUSTOMER
    return make_volume(session, actor, papers, VolumeHead(kind, cleaned, series, year, period, claim), now=now)


def make_volume(session: Session, actor: Actor, papers: Sequence[Document], head: VolumeHead, *, now: datetime) -> int:
    """Write a volume of locked papers that belong together, number its pages from 1 and return its id."""
    boxes = {paper.box_id for paper in papers}
    branch_id, volume_id = papers[0].branch_id, new_id()
    fonds = session.get_one(Branch, branch_id).fonds_code
    volume = Volume(
        id=volume_id,
        branch_id=branch_id,
        kind=head.kind.value,
        claim_id=head.claim_id,
        box_id=boxes.pop() if len(boxes) == 1 else None,
        number=take_number(
            session,
            actor,
            f"volume|{fonds}|{head.series}|{head.year}|{head.period}",
            lambda value: f"{fonds}-ZY·{head.series}·{head.year}·{head.period}-AJ{value:05d}",
            holder_kind="volume",
            holder_id=volume_id,
            now=now,
        ),
        title=head.title,
        series=head.series,
        year=head.year,
        period=head.period,
        level=max(paper.level for paper in papers),
        state="open",
        created_by=actor.account_id,
        created_at=now,
        version=0,
    )
    session.add(volume)
    session.flush()
    for paper in papers:
        bind_in(session, actor, volume, paper, now=now)
    count_through(session, volume, papers)
    after = {"items": len(papers), "pages": volume.page_count}
    trail.record(session, actor, "volume_formed", volume_subject(volume), now=now, after=after)
    return volume_id


def bind_in(session: Session, actor: Actor, volume: Volume, paper: Document, *, now: datetime) -> None:
    """Put a locked paper into a volume, and so into the volume's box."""
    paper.volume_id = volume.id
    if paper.box_id != volume.box_id:
        move_into(session, actor, paper, volume.box_id, now=now)


def count_through(session: Session, volume: Volume, papers: Sequence[Document]) -> None:
    """Number the items of a locked volume and their pages from 1 in this order; what the volume is follows from them."""
    spans = number_pages([paper.page_count for paper in papers])
    for position, (paper, span) in enumerate(zip(papers, spans, strict=True), start=1):
        paper.volume_position = position
        paper.first_page, paper.last_page = span or (None, None)
    volume.page_count = sum(max(paper.page_count, 0) for paper in papers)
    volume.thickness_mm = measure_of(session).thickness(volume.page_count)
    volume.customer_id = shared([paper.customer_id for paper in papers])
    volume.policy_id = shared([paper.policy_id for paper in papers])
    volume.level = highest_level(session, papers, volume.level)
    volume.version += 1
    session.flush()


def highest_level(session: Session, papers: Sequence[Document], otherwise: int) -> int:
    """Return how confidential papers are together; each is so as its customer at least."""
    customers = {paper.customer_id for paper in papers}
    levels = session.scalars(select(Customer.level).where(Customer.id.in_(customers))).all()
    return max([*(paper.level for paper in papers), *levels], default=otherwise)


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
    trail.record(session, actor, "volume_boxed", volume_subject(volume), now=now, after={"box": box.number})
    return len(papers)


def load_volume(
    session: Session, actor: Actor, volume_id: int, action: Action = Action.STORAGE_EDIT, see: Action | None = None
) -> Volume:
    """Return a volume on which `actor` may do `action`, locked and fresh.

    Raises `NotFound`, and `NotAllowed` for one that he may see (`see`) but not so.
    """
    statement = select(Volume).where(Volume.id == volume_id)
    found = session.scalar(
        statement.where(volumes_for(actor, action)).with_for_update(of=Volume).execution_options(populate_existing=True)
    )
    if found is not None:
        return found
    if see is None or session.scalar(statement.where(volumes_for(actor, see))) is None:
        raise NotFound
    raise NotAllowed(action)


def lock_papers(
    session: Session, actor: Actor, document_ids: Sequence[int], action: Action = Action.VOLUME_BIND
) -> list[Document]:
    """Return filed papers at rest that no volume holds, in the order they were named, locked by their ids."""
    if not document_ids:
        raise Invalid.field("items", "volume.no_items")
    if len(document_ids) > MOST_ITEMS:
        raise Invalid.field("items", "volume.too_many")
    locked = {document_id: lock_paper(session, document_id) for document_id in sorted(set(document_ids))}
    for paper in locked.values():
        if paper.case_id in actor.barred or not may(actor, action, Target(paper.branch_id, paper.level)):
            raise NotFound
        require_lendable(paper)
        if paper.volume_id is not None:
            raise Invalid.field("items", "volume.bound_already")
    return [locked[document_id] for document_id in dict.fromkeys(document_ids)]


def common_mark(session: Session, papers: Sequence[Document]) -> tuple[str, int, str]:
    """Return series, year and period that all items share; raises `Invalid` when they don't."""
    categories = {paper.category_id for paper in papers}
    series = set(session.scalars(select(Category.series).where(Category.id.in_(categories))))
    years = {paper.formed_on.year if paper.formed_on else 0 for paper in papers}
    periods = {paper.period for paper in papers}
    if len(series) > 1 or len(years) > 1 or len(periods) > 1 or years == {0}:
        raise Invalid.field("items", "volume.mixed")
    return series.pop(), years.pop(), periods.pop()


def clean_title(title: str) -> str:
    """Return a title as it is kept; raises `Invalid` for none."""
    cleaned = clean_text(title)[:200]
    if not cleaned:
        raise Invalid.field("title", "volume.title_missing")
    return cleaned


def shared(ids: Sequence[int | None]) -> int | None:
    """Return the id that all have, None when they differ or have none."""
    return ids[0] if ids and len(set(ids)) == 1 else None


def volume_subject(volume: Volume) -> trail.Subject:
    """Return a volume as the trail names it."""
    return trail.Subject("volume", volume.id, volume.number, volume.customer_id)
