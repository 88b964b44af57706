"""Reads for the screens of volumes 案卷: the list, one volume with its items, what its 备考表 says before anybody wrote a word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, aliased

from app.domain.actor import Actor
from app.domain.errors import NotFound
from app.domain.masking import mask_name
from app.domain.policy import Action
from app.domain.volumes import (
    Bound,
    Condition,
    Found,
    Measure,
    VolumeState,
    find_faults,
    first_and_last,
    state_of,
)
from app.models.accounts import Account, Branch
from app.models.claims import Claim
from app.models.completeness import MissingPaper
from app.models.customers import Customer
from app.models.documents import Document
from app.models.intake import PaperType
from app.models.policies import Policy
from app.models.rounds import RepairOrder
from app.models.storage import Box, Place, Volume
from app.queries.counting import MOST_COUNTED, count_up_to
from app.queries.keyset import Cursor, PageOf, Sort, read_page
from app.queries.visibility import customers_for, documents_for, volumes_for

PAGE_SIZE = 50
BY_NUMBER = Sort(Volume.number, Volume.id)
AWAY = ("loan", "repair", "transfer", "missing")


@dataclass(frozen=True, slots=True)
class VolumeFilter:
    """What the list is narrowed to; `number` is a beginning, `state` one of `VolumeState`."""

    branch_id: int | None = None
    year: int | None = None
    series: str = ""
    period: str = ""
    state: str = ""
    kind: str = ""
    customer_id: int | None = None
    number: str = ""


@dataclass(frozen=True, slots=True)
class VolumeRow:
    """A line of the list; `away` counts the items that are not on their shelf, `away_as` is what is so with one of them."""

    id: int
    number: str
    title: str
    kind: str
    year: int
    period: str
    level: int
    state: VolumeState
    items: int
    page_count: int
    box_number: str | None
    place_code: str | None
    away: int
    away_as: str
    branch_name: str


@dataclass(frozen=True, slots=True)
class VolumeItem:
    """An item of a volume in its place."""

    id: int
    position: int | None
    document_number: str
    author: str
    title: str
    formed_on: date | None
    level: int
    page_count: int
    first_page: int | None
    last_page: int | None
    archive_number: str
    is_original: bool
    state: str
    whereabouts: str


@dataclass(frozen=True, slots=True)
class VolumeDetail:
    """A volume as its page shows it; `hidden` items are above the reader's level and only counted."""

    id: int
    branch_id: int
    branch_name: str
    fonds_code: str
    fonds_name: str
    kind: str
    number: str
    title: str
    series: str
    year: int
    period: str
    level: int
    state: VolumeState
    page_count: int
    thickness_mm: int
    condition_note: str
    see_also: str
    customer_id: int | None
    customer_name: str
    claim_id: int | None
    claim_number: str
    policy_id: int | None
    policy_number: str
    box_id: int | None
    box_number: str | None
    place_code: str | None
    created_at: datetime
    created_by: str
    closed_by: str
    closed_by_id: int | None
    closed_at: datetime | None
    checked_by: str
    checked_at: datetime | None
    version: int
    may_bind: bool
    may_check: bool
    items: Sequence[VolumeItem]
    hidden: int
    faults: Sequence[Found]

    @property
    def count(self) -> int:
        """How many items there are, with those that the reader may not see."""
        return len(self.items) + self.hidden

    @property
    def span(self) -> tuple[date | None, date | None]:
        """Return the first and the last day of the items that the reader may see 起止日期."""
        return first_and_last([item.formed_on for item in self.items])


