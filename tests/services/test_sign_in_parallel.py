"""Twenty at once, on committed databases of both kinds: one wins, and no limit is overrun."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import Engine, create_engine, func, select
from sqlalchemy.orm import Session

from app.config import Settings
from app.db import begin_write, configure_engine
from app.domain.errors import DomainError, Invalid, TooManyTries
from app.domain.sign_in import SignInRules
from app.models.accounts import SignInAttempt
from app.models.machinery import TrailEntry
from app.queries.actors import LiveSession, session_by_token
from app.services import activation, sign_in, trail
from app.services.doors import DoorShut, pending_secret
from app.services.enrolment import enrol
from app.services.recovery import make_codes, replace_codes
from app.services.sessions import Visit
from tests.cast import NOW, PEOPLE
from tests.conftest import fill
from tests.phones import PASSWORD, account, code_at, give_password, give_phone, open_sessions, wrong_code
from tests.postgres import new_database

AT_ONCE = 20
GENEROUS = replace(SignInRules(), tries_in_window=1000, tries_in_day=1000)
Writing = Callable[[], AbstractContextManager[Session]]


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """A database of this test alone, with a clerk and a manager who have phones and a newcomer who has none."""
    engine = _postgres(request) if request.param == "postgres" else _sqlite(request.getfixturevalue("settings"))
    with Session(engine) as session:
        give_phone(session, "clerk")
        give_phone(session, "manager")
        give_password(session, "newcomer")
        session.commit()
    yield engine
    engine.dispose()


def _sqlite(settings: Settings) -> Engine:
    engine = create_engine(settings.database_url, pool_size=AT_ONCE)
    configure_engine(engine)
    return engine


def _postgres(request: pytest.FixtureRequest) -> Engine:
    engine = create_engine(new_database(request.getfixturevalue("postgres_url")), pool_size=AT_ONCE)
    fill(engine)
    return engine


@pytest.fixture
def writing(database: Engine) -> Writing:
    """Transactions as a route opens them, each on a connection of its own."""

    @contextmanager
    def transaction() -> Iterator[Session]:
        with Session(database, expire_on_commit=False, autoflush=False) as session:
            begin_write(session)
            yield session
            session.commit()

    return transaction


def knock() -> Visit:
    """A visit with a token of its own."""
    return Visit("10.0.0.1", "", uuid4().hex)


def open_door(writing: Writing, username: str) -> LiveSession:
    """Give the right password and return the door."""
    visit = knock()
    sign_in.give_password(writing, username, PASSWORD, visit, rules=GENEROUS, now=NOW)
    with writing() as session:
        door = session_by_token(session, visit.token_hash, address="", now=NOW)
    assert door is not None
    return door


def all_at_once(step: Callable[[], object]) -> list[str]:
    """Do `step` in twenty threads that start together; return the outcomes' names."""
    start = threading.Barrier(AT_ONCE)

    def one(_number: int) -> str:
        start.wait()
        try:
            step()
        except DomainError as error:
            return type(error).__name__
        return "done"

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(one, range(AT_ONCE)))


def test_one_code_given_twenty_times_at_one_door_opens_one_session(writing: Writing) -> None:
    door = open_door(writing, "clerk")

    outcomes = all_at_once(lambda: sign_in.give_code(writing, door, code_at(NOW), knock(), rules=GENEROUS, now=NOW))

    assert outcomes.count("done") == 1
    with writing() as session:
        assert len(open_sessions(session, "clerk")) == 1


def test_one_code_given_at_twenty_doors_opens_one_session(writing: Writing) -> None:
    doors = [open_door(writing, "clerk") for _ in range(AT_ONCE)]

    outcomes = all_at_once(
        lambda: sign_in.give_code(writing, doors.pop(), code_at(NOW), knock(), rules=GENEROUS, now=NOW)
    )

    assert sorted(outcomes) == [Invalid.__name__] * (AT_ONCE - 1) + ["done"]
    with writing() as session:
        assert len(open_sessions(session, "clerk")) == 1


def test_twenty_guesses_at_once_are_still_five(writing: Writing) -> None:
    door = open_door(writing, "clerk")

    outcomes = all_at_once(
        lambda: sign_in.give_code(writing, door, wrong_code(NOW), knock(), rules=SignInRules(), now=NOW)
    )

    assert outcomes.count(Invalid.__name__) == 5
    assert outcomes.count(TooManyTries.__name__) == AT_ONCE - 5
    with writing() as session:
        tries = select(func.count()).where(SignInAttempt.stage == "totp")
        assert session.scalar(tries) == 5


def test_the_first_twenty_entries_of_the_trail_are_numbered_one_by_one(writing: Writing) -> None:
    def step() -> None:
        with writing() as session:
            trail.record(session, None, "signed_out", now=NOW)

    all_at_once(step)

    with writing() as session:
        assert session.scalars(select(TrailEntry.sequence).order_by(TrailEntry.sequence)).all() == list(
            range(1, AT_ONCE + 1)
        )


def test_one_recovery_code_given_twenty_times_is_spent_once(writing: Writing) -> None:
    codes = make_codes()
    with writing() as session:
        replace_codes(session, PEOPLE["clerk"][0], codes.kept)
    doors = [open_door(writing, "clerk") for _ in range(AT_ONCE)]

    outcomes = all_at_once(
        lambda: sign_in.use_recovery_code(writing, doors.pop(), codes.shown[0], knock(), rules=GENEROUS, now=NOW)
    )

    assert outcomes.count("done") == 1


def test_one_activation_code_redeemed_twenty_times_sets_one_password(writing: Writing) -> None:
    with writing() as session:
        row = account(session, "auditor")
        row.state = "pending"
        code = activation.issue(session, row, NOW)
    passwords = [f"First-Light-{number}" for number in range(AT_ONCE)]

    outcomes = all_at_once(lambda: activation.redeem(writing, code, passwords.pop(), knock(), rules=GENEROUS, now=NOW))

    assert sorted(outcomes) == [Invalid.__name__] * (AT_ONCE - 1) + ["done"]


def test_of_several_who_bind_a_phone_at_once_one_does(writing: Writing) -> None:
    doors = [open_door(writing, "newcomer") for _ in range(AT_ONCE)]
    with writing() as session:
        secrets = {door.id: pending_secret(session, door.id, now=NOW) for door in doors}

    def step() -> None:
        door = doors.pop()
        enrol(writing, door, code_at(NOW, secrets[door.id]), knock(), rules=GENEROUS, now=NOW)

    outcomes = all_at_once(step)

    assert sorted(outcomes) == [DoorShut.__name__] * (AT_ONCE - 1) + ["done"]
    with writing() as session:
        assert len(open_sessions(session, "newcomer")) == 1
