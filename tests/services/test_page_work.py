"""What waits for page work, what is written of it, and what follows; sweeping, unpacking, scans: on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.domain.documents import Description
from app.domain.errors import ChangedMeanwhile, Invalid, NotAllowed, NotFound, WrongState
from app.domain.page_work import WorkNote
from app.domain.scanning import Scanning
from app.models.documents import DocumentVersion, Page
from app.models.intake import IntakeBatch, IntakeFile, IntakeItem, IntakePage
from app.models.machinery import Job, OutboxEntry
from app.ports import Flaw
from app.queries.documents import category_choices
from app.services import documents, folder_watch, intake, intake_sweep, page_work, scanning, unpacking
from app.services.documents import DrawnPage, ReceivedFile
from app.services.page_work import WorkedPage
from tests.cast import EAST, NOW, WEST, actor
from tests.domain.test_text_layers import CHINESE
from tests.records import TODAY, make_customer
from tests.services.papers_in import blob, make_batch

LATER = NOW + timedelta(minutes=5)


def take(session: Session, name: str, pages: int = 2, *, drawn: bool = True) -> int:
    """Receive a file into a batch of its own and return its item, which waits."""
    who = actor(session, "archivist")
    file = ReceivedFile(blob(name), name, "application/pdf", pages)
    item_id = intake.receive_into(session, who, make_batch(session), file, now=NOW)
    if drawn:
        file_id = session.scalars(select(IntakeFile.id).where(IntakeFile.item_id == item_id)).one()
        intake.keep_drawn(session, file_id, item_id, drawn_pages(name, pages), now=NOW)
    return item_id


def drawn_pages(name: str, count: int) -> list[DrawnPage]:
    """Return pages that were drawn."""
    return [DrawnPage(n, 800, 1100, blob(f"{name}-{n}"), blob(f"{name}-{n}-small"), "") for n in range(1, count + 1)]


def receive_document(session: Session, name: str, *, pages: int = 2) -> int:
    """Receive a document with drawn pages and return its id."""
    who = actor(session, "archivist")
    typed = Description(category_choices(session)[0].id, name, author="王芳", formed_on=TODAY)
    file = ReceivedFile(blob(name), name, "application/pdf", pages)
    customer_id = make_customer(session, name, id_number="")
    found = documents.receive_document(session, who, customer_id, typed, file, now=NOW, today=TODAY)
    version = session.scalars(select(DocumentVersion).where(DocumentVersion.document_id == found)).one()
    documents.keep_pages(session, version.id, drawn_pages(name, pages), now=NOW)
    return found


def open_jobs(session: Session, kind: str) -> list[Job]:
    """Return the jobs of a kind that wait."""
    return list(session.scalars(select(Job).where(Job.kind == kind, Job.state == "ready")))


def test_pages_of_the_desk_come_first_and_what_is_at_hand_is_left_out(session: Session) -> None:
    receive_document(session, "王芳")
    take(session, "a.pdf")

    found = page_work.waiting_pages(session, 3)
    rest = page_work.waiting_pages(session, 9, but={(page.kind, page.id) for page in found})

    assert [page.kind for page in found] == ["item", "item", "document"]
    assert [page.kind for page in rest] == ["document"]


def test_what_was_made_of_a_page_is_written_once(session: Session) -> None:
    item_id = take(session, "a.pdf", 1)
    (page,) = page_work.waiting_pages(session, 9)
    made = WorkedPage(
        WorkNote.UNSURE,
        text="投保单",
        words="[]",
        reader="light",
        score=0.5,
        restored=blob("restored"),
        thumbnail=blob("upright"),
        turned=90,
        skew=-1.5,
        flaws=(Flaw("blurred", 0.12345),),
    )

    first = page_work.keep_worked(session, page, made, now=NOW)
    second = page_work.keep_worked(session, page, replace(made, text="别的"), now=NOW)

    row = session.scalars(select(IntakePage).where(IntakePage.item_id == item_id)).one()
    assert (first, second) == (True, False)
    assert (row.work_state, row.work_note, row.text, row.score, row.turned) == ("manual", "unsure", "投保单", 0.5, 90)
    assert (row.restored_digest, row.thumbnail_digest) == (blob("restored").digest, blob("upright").digest)
    assert row.flaws == [["blurred", 0.123]]


def test_suggestions_are_asked_for_with_the_last_page_only(session: Session) -> None:
    item_id = take(session, "a.pdf", 3)
    asked = []

    for page in page_work.waiting_pages(session, 9):
        page_work.keep_worked(session, page, WorkedPage(text="字"), now=NOW)
        asked.append([job.payload["item_id"] for job in open_jobs(session, "suggest_item")])

    assert asked == [[], [], [item_id]]


def test_the_index_is_told_when_a_document_is_read(session: Session) -> None:
    document_id = receive_document(session, "王芳", pages=2)
    session.query(OutboxEntry).delete()
    told = []

    for page in page_work.waiting_pages(session, 9):
        page_work.keep_worked(session, page, WorkedPage(text="字"), now=NOW)
        told.append(session.scalars(select(OutboxEntry.key)).all())

    assert told == [[], [f"document-{document_id}"]]
    assert set(session.scalars(select(Page.work_state))) == {"done"}


def test_a_nudge_during_a_turn_waits_behind_it_and_there_is_never_a_third(session: Session) -> None:
    take(session, "a.pdf")
    session.execute(update(Job).where(Job.kind == "work_pages").values(state="running"))

    for _ in range(3):
        page_work.want_page_work(session, now=NOW)

    assert [job.unique_key for job in open_jobs(session, "work_pages")] == [page_work.NEXT]


def test_an_item_that_was_dropped_meanwhile_stays_dropped(session: Session) -> None:
    item_id = take(session, "a.pdf", 1)
    item = session.get_one(IntakeItem, item_id)
    item.state = "dropped"

    page_work.hand_to_people(session, item_id, is_suggested=True, now=NOW)

    assert (item.state, item.is_suggested) == ("dropped", True)


def test_the_sweep_finds_what_waits_without_a_job(session: Session) -> None:
    undrawn, drawn = take(session, "a.pdf", drawn=False), take(session, "b.pdf", 1)
    receive_document(session, "王芳")
    version_id = session.scalars(select(DocumentVersion.id)).one()
    session.execute(update(DocumentVersion).values(render_state="waiting"))
    session.execute(update(IntakePage).values(work_state="done"))
    session.execute(update(Job).values(state="failed", fault="StorageFull"))

    for _ in range(2):
        intake_sweep.sweep(session, now=LATER)

    assert [job.payload["item_id"] for job in open_jobs(session, "draw_file")] == [undrawn]
    assert [job.payload["item_id"] for job in open_jobs(session, "suggest_item")] == [drawn]
    assert [job.payload["version_id"] for job in open_jobs(session, "render_version")] == [version_id]
    assert len(open_jobs(session, "work_pages")) == 1


def test_what_took_the_worker_down_every_time_is_given_to_a_person(session: Session) -> None:
    item_id = take(session, "a.pdf", drawn=False)
    receive_document(session, "王芳")
    session.execute(update(DocumentVersion).values(render_state="waiting"))
    who, batch_id = actor(session, "archivist"), make_batch(session)
    archive = ReceivedFile(blob("c.zip"), "c.zip", unpacking.ARCHIVE, 0)
    archive_id = unpacking.receive_archive(session, who, batch_id, archive, customer=None, now=NOW)
    session.execute(update(Job).values(state="failed", fault="WorkerLost"))

    intake_sweep.sweep(session, now=LATER)

    assert {file.note for file in session.scalars(select(IntakeFile))} == {"too_costly"}
    assert session.get_one(IntakeItem, item_id).state == "ready"
    stand_in = session.get_one(IntakeFile, archive_id).item_id
    assert session.get_one(IntakeItem, stand_in).state == "ready"
    assert session.scalars(select(DocumentVersion.render_state)).all() == ["manual"]


def test_a_scan_is_taken_once_into_the_batch_of_its_day(session: Session) -> None:
    one, two = (ReceivedFile(blob(name), name, "image/jpeg", 1) for name in ("a.jpg", "b.jpg"))

    first = folder_watch.take_scan(session, EAST, one, "key-1", now=NOW)
    again = folder_watch.take_scan(session, EAST, one, "key-1", now=NOW)
    folder_watch.take_scan(session, EAST, two, "key-2", now=LATER)
    folder_watch.take_scan(session, EAST, two, "key-3", now=NOW + timedelta(days=1))
    folder_watch.take_scan(session, WEST, two, "key-4", now=NOW)

    assert (first, again) == (True, False)
    taken = session.execute(
        select(IntakeBatch.branch_id, IntakeItem.position).join(IntakeItem, IntakeItem.batch_id == IntakeBatch.id)
    ).all()
    assert sorted(map(tuple, taken)) == sorted([(EAST, 1), (EAST, 2), (EAST, 1), (WEST, 1)])


def test_the_fingerprint_of_a_scan_tells_place_time_and_content_apart() -> None:
    same = folder_watch.fingerprint(b"k" * 32, "3101", "a.pdf", 5, "d" * 64)

    others = {
        folder_watch.fingerprint(b"x" * 32, "3101", "a.pdf", 5, "d" * 64),
        folder_watch.fingerprint(b"k" * 32, "3102", "a.pdf", 5, "d" * 64),
        folder_watch.fingerprint(b"k" * 32, "3101", "b.pdf", 5, "d" * 64),
        folder_watch.fingerprint(b"k" * 32, "3101", "a.pdf", 6, "d" * 64),
        folder_watch.fingerprint(b"k" * 32, "3101", "a.pdf", 5, "e" * 64),
    }

    assert same == folder_watch.fingerprint(b"k" * 32, "3101", "a.pdf", 5, "d" * 64)
    assert same not in others
    assert len(others) == 5


def test_a_batch_keeps_its_scanning_record(session: Session) -> None:
    who = actor(session, "archivist")
    typed = Scanning(" 十一月 ", "李扫描", "fi-7160", TODAY, 300, "grey", 12, 40)
    batch_id = scanning.open_scanned(session, who, EAST, typed, now=NOW, today=TODAY)
    batch = session.get_one(IntakeBatch, batch_id)

    scanning.describe_batch(session, who, batch_id, replace(typed, dpi=200), version=1, now=NOW, today=TODAY)

    assert (batch.title, batch.dpi, batch.declared_pages, batch.version) == ("十一月", 200, 40, 2)
    with pytest.raises(ChangedMeanwhile):
        scanning.describe_batch(session, who, batch_id, typed, version=1, now=NOW, today=TODAY)
    with pytest.raises(Invalid):
        scanning.describe_batch(session, who, batch_id, replace(typed, dpi=1), version=2, now=NOW, today=TODAY)
    batch.state = "accepted"
    with pytest.raises(WrongState):
        scanning.describe_batch(session, who, batch_id, typed, version=2, now=NOW, today=TODAY)


def test_papers_are_received_only_where_one_may_and_for_customers_one_sees(session: Session) -> None:
    clerk, batch_id = actor(session, "clerk"), make_batch(session)
    far = make_customer(session)
    file = ReceivedFile(blob("a.pdf"), "a.pdf", "application/pdf", 1)
    session.get_one(IntakeBatch, batch_id).branch_id = WEST

    with pytest.raises(NotFound):
        scanning.receive_upload(session, clerk, batch_id, file, None, now=NOW)
    with pytest.raises(NotFound):
        scanning.receive_upload(session, actor(session, "archivist"), make_batch(session), file, far + 1, now=NOW)
    with pytest.raises(NotAllowed):
        scanning.open_scanned(session, clerk, WEST, Scanning(), now=NOW, today=TODAY)


def test_a_page_that_was_never_on_paper_needs_no_work(session: Session) -> None:
    item_id = take(session, "a.pdf", 2, drawn=False)
    file_id = session.scalars(select(IntakeFile.id).where(IntakeFile.item_id == item_id)).one()
    pages = [replace(page, text=CHINESE, is_digital=True) for page in drawn_pages("a.pdf", 2)]

    intake.keep_drawn(session, file_id, item_id, pages, now=NOW)

    rows = session.scalars(select(IntakePage)).all()
    assert {(row.work_state, row.reader, row.text) for row in rows} == {("done", "layer", CHINESE)}
    assert [job.payload["item_id"] for job in open_jobs(session, "suggest_item")] == [item_id]
    assert open_jobs(session, "work_pages") == []
