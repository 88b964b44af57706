"""`flask policy print`: the policy as a table."""

from __future__ import annotations

import click

from app.domain.policy_table import policy_as_markdown

group = click.Group("policy", help="What anyone may do.")


@group.command("print")
def print_policy() -> None:
    """Print the policy as Markdown."""
    click.echo(policy_as_markdown(), nl=False)
