"""What is going on in the storerooms of the demo: done by the services themselves, as its people would do it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cli.demo.company import Company
from app.cli.demo.volumes import bind_volumes
from app.domain.actor import Actor
from app.domain.inspections import PlanData
from app.domain.loan_requests import Wish
from app.domain.office_time import office_day
from app.domain.repairs import Damage, Finding, Grade
from app.domain.transfers import TransferHead, TransferKind
from app.models.customers import Customer
from app.models.documents import Document
from app.models.storage import Box, Place
from app.queries.actors import actor_of_account
from app.services import carts, inspections, loan_decisions, loan_requests, repairs, stocktake_scans, stocktakes
from app.services.transfer_lines import add_thing
from app.services.transfers import create_transfer

FEWEST = 12  # a branch with fewer papers on its shelves is left alone
FINDINGS = (
    ((Finding(Damage.ACID, 15),), Grade.SLIGHT),
    ((Finding(Damage.AGED, 30), Finding(Damage.TORN, 5)), Grade.MEDIUM),
)


def let_things_happen(session: Session, company: Company, *, now: datetime) -> None:
    """Bind volumes, open repairs, a stock-taking, a plan of inspection, electronic loans and a handing over at every branch."""
    today = office_day(now)
    for branch_id in company.fonds:
        bind_volumes(
            session,
            _actor(session, company.archivists[branch_id][0], now),
            _actor(session, company.managers[branch_id][0], now),
            branch_id,
            now=now,
        )
        papers = _papers(session, branch_id)
        if len(papers) < FEWEST:
            continue
        keeper, clerk, head = (
            _actor(session, people[branch_id][0], now)
            for people in (company.archivists, company.clerks, company.managers)
        )
        _repair(session, keeper, papers[:2], now=now, today=today)
        _read_electronically(session, clerk, head, papers[2:4], now=now, today=today)
        _hand_over(session, keeper, company, branch_id, papers[4:8], now=now)
        _take_stock(session, keeper, papers[8:], now=now)
        _plan(session, keeper, branch_id, now=now, today=today)


def _papers(session: Session, branch_id: int) -> list[Document]:
    """Return scanned items that lie in a box on a shelf and that everybody of the branch may see."""
    statement = (
        select(Document)
        .join(Customer, Customer.id == Document.customer_id)
        .join(Box, Box.id == Document.box_id)
        .where(
            Document.branch_id == branch_id,
            Document.state == "filed",
            Document.whereabouts == "shelf",
            Document.volume_id.is_(None),
            Document.current_version > 0,
            Document.level <= 2,
            Customer.level <= 2,
            Box.place_id.is_not(None),
        )
    )
    return list(session.scalars(statement.order_by(Document.archive_number).limit(4 * FEWEST)))


def _actor(session: Session, account_id: int, now: datetime) -> Actor:
    found = actor_of_account(session, account_id, now=now)
    if found is None:
        raise LookupError(account_id)
    return found


def _repair(session: Session, keeper: Actor, papers: list[Document], *, now: datetime, today: date) -> None:
    orders = [
        repairs.order_repair(session, keeper, paper.id, repairs.Order(findings, grade), now=now)
        for paper, (findings, grade) in zip(papers, FINDINGS, strict=True)
    ]
    repairs.start_repair(session, keeper, orders[0], "文保修复室", version=1, now=now, today=today)


def _read_electronically(
    session: Session, clerk: Actor, head: Actor, papers: list[Document], *, now: datetime, today: date
) -> None:
    for paper in papers:
        carts.add_document(session, clerk, paper.id, now=now)
    wish = Wish("electronic", "claim")
    for request_id in loan_requests.ask_for(session, clerk, [paper.id for paper in papers], wish, now=now, today=today):
        loan_decisions.decide(session, head, request_id, approved=True, reason="", version=1, now=now, today=today)


def _hand_over(
    session: Session, keeper: Actor, company: Company, branch_id: int, papers: list[Document], *, now: datetime
) -> None:
    receiver = next(other for other in company.fonds if other != branch_id)
    head = TransferHead(TransferKind.BRANCH, branch_id, receiver, nature="业务划转", witness="监交人", years="2025")
    transfer_id = create_transfer(session, keeper, head, now=now)
    for paper in papers:
        add_thing(session, keeper, transfer_id, "document", paper.id, now=now)


def _take_stock(session: Session, keeper: Actor, papers: list[Document], *, now: datetime) -> None:
    box = session.get_one(Box, papers[0].box_id)
    shelf = session.get_one(Place, box.place_id)
    stocktake_id = stocktakes.open_stocktake(session, keeper, shelf.parent_id or shelf.id, "plan", now=now)
    spot = stocktake_scans.Spot(box.place_id, box.id)
    for paper in papers:
        if paper.box_id == box.id:
            stocktake_scans.scan(session, keeper, stocktake_id, paper.archive_number or "", spot, now=now)


def _plan(session: Session, keeper: Actor, branch_id: int, *, now: datetime, today: date) -> None:
    typed = PlanData("三年轮查", started_on=today - timedelta(days=300))
    plan_id = inspections.create_plan(session, keeper, branch_id, typed, now=now, today=today)
    inspections.make_worklist(session, keeper, plan_id, today.year, now=now, today=today)
