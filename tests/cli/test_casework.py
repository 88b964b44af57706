"""The diagram of the documents is the one that the program prints."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from app.cli.casework import group

PAGE = Path(__file__).resolve().parents[2] / "docs" / "casework.md"


def test_the_page_on_complaints_holds_the_diagram_of_the_machine() -> None:
    printed = CliRunner().invoke(group, ["diagram"]).output

    assert f"```mermaid\n{printed}```\n" in PAGE.read_text("utf-8")
