"""A portal with people at its door: the cast with passwords and phones, and the steps that they take."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.config import Settings
from app.models.accounts import Account, SignInSession
from app.web.cookies import token_hash
from tests.client import Browser, Portal
from tests.phones import PASSWORD, code_at, give_password, give_phone


def now() -> datetime:
    """The time, as the portal reads it."""
    return datetime.now(UTC)


class House:
    """A portal whose clerk and manager have phones, with the steps that people take at its door."""

    def __init__(self, settings: Settings) -> None:
        self.portal = Portal(settings)
        with self.portal.session() as session:
            for username in ("clerk", "manager", "secadmin"):
                give_phone(session, username, changed_at=now())
            give_password(session, "newcomer", changed_at=now())
            session.commit()

    def change(self, username: str, **values: Any) -> None:
        """Change an account behind everybody's back."""
        with self.portal.session() as session:
            session.execute(update(Account).where(Account.username == username).values(values))
            session.commit()

    def forget_spent_codes(self) -> None:
        """Let the code of this half minute be taken again, so that a test need not wait for the next."""
        with self.portal.session() as session:
            session.execute(update(Account).values(totp_last_step=0))
            session.commit()

    def at_the_door(self, username: str = "clerk", password: str = PASSWORD) -> Browser:
        """A browser in which the right password has been given."""
        browser = self.portal.visitor()
        browser.get("/login")
        browser.post("/login", {"username": username, "password": password})
        return browser

    def signed_in(self, username: str = "clerk") -> Browser:
        """A browser in which password and code have been given."""
        self.forget_spent_codes()
        browser = self.at_the_door(username)
        browser.get("/login/code")
        browser.post("/login/code", {"code": code_at(now())})
        browser.get("/account/sessions")
        return browser


def cookie(browser: Browser, name: str) -> str | None:
    """A cookie's content as the browser keeps it."""
    kept = browser.client.get_cookie(name, domain="localhost")
    return kept.value if kept else None


def put_cookie(browser: Browser, name: str, value: str) -> None:
    """Give a browser a cookie that it was never given."""
    browser.client.set_cookie(name, value, domain="localhost", secure=True)


def came_from(page: str) -> dict[str, str]:
    """What a browser says of the page that a form stood on."""
    return {"HTTP_REFERER": page}


def rows(session: Session, token: str | None) -> SignInSession:
    """The session row behind a cookie's token."""
    return session.query(SignInSession).filter_by(token_hash=token_hash(token or "")).one()
