"""A worker that is killed at every step of a paper's way: each page is worked on, each paper lies on the desk, once.

The sandbox, the database and the store are the real ones; reading and restoring are light. One more worker finishes.
"""

from __future__ import annotations

import io
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.config import Settings
from app.db import begin_write
from app.domain.documents import Description
from app.domain.intake import Source
from app.jobs.handlers import Work
from app.models.documents import DocumentVersion, Page
from app.models.intake import IntakeBatch, IntakeFile, IntakeItem, IntakePage, Suggestion
from app.models.machinery import Job, TrailEntry
from app.queries.documents import category_choices
from app.services import intake, unpacking
from app.services.documents import ReceivedFile, receive_document
from tests.adapters.made_files import fax, pdf_of_pages
from tests.cast import EAST, NOW, actor
from tests.jobs.papers import light_work
from tests.records import TODAY, make_customer

PAGES = 2
# Where the worker dies: a function, and whether before it is called or after (its transaction is not committed then). In the
# order of the way of what is in the ZIP; the other lane goes on with the rest.
DEATHS = [
    "app.services.unpacking:take_part:after",
    "app.services.unpacking:close_archive:before",
    "app.jobs.intake:draw:after",
    "app.services.intake:keep_drawn:after",
    "tests.jobs.light_tools:LightPages.restore:before",
    "tests.jobs.light_tools:LightReader.say:after",
    "app.services.page_work:keep_worked:after",
    "app.services.page_work:settle_item:after",
    "app.services.suggesting:suggest:after",
    "app.services.page_work:hand_to_people:after",
    "app.services.jobs:finish:before",
]
NURSERY = """
import os
import signal
import sys
import time
from dataclasses import replace
from datetime import timedelta
from importlib import import_module
from pathlib import Path

from app.adapters import sorter_sklearn
from app.jobs import folder_watch, handlers, intake, page_work, suggesting, unpacking, worker
from app.ports import PackedFile
from app.services import jobs
from tests.adapters.made_files import fax, pdf_of_pages
from tests.jobs.light_tools import light

jobs.LEASE = timedelta(seconds=0.6)
jobs.FIRST_PAUSE = timedelta(seconds=0.1)
# So many deaths would give innocent jobs up that were under way in the other lane.
jobs.enqueue.__kwdefaults__["max_tries"] = 100
worker.BEAT_SECONDS, worker.IDLE_SECONDS, worker.PLAN_SECONDS = 0.15, 0.02, 0.1
handlers.SCHEDULE.clear()
handlers.SCHEDULE["sweep_intake"] = 0.1
worker.feed_waiting = lambda work: False


def die_at(place):
    module_name, name, when = place.split(":")
    holder = import_module(module_name)
    *outer, name = name.split(".")
    for part in outer:
        holder = getattr(holder, part)
    real = getattr(holder, name)

    def deadly(*args, **named):
        if when == "after":
            real(*args, **named)
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(holder, name, deadly)


def work():
    work = worker.build_work(Path(sys.argv[1]))
    work = replace(work, tools=light(work.tools))
    work.tools.images.unpack = lambda data: iter([PackedFile("a.pdf", pdf_of_pages(2)), PackedFile("b.tif", fax(2))])
    worker.run_lanes(work)


def end_of(child):
    deadline = time.monotonic() + 8
    while time.monotonic() < deadline:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.02)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return "alive"


for place in sys.argv[2:]:
    child = os.fork()
    if not child:
        die_at(place)
        work()
        os._exit(0)
    print(end_of(child), place, flush=True)
work()
"""


def receive(work: Work) -> None:
    """Receive a PDF, a TIFF and a ZIP of both at the desk, and a document on a customer's page."""
    files = work.tools.files
    pdf, tiff, packed = (files.put(io.BytesIO(data)) for data in (pdf_of_pages(PAGES), fax(PAGES), b"PK\x03\x04"))
    with work.sessions() as session:
        begin_write(session)
        who = actor(session, "archivist")
        batch = session.get_one(IntakeBatch, intake.open_batch(session, who, EAST, Source.UPLOAD, now=NOW))
        intake.take_file(session, who, batch, ReceivedFile(pdf, "a.pdf", "application/pdf", PAGES), now=NOW)
        intake.take_file(session, who, batch, ReceivedFile(tiff, "b.tif", "image/tiff", PAGES), now=NOW)
        unpacking.take_archive(session, who, batch, ReceivedFile(packed, "c.zip", unpacking.ARCHIVE, 0), now=NOW)
        typed = Description(category_choices(session)[0].id, "投保单", author="王芳", formed_on=TODAY)
        file = ReceivedFile(tiff, "d.tif", "image/tiff", PAGES)
        receive_document(session, who, make_customer(session), typed, file, now=NOW, today=TODAY)
        for job in session.scalars(select(Job)):
            job.max_tries = 30
        session.commit()


def is_finished(session: Session) -> bool:
    """Say whether every file is drawn, every page worked on, every paper on the desk."""
    waiting = (
        select(func.count()).select_from(IntakeFile).where(IntakeFile.state == "waiting"),
        select(func.count()).select_from(DocumentVersion).where(DocumentVersion.render_state == "waiting"),
        select(func.count()).select_from(IntakePage).where(IntakePage.work_state == "waiting"),
        select(func.count()).select_from(Page).where(Page.work_state == "waiting"),
        select(func.count()).select_from(IntakeItem).where(IntakeItem.state == "waiting"),
    )
    return not any(session.scalar(count) for count in waiting)


def wait_until_finished(work: Work) -> None:
    """Give the last worker the time that it needs."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with work.sessions() as session:
            if is_finished(session):
                return
        time.sleep(0.05)


def check(session: Session) -> None:
    """Look at everything that must be there exactly once."""
    items = session.scalars(select(IntakeItem)).all()
    assert [(item.state, item.is_suggested) for item in items] == [("ready", True)] * 4
    worked = Counter(session.scalars(select(TrailEntry.object_id).where(TrailEntry.event == "item_worked")))
    assert worked == Counter(item.id for item in items)
    pages = session.scalars(select(IntakePage)).all()
    assert Counter((page.item_id, page.file_page) for page in pages) == Counter(
        (item.id, number) for item in items for number in range(1, PAGES + 1)
    )
    documents = session.scalars(select(Page)).all()
    assert [page.number for page in sorted(documents, key=lambda page: page.number)] == [1, 2]
    assert session.scalar(select(func.count()).select_from(DocumentVersion)) == 1
    for page in [*pages, *documents]:
        assert (page.work_state, page.restored_digest is not None) == ("done", True)
    offered = session.execute(select(Suggestion.item_id, Suggestion.field, Suggestion.rank)).all()
    assert len(offered) == len(set(offered))


def test_papers_are_worked_on_once_wherever_the_worker_dies(settings: Settings) -> None:
    work = light_work(settings)
    receive(work)

    command = [sys.executable, "-c", NURSERY, str(settings.instance), *DEATHS]
    with subprocess.Popen(command, cwd=Path(__file__).parents[2], stdout=subprocess.PIPE, text=True) as nursery:
        assert nursery.stdout is not None
        deaths = [nursery.stdout.readline().split() for _ in DEATHS]
        wait_until_finished(work)
        nursery.terminate()

    assert deaths == [["-9", place] for place in DEATHS]
    with work.sessions() as session:
        check(session)
