"""Papers that came before: found by file, page and form; shown within one's reach; decided by a person, once."""

from __future__ import annotations

from datetime import date
from random import Random

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.errors import NotFound, WrongState
from app.models.documents import Document, DocumentVersion
from app.models.intake import IntakeFile, IntakeItem, IntakePage, PagePrint, PaperType, Twin
from app.models.machinery import TrailEntry
from app.services.documents import DrawnPage, ReceivedFile, add_version, keep_pages
from app.services.intake_desk import put_aside, take_back_item
from app.services.twin_finding import find_twins, forget_gone, print_documents
from app.services.twins import Decision, TwinView, decide_twin, twins_of
from bench.noise import misread
from tests.cast import EAST, NOW, WEST, actor
from tests.paper_texts import another_contract, invent, pages_of, text_of
from tests.records import make_customer, make_document
from tests.services.papers_in import blob, make_batch, make_item


def came(session: Session, text: str, *, batch: int = 0, who: str = "archivist", **fields: object) -> int:
    """Receive a paper, look for its twins and return it."""
    item = make_item(session, batch or make_batch(session, who), who, texts=(text,), **fields)  # type: ignore[arg-type]
    find_twins(session, item, now=NOW)
    return item


def seen(session: Session, item: int, who: str = "archivist") -> list[TwinView]:
    return twins_of(session, actor(session, who), item)


def kept(session: Session, text: str, customer: int = 0, **fields: object) -> int:
    """Put a document with one page into the archive, as came in by another way than the desk."""
    document = make_document(session, customer or make_customer(session), **fields)
    name = f"{document}.pdf"
    add_version(
        session, actor(session, "archivist"), document, ReceivedFile(blob(name), name, "application/pdf", 1), now=NOW
    )
    version = session.scalars(select(DocumentVersion).where(DocumentVersion.document_id == document)).one()
    keep_pages(session, version.id, [DrawnPage(1, 10, 10, blob(f"{name}1"), blob(f"{name}2"), text)], now=NOW)
    return document


def test_a_page_scanned_again_is_found(session: Session) -> None:
    page = text_of("claim_request", 1)
    first = came(session, page)

    second = came(session, misread(page, 0.01, Random(1)))

    assert seen(session, first) == []
    found = seen(session, second)
    assert [(one.kind, one.other_item_id) for one in found] == [("same_page", first)]
    assert found[0].score > 0.5
    assert found[0].numbers_score > 0.5


def test_other_people_s_copies_of_the_form_are_not_found(session: Session) -> None:
    for seed in range(1, 5):
        item = came(session, text_of("claim_request", seed))

        assert seen(session, item) == []


def test_the_same_person_s_next_form_is_not_the_same_page(session: Session) -> None:
    facts = invent("surrender", 1)
    for seed in range(10, 16):
        came(session, text_of("surrender", seed))
    came(session, text_of("surrender", 1, facts))

    item = came(session, text_of("surrender", 2, another_contract(facts, 2)))

    assert "same_page" not in {one.kind for one in seen(session, item)}


def test_the_same_bytes_are_found_whatever_stands_on_them(session: Session) -> None:
    first, second = came(session, ""), came(session, "")
    pages = {page.item_id: page for page in session.query(IntakePage)}
    file = session.get_one(IntakeFile, pages[second].file_id)
    file.blob_digest = session.get_one(IntakeFile, pages[first].file_id).blob_digest
    session.flush()

    find_twins(session, second, now=NOW)

    assert [(one.kind, one.other_item_id, one.score) for one in seen(session, second)] == [("same_file", first, 1.0)]


def test_a_document_that_never_lay_at_the_desk_is_found_once_it_has_prints(session: Session) -> None:
    page = text_of("discharge_summary", 1)
    document = kept(session, page)

    assert print_documents(session, most=10) == 1
    assert print_documents(session, most=10) == 0

    item = came(session, misread(page, 0.01, Random(2)))
    assert [(one.kind, one.document_id) for one in seen(session, item)] == [("same_page", document)]


def test_the_same_form_of_the_same_customer_and_day_is_told(session: Session) -> None:
    customer = make_customer(session)
    kind = session.scalars(select(PaperType.id).where(PaperType.code == "consultation")).one()
    document = make_document(session, customer, formed_on=date(2026, 9, 3))
    session.get_one(Document, document).paper_type_id = kind
    session.flush()

    item = came(session, "客户咨询记录单", customer_id=customer, paper_type_id=kind, formed_on=date(2026, 9, 3))
    other_day = came(session, "客户咨询记录单", customer_id=customer, paper_type_id=kind, formed_on=date(2026, 9, 4))

    assert [(one.kind, one.document_id) for one in seen(session, item)] == [("same_form", document)]
    assert seen(session, other_day) == []


def test_a_twin_out_of_reach_does_not_exist(session: Session) -> None:
    page = text_of("claim_request", 1)
    west = make_batch(session, "archivist_west", WEST)
    first = came(session, page, batch=west, who="archivist_west")
    item = came(session, page)
    session.add(Twin(item_id=item, kind="same_page", other_item_id=first, score=0.9))
    session.flush()

    assert seen(session, item) == []
    with pytest.raises(NotFound):
        decide_twin(session, actor(session, "archivist"), session.query(Twin).one().id, Decision.DROP, now=NOW)


