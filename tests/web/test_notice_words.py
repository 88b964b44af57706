"""Notices 通知 speak: every kind that is sent has its sentence, and no detail is missing from it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from app.web.notice_words import NOTICES, say

SOURCES = Path(__file__).parents[2] / "app"


def kinds_sent() -> Iterator[str]:
    """Yield the kinds that the code names where it calls `notify`."""
    for folder in ("services", "jobs"):
        for file in (SOURCES / folder).glob("*.py"):
            for node in ast.walk(ast.parse(file.read_text("utf-8"))):
                if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == "notify":
                    third = node.args[2]
                    if isinstance(third, ast.Constant):
                        yield str(third.value)


def test_every_kind_that_is_sent_has_a_sentence() -> None:
    assert set(kinds_sent()) - set(NOTICES) == set()


def test_a_missing_detail_or_an_unknown_kind_breaks_nothing() -> None:
    assert "—" in say("loan_to_approve", {})
    assert say("nothing_of_ours", {"number": "1"}) == "nothing_of_ours"
