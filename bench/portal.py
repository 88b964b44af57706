"""The portal at 100,000 customers: start, lists, pages and search as whole HTML, weight, memory.

Beside each stands the peer's median (a Python document archive on the same two cores with 10,000 documents, measured
over its JSON interface): ours are whole pages over TLS.
"""

from __future__ import annotations

import random
import sqlite3
import time
from collections.abc import Callable, Iterator
from itertools import cycle
from pathlib import Path

from app.domain.ids import encode_id
from bench.served import Browser, Served, account, branch_instance, resident, serve
from bench.table import Figure, figure

RUNS = 60
STARTS = 5
SETTLE_SECONDS = 8
FIRST_PAGE_GOAL = 60.0
FRAGMENT_GOAL = 15.0
PEER = {
    "start": 1800.0,
    "list": (62.0, 68.0),
    "detail": (42.0, 55.0),
    "common": (68.0, 113.0),
    "rare": (29.0, 40.0),
    "two": (74.0, 113.0),
    "memory": 582.0,
}


def run() -> list[Figure]:
    """Measure everything and return the figures."""
    instance = branch_instance()
    figures = list(_starts(instance))
    with serve(instance) as served:
        time.sleep(SETTLE_SECONDS)
        rest = resident(served.process.pid) / 1024
        readers = {"everything": "archivist-hq1", "one branch": "clerk-jx1"}
        for position, (sees, username) in enumerate(readers.items()):
            browser = Browser(served.port)
            browser.sign_in(account(instance, username))
            figures += _screens(served, browser, sees, position)
        browser = Browser(served.port)
        browser.sign_in(account(instance, "archivist-hq2"))
        figures += _weights(browser)
        figures.append(figure("memory of all processes at rest", [rest], "MB PSS", peer=PEER["memory"]))  # type: ignore[arg-type]
        used = resident(served.process.pid) / 1024
        figures.append(figure("memory after the screens above", [used], "MB PSS", peer=PEER["memory"]))  # type: ignore[arg-type]
    return figures


def _starts(instance: Path) -> Iterator[Figure]:
    times = []
    for _ in range(STARTS + 1):
        with serve(instance) as served:
            times.append(served.first_answer)
    yield figure("first start after a change", times[:1], "ms", peer=PEER["start"])  # type: ignore[arg-type]
    yield figure("start to the first answer", times[1:], "ms", peer=PEER["start"])  # type: ignore[arg-type]


def _screens(served: Served, browser: Browser, sees: str, position: int) -> Iterator[Figure]:
    rng = random.Random(5)
    names, customers = _samples(served.instance, rng, sees)
    peer = {name: value[position] for name, value in PEER.items() if isinstance(value, tuple)}
    plans: list[tuple[str, Callable[[], str], float | None]] = [
        (
            "list of customers",
            turn(cycle(["/customers", "/customers?sort=name", "/customers?kind=organisation"])),
            peer["list"],
        ),
        ("list of documents", turn(cycle(["/documents", "/documents?state=filed"])), peer["list"]),
        ("customer page", turn(cycle([f"/customers/{encode_id(found)}" for found in customers])), peer["detail"]),
        ("search, common word", turn(cycle(["/search?q=有限", "/search?q=投保单", "/search?q=保险"])), peer["common"]),
        ("search, one character", turn(cycle(["/search?q=张", "/search?q=王"])), None),
        ("search, rare name", turn(cycle([f"/search?q={name}" for name in names])), peer["rare"]),
        ("search, two words", turn(cycle([f"/search?q={name}+投保单" for name in ("王", "李", "张")])), peer["two"]),
    ]
    for what, address, beside in plans:
        yield figure(f"{what} (sees {sees})", timed(browser, address), "ms", peer=beside)


def turn(addresses: Iterator[str]) -> Callable[[], str]:
    """Return what gives the next address each time."""
    return lambda: next(addresses)


def timed(browser: Browser, address: Callable[[], str]) -> list[float]:
    """Return the milliseconds of each of many answers; stops when one of them is not a page."""
    from urllib.parse import quote

    times = []
    for turn in range(RUNS + 3):
        path = quote(address(), safe="/?=&+%")
        answer = browser.get(path)
        if answer.status != 200:
            raise SystemExit(f"{path}: {answer.status}")
        if turn >= 3:
            times.append(answer.milliseconds)
    return times


def _weights(browser: Browser) -> Iterator[Figure]:
    page = browser.get("/customers").body
    total = len(page) + sum(
        len(browser.get(path).body) for path in ("/static/app.css", "/static/app.js", "/static/vendor/htmx.min.js")
    )
    yield figure("first page with style and scripts, compressed", [total / 1024], "KB", goal=FIRST_PAGE_GOAL)
    fragment = browser.get("/customers?sort=name", htmx=True).body
    yield figure("fragment of fifty rows, compressed", [len(fragment) / 1024], "KB", goal=FRAGMENT_GOAL)


def _samples(instance: Path, rng: random.Random, sees: str) -> tuple[list[str], list[int]]:
    """Return full names and ids of customers that the reader may see."""
    statement = "select id, name from customers where kind = 'person' and level <= 2"
    if sees != "everything":
        statement += " and branch_id = (select id from branches where code = '3600')"
    with sqlite3.connect(instance / "baodang.db") as connection:
        rows = connection.execute(f"{statement} limit 5000").fetchall()
    chosen = rng.sample(rows, RUNS + 3)
    return [name for _, name in chosen], [found for found, _ in chosen]
