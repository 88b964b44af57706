"""The machine of lending: every way through it, drawn at random, ends well."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import WrongState
from app.domain.loans import (
    ELECTRONIC_ONLY,
    OPEN_STATES,
    PAPER_ONLY,
    PROMISED_STATES,
    STEPS,
    LoanState,
    LoanStep,
    diagram,
    next_state,
    steps_from,
)

STEPS_DRAWN = st.lists(st.sampled_from(LoanStep), max_size=40)


@given(STEPS_DRAWN, st.booleans())
def test_any_run_of_steps_stays_inside_the_machine(steps: list[LoanStep], takes_paper: bool) -> None:
    state = LoanState.ASKED
    for step in steps:
        offered = step in steps_from(state, takes_paper=takes_paper)
        try:
            after = next_state(state, step, takes_paper=takes_paper)
        except WrongState as refused:
            assert not offered
            assert refused.code == f"loan.{state.value}_{step.value}"
            continue
        assert offered
        assert STEPS[state, step] is after
        state = after
    assert state in OPEN_STATES or not steps_from(state, takes_paper=takes_paper)


@given(STEPS_DRAWN)
def test_a_paper_is_out_only_after_it_was_approved_called_and_handed_out(steps: list[LoanStep]) -> None:
    state, done = LoanState.ASKED, []
    for step in steps:
        if step in steps_from(state, takes_paper=True):
            state = next_state(state, step, takes_paper=True)
            done.append(step)
    if state is LoanState.OUT:
        assert done[:3] == [LoanStep.APPROVE, LoanStep.CALL, LoanStep.HAND_OUT]


@pytest.mark.parametrize("state", sorted(PROMISED_STATES))
def test_what_is_promised_is_open(state: LoanState) -> None:
    assert state in OPEN_STATES


def test_no_step_is_for_neither_kind() -> None:
    assert not ELECTRONIC_ONLY & PAPER_ONLY
    assert {step for _, step in STEPS} == set(LoanStep)


def test_the_diagram_tells_of_every_step() -> None:
    lines = diagram().splitlines()

    assert sum(": " in line for line in lines) == len(STEPS)
    assert lines[0] == "stateDiagram-v2"
