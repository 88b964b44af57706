"""What a registration asks for: each demand with its article, and nothing that the house knows already."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.domain.case_lines import complaint_line
from app.domain.case_registration import Registration, check_registration, complains_himself, is_major
from app.domain.case_terms import Channel, ComplainantKind
from app.domain.errors import Invalid

NOW = datetime(2026, 11, 22, 1, 30, tzinfo=UTC)
PLAIN = Registration(
    2, Channel.CALL, NOW - timedelta(days=1), ComplainantKind.HOLDER, "申屠望舒", "退费", "误导", phone="13900000001"
)
AGENT: dict[str, Any] = {
    "complainant_kind": ComplainantKind.AGENT,
    "agent_name": "钟离青",
    "agent_id_number": "110101199003077758",
    "agent_phone": "025-84567890",
    "papers": {"authority": "2026年11月1日签署"},
}


def problems_of(typed: Registration, **known: Any) -> dict[str, list[str]]:
    """What is wrong with a registration."""
    try:
        check_registration(typed, NOW, **known)
    except Invalid as invalid:
        return invalid.problems
    return {}


def test_a_plain_complaint_needs_who_what_and_how_to_answer() -> None:
    empty = Registration(2, Channel.CALL, NOW + timedelta(hours=1), ComplainantKind.HOLDER, " ", "", "\n", persons=0)

    assert problems_of(PLAIN) == {}
    assert problems_of(empty) == {
        "request": ["case.request_missing"],
        "facts": ["case.facts_missing"],
        "received_at": ["case.received_in_future"],
        "name": ["case.name_missing"],
        "phone": ["case.contact_missing"],
        "persons": ["case.persons"],
    }


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"phone": "", "address": "南京市"}, "", ""),
        ({"phone": "12345"}, "phone", "contact.phone_form"),
        ({"id_kind": "resident_id", "id_number": "110101199003077757"}, "id_number", "identity.check_digit"),
        ({"id_kind": "resident_id", "id_number": "110101199003077758"}, "", ""),
        ({"id_number": "110101199003077758"}, "id_kind", "case.id_kind_missing"),
        ({"channel": Channel.HOTLINE}, "forward_number", "case.forward_number"),
        ({"channel": Channel.REGULATOR, "forward_number": " "}, "forward_number", "case.forward_number"),
        ({"channel": Channel.HEAD_OFFICE}, "", ""),
        ({"amount": -1}, "amount", "case.amount"),
        (
            {"complainant_kind": ComplainantKind.ORGANISATION},
            "legal_representative",
            "case.legal_representative_missing",
        ),
        ({"complainant_kind": ComplainantKind.ORGANISATION, "legal_representative": "上官策"}, "", ""),
        ({"complainant_kind": ComplainantKind.HEIR}, "paper_kinship", "case.kinship_missing"),
        ({"complainant_kind": ComplainantKind.HEIR, "papers": {"kinship": "公证书〔2026〕1 号"}}, "", ""),
        (AGENT, "", ""),
        ({**AGENT, "papers": {}}, "paper_authority", "case.authority_missing"),
        ({**AGENT, "agent_name": ""}, "agent_name", "case.agent_name_missing"),
        ({**AGENT, "agent_id_number": ""}, "agent_id_number", "case.agent_id_number_missing"),
        ({**AGENT, "agent_id_number": "1"}, "agent_id_number", "identity.length.resident_id"),
        ({**AGENT, "agent_phone": ""}, "agent_phone", "case.agent_phone_missing"),
        ({"persons": 5}, "", ""),
        ({"persons": 6}, "representatives", "case.representatives_missing"),
        ({"persons": 6, "representatives": tuple("甲乙丙丁戊")}, "", ""),
        ({"persons": 9, "representatives": tuple("甲乙丙丁戊己")}, "representatives", "case.too_many_representatives"),
        (
            {"persons": 1, "representatives": ("甲", "乙")},
            "representatives",
            "case.more_representatives_than_persons",
        ),
        ({"persons": 9, "representatives": ("甲 ", "甲")}, "representatives", "case.representative_twice"),
    ],
)
def test_each_demand_is_made_where_the_law_makes_it(changes: dict[str, Any], field: str, code: str) -> None:
    expected = {field: [code]} if field else {}

    assert problems_of(replace(PLAIN, **changes)) == expected


def test_what_the_house_holds_is_not_judged_by_its_form() -> None:
    old = replace(PLAIN, id_kind="resident_id", id_number="320000", phone="无")

    assert set(problems_of(old)) == {"id_number", "phone"}
    assert problems_of(old, known={"id_number", "phone"}) == {}


@pytest.mark.parametrize(
    ("channel", "persons", "named", "expected"),
    [
        (Channel.VISIT, 19, False, False),
        (Channel.VISIT, 20, False, True),
        (Channel.LETTER, 200, False, False),
        (Channel.CALL, 1, True, True),
    ],
)
def test_twenty_in_person_are_a_major_complaint(channel: Channel, persons: int, named: bool, expected: bool) -> None:
    assert is_major(replace(PLAIN, channel=channel, persons=persons, is_major=named)) is expected


def test_an_heir_is_never_the_customer_himself() -> None:
    assert [kind for kind in ComplainantKind if not complains_himself(kind)] == [ComplainantKind.HEIR]


@pytest.mark.parametrize(
    ("line", "design", "product", "expected"),
    [
        ("motor", None, "机动车商业保险", "motor"),
        ("life", "ordinary", "终身寿险", "life"),
        ("life", "participating", "两全保险（分红型）", "participating"),
        ("life", "universal", "年金保险（万能型）", "universal"),
        ("life", "ordinary", "养老年金保险", "annuity"),
        ("health", None, "重大疾病保险", "disease"),
        ("health", None, "住院医疗保险", "medical"),
        ("credit_guarantee", None, "保证保险", "surety"),
        ("cargo", None, "货物运输保险", ""),
        ("of_another_house", "strange", "", ""),
    ],
)
def test_a_policy_proposes_the_line_of_the_bulletins(
    line: str, design: str | None, product: str, expected: str
) -> None:
    assert complaint_line(line, design, product) == expected
