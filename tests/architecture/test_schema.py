"""The migrations build the very tables that the models describe, on both databases."""

from __future__ import annotations

from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

import app.models  # noqa: F401 (the tables)
from app.db import Base
from app.services import trail
from tests.cast import NOW, actor


def test_migrations_and_models_are_the_same(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences: list[Any] = compare_metadata(context, Base.metadata)

    assert differences == []


@pytest.mark.parametrize("statement", ["update trail set reason = 'x'", "delete from trail"])
def test_the_trail_can_neither_be_changed_nor_removed(session: Session, statement: str) -> None:
    trail.record(session, actor(session, "clerk"), "customer_viewed", now=NOW)

    with pytest.raises(DBAPIError, match="only grows"):
        session.execute(text(statement))
