"""Registering complaints: what the archive gives, who is barred, who complained before, what may be corrected."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.case_terms import Channel, ComplainantKind
from app.domain.cases import CaseStep
from app.domain.deadlines import Event, EventKind
from app.domain.errors import ChangedMeanwhile, Invalid, NotAllowed, NotFound, WrongState
from app.domain.ids import new_id
from app.domain.office_time import office_day
from app.domain.policy import Action
from app.models.accounts import Account
from app.models.cases import Case, CaseBar, CaseCause, CaseStatement
from app.models.consultations import Consultation
from app.models.customers import Customer
from app.models.evidence import Notice
from app.models.machinery import TrailEntry
from app.queries.case_intake import find_origins, read_origin
from app.queries.cases import CaseFilter, list_cases
from app.queries.customers import latest_events
from app.services.case_bars import add_bar, declare_bar, find_person, interested_accounts, lift_bar
from app.services.case_steps import load_case, take_step
from app.services.cases import ComplainedBefore, edit_case, may_still_see, register_case
from tests.cast import EAST, EAST_CITY, NOW, PEOPLE, WEST, actor
from tests.records import make_claim, make_customer, make_policy
from tests.services.casework import PLAIN, make_case

WANG: dict[str, Any] = {"id_number": "110101199003077758", "mobile": "13900001234", "address": "南京市玄武区一号"}


def said(session: Session, case: Case) -> CaseStatement:
    """What is said in a case."""
    return session.get_one(CaseStatement, case.id)


def barred_from(session: Session, case: Case) -> dict[int, str]:
    """Who is barred, and as what."""
    rows = session.execute(select(CaseBar.account_id, CaseBar.relation).where(CaseBar.case_id == case.id))
    return {account_id: relation for account_id, relation in rows}


def notices_of(session: Session, who: str) -> list[str]:
    """The kinds of somebody's notices."""
    session.flush()
    return list(session.scalars(select(Notice.kind).where(Notice.account_id == PEOPLE[who][0]).order_by(Notice.id)))


def problems_of(session: Session, who: str = "clerk", **values: Any) -> dict[str, list[str]]:
    """What a registration is refused for."""
    with pytest.raises(Invalid) as refused:
        register_case(session, actor(session, who), replace(PLAIN, **values), now=NOW)
    return refused.value.problems


def namesake(session: Session, who: str, **fields: Any) -> int:
    """Another account that bears the name of somebody."""
    account = Account(
        id=new_id(),
        username="namesake",
        full_name=PEOPLE[who][1],
        branch_id=WEST,
        state="active",
        created_at=NOW,
        **fields,
    )
    session.add(account)
    session.flush()
    return account.id


def test_a_customer_is_not_asked_what_the_archive_holds(session: Session) -> None:
    customer_id = make_customer(session, **WANG)
    claim_id = make_claim(session, make_policy(session, customer_id))

    case = make_case(
        session, actor(session, "clerk"), name="", phone="", claim_id=claim_id, from_archive=True, sales_channel="agent"
    )

    statement = said(session, case)
    assert (statement.name, statement.id_number, statement.phone) == ("王芳", WANG["id_number"], WANG["mobile"])
    assert (statement.id_kind, statement.address) == ("resident_id", WANG["address"])
    assert (case.customer_id, case.claim_id) == (customer_id, claim_id)
    assert case.policy_id is not None


def test_a_phone_of_this_time_goes_before_that_of_the_archive(session: Session) -> None:
    customer_id = make_customer(session, **WANG)

    case = make_case(session, actor(session, "clerk"), phone="13900009999", customer_id=customer_id, from_archive=True)

    assert said(session, case).phone == "13900009999"


def test_an_heir_is_somebody_else_than_the_customer(session: Session) -> None:
    customer_id = make_customer(session, **WANG)
    heir = {"complainant_kind": ComplainantKind.HEIR, "papers": {"kinship": "公证书"}, "customer_id": customer_id}

    problems = problems_of(session, **heir, from_archive=True)
    case = make_case(session, actor(session, "clerk"), name="王小芳", **heir)

    assert problems == {"from_archive": ["case.archive_without_customer"]}
    assert said(session, case).name == "王小芳"
    assert json.loads(said(session, case).papers) == {"kinship": "公证书"}


