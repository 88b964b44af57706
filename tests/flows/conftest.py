"""Fixtures of the flows: one served portal and one browser for all of them, a desk for each person of a test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Playwright, expect

from tests.flows.office import Office
from tests.flows.staff import Staff

PATIENCE_MILLISECONDS = 15_000
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """The office of this run: its data is shared, so that each flow makes what it changes."""
    office = Office(tmp_path_factory.mktemp("office"))
    try:
        office.open()
        yield office
    finally:
        office.close()


@pytest.fixture(scope="session")
def chromium(playwright_driver: Playwright) -> Iterator[Browser]:
    """Debian's Chromium; patient, since the portal, the worker and the browser share two cores with other tests."""
    expect.set_options(timeout=PATIENCE_MILLISECONDS)
    browser = playwright_driver.chromium.launch(executable_path=shutil.which("chromium"), args=list(FLAGS))
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def sessions() -> dict[str, object]:
    """The cookies of those who have signed in already."""
    return {}


@pytest.fixture
def staff(office: Office, chromium: Browser, sessions: dict[str, object]) -> Iterator[Staff]:
    """The people of this test; every desk that was opened is looked at when the test ends."""
    staff = Staff(office, chromium, sessions)
    yield staff
    staff.close()
