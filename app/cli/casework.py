"""`flask casework diagram`: the life of a complaint as a diagram."""

from __future__ import annotations

import click

from app.domain.cases import diagram

group = click.Group("casework", help="How complaints are handled.")


@group.command("diagram")
def print_diagram() -> None:
    """Print the states of a complaint as a Mermaid diagram."""
    click.echo(diagram(), nl=False)