def test_a_document_above_one_s_level_does_not_exist(session: Session) -> None:
    page = text_of("discharge_summary", 1)
    document = kept(session, page, make_customer(session, level=4))
    print_documents(session, most=10)
    item = came(session, page)

    assert [one.document_id for one in seen(session, item, "archivist_head")] in ([document], [])
    assert seen(session, item, "clerk") == []


def test_a_second_copy_is_dropped_and_the_trail_says_why(session: Session) -> None:
    page = text_of("claim_request", 1)
    came(session, page)
    second = came(session, page)

    decide_twin(session, actor(session, "archivist"), seen(session, second)[0].id, Decision.DROP, now=NOW)

    item = session.get_one(IntakeItem, second)
    assert (item.state, item.refusal) == ("dropped", "重复件")
    events = session.scalars(select(TrailEntry.event).where(TrailEntry.object_id == second)).all()
    assert {"twin_decided", "item_drop"} <= set(events)


def test_what_is_kept_stays_at_the_desk_and_is_not_asked_again(session: Session) -> None:
    page = text_of("claim_request", 1)
    came(session, page)
    second = came(session, page)
    decide_twin(session, actor(session, "archivist"), seen(session, second)[0].id, Decision.KEEP, now=NOW)

    find_twins(session, second, now=NOW)

    assert [one.decision for one in seen(session, second)] == ["keep"]
    assert session.get_one(IntakeItem, second).state == "ready"


def test_a_better_scan_becomes_a_new_version_of_the_document(session: Session) -> None:
    page = text_of("discharge_summary", 1)
    document = kept(session, page)
    print_documents(session, most=10)
    item = came(session, page)

    decide_twin(session, actor(session, "archivist"), seen(session, item)[0].id, Decision.NEW_VERSION, now=NOW)

    assert session.get_one(Document, document).current_version == 2
    assert session.get_one(IntakeItem, item).state == "dropped"


def test_what_is_only_at_the_desk_has_no_versions(session: Session) -> None:
    page = text_of("claim_request", 1)
    came(session, page)
    second = came(session, page)

    with pytest.raises(WrongState, match=r"twin\.no_document"):
        decide_twin(session, actor(session, "archivist"), seen(session, second)[0].id, Decision.NEW_VERSION, now=NOW)


def test_a_part_of_a_file_cannot_be_a_version(session: Session) -> None:
    page = text_of("discharge_summary", 1)
    kept(session, page)
    print_documents(session, most=10)
    item = make_item(session, make_batch(session), texts=(page, "附页"))
    find_twins(session, item, now=NOW)
    session.query(IntakePage).filter_by(item_id=item, position=2).one().removed = True
    session.flush()

    twin = seen(session, item)[0]

    assert not twin.may_become_version
    with pytest.raises(WrongState, match=r"twin\.part_of_file"):
        decide_twin(session, actor(session, "archivist"), twin.id, Decision.NEW_VERSION, now=NOW)


def test_nobody_decides_twice(session: Session) -> None:
    page = text_of("claim_request", 1)
    came(session, page)
    twin = seen(session, came(session, page))[0].id
    decide_twin(session, actor(session, "archivist"), twin, Decision.KEEP, now=NOW)

    with pytest.raises(WrongState, match=r"twin\.decided"):
        decide_twin(session, actor(session, "archivist"), twin, Decision.DROP, now=NOW)


def test_prints_are_made_anew_and_hold_nothing_in_clear(session: Session) -> None:
    item = came(session, text_of("claim_request", 1))
    count = session.scalar(select(func.count()).select_from(PagePrint))

    find_twins(session, item, now=NOW)

    marks = session.scalars(select(PagePrint.print)).all()
    assert len(marks) == count
    assert all(len(mark) == 24 and all(digit in "0123456789abcdef" for digit in mark) for mark in marks)
    assert session.scalars(select(PagePrint.branch_id).distinct()).all() == [EAST]


def test_a_page_without_numbers_that_everybody_gets_is_no_twin(session: Session) -> None:
    terms = pages_of("check_up", 1)[1]
    came(session, terms + "\n" + text_of("claim_request", 5))

    item = make_item(session, make_batch(session), texts=(text_of("claim_request", 6), terms))
    find_twins(session, item, now=NOW)

    assert seen(session, item) == []


def prints_of(session: Session, kind: str, key: int) -> int:
    found = select(func.count()).select_from(PagePrint).where(PagePrint.holder_kind == kind, PagePrint.holder_id == key)
    return session.scalar(found) or 0


def test_what_was_put_aside_leaves_no_prints_until_it_is_taken_back(session: Session) -> None:
    item = session.get_one(IntakeItem, came(session, text_of("claim_request", 1)))
    item.is_suggested = True

    put_aside(session, actor(session, "archivist"), item, "空白表", now=NOW)

    assert prints_of(session, "item", item.id) == 0
    take_back_item(session, actor(session, "archivist"), item.id, now=NOW)
    assert prints_of(session, "item", item.id) > 0


def test_what_was_destroyed_leaves_no_prints(session: Session) -> None:
    document, other = kept(session, text_of("claim_request", 1)), kept(session, text_of("claim_request", 2))
    item = came(session, text_of("claim_request", 1))
    session.get_one(IntakeItem, item).document_id = document
    print_documents(session, most=10)
    session.get_one(Document, document).state = "destroyed"
    session.flush()

    assert forget_gone(session) > 0
    print_documents(session, most=10)

    assert (prints_of(session, "document", document), prints_of(session, "item", item)) == (0, 0)
    assert prints_of(session, "document", other) > 0