def list_volumes(
    session: Session, actor: Actor, wanted: VolumeFilter, *, cursor: Cursor | None = None
) -> PageOf[VolumeRow]:
    """Return a page of the volumes that `actor` may see, by their numbers."""
    found = [volumes_for(actor, Action.VOLUME_VIEW), *_conditions(actor, wanted)]
    total = count_up_to(session, select(Volume.id).where(*found))
    inside = select(func.count()).where(Document.volume_id == Volume.id)
    statement = (
        select(
            Volume.title,
            Volume.kind,
            Volume.year,
            Volume.period,
            Volume.level,
            Volume.state,
            Volume.checked_at,
            Volume.page_count,
            inside.correlate(Volume).scalar_subquery().label("items"),
            inside.where(Document.whereabouts.in_(AWAY)).correlate(Volume).scalar_subquery().label("away"),
            select(func.min(Document.whereabouts))
            .where(Document.volume_id == Volume.id, Document.whereabouts.in_(AWAY))
            .correlate(Volume)
            .scalar_subquery()
            .label("away_as"),
            Box.number.label("box_number"),
            Place.full_code.label("place_code"),
            Branch.name.label("branch_name"),
            Volume.number,
            Volume.id,
        )
        .join(Branch, Branch.id == Volume.branch_id)
        .outerjoin(Box, Box.id == Volume.box_id)
        .outerjoin(Place, Place.id == Box.place_id)
        .where(*found)
    )
    return read_page(
        session, statement, BY_NUMBER, cursor, size=PAGE_SIZE, total=total, make=_make_row, most=MOST_COUNTED
    )


def read_volume(session: Session, actor: Actor, volume_id: int, measure: Measure) -> VolumeDetail:
    """Return one volume with its items in order; raises `NotFound` for one that `actor` may not see."""
    closer, checker, maker = aliased(Account), aliased(Account), aliased(Account)
    row = session.execute(
        select(
            Volume,
            Branch.name.label("branch_name"),
            Branch.fonds_code,
            Branch.fonds_name,
            Customer.name.label("customer_name"),
            Customer.kind.label("customer_kind"),
            customers_for(actor, Action.CUSTOMER_VIEW).label("sees_customer"),
            Claim.number.label("claim_number"),
            Policy.number.label("policy_number"),
            Box.number.label("box_number"),
            Place.full_code.label("place_code"),
            func.coalesce(maker.full_name, "").label("created_by"),
            func.coalesce(closer.full_name, "").label("closed_by"),
            func.coalesce(checker.full_name, "").label("checked_by"),
            volumes_for(actor, Action.VOLUME_BIND).label("may_bind"),
            volumes_for(actor, Action.VOLUME_CHECK).label("may_check"),
        )
        .join(Branch, Branch.id == Volume.branch_id)
        .outerjoin(Customer, Customer.id == Volume.customer_id)
        .outerjoin(Claim, Claim.id == Volume.claim_id)
        .outerjoin(Policy, Policy.id == Volume.policy_id)
        .outerjoin(Box, Box.id == Volume.box_id)
        .outerjoin(Place, Place.id == Box.place_id)
        .outerjoin(maker, maker.id == Volume.created_by)
        .outerjoin(closer, closer.id == Volume.closed_by)
        .outerjoin(checker, checker.id == Volume.checked_by)
        .where(Volume.id == volume_id, volumes_for(actor, Action.VOLUME_VIEW))
    ).first()
    if row is None:
        raise NotFound
    return _make_detail(actor, row, _items(session, actor, volume_id), measure)


def condition_of(session: Session, volume: VolumeDetail) -> Condition:
    """Return what is to be said of a volume: copies instead of originals, damage, papers that are owed 欠件."""
    places = {item.id: at for at, item in enumerate(volume.items, start=1)}
    damaged = session.scalars(
        select(RepairOrder.document_id).where(
            RepairOrder.document_id.in_(places), RepairOrder.state.in_(("ordered", "working", "finished"))
        )
    )
    return Condition(
        items=volume.count,
        pages=volume.page_count,
        copies=[places[item.id] for item in volume.items if not item.is_original],
        damaged=sorted({places[document_id] for document_id in damaged}),
        owed=_owed(session, volume),
    )


def _owed(session: Session, volume: VolumeDetail) -> Sequence[str]:
    if volume.claim_id is None and volume.policy_id is None:
        return ()
    # What a claim owes stands in the claim's volume, what the policy owes in the policy's.
    of = (
        MissingPaper.claim_id == volume.claim_id
        if volume.claim_id is not None
        else (MissingPaper.policy_id == volume.policy_id) & MissingPaper.claim_id.is_(None)
    )
    return session.scalars(
        select(PaperType.name)
        .join(MissingPaper, MissingPaper.paper_type_id == PaperType.id)
        .where(of, MissingPaper.state.in_(("open", "waiver")))
        .order_by(PaperType.position)
    ).all()


