"""Accounts and their power, on both databases: who creates, who grants, and what the database itself refuses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.domain.actor import Actor, Role
from app.domain.errors import Invalid, NotAllowed, NotFound, WrongState
from app.domain.ids import new_id
from app.models.accounts import Account, Grant, SignInSession
from app.models.machinery import TrailEntry
from app.queries.accounts import AccountFilter, list_accounts, read_account
from app.queries.actors import held_roles
from app.queries.grants import GrantFilter, grants_of, list_grants
from app.services.accounts import (
    AccountData,
    create_account,
    disable_account,
    enable_account,
    grant_role,
    reissue_code,
    revoke_grant,
)
from tests.cast import EAST, EAST_CITY, HEAD, NOW, PEOPLE, WEST, actor
from tests.phones import account, events

ZHANG = AccountData("zhang.san", "张三", EAST, "10086")
CLERK, NEWCOMER, SECADMIN = PEOPLE["clerk"][0], PEOPLE["newcomer"][0], PEOPLE["secadmin"][0]
RAW_GRANT = text(
    "insert into grants (id, account_id, track, role, branch_id, valid_from, granted_by)"
    " values (:id, :account, :track, :role, 1, '2026-01-01 00:00:00', :granted_by)"
)


def create(session: Session, who: str = "sysadmin", typed: AccountData = ZHANG) -> tuple[int, str]:
    """Create an account as a member of the cast."""
    return create_account(session, actor(session, who), typed, now=NOW)


def grant(session: Session, account_id: int, role: Role, branch_id: int = EAST, who: str = "secadmin") -> int:
    """Grant a role as a member of the cast."""
    return grant_role(session, actor(session, who), account_id, role, branch_id, now=NOW)


def open_grant(session: Session, username: str) -> int:
    """The id of somebody's open grant."""
    found = session.scalars(select(Grant.id).where(Grant.account_id == PEOPLE[username][0], Grant.revoked_at.is_(None)))
    return found.one()


def sign_in_row(session: Session, username: str) -> SignInSession:
    """A session of somebody at his desk."""
    row = SignInSession(
        token_hash=f"hash-{username}",
        account_id=PEOPLE[username][0],
        stage="full",
        started_at=NOW,
        last_seen_at=NOW,
        expires_at=NOW + timedelta(hours=1),
        address="10.0.0.1",
        user_agent="tests",
    )
    session.add(row)
    session.flush()
    return row


def test_a_new_account_waits_without_power_for_its_code(session: Session) -> None:
    account_id, code = create(session)

    row = session.get_one(Account, account_id)
    assert (row.state, row.track, row.username) == ("pending", None, "zhang.san")
    assert grants_of(session, account_id, now=NOW) == []
    assert len(code.replace("-", "")) == 20
    assert code not in (row.activation_hash or "")


@pytest.mark.parametrize("who", ["clerk", "manager", "secadmin", "auditor", "newcomer"])
def test_only_the_system_administrator_creates_accounts(session: Session, who: str) -> None:
    with pytest.raises(NotAllowed):
        create(session, who)


def test_what_is_wrong_with_an_account_is_said_field_by_field(session: Session) -> None:
    with pytest.raises(Invalid) as wrong:
        create(session, typed=AccountData("1x", "  ", 999))
    with pytest.raises(Invalid) as taken:
        create(session, typed=AccountData("CLERK", "张三", EAST))

    assert wrong.value.problems == {
        "username": ["account.username_form"],
        "full_name": ["account.full_name_missing"],
        "branch_id": ["customer.branch_unknown"],
    }
    assert taken.value.problems == {"username": ["account.username_taken"]}


def test_disabling_closes_the_account_and_its_sessions_at_once(session: Session) -> None:
    row = sign_in_row(session, "clerk")

    disable_account(session, actor(session, "sysadmin"), CLERK, "离职", now=NOW)

    session.refresh(row)
    assert account(session, "clerk").state == "disabled"
    assert (row.ended_at, row.end_reason) == (NOW, "disabled")
    assert [entry.reason for entry in events(session, "account_disabled")] == ["离职"]


def test_disabling_needs_a_reason_and_is_never_done_to_oneself_or_twice(session: Session) -> None:
    sysadmin = actor(session, "sysadmin")

    with pytest.raises(Invalid):
        disable_account(session, sysadmin, CLERK, " ", now=NOW)
    with pytest.raises(NotAllowed):
        disable_account(session, sysadmin, PEOPLE["sysadmin"][0], "离职", now=NOW)
    disable_account(session, sysadmin, CLERK, "离职", now=NOW)
    with pytest.raises(WrongState):
        disable_account(session, sysadmin, CLERK, "离职", now=NOW)
    with pytest.raises(NotFound):
        disable_account(session, sysadmin, 999, "离职", now=NOW)


