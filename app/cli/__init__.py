"""Commands for the person at the machine: `flask accounts …`, `flask demo …`, `flask search …`."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module

import click

# Group → its module. Each loads when it is called: the web process has no use for any.
GROUPS = {
    "accounts": "app.cli.accounts",
    "cases": "app.cli.cases",
    "borrowing": "app.cli.borrowing",
    "casework": "app.cli.casework",
    "demo": "app.cli.demo.command",
    "policy": "app.cli.policy",
    "search": "app.cli.search",
}


class LateGroup(click.Group):
    """A group of commands that is imported when somebody asks for it."""

    def __init__(self, name: str, module: str) -> None:
        super().__init__(name)
        self.module = module

    def loaded(self) -> click.Group:
        """Return the group itself."""
        group: click.Group = import_module(self.module).group
        return group

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of its commands."""
        return self.loaded().list_commands(ctx)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return one of its commands."""
        return self.loaded().get_command(ctx, cmd_name)

    def get_short_help_str(self, limit: int = 45) -> str:
        """Return its line in the list of groups."""
        return self.loaded().get_short_help_str(limit)


def commands() -> Iterable[click.Command]:
    """Return the command groups."""
    return [LateGroup(name, module) for name, module in GROUPS.items()]