def _items(session: Session, actor: Actor, volume_id: int) -> Sequence[Any]:
    return session.execute(
        select(Document, Customer.name, Customer.kind, documents_for(actor, Action.DOCUMENT_VIEW).label("shown"))
        .join(Customer, Customer.id == Document.customer_id)
        .where(Document.volume_id == volume_id)
        .order_by(Document.volume_position.is_(None), Document.volume_position, Document.archive_number, Document.id)
    ).all()


def _make_detail(actor: Actor, row: Any, found: Sequence[Any], measure: Measure) -> VolumeDetail:
    volume = row.Volume
    shown = [_make_item(document, name, kind) for document, name, kind, seen in found if seen]
    names = (
        "id branch_id kind number title series year period level page_count thickness_mm condition_note see_also "
        "claim_id policy_id box_id created_at closed_at checked_at version"
    )
    return VolumeDetail(
        **{name: getattr(volume, name) for name in names.split()},
        branch_name=row.branch_name,
        fonds_code=row.fonds_code,
        fonds_name=row.fonds_name,
        state=state_of(volume.state, volume.checked_at is not None),
        customer_id=volume.customer_id if row.sees_customer else None,
        customer_name=mask_name(row.customer_name, is_organisation=row.customer_kind == "organisation"),
        claim_number=row.claim_number or "",
        policy_number=row.policy_number or "",
        box_number=row.box_number,
        place_code=row.place_code,
        created_by=row.created_by,
        closed_by=row.closed_by,
        closed_by_id=volume.closed_by,
        checked_by=row.checked_by,
        may_bind=bool(row.may_bind),
        may_check=bool(row.may_check) and volume.closed_by != actor.account_id,
        items=shown,
        hidden=len(found) - len(shown),
        faults=find_faults([_bound(document) for document, *_ in found], measure, kind=volume.kind),
    )


def _make_item(document: Document, name: str, kind: str) -> VolumeItem:
    masked = mask_name(name, is_organisation=kind == "organisation")
    plain = "id document_number title formed_on level page_count first_page last_page is_original state whereabouts"
    return VolumeItem(
        **{field: getattr(document, field) for field in plain.split()},
        position=document.volume_position,
        archive_number=document.archive_number or "",
        author=masked if document.author == name else document.author,
    )


def _bound(document: Document) -> Bound:
    return Bound(
        document.page_count,
        document.first_page,
        document.last_page,
        document.volume_position,
        document.formed_on.year if document.formed_on else None,
        document.state,
    )


def _conditions(actor: Actor, wanted: VolumeFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    for column, value in (
        (Volume.branch_id, wanted.branch_id),
        (Volume.year, wanted.year),
        (Volume.series, wanted.series),
        (Volume.period, wanted.period),
        (Volume.kind, wanted.kind),
    ):
        if value not in (None, ""):
            conditions.append(column == value)
    if wanted.state:
        conditions.append(Volume.state == ("open" if wanted.state == VolumeState.OPEN else "closed"))
    if wanted.state == VolumeState.CLOSED:
        conditions.append(Volume.checked_at.is_(None))
    if wanted.state == VolumeState.CHECKED:
        conditions.append(Volume.checked_at.is_not(None))
    if wanted.customer_id is not None:
        conditions.append(Volume.id.in_(_volumes_of(actor, wanted.customer_id)))
    if wanted.number:
        conditions.append(Volume.number.startswith(wanted.number.upper(), autoescape=True))
    return conditions


def _volumes_of(actor: Actor, customer_id: int) -> Any:
    """Volumes that hold a paper of a customer which the reader may see."""
    return (
        select(Document.volume_id)
        .join(Customer, Customer.id == Document.customer_id)
        .where(
            Document.customer_id == customer_id,
            Document.volume_id.is_not(None),
            documents_for(actor, Action.DOCUMENT_VIEW),
        )
    )


def _make_row(row: Any) -> VolumeRow:
    plain = "id number title kind year period level items page_count box_number place_code away branch_name"
    return VolumeRow(
        **{name: getattr(row, name) for name in plain.split()},
        state=state_of(row.state, row.checked_at is not None),
        away_as=row.away_as or "",
    )
