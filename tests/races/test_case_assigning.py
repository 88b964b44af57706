"""Somebody is barred from a case while it is given to him, on both databases: he never ends up as its handler."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import Session

from app.db import begin_write
from app.domain.errors import Invalid, WrongState
from app.models.cases import Case, CaseBar
from app.services.case_assigning import assign
from app.services.case_bars import add_bar
from tests.cast import NOW, PEOPLE, actor
from tests.conftest import fill
from tests.services.casework import make_case

ROUNDS = 6
ARCHIVIST, CLERK = PEOPLE["archivist"][0], PEOPLE["clerk"][0]


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def own_engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database of this test alone, in which everybody commits."""
    if request.param == "sqlite":
        engine = create_engine(f"sqlite:///{tmp_path / 'cases.db'}", pool_size=2)
    else:
        server = create_engine(request.getfixturevalue("postgres_url"), isolation_level="AUTOCOMMIT")
        name = f"cases_{random.getrandbits(32):x}"
        with server.connect() as connection:
            connection.execute(text(f"create database {name}"))
        server.dispose()
        engine = create_engine(server.url.set(database=name), pool_size=2)
    fill(engine)
    yield engine
    engine.dispose()


def test_who_is_barred_meanwhile_is_not_left_with_the_case(own_engine: Engine) -> None:
    for turn in range(ROUNDS):
        with Session(own_engine) as session:
            begin_write(session)
            case = make_case(session, actor(session, "manager"), handler_id=CLERK, phone=f"1390000100{turn}")
            case_id, version = case.id, case.version
            session.commit()

        def give(asked: int = case_id, seen: int = version) -> None:
            _in_one(own_engine, lambda s: assign(s, actor(s, "manager"), asked, ARCHIVIST, version=seen, now=NOW))

        def bar(asked: int = case_id) -> None:
            _in_one(
                own_engine, lambda s: add_bar(s, actor(s, "manager"), asked, "archivist", "interest", "亲属", now=NOW)
            )

        with ThreadPoolExecutor(2) as pool:
            for done in [pool.submit(job) for job in ((give, bar) if turn % 2 else (bar, give))]:
                done.result()

        with Session(own_engine) as session:
            assert session.get(CaseBar, (case_id, ARCHIVIST)) is not None
            assert session.get_one(Case, case_id).handler_id != ARCHIVIST


def _in_one(engine: Engine, act: Callable[[Session], object]) -> None:
    """Do something in a transaction of its own; being refused is a fair end."""
    with Session(engine) as session:
        begin_write(session)
        try:
            act(session)
        except (Invalid, WrongState):
            session.rollback()
            return
        session.commit()
