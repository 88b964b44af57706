"""A worker's work on an instance of the test, and papers that came in there."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app import build_engine, build_tools
from app.config import Settings
from app.db import begin_write
from app.domain.intake import Source
from app.jobs.handlers import Work, handler_of
from app.models.intake import IntakePage
from app.models.machinery import Job
from app.services import intake
from app.services.documents import DrawnPage, ReceivedFile
from tests.cast import EAST, NOW, actor
from tests.jobs.light_tools import grey_page, light


def light_work(settings: Settings) -> Work:
    """Return what a worker works with; reading and restoring cost nothing."""
    sessions = sessionmaker(build_engine(settings), expire_on_commit=False)
    tools = light(build_tools(settings))
    return Work(sessions, tools, settings, lambda: datetime.now(UTC), lambda _done, _total: None, None)


def take_pages(work: Work, *levels: int, text: str = "", drawn: bool = True) -> int:
    """Take a file whose pages have these grey levels into a new batch and return its item."""
    files = work.tools.files
    images = [files.put(io.BytesIO(grey_page(level))) for level in levels]
    with work.sessions() as session:
        begin_write(session)
        batch_id = intake.open_batch(session, actor(session, "archivist"), EAST, Source.UPLOAD, now=NOW)
        file = ReceivedFile(images[0], "扫描.tif", "image/tiff", len(images))
        item_id = intake.receive_into(session, actor(session, "archivist"), batch_id, file, now=NOW)
        if drawn:
            pages = [DrawnPage(n, 60, 80, image, image, text) for n, image in enumerate(images, 1)]
            payload = session.scalars(select(Job.payload).where(Job.kind == "draw_file")).all()
            file_id = next(found["file_id"] for found in payload if found["item_id"] == item_id)
            intake.keep_drawn(session, file_id, item_id, pages, now=NOW)
        session.commit()
    return item_id


def pages_of(work: Work, item_id: int) -> list[IntakePage]:
    """Return the pages of an item as the database has them."""
    with work.sessions() as session:
        rows = select(IntakePage).where(IntakePage.item_id == item_id).order_by(IntakePage.position)
        return list(session.scalars(rows))


def jobs_of(session: Session, kind: str) -> list[Job]:
    """Return the open jobs of a kind."""
    return list(session.scalars(select(Job).where(Job.kind == kind, Job.state == "ready")))


def do(work: Work, kind: str, payload: dict[str, Any] | None = None) -> None:
    """Do a job as the worker does it."""
    handler_of(kind)(work, payload or {})
