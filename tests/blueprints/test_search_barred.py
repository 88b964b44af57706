"""Who is barred from a complaint gets the same answer of the search as if there were none: hits, counts, kinds, snippets."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.cases import Case, CaseBar
from app.models.consultations import Consultation
from app.models.documents import Document
from app.ports import IndexUnavailable
from app.queries import search as queries
from app.queries.actors import actor_of_account
from app.queries.search import barred_keys, clauses_for, search
from app.queries.search_entries import all_entries
from app.services.consultations import log_consultation
from tests.cast import NOW, PEOPLE, WEST, actor
from tests.client import Portal
from tests.records import make_customer, make_document, make_policy
from tests.services.casework import make_case
from tests.services.test_consultations import PLAIN

CHANGING = re.compile(r'(X-CSRF-Token": "|csrf_token" value="|[?&]s=)[^"&]*')
# The complainant, his phone, a word of the request, the numbers, a word of the filed paper, and what others share.
ASKED = ("申屠望舒", "13900000001", "蹊跷", "TS2026-000001", "ZX2026-000001", "卷宗里的字", "王芳", "申", "住院医疗")
KINDS = ("", "case", "consultation", "document", "customer")


def answer(portal: Portal, who: str, text: str, kind: str = "") -> str:
    """What the search says, without what differs from one request to the next."""
    page = portal.browser(who).get("/search", query_string={"q": text, "kind": kind}).text
    return CHANGING.sub(r"\1", page)


def answers(portal: Portal, who: str) -> dict[tuple[str, str], str]:
    """Everything that somebody may learn by searching."""
    return {(text, kind): answer(portal, who, text, kind) for text in ASKED for kind in KINDS}


def rebuild(portal: Portal) -> None:
    """Let the index know everything."""
    with portal.session() as session:
        portal.app.extensions["tools"].index.rebuild(all_entries(session))


def customer_with_papers(portal: Portal) -> int:
    """A customer whom everybody here may see."""
    with portal.session() as session:
        customer = make_customer(session)
        make_policy(session, customer)
        make_document(session, customer)
        session.commit()
    return customer


def complain(session: Session, customer: int, *, barred: str) -> Case:
    """A consultation that became a complaint, with a paper of it in the file; `barred` may not see it."""
    asked = log_consultation(
        session, actor(session, "clerk"), replace(PLAIN, asker="申屠望舒", customer_id=customer), now=NOW
    )
    case = make_case(
        session,
        actor(session, "manager"),
        consultation_id=asked,
        customer_id=customer,
        facts="销售时言语蹊跷。",
        accused_account_id=PEOPLE[barred][0],
    )
    paper = session.get_one(Document, make_document(session, customer, title="卷宗里的字"))
    paper.case_id, paper.customer_id = case.id, customer
    session.flush()
    return case


@pytest.mark.parametrize("barred", ["archivist", "clerk"])
def test_the_barred_gets_the_same_answer_as_before_there_was_a_complaint(portal: Portal, barred: str) -> None:
    customer = customer_with_papers(portal)
    rebuild(portal)
    before = answers(portal, barred)
    with portal.session() as session:
        complain(session, customer, barred=barred)
        session.commit()
    rebuild(portal)

    after = answers(portal, barred)

    assert after == before
    with portal.session() as session:
        seen = actor(session, barred)
        assert seen.barred
        assert len(barred_keys(session, seen)) == 3
    told = answer(portal, "manager", "蹊跷")
    assert "TS2026-000001" in told
    assert "ZX2026-000001" in answer(portal, "manager", "ZX2026-000001")
    assert "卷宗里的字" in answer(portal, "manager", "卷宗里的字")


def test_many_hits_are_counted_without_what_one_is_barred_from(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    customer = customer_with_papers(portal)
    with portal.session() as session:
        complain(session, customer, barred="archivist")
        session.commit()
    rebuild(portal)
    monkeypatch.setattr(queries, "CHECKED", -1)  # as when there are too many to be checked one by one
    index = portal.app.extensions["tools"].index

    with portal.app.app_context(), portal.session() as session:
        counted = {
            who: search(session, actor(session, who), index, text)
            for who, text in (("archivist", "申屠望舒"), ("manager", "申屠望舒"))
        }

    assert (counted["archivist"].total, counted["archivist"].rows) == (0, [])
    assert dict(counted["archivist"].by_kind) == {}
    assert dict(counted["manager"].by_kind) == {"case": 1, "consultation": 1}


def test_without_the_index_the_barred_finds_no_more(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    customer = customer_with_papers(portal)
    with portal.session() as session:
        complain(session, customer, barred="archivist")
        session.commit()
    index = portal.app.extensions["tools"].index

    def refuse(*_args: Any, **_more: Any) -> None:
        raise IndexUnavailable

    monkeypatch.setattr(type(index), "search", refuse)
    for number in ("TS2026-000001", "ZX2026-000001"):
        assert "没有找到" in answer(portal, "archivist", number)
        assert number in answer(portal, "manager", number).replace("没有找到", "")
    assert ">1<" in answer(portal, "manager", "TS2026-000001")


def test_a_complaint_is_found_by_its_handler_registrar_and_deputy_alone(portal: Portal) -> None:
    with portal.session() as session:
        case = make_case(session, actor(session, "clerk"), handler_id=PEOPLE["archivist"][0])
        make_case(session, actor(session, "manager_west"), branch_id=WEST, name="申屠望舒", phone="13900000002")
        number = case.number
        session.commit()
    rebuild(portal)

    for who, found in (
        ("clerk", True),
        ("archivist", True),
        ("manager", True),
        ("clerk_city", False),
        ("archivist_west", True),
    ):
        page = answer(portal, who, "申屠望舒")
        assert ("TS2026-" in page) is found, who
        assert page.count(number) == (who in {"clerk", "archivist", "manager"}), who
        assert 'kind=case"' in page, who
    portal.browser("agent").post("/search", {"q": "申屠望舒"}, status=403)
    with portal.session() as session:
        deputy = replace(actor(session, "clerk_city"), stands_for=frozenset({PEOPLE["archivist"][0]}))
        rows = search(session, deputy, portal.app.extensions["tools"].index, "申屠望舒").rows
    assert [row.number for row in rows] == [number]


def test_nobody_pays_for_bars_that_he_does_not_have(portal: Portal) -> None:
    with portal.session() as session:
        free = actor(session, "archivist")

        assert barred_keys(session, free) == frozenset()
        assert all(clause.without == frozenset() for clause in clauses_for(free))


def test_the_bar_holds_from_the_moment_of_registering(portal: Portal) -> None:
    """Before the index is told anew: the clause leaves out what stands in the database."""
    customer = customer_with_papers(portal)
    with portal.session() as session:
        case = complain(session, customer, barred="clerk_city")
        session.commit()
        rebuild(portal)
        session.add(
            CaseBar(
                case_id=case.id,
                account_id=PEOPLE["archivist"][0],
                relation="declared",
                barred_by=PEOPLE["manager"][0],
                barred_at=NOW,
            )
        )
        session.commit()
        seen = actor_of_account(session, PEOPLE["archivist"][0], now=NOW)
        consultation = session.scalars(select(Consultation)).one()

    assert seen is not None
    assert case.id in seen.barred
    assert consultation.case_id == case.id
    assert "TS2026-000001" not in re.sub(
        "没有找到“[^”]*”", "", re.sub(r'value="[^"]*"', "", answer(portal, "archivist", "TS2026-000001"))
    )
