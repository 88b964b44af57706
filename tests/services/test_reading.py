"""Electronic loans, on both databases: steps, days, notices, who may end them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import Invalid, NotAllowed, NotFound, WrongState
from app.domain.ids import encode_id, new_id
from app.domain.loans import LoanStep
from app.models.borrowing import CertifiedCopy, LoanEvent, LoanItem, LoanRequest
from app.models.documents import Document, DocumentVersion
from app.models.evidence import Notice
from app.models.machinery import Job, TrailEntry
from app.ports import StoredBlob
from app.queries.copies import copies_of, verified_copy
from app.queries.reading import list_readings, read_desk_item, read_reading, readable_version, reading_page
from app.services import copies
from app.services.documents import DrawnPage, ReceivedFile, add_version, keep_pages
from app.services.loan_steps import take_step
from app.services.reading import close_due, give_up, note_page, note_print, open_reading, revoke
from app.services.trail import Subject
from tests.cast import EAST, NOW, PEOPLE, actor
from tests.records import TODAY, make_customer, make_document
from tests.services.lending import any_rule

DAYS = 5


def scanned(session: Session, **fields: Any) -> int:
    """A filed item with three drawn pages, whose bytes nobody needs here."""
    document_id = make_document(session, make_customer(session), carrier="dual")
    file = ReceivedFile(blob("f"), "a.pdf", "application/pdf", 3)
    add_version(session, actor(session, "archivist"), document_id, file, now=NOW)
    version_id = session.scalars(select(DocumentVersion.id).where(DocumentVersion.document_id == document_id)).one()
    pages = [DrawnPage(n, 100, 140, blob(f"i{n}"), blob(f"t{n}"), "") for n in (1, 2, 3)]
    keep_pages(session, version_id, pages, now=NOW)
    document = session.get_one(Document, document_id)
    for name, value in {"state": "filed", "archive_number": f"J019-{document_id}", **fields}.items():
        setattr(document, name, value)
    session.flush()
    return document_id


def blob(name: str) -> StoredBlob:
    """Bytes that the store would hold."""
    return StoredBlob(f"{name:0>64}", f"{name:0>64}", 1)


def lent(session: Session, documents: list[int], borrower: str = "clerk", **fields: Any) -> list[LoanItem]:
    """The approved items of an electronic request."""
    plain: dict[str, Any] = {
        "branch_id": EAST,
        "borrower_id": PEOPLE[borrower][0],
        "borrower_branch_id": PEOPLE[borrower][3],
        "way": "electronic",
        "state": "open",
        "level": 2,
        "purpose": "claim",
        "days": DAYS,
        "external_name": "",
        "external_phone": "",
        "external_papers": "",
        "asked_at": NOW,
    }
    request = LoanRequest(id=new_id(), number="", rule_id=any_rule(session), **{**plain, **fields})
    request.number = f"JY2026-{request.id % 1_000_000:06d}"
    session.add(request)
    session.flush()
    takes = request.way != "electronic"
    items = [LoanItem(id=new_id(), request_id=request.id, document_id=d, takes_paper=takes) for d in documents]
    session.add_all(items)
    session.flush()
    for item in items:
        take_step(session, None, item, LoanStep.APPROVE, now=NOW)
    return items


def opened(session: Session, documents: list[int], borrower: str = "clerk", **fields: Any) -> list[LoanItem]:
    """The opened items of an electronic request."""
    items = lent(session, documents, borrower, **fields)
    for item in items:
        open_reading(session, actor(session, "manager"), item, now=NOW)
    return items


def steps(session: Session, item: LoanItem) -> list[str]:
    """What happened to an item."""
    found = select(LoanEvent.step).where(LoanEvent.item_id == item.id).order_by(LoanEvent.ordinal)
    return list(session.scalars(found))


def told(session: Session, username: str) -> list[tuple[str, str]]:
    """The notices of somebody, with where they lead."""
    found = select(Notice).where(Notice.account_id == PEOPLE[username][0]).order_by(Notice.id)
    return sorted((notice.kind, notice.path) for notice in session.scalars(found))


def test_an_opened_loan_runs_from_today_and_its_borrower_is_told(session: Session) -> None:
    [item] = opened(session, [scanned(session)])

    found = read_reading(session, actor(session, "clerk"), item.id, now=NOW)

    assert (item.state, item.out_at, item.due_on) == ("out", NOW, TODAY + timedelta(days=DAYS))
    assert (found.days_left, list(found.pages)) == (DAYS, [1, 2, 3])
    assert told(session, "clerk") == [("reading_opened", f"/reading/{encode_id(item.id)}")]
    assert steps(session, item) == ["approve", "open"]


def test_paper_and_what_was_opened_before_are_not_opened(session: Session) -> None:
    document_id = scanned(session)
    [item] = opened(session, [document_id])
    [paper] = lent(session, [document_id], way="lend")

    with pytest.raises(WrongState, match=r"loan\.out_open"):
        open_reading(session, actor(session, "manager"), item, now=NOW)
    with pytest.raises(WrongState, match=r"loan\.waiting_open"):
        open_reading(session, actor(session, "manager"), paper, now=NOW)


def test_a_destroyed_document_is_not_opened(session: Session) -> None:
    [item] = lent(session, [scanned(session, state="destroyed")])

    with pytest.raises(WrongState, match=r"paper\.destroyed"):
        open_reading(session, actor(session, "manager"), item, now=NOW)


def test_the_last_day_is_readable_to_its_end_and_then_closed_with_its_request(session: Session) -> None:
    first, second = opened(session, [scanned(session), scanned(session)])
    second.due_on = TODAY + timedelta(days=9)
    session.flush()
    last_day, day_after = NOW + timedelta(days=DAYS), NOW + timedelta(days=DAYS + 1)

    assert close_due(session, now=last_day) == 0
    assert close_due(session, now=day_after) == 1
    request = session.get_one(LoanRequest, first.request_id)
    assert (first.state, second.state, request.state) == ("returned", "out", "open")
    assert close_due(session, now=day_after) == 0
    assert close_due(session, now=NOW + timedelta(days=10)) == 1
    assert (request.state, request.closed_at) == ("closed", NOW + timedelta(days=10))
    assert steps(session, first) == ["approve", "open", "close"]
    assert [kind for kind, _ in told(session, "clerk")].count("reading_closed") == 2


def test_paper_that_is_overdue_is_not_closed_by_the_clock(session: Session) -> None:
    [item] = lent(session, [scanned(session)], way="lend")
    item.state, item.due_on = "out", date(2026, 1, 1)
    session.flush()

    assert close_due(session, now=NOW) == 0
    assert item.state == "out"


@pytest.mark.parametrize("who", ["archivist", "manager"])
def test_the_keeping_branch_revokes_at_once(session: Session, who: str) -> None:
    [item] = opened(session, [scanned(session)], "clerk_west")

    revoke(session, actor(session, who), item.id, " 误批 ", now=NOW)

    assert item.state == "returned"
    with pytest.raises(NotFound):
        reading_page(session, actor(session, "clerk_west"), item.id, 1, now=NOW)
    entry = session.scalars(select(TrailEntry).where(TrailEntry.event == "reading_revoked")).one()
    assert (entry.reason, entry.object_id, entry.account_id) == ("误批", item.id, PEOPLE[who][0])
    assert ("reading_revoked", "/reading") in told(session, "clerk_west")
    with pytest.raises(WrongState):
        revoke(session, actor(session, who), item.id, "再来", now=NOW)


@pytest.mark.parametrize(
    ("who", "error"),
    [("clerk", NotAllowed), ("clerk_city", NotFound), ("archivist_west", NotFound), ("manager_west", NotFound)],
)
def test_nobody_else_revokes(session: Session, who: str, error: type[Exception]) -> None:
    [item] = opened(session, [scanned(session)])

    with pytest.raises(error):
        revoke(session, actor(session, who), item.id, "误批", now=NOW)
    assert item.state == "out"


@pytest.mark.parametrize(
    ("reason", "code"), [("", "reading.reason"), ("  ", "reading.reason"), ("x" * 201, "reading.reason_long")]
)
def test_revoking_needs_a_reason(session: Session, reason: str, code: str) -> None:
    [item] = opened(session, [scanned(session)])

    with pytest.raises(Invalid) as refused:
        revoke(session, actor(session, "archivist"), item.id, reason, now=NOW)

    assert refused.value.problems == {"reason": [code]}


def test_only_the_borrower_gives_up(session: Session) -> None:
    [item] = opened(session, [scanned(session)])

    for who in ("archivist", "manager", "clerk_city"):
        with pytest.raises(NotFound):
            give_up(session, actor(session, who), item.id, now=NOW)
    give_up(session, actor(session, "clerk"), item.id, now=NOW)

    assert (item.state, item.back_by) == ("returned", PEOPLE["clerk"][0])
    assert session.get_one(LoanRequest, item.request_id).state == "closed"


def test_a_page_counts_each_time_and_is_told_of_once_a_minute(session: Session) -> None:
    [item] = opened(session, [scanned(session)])
    clerk, subject = actor(session, "clerk"), Subject("loan_item", item.id, "JY", 1)

    for seconds, page in ((0, 1), (30, 1), (31, 2), (61, 1)):
        note_page(session, clerk, item.id, subject, page, now=NOW + timedelta(seconds=seconds))
    note_print(session, clerk, item.id, subject, "1-2", now=NOW)

    session.refresh(item)
    found = select(TrailEntry.after).where(TrailEntry.event == "reading_viewed").order_by(TrailEntry.sequence)
    assert (item.views, item.prints) == (4, 1)
    assert list(session.scalars(found)) == [{"page": 1}, {"page": 2}, {"page": 1}]


def test_a_list_holds_what_is_open_to_oneself_now(session: Session) -> None:
    soon, late, closed = opened(session, [scanned(session), scanned(session), scanned(session)])
    opened(session, [scanned(session)], "clerk_city")
    soon.due_on, late.due_on, closed.due_on = TODAY, TODAY + timedelta(days=2), TODAY - timedelta(days=1)
    session.flush()

    found = list_readings(session, actor(session, "clerk"), now=NOW)

    assert [(row.item_id, row.days_left) for row in found] == [(soon.id, 0), (late.id, 2)]


def test_a_version_that_is_not_drawn_is_not_readable(session: Session) -> None:
    document_id = scanned(session)
    file = ReceivedFile(blob("g"), "b.pdf", "application/pdf", 1)
    session.get_one(Document, document_id).state = "received"
    session.flush()

    drawn = readable_version(session, document_id)
    add_version(session, actor(session, "archivist"), document_id, file, now=NOW)

    assert drawn is not None
    assert (drawn.ordinal, drawn.pages) == (1, 3)
    assert readable_version(session, document_id) is None


def order(session: Session, item: LoanItem, who: str = "archivist", pages: str = "1,3", purpose: str = "诉讼") -> int:
    """Order a copy."""
    return copies.order_copy(session, actor(session, who), item.id, pages, purpose, base="https://x", now=NOW)


def test_copies_are_numbered_in_a_row_and_printed_in_the_background(session: Session) -> None:
    [item] = opened(session, [scanned(session)], may_copy=True)

    ids = [order(session, item), order(session, item, pages="")]

    made = [session.get_one(CertifiedCopy, copy_id) for copy_id in ids]
    jobs = session.scalars(select(Job).where(Job.kind == "print_copy")).all()
    assert [copy.number for copy in made] == ["FY2026-000001", "FY2026-000002"]
    assert [(copy.pages, copy.page_count) for copy in made] == [("1,3", 2), ("1-3", 3)]
    assert len({copy.token for copy in made}) == 2
    assert all(len(copy.token) == 43 for copy in made)
    assert {job.payload["copy_id"] for job in jobs} == set(ids)


@pytest.mark.parametrize(
    ("fields", "values", "code"),
    [
        ({}, {}, "copy.no_right"),
        ({"way": "read"}, {}, "copy.no_right"),
        ({"way": "lend"}, {}, "copy.no_right"),
        ({"way": "copy"}, {"state": "asked"}, "copy.not_open"),
        ({"way": "excerpt"}, {"state": "returned"}, "copy.not_open"),
        ({"may_copy": True}, {"state": "returned"}, "copy.not_open"),
        ({"may_copy": True}, {"state": "out", "due_on": date(2026, 1, 1)}, "copy.not_open"),
    ],
)
def test_a_copy_needs_an_open_loan_that_allows_it(
    session: Session, fields: dict[str, Any], values: dict[str, Any], code: str
) -> None:
    [item] = lent(session, [scanned(session)], **fields)
    for name, value in values.items():
        setattr(item, name, value)
    session.flush()

    with pytest.raises(WrongState) as wrong:
        order(session, item)

    assert wrong.value.code == code


def test_a_copy_needs_pages_and_a_document_that_is_there(session: Session) -> None:
    unscanned = make_document(session, make_customer(session))
    [bare] = lent(session, [unscanned], way="copy")
    [gone] = lent(session, [scanned(session, state="destroyed")], way="copy")

    for item, code in ((bare, r"copy\.no_pages"), (gone, r"paper\.destroyed")):
        with pytest.raises(WrongState, match=code):
            order(session, item)


@pytest.mark.parametrize(
    ("who", "error"), [("manager", NotAllowed), ("clerk", NotAllowed), ("archivist_west", NotFound)]
)
def test_a_copy_is_certified_by_the_keeping_archivist_alone(session: Session, who: str, error: type[Exception]) -> None:
    [item] = lent(session, [scanned(session)], way="copy")

    with pytest.raises(error):
        order(session, item, who)


def test_a_copy_says_what_it_is_until_it_is_void(session: Session) -> None:
    [item] = lent(session, [scanned(session)], way="copy")
    copy_id = order(session, item)
    copy = session.get_one(CertifiedCopy, copy_id)
    archivist = actor(session, "archivist")
    waiting = verified_copy(session, copy.token)

    copies.keep_copy(session, copy_id, blob("pdf"), now=NOW)
    copies.keep_copy(session, copy_id, blob("second"), now=NOW)
    valid = verified_copy(session, copy.token)
    copies.fetch_copy(session, actor(session, "clerk"), copy_id, now=NOW)
    copies.revoke_copy(session, archivist, copy_id, "页码有误", now=NOW)
    void = verified_copy(session, copy.token)

    assert waiting is None
    assert told(session, "clerk") == [("copy_ready", f"/reading/{encode_id(item.id)}/copies")]
    assert valid is not None
    assert void is not None
    assert (valid.number, valid.pages, valid.page_count, valid.sha256) == (copy.number, "1,3", 2, blob("pdf").sha256)
    assert (valid.revoked_at, void.revoked_at) == (None, NOW)
    assert [(row.revoke_reason, row.is_there) for row in copies_of(session, item.id)] == [("页码有误", True)]
    with pytest.raises(NotFound):
        copies.fetch_copy(session, archivist, copy_id, now=NOW)
    with pytest.raises(WrongState, match=r"copy\.revoked"):
        copies.revoke_copy(session, archivist, copy_id, "再来", now=NOW)


def test_a_copy_that_is_void_before_it_is_printed_stays_without(session: Session) -> None:
    [item] = lent(session, [scanned(session)], way="copy")
    copy_id = order(session, item)
    copies.revoke_copy(session, actor(session, "archivist"), copy_id, "用途有误", now=NOW)

    copies.keep_copy(session, copy_id, blob("pdf"), now=NOW)

    assert session.get_one(CertifiedCopy, copy_id).blob_digest is None


def test_the_desk_sees_the_items_of_its_requests_alone(session: Session) -> None:
    [item] = opened(session, [scanned(session)])

    found = read_desk_item(session, actor(session, "archivist"), item.id, now=NOW)

    assert found.is_readable
    assert (found.borrower_name, found.views) == ("业务甲", 0)
    with pytest.raises(NotFound):
        read_desk_item(session, actor(session, "archivist_west"), item.id, now=NOW)
