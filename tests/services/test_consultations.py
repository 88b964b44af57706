"""Consultations: logged in one go, promised answers kept, turned into complaints; and the answers kept ready."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.case_terms import Channel
from app.domain.consultations import About, Asked, Result, Topic
from app.domain.errors import ChangedMeanwhile, Invalid, NotAllowed, NotFound, WrongState
from app.models.cases import CaseBar
from app.models.consultations import Consultation, ReadyAnswer
from app.models.evidence import Notice
from app.models.machinery import OutboxEntry, TrailEntry
from app.queries.askers import find_askers, read_affairs
from app.queries.consultations import (
    ConsultationFilter,
    consultations_of_customer,
    list_consultations,
    read_consultation,
)
from app.queries.ready_answers import AnswerFilter, list_answers, offer_answers, read_answer
from app.services.consultations import (
    close_consultation,
    edit_consultation,
    finish_follow_up,
    log_consultation,
    mark_became_case,
)
from app.services.ready_answers import (
    TypedAnswer,
    change_answer,
    count_use,
    retire_answer,
    seed_ready_answers,
    write_answer,
)
from tests.cast import EAST, NOW, PEOPLE, WEST, actor
from tests.records import make_claim, make_customer, make_policy
from tests.services.casework import make_case

TODAY = date(2026, 11, 22)
TOMORROW = TODAY + timedelta(days=1)
PLAIN = Asked(
    EAST,
    Channel.CALL,
    NOW - timedelta(minutes=5),
    About.POLICY,
    Topic.CLAIM,
    "询问理赔需要哪些材料。",
    "已告知材料清单。",
    asker="司空照临",
    phone="139 0000 0001",
)
PROMISED = {"result": Result.FOLLOW_UP, "follow_up_on": TOMORROW, "follow_up_by": PEOPLE["archivist"][0]}


def logged(session: Session, who: str = "clerk", **values: Any) -> Consultation:
    """Log a consultation."""
    consultation_id = log_consultation(session, actor(session, who), replace(PLAIN, **values), now=NOW)
    return session.get_one(Consultation, consultation_id)


def found(session: Session, who: str, **wanted: Any) -> list[str]:
    """Return the numbers that a list shows."""
    page = list_consultations(session, actor(session, who), ConsultationFilter(**wanted))
    assert page.total == len(page.items)
    return [row.number for row in page.items]


def test_an_answered_question_is_closed_at_once_and_counted_from_one(session: Session) -> None:
    first, second = logged(session), logged(session, asker="赵一")

    events = session.scalars(select(TrailEntry.event).where(TrailEntry.object_kind == "consultation")).all()
    assert [first.number, second.number] == ["ZX2026-000001", "ZX2026-000002"]
    assert (first.closed_at, first.phone, first.logged_by) == (NOW, "13900000001", PEOPLE["clerk"][0])
    assert events == ["consultation_logged"] * 2
    assert session.scalars(select(OutboxEntry.key).where(OutboxEntry.key == f"consultation-{first.id}")).all()


def test_a_claim_brings_its_policy_and_customer_and_his_name(session: Session) -> None:
    customer = make_customer(session, mobile="13812345678")
    policy = make_policy(session, customer)
    claim = make_claim(session, policy)

    asked = logged(session, claim_id=claim, asker="", phone="")

    assert (asked.customer_id, asked.policy_id, asked.asker, asked.phone) == (customer, policy, "王芳", "13812345678")
    assert [line.number for line in consultations_of_customer(session, actor(session, "clerk"), customer)] == [
        asked.number
    ]


def test_somebody_else_asks_for_a_customer_with_his_own_name(session: Session) -> None:
    customer = make_customer(session, mobile="13812345678")

    asked = logged(session, customer_id=customer, asker="王小明", phone="")

    assert (asked.asker, asked.phone) == ("王小明", "")


@pytest.mark.parametrize(
    ("values", "field", "code"),
    [
        ({"question": " "}, "question", "consultation.question_missing"),
        ({"question": "问" * 2001}, "question", "consultation.question_long"),
        ({"answer": ""}, "answer", "consultation.answer_missing"),
        ({"asker": ""}, "asker", "consultation.asker_missing"),
        ({"phone": "123"}, "phone", "contact.mobile"),
        ({"asked_at": NOW + timedelta(hours=1)}, "asked_at", "consultation.asked_in_future"),
        ({"result": Result.PASSED_ON, "phone": ""}, "phone", "consultation.phone_missing"),
        ({**PROMISED, "follow_up_on": None}, "follow_up_on", "consultation.follow_up_day"),
        ({**PROMISED, "follow_up_on": TODAY - timedelta(days=1)}, "follow_up_on", "consultation.follow_up_past"),
        ({**PROMISED, "follow_up_by": None}, "follow_up_by", "consultation.follow_up_person"),
        ({**PROMISED, "follow_up_by": PEOPLE["clerk_west"][0]}, "follow_up_by", "consultation.follow_up_person"),
        ({"customer_id": 7}, "customer", "consultation.unknown_customer"),
        ({"policy_id": 7}, "policy_id", "consultation.policy_of_other"),
        ({"claim_id": 7}, "claim_id", "consultation.claim_of_other"),
        ({"answer_id": 7}, "answer", "answer.not_in_use"),
    ],
)
def test_what_is_incomplete_is_refused_beside_its_field(
    session: Session, values: dict[str, Any], field: str, code: str
) -> None:
    with pytest.raises(Invalid) as refused:
        logged(session, **values)

    assert field in refused.value.problems
    assert code in refused.value.problems[field] or code == "contact.mobile"


def test_a_policy_of_somebody_else_is_refused(session: Session) -> None:
    other, policy = make_customer(session, name="李四"), make_policy(session)

    with pytest.raises(Invalid) as refused:
        logged(session, customer_id=other, policy_id=policy)

    assert "policy_id" in refused.value.problems


def test_another_branch_neither_logs_here_nor_sees(session: Session) -> None:
    asked = logged(session)

    with pytest.raises(NotAllowed):
        logged(session, "clerk_west")
    with pytest.raises(NotFound):
        read_consultation(session, actor(session, "archivist_west"), asked.id, now=NOW)
    assert found(session, "clerk_west") == []
    assert found(session, "agent") == []
    assert found(session, "manager") == [asked.number]


def test_a_confidential_customer_makes_the_question_confidential(session: Session) -> None:
    customer = make_customer(session, level=3)

    asked = logged(session, "archivist", customer_id=customer, asker="")

    assert asked.level == 3
    assert found(session, "clerk") == []
    with pytest.raises(Invalid):
        logged(session, "clerk", customer_id=customer)


def test_a_promise_is_told_kept_and_closed(session: Session) -> None:
    asked = logged(session, answer="", **PROMISED)
    told = session.scalars(select(Notice.kind).where(Notice.account_id == PEOPLE["archivist"][0])).all()

    assert (asked.closed_at, told) == (None, ["consultation_follow_up"])
    assert found(session, "clerk", open_follow_ups=True) == [asked.number]
    with pytest.raises(WrongState):
        close_consultation(session, actor(session, "archivist"), asked.id, version=1, now=NOW)
    with pytest.raises(Invalid):
        finish_follow_up(session, actor(session, "archivist"), asked.id, " ", version=1, now=NOW)
    finish_follow_up(session, actor(session, "archivist"), asked.id, "已电话答复。", version=1, now=NOW)
    assert (asked.closed_at, asked.follow_up_note) == (NOW, "已电话答复。")
    assert found(session, "clerk", open_follow_ups=True) == []
    with pytest.raises(WrongState):
        finish_follow_up(session, actor(session, "archivist"), asked.id, "再次", version=2, now=NOW)


def test_what_was_passed_on_is_closed_by_hand(session: Session) -> None:
    asked = logged(session, answer="", result=Result.PASSED_ON)

    with pytest.raises(WrongState):
        close_consultation(session, actor(session, "clerk"), asked.id, version=9, now=NOW)
    close_consultation(session, actor(session, "clerk"), asked.id, version=1, now=NOW)

    assert asked.closed_at == NOW
    with pytest.raises(WrongState):
        close_consultation(session, actor(session, "clerk"), asked.id, version=2, now=NOW)


def test_a_correction_keeps_what_was_left_empty_and_says_nothing_in_the_trail(session: Session) -> None:
    asked = logged(session)
    typed = replace(PLAIN, asker="", phone="", answer="补充告知了时效。")

    edit_consultation(session, actor(session, "clerk"), asked.id, typed, version=1, now=NOW)

    entry = session.scalars(select(TrailEntry).where(TrailEntry.event == "consultation_changed")).one()
    assert (asked.asker, asked.answer, asked.version) == ("司空照临", "补充告知了时效。", 2)
    assert "时效" not in str(entry.after)
    with pytest.raises(ChangedMeanwhile):
        edit_consultation(session, actor(session, "clerk"), asked.id, PLAIN, version=1, now=NOW)


def test_a_closed_question_stays_as_it_is_from_the_next_day_on(session: Session) -> None:
    asked = logged(session)

    with pytest.raises(WrongState):
        edit_consultation(session, actor(session, "clerk"), asked.id, PLAIN, version=1, now=NOW + timedelta(days=1))


def test_a_complaint_takes_its_consultation_with_it_behind_its_bar(session: Session) -> None:
    asked = logged(session, result=Result.COMPLAINT, answer="")
    case = make_case(session, actor(session, "manager"), consultation_id=asked.id)
    session.flush()

    assert (asked.case_id, asked.result, asked.closed_at) == (case.id, "complaint", NOW)
    assert found(session, "archivist") == [asked.number]
    session.add(
        CaseBar(
            case_id=case.id,
            account_id=PEOPLE["archivist"][0],
            relation="declared",
            barred_by=PEOPLE["manager"][0],
            barred_at=NOW,
        )
    )
    session.flush()
    assert found(session, "archivist") == []
    assert found(session, "archivist", text=asked.number) == []
    with pytest.raises(NotFound):
        read_consultation(session, actor(session, "archivist"), asked.id, now=NOW)
    with pytest.raises(WrongState):
        mark_became_case(session, actor(session, "manager"), asked.id, case.id, now=NOW)


def test_a_consultation_is_found_by_name_phone_number_and_customer(session: Session) -> None:
    customer = make_customer(session, mobile="13812345678")
    of_customer, stranger = logged(session, customer_id=customer, asker="王小明", phone=""), logged(session)

    assert found(session, "clerk", text="司空照临") == [stranger.number]
    assert found(session, "clerk", text="139-0000-0001") == [stranger.number]
    assert found(session, "clerk", text="zx2026-000001") == [of_customer.number]
    assert found(session, "clerk", text="王芳") == [of_customer.number]
    assert found(session, "clerk", text="无此人") == []
    assert found(session, "clerk", topic="surrender") == []


def test_who_asks_is_found_by_what_the_reader_may_see(session: Session) -> None:
    customer = make_customer(session, mobile="13812345678")
    policy = make_policy(session, customer)

    by_name, by_policy = (find_askers(session, actor(session, "clerk"), text) for text in ("王芳", "p2026-000123"))

    assert [row.id for row in by_name] == [row.id for row in by_policy] == [customer]
    assert (by_name[0].name, by_name[0].mobile) == ("王*", "138****5678")
    assert find_askers(session, actor(session, "clerk_west"), "王芳") == []
    assert find_askers(session, actor(session, "clerk"), "王") == ()
    affairs = read_affairs(session, actor(session, "clerk"), customer)
    assert [policy_id for policy_id, _ in affairs.policies] == [policy]
    with pytest.raises(NotFound):
        read_affairs(session, actor(session, "clerk_west"), customer)


def written(session: Session, who: str = "manager", branch: int = EAST, **values: Any) -> int:
    """Keep an answer ready."""
    plain: dict[str, Any] = {
        "topic": Topic.SURRENDER,
        "question": "现金价值在哪里查？",
        "answer": "在合同的现金价值表里查。",
    }
    return write_answer(session, actor(session, who), branch, TypedAnswer(**{**plain, **values}), now=NOW)


def test_the_seed_is_written_once_and_found_by_every_word(session: Session) -> None:
    count = len(session.scalars(select(ReadyAnswer.id)).all())
    seed_ready_answers(session, NOW)

    rows = offer_answers(session, actor(session, "clerk"), "", "核查 上级", today=TODAY)

    assert count >= 12
    assert len(session.scalars(select(ReadyAnswer.id)).all()) == count
    assert "核查" in rows[0].question
    assert "第二十条" in rows[0].basis
    assert {row.topic for row in offer_answers(session, actor(session, "clerk"), "claim", "", today=TODAY)} == {"claim"}


def test_using_an_answer_counts_and_brings_it_forward(session: Session) -> None:
    answer = written(session)

    logged(session, topic=Topic.SURRENDER, answer_id=answer)

    rows = list_answers(session, actor(session, "clerk"), AnswerFilter(topic="surrender"), today=TODAY).rows
    assert (rows[0].id, rows[0].uses) == (answer, 1)
    with pytest.raises(Invalid):
        count_use(session, actor(session, "clerk_west"), answer, TODAY)


def test_an_answer_ends_with_its_day_or_when_it_is_retired(session: Session) -> None:
    ended, gone = written(session, valid_until=TODAY - timedelta(days=1)), written(session, question="旧问题")
    manager = actor(session, "manager")
    retire_answer(session, manager, gone, active=False, version=1, now=NOW)

    for answer in (ended, gone):
        with pytest.raises(Invalid):
            logged(session, answer_id=answer)
    shown = {
        state: {row.id for row in list_answers(session, manager, AnswerFilter(state=state), today=TODAY).rows}
        for state in ("", "expired", "retired")
    }
    assert not shown[""] & {ended, gone}
    assert (shown["expired"], shown["retired"]) == ({ended}, {gone})
    assert read_answer(session, manager, ended, today=TODAY).expired
    with pytest.raises(WrongState):
        retire_answer(session, manager, gone, active=False, version=2, now=NOW)


def test_answers_are_written_by_those_who_may_and_read_in_their_branches(session: Session) -> None:
    answer = written(session)

    assert read_answer(session, actor(session, "clerk_city"), answer, today=TODAY).question == "现金价值在哪里查？"
    for who, branch in (("clerk", EAST), ("manager", WEST)):
        with pytest.raises(NotAllowed):
            written(session, who, branch)
    with pytest.raises(NotAllowed):
        change_answer(
            session, actor(session, "clerk"), answer, TypedAnswer(Topic.OTHER, "问", "答"), version=1, now=NOW
        )
    with pytest.raises(NotFound):
        read_answer(session, actor(session, "manager_west"), answer, today=TODAY)
    with pytest.raises(Invalid):
        written(session, answer=" ")
    change_answer(session, actor(session, "manager"), answer, TypedAnswer(Topic.OTHER, "问", "答"), version=1, now=NOW)
    assert read_answer(session, actor(session, "manager"), answer, today=TODAY).answer == "答"
