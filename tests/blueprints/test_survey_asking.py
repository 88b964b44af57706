"""Asking on screens: the link that is shown once, calls, papers, tablets, follow-ups; who gets there, and bad input."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import sessionmaker

from app.domain.ids import encode_id
from app.domain.surveys import Purpose
from app.jobs.handlers import Work
from app.jobs.surveys import watch_surveys
from app.models.cases import Case, CaseBar
from app.models.evidence import Notice
from app.models.surveys import CallBack, FollowUp, SurveyAnswer, SurveyInvitation, SurveyKiosk
from app.queries.survey_invitations import Occasion
from app.services.survey_answers import Given, give_answer
from app.services.survey_invitations import Asking, invite, locked, token_hash
from tests.cast import EAST, PEOPLE, actor
from tests.client import Browser, Portal
from tests.records import make_claim, make_customer, make_policy
from tests.services.casework import make_case
from tests.services.surveys import DENIED, GOOD, LOW, make_survey

NEW = "/surveys/invitations/new"
KEY = re.compile(r'name="idempotency_key"[^>]*value="([^"]+)"')
ADDRESS = re.compile(r'id="shown-address" value="https://localhost(/s/[^"]+)"')


def fields(answers: dict[str, list[str]]) -> dict[str, list[str]]:
    """Answers as the form sends them."""
    return {f"q_{key}": values for key, values in answers.items()}


def records(portal: Portal) -> dict[str, int]:
    """A customer with a policy and a claim, and a survey for each purpose."""
    with portal.session() as session:
        customer = make_customer(session, "申屠望舒", mobile="13900000001")
        policy = make_policy(session, customer, accepted_on=date.today() - timedelta(days=1))
        found = {"customer": customer, "policy": policy, "claim": make_claim(session, policy)}
        found |= {f"ask_{purpose.value}": make_survey(session, purpose) for purpose in Purpose}
        session.commit()
    return found


def asked(portal: Portal, purpose: Purpose = Purpose.VISIT, means: str = "phone", **named: int) -> int:
    """Ask by phone and return the invitation's id."""
    with portal.session() as session:
        if not named:
            customer = make_customer(session)
            named = {"customer_id": customer}
            if purpose is Purpose.NEW_POLICY:
                named["policy_id"] = make_policy(session, customer)
        survey, now = make_survey(session, purpose), datetime.now(UTC)
        asking = Asking(means, now.date() + timedelta(days=3))
        invitation_id, _ = invite(session, actor(session, "clerk"), survey, asking, Occasion(**named), now=now)
        session.commit()
    return invitation_id


def low(portal: Portal) -> str:
    """Have a visitor answer badly; return the address of what is to be done."""
    invitation_id = asked(portal, means="link")
    with portal.session() as session:
        give_answer(session, None, locked(session, invitation_id), Given(LOW), now=datetime.now(UTC))
        follow_up = session.scalars(select(FollowUp.id)).one()
        session.commit()
    return f"/surveys/follow-ups/{encode_id(follow_up)}"


def create(browser: Browser, path: str, status: int = 200, **data: Any) -> Any:
    """Open a form and send it."""
    found = KEY.search(browser.get(path).text)
    key = {"idempotency_key": found.group(1)} if found else {}
    return browser.post(path.partition("?")[0], {**key, **data}, status=status)


@pytest.mark.parametrize(
    ("about", "purpose"), [("customer", "visit"), ("policy", "new_policy"), ("claim", "claim"), ("", "visit")]
)
def test_a_link_is_shown_once_and_leads_to_the_questions(portal: Portal, about: str, purpose: str) -> None:
    ids, clerk = records(portal), portal.browser("clerk")
    named = {about: encode_id(ids[about])} if about else {}
    path = f"{NEW}?" + "".join(f"{name}={value}" for name, value in named.items())

    made = create(clerk, path, survey=encode_id(ids[f"ask_{purpose}"]), means="sms", **named)

    found = ADDRESS.search(made.text)
    assert found
    assert "data:image/png" in made.text
    assert "申屠望舒" not in made.text
    message = re.search(r'<textarea id="message"[^>]*>([^<]+)', made.text)
    assert message
    assert found.group(1) in message.group(1)
    assert "回复R" in message.group(1)
    assert "申屠" not in message.group(1)
    assert "服务满意度" in portal.visitor().get(found.group(1)).text
    with portal.session() as session:
        row = session.scalars(select(SurveyInvitation)).one()
        assert row.token_hash == token_hash(found.group(1)[3:])
    shown = clerk.get(f"/surveys/invitations/{encode_id(row.id)}").text
    assert found.group(1) not in shown
    assert "申屠" in clerk.get("/surveys/invitations").text or about == ""


