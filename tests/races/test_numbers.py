"""Numbers from the ledger under writers who all want the next one at once, on both databases."""

from __future__ import annotations

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, select, text
from sqlalchemy.orm import Session

from app.cli.schema import migrate
from app.db import begin_write, configure_engine
from app.models.documents import NumberEntry
from app.models.machinery import TrailEntry
from app.services import trail
from app.services.numbers import take_number
from tests.cast import NOW

WRITERS = 8
EACH = 25


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def own_engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database of this test alone, in which writers commit."""
    if request.param == "sqlite":
        engine = create_engine(f"sqlite:///{tmp_path / 'numbers.db'}")
    else:
        server = create_engine(request.getfixturevalue("postgres_url"), isolation_level="AUTOCOMMIT")
        name = f"numbers_{random.getrandbits(32):x}"
        with server.connect() as connection:
            connection.execute(text(f"create database {name}"))
        server.dispose()
        engine = create_engine(server.url.set(database=name), pool_size=WRITERS)
    configure_engine(engine)
    migrate(engine)
    yield engine
    engine.dispose()


def take(engine: Engine, writer: int) -> list[str]:
    """Take numbers one transaction at a time; every fifth is thrown away before it is committed."""
    taken = []
    for turn in range(EACH):
        with Session(engine) as session:
            begin_write(session)
            number = take_number(
                session,
                None,
                "archive|J019|CB|2026|D30",
                lambda value: f"J019-ZY·CB·2026·D30-{value:05d}",
                holder_kind="document",
                holder_id=writer * 1000 + turn + 1,
                now=NOW,
            )
            trail.record(session, None, "document_filed", now=NOW)
            if turn % 5 == 4:
                session.rollback()
                continue
            session.commit()
            taken.append(number)
    return taken


def test_no_number_is_given_twice_and_none_is_lost(own_engine: Engine) -> None:
    with ThreadPoolExecutor(WRITERS) as pool:
        taken = [
            number for found in pool.map(lambda writer: take(own_engine, writer), range(WRITERS)) for number in found
        ]

    with Session(own_engine) as session:
        values = list(session.scalars(select(NumberEntry.value).order_by(NumberEntry.value)))
        sequences = list(session.scalars(select(TrailEntry.sequence).order_by(TrailEntry.sequence)))
    expected = WRITERS * EACH * 4 // 5
    assert len(set(taken)) == expected
    assert values == list(range(1, expected + 1))
    assert sequences == list(range(1, expected + 1))