def test_a_policy_or_claim_of_somebody_else_is_refused(session: Session) -> None:
    mine, other = make_customer(session, **WANG), make_customer(session, "李雷")
    policy_id = make_policy(session, other)
    claim_id = make_claim(session, policy_id)

    assert problems_of(session, customer_id=mine, policy_id=policy_id) == {"policy_id": ["case.not_of_customer"]}
    assert problems_of(session, customer_id=mine, claim_id=claim_id) == {"policy_id": ["case.not_of_customer"]}
    assert problems_of(session, "clerk_west", branch_id=WEST, customer_id=mine) == {
        "customer_id": ["case.unknown_customer"]
    }
    assert problems_of(session, "clerk_west", branch_id=WEST, policy_id=policy_id) == {
        "policy_id": ["case.not_of_customer"]
    }


def test_a_cause_brings_its_stage_and_belongs_to_no_other(session: Session) -> None:
    causes = {cause.code: cause.id for cause in session.scalars(select(CaseCause))}

    case = make_case(session, actor(session, "clerk"), cause_id=causes["E01"])

    assert case.stage_id == causes["E"]
    assert problems_of(session, stage_id=causes["A"], cause_id=causes["E01"]) == {"cause_id": ["case.cause_of_stage"]}
    assert problems_of(session, stage_id=causes["E01"]) == {"stage_id": ["case.unknown_cause"]}
    assert problems_of(session, cause_id=4242) == {"cause_id": ["case.unknown_cause"]}


def test_a_consultation_becomes_a_complaint_once(session: Session) -> None:
    question = Consultation(
        id=new_id(),
        number="ZX2026-000001",
        branch_id=EAST,
        channel="call",
        asked_at=NOW - timedelta(days=3),
        asker="申屠望舒",
        phone="13900000001",
        about="other",
        topic="other",
        question="保费为什么涨了",
        logged_by=PEOPLE["clerk"][0],
        logged_at=NOW,
        updated_at=NOW,
    )
    session.add(question)
    session.flush()

    case = make_case(session, actor(session, "manager"), name="", phone="", consultation_id=question.id)

    assert (said(session, case).name, said(session, case).phone) == ("申屠望舒", "13900000001")
    assert (question.case_id, question.result) == (case.id, "complaint")
    assert problems_of(session, consultation_id=question.id) == {"consultation_id": ["case.consultation_taken"]}
    assert [(each.account_id, each.why) for each in interested_accounts(session, case)] == [
        (PEOPLE["clerk"][0], "consultation")
    ]


def test_who_registers_elsewhere_is_refused(session: Session) -> None:
    with pytest.raises(NotAllowed):
        register_case(session, actor(session, "clerk"), replace(PLAIN, branch_id=WEST), now=NOW)


def test_twenty_in_person_are_told_to_the_managers_here_and_above(session: Session) -> None:
    people = {"persons": 20, "representatives": ("甲", "乙"), "channel": Channel.VISIT}

    case = make_case(session, actor(session, "clerk_city"), branch_id=EAST_CITY, **people)

    assert (case.is_major, case.is_group) == (True, True)
    assert notices_of(session, "manager") == ["case_major"]
    assert notices_of(session, "manager_west") == []


def test_an_accused_manager_is_told_nothing(session: Session) -> None:
    case = make_case(session, actor(session, "clerk"), accused_number="manager", is_major=True)

    assert barred_from(session, case) == {PEOPLE["manager"][0]: "accused"}
    assert notices_of(session, "manager") == []


def test_a_number_bars_its_holder_and_not_who_bears_the_same_name(session: Session) -> None:
    other = namesake(session, "archivist", employee_number="E-0077")
    clerk = actor(session, "clerk")

    by_name = make_case(session, clerk, accused_name=" 档 案甲 ")
    by_number = make_case(session, clerk, accused_name="档案甲", accused_number="e－0077")
    by_account = make_case(session, clerk, accused_account_id=other, accused_name="旁人")
    mistaken = make_case(session, clerk, accused_name="档案乙", accused_number="archivist")

    assert set(barred_from(session, by_name)) == {PEOPLE["archivist"][0], other}
    assert set(barred_from(session, by_number)) == {other}
    assert set(barred_from(session, by_account)) == {other}
    assert (by_account.accused_name, by_account.accused_number) == ("档案甲", "e-0077")
    assert set(barred_from(session, mistaken)) == {PEOPLE["archivist"][0], PEOPLE["archivist_city"][0]}


