"""`flask borrowing diagram`: the life of a lent paper as a diagram."""

from __future__ import annotations

import click

from app.domain.loans import diagram

group = click.Group("borrowing", help="How papers are lent.")


@group.command("diagram")
def print_diagram() -> None:
    """Print the states of a lent paper as a Mermaid diagram."""
    click.echo(diagram(), nl=False)
