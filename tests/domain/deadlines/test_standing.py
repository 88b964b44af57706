"""What a standing tells besides its due day: use, reminders, hours, the carried day."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.deadlines import SEED_RULES, Event, Ground, Reason, State, Term, Unit, headline, judge, rule_on
from app.domain.deadlines.worked.story import OFFICIAL, K, at, decided, event, notified, on, pause, received, settled

COMPLAINT = rule_on(SEED_RULES, "complaint", on("2026-03-03"))
SERVICE = rule_on(SEED_RULES, "change_done", on("2026-03-03"))
HOURS = replace(SERVICE, term=Term(48, Unit.HOURS, frozenset({Ground.MEDICAL_EXAM})), reminders=(24, 2))
R = received("2026-03-03")
BEGUN = event(K.BEGUN, "2026-03-06 15:00")


def test_reminders_come_five_three_and_one_day_before_and_when_it_is_late() -> None:
    standing = judge(COMPLAINT, [R], at("2026-03-04"))

    assert [(reminder.before, reminder.on) for reminder in standing.reminders] == [
        (5, on("2026-03-13")),
        (3, on("2026-03-15")),
        (1, on("2026-03-17")),
        (None, on("2026-03-19")),
    ]


@pytest.mark.parametrize(
    ("now", "before"),
    [("2026-03-04", 5), ("2026-03-13", 3), ("2026-03-16", 1), ("2026-03-17", None)],
)
def test_the_next_reminder_is_the_first_to_come(now: str, before: int | None) -> None:
    following = judge(COMPLAINT, [R], at(now)).next_reminder

    assert following is not None
    assert following.before == before


def test_nobody_is_reminded_of_what_is_paused_over_or_late_already() -> None:
    paused = judge(COMPLAINT, [R, *pause(Ground.TESTING, "2026-03-05")], at("2026-03-06"))
    over = judge(COMPLAINT, [R, *settled("2026-03-05")], at("2026-03-06"))
    late = judge(COMPLAINT, [R], at("2026-03-20"))

    assert [standing.next_reminder for standing in (paused, over, late)] == [None, None, None]


def test_reminders_of_working_days_are_working_days_before() -> None:
    standing = judge(SERVICE, [event(K.BEGUN, "2026-09-29")], at("2026-09-30"), OFFICIAL)

    # 9-30, 10-8, 10-9, 10-10 (worked Saturday), 10-12
    assert [(reminder.before, reminder.on) for reminder in standing.reminders] == [
        (3, on("2026-10-08")),
        (1, on("2026-10-10")),
        (None, on("2026-10-13")),
    ]


def test_a_pause_puts_the_reminders_off() -> None:
    standing = judge(COMPLAINT, [R, *pause(Ground.TESTING, "2026-03-05", "2026-03-10")], at("2026-03-11"))

    assert [reminder.on for reminder in standing.reminders] == [
        *(on("2026-03-18"), on("2026-03-20"), on("2026-03-22"), on("2026-03-24")),
    ]


def test_hours_run_from_the_moment_over_weekends() -> None:
    standing = judge(HOURS, [BEGUN], at("2026-03-07 09:30"))

    assert standing.due_at == at("2026-03-08 15:00")
    assert (standing.state, standing.used, standing.left) == (State.RUNNING, 18, 30)
    assert standing.carried_to is None  # a Sunday: hours are not carried
    assert headline(standing) == "2026-03-08 15:00到期，已用18小时，剩余30小时。"


def test_hours_are_over_by_the_minute() -> None:
    done = event(K.DONE, "2026-03-08 15:01")

    assert judge(HOURS, [BEGUN], at("2026-03-08 15:00")).state is State.RUNNING
    assert judge(HOURS, [BEGUN], at("2026-03-08 15:01")).state is State.OVERDUE
    assert judge(HOURS, [BEGUN, done], at("2026-03-09")).state is State.OVERDUE
    assert judge(HOURS, [BEGUN, replace(done, moment=at("2026-03-08 15:00"))], at("2026-03-09")).state is State.MET


def test_pauses_of_hours_overlap_once() -> None:
    exam = Ground.MEDICAL_EXAM
    pauses = (
        *pause(exam, "2026-03-06 16:00", "2026-03-06 20:00", "甲"),
        *pause(exam, "2026-03-06 18:00", "2026-03-06 21:00", "乙"),
    )

    standing = judge(HOURS, [BEGUN, *pauses], at("2026-03-07 09:00"))

    assert standing.due_at == at("2026-03-08 20:00")
    assert (standing.used, standing.paused, standing.left) == (13, 5, 35)


def test_a_pause_of_hours_within_another_takes_out_nothing_more() -> None:
    exam = Ground.MEDICAL_EXAM
    outer = pause(exam, "2026-03-06 16:00", "2026-03-06 22:00", "甲")
    inner = pause(exam, "2026-03-06 18:00", "2026-03-06 19:00", "乙")

    assert judge(HOURS, [BEGUN, *outer, *inner], at("2026-03-07 09:00")).due_at == at("2026-03-08 21:00")


def test_the_last_moment_is_in_time() -> None:
    last = pause(Ground.MEDICAL_EXAM, "2026-03-08 15:00", "2026-03-08 18:00")
    late = pause(Ground.MEDICAL_EXAM, "2026-03-08 15:01", "2026-03-08 18:00")

    assert judge(HOURS, [BEGUN, *last], at("2026-03-09")).due_at == at("2026-03-08 18:00")
    assert judge(HOURS, [BEGUN, *late], at("2026-03-09")).due_at == at("2026-03-08 15:00")


def test_an_open_pause_of_hours_moves_the_end_with_the_time() -> None:
    begun = pause(Ground.MEDICAL_EXAM, "2026-03-06 16:00")

    standing = judge(HOURS, [BEGUN, *begun], at("2026-03-10 16:00"))

    assert (standing.state, standing.due_at) == (State.PAUSED, at("2026-03-12 15:00"))


def test_reminders_of_hours_are_hours_before() -> None:
    standing = judge(HOURS, [BEGUN], at("2026-03-06 16:00"))

    assert [(reminder.before, reminder.at) for reminder in standing.reminders] == [
        (24, at("2026-03-07 15:00")),
        (2, at("2026-03-08 13:00")),
        (None, at("2026-03-08 15:00")),
    ]


def test_no_reminder_comes_before_the_start() -> None:
    short = replace(HOURS, term=Term(10, Unit.HOURS))

    assert [reminder.before for reminder in judge(short, [BEGUN], BEGUN.moment).reminders] == [2, None]


def test_a_right_that_has_lapsed_is_nobodys_delay() -> None:
    right = rule_on(SEED_RULES, "rescission", on("2026-03-02"))

    standing = judge(right, [event(K.BEGUN, "2026-03-02")], at("2026-04-20"))

    assert [step.reason for step in standing.bar] == [Reason.FIRST_DAY, Reason.COUNTED]
    assert [step.reason for step in standing.marks] == [Reason.LAPSED]


def test_what_is_done_on_the_day_a_holiday_carries_to_can_be_told_apart() -> None:
    # 2026-03-28 is a Saturday; Art. 203 carries to Monday the 30th.
    def told(day: str) -> list[Event]:
        return [received("2026-03-13"), decided("2026-03-27"), notified(day)]

    assert judge(COMPLAINT, told("2026-03-30"), at("2026-04-01")).is_in_time_when_carried
    assert not judge(COMPLAINT, told("2026-03-31"), at("2026-04-01")).is_in_time_when_carried


def test_the_bar_has_no_gap_when_the_notice_is_agreed_later() -> None:
    agreed = event(K.NOTICE_AGREED, "2026-03-17", agreed_on=on("2026-03-25"), proof="录音")

    standing = judge(COMPLAINT, [R, decided("2026-03-16"), agreed], at("2026-03-28"))

    assert [(step.reason, step.first, step.last) for step in standing.bar] == [
        (Reason.FIRST_DAY, on("2026-03-03"), on("2026-03-03")),
        (Reason.COUNTED, on("2026-03-04"), on("2026-03-18")),
        (Reason.AGREED, on("2026-03-19"), on("2026-03-25")),
        (Reason.OVERDUE, on("2026-03-26"), on("2026-03-28")),
    ]


def test_an_earlier_agreed_notice_cuts_the_period() -> None:
    agreed = event(K.NOTICE_AGREED, "2026-03-05", agreed_on=on("2026-03-10"), proof="录音")

    standing = judge(COMPLAINT, [R, agreed], at("2026-03-08"))

    assert (standing.due_on, standing.left) == (on("2026-03-10"), 2)
    assert [reminder.on for reminder in standing.reminders] == [
        *(on("2026-03-05"), on("2026-03-07"), on("2026-03-09"), on("2026-03-11")),
    ]
    assert standing.bar[-1].last == on("2026-03-10")


def test_new_facts_undo_a_decision() -> None:
    events = [R, decided("2026-03-09"), event(K.NEW_FACTS, "2026-03-10")]

    assert judge(COMPLAINT, events, at("2026-03-09 18:00")).decided_at == at("2026-03-09")
    assert judge(COMPLAINT, events, at("2026-03-11")).decided_at is None


def test_the_days_taken_are_counted_from_the_first_receipt() -> None:
    again = event(K.NEW_FACTS, "2026-03-10")

    assert judge(COMPLAINT, [R, again], at("2026-03-12")).days_taken is None
    assert judge(COMPLAINT, [R, again, *settled("2026-03-20")], at("2026-03-22")).days_taken == 17


def test_the_day_of_a_moment_is_the_offices() -> None:
    # 16:30 UTC on the 3rd is half past midnight on the 4th in the office.
    received_late = replace(R, moment=at("2026-03-04 00:30").astimezone(tz=None))

    assert judge(COMPLAINT, [received_late], at("2026-03-05")).due_on == on("2026-03-19")


def test_a_clock_that_has_not_started_has_nothing_to_count() -> None:
    standing = judge(COMPLAINT, [R], R.moment - timedelta(seconds=1))

    assert (standing.state, standing.due_on, standing.why) == (State.NOT_STARTED, None, ())
