"""Writing from a route: one transaction that is committed at the end or leaves nothing behind."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from app.db import begin_write, db


def reading() -> Session:
    """Return the request's session for reading."""
    return db.session()


@contextmanager
def writing() -> Iterator[Session]:
    """Yield a session that holds the write lock; commit when the block ends well, forget everything when not."""
    session = db.session()
    begin_write(session)
    try:
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise
