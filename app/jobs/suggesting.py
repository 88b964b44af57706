"""What the machine can say of a paper whose pages are all read; then it lies on the desk."""

from __future__ import annotations

import logging
from typing import Any

from sqlalchemy import select

from app.db import begin_write
from app.jobs.handlers import Work
from app.models.intake import SorterModel
from app.ports import BlobDamaged, BlobMissing
from app.services import page_work, suggesting, twin_finding

LOG = logging.getLogger("baodang.intake")


def suggest_item(work: Work, payload: dict[str, Any]) -> None:
    """Say what the machine can of an item, look for its twins, and lay it on the desk; all of it or nothing."""
    item_id = int(payload["item_id"])
    model = _model_in_force(work)
    with work.sessions() as session:
        begin_write(session)
        suggesting.suggest(session, item_id, model=model, sorter=work.tools.sorter, now=work.clock())
        twin_finding.find_twins(session, item_id, now=work.clock())
        page_work.hand_to_people(session, item_id, is_suggested=True, now=work.clock())
        session.commit()


def _model_in_force(work: Work) -> bytes | None:
    """Return what was learnt; none before the first lesson, nor when its bytes are lost: rules do without."""
    with work.sessions() as session:
        digest = session.scalar(select(SorterModel.blob_digest).where(SorterModel.state == "in_force"))
    try:
        return work.tools.files.read(digest) if digest else None
    except (BlobDamaged, BlobMissing) as fault:
        LOG.warning("the sorter's model cannot be read: %s", type(fault).__name__)
        return None