def test_an_account_that_is_opened_again_has_lost_its_roles_so_that_its_code_lets_nobody_in_as_another(
    session: Session,
) -> None:
    sysadmin = actor(session, "sysadmin")
    disable_account(session, sysadmin, CLERK, "调离", now=NOW)

    code = enable_account(session, sysadmin, CLERK, now=NOW)

    assert code
    assert account(session, "clerk").state == "pending"
    assert [row.state for row in grants_of(session, CLERK, now=NOW)] == ["revoked"]
    assert len(events(session, "role_revoked")) == 1
    with pytest.raises(WrongState):
        enable_account(session, sysadmin, CLERK, now=NOW)


def test_a_code_is_given_again_only_while_the_account_has_no_power(session: Session) -> None:
    sysadmin = actor(session, "sysadmin")
    account_id, first = create(session)
    second = reissue_code(session, sysadmin, account_id, now=NOW)
    grant(session, account_id, Role.CLERK)

    with pytest.raises(WrongState) as with_roles:
        reissue_code(session, sysadmin, account_id, now=NOW)
    with pytest.raises(WrongState) as active:
        reissue_code(session, sysadmin, NEWCOMER, now=NOW)

    assert first != second
    assert (with_roles.value.code, active.value.code) == ("account_has_roles", "account_active")


def test_a_role_that_is_granted_ends_the_sessions_so_that_it_takes_effect(session: Session) -> None:
    row = sign_in_row(session, "newcomer")

    grant(session, NEWCOMER, Role.CLERK)

    session.refresh(row)
    assert row.end_reason == "role_changed"
    assert actor(session, "newcomer").roles == {Role.CLERK}
    assert [(entry.after or {})["role"] for entry in events(session, "role_granted")] == ["clerk"]


def test_a_role_that_is_taken_back_is_gone_at_once(session: Session) -> None:
    row = sign_in_row(session, "clerk")

    revoke_grant(session, actor(session, "secadmin"), open_grant(session, "clerk"), now=NOW)

    session.refresh(row)
    assert row.end_reason == "role_changed"
    assert actor(session, "clerk").roles == frozenset()


@pytest.mark.parametrize("who", ["sysadmin", "auditor", "manager", "clerk"])
def test_only_the_security_administrator_grants_and_revokes(session: Session, who: str) -> None:
    with pytest.raises(NotAllowed):
        grant(session, NEWCOMER, Role.CLERK, who=who)
    with pytest.raises(NotAllowed):
        revoke_grant(session, actor(session, who), open_grant(session, "clerk_city"), now=NOW)


def test_nobody_grants_or_revokes_his_own_role(session: Session) -> None:
    with pytest.raises(NotAllowed):
        grant(session, SECADMIN, Role.SECADMIN, EAST)
    with pytest.raises(NotAllowed):
        revoke_grant(session, actor(session, "secadmin"), open_grant(session, "secadmin"), now=NOW)


@pytest.mark.parametrize(
    ("username", "role"), [("clerk", Role.AUDITOR), ("sysadmin", Role.AUDITOR), ("auditor", Role.CLERK)]
)
def test_tracks_exclude_each_other(session: Session, username: str, role: Role) -> None:
    with pytest.raises(Invalid) as refused:
        grant(session, PEOPLE[username][0], role)

    assert refused.value.problems == {"role": ["grant.exclusive"]}


def test_a_role_held_already_or_ending_in_the_past_or_for_a_closed_account_is_refused(session: Session) -> None:
    secadmin = actor(session, "secadmin")
    disable_account(session, actor(session, "sysadmin"), PEOPLE["agent"][0], "离职", now=NOW)

    with pytest.raises(Invalid, match="role"):
        grant(session, CLERK, Role.CLERK)
    with pytest.raises(Invalid, match="valid_to"):
        grant_role(session, secadmin, NEWCOMER, Role.CLERK, EAST, now=NOW, valid_to=NOW)
    with pytest.raises(Invalid, match="username"):
        grant(session, PEOPLE["agent"][0], Role.AGENT, HEAD)
    with pytest.raises(NotFound):
        grant(session, NEWCOMER, Role.CLERK, 999)


