"""`flask search …`: building the index anew and comparing it with the database."""

from __future__ import annotations

import json

import click
from flask import current_app
from flask.cli import with_appcontext

from app.db import db
from app.ports import Tools
from app.queries.search_entries import all_entries

group = click.Group("search", help="The index, a disposable copy of the catalogue.")


@group.command("rebuild")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@with_appcontext
def rebuild(*, as_json: bool) -> None:
    """Build the index anew beside the old one and swap them."""
    tools: Tools = current_app.extensions["tools"]
    count = tools.index.rebuild(all_entries(db.session()))
    click.echo(json.dumps({"entries": count}) if as_json else f"{count} entries")
