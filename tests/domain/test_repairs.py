"""Damage, grades by area, and the life of a repair order."""

from __future__ import annotations

import pytest

from app.domain.errors import Invalid, WrongState
from app.domain.repairs import (
    STEPS,
    Damage,
    Finding,
    Grade,
    RepairState,
    RepairStep,
    check_findings,
    from_plain,
    next_state,
    suggest_grade,
    to_plain,
)


@pytest.mark.parametrize(
    ("finding", "grade", "rule"),
    [
        (Finding(Damage.MILDEW, 31), Grade.EXTREME, "above_30"),
        (Finding(Damage.MILDEW, 30), Grade.SEVERE, "from_20"),
        (Finding(Damage.INSECTS, 20), Grade.SEVERE, "from_20"),
        (Finding(Damage.STAIN, 60), Grade.SEVERE, "from_20"),
        (Finding(Damage.STAIN, 61), Grade.EXTREME, "above_60"),
        (Finding(Damage.INCOMPLETE, 41), Grade.EXTREME, "above_40"),
        (Finding(Damage.STUCK, 51), Grade.EXTREME, "above_50"),
        (Finding(Damage.STUCK, 5, firm=True), Grade.EXTREME, "firm"),
    ],
)
def test_an_area_asks_for_the_grade_of_the_standard(finding: Finding, grade: Grade, rule: str) -> None:
    suggestion = suggest_grade([finding])

    assert suggestion is not None
    assert (suggestion.grade, suggestion.damage, suggestion.rule) == (grade, finding.damage, rule)


@pytest.mark.parametrize(
    "finding",
    [Finding(Damage.MILDEW, 19), Finding(Damage.STUCK, 50), Finding(Damage.TORN, 90), Finding(Damage.MILDEW)],
)
def test_what_the_standard_does_not_measure_is_left_to_the_eye(finding: Finding) -> None:
    assert suggest_grade([finding]) is None


def test_the_heaviest_of_several_damages_decides() -> None:
    suggestion = suggest_grade([Finding(Damage.STAIN, 25), Finding(Damage.INCOMPLETE, 45), Finding(Damage.MILDEW, 22)])

    assert suggestion is not None
    assert (suggestion.grade, suggestion.damage) == (Grade.EXTREME, Damage.INCOMPLETE)


def test_findings_come_back_from_the_database_as_they_went() -> None:
    findings = (Finding(Damage.TORN), Finding(Damage.MILDEW, 35), Finding(Damage.STUCK, firm=True))

    assert from_plain(to_plain(findings)) == findings


@pytest.mark.parametrize("findings", [(), (Finding(Damage.MILDEW, 0),), (Finding(Damage.MILDEW, 101),)])
def test_no_damage_and_impossible_areas_are_refused(findings: tuple[Finding, ...]) -> None:
    with pytest.raises(Invalid):
        check_findings(findings)


def test_every_step_that_is_not_in_the_machine_is_refused() -> None:
    for state in RepairState:
        for step in RepairStep:
            if (state, step) in STEPS:
                assert next_state(state.value, step) is STEPS[state, step]
            else:
                with pytest.raises(WrongState):
                    next_state(state.value, step)