def test_a_registrar_who_is_accused_sees_nothing_of_it(session: Session) -> None:
    clerk = actor(session, "clerk")
    case = make_case(session, clerk, accused_name=PEOPLE["clerk"][1], customer_id=make_customer(session, **WANG))

    barred = actor(session, "clerk")
    page = list_cases(session, barred, CaseFilter(), today=office_day(NOW))
    found = list_cases(session, barred, CaseFilter(text=case.number), today=office_day(NOW))
    events = latest_events(session, barred, case.customer_id or 0)
    assert not may_still_see(session, barred, case.id)
    assert (page.total, list(page.items), found.total) == (0, [], 0)
    assert "case_registered" not in {event.event for event in events}
    seen = latest_events(session, actor(session, "manager"), case.customer_id or 0)
    assert "case_registered" in {event.event for event in seen}


def test_the_same_person_within_a_year_is_shown_the_cases_that_the_registrar_may_see(session: Session) -> None:
    clerk = actor(session, "clerk")
    first = make_case(session, clerk)
    hidden = make_case(session, clerk, accused_name=PEOPLE["clerk"][1])
    old = make_case(session, clerk, phone="13900000002", received_at=NOW - timedelta(days=400))

    with pytest.raises(ComplainedBefore) as before:
        register_case(session, actor(session, "clerk"), PLAIN, surely_new=False, now=NOW)
    alone = register_case(session, clerk, replace(PLAIN, phone="13900000002"), surely_new=False, now=NOW)

    assert [each.id for each in before.value.cases] == [first.id]
    assert (first.is_repeat, hidden.is_repeat, old.is_repeat) == (False, True, False)
    assert not session.get_one(Case, alone).is_repeat


def test_the_mark_of_a_repeat_does_not_tell_of_a_case_that_one_is_barred_from(session: Session) -> None:
    clerk = actor(session, "clerk")
    make_case(session, clerk, accused_name=PEOPLE["clerk"][1])
    second = make_case(session, clerk)

    def marks(who: str, **wanted: Any) -> list[bool]:
        page = list_cases(session, actor(session, who), CaseFilter(**wanted), today=office_day(NOW))
        return [row.is_repeat for row in page.items if row.id == second.id]

    assert second.is_repeat
    assert marks("manager") == [True]
    assert marks("clerk") == [False]
    assert marks("clerk", mark="repeat") == []
    make_case(session, clerk, received_at=NOW - timedelta(days=3))
    assert marks("clerk") == [True]


def test_a_correction_keeps_what_was_left_empty_and_names_fields_only(session: Session) -> None:
    clerk = actor(session, "clerk")
    case = make_case(session, clerk, address="南京市玄武区一号")
    typed = replace(PLAIN, name="", phone="", facts="销售时隐瞒了免责条款。", accused_name="档案甲")

    edit_case(session, clerk, case.id, typed, version=case.version, cleared={"address"}, now=NOW)

    statement = said(session, case)
    entry = session.scalars(select(TrailEntry).where(TrailEntry.event == "case_changed")).one()
    assert (statement.name, statement.phone, statement.address) == ("申屠望舒", "13900000001", "")
    assert statement.facts == "销售时隐瞒了免责条款。"
    assert entry.after == {"fields": "accused_name address facts"}
    assert barred_from(session, case) == {PEOPLE["archivist"][0]: "accused"}


def test_a_correction_finds_the_complainant_by_his_new_name(session: Session) -> None:
    clerk = actor(session, "clerk")
    case = make_case(session, clerk)

    edit_case(session, clerk, case.id, replace(PLAIN, name="夏侯婴", phone=""), version=case.version, now=NOW)

    def found(text: str) -> list[int]:
        return [row.id for row in list_cases(session, clerk, CaseFilter(text=text), today=office_day(NOW)).items]

    assert (found("夏侯婴"), found("申屠望舒"), found("139 0000 0001")) == ([case.id], [], [case.id])


def test_only_a_manager_lets_a_former_accused_back(session: Session) -> None:
    clerk, manager = actor(session, "clerk"), actor(session, "manager")
    case = make_case(session, clerk, accused_name="档案甲")
    other = replace(PLAIN, accused_name="档案乙")

    edit_case(session, clerk, case.id, other, version=case.version, now=NOW)
    by_clerk = set(barred_from(session, case))
    edit_case(session, manager, case.id, replace(other, grounds="录音"), version=case.version, now=NOW)

    assert by_clerk == {PEOPLE["archivist"][0], PEOPLE["archivist_city"][0]}
    assert set(barred_from(session, case)) == {PEOPLE["archivist_city"][0]}


def test_the_clock_runs_from_the_corrected_receipt(session: Session) -> None:
    clerk = actor(session, "clerk")
    case = make_case(session, clerk)

    edit_case(session, clerk, case.id, replace(PLAIN, received_at=NOW - timedelta(days=5)), version=1, now=NOW)

    assert case.due_on == date(2026, 12, 2)
    later = replace(PLAIN, received_at=NOW + timedelta(days=1))
    with pytest.raises(Invalid):
        edit_case(session, clerk, case.id, later, version=case.version, now=NOW)


