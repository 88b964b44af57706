"""One's own account: sessions elsewhere, the password, the language."""

from __future__ import annotations

import re

import pytest

from app.web.cookies import SESSION_COOKIE
from tests.client import BASE
from tests.house import House, came_from, cookie
from tests.phones import (
    PASSWORD,
)


def test_one_ends_another_session_from_the_list(house: House) -> None:
    first, second = house.signed_in(), house.signed_in()
    other = re.findall(r'action="(/account/sessions/[0-9a-z]{13}/end)"', second.get("/account/sessions").text)[1]

    second.post(other)

    first.get("/account/sessions", status=303)
    second.get("/account/sessions")


def test_ending_the_session_at_hand_is_signing_out(house: House) -> None:
    browser = house.signed_in()
    (own,) = re.findall(r'action="(/account/sessions/[0-9a-z]{13}/end)"', browser.get("/account/sessions").text)

    assert browser.post(own).location == "/login"
    browser.get("/account/sessions", status=303)


def test_somebody_elses_session_is_a_page_that_does_not_exist(house: House) -> None:
    clerk, manager = house.signed_in(), house.signed_in("manager")
    (others,) = re.findall(r'action="(/account/sessions/[0-9a-z]{13}/end)"', clerk.get("/account/sessions").text)

    manager.post(others, status=404)

    clerk.get("/account/sessions")


def test_one_ends_all_other_sessions(house: House) -> None:
    first, second = house.signed_in(), house.signed_in()

    second.post("/account/sessions/end-others")

    first.get("/account/sessions", status=303)
    assert "已结束其他 1 个会话" in second.get("/account/sessions").text


def test_a_changed_password_leaves_only_this_browser(house: House) -> None:
    first, second = house.signed_in(), house.signed_in()
    old_token = cookie(second, SESSION_COOKIE)
    second.get("/account/password")
    new = {"current": PASSWORD, "password": "Fresh-Bread-9", "again": "Fresh-Bread-9"}

    second.post("/account/password", new)

    assert cookie(second, SESSION_COOKIE) != old_token
    assert "密码已修改" in second.get("/account/sessions").text
    first.get("/account/sessions", status=303)
    assert house.at_the_door("clerk", "Fresh-Bread-9")


def test_a_wrong_current_password_is_said_beside_its_field(house: House) -> None:
    browser = house.signed_in()
    browser.get("/account/password")
    new = {"current": "Wrong-Horse-7", "password": "Fresh-Bread-9", "again": "Fresh-Bread-9"}

    assert "现在的密码不对" in browser.post("/account/password", new, status=422).text


def test_a_visitor_chooses_the_language_and_stays_on_the_page(house: House) -> None:
    browser = house.portal.visitor()
    browser.get("/activate")

    chosen = browser.post("/account/language", {"locale": "en"}, environ_overrides=came_from(f"{BASE}/activate"))

    assert chosen.location == "/activate"
    assert '<html lang="en">' in browser.get("/activate").text
    browser.post("/account/language", {"locale": "zh_CN"})
    assert '<html lang="zh-CN">' in browser.get("/activate").text


def test_the_language_of_an_account_holds_in_every_browser(house: House) -> None:
    browser = house.signed_in()

    chosen = browser.post(
        "/account/language", {"locale": "en"}, environ_overrides=came_from(f"{BASE}/account/password?x=1")
    )

    assert chosen.location == "/account/password"
    assert '<html lang="en">' in house.signed_in().get("/account/sessions").text


@pytest.mark.parametrize("referrer", ["https://evil.example/login", "https://localhost.evil.example/", f"{BASE}//evil"])
def test_a_page_elsewhere_is_not_gone_back_to(house: House, referrer: str) -> None:
    browser = house.portal.visitor()
    browser.get("/login")

    assert (
        browser.post("/account/language", {"locale": "en"}, environ_overrides=came_from(referrer)).location == "/login"
    )


def test_a_language_that_nobody_speaks_here_is_refused(house: House) -> None:
    browser = house.portal.visitor()
    browser.get("/login")

    browser.post("/account/language", {"locale": "xx"}, status=400)
