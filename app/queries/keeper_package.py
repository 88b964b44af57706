"""What a leaving keeper answers for 岗位交接: loans, rooms and boxes, papers, open rounds, repairs, handings over.

The texts are those of the printed sheet and stay Chinese.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.domain.registers import day_in_catalogue
from app.domain.transfers import TransferKind, TransferState
from app.models.accounts import Account
from app.models.borrowing import LoanItem, LoanRequest
from app.models.documents import Document
from app.models.rounds import RepairOrder, Stocktake
from app.models.storage import Box, Place
from app.models.transfers import Transfer

MOST_LOANS = 2_000
Line = list[str]  # 类别, 名称/编号, 数量, 现状, 备注

ROUND_STATES = {"counting": "盘点中", "review": "待复核"}
REPAIR_STATES = {"ordered": "待修", "working": "修复中", "finished": "待验收"}
TRANSFER_STATES = {"draft": "拟稿", "sent": "待清点", "counted": "待签字"}


def keeper_package(session: Session, branch_id: int, equipment: str, *, but: int) -> list[Line]:
    """Return the lines of the package as they are now; `but` is the handing over itself."""
    return [
        *_papers(session, branch_id),
        *_loans(session, branch_id),
        *_rooms(session, branch_id),
        *_rounds(session, branch_id),
        *_repairs(session, branch_id),
        *_transfers(session, branch_id, but),
        *(["钥匙与设备", line.strip(), "1", "", ""] for line in equipment.splitlines() if line.strip()),
    ]


def package_of(session: Session, transfer: Transfer) -> list[Line]:
    """Return the lines that go with a handing over: as they were when it was sent, of a post's draft as they are now."""
    if transfer.kind == TransferKind.POST.value and transfer.state == TransferState.DRAFT.value:
        return keeper_package(session, transfer.from_branch_id, transfer.equipment, but=transfer.id)
    return list(dict(transfer.package or {}).get("lines") or ())


def _papers(session: Session, branch_id: int) -> Iterator[Line]:
    words = {"shelf": "在库", "loan": "借出", "repair": "修复", "transfer": "移交途中", "missing": "缺失"}
    rows = session.execute(
        select(Document.whereabouts, func.count(), func.coalesce(func.sum(Document.page_count), 0))
        .where(Document.branch_id == branch_id, Document.state.in_(("filed", "held")))
        .group_by(Document.whereabouts)
    )
    found = {whereabouts: (count, pages) for whereabouts, count, pages in rows}
    for whereabouts, word in words.items():
        if whereabouts in found:
            count, pages = found[whereabouts]
            yield ["档案", "已归档实物", f"{count}件", word, f"{pages}页"]


def _loans(session: Session, branch_id: int) -> Iterator[Line]:
    rows = session.execute(
        select(Document.archive_number, LoanItem.due_on, LoanItem.state, LoanRequest.number, Account.full_name)
        .join(LoanRequest, LoanRequest.id == LoanItem.request_id)
        .join(Document, Document.id == LoanItem.document_id)
        .join(Account, Account.id == LoanRequest.borrower_id)
        .where(LoanRequest.branch_id == branch_id, LoanItem.takes_paper, LoanItem.state.in_(("ready", "out", "lost")))
        .order_by(LoanItem.due_on, Document.archive_number)
        .limit(MOST_LOANS + 1)
    ).all()
    words = {"ready": "待领取", "out": "借出", "lost": "遗失"}
    for number, due_on, state, request, name in rows[:MOST_LOANS]:
        due = f"应还{day_in_catalogue(due_on)}" if due_on else ""
        yield ["在借档案", number or "", "1件", words[state], f"{request} {name} {due}".strip()]
    if len(rows) > MOST_LOANS:
        yield ["在借档案", f"另见借阅登记簿（超过{MOST_LOANS}件）", "", "", ""]


def _rooms(session: Session, branch_id: int) -> Iterator[Line]:
    rooms = session.scalars(
        select(Place).where(Place.branch_id == branch_id, Place.kind == "room", Place.active).order_by(Place.full_code)
    )
    for room in rooms:
        shelves, boxes = session.execute(
            select(func.count(Place.id.distinct()).filter(Place.kind == "shelf"), func.count(Box.id))
            .select_from(Place)
            .outerjoin(Box, Box.place_id == Place.id)
            .where(or_(Place.id == room.id, Place.path.startswith(room.path)))
        ).one()
        yield ["库房", f"{room.full_code} {room.name}".strip(), f"{boxes}盒", "", f"{shelves}层"]
    loose = session.scalar(select(func.count()).where(Box.branch_id == branch_id, Box.place_id.is_(None))) or 0
    if loose:
        yield ["库房", "未上架档案盒", f"{loose}盒", "", ""]


def _rounds(session: Session, branch_id: int) -> Iterator[Line]:
    open_rounds = select(Stocktake).where(Stocktake.branch_id == branch_id, Stocktake.state.in_(list(ROUND_STATES)))
    for found in session.scalars(open_rounds.order_by(Stocktake.number)):
        yield ["未结盘点", found.number, f"{found.expected}件", ROUND_STATES[found.state], ""]


def _repairs(session: Session, branch_id: int) -> Iterator[Line]:
    rows = session.execute(
        select(RepairOrder.number, RepairOrder.state, Document.archive_number)
        .join(Document, Document.id == RepairOrder.document_id)
        .where(RepairOrder.branch_id == branch_id, RepairOrder.state.in_(list(REPAIR_STATES)))
        .order_by(RepairOrder.number)
    )
    for number, state, archive_number in rows:
        yield ["未结修复", number, "1件", REPAIR_STATES[state], archive_number or ""]


def _transfers(session: Session, branch_id: int, but: int) -> Iterator[Line]:
    either = or_(Transfer.from_branch_id == branch_id, Transfer.to_branch_id == branch_id)
    open_ones = select(Transfer).where(either, Transfer.state.in_(list(TRANSFER_STATES)), Transfer.id != but)
    for found in session.scalars(open_ones.order_by(Transfer.number)):
        way = "移出" if found.from_branch_id == branch_id else "移入"
        yield ["未结移交", found.number, "", TRANSFER_STATES[found.state], way]
