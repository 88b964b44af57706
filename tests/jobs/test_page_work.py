"""Page work: what becomes of each page, that nothing is lost, and that nothing is done twice."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from app.config import Settings
from app.jobs import page_work as job
from app.jobs.handlers import Work
from app.models.intake import IntakePage
from app.models.machinery import Job
from app.ports import StorageFull, TextLine
from app.queries.page_words import pack_words, unpack_words, way_to_restored
from app.services import page_work
from tests.domain.test_text_layers import CHINESE
from tests.jobs.light_tools import (
    BLANK,
    BROKEN,
    PLAIN,
    SIDEWAYS,
    SILENT,
    TEXT,
    UNREADABLE,
    UNSURE,
    WAY,
    level_of,
)
from tests.jobs.papers import do, jobs_of, light_work, pages_of, take_pages


@pytest.fixture
def work(settings: Settings) -> Work:
    """A worker's work with the light reader."""
    return light_work(settings)


def test_a_page_is_restored_and_read_with_the_places_of_its_words(work: Work) -> None:
    item_id = take_pages(work, PLAIN)

    do(work, "work_pages")

    (page,) = pages_of(work, item_id)
    assert (page.work_state, page.text, page.reader, page.score) == ("done", TEXT, "light", 0.98)
    assert page.flaws == [["skewed", 1.5]]
    assert unpack_words(page.words)[0].right == 900
    assert work.tools.files.read(page.restored_digest or "").endswith(b"restored")


@pytest.mark.parametrize(
    ("level", "state", "note"),
    [
        pytest.param(UNSURE, "manual", "unsure", id="hardly read"),
        pytest.param(SILENT, "manual", "no_text", id="nothing read on a page with ink"),
        pytest.param(UNREADABLE, "manual", "too_costly", id="the reader failed"),
        pytest.param(BROKEN, "manual", "died", id="the restorer failed"),
        pytest.param(BLANK, "done", "", id="blank"),
    ],
)
def test_what_a_machine_cannot_do_is_for_a_person(work: Work, level: int, state: str, note: str) -> None:
    item_id = take_pages(work, level)

    do(work, "work_pages")

    (page,) = pages_of(work, item_id)
    assert (page.work_state, page.work_note) == (state, note)
    assert page.blank == (level == BLANK)


def test_a_good_layer_is_not_read_again(work: Work) -> None:
    item_id = take_pages(work, PLAIN, text=CHINESE)

    do(work, "work_pages")

    (page,) = pages_of(work, item_id)
    assert (page.work_state, page.text, page.reader) == ("done", CHINESE, "layer")
    assert work.tools.reader.seen == []  # type: ignore[attr-defined]


def test_a_junk_layer_is_read(work: Work) -> None:
    item_id = take_pages(work, PLAIN, text="第1页")

    do(work, "work_pages")

    assert [page.text for page in pages_of(work, item_id)] == [TEXT]


def test_the_reader_gets_the_page_upright_and_people_its_thumbnail(work: Work) -> None:
    item_id = take_pages(work, SIDEWAYS)

    do(work, "work_pages")

    (page,) = pages_of(work, item_id)
    (read,) = work.tools.reader.seen  # type: ignore[attr-defined]
    assert page.turned == 90
    assert level_of(read) == SIDEWAYS
    assert read != work.tools.files.read(page.image_digest)
    assert page.thumbnail_digest != page.image_digest


def test_a_page_that_a_person_turned_is_read_as_it_lies_and_turned_no_further(work: Work) -> None:
    item_id = take_pages(work, SIDEWAYS)
    do(work, "work_pages")
    with work.sessions() as session:
        page = session.scalars(select(IntakePage)).one()
        page.turned, page.text = 270, CHINESE  # looks like a good layer, and was read
        page_work.read_again(session, page, now=work.clock())
        session.commit()

    do(work, "work_pages")

    (page,) = pages_of(work, item_id)
    assert (page.turned, page.work_state, page.work_note, page.text) == (270, "done", "", TEXT)


def test_a_layer_keeps_its_places_and_tells_the_way_to_the_restored_copy(work: Work) -> None:
    item_id = take_pages(work, SIDEWAYS, text=CHINESE)
    with work.sessions() as session:
        page = session.scalars(select(IntakePage)).one()
        page.words = pack_words([TextLine(CHINESE, 100, 200, 300, 250, 1.0)])
        session.commit()

    do(work, "work_pages")

    (page,) = pages_of(work, item_id)
    (line,) = unpack_words(page.words)
    assert (line.left, line.top, line.right, line.bottom) == (750, 100, 800, 300)
    assert way_to_restored(page.words) == WAY


def test_a_page_whose_bytes_are_damaged_is_for_a_person_and_the_others_are_read(work: Work) -> None:
    item_id = take_pages(work, PLAIN, SIDEWAYS)
    first = pages_of(work, item_id)[0]
    work.tools.files.delete(first.image_digest)

    do(work, "work_pages")

    assert [(page.work_state, page.work_note) for page in pages_of(work, item_id)] == [
        ("manual", "damaged"),
        ("done", ""),
    ]


def test_an_item_gets_its_suggestions_once_after_its_last_page(work: Work) -> None:
    item_id = take_pages(work, PLAIN, SILENT, BLANK)

    do(work, "work_pages")

    with work.sessions() as session:
        assert [found.payload for found in jobs_of(session, "suggest_item")] == [{"item_id": item_id}]


def test_work_that_was_done_meanwhile_is_left_as_it_is(work: Work) -> None:
    item_id = take_pages(work, PLAIN)
    with work.sessions() as session:
        (waiting,) = page_work.waiting_pages(session, 5)
    do(work, "work_pages")

    with work.sessions() as session:
        kept = page_work.keep_worked(session, waiting, page_work.WorkedPage(text="另一个"), now=work.clock())
        session.commit()

    assert not kept
    assert [page.text for page in pages_of(work, item_id)] == [TEXT]


def test_a_turn_that_is_over_asks_for_another(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    take_pages(work, PLAIN)
    with work.sessions() as session:
        session.execute(update(Job).where(Job.kind == "work_pages").values(state="running"))
        session.commit()
    monkeypatch.setattr(job, "SLICE_SECONDS", 0.0)

    do(work, "work_pages")

    with work.sessions() as session:
        assert [found.unique_key for found in jobs_of(session, "work_pages")] == ["work_pages:next"]


def test_a_full_disk_leaves_pages_waiting_and_the_work_goes_on_when_there_is_room(work: Work) -> None:
    item_id = take_pages(work, PLAIN, SILENT)
    roomy = work.tools.files

    class Full(type(roomy)):  # type: ignore[misc]
        def has_room(self) -> bool:
            return False

    work.tools.files.__class__ = Full
    with pytest.raises(StorageFull):
        do(work, "work_pages")
    states = [page.work_state for page in pages_of(work, item_id)]
    work.tools.files.__class__ = Full.__base__
    do(work, "work_pages")

    assert states == ["waiting", "waiting"]
    assert [page.work_state for page in pages_of(work, item_id)] == ["done", "manual"]
