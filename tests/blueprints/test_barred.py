"""Who may not see a complaint finds no trace of it: no page, no count, no line, no step, not by address, not by the work done."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass

import pytest
from sqlalchemy import event, select, update
from werkzeug.routing import Rule

from app.db import db
from app.domain.ids import encode_id, new_id
from app.domain.policy import Action, may_ever
from app.models.cases import CaseRemedy
from app.models.consultations import Consultation
from app.models.documents import Document
from app.models.surveys import FollowUp, Survey, SurveyAnswer, SurveyInvitation, SurveyVersion
from app.web.access import PUBLIC
from tests.cast import EAST, NOW, PEOPLE, actor
from tests.client import BASE, Browser, Portal
from tests.records import make_customer, make_document
from tests.services.casework import make_case

ACCUSED = "manager"
NOWHERE = encode_id(4242)
# What is different each time a page is made.
CHANGING = re.compile(
    r'name="csrf_token" value="[^"]*"|X-CSRF-Token": "[^"]*"|name="idempotency_key"[^>]*value="[^"]*"'
    # That he looked himself.
    r'|<li class="">\s*<span class="timeline-when">[^<]*</span>\s*<span>查看客户档案</span>\s*</li>'
    r'|nonce-[^"\' ;]*|value="\d{4}-\d\d-\d\dT\d\d:\d\d"|\d\d:\d\d(:\d\d)?'
)


@dataclass(frozen=True, slots=True)
class Hidden:
    """A complaint about the manager and all that hangs on it."""

    case_id: int
    consultation_id: int
    document_id: int
    follow_up_id: int
    invitation_id: int
    survey_id: int
    customer_id: int

    def addresses(self) -> dict[str, str]:
        """Return their ids as addresses spell them."""
        return {name: encode_id(getattr(self, name)) for name in self.__slots__}


def hide(portal: Portal, customer_id: int) -> Hidden:
    """Let a clerk register and handle a complaint about the manager, with everything that can belong to one."""
    with portal.session() as session:
        case = make_case(
            session,
            actor(session, "clerk"),
            handler_id=PEOPLE["clerk"][0],
            accused_name=PEOPLE[ACCUSED][1],
            customer_id=customer_id,
        )
        document_id = make_document(session, customer_id, title="投诉处理案卷")
        session.execute(update(Document).where(Document.id == document_id).values(case_id=case.id))
        survey = session.scalars(select(Survey).where(Survey.purpose == "complaint")).one()
        version = session.scalars(select(SurveyVersion.id).where(SurveyVersion.survey_id == survey.id)).first()
        asked = Consultation(
            id=new_id(),
            number="ZX2026-900001",
            branch_id=EAST,
            channel="call",
            asked_at=NOW,
            customer_id=customer_id,
            about="other",
            topic="other",
            question="想投诉",
            result="complaint",
            case_id=case.id,
            logged_at=NOW,
            updated_at=NOW,
        )
        invitation = SurveyInvitation(
            id=new_id(),
            number="HF2026-900001",
            survey_id=survey.id,
            version_id=version,
            branch_id=EAST,
            purpose="complaint",
            customer_id=customer_id,
            case_id=case.id,
            means="phone",
            state="answered",
            made_at=NOW,
            expires_at=NOW,
        )
        session.add_all([asked, invitation])
        session.flush()
        answer = SurveyAnswer(
            id=new_id(),
            invitation_id=invitation.id,
            survey_id=survey.id,
            version_id=version,
            branch_id=EAST,
            answered_at=NOW,
            overall=1,
            nps=0,
        )
        task = FollowUp(
            id=new_id(),
            invitation_id=invitation.id,
            branch_id=EAST,
            case_id=case.id,
            reason="low_score",
            due_on=NOW.date(),
            created_at=NOW,
        )
        remedy = CaseRemedy(
            id=new_id(),
            case_id=case.id,
            measure="培训",
            owner_id=PEOPLE["clerk"][0],
            branch_id=EAST,
            due_on=NOW.date(),
            created_at=NOW,
        )
        session.add_all([answer, task, remedy])
        session.commit()
        return Hidden(case.id, asked.id, document_id, task.id, invitation.id, survey.id, customer_id)


def plain(text: str) -> str:
    """Return a page without what is different each time."""
    return "\n".join(line.strip() for line in CHANGING.sub("", text).splitlines() if line.strip())


def difference(before: str, after: str) -> list[str]:
    """Return the lines that changed, to find the leak by."""
    changes = difflib.ndiff(before.splitlines(), after.splitlines())
    return [line for line in changes if line.startswith(("+", "-")) and line[1:].strip()]


def pages_of(portal: Portal, browser: Browser, hidden_in: dict[str, str]) -> dict[str, str]:
    """Return every page that the accused may open, by its address."""
    with portal.session() as session:
        person = actor(session, ACCUSED)
    pages: dict[str, str] = {}
    for rule in portal.app.url_map.iter_rules():
        access = vars(portal.app.view_functions[rule.endpoint]).get("access")
        if "GET" not in (rule.methods or ()) or access in (None, PUBLIC) or not may_ever(person, Action(str(access))):
            continue
        if rule.arguments and not rule.arguments <= set(hidden_in):
            continue
        address = re.sub(r"<(?:[^:<>]+:)?(\w+)>", lambda match: hidden_in[match[1]], rule.rule)
        answer = browser.client.get(address, base_url=BASE)
        pages[address] = f"{answer.status_code} {plain(answer.text)}"
    return pages


@pytest.fixture
def customer_id(portal: Portal) -> int:
    """A customer of the manager's branch, whom he may see."""
    with portal.session() as session:
        found = make_customer(session, "王芳")
        session.commit()
    return found


