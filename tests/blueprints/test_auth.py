"""The sign-in as a browser meets it: pages, refusals, limits, and ways round it that do not exist."""

from __future__ import annotations

import base64
import re
from dataclasses import replace
from datetime import timedelta

import pytest

from app.config import Settings
from app.web.cookies import SESSION_COOKIE
from app.web.returning import PLACE_COOKIE
from tests.client import BASE
from tests.house import House, cookie, now, put_cookie
from tests.phones import (
    PASSWORD,
    code_at,
    open_sessions,
    wrong_code,
)


def test_a_clerk_signs_in_with_password_and_code(house: House) -> None:
    browser = house.portal.visitor()
    browser.get("/login")
    asked = browser.post("/login", {"username": "clerk", "password": PASSWORD})
    browser.get("/login/code")
    entered = browser.post("/login/code", {"code": code_at(now())})

    assert asked.location == "/login/code"
    assert entered.location == "/"
    assert "本机" in browser.get("/account/sessions").text


def test_who_has_signed_in_is_not_asked_again(house: House) -> None:
    browser = house.signed_in()

    assert browser.get("/login", status=303).location == "/"
    assert browser.get("/login/code", status=303).location == "/"


def test_the_fields_tell_password_managers_and_phones_what_they_are(house: House) -> None:
    login = house.portal.visitor().get("/login").text
    code = house.at_the_door().get("/login/code").text

    assert 'autocomplete="username"' in login
    assert 'autocomplete="current-password"' in login
    assert 'autocomplete="one-time-code"' in code
    assert 'inputmode="numeric"' in code


def test_what_was_typed_as_password_or_code_never_comes_back(house: House) -> None:
    browser = house.at_the_door()
    browser.get("/login/code")
    code = browser.post("/login/code", {"code": wrong_code(now())}, status=422).text
    password = browser.post("/login", {"username": "clerk", "password": "Wrong-Horse-7"}, status=422).text

    assert wrong_code(now()) not in code
    assert "Wrong-Horse-7" not in password
    assert 'value="clerk"' in password


def test_unknown_wrong_disabled_and_pending_look_the_same(house: House) -> None:
    house.change("manager", state="disabled")
    house.change("auditor", state="pending")
    browser = house.portal.visitor()
    browser.get("/login")

    answers = [
        browser.post("/login", {"username": username, "password": password}, status=422)
        for username, password in (
            ("nobodyx", PASSWORD),
            ("manager", PASSWORD),
            ("auditor", PASSWORD),
            ("clerkxx", "Wrong-Horse-7"),
            ("manager", "Wrong-Horse-7"),
        )
    ]
    texts = [re.sub(r"nobodyx|manager|auditor|clerkxx|[\w-]{80,}=*", "", answer.text) for answer in answers]

    assert {answer.status_code for answer in answers} == {422}
    assert len({len(answer.text) for answer in answers}) == 1
    assert len(set(texts)) == 1
    assert len({frozenset(answer.headers.keys()) for answer in answers}) == 1


@pytest.mark.parametrize("field", ["username", "password"])
def test_an_empty_field_is_pointed_at(house: House, field: str) -> None:
    browser = house.portal.visitor()
    browser.get("/login")

    text = browser.post("/login", {"username": "clerk", "password": "x"} | {field: ""}, status=422).text

    assert f'href="#{field}"' in text


def test_a_code_in_full_width_digits_is_refused_like_a_wrong_one(house: House) -> None:
    browser = house.at_the_door()
    browser.get("/login/code")
    typed = code_at(now()).translate({ord(str(digit)): 0xFF10 + digit for digit in range(10)})

    full_width = browser.post("/login/code", {"code": typed}, status=422)
    wrong = browser.post("/login/code", {"code": wrong_code(now())}, status=422)

    assert len(full_width.text) == len(wrong.text)
    assert "动态口令不对或已经用过" in full_width.text


def test_a_replayed_code_opens_no_second_session(house: House) -> None:
    code = code_at(now())
    first, second = house.at_the_door(), house.at_the_door()
    first.get("/login/code")
    second.get("/login/code")

    first.post("/login/code", {"code": code})
    second.post("/login/code", {"code": code}, status=422)

    with house.portal.session() as session:
        assert len(open_sessions(session, "clerk")) == 1


