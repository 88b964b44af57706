"""New texts of rules: from a day on, the old row ends the day before, and what runs keeps the text it began under."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import Invalid, NotAllowed
from app.models.cases import CaseCause
from app.models.clocks import ClockRuleRow
from app.models.machinery import TrailEntry
from app.queries.clock_rules import list_rules
from app.queries.clocks import row_values, rule_of, rule_row_on, standings_of
from app.services.case_causes import add_cause, rename_cause, restore_cause, retire_cause
from app.services.clock_rules import NewText, add_text
from tests.cast import NOW, actor
from tests.services.casework import make_case
from tests.services.clock_keepers import head_manager

TODAY, LATER = date(2026, 11, 22), date(2027, 1, 1)
TEXT = NewText(20, "5 3 1", "投诉处理管理办法（2027年）第十八条", LATER, complex_length=40, extension=20)


def row_of(session: Session, code: str = "complaint") -> ClockRuleRow:
    """The text in force today."""
    row = rule_row_on(session, code, TODAY)
    assert row is not None
    return row


def add(session: Session, typed: NewText = TEXT, code: str = "complaint") -> ClockRuleRow:
    """Add a text as the head office."""
    row = row_of(session, code)
    return session.get_one(ClockRuleRow, add_text(session, head_manager(session), row.id, typed, now=NOW, today=TODAY))


def codes_of(session: Session, **changes: Any) -> dict[str, list[str]]:
    """What is wrong with a text."""
    with pytest.raises(Invalid) as refused:
        add(session, replace(TEXT, **changes))
    return refused.value.problems


def test_the_old_text_ends_the_day_before_and_both_stay(session: Session) -> None:
    old = row_of(session)
    before = {name: value for name, value in row_values(rule_of(old)).items() if name != "effective_to"}

    new = add(session)

    session.refresh(old)
    assert (old.effective_to, new.effective_from, new.effective_to) == (date(2026, 12, 31), LATER, None)
    assert {name: value for name, value in row_values(rule_of(old)).items() if name != "effective_to"} == before
    assert (new.length, new.complex_length, new.extension, new.articles) == (20, 40, 20, old.articles)
    assert row_of(session).id == old.id
    assert rule_row_on(session, "complaint", LATER) is new
    entry = session.scalars(select(TrailEntry).where(TrailEntry.event == "clock_rule_changed")).one()
    assert (entry.before or {})["length"] == "15"
    assert (entry.after or {})["length"] == "20"


def test_what_runs_keeps_the_text_under_which_it_began(session: Session) -> None:
    case = make_case(session, actor(session, "clerk"))
    add(session, replace(TEXT, effective_from=date(2026, 11, 23)))

    standing = standings_of(session, "case", case.id, now=NOW)["complaint"]

    assert standing.length == 15


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"length": 0}, "length", "clock_rule.length"),
        ({"length": 367}, "length", "clock_rule.length"),
        ({"complex_length": 20}, "complex_length", "clock_rule.complex"),
        ({"complex_length": None}, "complex_length", "clock_rule.complex"),
        ({"extension": 0}, "extension", "clock_rule.extension"),
        ({"reminders": "1 3 5"}, "reminders", "clock_rule.reminders"),
        ({"reminders": "20 3"}, "reminders", "clock_rule.reminders"),
        ({"reminders": "三天"}, "reminders", "clock_rule.reminders"),
        ({"basis": " "}, "basis", "clock_rule.basis"),
        ({"effective_from": date(2026, 11, 21)}, "effective_from", "clock_rule.too_early"),
    ],
)
def test_a_text_that_cannot_be_is_refused(session: Session, changes: dict[str, Any], field: str, code: str) -> None:
    assert codes_of(session, **changes)[field] == [code]


def test_a_text_may_not_reach_back_over_what_has_begun_under_the_last(session: Session) -> None:
    make_case(session, actor(session, "clerk"), received_at=NOW)

    assert codes_of(session, effective_from=TODAY) == {"effective_from": ["clock_rule.clocks_opened"]}


def test_only_the_last_text_is_followed_by_a_new_one(session: Session) -> None:
    old = row_of(session)
    keeper = head_manager(session)
    add_text(session, keeper, old.id, TEXT, now=NOW, today=TODAY)

    with pytest.raises(Invalid) as refused:
        add_text(session, keeper, old.id, replace(TEXT, effective_from=date(2028, 1, 1)), now=NOW, today=TODAY)

    assert refused.value.problems == {"": ["clock_rule.not_the_last"]}


def test_a_text_that_says_the_same_is_none(session: Session) -> None:
    old = row_of(session, "surrender_value")
    same = NewText(old.length, old.reminders, old.basis, LATER)

    with pytest.raises(Invalid) as refused:
        add(session, same, "surrender_value")

    assert refused.value.problems == {"": ["clock_rule.same"]}


@pytest.mark.parametrize("who", ["clerk", "manager", "archivist_head", "agent"])
def test_only_managers_of_the_head_office_change_rules(session: Session, who: str) -> None:
    with pytest.raises(NotAllowed):
        add_text(session, actor(session, who), row_of(session).id, TEXT, now=NOW, today=TODAY)


def test_the_list_shows_what_holds_and_what_comes_and_folds_the_rest(session: Session) -> None:
    add(session)

    complaint = list_rules(session, TODAY)["complaint"][0]
    then = list_rules(session, LATER)["complaint"][0]

    assert [row.length for row in complaint.current] == [20, 15]
    assert complaint.older == ()
    assert ([row.length for row in then.current], [row.length for row in then.older]) == ([20], [15])
    assert (
        sum(len(rules) for rules in list_rules(session, TODAY).values())
        == len(session.scalars(select(ClockRuleRow)).all()) - 1
    )


def test_a_case_opened_later_is_judged_by_the_new_text(session: Session) -> None:
    add(session, replace(TEXT, effective_from=date(2026, 11, 23)))
    next_day = NOW + timedelta(days=1)

    case = make_case(session, actor(session, "clerk"), now=next_day, received_at=next_day)

    assert standings_of(session, "case", case.id, now=next_day)["complaint"].length == 20


def test_causes_get_their_code_once_and_are_never_deleted(session: Session) -> None:
    keeper = head_manager(session)
    stage = session.scalars(select(CaseCause).where(CaseCause.code == "C")).one()

    fresh = session.get_one(CaseCause, add_cause(session, keeper, stage.id, "回访太晚", now=NOW))
    other = session.get_one(CaseCause, add_cause(session, keeper, None, "科技平台", now=NOW))
    rename_cause(session, keeper, fresh.id, "回访过晚", version=1, now=NOW)

    assert (fresh.code, fresh.name, other.code) == ("C03", "回访过晚", "L")


def test_a_stage_is_retired_when_it_is_empty_and_its_causes_come_back_after_it(session: Session) -> None:
    keeper = head_manager(session)
    stage = session.scalars(select(CaseCause).where(CaseCause.code == "K")).one()
    cause = session.scalars(select(CaseCause).where(CaseCause.parent_id == stage.id)).one()
    with pytest.raises(Invalid) as full:
        retire_cause(session, keeper, stage.id, version=1, now=NOW)

    retire_cause(session, keeper, cause.id, version=1, now=NOW)
    retire_cause(session, keeper, stage.id, version=1, now=NOW)

    with pytest.raises(Invalid) as orphan:
        restore_cause(session, keeper, cause.id, version=2, now=NOW)
    with pytest.raises(Invalid) as under:
        add_cause(session, keeper, stage.id, "新原因", now=NOW)
    assert full.value.problems == {"": ["cause.has_active"]}
    assert orphan.value.problems == {"": ["cause.parent_retired"]}
    assert under.value.problems == {"parent": ["cause.parent"]}
    assert (stage.active, cause.active) == (False, False)


def test_a_name_stands_once_on_a_level(session: Session) -> None:
    keeper = head_manager(session)

    for name, code in (("销售", "cause.name_taken"), ("  ", "cause.name"), ("长" * 41, "cause.name")):
        with pytest.raises(Invalid) as refused:
            add_cause(session, keeper, None, name, now=NOW)
        assert refused.value.problems == {"name": [code]}


def test_only_managers_of_the_head_office_change_causes(session: Session) -> None:
    with pytest.raises(NotAllowed):
        add_cause(session, actor(session, "manager"), None, "新环节", now=NOW)