def test_a_role_ends_by_itself(session: Session) -> None:
    secadmin = actor(session, "secadmin")
    grant_role(session, secadmin, NEWCOMER, Role.CLERK, EAST, now=NOW, valid_to=NOW + timedelta(days=1))

    before = list_grants(session, secadmin, GrantFilter(text="newcomer"), now=NOW)
    after = list_grants(session, secadmin, GrantFilter(text="newcomer"), now=NOW + timedelta(days=2))
    ended = list_grants(session, secadmin, GrantFilter(text="newcomer", state="ended"), now=NOW + timedelta(days=2))

    assert [row.state for row in before.items] == ["open"]
    assert after.total == 0
    assert [row.state for row in ended.items] == ["expired"]


def test_a_role_that_has_run_out_makes_room_for_the_same_one(session: Session) -> None:
    secadmin, later = actor(session, "secadmin"), NOW + timedelta(days=2)
    grant_role(session, secadmin, NEWCOMER, Role.CLERK, EAST, now=NOW, valid_to=NOW + timedelta(days=1))

    grant_role(session, secadmin, NEWCOMER, Role.CLERK, EAST, now=later)

    assert [row.state for row in grants_of(session, NEWCOMER, now=later)] == ["open", "expired"]


def test_a_role_begins_by_itself_on_its_day(session: Session) -> None:
    secadmin, first = actor(session, "secadmin"), NOW + timedelta(days=1)
    grant_role(session, secadmin, NEWCOMER, Role.CLERK, EAST, now=NOW, valid_from=first)

    assert [row.state for row in grants_of(session, NEWCOMER, now=NOW)] == ["planned"]
    assert held_roles(session, NEWCOMER, now=NOW) == ()
    assert [held.role for held in held_roles(session, NEWCOMER, now=first)] == [Role.CLERK]


@pytest.mark.parametrize(("first", "last", "field"), [(-1, None, "valid_from"), (2, 1, "valid_to"), (2, 2, "valid_to")])
def test_a_role_that_begins_too_early_or_after_its_end_is_refused(
    session: Session, first: int, last: int | None, field: str
) -> None:
    begins, ends = NOW + timedelta(days=first), NOW + timedelta(days=last) if last else None

    with pytest.raises(Invalid, match=field):
        grant_role(
            session, actor(session, "secadmin"), NEWCOMER, Role.CLERK, EAST, now=NOW, valid_from=begins, valid_to=ends
        )


def test_the_last_security_administrator_stays(session: Session) -> None:
    sysadmin = actor(session, "sysadmin")
    disable_account(session, sysadmin, PEOPLE["secadmin_other"][0], "离职", now=NOW)

    with pytest.raises(WrongState) as refused:
        disable_account(session, sysadmin, SECADMIN, "离职", now=NOW)

    assert refused.value.code == "last_secadmin"


@pytest.mark.parametrize(("column", "days"), [("valid_to", -1), ("valid_to", 1), ("valid_from", 1)])
def test_a_security_administrator_whose_role_runs_out_or_has_not_begun_does_not_count_as_another(
    session: Session, column: str, days: int
) -> None:
    other = session.get_one(Grant, open_grant(session, "secadmin_other"))
    setattr(other, column, NOW + timedelta(days=days))
    session.flush()

    with pytest.raises(WrongState):
        disable_account(session, actor(session, "sysadmin"), SECADMIN, "离职", now=NOW)


@pytest.mark.parametrize(
    ("username", "track", "role", "granted_by"),
    [
        pytest.param("sysadmin", "auditor", "auditor", None, id="a second administrator track"),
        pytest.param("secadmin", "sysadmin", "sysadmin", None, id="another administrator track"),
        pytest.param("sysadmin", "business", "clerk", None, id="a business role for an administrator"),
        pytest.param("auditor", "auditor", "clerk", None, id="a business role on an administrator track"),
        pytest.param("clerk", "business", "auditor", None, id="an administrator role on the business track"),
        pytest.param("clerk", "auditor", "auditor", None, id="an administrator track for a business account"),
        pytest.param("newcomer", "sysadmin", "sysadmin", None, id="a role without a track"),
        pytest.param("clerk", "business", "archivist", "clerk", id="a role given to oneself"),
        pytest.param("secadmin", "secadmin", "secadmin", "secadmin", id="power given to oneself"),
    ],
)
def test_the_database_itself_refuses(
    session: Session, username: str, track: str, role: str, granted_by: str | None
) -> None:
    values = {"id": new_id(), "account": PEOPLE[username][0], "track": track, "role": role}
    granter = PEOPLE[granted_by][0] if granted_by else SECADMIN if username != "secadmin" else None

    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(RAW_GRANT, {**values, "granted_by": granter})


