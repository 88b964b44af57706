"""Clocks of claims: which ones a claim gets, what its dates tell them, and what people note beside the dates."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.domain.claim_clocks import COMPULSORY, GENERAL, LIFE, clocks_of
from app.domain.claim_particulars import ClaimParticulars
from app.domain.deadlines import Standing, sentences
from app.domain.errors import Invalid, NotAllowed, NotFound, WrongState
from app.models.claims import Claim
from app.models.clocks import Clock, ClockEvent
from app.queries.claim_clocks import read_claim_clocks
from app.queries.clocks import standings_of
from app.services import clock_judging
from app.services.claim_clocks import claims_without_clocks, open_for
from app.services.claim_events import Noted, note_claim_event, strike_claim_event
from app.services.claims import edit_claim
from tests.cast import NOW, actor
from tests.records import make_claim, make_customer, make_policy

TODAY = date(2026, 11, 22)
RECEIVED = date(2026, 11, 2)  # a Monday
PLAIN = ClaimParticulars(
    number="C2026-000456", kind="inpatient", amount_claimed=1_860_000, reported_on=date(2026, 9, 2)
)
CAR: dict[str, Any] = {"line": "motor", "product": "机动车交通事故责任强制保险"}


def claim_of(session: Session, policy: dict[str, Any] | None = None, **fields: Any) -> int:
    """A claim whose papers came on the second of November."""
    policy_id = make_policy(session, **(policy or {}))
    return make_claim(session, policy_id, **{"materials_received_on": RECEIVED, **fields})


def edit(session: Session, claim_id: int, **fields: Any) -> None:
    """Change particulars of the plain claim."""
    version = session.get_one(Claim, claim_id).version
    typed = replace(PLAIN, **{"materials_received_on": RECEIVED, **fields})
    edit_claim(session, actor(session, "archivist"), claim_id, typed, version=version, now=NOW, today=TODAY)


def note(session: Session, claim_id: int, kind: str, day: date, **texts: str) -> int:
    """Note what happened."""
    return note_claim_event(session, actor(session, "archivist"), claim_id, Noted(kind, day, **texts), now=NOW)


def clocks(session: Session, claim_id: int, now: datetime = NOW) -> dict[str, Standing]:
    """Where the clocks stand."""
    return standings_of(session, "claim", claim_id, now=now)


@pytest.mark.parametrize(
    ("line", "product", "kind", "is_group", "codes"),
    [
        ("life", "终身寿险", "death_illness", False, LIFE),
        ("life", "终身寿险", "death_illness", True, GENERAL),
        ("short_health_accident", "短期健康险", "inpatient", False, LIFE),
        ("motor", "机动车损失保险", "motor_damage", False, GENERAL),
        ("motor", "机动车交通事故责任强制保险", "bodily_injury", False, COMPULSORY),
        ("home_property", "普通家财险", "fire", True, GENERAL),
        ("health", "重大疾病保险", "premium_waiver", False, ("life_claim_decision", "life_claim_refusal_notice")),
    ],
)
def test_the_kind_of_insurance_says_which_clocks_run(
    line: str, product: str, kind: str, is_group: bool, codes: tuple[str, ...]
) -> None:
    assert clocks_of(line, product, kind, is_group=is_group) == codes


def test_a_claim_without_papers_has_no_clock(session: Session) -> None:
    claim_id = make_claim(session)

    assert clocks(session, claim_id) == {}
    with pytest.raises(Invalid) as refused:
        note(session, claim_id, "agreed", TODAY)
    assert refused.value.problems == {"happened": ["claim_event.no_clock"]}


def test_the_day_of_the_papers_starts_the_clocks(session: Session) -> None:
    claim_id = claim_of(session)

    found = clocks(session, claim_id)

    assert (found["life_claim_decision"].due_on, found["life_claim_decision"].state) == (date(2026, 11, 9), "overdue")
    assert found["claim_advance"].due_on == date(2027, 1, 1)
    assert found["life_claim_payment"].state == found["life_claim_refusal_notice"].state == "not_started"


def test_an_edit_tells_the_clocks_and_strikes_out_what_was_told_before(session: Session) -> None:
    claim_id = make_claim(session)

    edit(session, claim_id)
    edit(session, claim_id, decided_on=date(2026, 11, 6), outcome="full")
    edit(session, claim_id, decided_on=date(2026, 11, 10), outcome="refused", refusal_reason="excluded")

    found = clocks(session, claim_id)
    rows = session.scalars(select(ClockEvent).where(ClockEvent.holder_id == claim_id)).all()
    assert {(row.kind, row.struck_at is None) for row in rows} == {
        ("claimed", True),
        ("claim_allowed", False),
        ("claim_refused", True),
    }
    assert (found["life_claim_decision"].state, found["life_claim_decision"].days_over) == ("overdue", 1)
    assert found["life_claim_refusal_notice"].due_on == date(2026, 11, 13)
    assert found["claim_advance"].state == "met"


def test_a_payment_without_a_noted_agreement_counts_from_the_decision(session: Session) -> None:
    claim_id = claim_of(session)
    paid = {"decided_on": date(2026, 11, 6), "outcome": "full", "paid_on": date(2026, 11, 20), "amount_paid": 100}

    edit(session, claim_id, **paid)
    late = clocks(session, claim_id)["life_claim_payment"]
    note(session, claim_id, "agreed", date(2026, 11, 12))
    in_time = clocks(session, claim_id)["life_claim_payment"]

    assert (late.due_on, late.state) == (date(2026, 11, 16), "overdue")
    assert (in_time.due_on, in_time.state) == (date(2026, 11, 22), "met")


def test_supplements_stop_the_thirty_days_once_and_never_the_five(session: Session) -> None:
    claim_id = claim_of(session, {"line": "home_property", "product": "普通家财险"}, kind="fire")

    note(session, claim_id, "supplements_asked", date(2026, 11, 4), proof="BZ-1")
    note(session, claim_id, "supplements_received", date(2026, 11, 10))
    once = clocks(session, claim_id)["claim_decision"]
    note(session, claim_id, "supplements_asked", date(2026, 11, 12))
    twice = clocks(session, claim_id)["claim_decision"]

    assert (once.due_on, once.paused) == (date(2026, 12, 8), 6)
    assert twice.due_on == date(2026, 12, 8)
    assert any("一次性" in text for text in sentences(twice))


def test_what_is_complex_has_thirty_days_when_it_was_said_in_time(session: Session) -> None:
    claim_id = claim_of(session)
    with pytest.raises(WrongState):
        note(session, claim_id, "classified_complex", date(2026, 11, 5))

    note(session, claim_id, "classified_complex", date(2026, 11, 5), reason="须调查既往病历")

    assert clocks(session, claim_id)["life_claim_decision"].due_on == date(2026, 12, 2)


def test_compulsory_motor_insurance_has_its_own_steps(session: Session) -> None:
    claim_id = claim_of(session, CAR, kind="bodily_injury")

    note(session, claim_id, "list_sent", date(2026, 11, 3))
    note(session, claim_id, "materials_complete", date(2026, 11, 6))

    found = clocks(session, claim_id)
    assert (found["mtpl_list"].state, found["mtpl_decision"].due_on) == ("met", date(2026, 11, 11))
    with pytest.raises(Invalid):
        note(session, claim_id, "classified_complex", date(2026, 11, 5), reason="人伤")


def test_what_contradicts_the_dates_is_refused_on_either_side(session: Session) -> None:
    claim_id = claim_of(session)
    with pytest.raises(WrongState) as early:
        note(session, claim_id, "refusal_sent", date(2026, 11, 10))
    edit(session, claim_id, decided_on=date(2026, 11, 9), outcome="refused", refusal_reason="excluded")
    note(session, claim_id, "refusal_sent", date(2026, 11, 10))

    with pytest.raises(Invalid) as later:
        edit(session, claim_id, decided_on=date(2026, 11, 12), outcome="refused", refusal_reason="excluded")

    assert early.value.code == "clock.refusal_before_decided"
    assert later.value.problems == {"": ["clock.refusal_before_decided"]}


def test_what_was_noted_by_mistake_is_struck_out_with_a_reason(session: Session) -> None:
    claim_id = claim_of(session, {"line": "home_property", "product": "普通家财险"}, kind="fire")
    event_id, archivist = note(session, claim_id, "supplements_asked", date(2026, 11, 4)), actor(session, "archivist")
    derived = session.scalars(select(ClockEvent.id).where(ClockEvent.kind == "claimed")).one()

    with pytest.raises(Invalid):
        strike_claim_event(session, archivist, claim_id, event_id, " ", now=NOW)
    session.expire_all()
    with pytest.raises(NotFound):
        strike_claim_event(session, archivist, claim_id, derived, "错", now=NOW)
    strike_claim_event(session, archivist, claim_id, event_id, "录错了赔案", now=NOW)

    assert clocks(session, claim_id)["claim_decision"].due_on == date(2026, 12, 2)
    assert [event.is_typed for event in read_claim_clocks(session, claim_id, now=NOW).events] == [False]


def test_who_may_not_edit_a_claim_notes_nothing(session: Session) -> None:
    claim_id = claim_of(session)

    for who, refusal in (("manager", NotAllowed), ("clerk_west", NotFound), ("auditor", NotFound)):
        with pytest.raises(refusal):
            note_claim_event(session, actor(session, who), claim_id, Noted("agreed", TODAY), now=NOW)


def test_a_claim_closed_without_payment_stops_its_clocks(session: Session) -> None:
    claim_id = claim_of(session, outcome="withdrawn", closed_on=date(2026, 11, 6), status="closed")

    found = clocks(session, claim_id)

    assert {standing.state for code, standing in found.items() if standing.started_at} == {"stopped"}


def test_old_claims_get_their_clocks_from_the_job(session: Session) -> None:
    claim_id, closed = (
        claim_of(session),
        make_claim(session, make_policy(session, number="P2026-000999"), number="C2026-9"),
    )
    session.execute(delete(ClockEvent).where(ClockEvent.holder_id == claim_id))
    session.execute(delete(Clock).where(Clock.holder_id == claim_id))

    lacking = claims_without_clocks(session, limit=10)
    for each in lacking:
        open_for(session, each, now=NOW)

    assert lacking == [claim_id]
    assert closed not in lacking
    assert clocks(session, claim_id)["life_claim_decision"].due_on == date(2026, 11, 9)
    assert claims_without_clocks(session, limit=10) == []


def test_group_life_is_left_to_the_general_law(session: Session) -> None:
    firm = make_customer(session, "甲公司", kind="organisation")
    claim_id = make_claim(session, make_policy(session, firm), materials_received_on=RECEIVED)

    assert set(clocks(session, claim_id)) == set(GENERAL)


def test_what_runs_is_judged_again_on_the_next_day_only(session: Session) -> None:
    claim_id = claim_of(session, {"line": "home_property", "product": "普通家财险"}, kind="fire")
    overnight = NOW + timedelta(days=11)

    today = clock_judging.things_to_judge(session, before=clock_judging.begin_of_day(NOW), limit=10)
    then = clock_judging.things_to_judge(session, before=clock_judging.begin_of_day(overnight), limit=10)
    for kind, thing in then:
        clock_judging.judge_thing(session, kind, thing, now=overnight)

    row = session.scalars(select(Clock).where(Clock.holder_id == claim_id, Clock.code == "claim_decision")).one()
    assert (today, then) == ([], [("claim", claim_id)])
    assert (row.state, row.days_over) == ("overdue", 1)
