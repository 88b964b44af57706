"""The same change for many papers: what a person has set is never overwritten; on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import Invalid, NotAllowed, NotFound, WrongState
from app.domain.intake import ItemState
from app.domain.intake_desk import TypedItem
from app.models.documents import Category
from app.models.intake import IntakeItem, IntakePage
from app.queries.intake_lists import BatchFilter, ItemFilter, list_batches, list_items
from app.services.intake_bulk import BulkChange, apply_bulk, plan_bulk
from app.services.intake_bulk_undo import undo_bulk
from app.services.intake_desk import hold_item, save_item
from tests.cast import NOW, WEST, actor
from tests.records import counted, make_customer, make_policy
from tests.services.papers_in import make_batch, make_item
from tests.services.test_intake_desk import kind


@pytest.fixture
def batch(session: Session) -> tuple[int, list[int]]:
    batch_id = make_batch(session)
    return batch_id, [make_item(session, batch_id) for _ in range(3)]


def rows(session: Session, ids: list[int]) -> list[IntakeItem]:
    return [session.get_one(IntakeItem, item_id) for item_id in ids]


def test_what_a_person_set_stays_whatever_is_asked_for(session: Session, batch: tuple[int, list[int]]) -> None:
    batch_id, ids = batch
    clerk, mine = actor(session, "clerk"), make_customer(session)
    other = make_customer(session, name="赵远")
    save_item(session, clerk, ids[0], TypedItem(customer_id=mine), version=1, offered={}, now=NOW)

    plan = plan_bulk(session, clerk, batch_id, ids, BulkChange("customer_id", other), now=NOW)
    done = apply_bulk(session, clerk, batch_id, ids, BulkChange("customer_id", other), now=NOW)

    assert plan == replace(done, sequence=0)
    assert (plan.change, plan.touched) == (tuple(ids[1:]), (ids[0],))
    assert [row.customer_id for row in rows(session, ids)] == [mine, other, other]


def test_a_bulk_change_is_undone_where_nobody_changed_anything_since(
    session: Session, batch: tuple[int, list[int]]
) -> None:
    batch_id, ids = batch
    clerk, later = actor(session, "clerk"), NOW + timedelta(minutes=1)
    mine, other = make_customer(session), make_customer(session, name="赵远")
    rows(session, ids)[1].customer_id = mine  # as the machine suggested it
    done = apply_bulk(session, clerk, batch_id, ids, BulkChange("customer_id", other), now=later)
    version = rows(session, ids)[2].version
    save_item(
        session, clerk, ids[2], TypedItem(customer_id=other, title="已改"), version=version, offered={}, now=later
    )

    undone = undo_bulk(session, clerk, batch_id, done.sequence, now=later)

    assert (undone.back, undone.left) == (2, 1)
    assert [row.customer_id for row in rows(session, ids)] == [None, mine, other]
    assert [row.touched for row in rows(session, ids)[:2]] == [[], []]
    with pytest.raises(WrongState, match=r"intake\.nothing_to_undo"):
        undo_bulk(session, clerk, batch_id, done.sequence, now=later)


def test_a_day_that_was_set_comes_back_as_it_was(session: Session, batch: tuple[int, list[int]]) -> None:
    batch_id, ids = batch
    clerk, was = actor(session, "clerk"), date(2026, 3, 1)
    rows(session, ids)[0].formed_on = was
    done = apply_bulk(session, clerk, batch_id, ids, BulkChange("formed_on", date(2026, 3, 2)), now=NOW)

    undo_bulk(session, clerk, batch_id, done.sequence, now=NOW)

    assert [row.formed_on for row in rows(session, ids)] == [was, None, None]


@pytest.mark.parametrize("change", [BulkChange("drop", "空白"), BulkChange("merge")])
def test_dropping_and_merging_many_is_undone(
    session: Session, batch: tuple[int, list[int]], change: BulkChange
) -> None:
    batch_id, ids = batch
    clerk = actor(session, "clerk")
    before = pages_by_item(session)
    done = apply_bulk(session, clerk, batch_id, ids, change, now=NOW)

    undone = undo_bulk(session, clerk, batch_id, done.sequence, now=NOW)

    assert undone.left == 0
    assert {row.state for row in rows(session, ids)} == {"ready"}
    assert pages_by_item(session) == before


def test_a_merged_paper_that_was_changed_since_stays_merged(session: Session, batch: tuple[int, list[int]]) -> None:
    batch_id, ids = batch
    clerk = actor(session, "clerk")
    done = apply_bulk(session, clerk, batch_id, ids, BulkChange("merge"), now=NOW)
    version = rows(session, ids)[0].version
    save_item(session, clerk, ids[0], TypedItem(title="已改"), version=version, offered={}, now=NOW)

    with pytest.raises(WrongState, match=r"intake\.nothing_to_undo"):
        undo_bulk(session, clerk, batch_id, done.sequence, now=NOW)


def test_only_ones_own_change_of_today_is_undone(session: Session, batch: tuple[int, list[int]]) -> None:
    batch_id, ids = batch
    clerk, other = actor(session, "clerk"), make_batch(session)
    done = apply_bulk(session, clerk, batch_id, ids, BulkChange("author", "江东分公司"), now=NOW)

    for who, place, moment in (
        ("archivist", batch_id, NOW),
        ("clerk", other, NOW),
        ("clerk", batch_id, NOW + timedelta(days=2)),
    ):
        with pytest.raises(WrongState):
            undo_bulk(session, actor(session, who), place, done.sequence, now=moment)
    with pytest.raises(NotFound):
        undo_bulk(session, actor(session, "clerk_west"), batch_id, done.sequence, now=NOW)


def pages_by_item(session: Session) -> dict[int, list[int | None]]:
    found: dict[int, list[int | None]] = {}
    for page in session.scalars(select(IntakePage).order_by(IntakePage.item_id, IntakePage.position)):
        found.setdefault(page.item_id, []).append(page.id)
    return found


def test_planning_changes_nothing(session: Session, batch: tuple[int, list[int]]) -> None:
    batch_id, ids = batch

    plan_bulk(session, actor(session, "clerk"), batch_id, ids, BulkChange("author", "江东分公司"), now=NOW)

    assert {row.author for row in rows(session, ids)} == {""}


def test_a_kind_brings_its_class_along_where_no_person_set_one(session: Session, batch: tuple[int, list[int]]) -> None:
    batch_id, ids = batch
    clerk, claim = actor(session, "clerk"), kind(session, "claim_request")
    mine = session.scalars(select(Category.id).where(Category.parent_id.is_not(None), Category.id != claim.category_id))
    chosen = mine.first()
    save_item(session, clerk, ids[0], TypedItem(category_id=chosen), version=1, offered={}, now=NOW)

    apply_bulk(session, clerk, batch_id, ids, BulkChange("paper_type_id", claim.id), now=NOW)

    assert [row.category_id for row in rows(session, ids)] == [chosen, claim.category_id, claim.category_id]
    assert {row.paper_type_id for row in rows(session, ids)} == {claim.id}


def test_a_policy_brings_its_customer_along(session: Session, batch: tuple[int, list[int]]) -> None:
    batch_id, ids = batch
    customer = make_customer(session)
    policy = make_policy(session, customer)

    apply_bulk(session, actor(session, "clerk"), batch_id, ids, BulkChange("policy_id", policy), now=NOW)

    assert {(row.customer_id, row.policy_id) for row in rows(session, ids)} == {(customer, policy)}


def test_what_another_has_open_or_is_done_stays(session: Session, batch: tuple[int, list[int]]) -> None:
    batch_id, ids = batch
    hold_item(session, actor(session, "archivist"), ids[0], now=NOW)
    session.get_one(IntakeItem, ids[1]).state = "dropped"

    plan = apply_bulk(session, actor(session, "clerk"), batch_id, ids, BulkChange("author", "甲"), now=NOW)

    assert (plan.change, plan.busy) == ((ids[2],), (ids[0], ids[1]))


def test_papers_are_merged_in_the_order_of_the_batch(session: Session, batch: tuple[int, list[int]]) -> None:
    batch_id, ids = batch

    apply_bulk(session, actor(session, "clerk"), batch_id, [ids[2], ids[0]], BulkChange("merge"), now=NOW)

    assert [row.state for row in rows(session, ids)] == [ItemState.READY, ItemState.READY, ItemState.DROPPED]
    assert len(session.scalars(select(IntakePage.id).where(IntakePage.item_id == ids[0])).all()) == 2


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (BulkChange("title", "甲"), "action"),
        (BulkChange("author", " "), "value"),
        (BulkChange("drop", ""), "value"),
        (BulkChange("formed_on", None), "value"),
        (BulkChange("period", "D77"), "period"),
    ],
)
def test_a_change_without_sense_is_refused(
    session: Session, batch: tuple[int, list[int]], change: BulkChange, field: str
) -> None:
    batch_id, ids = batch

    with pytest.raises(Invalid) as caught:
        apply_bulk(session, actor(session, "clerk"), batch_id, ids, change, now=NOW)

    assert field in caught.value.problems


def test_another_branch_changes_nothing(session: Session, batch: tuple[int, list[int]]) -> None:
    batch_id, ids = batch
    change = BulkChange("formed_on", date(2026, 11, 1))

    with pytest.raises(NotFound):
        apply_bulk(session, actor(session, "clerk_west"), batch_id, ids, change, now=NOW)
    with pytest.raises(NotAllowed):
        apply_bulk(session, actor(session, "manager"), batch_id, ids, change, now=NOW)
    strange = make_item(session, make_batch(session, "archivist_west", WEST), "archivist_west")
    plan = apply_bulk(session, actor(session, "clerk"), batch_id, [*ids, strange], change, now=NOW)
    assert strange not in plan.change


def test_the_list_of_batches_counts_and_narrows(session: Session, batch: tuple[int, list[int]]) -> None:
    batch_id, ids = batch
    clerk = actor(session, "clerk")
    rows(session, ids)[0].state = "waiting"
    session.scalars(select(IntakePage).where(IntakePage.item_id == ids[1])).one().work_state = "manual"
    session.flush()

    row = list_batches(session, clerk, BatchFilter()).items[0]

    assert (row.id, row.waiting, row.ready, row.manual, row.total, row.done) == (batch_id, 1, 2, 1, 3, 0)
    assert not list_batches(session, clerk, BatchFilter(source="agent")).items
    assert not list_batches(session, clerk, BatchFilter(mine=True)).items
    assert list_batches(session, actor(session, "archivist"), BatchFilter(mine=True)).items
    assert not list_batches(session, clerk, BatchFilter(state="accepted")).items
    assert not list_batches(session, actor(session, "clerk_west"), BatchFilter()).items


def test_the_papers_of_a_batch_come_in_one_query_beside_the_count(
    session: Session, batch: tuple[int, list[int]]
) -> None:
    batch_id, ids = batch
    clerk = actor(session, "clerk")

    with counted(session.get_bind()) as sent:  # type: ignore[arg-type]
        page = list_items(session, clerk, batch_id, ItemFilter(), now=NOW)
    with counted(session.get_bind()) as asked:  # type: ignore[arg-type]
        list_batches(session, clerk, BatchFilter())

    assert [row.id for row in page.items] == ids
    assert (len(sent), len(asked)) == (2, 2)


def test_a_paper_carries_its_flags(session: Session, batch: tuple[int, list[int]]) -> None:
    batch_id, ids = batch
    clerk = actor(session, "clerk")
    session.scalars(select(IntakePage).where(IntakePage.item_id == ids[0])).one().blank = True
    hold_item(session, actor(session, "archivist"), ids[1], now=NOW)
    session.flush()

    first, second, third = list_items(session, clerk, batch_id, ItemFilter(), now=NOW).items

    assert (first.blank, second.held_by, third.held_by) == (True, "档案甲", "")
    assert [row.id for row in list_items(session, clerk, batch_id, ItemFilter(flag="blank"), now=NOW).items] == [ids[0]]
    assert [row.id for row in list_items(session, clerk, batch_id, ItemFilter(flag="held"), now=NOW).items] == [ids[1]]


def test_a_paper_of_a_customer_above_ones_level_is_neither_shown_nor_counted(
    session: Session, batch: tuple[int, list[int]]
) -> None:
    batch_id, ids = batch
    from app.models.customers import Customer

    customer = make_customer(session)
    rows(session, ids)[0].customer_id = customer
    session.get_one(Customer, customer).level = 3
    session.flush()
    clerk = actor(session, "clerk")

    assert len(list_items(session, clerk, batch_id, ItemFilter(), now=NOW).items) == 2
    assert list_batches(session, clerk, BatchFilter()).items[0].ready == 2
    assert list_batches(session, actor(session, "archivist"), BatchFilter()).items[0].ready == 3
