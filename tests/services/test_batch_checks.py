"""Checking batches: another person, a sample, rework, and filing what is good."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.documents import Description
from app.domain.errors import Invalid, NotAllowed, NotFound, WrongState
from app.domain.intake import Defect, ItemState, ItemStep, passes, sample_size
from app.domain.register_forms import FORMS, RegisterKind
from app.domain.registers import RegisterFilter
from app.models.customers import Customer
from app.models.documents import Document
from app.models.intake import BatchCheck, CheckedItem, IntakeBatch, IntakeItem
from app.queries.register_rows.scan_batches import READER
from app.services.batch_checks import begin_check, change_rates, end_check, file_some, hand_in, judge_item, take_back
from app.services.documents import declare_catalogued, file_document, take_in
from app.services.intake_steps import take_item_step
from app.services.settings import CHECK_RATE, setting
from tests.cast import NOW, actor
from tests.records import TODAY, make_customer
from tests.services.papers_in import make_batch, make_item

LATER = NOW + timedelta(minutes=5)


def catalogued(session: Session, count: int, who: str = "archivist") -> tuple[int, list[int]]:
    """Return a batch and its items, each catalogued as a document by `who`."""
    batch, customer = make_batch(session), session.get_one(Customer, make_customer(session))
    items = [make_item(session, batch, customer_id=customer.id) for _ in range(count)]
    for number, item_id in enumerate(items):
        accept(session, item_id, customer, number, who)
    return batch, items


def accept(session: Session, item_id: int, customer: Customer, number: int, who: str) -> None:
    item, person = session.get_one(IntakeItem, item_id), actor(session, who)
    described = Description(
        category_id=session.scalars(select(Document.category_id).limit(1)).first() or category(session),
        title=f"投保单{number}",
        author="王芳",
        formed_on=date(2026, 5, 1),
        page_count=1,
    )
    document = take_in(session, person, customer, described, None, now=NOW)
    declare_catalogued(session, person, document, now=NOW)
    item.document_id, item.catalogued_by, item.catalogued_at = document.id, person.account_id, NOW
    take_item_step(session, person, item, ItemStep.ACCEPT, now=NOW)


def category(session: Session) -> int:
    from app.queries.documents import category_choices

    return category_choices(session)[0].id


def judge_all(session: Session, check_id: int, bad: set[int] = frozenset()) -> None:
    for row in session.scalars(select(CheckedItem).where(CheckedItem.check_id == check_id)).all():
        judge_item(
            session,
            actor(session, "manager"),
            check_id,
            row.item_id,
            good=row.item_id not in bad,
            defects=[Defect.BLURRED.value] if row.item_id in bad else [],
            note="第 2 页看不清" if row.item_id in bad else "",
            now=LATER,
        )


def states(session: Session, items: list[int]) -> list[str]:
    return [session.get_one(IntakeItem, item).state for item in items]


def test_a_good_batch_is_accepted_and_filed(session: Session) -> None:
    batch, items = catalogued(session, 3)
    hand_in(session, actor(session, "archivist"), batch, now=NOW)

    check = begin_check(session, actor(session, "manager"), batch, now=LATER)
    judge_all(session, check)
    good = end_check(session, actor(session, "manager"), check, note="清楚", now=LATER)
    left = [file_some(session, actor(session, "manager"), check, now=LATER, today=TODAY) for _ in range(2)]

    assert good
    assert session.get_one(BatchCheck, check).sample == 1
    assert left == [3, 0]
    assert states(session, items) == ["passed"] * 3
    documents = session.scalars(select(Document)).all()
    assert {document.state for document in documents} == {"filed"}
    assert len({document.archive_number for document in documents}) == 3
    assert session.get_one(IntakeBatch, batch).accepted_by == actor(session, "manager").account_id


def test_who_catalogued_does_not_check(session: Session) -> None:
    batch, _ = catalogued(session, 2, who="archivist_head")
    hand_in(session, actor(session, "archivist"), batch, now=NOW)

    with pytest.raises(WrongState, match="own_work"):
        begin_check(session, actor(session, "archivist_head"), batch, now=LATER)


def test_a_bad_sample_sends_the_bad_ones_back_and_files_nothing(session: Session) -> None:
    batch, items = catalogued(session, 4)
    hand_in(session, actor(session, "archivist"), batch, now=NOW)
    check = begin_check(session, actor(session, "manager"), batch, now=LATER)
    looked_at = session.scalars(select(CheckedItem.item_id).where(CheckedItem.check_id == check)).one()
    judge_all(session, check, bad={looked_at})

    good = end_check(session, actor(session, "manager"), check, now=LATER)

    assert not good
    assert session.get_one(IntakeItem, looked_at).state == ItemState.REWORK
    assert session.get_one(IntakeItem, looked_at).refusal == "第 2 页看不清"
    assert sorted(states(session, items)) == ["catalogued"] * 3 + ["rework"]
    assert session.get_one(IntakeBatch, batch).state == "rework"
    assert session.get_one(IntakeBatch, batch).rework_count == 1
    with pytest.raises(WrongState, match="items_left"):
        hand_in(session, actor(session, "archivist"), batch, now=LATER)


def test_what_was_bad_is_looked_at_again(session: Session) -> None:
    batch, _items = catalogued(session, 12)
    archivist, manager = actor(session, "archivist"), actor(session, "manager")
    hand_in(session, archivist, batch, now=NOW)
    first = begin_check(session, manager, batch, now=LATER)
    bad = set(session.scalars(select(CheckedItem.item_id).where(CheckedItem.check_id == first)))
    judge_all(session, first, bad=bad)
    end_check(session, manager, first, now=LATER)
    for item_id in bad:
        item = session.get_one(IntakeItem, item_id)
        declare_catalogued(session, archivist, session.get_one(Document, item.document_id), now=LATER)
        item.catalogued_at = LATER
        take_item_step(session, archivist, item, ItemStep.ACCEPT, now=LATER)
    hand_in(session, archivist, batch, now=LATER)

    second = begin_check(session, manager, batch, now=LATER)

    again = set(session.scalars(select(CheckedItem.item_id).where(CheckedItem.check_id == second)))
    assert bad <= again
    assert len(again) == sample_size(12, 10) == 2
    assert session.get_one(BatchCheck, second).round == 2


def test_a_batch_is_handed_in_whole_and_taken_back_only_before_its_check(session: Session) -> None:
    batch, _ = catalogued(session, 1)
    archivist = actor(session, "archivist")
    make_item(session, batch)
    with pytest.raises(WrongState, match="items_left"):
        hand_in(session, archivist, batch, now=NOW)
    empty = make_batch(session)
    with pytest.raises(WrongState, match="empty"):
        hand_in(session, archivist, empty, now=NOW)

    whole, _ = catalogued(session, 1)
    hand_in(session, archivist, whole, now=NOW)
    take_back(session, archivist, whole, now=NOW)
    hand_in(session, archivist, whole, now=NOW)
    begin_check(session, actor(session, "manager"), whole, now=LATER)

    with pytest.raises(WrongState, match="running"):
        take_back(session, archivist, whole, now=LATER)


def test_a_verdict_needs_a_defect_its_checker_and_an_item_of_the_sample(session: Session) -> None:
    batch, items = catalogued(session, 1)
    manager = actor(session, "manager")
    hand_in(session, actor(session, "archivist"), batch, now=NOW)
    check = begin_check(session, manager, batch, now=LATER)

    with pytest.raises(Invalid, match="defects"):
        judge_item(session, manager, check, items[0], good=False, defects=["nonsense"], now=LATER)
    with pytest.raises(NotFound):
        judge_item(session, manager, check, 4711, good=True, defects=[], now=LATER)
    with pytest.raises(NotAllowed):
        judge_item(session, actor(session, "archivist_head"), check, items[0], good=True, defects=[], now=LATER)
    with pytest.raises(NotFound):
        judge_item(session, actor(session, "manager_west"), check, items[0], good=True, defects=[], now=LATER)
    with pytest.raises(WrongState, match="items_left"):
        end_check(session, manager, check, now=LATER)


def test_a_document_of_a_batch_is_filed_with_its_batch_only(session: Session) -> None:
    catalogued(session, 1)
    document = session.scalars(select(Document)).one()

    with pytest.raises(WrongState, match="in_batch"):
        file_document(session, actor(session, "archivist_head"), document.id, now=LATER, today=TODAY)


def test_the_rates_are_decided_at_the_root_and_within_the_standard(session: Session) -> None:
    head = actor(session, "archivist_head")

    change_rates(session, head, 20, 98, "总公司〔2026〕5 号", versions=(0, 0), now=NOW)

    assert setting(session, CHECK_RATE) == "20"
    with pytest.raises(Invalid, match="rate"):
        change_rates(session, head, 4, 95, "x", versions=(1, 1), now=NOW)
    with pytest.raises(NotAllowed):
        change_rates(session, actor(session, "archivist"), 20, 95, "x", versions=(1, 1), now=NOW)


@pytest.mark.parametrize(("sample", "bad", "good"), [(0, 0, True), (20, 1, True), (19, 1, False), (1, 1, False)])
def test_ninety_five_in_a_hundred_must_be_good(sample: int, bad: int, good: bool) -> None:
    assert passes(sample, bad, 95) is good


@pytest.mark.parametrize(("population", "size"), [(0, 0), (1, 1), (10, 1), (11, 2), (100, 10), (101, 11)])
def test_a_sample_is_rounded_up(population: int, size: int) -> None:
    assert sample_size(population, 10) == size


def test_the_register_tells_how_a_batch_was_scanned_and_checked(session: Session) -> None:
    batch, _ = catalogued(session, 2)
    row = session.get_one(IntakeBatch, batch)
    row.scanned_by, row.device, row.dpi, row.colour, row.format = "赵六", "A4 扫描仪", 300, "colour", "PDF"
    hand_in(session, actor(session, "archivist"), batch, now=NOW)
    check = begin_check(session, actor(session, "manager"), batch, now=LATER)
    looked_at = session.scalars(select(CheckedItem.item_id).where(CheckedItem.check_id == check)).one()
    judge_all(session, check, bad={looked_at})
    end_check(session, actor(session, "manager"), check, now=LATER)

    lines = list(READER.rows(session, actor(session, "archivist"), RegisterFilter()))

    position = session.get_one(IntakeItem, looked_at).position
    assert [len(line) for line in lines] == [len(FORMS[RegisterKind.SCAN_BATCHES].columns) - 1]
    assert lines[0][1:8] == ["赵六", "A4 扫描仪", "20261122", "300dpi", "彩色", "PDF", "2/2"]
    assert lines[0][9:] == ["负责甲", "1/2（10%）", f"第{position}件模糊", "1", ""]
    assert list(READER.rows(session, actor(session, "archivist_west"), RegisterFilter())) == []
