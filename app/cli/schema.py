"""Migrating the database of an instance to the newest step."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

FOLDER = Path(__file__).resolve().parent.parent.parent / "migrations"


def alembic_config() -> Config:
    """Return Alembic's settings; there is no alembic.ini to keep in step."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    return config


def newest_step() -> str:
    """Return the name of the newest migration."""
    return ScriptDirectory.from_config(alembic_config()).get_current_head() or ""


def migrate(engine: Engine) -> None:
    """Bring the database to the newest step; a step that fails leaves it as it was."""
    config = alembic_config()
    with engine.execution_options(sqlite_begin="IMMEDIATE").connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()
