"""Commands for the person at the machine: `flask accounts …`, `flask demo …`, `flask search …`."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module

import click

NAMES = ("accounts", "demo.command", "policy", "search")


def commands() -> Iterable[click.Command]:
    """Return the command groups."""
    return [import_module(f"app.cli.{name}").group for name in NAMES]