def test_too_many_wrong_codes_answer_429_and_say_how_long(house: House) -> None:
    browser = house.at_the_door()
    browser.get("/login/code")
    for _ in range(5):
        browser.post("/login/code", {"code": wrong_code(now())}, status=422)

    refused = browser.post("/login/code", {"code": code_at(now())}, status=429)

    assert "15 分钟后再试" in refused.text
    assert refused.headers["Retry-After"] == "900"
    assert house.at_the_door("clerk")
    assert house.signed_in("manager")


def test_too_many_wrong_passwords_answer_429(house: House) -> None:
    browser = house.portal.visitor()
    browser.get("/login")
    for _ in range(10):
        browser.post("/login", {"username": "clerk", "password": "Wrong-Horse-7"}, status=422)

    refused = browser.post("/login", {"username": "clerk", "password": PASSWORD}, status=429)

    assert "分钟后再试" in refused.text


def test_limits_come_from_the_settings(settings: Settings) -> None:
    rules = replace(settings.sign_in, tries_in_window=1, window=timedelta(minutes=3))
    house = House(replace(settings, sign_in=rules))
    browser = house.at_the_door()
    browser.get("/login/code")
    browser.post("/login/code", {"code": wrong_code(now())}, status=422)

    refused = browser.post("/login/code", {"code": code_at(now())}, status=429)

    assert "3 分钟后再试" in refused.text
    house.portal.close()


@pytest.mark.parametrize(
    "path",
    [
        "/login",
        "/login/code",
        "/login/recovery",
        "/login/enrol",
        "/activate",
        "/logout",
        "/account/step-up",
        "/account/password",
        "/account/recovery-codes",
        "/account/sessions/end-others",
        "/account/language",
    ],
)
def test_a_form_without_its_token_is_refused(house: House, path: str) -> None:
    browser = house.signed_in()

    refused = browser.client.post(path, base_url=BASE, data={"username": "clerk", "password": PASSWORD})

    assert refused.status_code == 403
    browser.get("/account/sessions")


def test_htmx_without_a_session_is_sent_to_the_sign_in_as_a_whole(house: House) -> None:
    answer = house.portal.visitor().get("/account/sessions", htmx=True, status=401)

    assert answer.headers["HX-Redirect"] == "/login"
    assert answer.text == ""


def test_htmx_is_led_through_the_sign_in_by_whole_pages(house: House) -> None:
    browser = house.portal.visitor()
    browser.get("/login")
    asked = browser.post("/login", {"username": "clerk", "password": PASSWORD}, htmx=True, status=204)
    browser.get("/login/code")
    entered = browser.post("/login/code", {"code": code_at(now())}, htmx=True, status=204)

    assert asked.headers["HX-Redirect"] == "/login/code"
    assert entered.headers["HX-Redirect"] == "/"


def test_one_comes_back_to_the_page_that_one_wanted(house: House) -> None:
    browser = house.portal.visitor()
    browser.get("/account/password", status=303)
    browser.get("/login")
    browser.post("/login", {"username": "clerk", "password": PASSWORD})
    browser.get("/login/code")

    entered = browser.post("/login/code", {"code": code_at(now())})

    assert entered.location == "/account/password"
    assert cookie(browser, PLACE_COOKIE) is None


@pytest.mark.parametrize(
    "address", ["https://evil.example/", "//evil.example", "/\\evil.example", "https:evil.example"]
)
def test_no_address_in_the_question_leads_out_of_the_house(house: House, address: str) -> None:
    browser = house.portal.visitor()
    put_cookie(browser, PLACE_COOKIE, base64.urlsafe_b64encode(address.encode()).decode())
    query = {"next": address, "return_to": address}
    browser.get("/login", query_string=query)
    browser.post("/login", {"username": "clerk", "password": PASSWORD, **query}, query_string=query)
    browser.get("/login/code", query_string=query)

    entered = browser.post("/login/code", {"code": code_at(now()), **query}, query_string=query)

    assert entered.location == "/"


def test_signing_out_ends_the_session_and_not_only_the_cookie(house: House) -> None:
    browser = house.signed_in()
    token = cookie(browser, SESSION_COOKIE) or ""

    assert browser.post("/logout").location == "/login"
    assert cookie(browser, SESSION_COOKIE) is None
    put_cookie(browser, SESSION_COOKIE, token)
    browser.get("/account/sessions", status=303)


def test_signing_out_by_a_link_is_impossible(house: House) -> None:
    browser = house.signed_in()

    browser.get("/logout", status=405)

    browser.get("/account/sessions")
