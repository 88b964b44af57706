"""Receiving in the background: drawing, unpacking, suggesting, and the sweep after a crash; nothing is ever lost."""

from __future__ import annotations

import io
import itertools
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select, update

from app.config import Settings
from app.db import begin_write
from app.domain.intake import Source
from app.jobs.handlers import Work
from app.models.customers import Customer
from app.models.intake import IntakeBatch, IntakeFile, IntakeItem
from app.models.machinery import Job, TrailEntry
from app.ports import BlobMissing, PackedFile, RefusedFile, StorageFull
from app.services import intake, unpacking
from app.services.documents import ReceivedFile
from tests.adapters.made_files import fax, pdf_of_pages
from tests.cast import EAST, NOW, actor
from tests.jobs.light_tools import PLAIN
from tests.jobs.papers import do, jobs_of, light_work, pages_of, take_pages
from tests.records import make_customer


@pytest.fixture
def work(settings: Settings) -> Work:
    """A worker's work with the light reader and the real sandbox."""
    return light_work(settings)


def receive(work: Work, data: bytes, media_type: str = "application/pdf", *, customer: bool = False) -> int:
    """Receive a file into a new batch and return the id of the file."""
    blob = work.tools.files.put(io.BytesIO(data))
    with work.sessions() as session:
        begin_write(session)
        who = actor(session, "archivist")
        batch = session.get_one(IntakeBatch, intake.open_batch(session, who, EAST, Source.UPLOAD, now=NOW))
        customer_id = make_customer(session) if customer else 0
        file = ReceivedFile(blob, "来件", media_type, 1)
        if media_type == unpacking.ARCHIVE:
            whom = session.get(Customer, customer_id) if customer else None
            file_id = unpacking.take_archive(session, who, batch, file, customer=whom, now=NOW)
        else:
            item_id = intake.take_file(session, who, batch, file, now=NOW)
            file_id = session.scalars(select(IntakeFile.id).where(IntakeFile.item_id == item_id)).one()
        session.commit()
    return file_id


def file_of(work: Work, file_id: int) -> IntakeFile:
    """Return a file as the database has it."""
    with work.sessions() as session:
        return session.get_one(IntakeFile, file_id)


def items(work: Work) -> list[IntakeItem]:
    """Return all items in their order."""
    with work.sessions() as session:
        return list(session.scalars(select(IntakeItem).order_by(IntakeItem.position)))


def draw(work: Work, file_id: int) -> None:
    """Draw a file as the worker does it."""
    do(work, "draw_file", {"file_id": file_id, "item_id": file_of(work, file_id).item_id})


def do_all(work: Work, *kinds: str) -> None:
    """Do the open jobs of these kinds, and what follows from them."""
    for kind in kinds:
        with work.sessions() as session:
            found = [(job.id, job.payload) for job in jobs_of(session, kind)]
        for job_id, payload in found:
            do(work, kind, payload)
            with work.sessions() as session:
                session.execute(update(Job).where(Job.id == job_id).values(state="done", finished_at=NOW))
                session.commit()


def test_a_file_of_several_pages_is_one_item_on_the_desk_in_the_end(work: Work) -> None:
    file_id = receive(work, fax(3), "image/tiff")

    do_all(work, "draw_file", "work_pages", "suggest_item")

    (item,) = items(work)
    assert (item.state, item.is_suggested) == ("ready", True)
    assert [page.work_state for page in pages_of(work, item.id)] == ["done"] * 3
    assert (file_of(work, file_id).state, file_of(work, file_id).pages) == ("done", 3)
    with work.sessions() as session:
        worked = session.scalars(select(TrailEntry).where(TrailEntry.event == "item_worked")).all()
    assert len(worked) == 1


def test_drawing_twice_makes_one_set_of_pages(work: Work) -> None:
    file_id = receive(work, pdf_of_pages(2))

    draw(work, file_id)
    draw(work, file_id)

    assert len(pages_of(work, items(work)[0].id)) == 2


def test_what_cannot_be_drawn_is_on_the_desk_for_a_person(work: Work) -> None:
    file_id = receive(work, pdf_of_pages(1)[:200])

    draw(work, file_id)

    assert (file_of(work, file_id).state, file_of(work, file_id).note) == ("manual", "damaged")
    assert [(item.state, item.is_suggested) for item in items(work)] == [("ready", False)]


def test_a_damaged_blob_is_on_the_desk_for_a_person_and_the_fault_is_noted(work: Work) -> None:
    file_id = receive(work, pdf_of_pages(1))
    work.tools.files.delete(file_of(work, file_id).blob_digest)

    with pytest.raises(BlobMissing):
        draw(work, file_id)

    assert file_of(work, file_id).note == "damaged_in_store"
    assert items(work)[0].state == "ready"


def parts(*data: bytes) -> Any:
    """Return a way to unpack into these parts; `None` breaks off."""

    def unpack(_data: bytes) -> Iterator[PackedFile]:
        for number, part in enumerate(data, 1):
            yield PackedFile(f"{number}.pdf", part)

    return unpack


