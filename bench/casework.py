"""Complaints at 50,000 cases, 20,000 consultations and 20,000 invitations: whole pages over TLS."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

from app.domain.ids import encode_id
from bench.portal import timed, turn
from bench.served import Browser, account, branch_instance, serve
from bench.table import Figure, figure

P95_GOAL = 150.0
SAMPLE = 60
HEADS = {"one branch": "manager-cd1", "everything": "manager-hq1"}


def run() -> list[Figure]:
    """Measure everything and return the figures."""
    instance = branch_instance()
    with serve(instance) as served:
        figures: list[Figure] = []
        for sees, username in HEADS.items():
            browser = Browser(served.port)
            browser.sign_in(account(instance, username))
            figures += _screens(browser, instance, sees)
    return figures


def _screens(browser: Browser, instance: Path, sees: str) -> Iterator[Figure]:
    branch = "branch_id = (select id from branches where code = '3201')"
    closed = _addresses(instance, f"select id from cases where state = 'closed' and {branch}", "/casework/{}")  # noqa: S608
    running = _addresses(instance, f"select id from cases where state = 'accepted' and {branch}", "/casework/{}")  # noqa: S608
    results = _addresses(instance, "select id from surveys", "/surveys/{}/results")
    plans = {
        "the board": ["/casework/board"],
        "my cases": ["/casework/mine"],
        "a month of due dates": ["/casework/calendar"],
        "complaints": ["/casework", "/casework?state=open", "/casework?state=overdue"],
        "a running case": running,
        "a closed case": closed,
        "figures of a quarter": ["/figures?kind=quarter"],
        "figures of a year": ["/figures?kind=year"],
        "consultations": ["/consultations"],
        "surveys": ["/surveys"],
        "results of a survey": results,
        "invitations": ["/surveys/invitations"],
        "follow-ups": ["/surveys/follow-ups"],
    }
    for what, addresses in plans.items():
        yield figure(f"{what} ({sees})", timed(browser, turn(cycle(addresses))), "ms", p95_goal=P95_GOAL)


def _addresses(instance: Path, statement: str, address: str) -> list[str]:
    with sqlite3.connect(instance / "baodang.db") as connection:
        return [address.format(encode_id(found)) for (found,) in connection.execute(f"{statement} limit {SAMPLE}")]
