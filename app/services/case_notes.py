"""Comments in a case 办理记录: sealed, never changed, never taken back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.errors import Invalid, NotAllowed, NotFound
from app.domain.ids import new_id
from app.domain.normal import clean_note
from app.domain.policy import Action
from app.models.cases import Case, CaseNote
from app.queries.visibility import cases_for
from app.services import trail
from app.services.case_steps import case_subject

LONGEST_NOTE = 2000


def add_note(session: Session, actor: Actor, case_id: int, text: str, *, now: datetime) -> int:
    """Write a comment into a case and return its id; the case itself does not change by it.

    Raises `NotFound`, `NotAllowed` for who may only look at the case, `Invalid`.
    """
    case = session.scalar(select(Case).where(Case.id == case_id, cases_for(actor, Action.CASE_VIEW)))
    if case is None:
        raise NotFound
    if not _may_write(session, actor, case_id):
        raise NotAllowed(Action.CASE_HANDLE)
    said = clean_note(text)
    if not said:
        raise Invalid.field("text", "note.missing")
    if len(said) > LONGEST_NOTE:
        raise Invalid.field("text", "note.too_long")
    note_id = append_note(session, actor, case, said, now=now)
    trail.record(session, actor, "case_noted", case_subject(case), now=now)
    return note_id


def append_note(session: Session, actor: Actor, case: Case, text: str, *, now: datetime) -> int:
    """Put a checked text behind the others and return its id; rights are the caller's matter."""
    note = CaseNote(id=new_id(), case_id=case.id, account_id=actor.account_id, text=text, at=now)
    session.add(note)
    session.flush()
    return note.id


def _may_write(session: Session, actor: Actor, case_id: int) -> bool:
    for action in (Action.CASE_HANDLE, Action.CASE_ASSIGN):
        if session.scalar(select(Case.id).where(Case.id == case_id, cases_for(actor, action))) is not None:
            return True
    return False