def test_a_form_that_is_sent_twice_asks_once(portal: Portal) -> None:
    ids, clerk = records(portal), portal.browser("clerk")
    found = KEY.search(clerk.get(NEW).text)
    assert found
    data = {"idempotency_key": found.group(1), "survey": encode_id(ids["ask_visit"]), "means": "link"}
    clerk.post(NEW, data, status=200)

    again = clerk.post(NEW, data)

    assert "只显示一次" in clerk.get(again.location or "").text
    with portal.session() as session:
        assert len(session.scalars(select(SurveyInvitation.id)).all()) == 1


def test_the_links_slip_is_printed_for_who_has_the_link(portal: Portal) -> None:
    ids, clerk = records(portal), portal.browser("clerk")
    made = create(clerk, NEW, survey=encode_id(ids["ask_visit"]), means="slip").text
    found, where = ADDRESS.search(made), re.search(r'action="([^"]+/slip)"', made)
    assert found
    assert where

    slip = clerk.post(where.group(1), {"token": found.group(1)[3:]}, status=200)

    assert slip.mimetype == "application/pdf"
    assert slip.data.startswith(b"%PDF")
    clerk.post(where.group(1), {"token": "other"}, status=404)
    portal.browser("clerk_west").post(where.group(1), {"token": found.group(1)[3:]}, status=404)


def test_who_was_asked_lately_is_named_by_the_earlier_number(portal: Portal) -> None:
    ids, clerk = records(portal), portal.browser("clerk")
    customer = encode_id(ids["customer"])
    data = {"survey": encode_id(ids["ask_visit"]), "means": "link", "customer": customer}
    create(clerk, f"{NEW}?customer={customer}", **data)

    refused = create(clerk, f"{NEW}?customer={customer}", status=422, **data).text

    assert re.search(r"HF\d{4}-000001", refused)


@pytest.mark.parametrize(
    "data", [{}, {"survey": "x", "means": "link"}, {"means": "pigeon"}, {"survey": "0" * 13, "means": "link"}]
)
def test_a_spoilt_invitation_is_refused_in_place(portal: Portal, data: dict[str, str]) -> None:
    records(portal)

    create(portal.browser("clerk"), NEW, status=422, **data)


@pytest.mark.parametrize("query", ["customer=xxx", "policy=0000000000001", "case=0000000000001", "claim=%00"])
def test_asking_about_nothing_is_a_page_that_does_not_exist(portal: Portal, query: str) -> None:
    portal.browser("clerk").get(f"{NEW}?{query}", status=404)


def test_an_invitation_is_taken_back_with_a_reason(portal: Portal) -> None:
    where = f"/surveys/invitations/{encode_id(asked(portal, means='link'))}"
    clerk = portal.browser("clerk")
    clerk.get(where)

    clerk.post(f"{where}/revoke", {"reason": " "}, status=422)
    clerk.post(f"{where}/revoke", {"reason": "发错人"})

    assert "已作废" in clerk.get(where).text
    clerk.post(f"{where}/revoke", {"reason": "再次"}, status=409)


def test_the_list_is_narrowed_and_kept_within_ones_branches(portal: Portal) -> None:
    asked(portal, means="link")
    clerk = portal.browser("clerk")

    assert "HF2" in clerk.get("/surveys/invitations?state=open&means=link", htmx=True).text
    for query in ("state=answered", "means=paper", "survey=1", "branch=4", "from=2999-01-01", "to=2000-01-01"):
        assert "没有符合条件的邀请" in clerk.get(f"/surveys/invitations?{query}").text
    clerk.get("/surveys/invitations?from=x&survey=y&branch=99999999999999999999&at=zzz")
    assert "HF2" not in portal.browser("clerk_west").get("/surveys/invitations").text
    portal.browser("agent").get("/surveys/invitations", status=403)


