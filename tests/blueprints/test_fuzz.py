"""Thousands of requests that no browser sends: every route, every parameter, spoilt in every way; none may break the portal.

Seeded: a red run is made again by its seed. Both databases take part, since each chokes on other values.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any

import pytest
from flask import got_request_exception
from sqlalchemy import create_engine
from sqlalchemy.orm import Session
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from app.config import Settings
from app.domain.customers import Particulars
from app.domain.documents import Description
from app.domain.ids import encode_id
from app.queries.documents import category_choices
from app.services import customers, documents
from tests.cast import EAST, actor
from tests.client import BASE, Browser, Portal
from tests.conftest import fill
from tests.postgres import new_database
from tests.records import keep_a_room
from tests.services.casework import make_case

SEED = 20261122
REQUESTS = 1_000
ROLES = ("archivist", "manager", "sysadmin", "secadmin", "visitor")
# What the routes read from addresses and forms, in one heap: a route also meets what is meant for another.
NAMES = re.findall(
    r"\S+",
    """at sort page s q find text kind class customer policy branch branch_id level state from to number category carrier
    version field reason name id_kind id_number birth_date sex mobile annual_income id_expires_on agent_id surely_new clear
    idempotency_key category_id title author formed_on period page_count is_original policy_id claim_id files file
    without_scan paper_pages register year filed_from filed_to username password code again current locale role account
    grant status product line premium effective_on expires_on amount event day account_id valid_from valid_to parent_id
    code position spine_mm count rows bays shelves first skip direction room stands item box
    nature years witness note equipment to_branch_id from_branch_id side signer drawing remark pages back way show since until month
    room_id stocktake_id transfer_id handover_id thing kind_of parent climate_kind
    fonds_code csrf_token kind[] level[0] __proto__ q[$ne]
    scanned_by device scanned_on dpi colour declared_items declared_pages
    drop items for purpose purpose_note days wanted_from external_name officer_1 officer_2 letter identity bag tab
    undo view described do pick then flag mine source confirmed action busy decision items customer_id paper_type_id
    allowed approvers renewals most_at_once block_overdue_days basis effective_from active
    channel received_at complainant_kind who persons representatives accused_name accused_number accused_branch_id
    stage_id cause_id cause handler mark claim consultation do asker about topic question answer answer_id result
    follow_up_on follow_up_by asked_at keywords request facts relation person own_reason
    survey means due_on recording answered_on opened whose follow_up kiosk q_read q_overall q_nps q_comment decision beside
    paper papers holds rule told_on told_how again_reason verdict condition condition_words need copies hint paper_type_id
    title_pattern business past before claim_kind customer_kind try
    ref order series condition_note see_also volume volume_id volume_most_pages seen""",
)
WORDS = r"""
    0 -1 1 2 4 99 1e9 1.5 0x10 1_000 NaN null [] {} [null] true None garbage \'or/**/1=1-- ;drop-table-customers {{7*7}}
    "><script>alert(1)</script> ${7*7} %s%n ../../etc 0000-00-00 9999-12-31 0001-01-01 2026-11-22 2026-02-30 2026-W01-1
    20261122 name name_desc updated person received filed in_force open 11 D10 ٣ １２ 张 王芳 𠮷 ٢٠٢٦-٠١-٠١ ==== W MQ W10 e30
    bnVsbA WzAsW251bGwsbnVsbF1d WzAsW1tdLDFdXQ WzEsWyJcdWQ4MDAiLDFdXQ WzAsWzFlOTk5LDFdXQ WzAsWyIxIiwxXV0 WzAsWyIwMCIsMV1d
    WzAsWzk5OTk5OTk5OTk5OTk5OTk5OTk5LDFdXQ WzAsWyJcdTAwMDAiLDFdXQ