def test_a_correction_over_a_newer_version_or_after_the_decision_is_refused(session: Session) -> None:
    clerk = actor(session, "clerk")
    case = make_case(session, clerk, handler_id=PEOPLE["clerk"][0])

    with pytest.raises(ChangedMeanwhile):
        edit_case(session, clerk, case.id, replace(PLAIN, place="二楼"), version=case.version - 1, now=NOW)
    take_step(session, clerk, case, CaseStep.WITHDRAW, now=NOW, event=Event(EventKind.WITHDRAWN, NOW))
    with pytest.raises(WrongState, match=r"case\.not_editable"):
        edit_case(session, clerk, case.id, PLAIN, version=case.version, now=NOW)


def test_a_manager_bars_a_relative_and_the_handler_is_taken_off(session: Session) -> None:
    manager = actor(session, "manager")
    case = make_case(session, manager, handler_id=PEOPLE["clerk"][0])

    add_bar(session, manager, case.id, "业务甲", "relative", "投诉人的配偶", now=NOW)

    assert (case.handler_id, case.declared_at) == (None, None)
    assert barred_from(session, case) == {PEOPLE["clerk"][0]: "relative"}
    assert "case_without_handler" in notices_of(session, "manager")
    with pytest.raises(NotFound):
        load_case(session, actor(session, "clerk"), case.id, Action.CASE_VIEW)


def test_a_handler_declares_himself_and_forgets_the_case(session: Session) -> None:
    clerk = actor(session, "clerk")
    case = make_case(session, actor(session, "manager"), handler_id=PEOPLE["clerk"][0])
    path = f"/casework/{case.id}"
    session.add(Notice(account_id=PEOPLE["clerk"][0], kind="case_due", details={}, path=path, created_at=NOW))

    with pytest.raises(Invalid):
        declare_bar(session, clerk, case.id, "  ", now=NOW)
    declare_bar(session, clerk, case.id, "与投诉人是亲属", now=NOW)

    assert case.handler_id is None
    assert barred_from(session, case) == {PEOPLE["clerk"][0]: "declared"}
    assert "case_without_handler" in notices_of(session, "manager")
    with pytest.raises(NotFound):
        declare_bar(session, actor(session, "clerk"), case.id, "再来", now=NOW)


def test_bars_are_a_managers_matter(session: Session) -> None:
    clerk = actor(session, "clerk")
    case = make_case(session, clerk)

    with pytest.raises(NotAllowed):
        add_bar(session, clerk, case.id, "档案甲", "interest", "业务往来", now=NOW)
    with pytest.raises(NotFound):
        add_bar(session, actor(session, "manager_west"), case.id, "档案甲", "interest", "业务往来", now=NOW)


@pytest.mark.parametrize(
    ("person", "relation", "reason", "field", "code"),
    [
        ("", "relative", "配偶", "person", "case.person_missing"),
        ("没有此人", "relative", "配偶", "person", "case.person_unknown"),
        ("业务甲", "declared", "配偶", "relation", "case.relation"),
        ("业务甲", "relative", " ", "reason", "case.bar_reason_missing"),
        ("档案甲", "relative", "配偶", "person", "case.barred_already"),
    ],
)
def test_a_bar_says_who_and_why(
    session: Session, person: str, relation: str, reason: str, field: str, code: str
) -> None:
    manager = actor(session, "manager")
    case = make_case(session, manager, accused_name="档案甲")

    with pytest.raises(Invalid) as refused:
        add_bar(session, manager, case.id, person, relation, reason, now=NOW)

    assert refused.value.problems == {field: [code]}


def test_namesakes_are_told_apart_by_their_number(session: Session) -> None:
    other = namesake(session, "clerk", employee_number="0088")

    assert find_person(session, "0088") == other
    assert find_person(session, "CLERK") == PEOPLE["clerk"][0]
    with pytest.raises(Invalid) as refused:
        find_person(session, "业务甲")
    assert refused.value.problems == {"person": ["case.person_ambiguous"]}


