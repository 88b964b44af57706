"""Two at once, on committed databases of both kinds: one 安全保密管理员 stays, and one reset happens once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, create_engine, func, select, update
from sqlalchemy.orm import Session

from app.config import Settings
from app.db import begin_write, configure_engine
from app.domain.errors import DomainError
from app.models.accounts import Account, Grant
from app.services.accounts import disable_account, revoke_grant
from app.services.sign_in_resets import ask_reset, confirm_reset
from tests.cast import NOW, PEOPLE, actor
from tests.conftest import fill
from tests.postgres import new_database

ROUNDS = 8
FIRST, SECOND = "secadmin", "secadmin_other"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """A database of this test alone."""
    if request.param == "postgres":
        engine = create_engine(new_database(request.getfixturevalue("postgres_url")))
        fill(engine)
    else:
        settings: Settings = request.getfixturevalue("settings")
        engine = create_engine(settings.database_url)
        configure_engine(engine)
    yield engine
    engine.dispose()


def at_once(database: Engine, *works: Callable[[Session], None]) -> list[DomainError | None]:
    """Do works at the same moment, each in a transaction of its own; return what each was refused with."""
    start = threading.Barrier(len(works))

    def run(work: Callable[[Session], None]) -> DomainError | None:
        with Session(database) as session:
            start.wait()
            begin_write(session)
            try:
                work(session)
                session.commit()
            except DomainError as refused:
                return refused
        return None

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def count_secadmins(session: Session) -> int:
    """How many 安全保密管理员 could act now."""
    held = select(func.count()).select_from(Grant).join(Account, Account.id == Grant.account_id)
    return (
        session.scalar(held.where(Grant.role == "secadmin", Grant.revoked_at.is_(None), Account.state == "active")) or 0
    )


def removal(database: Engine, who: str, whom: str) -> Callable[[Session], None]:
    """How one of them closes the account of the other."""
    with Session(database) as session:
        person = actor(session, who)
    return lambda session: disable_account(session, person, PEOPLE[whom][0], "互相停用", now=NOW)


def revocation(database: Engine, who: str, whom: str) -> Callable[[Session], None]:
    """How one of them takes the role of the other."""
    with Session(database) as session:
        person = actor(session, who)
        grant_id = session.scalars(select(Grant.id).where(Grant.account_id == PEOPLE[whom][0])).one()
    return lambda session: revoke_grant(session, person, grant_id, now=NOW)


@pytest.mark.parametrize(("one", "other"), [(removal, removal), (revocation, revocation), (removal, revocation)])
def test_two_who_remove_each_other_leave_one(
    database: Engine,
    one: Callable[[Engine, str, str], Callable[[Session], None]],
    other: Callable[[Engine, str, str], Callable[[Session], None]],
) -> None:
    works = one(database, FIRST, SECOND), other(database, SECOND, FIRST)
    for _ in range(ROUNDS):
        with Session(database) as session:
            both = PEOPLE[FIRST][0], PEOPLE[SECOND][0]
            session.execute(update(Account).where(Account.id.in_(both)).values(state="active"))
            session.execute(update(Grant).where(Grant.account_id.in_(both)).values(revoked_at=None, revoked_by=None))
            session.commit()

        refused = at_once(database, *works)

        assert len([error for error in refused if error is not None]) == 1
        with Session(database) as session:
            assert count_secadmins(session) == 1


def confirmation(database: Engine, who: str, reset_id: int, codes: list[str]) -> Callable[[Session], None]:
    """How somebody confirms a reset and sees its code."""
    with Session(database) as session:
        person = actor(session, who)
    return lambda session: codes.append(confirm_reset(session, person, reset_id, now=NOW)[1])


def test_a_reset_that_two_confirm_at_once_gives_one_code(database: Engine) -> None:
    for _ in range(ROUNDS):
        with Session(database) as session:
            reset_id = ask_reset(session, actor(session, FIRST), PEOPLE["clerk"][0], "手机丢失", now=NOW)
            session.commit()
        codes: list[str] = []

        refused = at_once(database, *(confirmation(database, who, reset_id, codes) for who in (SECOND, "manager")))

        assert len(codes) == 1
        assert len([error for error in refused if error is not None]) == 1
