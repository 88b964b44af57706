"""The screens of deciding: from findings to the filed dossier, the letters, and who is kept out."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pypdfium2
import pytest
from sqlalchemy import select
from sqlalchemy.orm import sessionmaker

from app.db import db
from app.domain.ids import encode_id
from app.jobs.case_filing import file_case
from app.jobs.handlers import Work
from app.jobs.search import feed_waiting
from app.models.cases import Case, CaseBar, CaseCause, CaseFile, CaseRemedy
from app.models.customers import Customer
from app.models.documents import Document
from app.models.machinery import TrailEntry
from tests.cast import PEOPLE, actor
from tests.client import Portal
from tests.records import make_customer
from tests.services.casework import make_case
from tests.services.deciding import HANDLER, plain_proposal

FINDINGS = {"finding": "录音证实承诺保证收益。", "opinion": "部分支持", "is_mediated": "", "mediation": ""}
TELLING = {"told_channel": "phone", "told_proof": "录音 7"}


def arrange(portal: Portal, *, with_customer: bool = True) -> int:
    """A complaint of today that the clerk handles."""
    now = datetime.now(UTC)
    with portal.session() as session:
        values: dict[str, Any] = {"received_at": now - timedelta(days=2)}
        if with_customer:
            values["customer_id"] = make_customer(session)
        case = make_case(session, actor(session, "clerk"), now=now, handler_id=HANDLER, **values)
        session.commit()
        return case.id


def load(portal: Portal, case_id: int) -> Case:
    """The case as it stands."""
    with portal.session() as session:
        return session.get_one(Case, case_id)


def step(portal: Portal, who: str, case_id: int, name: str, *, status: int = 303, **fields: Any) -> str:
    """Send one form of the case's page with the version that it shows."""
    version = str(load(portal, case_id).version)
    path = f"/casework/{encode_id(case_id)}/{name}"
    return portal.browser(who).post(path, {"version": version, **fields}, status=status).text


def proposal(portal: Portal, case_id: int) -> dict[str, str]:
    """A proposal that lacks nothing, as its form sends it."""
    with portal.session() as session:
        plain = plain_proposal(session, session.get_one(Case, case_id))
    return {
        "decision": plain.decision,
        "decision_basis": plain.decision_basis,
        "remedies": plain.remedies,
        "outcome": plain.outcome,
    }


def bring_to_told(portal: Portal, case_id: int) -> None:
    """Decide a case and tell the complainant by phone."""
    step(portal, "clerk", case_id, "findings", **FINDINGS)
    step(portal, "clerk", case_id, "propose", **proposal(portal, case_id))
    step(portal, "manager", case_id, "decide", answer="同意")
    minute = datetime.now(UTC) + timedelta(hours=8)
    step(portal, "clerk", case_id, "notify", told_at=f"{minute:%Y-%m-%dT%H:%M}", **TELLING)


def bring_to_closed(portal: Portal, case_id: int) -> None:
    """Trace and close a case that was told."""
    bring_to_told(portal, case_id)
    with portal.session() as session:
        stage = session.scalars(select(CaseCause.id).where(CaseCause.code == "A")).one()
    step(portal, "clerk", case_id, "root-cause", stage_id=str(stage), cause_id="", root_cause="培训缺失")
    step(portal, "clerk", case_id, "close", why_no_remedy="个案")


def file_now(portal: Portal, case_id: int) -> None:
    """Do what the worker does with a closed case."""
    with portal.app.app_context():
        sessions = sessionmaker(db.engine, expire_on_commit=False)
        tools, settings = portal.app.extensions["tools"], portal.app.extensions["baodang"]
    work = Work(sessions, tools, settings, lambda: datetime.now(UTC), lambda _done, _total: None, None)
    file_case(work, {"case_id": case_id})
    while feed_waiting(work):
        pass


def read_pdf(data: bytes) -> str:
    """The text of a PDF without blanks."""
    pages = pypdfium2.PdfDocument(data)
    return re.sub(r"\s", "", "".join(page.get_textpage().get_text_bounded() for page in pages))


