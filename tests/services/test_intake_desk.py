"""A paper at the desk: who has it open, what is kept of it, accepting it, all on both databases."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.adapters.sorter_sklearn import LinearSorter
from app.domain.documents import DocumentState
from app.domain.errors import ChangedMeanwhile, Invalid, NotAllowed, NotFound, WrongState
from app.domain.intake import ItemState
from app.domain.intake_desk import HOLD, TypedItem
from app.models.documents import Category, Document, DocumentVersion, Page
from app.models.intake import Confirmation, IntakeItem, IntakePage, PaperType, Suggestion
from app.models.machinery import Job, TrailEntry
from app.queries.intake_lists import ItemFilter, list_items
from app.services import intake_desk as desk
from app.services.documents import file_document
from app.services.intake_accepting import accept_item
from app.services.intake_steps import ItemStep, take_item_step
from app.services.suggesting import suggest
from tests.cast import EAST, NOW, WEST, actor
from tests.records import make_claim, make_customer, make_policy
from tests.services.papers_in import make_batch, make_item

TODAY = date(2026, 11, 22)


def kind(session: Session, code: str = "application") -> PaperType:
    return session.scalars(select(PaperType).where(PaperType.code == code)).one()


def typed(session: Session, customer_id: int | None, **fields: Any) -> TypedItem:
    """What a person types of an application form, complete."""
    plain: dict[str, Any] = {
        "customer_id": customer_id,
        "paper_type_id": kind(session).id,
        "title": "王芳终身寿险投保单",
        "author": "王芳",
        "formed_on": date(2026, 11, 1),
    }
    return TypedItem(**{**plain, **fields})


def version_of(session: Session, item_id: int) -> int:
    return session.get_one(IntakeItem, item_id).version


def accept(session: Session, item_id: int, said: TypedItem, who: str = "archivist") -> int:
    version = version_of(session, item_id)
    return accept_item(session, actor(session, who), item_id, said, version=version, now=NOW, today=TODAY)


def events(session: Session) -> list[str]:
    return list(session.scalars(select(TrailEntry.event).order_by(TrailEntry.sequence)))


def test_what_was_suggested_is_shown_in_the_list_and_settled_when_the_paper_is_accepted(session: Session) -> None:
    customer_id, batch = make_customer(session), make_batch(session)
    item_id = make_item(session, batch, texts=("人身保险投保单\n投保人资料\n姓名：王芳\n投保人声明",))
    suggest(session, item_id, model=None, sorter=LinearSorter(), now=NOW)

    [row] = list_items(session, actor(session, "archivist"), batch, ItemFilter(), now=NOW).items
    accept(session, item_id, typed(session, customer_id))

    settled = {one.field: one.state for one in session.scalars(select(Suggestion)) if one.rank == 0}
    assert (row.type_name, row.is_suggested_type) == ("投保单", True)
    assert (settled["paper_type"], settled["title"]) == ("taken", "refused")
    assert session.scalars(select(Confirmation.suggested_id)).one() == kind(session).id


def test_a_paper_is_held_for_whoever_opened_it_and_told_to_the_other(session: Session) -> None:
    item_id = make_item(session, make_batch(session))

    first = desk.hold_item(session, actor(session, "clerk"), item_id, now=NOW)
    later = NOW + timedelta(minutes=3)
    second = desk.hold_item(session, actor(session, "archivist"), item_id, now=later)

    assert first is None
    assert second is not None
    assert (second.name, second.since) == ("业务甲", NOW)
    assert events(session).count("item_opened") == 1


def test_a_hold_runs_out_and_is_renewed_by_its_holder(session: Session) -> None:
    item_id = make_item(session, make_batch(session))
    clerk, archivist = actor(session, "clerk"), actor(session, "archivist")
    desk.hold_item(session, clerk, item_id, now=NOW)
    desk.hold_item(session, clerk, item_id, now=NOW + timedelta(minutes=4))

    still = desk.hold_item(session, archivist, item_id, now=NOW + timedelta(minutes=8))
    free = desk.hold_item(session, archivist, item_id, now=NOW + timedelta(minutes=4) + HOLD)

    assert still is not None
    assert free is None
    assert session.get_one(IntakeItem, item_id).held_by == archivist.account_id


def test_taking_over_is_written_down_and_stops_the_other(session: Session) -> None:
    item_id, customer = make_item(session, make_batch(session)), make_customer(session)
    clerk = actor(session, "clerk")
    desk.hold_item(session, clerk, item_id, now=NOW)

    desk.hold_item(session, actor(session, "archivist"), item_id, now=NOW, take_over=True)

    assert "item_taken_over" in events(session)
    with pytest.raises(WrongState, match=r"intake\.held"):
        desk.save_item(session, clerk, item_id, typed(session, customer), version=1, offered={}, now=NOW)


def test_holding_changes_no_version(session: Session) -> None:
    item_id = make_item(session, make_batch(session))
    before = version_of(session, item_id)

    desk.hold_item(session, actor(session, "clerk"), item_id, now=NOW)

    assert version_of(session, item_id) == before


def test_what_was_typed_is_kept_and_counts_as_set_by_a_person(session: Session) -> None:
    item_id = make_item(session, make_batch(session))

    said = TypedItem(title=" 王芳 投保单 ", keywords="投保，终身、寿险")
    item = desk.save_item(session, actor(session, "clerk"), item_id, said, version=1, offered={}, now=NOW)

    assert (item.title, item.keywords) == ("王芳 投保单", "投保 终身 寿险")
    assert item.touched == ["keywords", "title"]
    assert item.state == ItemState.READY


def test_what_only_repeats_a_suggestion_is_not_what_a_person_said(session: Session) -> None:
    item_id = make_item(session, make_batch(session))
    said = TypedItem(title="王*投保单", author="王芳")

    item = desk.save_item(
        session, actor(session, "clerk"), item_id, said, version=1, offered={"title": "王*投保单"}, now=NOW
    )

    assert (item.title, item.author, item.touched) == ("", "王芳", ["author"])


def test_who_was_overtaken_gets_both_texts_and_changes_nothing(session: Session) -> None:
    item_id = make_item(session, make_batch(session))
    clerk = actor(session, "clerk")
    desk.save_item(session, clerk, item_id, TypedItem(title="甲"), version=1, offered={}, now=NOW)

    with pytest.raises(ChangedMeanwhile) as caught:
        desk.save_item(session, clerk, item_id, TypedItem(title="乙"), version=1, offered={}, now=NOW)

    assert [(d.field, d.yours, d.theirs) for d in caught.value.differences] == [("title", "乙", "甲")]
    assert session.get_one(IntakeItem, item_id).title == "甲"


@pytest.mark.parametrize(
    ("field", "code"),
    [
        ("customer_id", "intake.customer_unknown"),
        ("policy_id", "document.policy"),
        ("claim_id", "document.claim"),
        ("paper_type_id", "intake.paper_type"),
        ("category_id", "document.category"),
        ("period", "document.period"),
    ],
)
def test_a_field_that_points_at_nothing_is_named(session: Session, field: str, code: str) -> None:
    item_id = make_item(session, make_batch(session), customer_id=make_customer(session))
    wrong: Any = "D77" if field == "period" else 4242

    with pytest.raises(Invalid) as caught:
        desk.save_item(
            session, actor(session, "clerk"), item_id, TypedItem(**{field: wrong}), version=1, offered={}, now=NOW
        )

    assert caught.value.problems[field] == [code]


def test_a_customer_of_another_branch_is_as_good_as_none(session: Session) -> None:
    item_id = make_item(session, make_batch(session))
    mine, other = make_customer(session), make_customer(session, name="赵远")
    from app.models.customers import Customer

    session.get_one(Customer, other).branch_id = WEST
    session.flush()

    with pytest.raises(Invalid) as caught:
        accept(session, item_id, typed(session, other), "clerk")

    assert caught.value.problems["customer_id"] == ["intake.customer_unknown"]
    assert accept(session, item_id, typed(session, mine), "clerk")


def test_a_level_above_ones_own_cannot_be_given(session: Session) -> None:
    item_id, customer = make_item(session, make_batch(session)), make_customer(session)

    with pytest.raises(Invalid) as caught:
        accept(session, item_id, typed(session, customer, level=3), "clerk")

    assert caught.value.problems["level"] == ["intake.level_above"]


def test_another_branch_does_not_find_the_paper(session: Session) -> None:
    item_id = make_item(session, make_batch(session))

    with pytest.raises(NotFound):
        desk.hold_item(session, actor(session, "clerk_west"), item_id, now=NOW)
    with pytest.raises(NotAllowed):
        desk.hold_item(session, actor(session, "manager"), item_id, now=NOW)


def test_accepting_makes_a_catalogued_document_with_all_that_page_work_found(session: Session) -> None:
    customer = make_customer(session)
    policy = make_policy(session, customer)
    item_id = make_item(session, make_batch(session), texts=("投保单", "声明"))
    for page in session.scalars(select(IntakePage).where(IntakePage.item_id == item_id)):
        page.restored_digest, page.words, page.skew = page.thumbnail_digest, '[["投保单",1,2,3,4,990]]', 1.5

    document_id = accept(session, item_id, typed(session, customer, policy_id=policy))

    document = session.get_one(Document, document_id)
    item = session.get_one(IntakeItem, item_id)
    version = session.scalars(select(DocumentVersion).where(DocumentVersion.document_id == document_id)).one()
    pages = session.scalars(select(Page).where(Page.version_id == version.id).order_by(Page.number)).all()
    assert (document.state, document.catalogued_by) == (
        DocumentState.CATALOGUED,
        actor(session, "archivist").account_id,
    )
    assert (document.paper_type_id, document.policy_id, document.page_count) == (kind(session).id, policy, 2)
    assert document.category_id == kind(session).category_id
    assert document.period == session.get_one(Category, document.category_id).default_period
    assert (item.state, item.document_id, item.held_by) == (ItemState.CATALOGUED, document_id, None)
    assert (version.media_type, version.render_state, version.pages) == ("application/pdf", "done", 2)
    assert [(page.number, page.text, page.skew, bool(page.restored_digest)) for page in pages] == [
        (1, "投保单", 1.5, True),
        (2, "声明", 1.5, True),
    ]
    assert not session.scalars(select(Job.id).where(Job.kind.in_(["render_version", "assemble_item"]))).all()


def test_a_blank_page_is_not_counted_but_kept(session: Session) -> None:
    item_id = make_item(session, make_batch(session), texts=("投保单", ""))
    session.scalars(
        select(IntakePage).where(IntakePage.item_id == item_id, IntakePage.position == 2)
    ).one().blank = True

    document = session.get_one(Document, accept(session, item_id, typed(session, make_customer(session))))

    assert document.page_count == 1
    assert session.scalar(select(func.count()).select_from(Page).join(DocumentVersion)) == 2


def test_a_part_of_a_file_is_assembled_by_a_job(session: Session) -> None:
    item_id = make_item(session, make_batch(session), texts=("投保单", "声明"))
    session.scalars(
        select(IntakePage).where(IntakePage.item_id == item_id, IntakePage.position == 2)
    ).one().removed = True

    document_id = accept(session, item_id, typed(session, make_customer(session)))

    job = session.scalars(select(Job).where(Job.kind == "assemble_item")).one()
    assert job.payload == {"item_id": item_id, "document_id": document_id}
    assert session.get_one(Document, document_id).page_count == 1


def test_everything_that_lacks_is_named_at_once(session: Session) -> None:
    item_id = make_item(session, make_batch(session))

    with pytest.raises(Invalid) as caught:
        accept(session, item_id, TypedItem())

    assert set(caught.value.problems) >= {"customer_id", "paper_type_id", "category_id", "title", "author", "formed_on"}
    assert session.get_one(IntakeItem, item_id).state == ItemState.READY


def test_a_paper_that_is_still_read_is_not_accepted(session: Session) -> None:
    item_id = make_item(session, make_batch(session), state="waiting")

    with pytest.raises(WrongState, match=r"intake\.waiting_accept"):
        accept(session, item_id, typed(session, make_customer(session)))


def test_a_paper_is_accepted_once(session: Session) -> None:
    item_id, customer = make_item(session, make_batch(session)), make_customer(session)
    accept(session, item_id, typed(session, customer))

    with pytest.raises(WrongState, match=r"intake\.done"):
        accept(session, item_id, typed(session, customer))

    assert session.scalar(select(func.count()).select_from(Document)) == 1


def test_nobody_files_what_lies_in_an_unchecked_batch(session: Session) -> None:
    item_id, customer = make_item(session, make_batch(session)), make_customer(session)
    document_id = accept(session, item_id, typed(session, customer), "clerk")

    with pytest.raises(WrongState):
        file_document(session, actor(session, "archivist"), document_id, now=NOW, today=TODAY)


def test_rework_mends_the_same_document(session: Session) -> None:
    customer, other = make_customer(session), make_customer(session, name="赵远")
    item_id = make_item(session, make_batch(session))
    document_id = accept(session, item_id, typed(session, customer))
    item = session.get_one(IntakeItem, item_id)
    take_item_step(session, actor(session, "archivist_head"), item, ItemStep.REWORK, now=NOW)

    again = accept(session, item_id, typed(session, other, title="赵远终身寿险投保单"), "clerk")

    document = session.get_one(Document, document_id)
    assert again == document_id
    assert (document.customer_id, document.title) == (other, "赵远终身寿险投保单")
    assert document.catalogued_by == actor(session, "clerk").account_id
    assert session.scalar(select(func.count()).select_from(DocumentVersion)) == 1


def test_a_claim_of_somebody_else_is_refused(session: Session) -> None:
    item_id = make_item(session, make_batch(session))
    claim, other = make_claim(session), make_customer(session, name="赵远")

    with pytest.raises(Invalid) as caught:
        accept(session, item_id, typed(session, other, claim_id=claim))

    assert caught.value.problems == {"claim_id": ["document.claim"]}


def test_dropping_needs_a_reason_and_can_be_taken_back(session: Session) -> None:
    item_id = make_item(session, make_batch(session))
    archivist = actor(session, "archivist")

    with pytest.raises(Invalid):
        desk.drop_item(session, archivist, item_id, " ", version=1, now=NOW)
    desk.drop_item(session, archivist, item_id, "重复扫描", version=1, now=NOW)
    dropped = session.get_one(IntakeItem, item_id)
    assert (dropped.state, dropped.refusal) == (ItemState.DROPPED, "重复扫描")

    desk.take_back_item(session, archivist, item_id, now=NOW)

    assert (dropped.state, dropped.refusal) == (ItemState.READY, "")


def test_a_batch_of_another_house_stays_out_of_sight(session: Session) -> None:
    batch_id = make_batch(session, "archivist_west", WEST)
    item_id = make_item(session, batch_id, "archivist_west")

    with pytest.raises(NotFound):
        accept(session, item_id, typed(session, make_customer(session, branch_id=EAST)))
