"""A case that has ended files itself into the customer's archive, and stays hidden from the barred."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.cases import CaseStep
from app.domain.deadlines import Event, EventKind
from app.domain.errors import Invalid, WrongState
from app.domain.ids import new_id
from app.domain.policy import Action
from app.models.cases import Case, CaseBar, CaseFile
from app.models.customers import Customer
from app.models.documents import Blob, Category, Document, DocumentVersion
from app.models.machinery import Job, TrailEntry
from app.ports import StoredBlob
from app.queries.visibility import documents_for
from app.services import case_filing as services
from app.services.case_remedies import close_case
from app.services.case_steps import take_step
from tests.cast import NOW, PEOPLE, actor
from tests.records import TODAY, make_customer
from tests.services.casework import make_case
from tests.services.deciding import HANDLER, traced

DOSSIER = StoredBlob("d" * 64, "e" * 64, 999)


def closed(session: Session, **values: Any) -> Case:
    """A closed complaint of a customer with one paper."""
    case = traced(session, **{"customer_id": make_customer(session), **values})
    digest = f"{case.id:064x}"
    session.add(Blob(digest=digest, sha256="f" * 64, size=5, created_at=NOW))
    session.flush()
    paper = {"blob_digest": digest, "name": "录音.pdf", "media_type": "application/pdf", "size": 5, "pages": 0}
    session.add(CaseFile(id=new_id(), case_id=case.id, kind="evidence", added_at=NOW, **paper))
    close_case(session, actor(session, "clerk"), case.id, "个案", version=case.version, now=NOW)
    return case


def filed(session: Session, case: Case) -> str | None:
    """File a case as the job does."""
    return services.keep_filed(session, case.id, DOSSIER, pages=3, now=NOW, today=TODAY)


def papers_of(session: Session, case: Case) -> list[Document]:
    """The items of the archive that came out of a case."""
    found = select(Document).where(Document.case_id == case.id).order_by(Document.archive_number)
    return list(session.scalars(found))


def test_closing_asks_for_the_filing(session: Session) -> None:
    case = closed(session)

    job = session.scalars(select(Job).where(Job.kind == "file_case")).one()
    assert job.payload == {"case_id": case.id}


def test_a_closed_case_becomes_items_of_the_archive(session: Session) -> None:
    case = closed(session)

    number = filed(session, case)

    items = papers_of(session, case)
    category = session.get_one(Category, items[0].category_id)
    assert items[0].archive_number == number
    assert [item.title for item in items] == [
        f"投诉{case.number}处理卷",
        f"投诉{case.number}证据材料（附件1）",
    ]
    assert {(item.state, item.customer_id, item.carrier) for item in items} == {
        ("filed", case.customer_id, "electronic")
    }
    assert (category.code, min(item.level for item in items)) == ("42", 3)
    assert (case.state, case.filed_at) == ("filed", NOW)
    renders = session.scalars(select(Job).where(Job.kind == "render_version")).all()
    versions = select(DocumentVersion.id).join(Document, Document.id == DocumentVersion.document_id)
    wanted = set(session.scalars(versions.where(Document.case_id == case.id)))
    assert {job.payload["version_id"] for job in renders} >= wanted
    entries = session.scalars(select(TrailEntry).where(TrailEntry.event == "document_filed")).all()
    assert {entry.account_id for entry in entries} == {None}


def test_filing_twice_is_filing_once(session: Session) -> None:
    case = closed(session)
    filed(session, case)

    assert filed(session, case) is None

    assert len(papers_of(session, case)) == 2


def test_a_secret_customer_makes_a_secret_dossier(session: Session) -> None:
    case = closed(session)
    session.get_one(Customer, case.customer_id or 0).level = 4
    session.flush()

    filed(session, case)

    assert {item.level for item in papers_of(session, case)} == {4}


def test_a_removed_paper_is_not_filed(session: Session) -> None:
    case = closed(session)
    session.scalars(select(CaseFile).where(CaseFile.case_id == case.id)).one().removed_at = NOW
    session.flush()

    filed(session, case)

    assert len(papers_of(session, case)) == 1


def test_who_is_barred_does_not_see_the_filed_papers(session: Session) -> None:
    case = closed(session)
    filed(session, case)
    joined = select(Document.id).join(Customer, Customer.id == Document.customer_id)

    def seen(who: str) -> int:
        condition = documents_for(actor(session, who), Action.DOCUMENT_VIEW)
        return len(session.scalars(joined.where(condition, Document.case_id == case.id)).all())

    before = seen("archivist")
    session.add(CaseBar(case_id=case.id, account_id=PEOPLE["archivist"][0], relation="interest", barred_at=NOW))
    session.flush()

    assert (before, seen("archivist"), seen("manager")) == (2, 0, 2)


def test_a_case_without_customer_waits_until_it_is_linked(session: Session) -> None:
    clerk = actor(session, "clerk")
    case = traced(session)
    close_case(session, clerk, case.id, "个案", version=case.version, now=NOW)
    customer = session.get_one(Customer, make_customer(session))

    assert filed(session, case) is None
    with pytest.raises(WrongState, match="no_customer"):
        services.ask_filing(session, clerk, case.id, version=case.version, now=NOW)
    with pytest.raises(Invalid):
        services.link_customer(session, clerk, case.id, "KH-1999-000001", version=case.version, now=NOW)
    services.link_customer(session, clerk, case.id, customer.number.lower(), version=case.version, now=NOW)

    assert session.scalars(select(Job).where(Job.kind == "file_case")).one()
    assert filed(session, case) is not None
    with pytest.raises(WrongState, match="has_customer"):
        services.link_customer(session, clerk, case.id, customer.number, version=case.version, now=NOW)


def test_a_withdrawn_case_is_filed_too(session: Session) -> None:
    clerk = actor(session, "clerk")
    case = make_case(session, clerk, handler_id=HANDLER, customer_id=make_customer(session))
    event = Event(EventKind.WITHDRAWN, NOW, proof="撤回申请")
    take_step(session, clerk, case, CaseStep.WITHDRAW, now=NOW, event=event)

    services.ask_filing(session, clerk, case.id, version=case.version, now=NOW)

    assert filed(session, case) is not None
    assert case.state == "filed"


def test_an_open_case_is_not_filed(session: Session) -> None:
    case = traced(session, customer_id=make_customer(session))

    assert filed(session, case) is None
    with pytest.raises(WrongState):
        services.ask_filing(
            session, actor(session, "clerk"), case.id, version=case.version, now=NOW + timedelta(minutes=1)
        )
