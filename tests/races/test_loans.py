"""Papers that many want at once, on both databases: each is lent to one person, and what is written is what happened."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from threading import Barrier, Lock
from typing import Any, TypeVar

import pytest
from sqlalchemy import Engine, create_engine, insert, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.db import begin_write
from app.domain.actor import Actor
from app.domain.errors import WrongState
from app.domain.ids import new_id
from app.domain.loan_terms import Inspection
from app.domain.loans import PROMISED_STATES, STEPS, LoanState, LoanStep
from app.models.borrowing import LoanEvent, LoanItem, LoanRequest
from app.models.documents import Document
from app.models.machinery import TrailEntry
from app.models.storage import Movement
from app.services import loan_changes, loan_desk, papers
from app.services.loan_holding import close_if_done, hold
from app.services.loan_queue import call_next
from app.services.loan_steps import take_step
from tests.cast import EAST, NOW, PEOPLE, actor
from tests.conftest import fill
from tests.records import TODAY, make_customer
from tests.services.lending import any_rule, make_paper

T = TypeVar("T")
CLIENTS, ROUNDS = 50, 200
PAPERS, THREADS, OPERATIONS = 40, 12, 10_000
LATER = TODAY + timedelta(days=60)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def own_engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database of this test alone, in which everybody commits."""
    if request.param == "sqlite":
        engine = create_engine(f"sqlite:///{tmp_path / 'loans.db'}", pool_size=CLIENTS)
    else:
        server = create_engine(request.getfixturevalue("postgres_url"), isolation_level="AUTOCOMMIT")
        name = f"loans_{random.getrandbits(32):x}"
        with server.connect() as connection:
            connection.execute(text(f"create database {name}"))
        server.dispose()
        engine = create_engine(server.url.set(database=name), pool_size=CLIENTS)
    fill(engine)
    yield engine
    engine.dispose()


def lay_out(engine: Engine, number: int) -> tuple[Actor, list[int], int]:
    """Write that many papers; return the archivist, the papers and a rule."""
    with Session(engine, expire_on_commit=False) as session:
        customer = make_customer(session)
        laid = [make_paper(session, customer) for _ in range(number)]
        found = actor(session, "archivist"), laid, any_rule(session)
        session.commit()
        return found


