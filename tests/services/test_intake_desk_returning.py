"""Papers go back to the agent who sent them, page by page with a reason; on both databases."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import ChangedMeanwhile, Invalid, WrongState
from app.domain.ids import new_id
from app.domain.intake import ItemState
from app.domain.intake_desk import Refusal, refusal_sentence
from app.models.evidence import Notice
from app.models.intake import IntakeItem, IntakePage, Submission
from app.services.intake_desk import drop_item
from app.services.intake_returning import return_item
from tests.cast import EAST, NOW, PEOPLE, actor
from tests.records import make_customer
from tests.services.papers_in import make_batch, make_item
from tests.services.test_intake_desk import accept, typed

AGENT = PEOPLE["agent"][0]


@pytest.fixture
def sent(session: Session) -> tuple[int, list[int]]:
    """A submission of two papers, handed in."""
    batch, customer = make_batch(session), make_customer(session)
    submission = Submission(
        id=new_id(),
        number="TJ2026-000001",
        agent_id=AGENT,
        customer_id=customer,
        branch_id=EAST,
        business="claim",
        state="submitted",
        batch_id=batch,
        created_at=NOW,
        submitted_at=NOW,
    )
    session.add(submission)
    session.flush()
    items = [make_item(session, batch, texts=("一", "二"), submission_id=submission.id) for _ in range(2)]
    return submission.id, items


def pages(session: Session, item_id: int) -> list[IntakePage]:
    found = select(IntakePage).where(IntakePage.item_id == item_id).order_by(IntakePage.position)
    return list(session.scalars(found))


def test_only_the_refused_page_carries_a_reason_and_the_agent_is_told(
    session: Session, sent: tuple[int, list[int]]
) -> None:
    submission_id, (item_id, _other) = sent
    second = pages(session, item_id)[1]

    why = {second.id: refusal_sentence(Refusal.GLARE, "右上角")}
    return_item(session, actor(session, "clerk"), item_id, why, version=1, now=NOW)

    assert [bool(page.refusal) for page in pages(session, item_id)] == [False, True]
    assert second.refusal.startswith("反光：")
    assert session.get_one(IntakeItem, item_id).state == ItemState.RETURNED
    assert session.get_one(Submission, submission_id).state == "returned"
    assert session.scalars(select(Notice.account_id)).all() == [AGENT]


def test_a_return_needs_a_page_and_words(session: Session, sent: tuple[int, list[int]]) -> None:
    _submission, (item_id, _other) = sent
    first, clerk = pages(session, item_id)[0], actor(session, "clerk")

    for refusals, code in (
        ({}, "intake.refusal_missing"),
        ({4242: "x"}, "intake.refusal_missing"),
        ({first.id: ""}, "intake.refusal_words"),
    ):
        with pytest.raises(Invalid) as caught:
            return_item(session, clerk, item_id, refusals, version=1, now=NOW)
        assert caught.value.problems == {"pages": [code]}
    with pytest.raises(ChangedMeanwhile):
        return_item(session, clerk, item_id, {first.id: "看不清"}, version=7, now=NOW)


def test_what_no_agent_sent_does_not_go_back(session: Session) -> None:
    item_id = make_item(session, make_batch(session))

    with pytest.raises(WrongState, match=r"intake\.no_agent"):
        return_item(session, actor(session, "clerk"), item_id, {1: "看不清"}, version=1, now=NOW)


def test_a_submission_is_accepted_with_its_last_paper(session: Session, sent: tuple[int, list[int]]) -> None:
    submission_id, (first, second) = sent
    submission = session.get_one(Submission, submission_id)

    accept(session, first, typed(session, submission.customer_id))
    assert submission.state == "submitted"
    drop_item(session, actor(session, "clerk"), second, "重复", version=1, now=NOW)

    assert submission.state == "accepted"


def test_a_paper_that_will_not_come_again_is_dropped(session: Session, sent: tuple[int, list[int]]) -> None:
    _submission, (item_id, _other) = sent
    clerk, row = actor(session, "clerk"), session.get_one(IntakeItem, item_id)
    return_item(session, clerk, item_id, {pages(session, item_id)[0].id: "看不清"}, version=1, now=NOW)

    drop_item(session, clerk, item_id, "客户不再提供", version=row.version, now=NOW)

    assert row.state == ItemState.DROPPED
