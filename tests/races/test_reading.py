"""Electronic loans that end in three ways at once, on both databases: each ends once, its request closes, nobody locks up."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, func, select, text
from sqlalchemy.orm import Session

from app.db import begin_write
from app.domain.errors import WrongState
from app.models.borrowing import LoanEvent, LoanItem, LoanRequest
from app.models.evidence import Notice
from app.services import reading
from tests.cast import NOW, actor
from tests.conftest import fill
from tests.records import make_customer
from tests.services.lending import make_loan, make_paper

REQUESTS, EACH = 12, 3
THREADS = 6
DAY_AFTER = NOW + timedelta(days=30)
ENDS = ("close", "revoke")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def own_engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database of this test alone, in which everybody commits."""
    if request.param == "sqlite":
        engine = create_engine(f"sqlite:///{tmp_path / 'reading.db'}", pool_size=THREADS)
    else:
        server = create_engine(request.getfixturevalue("postgres_url"), isolation_level="AUTOCOMMIT")
        name = f"reading_{random.getrandbits(32):x}"
        with server.connect() as connection:
            connection.execute(text(f"create database {name}"))
        server.dispose()
        engine = create_engine(server.url.set(database=name), pool_size=THREADS)
    fill(engine)
    yield engine
    engine.dispose()


def open_loans(engine: Engine) -> list[int]:
    """Open some electronic requests and return their items."""
    with Session(engine, expire_on_commit=False) as session:
        begin_write(session)
        customer, opened = make_customer(session), []
        for _ in range(REQUESTS):
            papers = [make_paper(session, customer) for _ in range(EACH)]
            for item_id in make_loan(session, papers, way="electronic", called=False):
                item = session.get_one(LoanItem, item_id)
                item.takes_paper = False
                reading.open_reading(session, None, item, now=NOW)
                opened.append(item_id)
        session.commit()
    return opened


def ends(engine: Engine, items: list[int]) -> list[Callable[[Session], object]]:
    """Return every way to end each item, and the job that ends all, in an order that is drawn by lot."""
    with Session(engine) as session:
        desk, clerk = actor(session, "archivist"), actor(session, "clerk")
    ways: list[Callable[[Session], object]] = []
    for item_id in items:
        ways.append(lambda session, one=item_id: reading.revoke(session, desk, one, "误批", now=NOW))  # type: ignore[misc]
        ways.append(lambda session, one=item_id: reading.give_up(session, clerk, one, now=NOW))  # type: ignore[misc]
    ways += [lambda session: reading.close_due(session, now=DAY_AFTER)] * THREADS
    random.Random(20261122).shuffle(ways)
    return ways


def test_a_loan_that_is_ended_in_every_way_at_once_ends_once(own_engine: Engine) -> None:
    items = open_loans(own_engine)

    def act(way: Callable[[Session], object]) -> str:
        with Session(own_engine) as session:
            begin_write(session)
            try:
                way(session)
            except WrongState:
                return "late"
            session.commit()
        return "done"

    with ThreadPoolExecutor(THREADS) as pool:
        answers = list(pool.map(act, ends(own_engine, items)))

    with Session(own_engine) as session:
        ended = select(LoanEvent.item_id, func.count()).where(LoanEvent.step.in_(ENDS)).group_by(LoanEvent.item_id)
        times = {item_id: count for item_id, count in session.execute(ended)}
        states = set(session.scalars(select(LoanItem.state)))
        requests = set(session.scalars(select(LoanRequest.state)))
        told = session.scalars(select(func.count()).select_from(Notice).where(Notice.kind == "reading_opened")).one()
    assert times == dict.fromkeys(items, 1)
    assert (states, requests) == ({"returned"}, {"closed"})
    assert told == len(items)
    assert answers.count("late") + answers.count("done") == 2 * len(items) + THREADS
