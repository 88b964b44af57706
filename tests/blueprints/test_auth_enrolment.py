"""The first time, and a lost phone: activation, enrolment, recovery codes."""

from __future__ import annotations

import re

import pytest

from app.services import activation, recovery
from app.web.cookies import DOOR_COOKIE
from tests.cast import PEOPLE
from tests.house import House, cookie, now, put_cookie
from tests.phones import (
    SECRET,
    account,
    code_at,
    events,
)

GROUPED = re.compile(r'id="secret">([A-Z2-7 ]+)<')

CODE = re.compile(r"<code>([0-9A-Z-]{24})</code>")


def activation_code(house: House, username: str = "newcomer") -> str:
    """A fresh activation code of somebody whose account waits."""
    with house.portal.session() as session:
        row = account(session, username)
        row.state, row.password_hash = "pending", None
        code = activation.issue(session, row, now())
        session.commit()
    return code


def test_a_newcomer_activates_enrols_and_is_in(house: House) -> None:
    browser = house.portal.visitor()
    browser.get("/activate")
    new = {"password": "First-Light-1", "again": "First-Light-1"}
    activated = browser.post("/activate", {"code": activation_code(house), **new})
    page = browser.get("/login/enrol").text
    secret = "".join(GROUPED.findall(page)[0].split())
    enrolled = browser.post("/login/enrol", {"code": code_at(now(), secret)}, status=200)

    assert activated.location == "/login/enrol"
    assert 'src="data:image/png;base64,' in page
    assert len(secret) == 32
    assert len(set(CODE.findall(enrolled.text))) == 10
    assert secret not in enrolled.text
    assert cookie(browser, DOOR_COOKIE) is None
    assert "还剩 10 个" in browser.get("/account/sessions").text


def test_the_page_of_enrolment_is_shut_behind_who_went_through(house: House) -> None:
    browser = house.at_the_door("newcomer")
    door = cookie(browser, DOOR_COOKIE) or ""
    secret = "".join(GROUPED.findall(browser.get("/login/enrol").text)[0].split())
    browser.post("/login/enrol", {"code": code_at(now(), secret)}, status=200)

    thief = house.portal.visitor()
    put_cookie(thief, DOOR_COOKIE, door)

    assert browser.get("/login/enrol", status=303).location == "/"
    assert thief.get("/login/enrol", status=303).location == "/login"


def test_a_wrong_first_code_shows_the_same_secret_again(house: House) -> None:
    browser = house.at_the_door("newcomer")
    before = GROUPED.findall(browser.get("/login/enrol").text)

    after = GROUPED.findall(browser.post("/login/enrol", {"code": "000000"}, status=422).text)

    assert before == after


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"code": "AAAA-AAAA-AAAA-AAAA-AAAA"}, "激活码不对或已失效"),
        ({"again": "Another-Light-1"}, "两次输入的密码不一样"),
        ({"password": "short", "again": "short"}, "密码至少 10 个字符"),
        ({"password": "Newcomer-2026", "again": "Newcomer-2026"}, "密码里不能含有用户名"),
    ],
)
def test_what_is_wrong_at_activation_is_said_beside_the_field(
    house: House, change: dict[str, str], sentence: str
) -> None:
    code = activation_code(house)
    browser = house.portal.visitor()
    browser.get("/activate")

    filled = {"code": code, "password": "First-Light-1", "again": "First-Light-1"}
    refused = browser.post("/activate", filled | change, status=422).text

    assert sentence in refused
    assert code not in refused
    assert "First-Light-1" not in refused


def test_a_lost_phone_is_replaced_by_way_of_a_recovery_code(house: House) -> None:
    codes = recovery.make_codes()
    with house.portal.session() as session:
        recovery.replace_codes(session, PEOPLE["clerk"][0], codes.kept)
        session.commit()
    browser = house.at_the_door()
    browser.get("/login/recovery")
    used = browser.post("/login/recovery", {"code": codes.shown[0].lower()})
    page = browser.get("/login/enrol").text
    secret = "".join(GROUPED.findall(page)[0].split())
    browser.post("/login/enrol", {"code": code_at(now(), secret)}, status=200)

    assert used.location == "/login/enrol"
    assert "还剩 9 个" in page
    assert secret != SECRET
    assert "还剩 10 个" in browser.get("/account/sessions").text
    with house.portal.session() as session:
        assert len(events(session, "recovery_code_used")) == 1


def test_a_wrong_recovery_code_is_refused(house: House) -> None:
    browser = house.at_the_door()
    browser.get("/login/recovery")

    assert "恢复码不对" in browser.post("/login/recovery", {"code": "nonsense"}, status=422).text
