"""The unbound database object, the base of all tables, and how a transaction begins.

SQLite runs in WAL mode with `synchronous=FULL`: a commit that was acknowledged survives a power cut. The driver
is put into autocommit and every BEGIN is sent by us, so that a writing transaction can take the write lock at
its first statement (`BEGIN IMMEDIATE`) instead of failing half-way with a stale snapshot.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import BigInteger, DateTime, Engine, Integer, MetaData, event
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.orm import DeclarativeBase, Session, mapped_column, registry
from sqlalchemy.types import TypeDecorator

from app.domain.ids import new_id

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
BUSY_TIMEOUT_MS = 10_000


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC time on both databases; SQLite alone would forget the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @property
    def python_type(self) -> type[Any]:
        """The type of a value; a decorator says `object` by itself."""
        return datetime

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Base of all tables."""

    registry = registry(
        metadata=MetaData(naming_convention=NAMING),
        # INTEGER on SQLite makes a primary key the rowid itself.
        type_annotation_map={datetime: UtcDateTime, int: BigInteger().with_variant(Integer(), "sqlite")},
    )


Key = Annotated[int, mapped_column(primary_key=True, autoincrement=False, default=new_id)]


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})


def begin_write(session: Session) -> None:
    """Start a transaction that will write, from a fresh snapshot and, on SQLite, with the write lock held.

    What the session has read before is forgotten: a decision must be made on what is read under the lock.
    """
    session.rollback()
    session.expire_all()
    session.connection(execution_options={"sqlite_begin": "IMMEDIATE"})


def configure_engine(engine: Engine) -> None:
    """Give a SQLite engine its pragmas and explicit BEGINs; leave PostgreSQL as it is."""
    if engine.dialect.name != "sqlite":
        return
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)


def _on_connect(dbapi_connection: Any, _record: Any) -> None:
    dbapi_connection.isolation_level = None
    cursor = dbapi_connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        "secure_delete=ON",
        "temp_store=MEMORY",
        "cache_size=-8000",
        "mmap_size=268435456",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _on_begin(connection: Connection) -> None:
    mode = connection.get_execution_options().get("sqlite_begin", "DEFERRED")
    connection.exec_driver_sql(f"BEGIN {mode}")
