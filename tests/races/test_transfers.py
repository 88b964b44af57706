"""Many lists that want the same papers at once, on both databases: each paper stands on one."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, select, text
from sqlalchemy.orm import Session

from app.db import begin_write, configure_engine
from app.domain.errors import WrongState
from app.domain.transfers import PaperFilter, TransferHead, TransferKind
from app.models.documents import Document
from app.models.transfers import TransferLine
from app.services.transfer_lines import add_matching
from app.services.transfers import cancel_transfer, create_transfer, send_transfer
from tests.cast import EAST, NOW, WEST, actor
from tests.conftest import fill
from tests.services.test_transfers import filed

WRITERS, ROUNDS, PAPERS = 6, 8, 5


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def own_engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database of this test alone, in which writers commit."""
    if request.param == "sqlite":
        engine = create_engine(f"sqlite:///{tmp_path / 'transfers.db'}")
    else:
        server = create_engine(request.getfixturevalue("postgres_url"), isolation_level="AUTOCOMMIT")
        name = f"transfers_{random.getrandbits(32):x}"
        with server.connect() as connection:
            connection.execute(text(f"create database {name}"))
        server.dispose()
        engine = create_engine(server.url.set(database=name), pool_size=WRITERS)
    configure_engine(engine)
    fill(engine)
    yield engine
    engine.dispose()


def grasp(engine: Engine, writer: int) -> int:
    """List all that fits, send it or call it off, again and again; return how many papers were sent."""
    rng, gone = random.Random(writer), 0
    for _ in range(ROUNDS):
        with Session(engine) as session:
            begin_write(session)
            giver = actor(session, "archivist")
            head = TransferHead(TransferKind.BRANCH, EAST, WEST, nature="机构撤并")
            transfer_id = create_transfer(session, giver, head, now=NOW)
            session.commit()
        with Session(engine) as session:
            begin_write(session)
            giver = actor(session, "archivist")
            try:
                added = add_matching(session, giver, transfer_id, PaperFilter(), now=NOW)
                session.commit()
            except WrongState:
                session.rollback()
                continue
        with Session(engine) as session:
            begin_write(session)
            giver = actor(session, "archivist")
            if rng.random() < 0.7:
                cancel_transfer(session, giver, transfer_id, "改期", now=NOW)
            else:
                send_transfer(session, giver, transfer_id, now=NOW)
                gone += added
            session.commit()
    return gone


def test_a_paper_that_many_lists_want_is_sent_once(own_engine: Engine) -> None:
    with Session(own_engine) as session:
        for serial in range(1, PAPERS + 1):
            filed(session, serial)
        session.commit()

    with ThreadPoolExecutor(WRITERS) as pool:
        gone = sum(pool.map(lambda writer: grasp(own_engine, writer), range(WRITERS)))

    with Session(own_engine) as session:
        open_lines = Counter(
            session.scalars(select(TransferLine.document_id).where(TransferLine.state.in_(("listed", "moving"))))
        )
        away = set(session.scalars(select(Document.id).where(Document.whereabouts == "transfer")))
    assert gone == len(away)
    assert set(open_lines) == away
    assert set(open_lines.values()) <= {1}
