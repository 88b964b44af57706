"""The lending desk and the storeroom at 100,000 documents and 200,000 past loans: whole pages over TLS."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

from app.domain.ids import encode_id
from app.domain.scan_codes import label_code
from bench.portal import timed, turn
from bench.served import Browser, account, branch_instance, serve
from bench.table import Figure, figure

P95_GOAL = 150.0
SAMPLE = 60
KEEPERS = {"one branch": "archivist-cd1", "everything": "archivist-hq1"}


def run() -> list[Figure]:
    """Measure everything and return the figures."""
    instance = branch_instance()
    with serve(instance) as served:
        figures: list[Figure] = []
        for sees, username in KEEPERS.items():
            browser = Browser(served.port)
            browser.sign_in(account(instance, username))
            figures += _screens(browser, instance, sees)
    return figures


def _screens(browser: Browser, instance: Path, sees: str) -> Iterator[Figure]:
    requests = [encode_id(found) for found in _ids(instance, "select id from loan_requests where state = 'closed'")]
    seen = "customer_id in (select id from customers where level <= 3)"
    papers = _ids(instance, f"select id from documents where state = 'filed' and whereabouts = 'shelf' and {seen}")  # noqa: S608
    boxes = [encode_id(found) for found in _ids(instance, "select id from boxes where place_id is not null")]
    plans = {
        "loans of the branch": ["/borrowing?tab=branch", "/borrowing?tab=branch&state=closed"],
        "one past loan": [f"/borrowing/{found}" for found in requests],
        "the desk": ["/borrowing/desk"],
        "the desk, a label scanned": [f"/borrowing/desk?code={label_code('document', found)}" for found in papers],
        "rooms": ["/storage"],
        "boxes": ["/storage/boxes"],
        "a box with its papers": [f"/storage/boxes/{found}" for found in boxes],
        "the movement book": ["/storage/movements"],
        "documents with where they are": ["/documents", "/documents?state=filed"],
    }
    for what, addresses in plans.items():
        yield figure(f"{what} ({sees})", timed(browser, turn(cycle(addresses))), "ms", p95_goal=P95_GOAL)


def _ids(instance: Path, statement: str) -> list[int]:
    """Return ids out of the branch that both readers see."""
    branch = "branch_id = (select id from branches where code = '3201')"
    level = "" if "boxes" in statement else " and level <= 3"
    with sqlite3.connect(instance / "baodang.db") as connection:
        return [found for (found,) in connection.execute(f"{statement} and {branch}{level} limit {SAMPLE}")]
