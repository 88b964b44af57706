"""People's passwords and phones: sign-in means for the cast, and the codes that the phones show."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from functools import cache
from uuid import uuid4

import pyotp
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.domain.sign_in import SignInRules
from app.domain.totp import step_at
from app.models.accounts import Account, SignInSession
from app.models.machinery import TrailEntry
from app.queries.actors import LiveSession, session_by_token
from app.services import passwords, sign_in
from app.services.doors import pending_secret
from app.services.enrolment import Enrolled, enrol
from app.services.sessions import Visit
from app.services.sign_in import Entered
from tests.cast import NOW, PEOPLE

PASSWORD = "Right-Horse-7"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@cache
def password_hash() -> str:
    """The hash of everybody's password, computed once."""
    return passwords.hash_password(PASSWORD)


def give_password(session: Session, username: str, *, changed_at: datetime = NOW) -> None:
    """Let a member of the cast know the password."""
    values = {"password_hash": password_hash(), "password_changed_at": changed_at}
    session.execute(update(Account).where(Account.username == username).values(values))


def give_phone(session: Session, username: str, *, changed_at: datetime = NOW) -> None:
    """Let a member of the cast know the password and hold a phone."""
    give_password(session, username, changed_at=changed_at)
    phone = {"totp_secret": SECRET, "totp_enrolled_at": NOW, "totp_last_step": 0}
    session.execute(update(Account).where(Account.username == username).values(phone))


def code_at(now: datetime, secret: str = SECRET) -> str:
    """What a phone shows at `now`."""
    return pyotp.TOTP(secret).generate_otp(step_at(now))


def wrong_code(now: datetime) -> str:
    """Six digits that no phone with the cast's secret shows about `now`."""
    shown = {pyotp.TOTP(SECRET).generate_otp(step_at(now) + drift) for drift in range(-3, 4)}
    return next(f"{number:06d}" for number in range(10) if f"{number:06d}" not in shown)


def account(session: Session, username: str) -> Account:
    """An account as the database has it now."""
    session.expire_all()
    return session.scalars(select(Account).where(Account.id == PEOPLE[username][0])).one()


def steps_in(session: Session) -> Callable[[], AbstractContextManager[Session]]:
    """A `writing` for services whose steps share one transaction, which the test rolls back."""

    @contextmanager
    def writing() -> Iterator[Session]:
        yield session
        session.flush()
        session.expire_all()

    return writing


class Desk:
    """A visitor's view of the sign-in services: every knock has a fresh token, every step the same rules."""

    def __init__(self, session: Session, rules: SignInRules | None = None, address: str = "10.0.0.1") -> None:
        self.session = session
        self.writing = steps_in(session)
        self.rules = rules or SignInRules()
        self.address = address
        self.last_hash = ""

    def visit(self) -> Visit:
        """A knock with a token that nobody had before."""
        self.last_hash = uuid4().hex
        return Visit(self.address, "Mozilla/5.0 (Windows NT 10.0) Chrome/130.0", self.last_hash)

    def password(self, username: str, password: str = PASSWORD, *, now: datetime = NOW) -> LiveSession:
        """Give a password and return the door that it opens."""
        sign_in.give_password(self.writing, username, password, self.visit(), rules=self.rules, now=now)
        return self.live(now)

    def code(self, door: LiveSession, code: str, *, now: datetime = NOW) -> Entered:
        """Give a code at a door."""
        return sign_in.give_code(self.writing, door, code, self.visit(), rules=self.rules, now=now)

    def sign_in(self, username: str, *, now: datetime = NOW) -> Entered:
        """Give password and code."""
        return self.code(self.password(username, now=now), code_at(now), now=now)

    def recovery(self, door: LiveSession, code: str, *, now: datetime = NOW) -> LiveSession:
        """Give a recovery code at a door and return the next door."""
        sign_in.use_recovery_code(self.writing, door, code, self.visit(), rules=self.rules, now=now)
        return self.live(now)

    def enrol(self, door: LiveSession, code: str, *, now: datetime = NOW) -> Enrolled:
        """Give a new phone's first code."""
        return enrol(self.writing, door, code, self.visit(), rules=self.rules, now=now)

    def new_phone(self, door: LiveSession, *, now: datetime = NOW) -> Enrolled:
        """Bind a phone that shows the right code."""
        return self.enrol(door, code_at(now, pending_secret(self.session, door.id, now=now)), now=now)

    def live(self, now: datetime = NOW) -> LiveSession:
        """The session under the token of the last knock."""
        found = session_by_token(self.session, self.last_hash, address=self.address, now=now)
        assert found is not None
        return found


def open_sessions(session: Session, username: str) -> list[SignInSession]:
    """Complete sessions of somebody that have not ended, oldest first."""
    session.expire_all()
    return list(
        session.scalars(
            select(SignInSession)
            .where(
                SignInSession.account_id == PEOPLE[username][0],
                SignInSession.stage == "full",
                SignInSession.ended_at.is_(None),
            )
            .order_by(SignInSession.started_at)
        )
    )


def events(session: Session, event: str) -> list[TrailEntry]:
    """Entries of one event in the trail, oldest first."""
    return list(session.scalars(select(TrailEntry).where(TrailEntry.event == event).order_by(TrailEntry.sequence)))
