"""The life of a complaint: every step from every state is allowed or refused with its own code."""

from __future__ import annotations

from itertools import product

import pytest

from app.domain.cases import (
    EVENTS,
    OPEN_STATES,
    REVIEW_EVENTS,
    REVIEW_STEPS,
    STEPS,
    WORKING_STATES,
    CaseKind,
    CaseState,
    CaseStep,
    diagram,
    event_of,
    next_state,
    steps_from,
)
from app.domain.deadlines import EventKind
from app.domain.errors import WrongState

ALLOWED = {
    "registered": "accept decline transfer merge_in new_facts withdraw merge",
    "accepted": (
        "decline transfer classify pause resume ask_extension approve_extension refuse_extension notice_extension "
        "agree_notice merge_in new_facts propose withdraw merge"
    ),
    "declined": "agree_notice notify withdraw",
    "proposed": (
        "resume approve_extension refuse_extension notice_extension agree_notice new_facts return decide withdraw"
    ),
    "decided": "agree_notice new_facts notify withdraw",
    "notified": "deliver ask_review close",
    "closed": "deliver ask_review file",
    "filed": "deliver ask_review",
    "withdrawn": "file",
    "merged": "",
}


@pytest.mark.parametrize(("state", "step"), list(product(CaseState, CaseStep)))
def test_a_step_is_allowed_or_refused_with_its_code(state: CaseState, step: CaseStep) -> None:
    if step.value in ALLOWED[state].split():
        assert next_state(CaseKind.COMPLAINT, state, step) is STEPS[state, step]
        return
    with pytest.raises(WrongState) as refused:
        next_state(CaseKind.COMPLAINT, state, step)
    assert refused.value.code == f"case.{state.value}_{step.value}"


@pytest.mark.parametrize("state", CaseState)
def test_what_can_be_done_is_told_in_the_order_of_the_steps(state: CaseState) -> None:
    assert [step.value for step in steps_from(CaseKind.COMPLAINT, state)] == ALLOWED[state].split()


@pytest.mark.parametrize(("state", "step"), STEPS)
def test_a_re_examination_knows_neither_pause_nor_extension_nor_merging(state: CaseState, step: CaseStep) -> None:
    if step in REVIEW_STEPS:
        assert next_state(CaseKind.REVIEW, state, step) is STEPS[state, step]
        return
    with pytest.raises(WrongState, match=f"case.{state.value}_{step.value}"):
        next_state(CaseKind.REVIEW, state, step)
    assert step not in steps_from(CaseKind.REVIEW, state)


def test_a_re_examination_is_not_examined_again() -> None:
    refused = set(CaseStep) - REVIEW_STEPS

    assert {CaseStep.ASK_REVIEW, CaseStep.PAUSE, CaseStep.ASK_EXTENSION, CaseStep.MERGE, CaseStep.NEW_FACTS} <= refused


def test_the_usual_way_leads_from_registration_to_the_archive() -> None:
    state = CaseState.REGISTERED
    for step in ("accept", "propose", "return", "propose", "decide", "notify", "deliver", "close", "file"):
        state = next_state(CaseKind.COMPLAINT, state, CaseStep(step))

    assert state is CaseState.FILED


def test_nobody_waits_for_what_is_told_withdrawn_or_merged() -> None:
    assert {"registered", "accepted", "declined", "proposed", "decided"} == OPEN_STATES
    assert {"notified"} == WORKING_STATES - OPEN_STATES


def test_each_step_is_at_most_one_event_of_the_clocks() -> None:
    silent = {step for step in CaseStep if event_of(CaseKind.COMPLAINT, step) is None}

    assert silent == {CaseStep.PROPOSE, CaseStep.RETURN, CaseStep.CLOSE, CaseStep.FILE}
    assert len(set(EVENTS.values())) == len(EVENTS)
    assert event_of(CaseKind.REVIEW, CaseStep.NOTIFY) is EventKind.REVIEW_NOTIFIED
    assert event_of(CaseKind.REVIEW, CaseStep.ACCEPT) is None
    assert set(REVIEW_EVENTS) <= REVIEW_STEPS


def test_the_diagram_draws_every_step_that_moves() -> None:
    drawn = diagram()

    for (before, step), after in STEPS.items():
        line = f"    {before.value} --> {after.value}: {step.value}\n"
        assert (line in drawn) is (before is not after)
    assert drawn.startswith("stateDiagram-v2\n    [*] --> registered\n")
    assert "    filed --> [*]\n    merged --> [*]\n" in drawn