def test_no_page_tells_the_accused_that_there_is_a_complaint(portal: Portal, customer_id: int) -> None:
    browser = portal.browser(ACCUSED, stepped_up=True)
    with portal.session() as session:
        survey_id = session.scalars(select(Survey.id).where(Survey.purpose == "complaint")).one()
    shown = {"customer_id": encode_id(customer_id), "survey_id": encode_id(survey_id)}
    before = pages_of(portal, browser, shown)

    hide(portal, customer_id)
    after = pages_of(portal, browser, shown)

    assert len(before) > 30
    assert {
        address: difference(before[address], after[address]) for address in before if before[address] != after[address]
    } == {}
    # The same pages do change for somebody who may see it.
    assert "TS2026-000001" in portal.browser("archivist").get("/casework").text


def rules_with(portal: Portal, names: set[str]) -> list[tuple[str, Rule]]:
    return [
        (method, rule)
        for rule in portal.app.url_map.iter_rules()
        for method in ("GET", "POST")
        if method in (rule.methods or ()) and rule.arguments & names
    ]


def test_every_address_of_it_answers_as_for_nothing(portal: Portal, customer_id: int) -> None:
    hidden = hide(portal, customer_id).addresses()
    browser = portal.browser(ACCUSED, stepped_up=True)
    browser.get("/account/sessions")
    names = {"case_id", "consultation_id", "document_id", "follow_up_id", "invitation_id"}

    wrong = []
    rules = rules_with(portal, names)
    for method, rule in rules:
        told = [
            answer_of(browser, method, address_with(rule, ids))
            for ids in (hidden, hidden | dict.fromkeys(names, NOWHERE))
        ]
        if told[0] != told[1]:
            wrong.append((method, rule.rule, told[0][0], told[1][0]))

    assert len(rules) > 40
    assert wrong == []


def address_with(rule: Rule, ids: dict[str, str]) -> str:
    return re.sub(
        r"<(?:([^:<>]+):)?(\w+)>", lambda match: ids.get(match[2], "1" if match[1] == "int" else NOWHERE), rule.rule
    )


def answer_of(browser: Browser, method: str, address: str) -> tuple[int, str]:
    data = {"csrf_token": browser.token} if method == "POST" else None
    answer = browser.client.open(address, method=method, base_url=BASE, data=data)
    return answer.status_code, plain(answer.text).replace(address, "")


def test_looking_for_it_costs_the_same_as_looking_for_nothing(portal: Portal, customer_id: int) -> None:
    hidden = hide(portal, customer_id).addresses()
    browser = portal.browser(ACCUSED)
    browser.get("/customers")

    asked = [statements(portal, browser, f"/casework/{found}") for found in (hidden["case_id"], NOWHERE)]

    assert asked[0] == asked[1]


def statements(portal: Portal, browser: Browser, address: str) -> list[str]:
    """Return the statements that the database was asked for one page."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    with portal.app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    browser.get(address, status=404)
    event.remove(engine, "before_cursor_execute", note)
    return seen
