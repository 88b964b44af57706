"""`flask cases table`."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from app.cli.cases import group


def test_the_command_prints_the_page_of_the_documents() -> None:
    page = Path(__file__).parents[2] / "docs" / "deadlines.md"

    result = CliRunner().invoke(group, ["table"])

    assert (result.exit_code, result.output) == (0, page.read_text("utf-8"))
