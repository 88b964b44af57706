"""Asking customers: who may, about what, how often; the token that is kept nowhere; taking back and running out."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import Invalid, NotAllowed, NotFound, TooManyTries, WrongState
from app.domain.surveys import Purpose
from app.models.cases import Case, CaseBar
from app.models.evidence import Notice
from app.models.machinery import TrailEntry
from app.models.surveys import SurveyInvitation, SurveyKiosk
from app.queries.answering import QUESTIONS, START, find_link
from app.queries.survey_invitations import (
    InvitationFilter,
    Occasion,
    list_calls,
    list_invitations,
    read_invitation,
)
from app.services.survey_invitations import AskedLately, Asking, expire, invite, revoke, token_hash
from app.services.survey_kiosks import STARTS, close_kiosk, open_kiosk, start_at_kiosk
from app.services.survey_reminders import remind_of_calls
from tests.cast import EAST, NOW, PEOPLE, WEST, actor
from tests.records import make_claim, make_customer, make_policy
from tests.services.casework import make_case
from tests.services.surveys import make_survey

LINK = Asking("link")


def asked(session: Session, occasion: Occasion | None = None, **values: object) -> tuple[int, str | None]:
    """Ask by a link about a visit, as the clerk of the east."""
    survey = make_survey(session, Purpose(values.pop("purpose", Purpose.VISIT)))
    asking = Asking(**{"means": "link", **values})  # type: ignore[arg-type]
    about = occasion or Occasion(make_customer(session))
    return invite(session, actor(session, "clerk"), survey, asking, about, now=NOW)


def test_a_link_is_kept_as_its_fingerprint_only(session: Session) -> None:
    invitation_id, token = asked(session)

    assert token is not None
    assert len(token) >= 22  # 128 bits
    row = session.get_one(SurveyInvitation, invitation_id)
    assert row.token_hash == token_hash(token) != token
    assert row.number == "HF2026-000001"
    assert row.expires_at == NOW + timedelta(days=30)
    assert (row.branch_id, row.state, row.made_by) == (EAST, "open", PEOPLE["clerk"][0])
    found = find_link(session, token_hash(token), now=NOW)
    assert found is not None
    assert found.shows == QUESTIONS
    trail = session.scalars(select(TrailEntry).where(TrailEntry.event == "survey_invited")).one()
    assert trail.object_label == row.number
    assert token not in str(trail.after)


@pytest.mark.parametrize("means", ["paper", "phone"])
def test_paper_and_phone_have_no_link(session: Session, means: str) -> None:
    invitation_id, token = asked(session, means=means)

    assert token is None
    assert session.get_one(SurveyInvitation, invitation_id).token_hash is None


def test_an_unknown_means_is_refused(session: Session) -> None:
    with pytest.raises(Invalid) as refused:
        asked(session, means="pigeon")

    assert refused.value.problems == {"means": ["invitation.means"]}


def test_a_customer_is_asked_once_in_ninety_days_about_the_same_kind_of_event(session: Session) -> None:
    customer, clerk = make_customer(session), actor(session, "clerk")
    visit, other = make_survey(session), make_survey(session, Purpose.OTHER)
    first, _ = invite(session, clerk, visit, LINK, Occasion(customer), now=NOW)

    with pytest.raises(AskedLately) as refused:
        invite(session, clerk, make_survey(session), Asking("phone", reason="再问"), Occasion(customer), now=NOW)

    assert refused.value.number == session.get_one(SurveyInvitation, first).number
    assert refused.value.problems == {"": ["invitation.lately"]}
    invite(session, clerk, other, LINK, Occasion(customer), now=NOW)
    invite(session, clerk, visit, LINK, Occasion(customer), now=NOW + timedelta(days=90))


def test_one_that_was_taken_back_does_not_count(session: Session) -> None:
    customer, clerk, survey = make_customer(session), actor(session, "clerk"), make_survey(session)
    first, token = invite(session, clerk, survey, LINK, Occasion(customer), now=NOW)

    revoke(session, clerk, first, "发错人", now=NOW)

    assert find_link(session, token_hash(token or ""), now=NOW) is None
    invite(session, clerk, survey, LINK, Occasion(customer), now=NOW)
    with pytest.raises(WrongState):
        revoke(session, clerk, first, "再次", now=NOW)


def test_a_new_policy_may_be_called_back_again_with_a_reason(session: Session) -> None:
    customer, clerk = make_customer(session), actor(session, "clerk")
    survey = make_survey(session, Purpose.NEW_POLICY)
    first, second = (Occasion(customer, make_policy(session, customer, number=f"P2026-00012{n}")) for n in (1, 2))
    invite(session, clerk, survey, Asking("phone"), first, now=NOW)

    with pytest.raises(AskedLately):
        invite(session, clerk, survey, Asking("phone"), second, now=NOW)
    invite(session, clerk, survey, Asking("phone", reason="另一份保单"), second, now=NOW)

    entries = session.scalars(select(TrailEntry.reason).where(TrailEntry.event == "survey_invited")).all()
    assert sorted(entries) == ["", "另一份保单"]


@pytest.mark.parametrize(
    ("purpose", "code"),
    [
        (Purpose.NEW_POLICY, "invitation.policy_id_missing"),
        (Purpose.CLAIM, "invitation.claim_id_missing"),
        (Purpose.COMPLAINT, "invitation.case_id_missing"),
    ],
)
def test_a_survey_is_about_what_it_asks_of(session: Session, purpose: Purpose, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        asked(session, purpose=purpose)

    assert refused.value.problems == {"survey": [code]}


def test_a_complaint_is_judged_when_it_is_over(session: Session) -> None:
    manager, survey = actor(session, "manager"), make_survey(session, Purpose.COMPLAINT)
    case = make_case(session, manager)

    with pytest.raises(Invalid) as refused:
        invite(session, manager, survey, LINK, Occasion(case_id=case.id), now=NOW)
    assert refused.value.problems == {"survey": ["invitation.case_open"]}

    session.get_one(Case, case.id).state = "closed"
    session.flush()
    invitation_id, _ = invite(session, manager, survey, LINK, Occasion(case_id=case.id), now=NOW)
    assert session.get_one(SurveyInvitation, invitation_id).case_id == case.id


def test_who_may_not_see_the_complaint_sees_no_invitation_about_it(session: Session) -> None:
    manager, survey = actor(session, "manager"), make_survey(session, Purpose.COMPLAINT)
    case = make_case(session, manager)
    session.get_one(Case, case.id).state = "closed"
    session.flush()
    invitation_id, _ = invite(session, manager, survey, LINK, Occasion(case_id=case.id), now=NOW)

    for who in ("clerk", "archivist_city", "archivist_west"):
        assert list_invitations(session, actor(session, who), InvitationFilter()).total == 0
        with pytest.raises(NotFound):
            read_invitation(session, actor(session, who), invitation_id)
    assert list_invitations(session, actor(session, "archivist"), InvitationFilter()).total == 1

    session.add(
        CaseBar(case_id=case.id, account_id=PEOPLE["archivist"][0], relation="accused", reason="", barred_at=NOW)
    )
    session.flush()
    barred = actor(session, "archivist")
    assert list_invitations(session, barred, InvitationFilter()).total == 0
    with pytest.raises(NotFound):
        read_invitation(session, barred, invitation_id)
    with pytest.raises(NotFound):
        revoke(session, barred, invitation_id, "看不见", now=NOW)


def test_other_branches_and_agents_neither_ask_nor_see(session: Session) -> None:
    customer, survey = make_customer(session), make_survey(session)

    with pytest.raises(NotFound):
        invite(session, actor(session, "clerk_west"), survey, LINK, Occasion(customer), now=NOW)
    invite(session, actor(session, "clerk"), survey, LINK, Occasion(customer), now=NOW)

    assert list_invitations(session, actor(session, "clerk_west"), InvitationFilter()).total == 0
    assert list_invitations(session, actor(session, "agent"), InvitationFilter()).total == 0


def test_a_manager_sees_those_of_branches_below_and_takes_none_back(session: Session) -> None:
    city = make_customer(session, branch_id=3)
    clerk = actor(session, "clerk_city")
    invitation_id, _ = invite(session, clerk, make_survey(session), LINK, Occasion(city), now=NOW)
    manager = actor(session, "manager")

    assert read_invitation(session, manager, invitation_id).may_send is False
    with pytest.raises(NotAllowed):
        revoke(session, manager, invitation_id, "不该发", now=NOW)


def test_a_claim_names_its_policy_and_the_agent(session: Session) -> None:
    customer = make_customer(session, agent_id=PEOPLE["agent"][0])
    policy = make_policy(session, customer)
    claim = make_claim(session, policy)

    invitation_id, _ = asked(session, Occasion(claim_id=claim), purpose=Purpose.CLAIM)

    row = session.get_one(SurveyInvitation, invitation_id)
    assert (row.customer_id, row.policy_id, row.claim_id) == (customer, policy, claim)
    assert row.agent_id == PEOPLE["agent"][0]


def test_the_calls_whose_cooling_off_ends_first_come_first(session: Session) -> None:
    clerk, survey = actor(session, "clerk"), make_survey(session, Purpose.NEW_POLICY)
    ids = []
    for day in (28, 24, 26):
        customer = make_customer(session, f"客户{day}")
        occasion = Occasion(customer, make_policy(session, customer, number=f"P2026-0001{day}"))
        asking = Asking("phone" if day != 26 else "link", date(2026, 11, day))
        ids.append(invite(session, clerk, survey, asking, occasion, now=NOW)[0])

    page = list_calls(session, clerk, now=NOW)

    assert [row.id for row in page.items] == [ids[1], ids[2], ids[0]]
    assert list_calls(session, actor(session, "clerk_west"), now=NOW).total == 0
    assert remind_of_calls(session, now=NOW) == 1
    assert remind_of_calls(session, now=NOW) == 0
    notice = session.scalars(select(Notice).where(Notice.kind == "calls_due")).one()
    assert (notice.account_id, notice.details) == (PEOPLE["clerk"][0], {"count": 1})


def test_what_is_over_its_time_expires(session: Session) -> None:
    invitation_id, token = asked(session)
    later = NOW + timedelta(days=30)

    assert find_link(session, token_hash(token or ""), now=later) is None
    assert expire(session, now=later - timedelta(seconds=1)) == 0
    assert expire(session, now=later) == 1
    session.expire_all()
    assert session.get_one(SurveyInvitation, invitation_id).state == "expired"


def test_a_tablet_asks_one_after_another_until_it_is_closed(session: Session) -> None:
    clerk, survey = actor(session, "clerk"), make_survey(session)
    kiosk_id, token = open_kiosk(session, clerk, EAST, survey, "一号柜台", now=NOW)

    found = find_link(session, token_hash(token), now=NOW)
    assert found is not None
    assert (found.shows, found.kiosk_id) == (START, kiosk_id)
    first, second = (start_at_kiosk(session, kiosk_id, now=NOW) for _ in range(2))
    assert first != second
    row = session.scalars(select(SurveyInvitation).where(SurveyInvitation.token_hash == token_hash(first))).one()
    assert (row.means, row.customer_id, row.kiosk_id) == ("tablet", None, kiosk_id)
    assert token not in (first, second, session.get_one(SurveyKiosk, kiosk_id).token_hash)

    close_kiosk(session, clerk, kiosk_id, now=NOW)
    assert find_link(session, token_hash(token), now=NOW) is None
    with pytest.raises(NotFound):
        start_at_kiosk(session, kiosk_id, now=NOW)


def test_a_tablet_asks_no_faster_than_people_walk_by(session: Session) -> None:
    kiosk_id, token = open_kiosk(session, actor(session, "clerk"), EAST, make_survey(session), "柜台", now=NOW)
    for _ in range(STARTS):
        start_at_kiosk(session, kiosk_id, now=NOW)

    with pytest.raises(TooManyTries):
        start_at_kiosk(session, kiosk_id, now=NOW)
    start_at_kiosk(session, kiosk_id, now=NOW + timedelta(minutes=16))
    assert find_link(session, token_hash(token), now=NOW + timedelta(hours=24)) is None


def test_a_tablet_is_opened_in_ones_own_branch_with_a_survey_for_counters(session: Session) -> None:
    clerk = actor(session, "clerk")

    with pytest.raises(NotAllowed):
        open_kiosk(session, clerk, WEST, make_survey(session), "柜台", now=NOW)
    with pytest.raises(Invalid):
        open_kiosk(session, clerk, EAST, make_survey(session, Purpose.CLAIM), "柜台", now=NOW)
