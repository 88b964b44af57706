"""Alembic's entry: migrates the database of one instance over a connection that the caller has opened."""

from typing import Any, Literal

from alembic import context
from sqlalchemy.types import TypeDecorator

import app.models  # noqa: F401 (the tables)
from app.db import Base


def plain_type(kind: str, thing: Any, autogen_context: Any) -> str | Literal[False]:
    """Write a step with the database's own types: the code that it was made from may change."""
    if kind == "type" and isinstance(thing, TypeDecorator):
        return f"sa.{thing.impl!r}"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_item=plain_type,
    render_as_batch=False,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