def test_a_bar_is_lifted_with_a_reason_but_never_that_of_the_accused(session: Session) -> None:
    manager = actor(session, "manager")
    case = make_case(session, manager, accused_name="档案甲")
    clerk = add_bar(session, manager, case.id, "业务甲", "interest", "业务往来", now=NOW)

    with pytest.raises(WrongState, match=r"case\.bar_of_accused"):
        lift_bar(session, manager, case.id, PEOPLE["archivist"][0], "误登", now=NOW)
    with pytest.raises(Invalid):
        lift_bar(session, manager, case.id, clerk, "", now=NOW)
    lift_bar(session, manager, case.id, clerk, "核实无往来", now=NOW)
    with pytest.raises(WrongState, match=r"case\.not_barred"):
        lift_bar(session, manager, case.id, clerk, "再解除", now=NOW)

    assert barred_from(session, case) == {PEOPLE["archivist"][0]: "accused"}


def test_who_dealt_with_the_matter_is_a_hint_for_the_manager(session: Session) -> None:
    customer_id = make_customer(session, **WANG)
    session.get_one(Customer, customer_id).agent_id = PEOPLE["agent"][0]
    claim_id = make_claim(session, make_policy(session, customer_id))
    case = make_case(session, actor(session, "clerk"), claim_id=claim_id)

    before = {each.username: each.why for each in interested_accounts(session, case)}
    add_bar(session, actor(session, "manager"), case.id, "agent", "interest", "佣金", now=NOW)

    assert before == {"archivist": "claim", "agent": "agent"}
    assert {each.username for each in interested_accounts(session, case)} == {"archivist"}


def test_the_list_narrows_by_what_one_asks_for(session: Session) -> None:
    manager, today = actor(session, "manager"), office_day(NOW)
    plain = make_case(session, manager, received_at=NOW - timedelta(days=14))
    late = make_case(
        session, manager, phone="13900000003", received_at=NOW - timedelta(days=20), channel=Channel.LETTER
    )
    mine = make_case(session, manager, phone="13900000004", handler_id=PEOPLE["manager"][0], is_major=True)

    def found(**wanted: Any) -> set[int]:
        page = list_cases(session, manager, CaseFilter(**wanted), today=today, sort="due")
        assert page.total == len(page.items)
        return {row.id for row in page.items}

    assert found() == {plain.id, late.id, mine.id}
    assert found(state="overdue") == {late.id}
    assert found(state="due_soon") == {plain.id}
    assert found(state="open") == found(state="to_do") == {plain.id, late.id, mine.id}
    assert found(state="accepted") == found(handler="mine") == found(mark="major") == {mine.id}
    assert found(handler="none") == {plain.id, late.id}
    assert found(handler=str(PEOPLE["manager"][0])) == {mine.id}
    assert found(handler="x") == found(state="nothing") == found(text="TS1999") == set()
    assert found(channel="letter") == {late.id}
    assert found(received_from=today - timedelta(days=2)) == {mine.id}
    assert found(received_to=today - timedelta(days=19)) == {late.id}
    assert found(branch_id=WEST) == set()
    assert found(text=plain.number[:8]) == {plain.id, late.id, mine.id}


def test_a_page_begins_where_the_last_one_ended(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    manager = actor(session, "manager")
    made = [make_case(session, manager, received_at=NOW - timedelta(days=day)).id for day in range(5)]
    monkeypatch.setattr("app.queries.cases.PAGE_SIZE", 2)

    seen: list[int] = []
    for sort in ("received", "due_desc", "number_desc"):
        cursor, seen = None, []
        for _turn in range(3):
            page = list_cases(session, manager, CaseFilter(), today=office_day(NOW), sort=sort, cursor=cursor)
            seen += [row.id for row in page.items]
            cursor = page.after
        assert sorted(seen) == sorted(made)
    assert seen == made[::-1]


def test_a_customer_is_found_by_the_number_of_a_policy_or_by_his_own(session: Session) -> None:
    customer_id = make_customer(session, **WANG)
    policy_id = make_policy(session, customer_id)
    claim_id = make_claim(session, policy_id)
    clerk, west = actor(session, "clerk"), actor(session, "clerk_west")

    assert [match.policy_id for match in find_origins(session, clerk, "p2026-000123")] == [policy_id]
    assert [match.claim_id for match in find_origins(session, clerk, "C2026-000456")] == [claim_id]
    assert [match.customer_id for match in find_origins(session, clerk, WANG["mobile"])] == [customer_id]
    assert [match.name for match in find_origins(session, clerk, "王芳")] == ["王*"]
    assert find_origins(session, clerk, " ") == find_origins(session, west, "王芳") == []
    origin = read_origin(session, clerk, claim_id=claim_id)
    assert origin.customer is not None
    assert (origin.customer.phone, origin.policy_id, origin.line) == ("139****1234", policy_id, "medical")
    with pytest.raises(NotFound):
        read_origin(session, west, claim_id=claim_id)
