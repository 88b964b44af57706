"""Registers as they are ordered and printed: their rows, their filters in words, and the exports that somebody has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.errors import NotFound
from app.domain.policy import Action
from app.domain.register_forms import FORMS, HANDOVER, ROOM, STOCKTAKE, TRANSFER, VOLUME
from app.domain.registers import RegisterFilter, RegisterKind
from app.models.accounts import Branch
from app.models.documents import Category, RetentionPeriod
from app.models.machinery import Export, Job
from app.models.rounds import Stocktake
from app.models.storage import Place, Volume
from app.models.transfers import Transfer
from app.queries.register_rows import READERS
from app.queries.register_rows.reading import SheetEnds, reached
from app.queries.visibility import volumes_for

YEARS = {RegisterKind.FILED_ITEMS: "年度", RegisterKind.CUSTOMERS: "建档年度", RegisterKind.VOLUMES: "年度"}
CHOICES = 50


@dataclass(frozen=True, slots=True)
class ExportRow:
    """A register that somebody asked for, with how far its job is."""

    id: int
    register: str
    serial: str
    state: str
    done: int
    total: int
    fault: str
    rows: int
    pages: int
    created_at: datetime
    expires_at: datetime
    is_there: bool
    is_stopping: bool

    @property
    def is_tried_again(self) -> bool:
        """True for one that failed once and waits for its next try."""
        return self.state == "ready" and bool(self.fault)

    @property
    def is_over(self) -> bool:
        """True for one that nothing comes of any more."""
        return not self.is_there and self.state not in ("ready", "running")

    @property
    def is_workbook(self) -> bool:
        """True for one that a spreadsheet program opens."""
        return self.register.endswith("_xlsx")


@dataclass(frozen=True, slots=True)
class RegisterThing:
    """The thing that a register is of: a room, a stock-taking, a handing over, with its branch and its name."""

    id: int
    branch_id: int
    name: str


def count_rows(session: Session, actor: Actor, kind: RegisterKind, wanted: RegisterFilter) -> int:
    """Return how many rows the register would have."""
    return READERS[kind].count(session, actor, wanted)


def register_rows(
    session: Session, actor: Actor, kind: RegisterKind, wanted: RegisterFilter
) -> Iterator[Sequence[str]]:
    """Yield the rows as texts, masked as paper that leaves the house is, in the order of the register."""
    is_numbered = FORMS[kind].is_numbered
    for position, row in enumerate(READERS[kind].rows(session, actor, wanted), start=1):
        yield [str(position), *row] if is_numbered else row


def sheet_ends(session: Session, actor: Actor, kind: RegisterKind, wanted: RegisterFilter) -> SheetEnds:
    """Return what stands over and under the rows, and who has signed."""
    return READERS[kind].ends(session, actor, wanted)


def register_thing(session: Session, actor: Actor, kind: RegisterKind, wanted: RegisterFilter) -> RegisterThing | None:
    """Return what the register is of, None for one of a whole branch; raises `NotFound` for what one may not see."""
    field = thing_field(kind)
    if not field:
        return None
    found = find_thing(session, actor, field, (wanted.room_id if field == ROOM else wanted.thing_id) or 0)
    if found is None:
        raise NotFound
    return found


def thing_field(kind: RegisterKind) -> str:
    """Return the field that names what a register is of, '' for one of a whole branch."""
    return next((need for need in FORMS[kind].needs if need in (ROOM, STOCKTAKE, TRANSFER, HANDOVER, VOLUME)), "")


def find_thing(session: Session, actor: Actor, field: str, thing_id: int) -> RegisterThing | None:
    """Return one thing that a register can be of, None for one that `actor` may not see."""
    return next(iter(_things(session, actor, field, thing_id)), None)


def things_for(session: Session, actor: Actor, field: str) -> Sequence[RegisterThing]:
    """Return the newest things that a register can be of, rooms by their code."""
    return _things(session, actor, field, None)


def _things(session: Session, actor: Actor, field: str, thing_id: int | None) -> Sequence[RegisterThing]:
    if field == ROOM:
        rooms = select(Place).where(Place.kind == "room", reached(actor, Place.branch_id))
        rooms = rooms.where(Place.id == thing_id) if thing_id is not None else rooms.order_by(Place.full_code)
        return [_room(place) for place in session.scalars(rooms.limit(CHOICES * 4))]
    if field == STOCKTAKE:
        rounds = select(Stocktake).where(reached(actor, Stocktake.branch_id))
        rounds = rounds.where(Stocktake.id == thing_id) if thing_id is not None else rounds
        newest = rounds.order_by(Stocktake.started_at.desc(), Stocktake.id).limit(CHOICES)
        return [RegisterThing(found.id, found.branch_id, found.number) for found in session.scalars(newest)]
    if field == VOLUME:
        volumes = select(Volume).where(volumes_for(actor, Action.REGISTER_PRINT))
        volumes = volumes.where(Volume.id == thing_id) if thing_id is not None else volumes
        latest_bound = volumes.order_by(Volume.id.desc()).limit(CHOICES)
        return [RegisterThing(found.id, found.branch_id, found.number) for found in session.scalars(latest_bound)]
    either = or_(reached(actor, Transfer.from_branch_id), reached(actor, Transfer.to_branch_id))
    transfers = select(Transfer).where(either, Transfer.kind == ("post" if field == HANDOVER else "branch"))
    transfers = transfers.where(Transfer.id == thing_id) if thing_id is not None else transfers
    latest = transfers.order_by(Transfer.created_at.desc(), Transfer.id).limit(CHOICES)
    return [RegisterThing(found.id, found.from_branch_id, found.number) for found in session.scalars(latest)]


def _room(place: Place) -> RegisterThing:
    return RegisterThing(place.id, place.branch_id, f"{place.full_code} {place.name}".strip())


def describe_filter(session: Session, actor: Actor, kind: RegisterKind, wanted: RegisterFilter) -> list[str]:
    """Return the filter in words, as it is printed on the register."""
    thing = register_thing(session, actor, kind, wanted)
    if thing is not None:
        word = {ROOM: "库房", STOCKTAKE: "盘点编号", VOLUME: "案卷号"}.get(thing_field(kind), "交接编号")
        lines = [f"{word}：{thing.name}"]
    elif wanted.branch_id is not None:
        name = session.scalar(select(Branch.name).where(Branch.id == wanted.branch_id))
        lines = [f"机构：{name or '—'}"]
    else:
        lines = ["机构：权限内全部"]
    return [*lines, *_describe_rest(session, kind, wanted)]


def _describe_rest(session: Session, kind: RegisterKind, wanted: RegisterFilter) -> Iterator[str]:
    if wanted.year is not None:
        yield f"{YEARS.get(kind, '年度')}：{wanted.year}"
    if wanted.month:
        year, month = wanted.month.split("-")
        yield f"月份：{year}年{int(month)}月"
    if wanted.category:
        name = session.scalar(select(Category.name).where(Category.code == wanted.category))
        yield f"类别：{name or wanted.category}"
    if wanted.period:
        label = session.scalar(select(RetentionPeriod.label).where(RetentionPeriod.code == wanted.period))
        yield f"保管期限：{label or wanted.period}"
    if wanted.filed_from or wanted.filed_to:
        yield f"归档日期：{wanted.filed_from or '起'} 至 {wanted.filed_to or '今'}"
    if wanted.since or wanted.until:
        yield f"日期：{wanted.since or '起'} 至 {wanted.until or '今'}"


def exports_of(session: Session, account_id: int, *, now: datetime, limit: int = 30) -> Sequence[ExportRow]:
    """Return somebody's own exports, newest first."""
    return [
        _export_row(export, job, now)
        for export, job in session.execute(
            select(Export, Job)
            .join(Job, Job.id == Export.job_id)
            .where(Export.account_id == account_id)
            .order_by(Export.created_at.desc())
            .limit(limit)
        )
    ]


def _export_row(export: Export, job: Job, now: datetime) -> ExportRow:
    return ExportRow(
        id=export.id,
        register=export.register,
        serial=export.serial,
        state=job.state,
        done=job.done,
        total=job.total,
        fault=job.fault,
        rows=export.rows,
        pages=export.pages,
        created_at=export.created_at,
        expires_at=export.expires_at,
        is_there=export.blob_digest is not None and export.expires_at > now,
        is_stopping=job.state == "running" and job.cancel_asked,
    )