def test_each_part_of_a_zip_is_an_item_and_what_cannot_be_opened_is_for_a_person(
    work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    file_id = receive(work, b"PK\x03\x04", unpacking.ARCHIVE, customer=True)
    monkeypatch.setattr(work.tools.images, "unpack", parts(pdf_of_pages(1), b"MZ" + bytes(99), b"", fax(2)))

    do_all(work, "unpack_file")

    assert [item.state for item in items(work)] == ["waiting", "ready", "ready", "waiting"]
    assert {item.touched[0] for item in items(work)} == {"customer_id"}
    assert (file_of(work, file_id).state, file_of(work, file_id).pages) == ("done", 4)


def test_a_true_zip_is_unpacked_in_the_sandbox(work: Work) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("夹/投保单.pdf", pdf_of_pages(2))
        archive.writestr("照片.exe", b"MZ" + bytes(99))
    file_id = receive(work, packed.getvalue(), unpacking.ARCHIVE)

    do_all(work, "unpack_file")

    assert sorted(item.state for item in items(work)) == ["ready", "waiting"]
    with work.sessions() as session:
        names = session.scalars(select(IntakeFile.file_name).where(IntakeFile.parent_id == file_id)).all()
    assert sorted(names) == ["投保单.pdf", "照片.exe"]


@pytest.mark.parametrize("crash_after", [0, 1, 2, 3])
def test_unpacking_that_was_cut_off_goes_on_where_it_was(
    work: Work, monkeypatch: pytest.MonkeyPatch, crash_after: int
) -> None:
    file_id = receive(work, b"PK\x03\x04", unpacking.ARCHIVE)
    monkeypatch.setattr(work.tools.images, "unpack", parts(pdf_of_pages(1), b"", fax(2)))
    payload = {"file_id": file_id, "customer_id": None}
    real, calls = unpacking.take_part, itertools.count()

    def dies(*args: Any, **named: Any) -> None:
        if next(calls) == crash_after:
            raise KeyboardInterrupt
        real(*args, **named)

    with monkeypatch.context() as crashed:
        crashed.setattr(unpacking, "take_part", dies)
        if crash_after < 3:
            with pytest.raises(KeyboardInterrupt):
                do(work, "unpack_file", payload)
    do(work, "unpack_file", payload)

    assert len(items(work)) == 3
    assert file_of(work, file_id).pages == 3


def test_a_zip_that_cannot_be_opened_is_an_item_for_a_person(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_data: bytes) -> Iterator[PackedFile]:
        raise RefusedFile("too_many_files")

    file_id = receive(work, b"PK\x03\x04", unpacking.ARCHIVE)
    monkeypatch.setattr(work.tools.images, "unpack", refuse)

    do_all(work, "unpack_file")

    assert (file_of(work, file_id).state, file_of(work, file_id).note) == ("manual", "too_many_files")
    assert [(item.id, item.state) for item in items(work)] == [(file_of(work, file_id).item_id, "ready")]


def test_the_sweep_asks_again_for_what_a_crash_or_a_full_disk_left(work: Work) -> None:
    drawing, archive = receive(work, pdf_of_pages(1)), receive(work, b"PK\x03\x04", unpacking.ARCHIVE)
    item_id = take_pages(work, PLAIN)
    with work.sessions() as session:
        session.execute(update(Job).values(state="failed", fault="StorageFull", finished_at=NOW))
        session.commit()

    do(work, "sweep_intake")
    do(work, "sweep_intake")

    with work.sessions() as session:
        assert [job.payload["file_id"] for job in jobs_of(session, "draw_file")] == [drawing]
        assert [job.payload["file_id"] for job in jobs_of(session, "unpack_file")] == [archive]
        assert len(jobs_of(session, "work_pages")) == 1
    do_all(work, "work_pages")
    with work.sessions() as session:
        session.execute(update(Job).where(Job.kind == "suggest_item").values(state="cancelled"))
        session.commit()
    do(work, "sweep_intake")
    with work.sessions() as session:
        assert [job.payload for job in jobs_of(session, "suggest_item")] == [{"item_id": item_id}]


def test_a_file_that_takes_the_worker_down_every_time_is_for_a_person(work: Work) -> None:
    file_id = receive(work, pdf_of_pages(1))
    with work.sessions() as session:
        session.execute(update(Job).values(state="failed", fault="WorkerLost", finished_at=NOW))
        session.commit()

    do(work, "sweep_intake")

    assert file_of(work, file_id).note == "too_costly"
    assert items(work)[0].state == "ready"


def test_an_item_whose_suggestions_fail_for_good_is_worked_on_without_them(work: Work) -> None:
    item_id = take_pages(work, PLAIN)
    do_all(work, "work_pages")
    with work.sessions() as session:
        session.execute(update(Job).where(Job.kind == "suggest_item").values(state="failed", finished_at=NOW))
        session.commit()

    do(work, "sweep_intake")

    assert [(item.id, item.state, item.is_suggested) for item in items(work)] == [(item_id, "ready", False)]


def test_a_full_disk_while_drawing_leaves_the_file_waiting(work: Work) -> None:
    file_id = receive(work, pdf_of_pages(1))
    roomy = type(work.tools.files)

    class Full(roomy):  # type: ignore[misc, valid-type]
        def has_room(self) -> bool:
            return False

    work.tools.files.__class__ = Full
    with pytest.raises(StorageFull):
        draw(work, file_id)
    state = file_of(work, file_id).state
    work.tools.files.__class__ = roomy
    draw(work, file_id)

    assert state == "waiting"
    assert file_of(work, file_id).state == "done"
