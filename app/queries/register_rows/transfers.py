"""移交清册 with its 交接文据, and 岗位交接清册 of a leaving keeper: each side reads the same sheet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.masking import mask_author
from app.domain.registers import RegisterFilter, day_in_catalogue
from app.models.accounts import Branch
from app.models.customers import Customer
from app.models.documents import Document, DocumentVersion
from app.models.evidence import Signature
from app.models.transfers import Transfer, TransferLine
from app.queries.keeper_package import package_of
from app.queries.register_rows.reading import (
    RegisterReader,
    Row,
    SheetEnds,
    catalogue_day,
    keyed,
    names_of,
    papers_reached,
    reached,
)
from app.queries.register_rows.words import CARRIERS, LEVELS, SIGNED, period_word

KINDS = {"branch": "机构间移交", "post": "岗位交接"}
SIGNERS = ("giver", "receiver", "witness")


def _keys(actor: Actor, wanted: RegisterFilter) -> Select[int]:
    return (
        select(TransferLine.id)
        .join(Transfer, Transfer.id == TransferLine.transfer_id)
        .join(Document, Document.id == TransferLine.document_id)
        .join(Customer, Customer.id == Document.customer_id)
        .where(
            Transfer.id == wanted.thing_id,
            Transfer.kind == "branch",
            TransferLine.state != "dropped",
            or_(papers_reached(actor, Transfer.from_branch_id), papers_reached(actor, Transfer.to_branch_id)),
        )
        .order_by(TransferLine.ordinal, TransferLine.id)
    )


def _read(session: Session, keys: Sequence[int]) -> Mapping[int, Row]:
    found = session.execute(
        select(TransferLine, Document, Customer.name, Customer.kind)
        .join(Document, Document.id == TransferLine.document_id)
        .join(Customer, Customer.id == Document.customer_id)
        .where(TransferLine.id.in_(keys))
    )
    return {line.id: _row(line, document, name, kind) for line, document, name, kind in found}


def _row(line: TransferLine, document: Document, customer: str, kind: str) -> Row:
    notes = (
        "未收到" if line.state == "absent" else "",
        f"实收{line.pages_received}页" if line.pages_received not in (None, line.pages_sent) else "",
        line.remark,
    )
    return [
        document.archive_number or "",
        document.title,
        mask_author(document.author, customer, is_organisation=kind == "organisation"),
        day_in_catalogue(document.formed_on),
        str(line.pages_sent),
        period_word(document.period),
        LEVELS[document.level],
        CARRIERS[document.carrier],
        "；".join(note for note in notes if note),
    ]


def quantities(session: Session, transfer_id: int) -> dict[str, int]:
    """Return what is handed over in numbers: volumes, items, pages, bytes of the current scans."""
    lines = (TransferLine.transfer_id == transfer_id, TransferLine.state != "dropped")
    volumes, items, pages = session.execute(
        select(
            func.count(Document.volume_id.distinct()),
            func.count(),
            func.coalesce(func.sum(TransferLine.pages_sent), 0),
        )
        .select_from(TransferLine)
        .join(Document, Document.id == TransferLine.document_id)
        .where(*lines)
    ).one()
    size = session.scalar(
        select(func.sum(DocumentVersion.size))
        .join(Document, Document.id == DocumentVersion.document_id)
        .join(TransferLine, TransferLine.document_id == Document.id)
        .where(*lines, DocumentVersion.ordinal == Document.current_version)
    )
    return {"volumes": int(volumes), "items": int(items), "pages": int(pages), "bytes": int(size or 0)}


def _ends(session: Session, actor: Actor, wanted: RegisterFilter) -> SheetEnds:
    transfer = _transfer(session, actor, wanted)
    if transfer is None:
        return SheetEnds()
    counted = dict(transfer.package or {}).get("quantities") or quantities(session, transfer.id)
    amount = f"{counted['volumes']} 卷 {counted['items']} 件 {counted['pages']} 页 {counted['bytes']} 字节"
    head = (
        *_sides(session, transfer),
        f"移交性质：{transfer.nature}",
        f"档案所属年度：{transfer.years}",
        f"数量：{amount}",
        f"移交说明：{transfer.note}",
    )
    return SheetEnds(head, (), _signed(session, transfer))


def _transfer(session: Session, actor: Actor, wanted: RegisterFilter) -> Transfer | None:
    either = or_(reached(actor, Transfer.from_branch_id), reached(actor, Transfer.to_branch_id))
    return session.scalar(select(Transfer).where(Transfer.id == wanted.thing_id, either))


def _sides(session: Session, transfer: Transfer) -> tuple[str, ...]:
    names = select(Branch.id, Branch.name).where(Branch.id.in_((transfer.from_branch_id, transfer.to_branch_id)))
    branches = {branch_id: name for branch_id, name in session.execute(names)}
    return (
        f"交接编号：{transfer.number}",
        f"移交单位：{branches[transfer.from_branch_id]}",
        f"接收单位：{branches[transfer.to_branch_id]}",
    )


def _signed(session: Session, transfer: Transfer) -> tuple[str, ...]:
    """Return what stands in the fields of giver, receiver, witness and day: a field for ink stays empty."""
    signatures = session.scalars(
        select(Signature)
        .where(Signature.holder_kind == "transfer", Signature.holder_id == transfer.id, Signature.means == "drawn")
        .order_by(Signature.taken_at)
    )
    drawn = {found.moment: f"{found.signer}（{SIGNED} {catalogue_day(found.taken_at)}）" for found in signatures}
    return (*(drawn.get(side, "") for side in SIGNERS), "")


def _package(session: Session, actor: Actor, wanted: RegisterFilter) -> list[list[Any]]:
    transfer = _transfer(session, actor, wanted)
    return package_of(session, transfer) if transfer is not None else []


def _count_package(session: Session, actor: Actor, wanted: RegisterFilter) -> int:
    return len(_package(session, actor, wanted))


def _package_rows(session: Session, actor: Actor, wanted: RegisterFilter) -> Iterator[Row]:
    for line in _package(session, actor, wanted):
        yield [str(cell) for cell in line]


def _package_ends(session: Session, actor: Actor, wanted: RegisterFilter) -> SheetEnds:
    transfer = _transfer(session, actor, wanted)
    if transfer is None:
        return SheetEnds()
    people = (transfer.from_account_id, transfer.to_account_id)
    names = names_of(session, people)
    head = (
        *_sides(session, transfer)[:2],
        f"移交性质：{transfer.nature or KINDS[transfer.kind]}",
        f"移交人：{names.get(transfer.from_account_id, '')}",
        f"接收人：{names.get(transfer.to_account_id, '')}",
        f"移交说明：{transfer.note}",
    )
    return SheetEnds(head, (), _signed(session, transfer))


READER = keyed(_keys, _read, _ends)
HANDOVER_READER = RegisterReader(_count_package, _package_rows, _package_ends)
