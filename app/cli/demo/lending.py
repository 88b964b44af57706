"""Loans of the demo: years of past ones, and some in every state of today."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from random import Random
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from app.cli.demo.company import Company
from app.domain.ids import new_id
from app.domain.loans import STEPS, LoanState, LoanStep
from app.models.accounts import Account
from app.models.borrowing import LoanDecision, LoanEvent, LoanItem, LoanRequest, LoanRule
from app.models.documents import Document, NumberEntry, NumberSeries
from app.models.storage import Movement

BATCH = 2000
PURPOSES = ("business", "claim", "complaint", "audit", "lawsuit")
PAST = (LoanStep.APPROVE, LoanStep.CALL, LoanStep.HAND_OUT, LoanStep.GIVE_BACK)
# How far today's loans have come, and how many days ago they were asked for.
PRESENT: tuple[tuple[tuple[LoanStep, ...], int], ...] = (
    ((), 0),
    ((LoanStep.APPROVE, LoanStep.CALL), 1),
    ((LoanStep.APPROVE, LoanStep.CALL, LoanStep.HAND_OUT), 3),
    ((LoanStep.APPROVE, LoanStep.CALL, LoanStep.HAND_OUT), 25),
    ((LoanStep.REFUSE,), 6),
    ((LoanStep.WITHDRAW,), 4),
)
LENT_DAYS = 14
PRESENT_LOANS = 48
Row = dict[str, Any]


@dataclass(slots=True)
class Book:
    """Rows on their way into the tables."""

    names: Mapping[int, str]
    requests: list[Row] = field(default_factory=list)
    items: list[Row] = field(default_factory=list)
    events: list[Row] = field(default_factory=list)
    decisions: list[Row] = field(default_factory=list)
    movements: list[Row] = field(default_factory=list)
    numbers: list[Row] = field(default_factory=list)

    def write(self, session: Session) -> None:
        """Insert what has been gathered and start anew."""
        for model, rows in (
            (LoanRequest, self.requests),
            (LoanItem, self.items),
            (LoanEvent, self.events),
            (LoanDecision, self.decisions),
            (Movement, self.movements),
            (NumberEntry, self.numbers),
        ):
            if rows:
                session.execute(insert(model), rows)
                rows.clear()


def lend(session: Session, rng: Random, company: Company, papers: Sequence[Row], past: int, *, now: datetime) -> None:
    """Write `past` past loans of single papers and some of today; the rows of papers that are out then say so."""
    rule = session.scalars(select(LoanRule.id).limit(1)).one()
    shelved = [row for row in papers if row["state"] == "filed" and row["whereabouts"] == "shelf" and row.get("box_id")]
    if not shelved:
        return
    names = {account_id: name for account_id, name in session.execute(select(Account.id, Account.full_name))}
    book, serials = Book(names), dict[int, int]()
    years = range((now - timedelta(days=2200)).year, now.year + 1)
    session.execute(insert(NumberSeries), [{"name": f"loan|{year}"} for year in years])
    for position, (paper, asked) in enumerate(_past_loans(rng, shelved, past, now), start=1):
        _enter(rng, company, book, serials, rule, paper, PAST, asked)
        if position % BATCH == 0:
            book.write(session)
    for paper, (steps, days) in zip(
        rng.sample(shelved, min(len(shelved) // 8, PRESENT_LOANS)), _present(), strict=False
    ):
        asked = _moment(rng, now - timedelta(days=days + 1))
        _enter(rng, company, book, serials, rule, paper, steps, asked)
    book.write(session)
    for year, last in serials.items():
        session.execute(update(NumberSeries).where(NumberSeries.name == f"loan|{year}").values(last=last))
    out = [row["id"] for row in shelved if row["whereabouts"] == "loan"]
    session.execute(update(Document).where(Document.id.in_(out)).values(whereabouts="loan"))


def _past_loans(rng: Random, papers: Sequence[Row], count: int, now: datetime) -> Iterator[tuple[Row, datetime]]:
    """Yield papers with the moment they were asked for; no paper before it came back from the loan before."""
    latest = now - timedelta(days=LENT_DAYS + 30)
    old = [paper for paper in papers if paper["filed_at"] < latest]
    free: dict[int, datetime] = {paper["id"]: paper["filed_at"] for paper in old}
    while old and count:
        paper = old[int(len(old) * rng.random() ** 2)]  # some papers are asked for often
        days = (latest - free[paper["id"]]).days
        if days < 1:
            continue
        asked = _moment(rng, free[paper["id"]] + timedelta(days=1 + rng.randrange(min(days, 400))))
        free[paper["id"]] = asked + timedelta(days=LENT_DAYS + 3)
        count -= 1
        yield paper, asked


def _present() -> Iterator[tuple[tuple[LoanStep, ...], int]]:
    while True:
        yield from PRESENT


@dataclass(frozen=True, slots=True)
class _Loan:
    """One loan of one paper: who, when, and how far it has come."""

    paper: Row
    steps: tuple[LoanStep, ...]
    borrower: int
    keeper: int
    head: int
    asked: datetime
    back: datetime

    @property
    def decided(self) -> datetime | None:
        """When it was decided, if it was."""
        known = bool(self.steps) and self.steps[0] in (LoanStep.APPROVE, LoanStep.REFUSE)
        return self.asked + timedelta(hours=2) if known else None

    @property
    def out(self) -> datetime | None:
        """When it was handed out, if it was."""
        return self.asked + timedelta(days=1) if LoanStep.HAND_OUT in self.steps else None

    @property
    def returned(self) -> datetime | None:
        """When it came back, if it did."""
        return self.back if LoanStep.GIVE_BACK in self.steps else None


def _enter(
    rng: Random,
    company: Company,
    book: Book,
    serials: dict[int, int],
    rule: int,
    paper: Row,
    steps: tuple[LoanStep, ...],
    asked: datetime,
) -> None:
    branch_id = paper["branch_id"]
    # Whose loans are overdue may not ask for more: the first clerk of each branch has only past ones.
    borrower = rng.choice(company.clerks[branch_id]) if steps == PAST else company.clerks[branch_id][-1]
    keeper, head = (rng.choice(people[branch_id]) for people in (company.archivists, company.managers))
    back = asked + timedelta(days=1 + rng.randrange(1, LENT_DAYS))
    loan = _Loan(paper, steps, borrower, keeper, head, asked, back)
    request_id, serial = new_id(), serials.get(asked.year, 0) + 1
    serials[asked.year] = serial
    number = _number(loan, request_id, serial)
    book.numbers.append(number)
    book.requests.append(_request(rng, loan, request_id, number["text"], rule))
    if loan.decided:
        book.decisions.append(_decision(loan, request_id))
    _enter_item(book, loan, request_id)


def _number(loan: _Loan, request_id: int, serial: int) -> Row:
    year = loan.asked.year
    return {
        "series": f"loan|{year}",
        "value": serial,
        "text": f"JY{year}-{serial:06d}",
        "holder_kind": "loan_request",
        "holder_id": request_id,
        "taken_by": loan.borrower,
        "taken_at": loan.asked,
    }


def _request(rng: Random, loan: _Loan, request_id: int, number: str, rule: int) -> Row:
    return {
        "id": request_id,
        "number": number,
        "branch_id": loan.paper["branch_id"],
        "borrower_id": loan.borrower,
        "borrower_branch_id": loan.paper["branch_id"],
        "rule_id": rule,
        "way": "lend",
        "state": _request_state(loan.steps),
        "level": loan.paper["level"],
        "purpose": rng.choice(PURPOSES),
        "days": 10,
        "approvers": "manager",
        "steps_done": 1 if loan.decided else 0,
        "renewals_left": 1,
        "external_name": "",
        "external_phone": "",
        "external_papers": "",
        "asked_at": loan.asked,
        "decided_at": loan.decided,
        "closed_at": loan.returned,
        "effect": "settled" if loan.returned else "",
    }


def _decision(loan: _Loan, request_id: int) -> Row:
    approved = loan.steps[0] is LoanStep.APPROVE
    return {
        "request_id": request_id,
        "step": 0,
        "approver": "manager",
        "account_id": loan.head,
        "approved": approved,
        "reason": "" if approved else "用途写得不清楚，请补充后再申请。",
        "at": loan.decided,
    }


def _enter_item(book: Book, loan: _Loan, request_id: int) -> None:
    item_id, paper, out, returned = new_id(), loan.paper, loan.out, loan.returned
    state = _walk(book, item_id, loan)
    book.items.append(
        {
            "id": item_id,
            "request_id": request_id,
            "document_id": paper["id"],
            "takes_paper": True,
            "state": state.value,
            "queued_at": loan.decided if LoanStep.APPROVE in loan.steps else None,
            "ready_until": (loan.asked + timedelta(days=4)).date() if state is LoanState.READY else None,
            "out_at": out,
            "out_by": loan.keeper if out else None,
            "due_on": (out + timedelta(days=LENT_DAYS)).date() if out else None,
            "back_at": returned,
            "back_by": loan.keeper if returned else None,
            "pages_out": paper["page_count"] if out else None,
            "pages_back": paper["page_count"] if returned else None,
            "condition": "intact" if returned else "",
        }
    )
    if out:
        book.movements.append(_movement(book, loan, "out", out, request_id))
        paper["whereabouts"] = "shelf" if returned else "loan"
    if returned:
        book.movements.append(_movement(book, loan, "in", returned, request_id))


def _walk(book: Book, item_id: int, loan: _Loan) -> LoanState:
    """Enter the steps of one item into its history and return the state that it ends in."""
    state = LoanState.ASKED
    at = {LoanStep.HAND_OUT: loan.out, LoanStep.GIVE_BACK: loan.returned}
    by = {LoanStep.APPROVE: loan.head, LoanStep.REFUSE: loan.head, LoanStep.CALL: None}
    for ordinal, step in enumerate(loan.steps, start=1):
        after = STEPS[state, step]
        book.events.append(
            {
                "item_id": item_id,
                "ordinal": ordinal,
                "step": step.value,
                "state_before": state.value,
                "state_after": after.value,
                "account_id": by.get(step, loan.borrower if step is LoanStep.WITHDRAW else loan.keeper),
                "at": at.get(step) or loan.decided or loan.asked + timedelta(hours=2),
            }
        )
        state = after
    return state


def _request_state(steps: tuple[LoanStep, ...]) -> str:
    if not steps:
        return "asked"
    ends = {LoanStep.REFUSE: "refused", LoanStep.WITHDRAW: "withdrawn", LoanStep.GIVE_BACK: "closed"}
    return ends.get(steps[-1], "open")


def _movement(book: Book, loan: _Loan, direction: str, at: datetime, request_id: int) -> Row:
    return {
        "branch_id": loan.paper["branch_id"],
        "at": at,
        "direction": direction,
        "reason": "loan",
        "document_id": loan.paper["id"],
        "holder_kind": "loan",
        "holder_id": request_id,
        "account_id": loan.keeper,
        "counterpart": book.names.get(loan.borrower, ""),
    }


def _moment(rng: Random, moment: datetime) -> datetime:
    """Return a time in office hours of that day (UTC)."""
    return datetime.combine(moment.date(), time(1), UTC) + timedelta(seconds=rng.randrange(7 * 3600))
