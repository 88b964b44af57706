"""A client that signs people in by a real session row and looks critically at every page that it opens."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import cache
from html import unescape
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from html5lib import HTMLParser
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app import create_app
from app.config import Settings
from app.db import db
from app.models.accounts import SignInSession
from app.web.cookies import SESSION_COOKIE, new_token, token_hash
from tests.cast import PEOPLE

TOKEN = re.compile(r'X-CSRF-Token": "([^"]+)"')
BASE = "https://localhost"


class Portal:
    """The application of one test."""

    def __init__(self, settings: Settings) -> None:
        self.app: Flask = create_app(settings)

    def visitor(self) -> Browser:
        """Return a browser without a session."""
        return Browser(self.app)

    def browser(self, username: str, *, stepped_up: bool = False) -> Browser:
        """Return a browser in which a member of the cast has signed in."""
        browser = Browser(self.app)
        token = new_token()
        now = datetime.now(UTC)
        with self.app.app_context():
            db.session.add(
                SignInSession(
                    token_hash=token_hash(token),
                    account_id=PEOPLE[username][0],
                    stage="full",
                    started_at=now,
                    last_seen_at=now,
                    expires_at=now + timedelta(hours=1),
                    stepped_up_at=now if stepped_up else None,
                    address="127.0.0.1",
                    user_agent="tests",
                )
            )
            db.session.commit()
        browser.client.set_cookie(SESSION_COOKIE, token, domain="localhost", secure=True)
        return browser

    def session(self) -> Session:
        """Return a database session of its own, to arrange or to look."""
        with self.app.app_context():
            return Session(db.engine, expire_on_commit=False)

    def close(self) -> None:
        """Let go of the database."""
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()


class Browser:
    """A browser without scripts: it sends the CSRF token of the page it opened last."""

    def __init__(self, app: Flask) -> None:
        self.client: FlaskClient = app.test_client()
        self.token = ""

    def get(self, path: str, *, status: int = 200, htmx: bool = False, **kwargs: Any) -> TestResponse:
        """Open a page and check it; `htmx` asks for its fragment."""
        headers = {"HX-Request": "true"} if htmx else {}
        response = self.client.get(path, base_url=BASE, headers=headers, **kwargs)
        assert response.status_code == status, f"{path}: {response.status_code}\n{response.text[:2000]}"
        if response.mimetype == "text/html" and not htmx and response.status_code not in range(300, 400):
            self.check_page(path, response.text)
        return response

    def post(
        self, path: str, data: dict[str, Any] | None = None, *, status: int = 303, htmx: bool = False, **kwargs: Any
    ) -> TestResponse:
        """Send a form with the token of the last page."""
        if not self.token:
            self.get("/account/sessions")
        headers = {"HX-Request": "true", "X-CSRF-Token": self.token} if htmx else {}
        form = {"csrf_token": self.token, **(data or {})}
        response = self.client.post(path, base_url=BASE, data=form, headers=headers, **kwargs)
        assert response.status_code == status, f"{path}: {response.status_code}\n{response.text[:30000]}"
        if response.mimetype == "text/html" and not htmx and status not in range(300, 400):
            self.check_page(path, response.text)
        return response

    def check_page(self, path: str, text: str) -> None:
        """One h1, a title that starts with it, unique ids, valid HTML; nothing that the CSP would refuse."""
        found = TOKEN.search(text)
        if found:
            self.token = found.group(1)
        bones = WORDS.sub(lambda found: " x" if found[0].strip() else " ", VALUES.sub("", text))
        assert not errors_in(bones), f"{path}: {errors_in(text) or errors_in(bones)}"
        headings = HEADING.findall(text)
        assert len(headings) == 1, f"{path}: {len(headings)} h1"
        heading, title = words_of(headings[0]), words_of(TITLE.findall(text)[0])
        assert heading, f"{path}: an empty h1"
        assert title.startswith(heading), f"{path}: title {title!r} does not start with {heading!r}"
        ids = ID.findall(text)
        assert len(ids) == len(set(ids)), f"{path}: ids twice: {sorted({i for i in ids if ids.count(i) > 1})}"
        assert not INLINE.search(text), f"{path}: an inline style or handler"


# A page without its words and values: whether HTML is valid hangs on these bones, and many pages of a run share them.
VALUES = re.compile(r"""(?<=[\w-])=(?:"[^"]*"|'[^']*')|&(?:amp|lt|gt|quot|#\d+);""")
WORDS = re.compile(r"(?<=>)[^<&]+(?=<)")
HEADING = re.compile(r"<h1\b[^>]*>(.*?)</h1>", re.DOTALL)
TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
ID = re.compile(r'<[^>]*?\sid="([^"]+)"')
INLINE = re.compile(r"<\w[^>]*\s(?:style|on\w+)=")


@cache
def errors_in(page: str) -> list[str]:
    """Return what html5lib holds against a page, the first five."""
    parser = HTMLParser(strict=False, namespaceHTMLElements=False)
    parser.parse(page)
    return [str(error) for error in parser.errors[:5]]


def words_of(markup: str) -> str:
    """Return what is read of a heading."""
    return unescape(re.sub(r"<[^>]*>", "", markup)).strip()
