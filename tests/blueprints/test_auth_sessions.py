"""Cookies, tokens and sessions: another token at every step, and an end to everything."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from app.web.cookies import DOOR_COOKIE, SESSION_COOKIE
from tests.client import BASE, Browser
from tests.house import House, came_from, cookie, now, put_cookie, rows
from tests.phones import (
    PASSWORD,
    code_at,
)

CODE = re.compile(r"<code>([0-9A-Z-]{24})</code>")


def test_the_token_is_another_at_every_step(house: House) -> None:
    browser = house.portal.visitor()
    browser.get("/login")
    visitor = cookie(browser, DOOR_COOKIE)
    browser.post("/login", {"username": "clerk", "password": PASSWORD})
    door = cookie(browser, DOOR_COOKIE)
    browser.get("/login/code")
    browser.post("/login/code", {"code": code_at(now())})
    session = cookie(browser, SESSION_COOKIE)

    assert len({visitor, door, session}) == 3
    assert None not in {visitor, door, session}
    assert cookie(browser, DOOR_COOKIE) is None


def test_cookies_are_bound_to_this_host_secure_and_out_of_reach_of_scripts(house: House) -> None:
    browser = house.at_the_door()
    browser.get("/login/code")
    entered = browser.post("/login/code", {"code": code_at(now())})

    (given,) = [line for line in entered.headers.getlist("Set-Cookie") if line.startswith(f"{SESSION_COOKIE}=")]
    assert SESSION_COOKIE.startswith("__Host-")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= {part.strip() for part in given.split(";")}


@pytest.mark.parametrize("path", ["/account/sessions", "/account/password", "/account/step-up"])
def test_the_doors_cookie_opens_no_page_behind_the_sign_in(house: House, path: str) -> None:
    browser = house.at_the_door()
    put_cookie(browser, SESSION_COOKIE, cookie(browser, DOOR_COOKIE) or "")

    assert browser.get(path, status=303).location == "/login"


def test_a_sessions_cookie_is_no_door(house: House) -> None:
    signed_in = house.signed_in()
    browser = house.portal.visitor()
    put_cookie(browser, DOOR_COOKIE, cookie(signed_in, SESSION_COOKIE) or "")

    for path in ("/login/code", "/login/recovery", "/login/enrol"):
        assert browser.get(path, status=303).location == "/login"


def test_pages_of_the_door_are_shut_to_visitors(house: House) -> None:
    for path in ("/login/code", "/login/recovery", "/login/enrol"):
        browser = house.portal.visitor()
        assert browser.get(path, status=303).location == "/login"
        assert "登录已超时" in browser.get("/login").text


def test_a_door_leads_only_to_its_own_step(house: House) -> None:
    assert house.at_the_door("clerk").get("/login/enrol", status=303).location == "/login/code"
    assert house.at_the_door("newcomer").get("/login/code", status=303).location == "/login/enrol"
    assert house.at_the_door("newcomer").get("/login/recovery", status=303).location == "/login/enrol"


def test_a_visitors_old_cookie_does_not_become_a_session(house: House) -> None:
    victim = house.portal.visitor()
    put_cookie(victim, SESSION_COOKIE, "chosen-by-somebody-else")
    put_cookie(victim, DOOR_COOKIE, "chosen-by-somebody-else")
    victim.get("/login")
    victim.post("/login", {"username": "clerk", "password": PASSWORD})
    victim.get("/login/code")
    victim.post("/login/code", {"code": code_at(now())})

    attacker = house.portal.visitor()
    put_cookie(attacker, SESSION_COOKIE, "chosen-by-somebody-else")

    assert attacker.get("/account/sessions", status=303).location == "/login"
    assert cookie(victim, SESSION_COOKIE) != "chosen-by-somebody-else"


def test_a_session_that_rested_too_long_is_over(house: House) -> None:
    browser = house.signed_in()
    with house.portal.session() as session:
        rows(session, cookie(browser, SESSION_COOKIE)).last_seen_at = now() - timedelta(minutes=16)
        session.commit()

    assert browser.get("/account/sessions", status=303).location == "/login"


def test_an_administrators_session_may_rest_less(house: House) -> None:
    for username, status in (("clerk", 200), ("secadmin", 303)):
        browser = house.signed_in(username)
        with house.portal.session() as session:
            rows(session, cookie(browser, SESSION_COOKIE)).last_seen_at = now() - timedelta(minutes=11)
            session.commit()

        browser.get("/account/sessions", status=status)


def test_a_session_ends_for_good_however_busy(house: House) -> None:
    browser = house.signed_in()
    with house.portal.session() as session:
        rows(session, cookie(browser, SESSION_COOKIE)).expires_at = now()
        session.commit()

    assert browser.get("/account/sessions", status=303).location == "/login"


def test_the_third_browser_pushes_out_the_first(house: House) -> None:
    first, second, third = (house.signed_in() for _ in range(3))

    first.get("/account/sessions", status=303)
    second.get("/account/sessions")
    third.get("/account/sessions")


def test_an_administrators_second_browser_pushes_out_the_first(house: House) -> None:
    first, second = house.signed_in("secadmin"), house.signed_in("secadmin")

    first.get("/account/sessions", status=303)
    second.get("/account/sessions")


def test_a_disabled_account_is_out_at_once(house: House) -> None:
    browser, door = house.signed_in(), house.at_the_door()
    house.change("clerk", state="disabled")

    assert browser.get("/account/sessions", status=303).location == "/login"
    assert door.get("/login/code", status=303).location == "/login"


def test_an_old_password_is_to_be_changed_first(house: House) -> None:
    house.change("clerk", password_changed_at=now() - timedelta(days=91))
    browser = house.at_the_door()
    browser.get("/login/code")

    entered = browser.post("/login/code", {"code": code_at(now())})

    assert entered.location == "/account/password"
    assert "密码已使用超过 90 天" in browser.get("/account/password").text


def stale(house: House, browser: Browser) -> None:
    """Let the last code have been given long ago."""
    with house.portal.session() as session:
        rows(session, cookie(browser, SESSION_COOKIE)).stepped_up_at = now() - timedelta(minutes=6)
        session.commit()


def test_new_recovery_codes_need_a_fresh_code_and_one_comes_back(house: House) -> None:
    browser = house.signed_in()
    stale(house, browser)
    old_token = cookie(browser, SESSION_COOKIE)

    asked = browser.post("/account/recovery-codes", environ_overrides=came_from(f"{BASE}/account/sessions"))
    house.forget_spent_codes()
    browser.get("/account/step-up")
    done = browser.post("/account/step-up", {"code": code_at(now())})

    assert asked.location == "/account/step-up"
    assert done.location == "/account/sessions"
    assert cookie(browser, SESSION_COOKIE) not in {old_token, None}
    browser.get("/account/sessions")
    codes = CODE.findall(browser.post("/account/recovery-codes", status=200).text)
    assert len(codes) == 10


def test_the_token_before_a_step_up_is_dead(house: House) -> None:
    browser = house.signed_in()
    old_token = cookie(browser, SESSION_COOKIE) or ""
    house.forget_spent_codes()
    browser.get("/account/step-up")
    browser.post("/account/step-up", {"code": code_at(now())})

    thief = house.portal.visitor()
    put_cookie(thief, SESSION_COOKIE, old_token)

    thief.get("/account/sessions", status=303)


def test_the_code_of_the_sign_in_is_no_good_for_the_step_up(house: House) -> None:
    code = code_at(now())
    browser = house.at_the_door()
    browser.get("/login/code")
    browser.post("/login/code", {"code": code})
    browser.get("/account/step-up")

    assert "动态口令不对或已经用过" in browser.post("/account/step-up", {"code": code}, status=422).text