def test_a_complaint_that_one_may_not_see_shows_in_no_list(portal: Portal) -> None:
    with portal.session() as session:
        manager, now = actor(session, "manager"), datetime.now(UTC)
        case = make_case(session, manager)
        session.get_one(Case, case.id).state = "closed"
        session.flush()
        survey = make_survey(session, Purpose.COMPLAINT)
        invitation_id, _ = invite(session, manager, survey, Asking("link"), Occasion(case_id=case.id), now=now)
        give_answer(session, None, locked(session, invitation_id), Given(LOW), now=now)
        follow_up = session.scalars(select(FollowUp.id)).one()
        row = CaseBar(case_id=case.id, account_id=PEOPLE["archivist"][0], relation="accused", reason="", barred_at=now)
        session.add(row)
        session.commit()
    number, barred = "HF2", portal.browser("archivist")

    for path in ("/surveys/invitations", "/surveys/follow-ups", "/surveys/calls", "/notices"):
        assert number not in barred.get(path).text
    barred.get(f"/surveys/invitations/{encode_id(invitation_id)}", status=404)
    barred.get(f"/surveys/follow-ups/{encode_id(follow_up)}", status=404)
    barred.get(f"{NEW}?case={encode_id(case.id)}", status=404)
    assert number in portal.browser("manager").get("/surveys/follow-ups").text


def test_a_call_is_made_from_the_list_and_its_answers_kept(portal: Portal) -> None:
    invitation_id = asked(portal, Purpose.NEW_POLICY)
    clerk, where = portal.browser("clerk"), f"/surveys/calls/{encode_id(invitation_id)}"
    assert where in clerk.get("/surveys/calls").text
    page = clerk.get(where).text
    assert "基本服务规定第十五条" in page
    assert "犹豫期内" in page

    create(clerk, where, status=303, result="no_answer", note="占线")
    kept = create(clerk, where, status=422, result="done", **fields({"read": ["yes"]})).text
    assert re.search(r'id="q-read-yes"[^>]*checked', kept)
    assert "录音编号" in kept
    create(clerk, where, status=422, result="done", recording="LY-1", **fields({"read": ["yes"]}))
    create(clerk, where, status=303, result="done", recording="LY-1", **fields(GOOD))

    done = clerk.get(where).text
    assert "这次回访已经结束" in done
    assert "犹豫期内" in done
    assert "占线" in done
    assert where not in clerk.get("/surveys/calls").text
    with portal.session() as session:
        assert len(session.scalars(select(CallBack.id)).all()) == 2
        assert session.scalars(select(SurveyAnswer.entered_by)).one() == PEOPLE["clerk"][0]
    create(clerk, where, status=409, result="no_answer")


def test_a_denied_confirmation_becomes_a_task(portal: Portal) -> None:
    invitation_id = asked(portal, Purpose.NEW_POLICY)
    clerk, where = portal.browser("clerk"), f"/surveys/calls/{encode_id(invitation_id)}"

    create(clerk, where, status=303, result="done", recording="LY-1", **fields(DENIED))

    assert "问题件" in clerk.get(where).text
    assert "回访发现问题" in clerk.get("/surveys/follow-ups").text


@pytest.mark.parametrize("data", [{}, {"result": "maybe"}, {"result": "done"}, {"result": "problem", "recording": "1"}])
def test_a_spoilt_call_is_refused_in_place(portal: Portal, data: dict[str, str]) -> None:
    where = f"/surveys/calls/{encode_id(asked(portal))}"

    create(portal.browser("clerk"), where, status=422, **data)


def test_a_paper_is_typed_in_once(portal: Portal) -> None:
    invitation_id = asked(portal, means="paper")
    clerk, where = portal.browser("clerk"), f"/surveys/invitations/{encode_id(invitation_id)}/paper"
    today = clerk_today()

    create(clerk, where, status=422, answered_on="2000-01-01", **fields(GOOD))
    kept = create(clerk, where, status=422, answered_on=today, **fields({"comment": ["很好"]})).text
    assert "很好" in kept
    create(clerk, where, status=422, answered_on="x", **fields(GOOD))
    create(clerk, where, status=303, answered_on=today, **fields(GOOD))
    create(clerk, where, status=409, answered_on=today, **fields(GOOD))

    with portal.session() as session:
        assert session.scalars(select(SurveyAnswer.entered_by)).one() == PEOPLE["clerk"][0]


