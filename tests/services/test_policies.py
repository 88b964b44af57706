"""Registering policies, changing their terms, status and parties, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.customers import Particulars
from app.domain.errors import ChangedMeanwhile, Invalid, NotAllowed, NotFound, WrongState
from app.domain.policies import PolicyStatus
from app.domain.policy_terms import PolicyTerms
from app.models.customers import Customer
from app.models.machinery import OutboxEntry, TrailEntry
from app.models.policies import Party, Policy
from app.queries.policies import PolicyFilter, list_policies, parties_of, read_policy
from app.services.customers import create_customer
from app.services.policies import change_status, correct_status, create_policy, edit_policy
from app.services.policy_parties import add_party, remove_party
from tests.cast import EAST, EAST_CITY, NOW, PEOPLE, WEST, actor

TODAY = date(2026, 11, 22)
TERMS = PolicyTerms(
    number="P2026-000123",
    line="life",
    product="终身寿险（分红型）",
    design_type="participating",
    term_kind="long",
    channel="agent",
    insured_amount=50_000_000,
    premium=1_234_560,
    pay_mode="periodic",
    pay_frequency="annual",
    pay_years=20,
    applied_on=date(2026, 1, 5),
    accepted_on=date(2026, 1, 8),
    effective_on=date(2026, 1, 9),
)


def holder(session: Session, name: str = "王芳", **fields: Any) -> int:
    """Open a file as the archivist of the region, who may reach all branches of the east."""
    typed = Particulars(name=name, branch_id=fields.pop("branch_id", EAST), **fields)
    return create_customer(session, actor(session, "archivist"), typed, surely_new=True, now=NOW, today=TODAY)


def register(
    session: Session,
    who: str = "archivist",
    customer_id: int = 0,
    *,
    status: PolicyStatus = PolicyStatus.IN_FORCE,
    **changes: Any,
) -> int:
    """Register a policy as a member of the cast."""
    return create_policy(
        session,
        actor(session, who),
        customer_id or holder(session),
        replace(TERMS, **changes),
        status=status,
        now=NOW,
        today=TODAY,
    )


def move(session: Session, policy_id: int, target: PolicyStatus, *, version: int = 1, **more: Any) -> None:
    """Change a status as the clerk."""
    change_status(session, actor(session, "clerk"), policy_id, target, version=version, now=NOW, today=TODAY, **more)


def entries(session: Session, event: str) -> list[TrailEntry]:
    """The entries of one event, oldest first."""
    found = select(TrailEntry).where(TrailEntry.event == event).order_by(TrailEntry.sequence)
    return list(session.scalars(found))


def test_a_policy_belongs_to_its_holder_and_the_holders_branch(session: Session) -> None:
    customer_id = holder(session, branch_id=EAST_CITY)

    policy_id = register(session, customer_id=customer_id, number=" p2026-000123 ")

    row = session.get_one(Policy, policy_id)
    roles = session.scalars(select(Party.role).where(Party.policy_id == policy_id)).all()
    assert (row.customer_id, row.branch_id, row.number) == (customer_id, EAST_CITY, "P2026-000123")
    assert sorted(roles) == ["holder", "insured"]


def test_registering_and_changing_is_in_the_trail_and_the_outbox(session: Session) -> None:
    policy_id = register(session)

    edit_policy(
        session, actor(session, "clerk"), policy_id, replace(TERMS, premium=99_00), version=1, now=NOW, today=TODAY
    )

    created, changed = entries(session, "policy_created")[0], entries(session, "policy_changed")[0]
    keys = session.scalars(select(OutboxEntry.key).where(OutboxEntry.key.startswith("policy-"))).all()
    assert (created.object_kind, created.object_id, created.object_label) == ("policy", policy_id, "P2026-000123")
    assert (created.after or {})["premium"] == "12,345.60"
    assert (changed.before, changed.after) == ({"premium": "12,345.60"}, {"premium": "99.00"})
    assert keys == [f"policy-{policy_id}"] * 2


def test_a_number_can_be_registered_once_whoever_may_see_it(session: Session) -> None:
    register(session)
    stranger = create_customer(
        session, actor(session, "clerk_west"), Particulars(name="赵一", branch_id=WEST), now=NOW, today=TODAY
    )

    with pytest.raises(Invalid) as refused:
        register(session, "clerk_west", stranger, number="p2026-000123")

    assert refused.value.problems == {"number": ["policy.number_taken"]}


@pytest.mark.parametrize(
    ("changes", "field", "problem"),
    [
        ({"number": "12"}, "number", "number.length"),
        ({"number": "保单"}, "number", "number.characters"),
        ({"product": "　"}, "product", "policy.product_missing"),
        ({"premium": -1}, "premium", "money.negative"),
        ({"line": "weather"}, "line", "policy.choice"),
        ({"line": "motor"}, "design_type", "policy.design_of_life"),
        ({"pay_frequency": None}, "pay_frequency", "payment.frequency_missing"),
        ({"pay_mode": "single"}, "pay_frequency", "payment.frequency_with_single"),
        ({"pay_years": 101}, "pay_years", "payment.years_out_of_range"),
        ({"effective_on": date(2025, 1, 1)}, "effective_on", "policy_dates.effective_before_applied"),
        ({"expires_on": date(2026, 1, 1)}, "expires_on", "policy_dates.expires_before_effective"),
        ({"applied_on": date(2027, 1, 1)}, "applied_on", "policy_dates.applied_in_future"),
        ({"term_kind": "short", "expires_on": date(2046, 1, 9)}, "term_kind", "policy_dates.term_kind_mismatch"),
        ({"terminated_on": date(2026, 5, 1)}, "terminated_on", "policy.end_too_early"),
    ],
)
def test_terms_that_do_not_agree_are_blamed_on_their_field(
    session: Session, changes: dict[str, Any], field: str, problem: str
) -> None:
    with pytest.raises(Invalid) as refused:
        register(session, **changes)

    assert problem in refused.value.problems[field]


def test_a_policy_that_has_ended_is_registered_with_the_day_of_its_end(session: Session) -> None:
    with pytest.raises(Invalid) as refused:
        register(session, status=PolicyStatus.SURRENDERED)

    policy_id = register(session, status=PolicyStatus.SURRENDERED, terminated_on=date(2026, 6, 1))

    assert refused.value.problems == {"terminated_on": ["policy.end_missing"]}
    assert session.get_one(Policy, policy_id).terminated_on == date(2026, 6, 1)


def test_a_status_of_life_is_none_of_property(session: Session) -> None:
    with pytest.raises(Invalid) as refused:
        register(session, line="motor", design_type=None, status=PolicyStatus.LAPSED)

    assert refused.value.problems == {"status": ["policy.status_of_class"]}


def test_a_status_follows_the_way_that_the_trade_knows(session: Session) -> None:
    policy_id = register(session)

    move(session, policy_id, PolicyStatus.GRACE)
    with pytest.raises(Invalid) as refused:
        move(session, policy_id, PolicyStatus.APPLIED, version=2)

    assert session.get_one(Policy, policy_id).status == "grace"
    assert refused.value.problems == {"status": ["policy.transition"]}


def test_an_end_needs_its_day_and_keeps_its_reason(session: Session) -> None:
    policy_id = register(session)

    with pytest.raises(Invalid) as refused:
        move(session, policy_id, PolicyStatus.SURRENDERED)
    with pytest.raises(Invalid) as tomorrow:
        move(session, policy_id, PolicyStatus.SURRENDERED, ended_on=date(2026, 11, 23))
    move(session, policy_id, PolicyStatus.SURRENDERED, ended_on=date(2026, 11, 20), reason="客户申请")

    row = session.get_one(Policy, policy_id)
    assert refused.value.problems == {"terminated_on": ["policy.end_missing"]}
    assert tomorrow.value.problems == {"terminated_on": ["policy_dates.terminated_in_future"]}
    assert (row.status, row.terminated_on, row.termination_reason) == ("surrendered", date(2026, 11, 20), "客户申请")


def test_nothing_follows_an_end_but_a_correction_with_a_reason(session: Session) -> None:
    policy_id = register(session, status=PolicyStatus.SURRENDERED, terminated_on=date(2026, 6, 1))
    clerk = actor(session, "clerk")

    with pytest.raises(Invalid):
        move(session, policy_id, PolicyStatus.IN_FORCE)
    with pytest.raises(Invalid) as silent:
        correct_status(session, clerk, policy_id, PolicyStatus.IN_FORCE, reason=" ", version=1, now=NOW, today=TODAY)
    correct_status(session, clerk, policy_id, PolicyStatus.IN_FORCE, reason="录入错误", version=1, now=NOW, today=TODAY)

    row, entry = session.get_one(Policy, policy_id), entries(session, "policy_changed")[0]
    assert silent.value.problems == {"reason": ["policy.correction_reason"]}
    assert (row.status, row.terminated_on) == ("in_force", None)
    assert entry.reason == "录入错误"


def test_who_was_overtaken_is_told_before_anything_else(session: Session) -> None:
    policy_id = register(session)
    move(session, policy_id, PolicyStatus.GRACE)

    with pytest.raises(ChangedMeanwhile) as overtaken:
        move(session, policy_id, PolicyStatus.ON_LOAN, version=1)
    with pytest.raises(ChangedMeanwhile) as edited:
        edit_policy(
            session, actor(session, "clerk"), policy_id, replace(TERMS, premium=1), version=1, now=NOW, today=TODAY
        )

    status, premium = overtaken.value.differences[0], edited.value.differences[0]
    assert (status.field, status.yours, status.theirs) == ("status", "on_loan", "grace")
    assert (premium.field, premium.yours, premium.theirs) == ("premium", "0.01", "12,345.60")


@pytest.mark.parametrize(
    ("who", "refusal"),
    [("manager", NotAllowed), ("clerk_west", NotFound), ("sysadmin", NotFound), ("newcomer", NotFound)],
)
def test_who_may_not_edit_policies_registers_none(session: Session, who: str, refusal: type[Exception]) -> None:
    customer_id = holder(session)

    with pytest.raises(refusal):
        register(session, who, customer_id)


def test_a_reader_of_a_branch_below_may_look_but_not_change(session: Session) -> None:
    policy_id = register(session, customer_id=holder(session, branch_id=EAST_CITY))
    clerk = actor(session, "clerk")

    seen = read_policy(session, clerk, policy_id)

    assert not seen.may_edit
    with pytest.raises(NotAllowed):
        edit_policy(session, clerk, policy_id, TERMS, version=1, now=NOW, today=TODAY)


def test_a_policy_of_another_branch_looks_like_none(session: Session) -> None:
    policy_id = register(session)
    stranger = actor(session, "clerk_west")

    with pytest.raises(NotFound):
        read_policy(session, stranger, policy_id)
    with pytest.raises(NotFound):
        edit_policy(session, stranger, policy_id, TERMS, version=1, now=NOW, today=TODAY)
    assert list_policies(session, stranger, PolicyFilter()).total == 0


def test_a_policy_of_a_customer_above_the_readers_level_looks_like_none(session: Session) -> None:
    policy_id = register(session, customer_id=holder(session, level=3))

    with pytest.raises(NotFound):
        read_policy(session, actor(session, "clerk"), policy_id)


def test_an_agent_sees_no_policy_even_of_his_own_customers(session: Session) -> None:
    mine = register(session, customer_id=holder(session, branch_id=EAST_CITY, agent_id=PEOPLE["agent"][0]))
    register(session, customer_id=holder(session, "李雷", branch_id=EAST_CITY), number="P2026-000124")
    agent = actor(session, "agent")

    assert list_policies(session, agent, PolicyFilter()).total == 0
    with pytest.raises(NotFound):
        read_policy(session, agent, mine)


def test_names_are_masked_wherever_a_policy_is_read(session: Session) -> None:
    policy_id = register(session)
    clerk = actor(session, "clerk")

    assert list_policies(session, clerk, PolicyFilter()).items[0].customer_name == "王*"
    assert read_policy(session, clerk, policy_id).customer_name == "王*"
    assert {row.name for row in parties_of(session, clerk, policy_id)} == {"王*"}


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (PolicyFilter(), {"P2026-000123", "Q-778899"}),
        (PolicyFilter(number="p2026"), {"P2026-000123"}),
        (PolicyFilter(number="Q-7"), {"Q-778899"}),
        (PolicyFilter(number="Q7"), set()),
        (PolicyFilter(number="%"), set()),
        (PolicyFilter(status="grace"), {"Q-778899"}),
        (PolicyFilter(line="motor"), {"Q-778899"}),
        (PolicyFilter(term_kind="long"), {"P2026-000123"}),
        (PolicyFilter(branch_id=EAST_CITY), set()),
        (PolicyFilter(effective_from=date(2026, 3, 1)), {"Q-778899"}),
        (PolicyFilter(effective_to=date(2026, 3, 1)), {"P2026-000123"}),
        (PolicyFilter(expires_from=date(2027, 1, 1), expires_to=date(2027, 12, 31)), {"Q-778899"}),
    ],
)
def test_a_list_is_narrowed_by_each_filter(session: Session, wanted: PolicyFilter, found: set[str]) -> None:
    customer_id = holder(session)
    register(session, customer_id=customer_id)
    second = register(
        session,
        customer_id=customer_id,
        number="Q-778899",
        line="motor",
        design_type=None,
        term_kind="short",
        applied_on=date(2026, 4, 1),
        accepted_on=date(2026, 4, 1),
        effective_on=date(2026, 4, 2),
        expires_on=date(2027, 4, 1),
    )
    session.get_one(Policy, second).status = "grace"
    session.flush()

    page = list_policies(session, actor(session, "clerk"), wanted)

    assert {row.number for row in page.items} == found
    assert (page.total, page.exact) == (len(found), True)


@pytest.mark.parametrize("sort", ["updated", "updated_asc", "number", "number_desc"])
def test_pages_follow_each_other_without_gap_or_double(
    session: Session, monkeypatch: pytest.MonkeyPatch, sort: str
) -> None:
    customer_id = holder(session)
    numbers = [f"P{value:07d}" for value in range(7)]
    for number in numbers:
        register(session, customer_id=customer_id, number=number)
    monkeypatch.setattr("app.queries.policies.PAGE_SIZE", 3)
    clerk = actor(session, "clerk")

    first = list_policies(session, clerk, PolicyFilter(), sort=sort)
    second = list_policies(session, clerk, PolicyFilter(), sort=sort, cursor=first.after)
    third = list_policies(session, clerk, PolicyFilter(), sort=sort, cursor=second.after)
    back = list_policies(session, clerk, PolicyFilter(), sort=sort, cursor=third.before)

    seen = [row.number for page in (first, second, third) for row in page.items]
    assert sorted(seen) == numbers
    assert [row.number for row in back.items] == [row.number for row in second.items]
    assert third.after is None


def number_of(session: Session, customer_id: int) -> str:
    """The 客户号 by which a party is found."""
    return session.get_one(Customer, customer_id).number


def test_shares_of_beneficiaries_never_exceed_the_whole(session: Session) -> None:
    policy_id, clerk = register(session), actor(session, "clerk")
    first, second = holder(session, "李雷"), holder(session, "韩梅")

    add_party(session, clerk, policy_id, number_of(session, first), "beneficiary", 60, now=NOW)
    with pytest.raises(Invalid) as refused:
        add_party(session, clerk, policy_id, number_of(session, second), "beneficiary", 41, now=NOW)
    add_party(session, clerk, policy_id, number_of(session, second), "beneficiary", 40, now=NOW)

    rows = parties_of(session, clerk, policy_id)
    assert refused.value.problems == {"share": ["party.share_sum"]}
    assert [(row.role, row.share) for row in rows] == [
        ("holder", None),
        ("insured", None),
        ("beneficiary", 60),
        ("beneficiary", 40),
    ]
    assert entries(session, "policy_changed")[0].after == {
        "party_added": f"beneficiary {number_of(session, first)} 60%"
    }


@pytest.mark.parametrize(
    ("role", "share", "field", "problem"),
    [
        ("insured", 50, "share", "party.share_of_beneficiary"),
        ("beneficiary", 0, "share", "party.share_range"),
        ("beneficiary", 101, "share", "party.share_range"),
        ("holder", None, "role", "party.one_holder"),
        ("friend", None, "role", "policy.choice"),
    ],
)
def test_a_party_that_cannot_be_is_refused(
    session: Session, role: str, share: int | None, field: str, problem: str
) -> None:
    policy_id, other = register(session), holder(session, "李雷")

    with pytest.raises(Invalid) as refused:
        add_party(session, actor(session, "clerk"), policy_id, number_of(session, other), role, share, now=NOW)

    assert refused.value.problems == {field: [problem]}


def test_nobody_is_the_same_party_twice(session: Session) -> None:
    policy_id, clerk, other = register(session), actor(session, "clerk"), holder(session, "李雷")
    add_party(session, clerk, policy_id, number_of(session, other), "insured", None, now=NOW)

    with pytest.raises(Invalid) as refused:
        add_party(session, clerk, policy_id, number_of(session, other), "insured", None, now=NOW)

    assert refused.value.problems == {"customer": ["party.twice"]}


def test_a_party_is_found_by_its_identity_number_old_or_new(session: Session) -> None:
    policy_id, clerk = register(session), actor(session, "clerk")
    other = holder(session, "李雷", id_number="110101199003077758", id_never_expires=True)

    add_party(session, clerk, policy_id, "11010119900307 7758", "insured", None, now=NOW)

    assert other in {row.customer_id for row in parties_of(session, clerk, policy_id)}


def test_a_customer_out_of_reach_cannot_be_made_a_party(session: Session) -> None:
    policy_id, hidden = register(session), holder(session, "李雷", level=4)

    with pytest.raises(Invalid) as refused:
        add_party(session, actor(session, "clerk"), policy_id, number_of(session, hidden), "insured", None, now=NOW)

    assert refused.value.problems == {"customer": ["party.unknown_customer"]}


def test_a_party_out_of_the_readers_reach_is_shown_without_number(session: Session) -> None:
    policy_id, hidden = register(session), holder(session, "李雷", level=4)
    add_party(session, actor(session, "archivist"), policy_id, number_of(session, hidden), "insured", None, now=NOW)

    row = parties_of(session, actor(session, "clerk"), policy_id)[-1]

    assert (row.name, row.number, row.customer_id) == ("李*", "", None)


def test_a_party_is_taken_out_but_the_holder_stays(session: Session) -> None:
    policy_id, clerk = register(session), actor(session, "clerk")
    holder_row, insured_row = parties_of(session, clerk, policy_id)

    remove_party(session, clerk, policy_id, insured_row.id, now=NOW)

    with pytest.raises(WrongState):
        remove_party(session, clerk, policy_id, holder_row.id, now=NOW)
    with pytest.raises(NotFound):
        remove_party(session, clerk, policy_id, insured_row.id, now=NOW)
    assert [row.role for row in parties_of(session, clerk, policy_id)] == ["holder"]