def test_the_database_takes_a_role_that_fits(session: Session) -> None:
    values = {"id": new_id(), "account": CLERK, "track": "business", "role": "archivist", "granted_by": SECADMIN}

    session.execute(RAW_GRANT, values)


def test_the_database_never_lets_an_account_with_grants_change_its_track(session: Session) -> None:
    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(text("update accounts set track = 'auditor' where id = :id"), {"id": CLERK})


def test_one_open_role_at_a_branch_even_when_it_is_written_past_the_code(session: Session) -> None:
    values = {"account": CLERK, "track": "business", "role": "manager", "granted_by": SECADMIN}
    session.execute(RAW_GRANT, {"id": new_id(), **values})

    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(RAW_GRANT, {"id": new_id(), **values})


def names(session: Session, wanted: AccountFilter, who: str = "sysadmin") -> list[str]:
    """The user names that a filter leaves."""
    return [row.username for row in list_accounts(session, actor(session, who), wanted, now=NOW).items]


def test_the_list_is_narrowed_by_beginning_state_branch_and_role(session: Session) -> None:
    disable_account(session, actor(session, "sysadmin"), PEOPLE["agent"][0], "离职", now=NOW)

    assert names(session, AccountFilter(text="clerk")) == ["clerk", "clerk_city", "clerk_west"]
    assert names(session, AccountFilter(text="业务乙")) == ["clerk_city"]
    assert names(session, AccountFilter(text="%")) == []
    assert names(session, AccountFilter(state="disabled")) == ["agent"]
    assert names(session, AccountFilter(branch_id=WEST)) == ["archivist_west", "clerk_west", "manager_west"]
    assert names(session, AccountFilter(role="secadmin")) == ["secadmin", "secadmin_other"]
    assert names(session, AccountFilter(role="none")) == ["newcomer"]
    assert names(session, AccountFilter(branch_id=EAST_CITY, role="agent")) == ["agent", "agent_other"]


def test_the_list_tells_roles_and_the_last_sign_in(session: Session) -> None:
    sign_in_row(session, "clerk")

    row = list_accounts(session, actor(session, "auditor"), AccountFilter(text="clerk"), now=NOW).items[0]

    assert (row.roles, row.last_sign_in, row.branch_name) == (("clerk",), NOW, "江东分公司")


@pytest.mark.parametrize("who", ["clerk", "manager", "archivist_head", "newcomer"])
def test_who_may_not_see_accounts_sees_none(session: Session, who: str) -> None:
    assert names(session, AccountFilter(), who) == []
    with pytest.raises(NotFound):
        read_account(session, actor(session, who), CLERK)


def statements_of(engine: Engine, work: Callable[[], Any]) -> int:
    """How many statements a piece of work sends."""
    sent: list[str] = []

    def note(*args: Any) -> None:
        sent.append(args[2])

    event.listen(engine, "before_cursor_execute", note)
    try:
        work()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(sent)


def test_a_long_list_costs_as_many_queries_as_a_short_one(session: Session, engine: Engine) -> None:
    sysadmin: Actor = actor(session, "sysadmin")
    short = statements_of(engine, lambda: list_accounts(session, sysadmin, AccountFilter(text="clerk"), now=NOW))
    for number in range(60):
        session.add(
            Account(username=f"clerk-{number:03d}", full_name="某某", branch_id=EAST, state="active", created_at=NOW)
        )
    session.flush()

    long = statements_of(engine, lambda: list_accounts(session, sysadmin, AccountFilter(), now=NOW))

    assert short == long == 3


def test_every_step_of_an_account_stands_in_the_trail(session: Session) -> None:
    account_id, _ = create(session)
    grant_id = grant(session, account_id, Role.CLERK)
    revoke_grant(session, actor(session, "secadmin"), grant_id, now=NOW)
    disable_account(session, actor(session, "secadmin"), account_id, "离职", now=NOW)

    entries = session.scalars(select(TrailEntry).order_by(TrailEntry.sequence)).all()
    assert [entry.event for entry in entries] == ["account_created", "role_granted", "role_revoked", "account_disabled"]
    assert {entry.object_id for entry in entries} == {account_id}