def test_a_case_goes_from_findings_to_its_dossier(portal: Portal) -> None:
    case_id = arrange(portal)

    bring_to_closed(portal, case_id)
    file_now(portal, case_id)
    file_now(portal, case_id)

    page = portal.browser("manager").get(f"/casework/{encode_id(case_id)}").text
    with portal.session() as session:
        items = session.scalars(select(Document).where(Document.case_id == case_id)).all()
        kept = session.scalars(select(CaseFile.kind).where(CaseFile.case_id == case_id)).all()
    assert load(portal, case_id).state == "filed"
    assert (len(items), list(kept)) == (2, ["decision"])
    assert all(item.archive_number in page for item in items)


def test_the_page_offers_each_step_when_it_is_due(portal: Portal) -> None:
    case_id = arrange(portal)
    path = f"/casework/{encode_id(case_id)}"
    first = portal.browser("clerk").get(path).text
    step(portal, "clerk", case_id, "findings", **FINDINGS)
    step(portal, "clerk", case_id, "propose", **proposal(portal, case_id))

    clerk, manager = portal.browser("clerk").get(path).text, portal.browser("manager").get(path).text

    assert "保档总公司申请核查" in first
    assert f"{path}/propose" in first
    assert f"{path}/decide" not in clerk
    assert "等待江东分公司的负责人审批" in clerk
    assert f"{path}/decide" in manager
    assert f"{path}/notify" not in manager


@pytest.mark.parametrize(
    ("name", "fields", "sentence"),
    [
        ("findings", {"is_mediated": "settled"}, "请写明调解的时间"),
        ("propose", {"outcome": "partly", "decision": "x", "decision_basis": "y"}, "请先填写并保存核实情况"),
        ("propose", {"decision": "只写决定"}, "请选择结论"),
        ("root-cause", {"root_cause": "培训缺失"}, "请选择业务环节"),
        ("remedies", {"measure": "培训", "owner_id": "77", "due_on": "2099-01-01"}, "请选择责任人"),
        ("remedies", {"measure": "培训", "owner_id": "x", "due_on": "x"}, "remedy-owner_id"),
    ],
)
def test_a_refused_form_comes_back_with_what_was_typed(
    portal: Portal, name: str, fields: dict[str, str], sentence: str
) -> None:
    case_id = arrange(portal)

    page = step(portal, "clerk", case_id, name, status=422, **fields)

    assert sentence in page
    assert all(value in page for key, value in fields.items() if key in ("decision", "root_cause", "measure"))


def test_an_old_page_overwrites_nothing(portal: Portal) -> None:
    case_id = arrange(portal)
    step(portal, "clerk", case_id, "findings", **FINDINGS)
    path = f"/casework/{encode_id(case_id)}/findings"

    page = portal.browser("clerk").post(path, {"version": "1", "finding": "我打的字"}, status=409).text

    assert "我打的字" in page


def test_the_letter_is_there_only_when_it_is_decided(portal: Portal) -> None:
    case_id = arrange(portal)
    path = f"/casework/{encode_id(case_id)}/letter"
    clerk = portal.browser("clerk")

    for kind in ("decision", "declined", "extension", "nonsense"):
        clerk.get(f"{path}/{kind}.pdf", status=404)
    accepted = clerk.get(f"{path}/accepted.pdf")
    sheet = clerk.get(f"{path}/sheet.pdf")
    bring_to_told(portal, case_id)
    decision = read_pdf(clerk.get(f"{path}/decision.pdf").data)

    assert "消费投诉受理告知书" in read_pdf(accepted.data)
    assert "申屠望舒" not in read_pdf(sheet.data)
    assert all(word in decision for word in ("核实情况", "处理决定", "依据和理由", "救济途径", "申屠望舒", "送达回证"))
    with portal.session() as session:
        events = session.scalars(select(TrailEntry.event).where(TrailEntry.event == "case_letter_printed")).all()
    assert len(events) == 3


