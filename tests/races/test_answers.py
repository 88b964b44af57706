"""Two answers on one token at once, on both databases: one is kept, the other told so, and one task comes of it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, func, select, text
from sqlalchemy.orm import Session

from app.db import begin_write
from app.domain.errors import WrongState
from app.models.surveys import FollowUp, SurveyAnswer
from app.queries.survey_invitations import Occasion
from app.services.survey_answers import Given, give_answer
from app.services.survey_invitations import AskedLately, Asking, invite, locked
from tests.cast import NOW, actor
from tests.conftest import fill
from tests.records import make_customer
from tests.services.surveys import LOW, make_survey

THREADS, ROUNDS = 4, 5


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def own_engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database of this test alone, in which everybody commits."""
    if request.param == "sqlite":
        engine = create_engine(f"sqlite:///{tmp_path / 'answers.db'}", pool_size=THREADS)
    else:
        server = create_engine(request.getfixturevalue("postgres_url"), isolation_level="AUTOCOMMIT")
        name = f"answers_{random.getrandbits(32):x}"
        with server.connect() as connection:
            connection.execute(text(f"create database {name}"))
        server.dispose()
        engine = create_engine(server.url.set(database=name), pool_size=THREADS)
    fill(engine)
    yield engine
    engine.dispose()


def test_of_many_answers_on_one_token_one_is_kept(own_engine: Engine) -> None:
    for _ in range(ROUNDS):
        with Session(own_engine) as session:
            begin_write(session)
            clerk, survey = actor(session, "clerk"), make_survey(session)
            about = Occasion(make_customer(session))
            invitation_id, _token = invite(session, clerk, survey, Asking("link"), about, now=NOW)
            session.commit()

        def answer(_turn: int, asked: int = invitation_id) -> str:
            with Session(own_engine) as session:
                begin_write(session)
                try:
                    give_answer(session, None, locked(session, asked), Given(LOW), now=NOW)
                except WrongState as wrong:
                    return wrong.code
                session.commit()
                return "kept"

        with ThreadPoolExecutor(THREADS) as pool:
            outcomes = sorted(pool.map(answer, range(THREADS)))

        assert outcomes == ["invitation.is_answered"] * (THREADS - 1) + ["kept"]

    with Session(own_engine) as session:
        assert session.scalar(select(func.count()).select_from(SurveyAnswer)) == ROUNDS
        assert session.scalar(select(func.count()).select_from(FollowUp)) == ROUNDS


def test_a_customer_whom_several_ask_at_once_is_asked_once(own_engine: Engine) -> None:
    with Session(own_engine) as session:
        begin_write(session)
        clerk, survey, customer = actor(session, "clerk"), make_survey(session), make_customer(session)
        session.commit()

    def ask(_turn: int) -> bool:
        with Session(own_engine) as session:
            begin_write(session)
            try:
                invite(session, clerk, survey, Asking("link"), Occasion(customer), now=NOW)
            except AskedLately:
                return False
            session.commit()
            return True

    with ThreadPoolExecutor(THREADS) as pool:
        assert sorted(pool.map(ask, range(THREADS))) == [False] * (THREADS - 1) + [True]
