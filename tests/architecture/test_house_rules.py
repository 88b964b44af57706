"""Rules of the house that no tool knows: who commits, what every route and every answer carries."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from app.domain.policy import Action
from app.models.accounts import SignInSession
from app.web.access import UndeclaredRoute, public, refuse_undeclared_routes, requires
from tests.cast import PEOPLE
from tests.client import BASE, Portal

APP = Path(__file__).parents[2] / "app"
TESTS = Path(__file__).parents[1]
MAY_COMMIT = ("web", "blueprints", "jobs", "cli")


def test_only_the_upper_floors_commit() -> None:
    committing = [
        str(file.relative_to(APP))
        for file in APP.rglob("*.py")
        if ".commit(" in file.read_text("utf-8") and file.relative_to(APP).parts[0] not in MAY_COMMIT
    ]

    # An index commits its own files, which are no transaction of the database.
    assert [name for name in committing if not name.startswith("adapters/search_whoosh")] == []


def test_a_route_without_access_decorator_stops_the_start(portal: Portal) -> None:
    portal.app.view_functions["bare"] = lambda: ""
    portal.app.url_map.add(portal.app.url_rule_class("/bare", endpoint="bare"))

    with pytest.raises(UndeclaredRoute, match="bare"):
        refuse_undeclared_routes(portal.app)


def test_a_route_cannot_carry_two_access_decorators() -> None:
    with pytest.raises(UndeclaredRoute):
        public(requires(Action.HOME)(lambda: ""))


@pytest.mark.parametrize("path", ["/login", "/customers", "/static/app.css", "/nowhere"])
def test_every_answer_carries_the_security_headers(portal: Portal, path: str) -> None:
    answer = portal.browser("clerk").client.get(path, base_url=BASE)

    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert re.search(r"max-age=\d{7}", answer.headers["Strict-Transport-Security"])


def test_pages_are_kept_in_no_cache(portal: Portal) -> None:
    assert portal.browser("clerk").get("/customers").headers["Cache-Control"] == "no-store"


def test_a_page_that_asks_by_itself_keeps_nobody_signed_in(portal: Portal) -> None:
    browser = portal.browser("archivist")
    ago = datetime.now(UTC) - timedelta(minutes=10)
    _rest(portal, ago)

    browser.get("/registers/exports", htmx=True)
    polled = _last_use(portal)
    browser.get("/registers")

    assert polled == ago
    assert _last_use(portal) > ago


def test_a_foreign_host_is_refused_without_an_error_of_ours(portal: Portal) -> None:
    answer = portal.visitor().client.get("/login", base_url="https://evil.example")

    assert answer.status_code == 400
    assert "evil" not in answer.text


def _rest(portal: Portal, at: datetime) -> None:
    with portal.session() as session:
        session.execute(
            update(SignInSession).where(SignInSession.account_id == PEOPLE["archivist"][0]).values(last_seen_at=at)
        )
        session.commit()


def _last_use(portal: Portal) -> datetime:
    with portal.session() as session:
        return session.scalars(
            select(SignInSession.last_seen_at).where(SignInSession.account_id == PEOPLE["archivist"][0])
        ).one()


def test_no_browser_test_polls_with_a_string_of_script() -> None:
    # Playwright evaluates what `wait_for_function` polls with, which the content policy forbids: it passes only when
    # the very first look succeeds.
    polling = [
        str(file.relative_to(TESTS))
        for file in TESTS.rglob("*.py")
        if ".wait_for_" + "function(" in file.read_text("utf-8")
    ]

    assert polling == []
