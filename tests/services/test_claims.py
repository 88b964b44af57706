"""Registering claims, changing them and moving them from node to node, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.claim_particulars import ClaimParticulars
from app.domain.claims import ClaimStatus
from app.domain.customers import Particulars
from app.domain.errors import ChangedMeanwhile, Invalid, NotAllowed, NotFound
from app.domain.policies import PolicyStatus
from app.domain.policy_terms import PolicyTerms
from app.models.claims import Claim
from app.models.customers import Customer
from app.models.machinery import OutboxEntry, TrailEntry
from app.queries.claims import ClaimFilter, list_claims, read_claim
from app.queries.policies import claims_of_policy
from app.services.claims import change_status, create_claim, edit_claim
from app.services.customers import create_customer
from app.services.policies import create_policy
from tests.cast import EAST, EAST_CITY, NOW, PEOPLE, actor

TODAY = date(2026, 11, 22)
CASE = ClaimParticulars(
    number="C2026-000456",
    report_number="BA2026-9981",
    kind="inpatient",
    amount_claimed=1_860_000,
    occurred_on=date(2026, 9, 1),
    reported_on=date(2026, 9, 2),
    materials_received_on=date(2026, 9, 10),
    summary="  住院 12 天\n",
)
DECIDED = replace(CASE, outcome="full", decided_on=date(2026, 9, 20), amount_paid=1_860_000, paid_on=date(2026, 9, 25))


def policy(session: Session, *, number: str = "P2026-000123", line: str = "health", **holder: Any) -> int:
    """Register a policy with a holder of its own."""
    archivist = actor(session, "archivist")
    typed = Particulars(name="王芳", branch_id=holder.pop("branch_id", EAST), **holder)
    customer_id = create_customer(session, archivist, typed, surely_new=True, now=NOW, today=TODAY)
    terms = PolicyTerms(
        number=number, line=line, product="住院医疗保险", term_kind="short", channel="direct", pay_mode="single"
    )
    return create_policy(session, archivist, customer_id, terms, status=PolicyStatus.IN_FORCE, now=NOW, today=TODAY)


def register(
    session: Session,
    who: str = "clerk",
    policy_id: int = 0,
    *,
    status: ClaimStatus = ClaimStatus.REPORTED,
    case: ClaimParticulars = CASE,
    **changes: Any,
) -> int:
    """Register a claim as a member of the cast."""
    return create_claim(
        session,
        actor(session, who),
        policy_id or policy(session),
        replace(case, **changes),
        status=status,
        now=NOW,
        today=TODAY,
    )


def move(session: Session, claim_id: int, target: ClaimStatus, *, version: int, **more: Any) -> None:
    """Move a claim as the clerk."""
    change_status(session, actor(session, "clerk"), claim_id, target, version=version, now=NOW, today=TODAY, **more)


def edit(session: Session, claim_id: int, case: ClaimParticulars, *, version: int = 1, who: str = "clerk") -> None:
    """Change a claim."""
    edit_claim(session, actor(session, who), claim_id, case, version=version, now=NOW, today=TODAY)


def test_a_claim_takes_customer_and_branch_from_its_policys_holder(session: Session) -> None:
    policy_id = policy(session, branch_id=EAST_CITY)

    claim_id = register(session, "archivist", policy_id, number=" c2026-000456 ")

    row = session.get_one(Claim, claim_id)
    holder = session.scalars(select(Customer)).one()
    assert (row.customer_id, row.branch_id, row.number) == (holder.id, EAST_CITY, "C2026-000456")
    assert (row.status, row.summary) == ("reported", "住院 12 天")


def test_registering_and_changing_is_in_the_trail_and_the_outbox(session: Session) -> None:
    claim_id = register(session)

    edit(session, claim_id, replace(CASE, amount_claimed=5_00))

    entries = session.scalars(select(TrailEntry).where(TrailEntry.object_kind == "claim")).all()
    keys = session.scalars(select(OutboxEntry.key).where(OutboxEntry.key.startswith("claim-"))).all()
    assert [entry.event for entry in entries] == ["claim_created", "claim_changed"]
    assert (entries[0].after or {})["policy"] == "P2026-000123"
    assert entries[0].customer_id == session.get_one(Claim, claim_id).customer_id
    assert (entries[1].before, entries[1].after) == ({"amount_claimed": "18,600.00"}, {"amount_claimed": "5.00"})
    assert keys == [f"claim-{claim_id}"] * 2


@pytest.mark.parametrize(
    ("changes", "field", "problem"),
    [
        ({"number": ""}, "number", "number.empty"),
        ({"report_number": "x"}, "report_number", "number.characters"),
        ({"kind": "motor_damage"}, "kind", "claim.kind_of_class"),
        ({"kind": "rain"}, "kind", "claim.choice"),
        ({"outcome": "maybe"}, "outcome", "claim.choice"),
        ({"amount_claimed": -1}, "amount_claimed", "claim_amounts.negative"),
        ({"amount_paid": 100}, "amount_paid", "claim_amounts.paid_without_decision"),
        ({"outcome": "refused"}, "refusal_reason", "claim_amounts.refusal_without_reason"),
        ({"refusal_reason": "excluded"}, "refusal_reason", "claim_amounts.reason_without_refusal"),
        ({"reported_on": date(2026, 8, 1)}, "reported_on", "claim_dates.reported_before_occurred"),
        ({"decided_on": date(2026, 9, 5)}, "decided_on", "claim_dates.decided_before_materials"),
        ({"reported_on": date(2026, 11, 23)}, "reported_on", "claim.date_in_future"),
        ({"closed_on": date(2026, 11, 1)}, "closed_on", "claim.closed_too_early"),
    ],
)
def test_particulars_that_do_not_agree_are_blamed_on_their_field(
    session: Session, changes: dict[str, Any], field: str, problem: str
) -> None:
    with pytest.raises(Invalid) as refused:
        register(session, **changes)

    assert problem in refused.value.problems[field]


def test_a_closed_case_is_registered_with_outcome_and_closing_day(session: Session) -> None:
    policy_id, closed = policy(session), ClaimStatus.CLOSED

    with pytest.raises(Invalid) as refused:
        register(session, policy_id=policy_id, status=closed)
    with pytest.raises(Invalid) as unpaid:
        register(session, policy_id=policy_id, status=closed, outcome="full", closed_on=date(2026, 10, 1))
    claim_id = register(session, policy_id=policy_id, status=closed, case=DECIDED, closed_on=date(2026, 10, 1))

    assert refused.value.problems == {
        "closed_on": ["claim.closed_on_missing"],
        "outcome": ["claim.outcome_missing"],
    }
    assert unpaid.value.problems == {"amount_paid": ["claim_amounts.nothing_paid"]}
    assert session.get_one(Claim, claim_id).status == "closed"


def test_a_number_can_be_registered_once(session: Session) -> None:
    policy_id = policy(session)
    register(session, policy_id=policy_id)
    second = register(session, policy_id=policy_id, number="C2026-000457")

    with pytest.raises(Invalid) as created:
        register(session, policy_id=policy_id)
    with pytest.raises(Invalid) as changed:
        edit(session, second, CASE)

    assert created.value.problems == changed.value.problems == {"number": ["claim.number_taken"]}


def test_a_case_goes_from_node_to_node_and_is_closed_with_its_outcome(session: Session) -> None:
    claim_id = register(session)

    move(session, claim_id, ClaimStatus.OPENED, version=1)
    with pytest.raises(Invalid) as backwards:
        move(session, claim_id, ClaimStatus.REPORTED, version=2)
    with pytest.raises(Invalid) as without:
        move(session, claim_id, ClaimStatus.CLOSED, version=2, closed_on=date(2026, 10, 1))
    edit(session, claim_id, DECIDED, version=2)
    with pytest.raises(Invalid) as early:
        move(session, claim_id, ClaimStatus.CLOSED, version=3, closed_on=date(2026, 9, 1))
    move(session, claim_id, ClaimStatus.CLOSED, version=3, closed_on=date(2026, 10, 1))

    row = session.get_one(Claim, claim_id)
    assert backwards.value.problems == {"status": ["claim.transition"]}
    assert without.value.problems == {"outcome": ["claim.outcome_missing"]}
    assert "claim_dates.closed_before_paid" in early.value.problems["closed_on"]
    assert (row.status, row.closed_on, row.version) == ("closed", date(2026, 10, 1), 4)


def test_filing_keeps_the_closing_day_and_reopening_takes_it_away(session: Session) -> None:
    claim_id = register(session, case=DECIDED, status=ClaimStatus.CLOSED, closed_on=date(2026, 10, 1))

    move(session, claim_id, ClaimStatus.ARCHIVED, version=1)
    archived = session.get_one(Claim, claim_id).closed_on
    move(session, claim_id, ClaimStatus.REOPENED, version=2)

    assert archived == date(2026, 10, 1)
    assert session.get_one(Claim, claim_id).closed_on is None


def test_a_refusal_keeps_its_reason(session: Session) -> None:
    claim_id = register(session)

    edit(
        session,
        claim_id,
        replace(CASE, outcome="refused", refusal_reason="waiting_period", decided_on=date(2026, 9, 20)),
    )
    with pytest.raises(Invalid) as paid:
        edit(
            session,
            claim_id,
            replace(
                CASE,
                outcome="refused",
                refusal_reason="waiting_period",
                decided_on=date(2026, 9, 20),
                amount_paid=1,
            ),
            version=2,
        )

    assert session.get_one(Claim, claim_id).refusal_reason == "waiting_period"
    assert paid.value.problems == {"amount_paid": ["claim_amounts.paid_though_refused"]}


def test_who_was_overtaken_gets_both_texts(session: Session) -> None:
    claim_id = register(session)
    edit(session, claim_id, replace(CASE, amount_claimed=5_00))

    with pytest.raises(ChangedMeanwhile) as edited:
        edit(session, claim_id, replace(CASE, amount_claimed=6_00))
    move(session, claim_id, ClaimStatus.OPENED, version=2)
    move(session, claim_id, ClaimStatus.INVESTIGATING, version=3)
    with pytest.raises(ChangedMeanwhile) as moved:
        move(session, claim_id, ClaimStatus.OPENED, version=3)

    difference, status = edited.value.differences[0], moved.value.differences[0]
    assert (difference.field, difference.yours, difference.theirs) == ("amount_claimed", "6.00", "5.00")
    assert (status.field, status.yours, status.theirs) == ("status", "opened", "investigating")


@pytest.mark.parametrize(
    ("who", "refusal"), [("manager", NotAllowed), ("agent", NotFound), ("clerk_west", NotFound), ("sysadmin", NotFound)]
)
def test_who_may_not_edit_claims_registers_none(session: Session, who: str, refusal: type[Exception]) -> None:
    policy_id = policy(session)

    with pytest.raises(refusal):
        register(session, who, policy_id)


def test_a_claim_of_another_branch_or_level_looks_like_none(session: Session) -> None:
    plain = register(session)
    secret = register(session, "archivist", policy(session, number="P2026-000999", level=3), number="C2026-000999")

    with pytest.raises(NotFound):
        read_claim(session, actor(session, "clerk_west"), plain)
    with pytest.raises(NotFound):
        read_claim(session, actor(session, "clerk"), secret)
    with pytest.raises(NotFound):
        edit(session, plain, CASE, who="clerk_west")
    assert list_claims(session, actor(session, "clerk_west"), ClaimFilter()).total == 0
    assert [row.id for row in list_claims(session, actor(session, "clerk"), ClaimFilter()).items] == [plain]


def test_a_reader_who_may_only_look_changes_nothing(session: Session) -> None:
    claim_id = register(session)

    with pytest.raises(NotAllowed):
        edit(session, claim_id, CASE, who="manager")
    assert not read_claim(session, actor(session, "manager"), claim_id).may_edit


def test_an_agent_sees_no_claim_even_of_his_own_customers(session: Session) -> None:
    mine = policy(session, branch_id=EAST_CITY, agent_id=PEOPLE["agent"][0])
    claim_id = register(session, "archivist", mine)

    assert list_claims(session, actor(session, "agent"), ClaimFilter()).total == 0
    with pytest.raises(NotFound):
        read_claim(session, actor(session, "agent"), claim_id)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (ClaimFilter(), {"C2026-000456", "D-99001"}),
        (ClaimFilter(number="c2026"), {"C2026-000456"}),
        (ClaimFilter(status="open"), {"C2026-000456"}),
        (ClaimFilter(status="closed"), {"D-99001"}),
        (ClaimFilter(status="reported"), {"C2026-000456"}),
        (ClaimFilter(kind="outpatient"), {"D-99001"}),
        (ClaimFilter(outcome="full"), {"D-99001"}),
        (ClaimFilter(branch_id=EAST_CITY), set()),
        (ClaimFilter(reported_from=date(2026, 9, 3)), {"D-99001"}),
        (ClaimFilter(reported_to=date(2026, 9, 3)), {"C2026-000456"}),
    ],
)
def test_a_list_is_narrowed_by_each_filter(session: Session, wanted: ClaimFilter, found: set[str]) -> None:
    policy_id = policy(session)
    register(session, policy_id=policy_id)
    register(
        session,
        policy_id=policy_id,
        case=DECIDED,
        status=ClaimStatus.CLOSED,
        number="D-99001",
        kind="outpatient",
        reported_on=date(2026, 9, 5),
        closed_on=date(2026, 10, 1),
    )

    page = list_claims(session, actor(session, "clerk"), wanted)

    assert {row.number for row in page.items} == found
    assert (page.total, page.exact) == (len(found), True)


def test_counting_stops_where_nobody_reads_on(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    policy_id = policy(session)
    for value in range(4):
        register(session, policy_id=policy_id, number=f"C{value:07d}")
    monkeypatch.setattr("app.queries.claims.MOST_COUNTED", 2)

    page = list_claims(session, actor(session, "clerk"), ClaimFilter(reported_from=date(2026, 1, 1)))

    assert (page.total, page.exact, len(page.items)) == (2, False, 4)


def test_a_policy_knows_its_claims(session: Session) -> None:
    policy_id = policy(session)
    first = register(session, policy_id=policy_id)

    assert [row.id for row in claims_of_policy(session, actor(session, "clerk"), policy_id)] == [first]