def test_who_is_barred_finds_neither_letter_nor_dossier(portal: Portal) -> None:
    case_id = arrange(portal)
    bring_to_closed(portal, case_id)
    file_now(portal, case_id)
    with portal.session() as session:
        document = session.scalars(select(Document).where(Document.case_id == case_id)).all()[0]
    file, paper = f"/customers/{encode_id(document.customer_id)}?class=4", f"/documents/{encode_id(document.id)}"
    before = [results(portal, file), results(portal, f"/search?q={document.archive_number}")]
    portal.browser("archivist").get(paper)
    with portal.session() as session:
        who = PEOPLE["archivist"][0]
        session.add(CaseBar(case_id=case_id, account_id=who, relation="interest", barred_at=datetime.now(UTC)))
        session.commit()

    after = [results(portal, file), results(portal, f"/search?q={document.archive_number}")]

    assert all(document.title in page for page in before)
    assert not any(document.title in page for page in after)
    portal.browser("archivist").get(paper, status=404)
    portal.browser("archivist").get(f"/casework/{encode_id(case_id)}/letter/decision.pdf", status=404)


def results(portal: Portal, path: str) -> str:
    """The page that the archivist sees."""
    return portal.browser("archivist").get(path).text


def test_a_review_is_asked_for_and_hidden_from_who_decided(portal: Portal) -> None:
    case_id = arrange(portal)
    bring_to_told(portal, case_id)
    minute = datetime.now(UTC) + timedelta(hours=8)
    fields = {"received_at": f"{minute:%Y-%m-%dT%H:%M}", "request": "不服", "proof": "申请书 1"}

    step(portal, "clerk", case_id, "ask-review", **fields)

    with portal.session() as session:
        review = session.scalars(select(Case).where(Case.parent_id == case_id)).one()
    for name in ("clerk", "manager"):
        portal.browser(name).get(f"/casework/{encode_id(review.id)}", status=404)
        assert review.number not in portal.browser(name).get(f"/casework/{encode_id(case_id)}").text
    again = step(portal, "clerk", case_id, "ask-review", status=409, **fields)
    assert "核查" in again


def test_a_remedy_is_listed_done_and_checked(portal: Portal) -> None:
    case_id = arrange(portal)
    owner = PEOPLE["clerk_city"][0]
    due = f"{datetime.now(UTC) + timedelta(days=20):%Y-%m-%d}"
    step(portal, "clerk", case_id, "remedies", measure="重新培训全员", owner_id=str(owner), due_on=due)
    with portal.session() as session:
        remedy = session.scalars(select(CaseRemedy)).one()
    path = f"/casework/remedies/{encode_id(remedy.id)}"

    mine = portal.browser("clerk_city").get("/casework/remedies?whose=mine&state=open").text
    portal.browser("clerk_west").get(path, status=404)
    portal.browser("clerk_city").post(f"{path}/finish", {"result": ""}, status=422)
    portal.browser("clerk_city").post(f"{path}/finish", {"result": "已培训"})
    portal.browser("clerk_city").post(f"{path}/finish", {"result": "再次"}, status=409)
    portal.browser("manager").post(f"{path}/check", {"verdict": "back"}, status=422)
    portal.browser("manager").post(f"{path}/check", {"verdict": "pass"})

    assert "重新培训全员" in mine
    assert "已复核" in portal.browser("manager").get(path).text
    assert "没有符合条件" in portal.browser("manager").get("/casework/remedies?state=overdue").text
    assert "重新培训全员" not in portal.browser("clerk_west").get("/casework/remedies").text


def test_a_case_without_customer_is_linked_and_filed(portal: Portal) -> None:
    case_id = arrange(portal, with_customer=False)
    bring_to_closed(portal, case_id)
    page = portal.browser("clerk").get(f"/casework/{encode_id(case_id)}").text
    with portal.session() as session:
        customer_id = make_customer(session)
        session.commit()
        number = session.get_one(Customer, customer_id).number

    refused = step(portal, "clerk", case_id, "customer", status=422, customer_number="KH-1900-000001")
    step(portal, "clerk", case_id, "customer", customer_number=number)
    file_now(portal, case_id)

    assert "还不知道是哪位客户的投诉" in page
    assert "没有这个客户号" in refused
    assert load(portal, case_id).state == "filed"
