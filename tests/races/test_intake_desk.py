"""Two persons at one paper, on both databases: it is catalogued once, and nobody takes it from the other unknowingly."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, func, select, text
from sqlalchemy.orm import Session

from app.db import begin_write
from app.domain.errors import ChangedMeanwhile, WrongState
from app.models.documents import Document, DocumentVersion
from app.models.intake import IntakeItem
from app.services.intake_accepting import accept_item
from app.services.intake_desk import hold_item
from tests.cast import NOW, actor
from tests.conftest import fill
from tests.records import make_customer
from tests.services.papers_in import make_batch, make_item
from tests.services.test_intake_desk import typed

ROUNDS = 4
TODAY = date(2026, 11, 22)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def own_engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database of this test alone, in which everybody commits."""
    if request.param == "sqlite":
        engine = create_engine(f"sqlite:///{tmp_path / 'desk.db'}", pool_size=2)
    else:
        server = create_engine(request.getfixturevalue("postgres_url"), isolation_level="AUTOCOMMIT")
        name = f"desk_{random.getrandbits(32):x}"
        with server.connect() as connection:
            connection.execute(text(f"create database {name}"))
        server.dispose()
        engine = create_engine(server.url.set(database=name), pool_size=2)
    fill(engine)
    yield engine
    engine.dispose()


def test_a_paper_that_two_accept_at_once_becomes_one_document(own_engine: Engine) -> None:
    for _turn in range(ROUNDS):
        item_id, customer = _arrange(own_engine)

        def accept(who: str, asked: int = item_id, owner: int = customer) -> str:
            def act(s: Session) -> object:
                said = typed(s, owner, author=who)
                return accept_item(s, actor(s, who), asked, said, version=1, now=NOW, today=TODAY)

            return _in_one(own_engine, act)

        with ThreadPoolExecutor(2) as pool:
            outcomes = sorted(pool.map(accept, ("clerk", "archivist")))

        with Session(own_engine) as session:
            item = session.get_one(IntakeItem, item_id)
            documents = session.scalar(select(func.count()).select_from(Document))
            versions = session.scalar(select(func.count()).select_from(DocumentVersion))
        assert outcomes == ["done", "refused"]
        assert item.state == "catalogued"
        assert (documents, versions) == (_turn + 1, _turn + 1)


def test_of_two_who_open_a_paper_at_once_one_learns_of_the_other(own_engine: Engine) -> None:
    for _turn in range(ROUNDS):
        item_id, _customer = _arrange(own_engine)

        def hold(who: str, asked: int = item_id) -> bool:
            with Session(own_engine) as session:
                begin_write(session)
                found = hold_item(session, actor(session, who), asked, now=NOW)
                session.commit()
                return found is None

        with ThreadPoolExecutor(2) as pool:
            assert sorted(pool.map(hold, ("clerk", "archivist"))) == [False, True]


def _arrange(engine: Engine) -> tuple[int, int]:
    with Session(engine) as session:
        begin_write(session)
        customer = make_customer(session)
        item_id = make_item(session, make_batch(session))
        session.commit()
    return item_id, customer


def _in_one(engine: Engine, act: Callable[[Session], Any]) -> str:
    with Session(engine) as session:
        begin_write(session)
        try:
            act(session)
            session.commit()
        except (WrongState, ChangedMeanwhile):
            return "refused"
    return "done"
