"""Pages of papers at the desk: turned, moved, taken out, split and merged, each put back again; on both databases."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import ChangedMeanwhile, NotFound, WrongState
from app.domain.intake import ItemState
from app.domain.intake_desk import is_whole_file, places_after_move, refusal_sentence
from app.domain.page_work import LAYER
from app.models.intake import IntakeItem, IntakePage
from app.models.machinery import Job
from app.services import intake_desk as desk
from app.services import intake_pages as pages
from app.services.intake_pages import TurnedImage
from app.services.intake_versions import whole_file
from app.services.page_work import WorkedPage, keep_worked, waiting_pages
from tests.cast import NOW, actor
from tests.services.papers_in import blob, make_batch, make_item


def order(session: Session, item_id: int) -> list[str]:
    """The texts of a paper's pages in their order; those that were taken out in brackets."""
    found = select(IntakePage).where(IntakePage.item_id == item_id).order_by(IntakePage.position)
    return [f"({page.text})" if page.removed else page.text for page in session.scalars(found)]


def page_of(session: Session, item_id: int, text: str) -> int:
    found = select(IntakePage).where(IntakePage.item_id == item_id)
    return next(page.id for page in session.scalars(found) if page.text == text)


def version(session: Session, item_id: int) -> int:
    return session.get_one(IntakeItem, item_id).version


@pytest.fixture
def paper(session: Session) -> int:
    return make_item(session, make_batch(session), texts=("一", "二", "三"))


def test_a_page_moves_and_its_old_place_is_told(session: Session, paper: int) -> None:
    who, third = actor(session, "clerk"), page_of(session, paper, "三")

    was = pages.move_page(session, who, paper, third, 1, version=1, now=NOW)
    assert order(session, paper) == ["三", "一", "二"]

    pages.move_page(session, who, paper, third, was, version=2, now=NOW)
    assert order(session, paper) == ["一", "二", "三"]


def test_a_page_that_was_taken_out_keeps_its_place_when_others_move(session: Session, paper: int) -> None:
    who = actor(session, "clerk")
    pages.take_page_out(session, who, paper, page_of(session, paper, "二"), version=1, now=NOW)

    pages.move_page(session, who, paper, page_of(session, paper, "三"), 1, version=2, now=NOW)
    assert order(session, paper) == ["三", "一", "(二)"]

    pages.put_page_back(session, who, paper, page_of(session, paper, "二"), version=3, now=NOW)
    assert order(session, paper) == ["三", "一", "二"]


def test_the_last_page_stays(session: Session) -> None:
    item_id = make_item(session, make_batch(session))

    with pytest.raises(WrongState, match=r"intake\.last_page"):
        pages.take_page_out(
            session,
            actor(session, "clerk"),
            item_id,
            page_of(session, item_id, "投保单\n投保人：王芳"),
            version=1,
            now=NOW,
        )


def test_turning_changes_what_is_shown_and_never_the_image_as_drawn(session: Session, paper: int) -> None:
    page = session.get_one(IntakePage, page_of(session, paper, "一"))
    drawn, page.words = page.image_digest, '[["王芳",100,200,300,250,990]]'
    turned = TurnedImage(blob("turned"), blob("turned-small"))

    pages.turn_page(session, actor(session, "clerk"), paper, page.id, 90, turned, version=1, now=NOW)

    assert (page.image_digest, page.turned) == (drawn, 90)
    assert page.restored_digest == blob("turned").digest
    assert json.loads(page.words) == [["王芳", 750, 100, 800, 300, 990]]
    item = session.get_one(IntakeItem, paper)
    assert whole_file(session, item, [page]) is None


def test_a_page_turned_by_hand_is_read_again_as_it_lies_and_one_with_a_layer_is_not(
    session: Session, paper: int
) -> None:
    read, layer, who = page_of(session, paper, "一"), page_of(session, paper, "二"), actor(session, "clerk")
    turned = TurnedImage(blob("turned"), blob("turned-small"))
    for page_id, reader in ((read, "light"), (layer, LAYER)):
        page = session.get_one(IntakePage, page_id)
        page.reader, page.work_state = reader, "done"

    for number, page_id in enumerate((read, read, layer), 1):
        pages.turn_page(session, who, paper, page_id, 90, turned, version=number, now=NOW)

    (waiting,) = (page for page in waiting_pages(session, 9) if page.id in {read, layer})
    assert (waiting.id, waiting.turned, waiting.is_upright, waiting.layer) == (read, 180, True, "")
    assert len(session.scalars(select(Job).where(Job.kind == "work_pages")).all()) == 1


def test_what_was_made_of_a_page_before_it_was_turned_is_not_kept(session: Session, paper: int) -> None:
    page_id, turned = page_of(session, paper, "一"), TurnedImage(blob("turned"), blob("turned-small"))
    page = session.get_one(IntakePage, page_id)
    page.work_state = "waiting"
    session.flush()
    at_hand = next(one for one in waiting_pages(session, 9) if one.id == page_id)
    pages.turn_page(session, actor(session, "clerk"), paper, page_id, 90, turned, version=1, now=NOW)

    assert not keep_worked(session, at_hand, WorkedPage(text="躺着"), now=NOW)
    assert (page.turned, page.work_state, page.text) == (90, "waiting", "一")


