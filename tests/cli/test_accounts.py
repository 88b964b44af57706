"""`flask accounts …`: codes on a demo instance only, and the list of who there is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import select, update

from app.config import Settings
from app.domain.totp import step_at
from app.models.accounts import Account
from app.models.machinery import TrailEntry
from tests.client import Portal
from tests.house import House, now
from tests.phones import SECRET, code_at


@pytest.fixture
def demo(settings: Settings) -> Iterator[House]:
    """A demo instance whose clerk has a phone."""
    house = House(replace(settings, demo=True))
    yield house
    house.portal.close()


@pytest.fixture
def house(settings: Settings) -> Iterator[House]:
    """An instance with real people."""
    house = House(settings)
    yield house
    house.portal.close()


def run(portal: Portal, *words: str):  # type: ignore[no-untyped-def]
    """Run `flask accounts …`."""
    return portal.app.test_cli_runner().invoke(args=["accounts", *words])


def test_a_demo_instance_tells_a_code_that_the_sign_in_takes(demo: House) -> None:
    code = run(demo.portal, "totp-code", "clerk").stdout.strip()
    browser = demo.at_the_door()
    browser.get("/login/code")

    assert browser.post("/login/code", {"code": code}).location == "/"


def test_when_the_code_at_hand_is_spent_the_next_one_is_told(demo: House) -> None:
    for _ in range(2):
        code = run(demo.portal, "totp-code", "clerk").stdout.strip()
        browser = demo.at_the_door()
        browser.get("/login/code")
        browser.post("/login/code", {"code": code})


def test_when_both_codes_are_spent_one_is_told_to_wait(demo: House) -> None:
    with demo.portal.session() as session:
        session.execute(update(Account).values(totp_last_step=step_at(now()) + 2))
        session.commit()

    refused = run(demo.portal, "totp-code", "clerk")

    assert refused.exit_code == 2
    assert "秒后再取" in refused.stderr


def test_any_other_instance_refuses_and_says_why(house: House) -> None:
    refused = run(house.portal, "totp-code", "clerk")

    assert refused.exit_code == 2
    assert refused.stdout == ""
    assert "这不是演示环境" in refused.stderr
    assert code_at(now(), SECRET) not in refused.output


@pytest.mark.parametrize("username", ["nobody", "newcomer"])
def test_who_has_no_phone_has_no_code(demo: House, username: str) -> None:
    refused = run(demo.portal, "totp-code", username)

    assert refused.exit_code == 2
    assert username in refused.stderr


def test_an_administrator_without_two_people_to_help_is_let_in_again_from_the_machine(house: House) -> None:
    given = run(house.portal, "rescue", "secadmin")

    with house.portal.session() as session:
        reset = session.scalars(select(TrailEntry).where(TrailEntry.event == "sign_in_reset")).one()
        secadmin = session.scalars(select(Account).where(Account.username == "secadmin")).one()
    assert "激活码" in given.stdout
    assert (secadmin.state, secadmin.totp_secret, secadmin.password_hash) == ("pending", None, None)
    assert (reset.object_label, reset.reason) == ("secadmin", "rescued_on_the_machine")


def test_a_rescue_is_no_way_around_four_eyes(house: House) -> None:
    refused = run(house.portal, "rescue", "auditor")
    house.change("secadmin_other", totp_enrolled_at=now())
    by_two = run(house.portal, "rescue", "auditor")

    assert "激活码" in refused.stdout
    assert (by_two.exit_code, by_two.stdout) == (2, "")
    assert "登录重置" in by_two.stderr


@pytest.mark.parametrize("username", ["clerk", "nobody"])
def test_only_administrators_are_rescued(house: House, username: str) -> None:
    assert run(house.portal, "rescue", username).exit_code == 2


def test_the_list_names_everybody_with_roles_and_state(house: House) -> None:
    lines = json.loads(run(house.portal, "list", "--json").stdout)
    plain = run(house.portal, "list").stdout

    clerk = next(line for line in lines if line["username"] == "clerk")
    assert (clerk["roles"], clerk["state"], clerk["has_phone"]) == (["clerk"], "active", True)
    assert len(lines) == 16
    assert "clerk_city" in plain
    assert SECRET not in plain
