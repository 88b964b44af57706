"""`flask demo load`: invented data for a new instance."""

from __future__ import annotations

from datetime import UTC, datetime

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import select

from app.cli.demo.load import SCALES, load_demo
from app.config import Settings
from app.db import db
from app.models.accounts import Branch

group = click.Group("demo", help="Invented data, for trying the portal.")


@group.command("load")
@click.option("--scale", type=click.Choice(list(SCALES)), default="small", show_default=True)
@click.option("--seed", type=int, default=1, show_default=True)
@with_appcontext
def load(*, scale: str, seed: int) -> None:
    """Fill a new instance; refuses one that has data already."""
    settings: Settings = current_app.extensions["baodang"]
    if db.session.scalar(select(Branch.id).limit(1)) is not None:
        raise click.ClickException("this instance has data already: use an empty folder (--instance, BAODANG_INSTANCE)")
    db.session.rollback()
    load_demo(settings, scale=scale, seed=seed, now=datetime.now(UTC))