"""
SPOILT: tuple[str | bytes, ...] = (
    *WORDS.split(),
    *("", " ", "\x00", "a\x00b", "\u202e", "\ufeff", "\r\nSet-Cookie: a=b", b"\xff\xfe", b"\xe4\xbd", b"\xed\xa0\x80"),
    *("9" * 19, "9" * 40, "-" + "9" * 30, str(2**62), str(2**63), "A" * 5_000, "張" * 2_000, "a" * 200 + "!"),
)
PATHS = (
    *("%ff%fe", "%00", "..%2f..%2fetc%2fpasswd", "0000000000000", "zzzzzzzzzzzzz", "1", "-1", "é", "%E5%BC%A0", "%"),
    "a" * 3_000,
)
METHODS = ("GET",) * 6 + ("POST",) * 5 + ("HEAD", "PUT", "DELETE", "OPTIONS")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def portal(request: pytest.FixtureRequest, settings: Settings) -> Iterator[Portal]:
    """The portal on either database, with its own tables."""
    if request.param == "postgres":
        settings = replace(settings, database_url=new_database_of_cast(request.getfixturevalue("postgres_url")))
    portal = Portal(settings)
    yield portal
    portal.close()


def new_database_of_cast(url: str) -> str:
    """Return the address of a new database with the cast in it."""
    address = new_database(url)
    engine = create_engine(address)
    fill(engine)
    engine.dispose()
    return address


class Fuzzer:
    """Somebody who tries everything."""

    def __init__(self, portal: Portal, seed: int) -> None:
        self.portal = portal
        self.rng = Random(seed)
        self.ids = keep_something(portal)
        self.rules = [rule for rule in portal.app.url_map.iter_rules() if "GET" in (rule.methods or ()) or rule.methods]
        self.browsers: dict[str, Browser] = {}
        self.faults: list[str] = []
        got_request_exception.connect(self._note_fault)

    def send(self) -> tuple[str, str, TestResponse]:
        """Send one request and return what it was, what broke, and the answer."""
        rng, role = self.rng, self.rng.choice(ROLES)
        browser = self.browser(role)
        method, rule = rng.choice(METHODS), rng.choice(self.rules)
        address = self.path(rule) + self.query()
        headers = {"HX-Request": "true"} if rng.random() < 0.3 else {}
        if rng.random() < 0.1:
            headers["HX-Current-URL"] = f"{BASE}/{rng.choice(PATHS)}"
        options: dict[str, Any] = {}
        if method == "POST":
            options["data"] = self.form(browser.token)
        answer = browser.client.open(address, method=method, base_url=BASE, headers=headers, **options)
        if answer.status_code in (303, 401) and "/login" in answer.headers.get("Location", "/login"):
            self.browsers.pop(role)
        said = self.faults.pop() if answer.status_code >= 500 and self.faults else ""
        return f"{role} {method} {address[:300]} {str(options)[:600]}", said, answer

    def _note_fault(self, _app: object, exception: BaseException) -> None:
        frames = traceback.extract_tb(exception.__traceback__)
        ours = [f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames if "/app/" in frame.filename]
        self.faults.append(f"{exception!r}"[:300] + " " + " ".join(ours[-3:]))

    def browser(self, role: str) -> Browser:
        """Return somebody's browser, signed in again where the last request has ended the session."""
        if role not in self.browsers:
            browser = self.portal.visitor() if role == "visitor" else self.portal.browser(role, stepped_up=True)
            browser.get("/login" if role == "visitor" else "/account/sessions")
            self.browsers[role] = browser
        return self.browsers[role]

    def path(self, rule: Rule) -> str:
        """Return an address of the rule with known, unknown and spoilt ids in it."""

        def fill_in(match: re.Match[str]) -> str:
            if self.rng.random() < 0.25:
                return self.rng.choice(PATHS)
            if match.group(1) == "int":
                return self.rng.choice(("1", "0", "2", "99999999999999999999999"))
            return self.rng.choice(self.ids)

        return re.sub(r"<(?:(\w+)(?:\([^)]*\))?:)?\w+>", fill_in, str(rule))

    def query(self) -> str:
        """Return a query of some parameters, most of them spoilt."""
        from urllib.parse import quote

        pairs = [(self.rng.choice(NAMES), self.value()) for _ in range(self.rng.choice((0, 0, 1, 2, 4)))]
        return "?" + "&".join(f"{quote(name)}={quote(value)}" for name, value in pairs) if pairs else ""

    def form(self, token: str) -> dict[str, Any]:
        """Return a form; its token is right nine times out of ten."""
        form: dict[str, Any] = {name: self.value() for name in self.rng.sample(NAMES, self.rng.randrange(12))}
        if self.rng.random() < 0.5:
            form |= {name: [self.value(), self.value()] for name in self.rng.sample(NAMES, 2)}
        for name in ("files", "file"):
            form.pop(name, None)
        if self.rng.random() < 0.04:
            form["files"] = (
                BytesIO(self.rng.randbytes(self.rng.choice((0, 7, 900)))),
                str(self.rng.choice(("a.pdf", "x" * 300))),
            )
        return form | ({"csrf_token": token} if self.rng.random() < 0.9 else {})

    def value(self) -> str | bytes:
        """Return a value: spoilt, or an id that is there."""
        return self.rng.choice(SPOILT) if self.rng.random() < 0.85 else self.rng.choice(self.ids)


def keep_something(portal: Portal) -> list[str]:
    """Keep a customer and two items, and return ids of theirs and of people and branches, and one of nothing."""
    now, today = datetime.now(UTC), date(2026, 1, 2)
    with portal.session() as session:
        archivist = actor(session, "archivist")
        kept = Particulars(name="王芳", branch_id=EAST, id_number="110101199003077758", mobile="13800138000")
        customer = customers.create_customer(session, archivist, kept, now=now, today=today)
        category = category_choices(session)[0].id
        items = [_item(session, archivist, customer, category, now, today) for _ in range(2)]
        kept_room = keep_a_room(session, now=now, today=today)
        case = make_case(session, actor(session, "clerk"), now=now, received_at=now, customer_id=customer).id
        session.commit()
    return [encode_id(number) for number in (customer, *items, *kept_room, case, category, 111, 121, EAST, 4242)]


def _item(session: Session, archivist: Any, customer: int, category: int, now: datetime, today: date) -> int:
    typed = Description(category, "王芳身份证", author="王芳", formed_on=today, page_count=1)
    return documents.receive_document(session, archivist, customer, typed, None, now=now, today=today)


def test_nothing_that_anybody_sends_breaks_the_portal(portal: Portal) -> None:
    fuzzer = Fuzzer(portal, SEED)

    sent = [fuzzer.send() for _ in range(REQUESTS)]

    broken = {said: request for request, said, answer in sent if answer.status_code >= 500}
    assert not broken, f"{len(broken)} faults:\n" + "\n".join(
        f"{said}\n  {request}" for said, request in broken.items()
    )
    seen = {answer.status_code for _, _, answer in sent}
    assert {200, 303, 403, 404, 405, 422} <= seen
    assert not [request for request, _, answer in sent if b"<script>alert" in answer.data]
