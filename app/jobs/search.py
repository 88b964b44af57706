"""The one writer of the index: what the outbox tells is applied in batches, then taken out of the outbox."""

from __future__ import annotations

import logging
from typing import Any

from sqlalchemy import delete, select

from app.db import begin_write
from app.jobs.handlers import Work
from app.models.machinery import OutboxEntry
from app.ports import IndexBusy, IndexUnavailable
from app.queries.search_entries import all_entries, entries_by_keys
from app.services import jobs

LOG = logging.getLogger("baodang.index")
BATCH = 200


def feed_waiting(work: Work) -> bool:
    """Tell the index of the oldest changes; return False when there were none or it cannot take them now.

    The outbox rows go only after the index has committed: a crash between the two applies them again, which changes
    nothing.
    """
    with work.sessions() as session:
        waiting = session.execute(
            select(OutboxEntry.id, OutboxEntry.key).order_by(OutboxEntry.written_at, OutboxEntry.id).limit(BATCH)
        ).all()
        if not waiting:
            return False
        keys = list(dict.fromkeys(key for _, key in waiting))
        entries = entries_by_keys(session, keys)
    known = {entry.key for entry in entries}
    try:
        work.tools.index.apply(entries, [key for key in keys if key not in known])
    except IndexBusy:
        return False
    except IndexUnavailable:
        LOG.warning("the index is not usable: it is built anew")
        _order_rebuild(work)
        return False
    with work.sessions() as session:
        begin_write(session)
        session.execute(delete(OutboxEntry).where(OutboxEntry.id.in_([entry_id for entry_id, _ in waiting])))
        session.commit()
    return True


def rebuild_index(work: Work, _payload: dict[str, Any]) -> None:
    """Build the index anew from the database; changes that come meanwhile wait in the outbox."""
    with work.sessions() as session:
        count = work.tools.index.rebuild(all_entries(session))
    LOG.info("the index holds %s entries", count)


def _order_rebuild(work: Work) -> None:
    with work.sessions() as session:
        begin_write(session)
        jobs.enqueue(session, "rebuild_index", {}, now=work.clock(), unique_key="rebuild_index", priority=1)
        session.commit()