def asked(document_id: int, rule_id: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the rows of a request for one paper, not approved yet."""
    request_id, item_id = new_id(), new_id()
    request = {
        "id": request_id,
        "number": f"JY{request_id % 10**18}",
        "branch_id": EAST,
        "borrower_id": PEOPLE["clerk"][0],
        "borrower_branch_id": EAST,
        "rule_id": rule_id,
        "way": "lend",
        "state": "open",
        "level": 2,
        "purpose": "claim",
        "days": 10,
        "renewals_left": 2,
        "external_name": "",
        "external_phone": "",
        "external_papers": "",
        "asked_at": NOW,
    }
    return request, {"id": item_id, "request_id": request_id, "document_id": document_id, "takes_paper": True}


def patiently(act: Callable[[], T]) -> T:
    """Do something that a busy database may refuse for the moment, as a person would: again."""
    while True:
        try:
            return act()
        except OperationalError as error:
            if "database is locked" not in str(error.orig):
                raise


def get_paper(engine: Engine, who: Actor, document_id: int) -> bool:
    """Call the next in line and hand out what lies ready, in one go; False when the paper is with somebody else."""
    with Session(engine) as session:
        begin_write(session)
        call_next(session, document_id, now=NOW, today=TODAY)
        ready = select(LoanItem.id).where(LoanItem.document_id == document_id, LoanItem.state == LoanState.READY.value)
        item_id = session.scalar(ready)
        if item_id is None:
            return False
        loan_desk.hand_out(session, who, {item_id: 2}, now=NOW, today=TODAY)
        session.commit()
        return True


def test_fifty_who_want_one_paper_get_it_once_in_each_of_two_hundred_rounds(own_engine: Engine) -> None:
    who, laid, rule = lay_out(own_engine, ROUNDS)
    rows = [asked(document_id, rule) for document_id in laid for _ in range(CLIENTS)]
    with own_engine.begin() as connection:
        connection.execute(insert(LoanRequest), [request for request, _ in rows])
        connection.execute(insert(LoanItem), [{**item, "state": "waiting", "queued_at": NOW} for _, item in rows])
    together = Barrier(CLIENTS)

    def client(_: int) -> list[bool]:
        got = []
        for document_id in laid:
            together.wait(timeout=60)
            got.append(patiently(partial(get_paper, own_engine, who, document_id)))
        return got

    with ThreadPoolExecutor(CLIENTS) as pool:
        got = list(pool.map(client, range(CLIENTS)))

    assert [sum(round_) for round_ in zip(*got, strict=True)] == [1] * ROUNDS
    with Session(own_engine) as session:
        out = session.scalars(select(LoanItem.document_id).where(LoanItem.state == LoanState.OUT.value)).all()
        assert sorted(out) == sorted(laid)
        assert set(session.scalars(select(Document.whereabouts).where(Document.id.in_(laid)))) == {"loan"}
        assert Counter(session.scalars(select(Movement.direction))) == {"out": ROUNDS}


@dataclass
class Past:
    """What the clients were told: how often each step was done, and what was refused or went wrong otherwise."""

    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    lock: Any = field(default_factory=Lock)

    def note(self, step: str, code: str) -> None:
        """Note one operation; `code` is empty when it was done."""
        with self.lock:
            self.done[step] += not code
            self.refused[code] += bool(code)


def withdraw(session: Session, who: Actor, item_id: int, day: date) -> None:
    """Withdraw one item as its borrower's whole request would be."""
    held = hold(session, [item_id])[0]
    take_step(session, who, held.item, LoanStep.WITHDRAW, now=NOW)
    held.note(session, who, "loan_withdrawn", now=NOW, after={})
    call_next(session, held.document.id, now=NOW, today=day)
    close_if_done(session, held.request.id, now=NOW)


OPERATIONS_OF: dict[str, Callable[[Session, Actor, int, date], object]] = {
    "hand_out": lambda s, who, item, day: loan_desk.hand_out(s, who, {item: 2}, now=NOW, today=day),
    "give_back": lambda s, who, item, day: loan_desk.give_back(s, who, {item: Inspection(2)}, now=NOW, today=day),
    "renew": lambda s, who, item, day: loan_changes.renew(s, who, item, now=NOW, today=day),
    "recall": lambda s, who, item, day: loan_changes.recall(s, who, item, "", now=NOW, today=day),
    "withdraw": withdraw,
    "expire": lambda s, _, item, day: loan_changes.expire(s, item, now=NOW, today=LATER),
    "lose": lambda s, who, item, _: loan_changes.lose(s, who, item, "", now=NOW),
    "find": lambda s, who, item, day: loan_changes.find(s, who, item, now=NOW, today=day),
}
# What people mostly do, and how often.
WEIGHTS = {"hand_out": 8, "give_back": 8, "renew": 3, "recall": 2, "withdraw": 1, "expire": 1, "lose": 3, "find": 6}
LAST_STEPS = ("give_back", "withdraw", "expire", "find")


def ask(engine: Engine, document_id: int, rule: int) -> int:
    """Write an approved request for a paper and call the next in line."""
    request, item = asked(document_id, rule)
    with Session(engine) as session:
        begin_write(session)
        papers.lock_paper(session, document_id)
        session.execute(insert(LoanRequest), [request])
        session.execute(insert(LoanItem), [item])
        found = session.get_one(LoanItem, item["id"])
        take_step(session, None, found, LoanStep.APPROVE, now=NOW)
        found.queued_at = NOW
        call_next(session, document_id, now=NOW, today=TODAY)
        session.commit()
    return int(item["id"])


def operate(engine: Engine, who: Actor, step: str, item_id: int) -> str:
    """Try a step and return the code of its refusal, nothing when it was done."""
    with Session(engine) as session:
        begin_write(session)
        try:
            OPERATIONS_OF[step](session, who, item_id, TODAY)
            session.commit()
        except WrongState as refused:
            session.rollback()
            return refused.code
        return ""


def act_at_random(engine: Engine, who: Actor, laid: list[int], rule: int, past: Past, seed: int) -> None:
    """Do a share of the operations, legal and illegal as they come."""
    dice = random.Random(seed)
    open_items: list[int] = []
    ended: list[int] = []
    for _ in range(OPERATIONS // THREADS + 1):
        # Few at once: in a long queue hardly anything would ever lie ready, and nothing would happen to it.
        if len(open_items) < 3:
            open_items.append(patiently(partial(ask, engine, dice.choice(laid), rule)))
            past.note("approve", "")
            continue
        item_id = dice.choice(ended if ended and dice.random() < 0.1 else open_items)
        step = dice.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
        refusal = patiently(partial(operate, engine, who, step, item_id))
        past.note(step, refusal)
        if step in LAST_STEPS and not refusal:
            open_items.remove(item_id)
            ended.append(item_id)


def test_ten_thousand_operations_at_once_leave_a_history_without_an_anomaly(own_engine: Engine) -> None:
    who, laid, rule = lay_out(own_engine, PAPERS)
    past = Past()

    with ThreadPoolExecutor(THREADS) as pool:
        jobs = [pool.submit(act_at_random, own_engine, who, laid, rule, past, seed) for seed in range(THREADS)]
        for job in jobs:
            job.result()

    with Session(own_engine) as session:
        assert anomalies(session, laid, past) == []
    assert past.done.total() + past.refused.total() >= OPERATIONS
    assert set(past.done) == {"approve", *OPERATIONS_OF}
    assert min(past.done.values()) >= OPERATIONS // 500, past.done
    assert past.refused.total() >= OPERATIONS // 10


def anomalies(session: Session, laid: list[int], past: Past) -> list[str]:
    """Return everything in the history that the machine does not know or that does not agree with the rest."""
    items = {item.id: item for item in session.scalars(select(LoanItem))}
    events = session.scalars(select(LoanEvent).order_by(LoanEvent.item_id, LoanEvent.ordinal)).all()
    return [
        *_illegal(items, events),
        *_forgotten(events, past),
        *(found for document_id in laid for found in _of_paper(session, document_id, items)),
    ]


def _illegal(items: dict[int, LoanItem], events: Any) -> Iterator[str]:
    """Replay the events of each item against the machine."""
    states: dict[int, str] = defaultdict(lambda: LoanState.ASKED.value)
    ordinals: Counter[int] = Counter()
    for event in events:
        ordinals[event.item_id] += 1
        before, step = LoanState(event.state_before), LoanStep(event.step)
        if event.ordinal != ordinals[event.item_id]:
            yield f"item {event.item_id}: event {event.ordinal} is number {ordinals[event.item_id]}"
        if before != states[event.item_id] or STEPS.get((before, step)) != event.state_after:
            yield f"item {event.item_id}: {states[event.item_id]} → {event.step} from {before} to {event.state_after}"
        states[event.item_id] = event.state_after
    yield from (
        f"item {id_}: is {item.state}, not {states[id_]}" for id_, item in items.items() if item.state != states[id_]
    )


def _forgotten(events: Any, past: Past) -> Iterator[str]:
    """Compare what clients were told with what is written; the portal itself calls."""
    written = Counter(event.step for event in events if event.step != LoanStep.CALL)
    if written != +past.done:
        yield f"told {dict(past.done)}, written {dict(written)}"


def _of_paper(session: Session, document_id: int, items: dict[int, LoanItem]) -> Iterator[str]:
    """Walk through the trail of one paper in the order of commits."""
    promised: set[str] = set()
    where, moves = "shelf", Counter[str]()
    entries = select(TrailEntry.event, TrailEntry.after).where(
        TrailEntry.object_kind == "document", TrailEntry.object_id == document_id, TrailEntry.event.like("loan_%")
    )
    for event, after in session.execute(entries.order_by(TrailEntry.sequence)):
        if event == "loan_ready":
            promised.add(after["request"])
        if event in ("loan_given_back", "loan_expired", "loan_lost", "loan_withdrawn"):
            promised.discard(after["request"])
        if len(promised) > 1:
            yield f"paper {document_id}: promised to {len(promised)}"
        came_from, goes_to, direction = WALKS.get(event, (where, where, ""))
        if came_from != where:
            yield f"paper {document_id}: {event} while {where}"
        where, moves = goes_to, moves + Counter([direction] if direction else [])
    written = Counter(session.scalars(select(Movement.direction).where(Movement.document_id == document_id)))
    if written != moves or session.get_one(Document, document_id).whereabouts != where:
        yield f"paper {document_id}: moved {dict(written)}, told {dict(moves)}, at the end {where}"
    held = [item for item in items.values() if item.document_id == document_id and item.state in PROMISED_STATES]
    if len(held) > 1:
        yield f"paper {document_id}: {len(held)} items promised"


# Event → where the paper comes from, goes to, and the direction in the movement book.
WALKS = {
    "loan_handed_out": ("shelf", "loan", "out"),
    "loan_given_back": ("loan", "shelf", "in"),
    "loan_lost": ("loan", "missing", "move"),
    "loan_found": ("missing", "shelf", "in"),
}
