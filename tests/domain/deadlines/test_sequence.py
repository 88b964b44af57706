"""What cannot have happened in its order is refused, each with its code."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import pytest

from app.domain.deadlines import CODES, Authority, Channel, DeclineGround, Event, Ground, check_sequence, judge, rule_on
from app.domain.deadlines.seeds import SEED_RULES
from app.domain.deadlines.worked.story import (
    PAPER,
    K,
    approved,
    asked,
    at,
    decided,
    declined,
    event,
    extended,
    is_complex,
    merged,
    notified,
    on,
    pause,
    received,
    settled,
    told_of_extension,
)
from app.domain.errors import WrongState

R, C = received("2026-03-03"), is_complex("2026-03-04")
LATER = "2026-03-09"
COMPLAINT = rule_on(SEED_RULES, "complaint", on("2026-03-03"))

ILLEGAL: list[tuple[str, tuple[Event, ...]]] = [
    ("clock.nothing_received", (decided(LATER),)),
    ("clock.nothing_received", (event(K.WITHDRAWN, "2026-03-02"), R)),
    ("clock.received_twice", (R, received("2026-03-05"))),
    ("clock.accepted_twice", (R, event(K.ACCEPTED, LATER), event(K.ACCEPTED, LATER))),
    ("clock.already_closed", (R, event(K.WITHDRAWN, LATER), decided("2026-03-10"))),
    ("clock.already_closed", (R, event(K.MERGED_INTO, LATER), event(K.NEW_FACTS, "2026-03-10"))),
    ("clock.already_closed", (R, *settled(LATER), event(K.NEW_FACTS, "2026-03-10"))),
    ("clock.already_closed", (R, *settled(LATER), event(K.WITHDRAWN, "2026-03-10"))),
    ("clock.notified_twice", (R, *settled(LATER), notified("2026-03-10"))),
    ("clock.notified_before_decided", (R, notified(LATER))),
    ("clock.notified_without_channel", (R, decided(LATER), event(K.NOTIFIED, LATER, proof=PAPER))),
    ("clock.notified_without_proof", (R, decided(LATER), event(K.NOTIFIED, LATER, channel=Channel.PHONE))),
    ("clock.decided_twice", (R, decided("2026-03-05"), decided(LATER))),
    ("clock.already_declined", (R, declined("2026-03-05"), decided(LATER))),
    ("clock.already_decided", (R, decided("2026-03-05"), declined(LATER))),
    ("clock.declined_without_exception", (R, event(K.DECLINED, LATER))),
    ("clock.delivered_before_notified", (R, decided("2026-03-05"), event(K.DELIVERED, LATER))),
    ("clock.classified_complex_twice", (R, C, is_complex(LATER))),
    ("clock.complex_by_nobody", (R, event(K.CLASSIFIED_COMPLEX, LATER, reason="多方"))),
    ("clock.complex_without_reason", (R, event(K.CLASSIFIED_COMPLEX, LATER, by="王五"))),
    ("clock.extension_before_complex", (R, asked(LATER))),
    ("clock.extension_open", (R, C, asked("2026-03-05"), asked(LATER))),
    ("clock.extension_open", (R, C, asked("2026-03-05"), approved("2026-03-06"), asked(LATER))),
    ("clock.extension_not_asked", (R, C, approved(LATER))),
    ("clock.extension_not_asked", (R, C, event(K.EXTENSION_REFUSED, LATER))),
    ("clock.extension_not_approved", (R, C, asked("2026-03-05"), told_of_extension(LATER))),
    (
        "clock.extension_without_authority",
        (R, C, asked("2026-03-05"), event(K.EXTENSION_APPROVED, LATER, by="赵六")),
    ),
    (
        "clock.extension_by_nobody",
        (R, C, asked("2026-03-05"), event(K.EXTENSION_APPROVED, LATER, authority=Authority.HEAD_OFFICE)),
    ),
    (
        "clock.extension_without_notice",
        (R, C, asked("2026-03-05"), approved("2026-03-06"), event(K.EXTENSION_NOTICED, LATER)),
    ),
    (
        "clock.extension_not_approved",
        (R, C, asked("2026-03-05"), approved("2026-03-06"), event(K.NEW_FACTS, "2026-03-07"), told_of_extension(LATER)),
    ),
    ("clock.extension_before_complex", (R, C, event(K.NEW_FACTS, "2026-03-07"), asked(LATER))),
    ("clock.pause_without_ground", (R, event(K.PAUSE_BEGUN, LATER, proof=PAPER))),
    ("clock.pause_without_proof", (R, event(K.PAUSE_BEGUN, LATER, ground=Ground.MEDIATION))),
    ("clock.pause_without_notice", (R, event(K.PAUSE_BEGUN, LATER, ground=Ground.TESTING, proof=PAPER))),
    ("clock.pause_twice", (R, *pause(Ground.TESTING, "2026-03-05"), *pause(Ground.TESTING, LATER))),
    ("clock.pause_not_begun", (R, event(K.PAUSE_ENDED, LATER, ground=Ground.TESTING, proof=PAPER))),
    (
        "clock.pause_not_begun",
        (
            R,
            *pause(Ground.TESTING, "2026-03-05", "2026-03-06", "甲")[:1],
            event(K.PAUSE_ENDED, LATER, ground=Ground.TESTING, proof=PAPER, about="乙"),
        ),
    ),
    ("clock.merged_without_receipt", (R, event(K.MERGED, LATER))),
    ("clock.merged_before_received", (R, merged(LATER, "2026-03-10"))),
    ("clock.agreed_without_day", (R, event(K.NOTICE_AGREED, LATER, proof=PAPER))),
    ("clock.agreed_in_the_past", (R, event(K.NOTICE_AGREED, LATER, agreed_on=on("2026-03-08"), proof=PAPER))),
    ("clock.agreed_without_proof", (R, event(K.NOTICE_AGREED, LATER, agreed_on=on("2026-03-20")))),
    ("clock.review_before_notified", (R, decided("2026-03-05"), event(K.REVIEW_ASKED, LATER))),
    ("clock.review_asked_twice", (event(K.REVIEW_ASKED, LATER), event(K.REVIEW_ASKED, LATER))),
    ("clock.review_not_asked", (R, *settled("2026-03-05"), event(K.REVIEW_DECIDED, LATER))),
    ("clock.review_not_decided", (event(K.REVIEW_ASKED, "2026-03-05"), event(K.REVIEW_NOTIFIED, LATER))),
    ("clock.supplements_not_asked", (R, event(K.SUPPLEMENTS_RECEIVED, LATER))),
    ("clock.supplements_open", (R, event(K.SUPPLEMENTS_ASKED, LATER), event(K.SUPPLEMENTS_ASKED, LATER))),
    (
        "clock.already_decided",
        (event(K.CLAIMED, "2026-03-03"), event(K.CLAIM_ALLOWED, LATER), event(K.CLAIM_REFUSED, "2026-03-10")),
    ),
    ("clock.result_before_decided", (event(K.CLAIMED, "2026-03-03"), event(K.RESULT_NOTIFIED, LATER))),
    ("clock.refusal_before_decided", (event(K.CLAIMED, "2026-03-03"), event(K.REFUSAL_SENT, LATER))),
    ("clock.agreed_before_decided", (event(K.CLAIMED, "2026-03-03"), event(K.AGREED, LATER))),
    ("clock.paid_before_agreed", (event(K.CLAIMED, "2026-03-03"), event(K.CLAIM_ALLOWED, LATER), event(K.PAID, LATER))),
    ("clock.done_twice", (event(K.BEGUN, "2026-03-03"), event(K.DONE, LATER), event(K.DONE, LATER))),
]


@pytest.mark.parametrize(("code", "events"), ILLEGAL)
def test_what_cannot_have_happened_is_refused(code: str, events: tuple[Event, ...]) -> None:
    with pytest.raises(WrongState) as refused:
        check_sequence(events)

    assert refused.value.code == code


def test_every_code_is_listed_for_the_screens() -> None:
    texts = [path.read_text("utf-8") for path in (Path(__file__).parents[3] / "app/domain/deadlines").glob("*.py")]
    written = {code for text in texts for code in re.findall(r'"(clock\.[a-z_]+)"', text)}

    assert {code for code, _ in ILLEGAL} | written <= CODES


def test_a_second_extension_is_refused() -> None:
    events = (R, C, *extended("2026-03-10"), asked("2026-03-20"))

    with pytest.raises(WrongState, match=r"clock\.extension_used_up"):
        judge(COMPLAINT, events, at("2026-03-21"))


def test_after_new_facts_an_extension_may_be_asked_for_again() -> None:
    again = (event(K.NEW_FACTS, "2026-03-20"), is_complex("2026-03-21"), *extended("2026-03-22"))

    standing = judge(COMPLAINT, (R, C, *extended("2026-03-10"), *again), at("2026-03-23"))

    assert standing.due_on == on("2026-05-19")


def test_a_complaint_received_after_the_period_is_not_merged() -> None:
    with pytest.raises(WrongState, match=r"clock\.merged_outside_period"):
        judge(COMPLAINT, (R, merged("2026-03-20", "2026-03-19")), at("2026-03-21"))


def test_judging_refuses_what_cannot_have_happened() -> None:
    with pytest.raises(WrongState, match=r"clock\.notified_before_decided"):
        judge(COMPLAINT, (R, notified(LATER)), at("2026-03-10"))


def test_what_comes_after_now_is_not_looked_at() -> None:
    broken = (R, notified("2026-03-20"))

    assert judge(COMPLAINT, broken, at("2026-03-19")).due_on == on("2026-03-18")


def test_events_of_one_moment_have_one_order() -> None:
    moment = "2026-03-09 10:00"
    told = (notified(moment), decided(moment))

    check_sequence((R, *told))
    check_sequence((R, *reversed(told)))


def test_a_moment_without_zone_is_refused() -> None:
    naive = datetime(2026, 3, 3, 12)  # noqa: DTZ001

    with pytest.raises(ValueError, match="zone"):
        Event(K.RECEIVED, naive)
    with pytest.raises(ValueError, match="zone"):
        Event(K.MERGED, at("2026-03-03"), other_received=naive)


@pytest.mark.parametrize("ground", list(DeclineGround))
def test_every_exception_lets_a_complaint_be_declined(ground: DeclineGround) -> None:
    check_sequence((R, event(K.DECLINED, LATER, exception=ground), notified("2026-03-10")))
