"""Every route: one access decorator, nothing changed by looking, and the answer that the policy foresees, for each of the cast."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from app.config import Settings
from app.db import Base
from app.domain.customers import Particulars
from app.domain.documents import Description
from app.domain.ids import encode_id, new_id
from app.domain.office_time import office_day
from app.domain.policy import STEP_UP, Action, may_ever
from app.domain.surveys import Purpose
from app.domain.transfers import TransferHead, TransferKind
from app.models.accounts import Grant
from app.models.borrowing import LoanRule
from app.models.cases import CaseRemedy
from app.models.consultations import ReadyAnswer
from app.models.documents import Category
from app.models.evidence import Notice
from app.models.intake import PaperType, Suggestion, Twin
from app.queries.documents import category_choices
from app.services import boxes, customers, documents
from app.services.consultations import log_consultation
from app.services.missing import file_without
from app.services.sign_in_resets import ask_reset
from app.services.surveys import begin_with, create_survey
from app.services.transfers import create_transfer
from app.web.access import PUBLIC, UndeclaredRoute, public, refuse_undeclared_routes, requires
from app.web.cookies import SESSION_COOKIE
from tests.cast import EAST, ONE_OF_EACH, PEOPLE, WEST, actor
from tests.client import BASE, Portal
from tests.records import keep_a_room, make_claim
from tests.services.casework import make_case
from tests.services.papers_in import make_batch, make_item
from tests.services.surveys import ask_and_answer
from tests.services.test_consultations import PLAIN
from tests.services.test_loan_requests import ask, keep

# What a visitor may open. Each new one is a decision, so it is written down here as well.
OPEN_TO_ALL = {
    "answering.send_answer",
    "answering.send_at_kiosk",
    "answering.show_at_kiosk",
    "answering.show_link",
    "auth.activate",
    "auth.choose_language",
    "auth.enrol",
    "auth.give_code",
    "auth.sign_in",
    "auth.use_recovery",
    "health.check",
    "health.send_authority",
    "reading.verify_copy",
    "static_files.send_asset",
}
# The rules of the catalogue hold for the whole house: their forms open for its root branch's archivist alone.
ROOT_ONLY = {
    "volumes.edit_measure",
    "intake.edit_rates",
    *("catalogue.new_period", "catalogue.edit_template", "borrowing.new_rule", "climate.new_point"),
    *("completeness.new_rule", "completeness.new_type"),
    "clocks.choose_file",
}
# These begin in a customer's file, which their address names; without one there is nothing to begin with.
NEED_A_FILE = {
    "claims.new_claim",
    "policies.new_policy",
    "documents.new_document",
    "repairs.new_repair",
    "duties.new_duty",
}
# What is written while one looks: that one looked, that one was there, and that a certified copy was tried to verify.
WRITTEN_BY_LOOKING = {"trail", "sessions", "sign_in_attempts", "case_visits"}
SAFE = {"GET", "HEAD"}


@pytest.fixture(scope="module")
def portal(template_instance: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """One portal for all these tests, with something of every kind in it."""
    import shutil

    from tests.conftest import MASTER_KEY

    folder = tmp_path_factory.mktemp("routes") / "instance"
    shutil.copytree(template_instance, folder)
    portal = Portal(Settings(instance=folder, database_url=f"sqlite:///{folder / 'baodang.db'}", master_key=MASTER_KEY))
    yield portal
    portal.close()


@pytest.fixture(scope="module")
def things(portal: Portal) -> dict[str, str]:
    """An id for each name that an address can ask for."""
    now, today = datetime.now(UTC), date.today()
    with portal.session() as session:
        archivist = actor(session, "archivist")
        wang = Particulars(name="王芳", branch_id=EAST, id_number="110101199003077758", id_never_expires=True)
        customer = customers.create_customer(session, archivist, wang, now=now, today=today)
        typed = Description(category_choices(session)[0].id, "王芳身份证", author="王芳", formed_on=today)
        document = documents.receive_document(session, archivist, customer, typed, None, now=now, today=today)
        reset = ask_reset(session, actor(session, "secadmin"), PEOPLE["clerk"][0], "手机丢失", now=now)
        category = session.scalars(select(Category.id).where(Category.code == "1")).one()
        grant = session.scalars(select(Grant.id).where(Grant.account_id == PEOPLE["clerk"][0])).one()
        loan = ask(session, keep(session))[0].id
        rule = session.scalars(select(LoanRule.id).where(LoanRule.level == 4, LoanRule.way == "")).one()
        notice = session.scalars(select(Notice.id)).first() or 0
        handed = TransferHead(TransferKind.BRANCH, EAST, WEST, nature="机构撤并")
        transfer = create_transfer(session, archivist, handed, now=now)
        room, alarm, check = keep_a_room(session, now=now, today=office_day(now))
        box = boxes.create_box(session, archivist, EAST, boxes.BoxData(), now=now)
        case = make_case(session, actor(session, "clerk"), now=now, received_at=now, accused_name="档案丙").id
        remedy = CaseRemedy(id=new_id(), case_id=case, measure="培训", owner_id=PEOPLE["clerk"][0], branch_id=EAST)
        remedy.due_on, remedy.created_at = today, now
        session.add(remedy)
        asked = log_consultation(session, actor(session, "clerk"), replace(PLAIN, asked_at=now), now=now)
        answer = session.scalars(select(ReadyAnswer.id)).first() or 0
        invitation_id, token, follow_up_id, kiosk_id = ask_and_answer(session, now=now)
        words, questions = begin_with(session, actor(session, "manager"), "claim")
        survey = create_survey(session, actor(session, "manager"), EAST, Purpose.CLAIM, words, questions, now=now)
        suggestion, twin = lay_on_the_desk(session, now=now)
        paper_type = session.scalars(select(PaperType.id).where(PaperType.code == "notice")).one()
        missing = owe_a_paper(session, now=now, today=today)
        session.commit()
    ids = {
        "type_id": paper_type,
        "missing_id": missing,
        "suggestion_id": suggestion,
        "twin_id": twin,
        "survey_id": survey,
        "invitation_id": invitation_id,
        "follow_up_id": follow_up_id,
        "kiosk_id": kiosk_id,
        "consultation_id": asked,
        "answer_id": answer,
        "case_id": case,
        "remedy_id": remedy.id,
        "box_id": box,
        "request_id": loan,
        "rule_id": rule,
        "notice_id": notice,
        "customer_id": customer,
        "document_id": document,
        "reset_id": reset,
        "category_id": category,
        "grant_id": grant,
        "account_id": PEOPLE["clerk"][0],
        "branch_id": EAST,
        "place_id": room,
        "transfer_id": transfer,
        "alarm_id": alarm,
        "check_id": check,
    }
    return {name: encode_id(number) for name, number in ids.items()} | {
        "code": "D10",
        "path": "app.css",
        "kind": "paper",
        "name": "loan_ready_days",
        "token": token,
        "kiosk": "elsewhere",
        "key": "overall",
    }


def owe_a_paper(session: Session, *, now: datetime, today: date) -> int:
    """File a claim without a paper and return the line of what is owed."""
    claim = make_claim(session, number="C2026-777777")
    kind = session.scalars(select(PaperType.id).where(PaperType.code == "bank_card")).one()
    who = actor(session, "archivist")
    return file_without(
        session, who, claim_id=claim, business="claim", paper_type_ids=[kind], reason="后补", now=now, today=today
    )[0]


def lay_on_the_desk(session: Session, *, now: datetime) -> tuple[int, int]:
    """Lay two papers on the desk and return the ids of a suggestion for one, and of what is said of both."""
    batch = make_batch(session, now=now)
    one, other = (make_item(session, batch, now=now) for _ in range(2))
    suggestion = Suggestion(id=new_id(), item_id=one, field="author", value="王芳", score=0.9, why='["author.head"]')
    twin = Twin(id=new_id(), item_id=one, kind="same_file", other_item_id=other, score=1.0)
    session.add_all([suggestion, twin])
    return suggestion.id, twin.id


def rules_of(app: Flask, method: str) -> list[Rule]:
    """The rules that take a method, in the order of their addresses; those that end a session come last."""
    rules = [rule for rule in app.url_map.iter_rules() if method in (rule.methods or set())]
    return sorted(rules, key=lambda rule: (rule.endpoint.startswith("auth."), rule.rule))


def address_of(rule: Rule, things: dict[str, str]) -> str:
    """An address of a rule: known ids where there are some, ids of nothing elsewhere."""

    def fill_in(match: re.Match[str]) -> str:
        kind, name = match.groups()
        return things.get(name, "1" if (kind or "").startswith("int") else encode_id(4242))

    return re.sub(r"<(?:([^:<>]+):)?(\w+)>", fill_in, rule.rule)


def access_of(app: Flask, rule: Rule) -> str:
    """What the one decorator of a route says."""
    return str(vars(app.view_functions[rule.endpoint])["access"])


def test_every_route_says_who_may_use_it(portal: Portal) -> None:
    declared = {rule.endpoint: access_of(portal.app, rule) for rule in portal.app.url_map.iter_rules()}

    assert set(declared.values()) <= {PUBLIC, *Action}
    assert {endpoint for endpoint, access in declared.items() if access == PUBLIC} == OPEN_TO_ALL


def test_a_route_with_two_decorators_or_none_is_refused() -> None:
    def view() -> str:
        return ""

    app = Flask("bare", static_folder=None)
    app.add_url_rule("/bare", view_func=view)

    with pytest.raises(UndeclaredRoute):
        refuse_undeclared_routes(app)
    with pytest.raises(UndeclaredRoute):
        public(requires(Action.HOME)(view))


def test_a_visitor_gets_nothing_but_what_is_open_to_all(portal: Portal, things: dict[str, str]) -> None:
    visitor = portal.visitor()
    visitor.get("/login")
    wrong = []
    for method in ("GET", "POST"):
        for rule in rules_of(portal.app, method):
            data = {"csrf_token": visitor.token} if method == "POST" else None
            answer = visitor.client.open(address_of(rule, things), method=method, base_url=BASE, data=data)
            if access_of(portal.app, rule) == PUBLIC:
                wrong += [(rule.rule, answer.status_code)] if answer.status_code >= 500 else []
            elif (answer.status_code, answer.location) != (303, "/login"):
                wrong.append((rule.rule, answer.status_code))

    assert wrong == []


@pytest.mark.parametrize("stepped_up", [False, True], ids=["stale", "fresh"])
@pytest.mark.parametrize("who", ONE_OF_EACH)
def test_a_page_opens_exactly_when_the_policy_says_so(portal: Portal, who: str, stepped_up: bool) -> None:
    with portal.session() as session:
        person = actor(session, who)
    browser = portal.browser(who, stepped_up=stepped_up)
    wrong = []
    for rule in rules_of(portal.app, "GET"):
        access = access_of(portal.app, rule)
        if rule.arguments or access == PUBLIC:
            continue
        action = Action(access)
        expected = 200
        if not may_ever(person, action):
            expected = 403
        elif action in STEP_UP and not stepped_up:
            expected = 303
        elif rule.endpoint in ROOT_ONLY and who != "archivist_head":
            expected = 403
        if expected == 200 and rule.endpoint in NEED_A_FILE:
            expected = 404
        if rule.endpoint == "home.show_home" and who == "agent":
            expected = 303  # to the agents' own start page
        for method in ("GET", "HEAD"):
            status = browser.client.open(rule.rule, method=method, base_url=BASE).status_code
            if status != expected:
                wrong.append((method, rule.rule, status, expected))

    assert wrong == []


def contents(session: Session) -> dict[str, list[Any]]:
    """All rows of all tables but those that looking writes to."""
    kept = [table for table in Base.metadata.sorted_tables if table.name not in WRITTEN_BY_LOOKING]
    found = {table.name: sorted(map(str, session.execute(select(table)))) for table in kept}
    found["number_series"] = [row for row in found["number_series"] if "'trail'" not in row]
    return found


@pytest.mark.parametrize("who", ONE_OF_EACH)
def test_looking_changes_nothing_and_breaks_nothing(portal: Portal, things: dict[str, str], who: str) -> None:
    with portal.session() as session:
        before = contents(session)
    browser = portal.browser(who, stepped_up=True)
    wrong = []
    for rule in rules_of(portal.app, "GET"):
        for method, headers in (("GET", {}), ("GET", {"HX-Request": "true"}), ("HEAD", {})):
            # A HEAD needs no token: one that is taken for a POST would be a way round it.
            data = {"reason": "x", "do": ""} if method == "HEAD" else None
            answer = browser.client.open(
                address_of(rule, things), method=method, base_url=BASE, headers=headers, data=data
            )
            if answer.status_code not in (200, 204, 303, 403, 404):
                wrong.append((method, rule.rule, answer.status_code))

    with portal.session() as session:
        assert contents(session) == before
    assert wrong == []


@pytest.mark.parametrize("who", ONE_OF_EACH)
def test_an_empty_form_is_refused_where_the_policy_says_so_and_breaks_nothing(
    portal: Portal, things: dict[str, str], who: str
) -> None:
    with portal.session() as session:
        person = actor(session, who)
    nothing = {name: encode_id(4242) for name in things} | {"code": "D77"}
    wrong = []
    browser = None
    for rule in rules_of(portal.app, "POST"):
        if browser is None:
            browser = portal.browser(who, stepped_up=True)
            browser.get("/account/sessions")
        answer = browser.client.post(address_of(rule, nothing), base_url=BASE, data={"csrf_token": browser.token})
        access = access_of(portal.app, rule)
        allowed = access == PUBLIC or may_ever(person, Action(access))
        if answer.status_code >= 500 or (not allowed and answer.status_code != 403):
            wrong.append((rule.rule, answer.status_code))
        if SESSION_COOKIE in "".join(answer.headers.getlist("Set-Cookie")):
            browser = None  # it signed out or began a new session
        elif access != PUBLIC and answer.location == "/login":
            wrong.append((rule.rule, "nobody is signed in"))

    assert wrong == []


def test_every_unsafe_method_needs_the_token_of_its_session(portal: Portal, things: dict[str, str]) -> None:
    browser = portal.browser("archivist_head", stepped_up=True)
    other = portal.browser("archivist_head")
    other.get("/account/sessions")
    assert other.token
    open_ones = []
    for rule in rules_of(portal.app, "POST"):
        for token in ("", "garbage", other.token):
            answer = browser.client.post(address_of(rule, things), base_url=BASE, data={"csrf_token": token})
            if answer.status_code != 403:
                open_ones.append((rule.rule, answer.status_code))

    assert open_ones == []


def test_no_route_changes_things_by_a_safe_method(portal: Portal) -> None:
    """What changes something is named by a verb; a route of such a name never answers a GET alone."""
    verbs = "create change add remove disable enable confirm refuse withdraw revoke file reopen catalogue end cancel sign_out"
    changing = tuple(f"{verb}_" if "_" not in verb else verb for verb in verbs.split())
    safe_only = [
        rule.endpoint
        for rule in portal.app.url_map.iter_rules()
        if rule.endpoint.rpartition(".")[2].startswith(changing) and (rule.methods or set()) - {"OPTIONS"} <= SAFE
    ]

    assert safe_only == []
