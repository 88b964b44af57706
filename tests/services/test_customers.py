"""Opening and changing customers' files, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.domain.customers import Particulars, SamePerson
from app.domain.documents import Description
from app.domain.errors import ChangedMeanwhile, Invalid, NotAllowed, NotFound
from app.models.customers import Customer
from app.models.documents import Category
from app.models.machinery import OutboxEntry, TrailEntry
from app.queries.customers import CustomerFilter, latest_events, list_customers, read_customer
from app.queries.documents import read_document
from app.services.customers import create_customer, edit_customer, reveal_field
from app.services.documents import receive_document
from tests.cast import EAST, EAST_CITY, NOW, PEOPLE, WEST, actor

TODAY = date(2026, 11, 22)
WANG = Particulars(
    name="王芳",
    branch_id=EAST,
    id_number="110101199003077758",
    id_never_expires=True,
    mobile="138 0013 8000",
    address="北京市朝阳区建国路 1 号",
    annual_income="12000000",
    health_notice="高血压二级",
)


def open_file(session: Session, who: str = "archivist", typed: Particulars = WANG, *, surely_new: bool = False) -> int:
    """Create a customer as a member of the cast."""
    return create_customer(session, actor(session, who), typed, surely_new=surely_new, now=NOW, today=TODAY)


def test_a_new_customer_gets_number_birth_date_and_sex_from_the_identity_number(session: Session) -> None:
    customer_id = open_file(session)

    row = session.get_one(Customer, customer_id)
    assert row.number.startswith("KH-2026-")
    assert row.birth_date == date(1990, 3, 7)
    assert row.sex == "male"
    assert row.mobile == "13800138000"


def test_numbers_and_health_do_not_lie_in_clear_in_the_database(session: Session) -> None:
    customer_id = open_file(session)

    raw = session.execute(text("select * from customers where id = :id"), {"id": customer_id}).one()
    stored = b"|".join(bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode() for value in raw)
    for secret in ("110101199003077758", "13800138000", "高血压", "12000000"):
        assert secret.encode() not in stored


def test_a_number_that_is_there_already_is_refused_even_when_the_user_insists(session: Session) -> None:
    first = open_file(session)

    with pytest.raises(SamePerson) as refused:
        open_file(session, surely_new=True)

    assert refused.value.by_number
    assert [match.customer_id for match in refused.value.matches] == [first]


def test_the_same_person_in_another_branch_is_refused_without_telling_who(session: Session) -> None:
    open_file(session)

    with pytest.raises(SamePerson) as refused:
        open_file(session, "clerk_west", replace(WANG, branch_id=WEST))

    assert refused.value.matches == ()


def test_same_name_and_birth_date_asks_first_and_can_be_overruled(session: Session) -> None:
    open_file(session)
    twin = replace(WANG, id_number=None, birth_date=date(1990, 3, 7))

    with pytest.raises(SamePerson) as refused:
        open_file(session, typed=twin)

    assert not refused.value.by_number
    assert open_file(session, typed=twin, surely_new=True)


def test_a_wrong_check_digit_and_a_typed_birth_date_that_differs_are_both_named(session: Session) -> None:
    with pytest.raises(Invalid) as wrong:
        open_file(session, typed=replace(WANG, id_number="110101199003077759", mobile="123"))
    with pytest.raises(Invalid) as differs:
        open_file(session, typed=replace(WANG, birth_date=date(1991, 3, 7)))

    assert wrong.value.problems == {"id_number": ["identity.check_digit"], "mobile": ["contact.mobile_form"]}
    assert differs.value.problems == {"birth_date": ["identity_mismatch.birth_date"]}


@pytest.mark.parametrize("who", ["manager", "agent", "sysadmin", "auditor", "clerk_west", "newcomer"])
def test_who_may_not_open_a_file_in_a_branch_is_refused(session: Session, who: str) -> None:
    with pytest.raises(NotAllowed):
        open_file(session, who)


def test_a_customer_of_another_branch_looks_like_none(session: Session) -> None:
    customer_id = open_file(session)

    with pytest.raises(NotFound):
        read_customer(session, actor(session, "clerk_west"), customer_id)
    assert list_customers(session, actor(session, "clerk_west"), CustomerFilter()).total == 0


def test_an_agent_sees_no_customers_file_not_even_of_his_own(session: Session) -> None:
    mine = open_file(session, typed=replace(WANG, branch_id=EAST_CITY, agent_id=PEOPLE["agent"][0]))

    assert list_customers(session, actor(session, "agent"), CustomerFilter()).total == 0
    with pytest.raises(NotFound):
        read_customer(session, actor(session, "agent"), mine)


def test_a_customer_above_the_readers_level_looks_like_none(session: Session) -> None:
    customer_id = open_file(session, typed=replace(WANG, level=4))

    with pytest.raises(NotFound):
        read_customer(session, actor(session, "clerk"), customer_id)
    assert read_customer(session, actor(session, "archivist"), customer_id).level == 4


def test_what_is_read_is_masked(session: Session) -> None:
    detail = read_customer(session, actor(session, "archivist"), open_file(session))

    assert detail.name == "王*"
    assert detail.id_number == "110101********7758"
    assert detail.mobile == "138****8000"
    assert detail.address.startswith("北京市朝阳区")
    assert "建国路" not in detail.address
    assert "高血压" not in detail.health_notice


def test_a_reveal_needs_a_reason_and_stays_in_the_trail_without_the_value(session: Session) -> None:
    customer_id = open_file(session)
    archivist = actor(session, "archivist")

    with pytest.raises(Invalid):
        reveal_field(session, archivist, customer_id, "mobile", "  ", now=NOW)
    shown = reveal_field(session, archivist, customer_id, "mobile", "理赔核对", now=NOW)

    entry = session.scalars(select(TrailEntry).where(TrailEntry.event == "field_revealed")).one()
    assert shown == "13800138000"
    assert entry.reason == "理赔核对"
    assert entry.after == {"field": "mobile"}


def test_only_declared_fields_can_be_revealed(session: Session) -> None:
    customer_id = open_file(session)

    with pytest.raises(NotFound):
        reveal_field(session, actor(session, "archivist"), customer_id, "id_number_blind", "核保", now=NOW)


def test_a_change_leaves_sealed_fields_alone_and_writes_the_difference(session: Session) -> None:
    customer_id = open_file(session)
    typed = replace(WANG, id_number=None, mobile=None, annual_income=None, health_notice=None, occupation="教师")

    edit_customer(session, actor(session, "clerk"), customer_id, typed, version=1, now=NOW, today=TODAY)

    row = session.get_one(Customer, customer_id)
    entry = session.scalars(select(TrailEntry).where(TrailEntry.event == "customer_changed")).one()
    assert (row.mobile, row.occupation, row.version) == ("13800138000", "教师", 2)
    assert (entry.before, entry.after) == ({"occupation": ""}, {"occupation": "教师"})


def test_a_sealed_field_is_emptied_only_on_request(session: Session) -> None:
    customer_id = open_file(session)
    typed = replace(WANG, id_number=None, mobile=None, annual_income=None, health_notice=None)

    edit_customer(
        session,
        actor(session, "clerk"),
        customer_id,
        typed,
        version=1,
        cleared=frozenset({"mobile"}),
        now=NOW,
        today=TODAY,
    )

    row = session.get_one(Customer, customer_id)
    assert (row.mobile, row.mobile_blind) == (None, None)


def test_who_was_overtaken_gets_both_texts(session: Session) -> None:
    customer_id = open_file(session)
    clerk = actor(session, "clerk")
    edit_customer(session, clerk, customer_id, replace(WANG, occupation="教师"), version=1, now=NOW, today=TODAY)

    with pytest.raises(ChangedMeanwhile) as overtaken:
        edit_customer(session, clerk, customer_id, replace(WANG, occupation="医生"), version=1, now=NOW, today=TODAY)

    difference = overtaken.value.differences[0]
    assert (difference.field, difference.yours, difference.theirs) == ("occupation", "医生", "教师")


def test_every_change_is_announced_to_the_index(session: Session) -> None:
    customer_id = open_file(session)

    assert session.scalars(select(OutboxEntry.key)).all() == [f"customer-{customer_id}"]


def test_the_trail_counts_without_gaps(session: Session) -> None:
    open_file(session)
    open_file(session, typed=replace(WANG, id_number=None, name="李雷"))

    assert session.scalars(select(TrailEntry.sequence).order_by(TrailEntry.sequence)).all() == [1, 2]


def test_the_old_number_of_the_same_person_is_recognised(session: Session) -> None:
    open_file(session, typed=replace(WANG, id_number="11010519491231002X"))

    with pytest.raises(SamePerson):
        open_file(session, typed=replace(WANG, id_number="110105491231002", name="王芳芳"))


def test_a_new_name_is_announced_for_everything_in_the_file(session: Session) -> None:
    customer_id = open_file(session)
    session.execute(text("delete from outbox"))
    category = session.scalars(select(Category.id).where(Category.code == "11")).one()
    paper = receive_document(
        session,
        actor(session, "archivist"),
        customer_id,
        Description(category, "身份证复印件"),
        None,
        now=NOW,
        today=TODAY,
    )
    session.execute(text("delete from outbox"))

    edit_customer(
        session, actor(session, "clerk"), customer_id, replace(WANG, name="王菲"), version=1, now=NOW, today=TODAY
    )

    assert set(session.scalars(select(OutboxEntry.key))) == {f"customer-{customer_id}", f"document-{paper}"}


def test_a_file_moves_to_another_branch_with_everything_in_it(session: Session) -> None:
    customer_id = open_file(session)
    category = session.scalars(select(Category.id).where(Category.code == "11")).one()
    keeper = actor(session, "archivist")
    paper = receive_document(
        session, keeper, customer_id, Description(category, "身份证复印件"), None, now=NOW, today=TODAY
    )

    edit_customer(session, keeper, customer_id, replace(WANG, branch_id=EAST_CITY), version=1, now=NOW, today=TODAY)

    assert read_document(session, actor(session, "clerk_city"), paper).branch_name == "城东支公司"


def test_the_latest_events_tell_nothing_of_papers_above_the_readers_level(session: Session) -> None:
    customer_id = open_file(session)
    category = session.scalars(select(Category.id).where(Category.code == "11")).one()
    secret = Description(category, "机密材料", level=4)
    receive_document(session, actor(session, "archivist"), customer_id, secret, None, now=NOW, today=TODAY)

    seen = [event.event for event in latest_events(session, actor(session, "clerk"), customer_id)]

    assert seen == ["customer_created"]
