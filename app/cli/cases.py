"""`flask cases table`: the rules of the legal clocks with their worked cases."""

from __future__ import annotations

import click

from app.domain.deadlines.table import deadlines_as_markdown

group = click.Group("cases", help="Legal deadlines and their worked cases.")


@group.command("table")
def print_table() -> None:
    """Print rules and worked cases as Markdown."""
    click.echo(deadlines_as_markdown(), nl=False)
