"""The customers' pages: what an address shows, what it gives away, one answer each, the tablet."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.domain.surveys import Purpose
from app.models.evidence import Notice
from app.models.machinery import TrailEntry
from app.models.surveys import FollowUp, SurveyAnswer, SurveyInvitation, SurveyValue
from app.queries.survey_invitations import Occasion
from app.services.survey_invitations import Asking, expire, invite, revoke
from app.services.survey_kiosks import STARTS, close_kiosk, open_kiosk
from app.web.cookies import DOOR_COOKIE
from tests.cast import EAST, PEOPLE, actor
from tests.client import BASE, Browser, Portal
from tests.records import make_customer
from tests.services.surveys import GOOD, LOW, make_survey

NAME = "申屠望舒"
GONE = "此链接无效或已过期"


def fields(answers: dict[str, list[str]]) -> dict[str, list[str]]:
    """Answers as the form sends them."""
    return {f"q_{key}": values for key, values in answers.items()}


def link(portal: Portal, **asking: object) -> tuple[int, str]:
    """Ask a customer by a link; return the invitation and its address."""
    with portal.session() as session:
        clerk, now = actor(session, "clerk"), datetime.now(UTC)
        about, survey = Occasion(make_customer(session, NAME)), make_survey(session, Purpose.VISIT)
        invitation_id, token = invite(session, clerk, survey, Asking("link"), about, now=now)
        session.commit()
    return invitation_id, f"/s/{token}"


def opened(browser: Browser, path: str) -> dict[str, str]:
    """Open a page of questions and return what its form carries."""
    text = browser.get(path).text
    found = re.search(r'name="opened" value="([^"]+)"', text)
    assert found
    return {"opened": found.group(1)}


def test_a_customer_answers_once_and_is_thanked_ever_after(portal: Portal) -> None:
    invitation_id, path = link(portal)
    visitor = portal.visitor()
    form = opened(visitor, path)

    sent = visitor.post(path, {**form, **fields(GOOD)})

    assert sent.location == path
    assert "感谢您的回答" in visitor.get(path).text
    assert visitor.post(path, {**form, **fields(LOW)}).location == path
    with portal.session() as session:
        answer = session.scalars(select(SurveyAnswer)).one()
        assert (answer.invitation_id, answer.overall) == (invitation_id, 5)
        assert answer.seconds is not None
        assert 0 <= answer.seconds < 60
        assert session.get_one(SurveyInvitation, invitation_id).opened_at is not None
        entry = session.scalars(select(TrailEntry).where(TrailEntry.event == "survey_answered")).one()
        assert (entry.account_id, entry.address) == (None, "127.0.0.1")


def test_the_page_tells_nothing_of_the_customer_and_asks_for_no_sign_in(portal: Portal) -> None:
    invitation_id, path = link(portal)
    with portal.session() as session:
        number = session.get_one(SurveyInvitation, invitation_id).number
    visitor = portal.visitor()

    answer = visitor.get(path)

    for word in (NAME, "申屠", "业务甲", number, path[3:]):
        assert word not in answer.text.replace(f'action="{path}"', "")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert [cookie.key for cookie in visitor.client._cookies.values()] == [DOOR_COOKIE]


def test_what_was_typed_stays_when_an_answer_is_missing(portal: Portal) -> None:
    _, path = link(portal)
    visitor = portal.visitor()
    form = opened(visitor, path)

    page = visitor.post(
        path, {**form, "q_read": "no", "q_nps": "3", "q_comment": "<b>慢</b>", "q_overall": "9"}, status=422
    ).text

    assert "&lt;b&gt;慢&lt;/b&gt;" in page
    assert re.search(r'id="q-read-no"[^>]*checked', page)
    assert re.search(r'id="q-nps-3"[^>]*checked', page)
    assert page.count('class="error"') == 2  # why is asked now, and 9 is no step
    assert f'value="{form["opened"]}"' in page
    with portal.session() as session:
        assert session.scalar(select(SurveyAnswer.id)) is None


@pytest.mark.parametrize("how", ["unknown", "expired", "late", "revoked", "kiosk"])
def test_every_address_that_leads_nowhere_says_the_same(portal: Portal, how: str) -> None:
    invitation_id, path = link(portal)
    with portal.session() as session:
        now, clerk = datetime.now(UTC), actor(session, "clerk")
        row = session.get_one(SurveyInvitation, invitation_id)
        if how in ("expired", "late"):
            row.expires_at = now - timedelta(seconds=1)
            session.flush()
        if how == "expired":
            expire(session, now=now)
        if how == "revoked":
            revoke(session, clerk, invitation_id, "发错人", now=now)
        if how == "kiosk":
            kiosk_id, token = open_kiosk(session, clerk, EAST, make_survey(session), "柜台", now=now)
            close_kiosk(session, clerk, kiosk_id, now=now)
            path = f"/s/{token}"
        session.commit()
    if how == "unknown":
        path = "/s/" + "x" * 32
    visitor = portal.visitor()

    closed = visitor.get(path, status=404).text

    assert GONE in closed
    assert visitor.post(path, fields(GOOD), status=404).text.count(GONE) == closed.count(GONE)
    other = portal.visitor().get("/s/" + "y" * 32, status=404).text
    assert re.sub(r'X-CSRF-Token": "[^"]+"', "", closed) == re.sub(r'X-CSRF-Token": "[^"]+"', "", other)


@pytest.mark.parametrize("token", ["%00", "a" * 5000, "../../login", "%F0%9F%90%A4", "' or 1=1"])
def test_a_spoilt_token_is_just_unknown(portal: Portal, token: str) -> None:
    answer = portal.visitor().client.get(f"/s/{token}", base_url=BASE)

    assert answer.status_code in (303, 404)


def test_guessing_addresses_is_stopped_and_says_so(portal: Portal) -> None:
    _, path = link(portal)
    visitor = portal.visitor()

    statuses = [visitor.client.get(f"/s/guess{n}", base_url=BASE).status_code for n in range(61)]

    assert statuses == [404] * 60 + [429]
    assert "分钟再打开" in visitor.get(path, status=429).text
    with portal.session() as session:
        entry = session.scalars(select(TrailEntry).where(TrailEntry.event == "survey_link_failed")).one()
        assert (entry.reason, "guess" in entry.object_label) == ("too_many_tries", False)


def test_one_link_takes_only_so_many_refused_answers(portal: Portal) -> None:
    _, path = link(portal)
    visitor = portal.visitor()
    visitor.get(path)

    statuses = [
        visitor.client.post(path, base_url=BASE, data={"csrf_token": visitor.token}).status_code for _ in range(21)
    ]

    assert statuses == [422] * 20 + [429]
    _, other = link(portal)
    visitor.post(other, fields(GOOD))


def test_an_answer_needs_the_token_of_its_page(portal: Portal) -> None:
    _, path = link(portal)

    answer = portal.visitor().client.post(path, base_url=BASE, data=fields(GOOD))

    assert answer.status_code == 403


@pytest.mark.parametrize("value", ["", "1700000000", "xxxx"])
def test_a_spoilt_time_is_no_time(portal: Portal, value: str) -> None:
    _, path = link(portal)
    visitor = portal.visitor()
    visitor.get(path)

    visitor.post(path, {"opened": value, **fields(GOOD)})

    with portal.session() as session:
        assert session.scalars(select(SurveyAnswer.seconds)).one() is None


def test_the_time_of_another_link_does_not_count(portal: Portal) -> None:
    (_, path), (_, other) = link(portal), link_of_another(portal)
    visitor = portal.visitor()
    form = opened(visitor, other)

    visitor.post(path, {**form, **fields(GOOD)})

    with portal.session() as session:
        assert session.scalars(select(SurveyAnswer.seconds)).one() is None


def link_of_another(portal: Portal) -> tuple[int, str]:
    """Ask a second customer."""
    with portal.session() as session:
        clerk, now = actor(session, "clerk"), datetime.now(UTC)
        about = Occasion(make_customer(session, "别人"))
        invitation_id, token = invite(session, clerk, make_survey(session), Asking("link"), about, now=now)
        session.commit()
    return invitation_id, f"/s/{token}"


def test_a_low_score_comes_back_as_a_task_and_the_comment_is_sealed(portal: Portal) -> None:
    _, path = link(portal)
    visitor = portal.visitor()
    form = opened(visitor, path)

    visitor.post(path, {**form, **fields(LOW)})

    with portal.session() as session:
        follow_up = session.scalars(select(FollowUp)).one()
        assert follow_up.reason == "low_score"
        told = session.scalars(select(Notice).where(Notice.kind == "follow_up_low_score")).one()
        assert told.account_id == PEOPLE["manager"][0]
        raw = session.connection().exec_driver_sql("select text from survey_values where question = 'comment'").all()
        assert "小时" not in str(raw)
        assert (
            session.scalars(select(SurveyValue.text).where(SurveyValue.question == "comment")).one() == "等了两个小时"
        )
    manager = portal.browser("manager")
    assert "评分低" in manager.get("/surveys/follow-ups").text
    assert "等了两个小时" in manager.get(told.path).text


def kiosk(portal: Portal) -> str:
    """Open a tablet in the east and return its address."""
    with portal.session() as session:
        clerk, now = actor(session, "clerk"), datetime.now(UTC)
        _, token = open_kiosk(session, clerk, EAST, make_survey(session), "一号柜台", now=now)
        session.commit()
    return f"/s/{token}"


def test_a_tablet_asks_one_after_another_and_returns_by_itself(portal: Portal) -> None:
    start = kiosk(portal)
    tablet = portal.visitor()
    assert "开始评价" in tablet.get(start).text

    for answers in (GOOD, LOW):
        path = tablet.post(start).location
        assert path is not None
        assert path.startswith(f"{start}/")
        page = tablet.get(path)
        assert page.headers["Refresh"] == f"300; url={start}"
        tablet.post(path, fields(answers))
        thanks = tablet.get(path)
        assert "感谢您的回答" in thanks.text
        assert thanks.headers["Refresh"] == f"10; url={start}"
        # The address of one answer is good on its tablet only.
        tablet.get(f"/s/{path.rpartition('/')[2]}", status=404)

    with portal.session() as session:
        assert sorted(session.scalars(select(SurveyAnswer.overall))) == [1, 5]
        assert set(session.scalars(select(SurveyInvitation.customer_id))) == {None}


def test_a_tablet_that_is_hammered_rests(portal: Portal) -> None:
    start = kiosk(portal)
    tablet = portal.visitor()
    tablet.get(start)
    with portal.session() as session:
        now, first = datetime.now(UTC), session.scalars(select(SurveyInvitation)).first()
        assert first is None

    for _ in range(STARTS):
        tablet.post(start)

    assert "分钟再打开" in tablet.post(start, status=429).text
    with portal.session() as session:
        assert len(session.scalars(select(SurveyInvitation.id)).all()) == STARTS
        assert now < datetime.now(UTC)
