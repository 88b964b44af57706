"""The sign-in as a browser meets it: pages, cookies, refusals, and ways round it that do not exist."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.config import Settings
from app.models.accounts import Account, SignInSession
from app.services import activation, recovery
from app.web.cookies import DOOR_COOKIE, SESSION_COOKIE, token_hash
from app.web.returning import PLACE_COOKIE
from tests.cast import PEOPLE
from tests.client import BASE, Browser, Portal
from tests.phones import (
    PASSWORD,
    SECRET,
    account,
    code_at,
    events,
    give_password,
    give_phone,
    open_sessions,
    wrong_code,
)

GROUPED = re.compile(r'id="secret">([A-Z2-7 ]+)<')
CODE = re.compile(r"<code>([0-9A-Z-]{24})</code>")


def now() -> datetime:
    """The time, as the portal reads it."""
    return datetime.now(UTC)


class House:
    """A portal whose clerk and manager have phones, with the steps that people take at its door."""

    def __init__(self, settings: Settings) -> None:
        self.portal = Portal(settings)
        with self.portal.session() as session:
            for username in ("clerk", "manager", "secadmin"):
                give_phone(session, username, changed_at=now())
            give_password(session, "newcomer", changed_at=now())
            session.commit()

    def change(self, username: str, **values: Any) -> None:
        """Change an account behind everybody's back."""
        with self.portal.session() as session:
            session.execute(update(Account).where(Account.username == username).values(values))
            session.commit()

    def forget_spent_codes(self) -> None:
        """Let the code of this half minute be taken again, so that a test need not wait for the next."""
        with self.portal.session() as session:
            session.execute(update(Account).values(totp_last_step=0))
            session.commit()

    def at_the_door(self, username: str = "clerk", password: str = PASSWORD) -> Browser:
        """A browser in which the right password has been given."""
        browser = self.portal.visitor()
        browser.get("/login")
        browser.post("/login", {"username": username, "password": password})
        return browser

    def signed_in(self, username: str = "clerk") -> Browser:
        """A browser in which password and code have been given."""
        self.forget_spent_codes()
        browser = self.at_the_door(username)
        browser.get("/login/code")
        browser.post("/login/code", {"code": code_at(now())})
        browser.get("/account/sessions")
        return browser


@pytest.fixture
def house(settings: Settings) -> Iterator[House]:
    """The portal of this test."""
    house = House(settings)
    yield house
    house.portal.close()


def cookie(browser: Browser, name: str) -> str | None:
    """A cookie's content as the browser keeps it."""
    kept = browser.client.get_cookie(name, domain="localhost")
    return kept.value if kept else None


def put_cookie(browser: Browser, name: str, value: str) -> None:
    """Give a browser a cookie that it was never given."""
    browser.client.set_cookie(name, value, domain="localhost", secure=True)


def came_from(page: str) -> dict[str, str]:
    """What a browser says of the page that a form stood on."""
    return {"HTTP_REFERER": page}


def rows(session: Session, token: str | None) -> SignInSession:
    """The session row behind a cookie's token."""
    return session.query(SignInSession).filter_by(token_hash=token_hash(token or "")).one()


# --- password and code ------------------------------------------------------------------------------


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


# --- cookies and tokens -----------------------------------------------------------------------------


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


# --- how long, how many -----------------------------------------------------------------------------


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


# --- forgery, htmx, ways out ------------------------------------------------------------------------


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


# --- step-up ----------------------------------------------------------------------------------------


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


# --- activation, enrolment, recovery ----------------------------------------------------------------


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


# --- one's own account ------------------------------------------------------------------------------


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


# --- language ---------------------------------------------------------------------------------------


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