def clerk_today() -> str:
    """Today as the office has it."""
    return (datetime.now(UTC) + timedelta(hours=8)).date().isoformat()


def test_a_tablet_is_opened_shown_once_and_closed(portal: Portal) -> None:
    ids, clerk = records(portal), portal.browser("clerk")
    survey = encode_id(ids["ask_visit"])

    create(clerk, "/surveys/kiosks", status=422, name="", branch=str(EAST), survey=survey)
    create(clerk, "/surveys/kiosks", status=422, name="柜台", branch="4", survey=survey)
    made = create(clerk, "/surveys/kiosks", name="一号柜台", branch=str(EAST), survey=survey)

    found = ADDRESS.search(made.text)
    assert found
    assert "开始评价" in portal.visitor().get(found.group(1)).text
    page = clerk.get("/surveys/kiosks").text
    assert found.group(1) not in page
    assert "一号柜台" in page
    with portal.session() as session:
        where = f"/surveys/kiosks/{encode_id(session.scalars(select(SurveyKiosk.id)).one())}/close"
    portal.browser("clerk_west").post(where, status=404)
    clerk.post(where)
    clerk.post(where, status=409)
    portal.visitor().get(found.group(1), status=404)


def test_a_follow_up_is_taken_and_closed_with_a_result(portal: Portal) -> None:
    where, clerk = low(portal), portal.browser("clerk")
    page = clerk.get(where).text
    assert "等了两个小时" in page
    assert "/casework/new" in page

    clerk.post(f"{where}/take", {"version": "1"})
    assert "HF2" in clerk.get("/surveys/follow-ups?whose=mine").text
    assert "HF2" not in portal.browser("manager").get("/surveys/follow-ups?whose=mine").text
    assert "没有符合条件" in clerk.get("/surveys/follow-ups?state=overdue").text
    clerk.post(f"{where}/finish", {"version": "2", "result": ""}, status=422)
    assert "已致电" in clerk.post(f"{where}/finish", {"version": "1", "result": "已致电"}, status=409).text
    clerk.post(f"{where}/finish", {"version": "2", "result": "已致电"})

    assert "已致电" in clerk.get(where).text
    clerk.post(f"{where}/finish", {"version": "3", "result": "再办"}, status=409)
    portal.browser("clerk_west").get(where, status=404)
    portal.browser("agent").get("/surveys/follow-ups", status=403)


def test_the_pages_of_customer_policy_and_claim_lead_here(portal: Portal) -> None:
    ids, clerk = records(portal), portal.browser("clerk")

    for name, path in (("customer", "customers"), ("policy", "policies"), ("claim", "claims")):
        page = clerk.get(f"/{path}/{encode_id(ids[name])}").text
        assert f"{NEW}?{name}={encode_id(ids[name])}" in page


def test_a_follow_up_becomes_a_complaint_and_is_closed_with_it(portal: Portal) -> None:
    where, clerk = low(portal), portal.browser("clerk")
    found = re.search(r'href="(/casework/new\?[^"]+)"', clerk.get(where).text)
    assert found

    form = clerk.get(found.group(1).replace("&amp;", "&")).text

    assert f'name="follow_up" value="{where.rpartition("/")[2]}"' in form


def test_the_job_closes_what_is_over_and_reminds_once_a_day(portal: Portal) -> None:
    low(portal)
    asked(portal, Purpose.OTHER, means="link")
    later = datetime.now(UTC) + timedelta(days=40)
    with portal.session() as session:
        session.scalars(select(FollowUp)).one().due_on = (later + timedelta(hours=8)).date()
        session.commit()
        sessions = sessionmaker(session.get_bind(), expire_on_commit=False)
    work = Work(sessions, None, None, lambda: later, lambda _done, _total: None, None)  # type: ignore[arg-type]

    watch_surveys(work, {})
    watch_surveys(work, {})

    with portal.session() as session:
        assert sorted(session.scalars(select(SurveyInvitation.state))) == ["answered", "expired"]
        told = session.scalars(select(Notice.account_id).where(Notice.kind == "follow_up_due")).all()
        assert told == [PEOPLE["manager"][0]]