def test_four_turns_put_words_back(session: Session) -> None:
    words = '[["王芳", 100, 200, 300, 250, 990]]'

    assert json.loads(pages.turn_words(pages.turn_words(words, 90), 270)) == json.loads(words)
    assert pages.turn_words("", 90) == ""


def test_a_paper_is_split_and_joined_again(session: Session) -> None:
    batch = make_batch(session)
    first, last = make_item(session, batch, texts=("一", "二", "三")), make_item(session, batch)
    who = actor(session, "clerk")

    part = pages.split_item(session, who, first, page_of(session, first, "二"), version=1, now=NOW)

    row = session.get_one(IntakeItem, part)
    session.refresh(session.get_one(IntakeItem, last))
    assert (order(session, first), order(session, part)) == (["一"], ["二", "三"])
    assert (row.position, row.state, session.get_one(IntakeItem, last).position) == (2, ItemState.READY, 3)
    wanted = session.scalars(select(Job.unique_key).where(Job.kind == "suggest_item")).all()
    assert {f"suggest:{first}", f"suggest:{part}"} <= set(wanted)

    pages.merge_into(session, who, first, part, version=1, now=NOW)
    assert order(session, first) == ["一", "二", "三"]
    assert row.state == ItemState.DROPPED


def test_a_paper_is_not_split_before_its_first_page(session: Session, paper: int) -> None:
    with pytest.raises(WrongState, match=r"intake\.split_first"):
        pages.split_item(session, actor(session, "clerk"), paper, page_of(session, paper, "一"), version=1, now=NOW)


def test_a_merging_is_undone(session: Session) -> None:
    batch = make_batch(session)
    first, second = make_item(session, batch, texts=("一",)), make_item(session, batch, texts=("二", "三"))
    who = actor(session, "clerk")

    moved = pages.merge_into(session, who, first, second, version=1, now=NOW)
    assert order(session, first) == ["一", "二", "三"]
    assert moved is not None

    pages.part_again(session, who, first, second, moved, version=version(session, first), now=NOW)
    assert (order(session, first), order(session, second)) == (["一"], ["二", "三"])
    assert session.get_one(IntakeItem, second).state == ItemState.READY


def test_papers_of_two_batches_are_not_merged(session: Session, paper: int) -> None:
    other = make_item(session, make_batch(session))

    with pytest.raises(WrongState, match=r"intake\.other_batch"):
        pages.merge_into(session, actor(session, "clerk"), paper, other, version=1, now=NOW)
    with pytest.raises(WrongState, match=r"intake\.other_batch"):
        pages.merge_into(session, actor(session, "clerk"), paper, paper, version=1, now=NOW)


def test_a_page_goes_to_another_paper(session: Session) -> None:
    batch = make_batch(session)
    first, second = make_item(session, batch, texts=("一", "二")), make_item(session, batch, texts=("三",))

    page = page_of(session, first, "二")
    pages.send_page(session, actor(session, "clerk"), first, page, second, version=1, now=NOW)

    assert (order(session, first), order(session, second)) == (["一"], ["三", "二"])
    with pytest.raises(WrongState, match=r"intake\.last_page"):
        last = page_of(session, first, "一")
        pages.send_page(session, actor(session, "clerk"), first, last, second, version=2, now=NOW)


def test_a_change_from_an_old_view_is_refused(session: Session, paper: int) -> None:
    who = actor(session, "clerk")
    pages.take_page_out(session, who, paper, page_of(session, paper, "三"), version=1, now=NOW)

    with pytest.raises(ChangedMeanwhile):
        pages.take_page_out(session, who, paper, page_of(session, paper, "二"), version=1, now=NOW)


def test_a_page_of_another_paper_is_not_found(session: Session, paper: int) -> None:
    other = make_item(session, make_batch(session), texts=("别的",))
    who, page = actor(session, "clerk"), page_of(session, other, "别的")

    with pytest.raises(NotFound):
        pages.take_page_out(session, who, paper, page, version=1, now=NOW)
    with pytest.raises(NotFound):
        pages.move_page(session, who, paper, page, 1, version=1, now=NOW)
    with pytest.raises(NotFound):
        pages.split_item(session, who, paper, page, version=1, now=NOW)


def test_nobody_changes_pages_that_another_has_open(session: Session, paper: int) -> None:
    desk.hold_item(session, actor(session, "archivist"), paper, now=NOW)
    page = page_of(session, paper, "二")

    with pytest.raises(WrongState, match=r"intake\.held"):
        pages.take_page_out(session, actor(session, "clerk"), paper, page, version=1, now=NOW + timedelta(minutes=1))


def test_places_and_whole_files() -> None:
    assert places_after_move(3, 0, 2) == [1, 2, 0]
    assert places_after_move(3, 2, -5) == [2, 0, 1]
    assert is_whole_file([1, 2], 2, [0, 0])
    assert not is_whole_file([2, 1], 2, [0, 0])
    assert not is_whole_file([1], 2, [0])
    assert not is_whole_file([1, 2], 2, [0, 90])


def test_a_refusal_says_how_to_take_the_page_again() -> None:
    from app.domain.intake_desk import Refusal

    assert "重拍" in refusal_sentence(Refusal.UNCLEAR)
    assert refusal_sentence(Refusal.OTHER, " 少了背面 ") == "少了背面"
    assert refusal_sentence(Refusal.OTHER) == ""
