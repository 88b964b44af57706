"""Papers and comments of a case, and who has it open, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.cases import CaseState
from app.domain.errors import Invalid, NotAllowed, NotFound, WrongState
from app.models.cases import Case, CaseBar, CaseFile, CaseNotification, CaseVisit
from app.models.machinery import TrailEntry
from app.ports import StoredBlob
from app.queries.case_talk import read_talk
from app.queries.case_visits import read_company
from app.services.case_files import MOST_FILES, add_files, fetch_file, remove_file
from app.services.case_notes import add_note
from app.services.case_visits import forget_old, needs_noting, note_visit
from app.services.documents import ReceivedFile
from tests.cast import NOW, PEOPLE, actor
from tests.services.casework import make_case

CLERK, ARCHIVIST, MANAGER = (PEOPLE[name][0] for name in ("clerk", "archivist", "manager"))
PAPER = ReceivedFile(StoredBlob("a" * 64, "b" * 64, 12), "../鉴定\n报告.pdf", "application/pdf", 3)


def a_case(session: Session) -> Case:
    return make_case(session, actor(session, "archivist_west"), branch_id=4, handler_id=CLERK)


def test_a_paper_is_kept_shown_fetched_and_removed_with_a_trace(session: Session) -> None:
    case, clerk = a_case(session), actor(session, "clerk")

    [file_id] = add_files(session, clerk, case.id, "expert", [PAPER], now=NOW)
    fetched = fetch_file(session, clerk, file_id, now=NOW)
    [line] = read_talk(session, clerk, case.id, now=NOW).files
    assert (line.name, line.kind, line.pages, fetched.blob_digest) == ("鉴定报告.pdf", "expert", 3, "a" * 64)
    remove_file(session, clerk, file_id, now=NOW)

    assert read_talk(session, clerk, case.id, now=NOW).files == ()
    assert session.get_one(CaseFile, file_id).removed_by == CLERK
    with pytest.raises(NotFound):
        fetch_file(session, clerk, file_id, now=NOW)
    with pytest.raises(NotFound):
        remove_file(session, clerk, file_id, now=NOW)
    events = session.scalars(select(TrailEntry.event).where(TrailEntry.event.like("case_file%"))).all()
    assert sorted(events) == ["case_file_added", "case_file_fetched", "case_file_removed"]


def test_the_proof_of_a_telling_and_papers_of_a_filed_case_stay(session: Session) -> None:
    case, clerk = a_case(session), actor(session, "clerk")
    proof, other = add_files(session, clerk, case.id, "notice", [PAPER, PAPER], now=NOW)
    session.add(
        CaseNotification(case_id=case.id, about="accepted", channel="post", told_at=NOW, file_id=proof, recorded_at=NOW)
    )
    session.flush()

    with pytest.raises(WrongState) as caught:
        remove_file(session, clerk, proof, now=NOW)
    assert caught.value.code == "case_file.is_proof"
    case.state = CaseState.FILED.value
    session.flush()
    with pytest.raises(WrongState):
        remove_file(session, clerk, other, now=NOW)
    with pytest.raises(WrongState):
        add_files(session, clerk, case.id, "other", [PAPER], now=NOW)


def test_unknown_kinds_and_too_many_papers_are_refused(session: Session) -> None:
    case, clerk = a_case(session), actor(session, "clerk")

    with pytest.raises(Invalid):
        add_files(session, clerk, case.id, "secret", [PAPER], now=NOW)
    with pytest.raises(Invalid):
        add_files(session, clerk, case.id, "other", [PAPER] * (MOST_FILES + 1), now=NOW)


def test_the_barred_and_the_foreign_find_no_paper_and_no_comment(session: Session) -> None:
    case = a_case(session)
    [file_id] = add_files(session, actor(session, "clerk"), case.id, "other", [PAPER], now=NOW)
    session.add(CaseBar(case_id=case.id, account_id=PEOPLE["manager_west"][0], relation="interest", barred_at=NOW))
    session.flush()

    for who in ("manager_west", "archivist", "clerk_city", "auditor"):
        stranger = actor(session, who)
        with pytest.raises(NotFound):
            fetch_file(session, stranger, file_id, now=NOW)
        with pytest.raises(NotFound):
            read_talk(session, stranger, case.id, now=NOW)
        with pytest.raises(NotFound):
            add_note(session, stranger, case.id, "x", now=NOW)
        with pytest.raises(NotFound):
            read_company(session, stranger, case.id, now=NOW)


def test_who_only_sees_a_case_reads_comments_but_writes_none(session: Session) -> None:
    case = make_case(session, actor(session, "manager"), handler_id=CLERK)
    add_note(session, actor(session, "clerk"), case.id, "已致电", now=NOW)
    version = case.version

    reader = actor(session, "archivist")

    talk = read_talk(session, reader, case.id, now=NOW)
    assert [note.text for note in talk.notes] == ["已致电"]
    assert (talk.may_write, talk.may_attach, talk.may_give) == (False, False, False)
    with pytest.raises(NotAllowed):
        add_note(session, reader, case.id, "x", now=NOW)
    with pytest.raises(NotAllowed):
        add_files(session, reader, case.id, "other", [PAPER], now=NOW)
    assert case.version == version


@pytest.mark.parametrize("text", ["", "   \n", "长" * 2001])
def test_an_empty_or_endless_comment_is_refused(session: Session, text: str) -> None:
    case = a_case(session)

    with pytest.raises(Invalid):
        add_note(session, actor(session, "clerk"), case.id, text, now=NOW)


def test_a_visit_is_one_row_however_often_it_is_noted(session: Session) -> None:
    case, clerk, manager = a_case(session), actor(session, "clerk"), actor(session, "manager_west")
    for seconds in (0, 30):
        note_visit(session, clerk, case.id, now=NOW + timedelta(seconds=seconds))

    assert session.scalar(select(func.count()).select_from(CaseVisit)) == 1
    assert not needs_noting(session, clerk, case.id, now=NOW + timedelta(seconds=40))
    assert needs_noting(session, clerk, case.id, now=NOW + timedelta(seconds=60))
    assert read_company(session, manager, case.id, now=NOW + timedelta(seconds=80)).others == ("业务甲",)
    assert read_company(session, manager, case.id, now=NOW + timedelta(seconds=95)).others == ()
    assert read_company(session, clerk, case.id, now=NOW).others == ()
    forget_old(session, now=NOW + timedelta(days=2))
    assert session.scalar(select(func.count()).select_from(CaseVisit)) == 0
