"""What people say and lay down in a case: comments 办理记录 and papers 附件, for its page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from app.domain.actor import Actor
from app.domain.cases import WORKING_STATES
from app.domain.errors import NotFound
from app.domain.office_time import office_day
from app.domain.policy import Action
from app.models.accounts import Account
from app.models.cases import Absence, Case, CaseFile, CaseNote
from app.queries.visibility import cases_for

# The oldest of more comments than this are not shown at once.
MOST_NOTES = 200


@dataclass(frozen=True, slots=True)
class NoteLine:
    """A comment in a case."""

    id: int
    who: str
    at: datetime
    text: str
    is_mine: bool


@dataclass(frozen=True, slots=True)
class FileLine:
    """A paper of a case; one that was removed keeps its line in the trail only."""

    id: int
    kind: str
    name: str
    media_type: str
    size: int
    pages: int
    who: str
    added_at: datetime


@dataclass(frozen=True, slots=True)
class StandIn:
    """Until when the handler is away, and who stands in for him."""

    until: date
    deputy: str


@dataclass(frozen=True, slots=True)
class CaseTalk:
    """Comments and papers of a case, with what this reader may do."""

    case_id: int
    version: int
    notes: tuple[NoteLine, ...]
    earlier_notes: int  # older comments that are not shown
    files: tuple[FileLine, ...]
    handler_id: int | None
    stand_in: StandIn | None
    may_write: bool
    may_attach: bool
    may_assign: bool  # give it to anybody
    may_hand_over: bool  # as its handler

    @property
    def may_give(self) -> bool:
        """Whether the page leads to giving the case to somebody."""
        return self.may_assign or self.may_hand_over


def read_talk(session: Session, actor: Actor, case_id: int, *, now: datetime) -> CaseTalk:
    """Return comments and papers of a case, the newest comment last; raises `NotFound` for who may not see it."""
    handles, assigns = cases_for(actor, Action.CASE_HANDLE), cases_for(actor, Action.CASE_ASSIGN)
    row = session.execute(
        select(Case.version, Case.state, Case.handler_id, handles, assigns).where(
            Case.id == case_id, cases_for(actor, Action.CASE_VIEW)
        )
    ).first()
    if row is None:
        raise NotFound
    version, state, handler_id, may_handle, may_assign = row
    is_open = state in WORKING_STATES
    total = session.scalar(select(func.count()).select_from(CaseNote).where(CaseNote.case_id == case_id)) or 0
    return CaseTalk(
        case_id=case_id,
        version=version,
        notes=notes_of(session, actor, case_id),
        earlier_notes=max(0, total - MOST_NOTES),
        files=_files(session, case_id),
        handler_id=handler_id,
        stand_in=_stand_in(session, handler_id, now=now) if is_open else None,
        may_write=bool(may_handle or may_assign),
        may_attach=bool(may_handle) and state not in ("merged", "filed"),
        may_assign=bool(may_assign) and is_open,
        may_hand_over=bool(may_handle) and is_open and handler_id in {actor.account_id, *actor.stands_for},
    )


def notes_of(session: Session, actor: Actor, case_id: int) -> tuple[NoteLine, ...]:
    """Return the latest comments of a case, the newest last; the caller has asked whether `actor` may see it."""
    rows = session.execute(
        select(CaseNote.id, Account.full_name, CaseNote.at, CaseNote.text, CaseNote.account_id)
        .join(Account, Account.id == CaseNote.account_id)
        .where(CaseNote.case_id == case_id)
        .order_by(CaseNote.at.desc(), CaseNote.id.desc())
        .limit(MOST_NOTES)
    ).all()
    return tuple(NoteLine(found, who, at, text, writer == actor.account_id) for found, who, at, text, writer in rows)[
        ::-1
    ]


def read_file(session: Session, actor: Actor, file_id: int) -> tuple[CaseFile, str]:
    """Return a paper that `actor` may look at, and its case's number; raises `NotFound`, also when it was removed."""
    row = session.execute(
        select(CaseFile, Case.number)
        .join(Case, Case.id == CaseFile.case_id)
        .where(CaseFile.id == file_id, CaseFile.removed_at.is_(None), cases_for(actor, Action.CASE_VIEW))
    ).first()
    if row is None:
        raise NotFound
    return row[0], row[1]


def _files(session: Session, case_id: int) -> tuple[FileLine, ...]:
    rows = session.execute(
        select(CaseFile, func.coalesce(Account.full_name, ""))
        .outerjoin(Account, Account.id == CaseFile.added_by)
        .where(CaseFile.case_id == case_id, CaseFile.removed_at.is_(None))
        .order_by(CaseFile.added_at, CaseFile.id)
    )
    return tuple(
        FileLine(file.id, file.kind, file.name, file.media_type, file.size, file.pages, who, file.added_at)
        for file, who in rows
    )


def _stand_in(session: Session, handler_id: int | None, *, now: datetime) -> StandIn | None:
    if handler_id is None:
        return None
    deputy, today = aliased(Account), office_day(now)
    row = session.execute(
        select(Absence.last_on, deputy.full_name)
        .join(deputy, deputy.id == Absence.deputy_id)
        .where(
            Absence.account_id == handler_id,
            Absence.first_on <= today,
            Absence.last_on >= today,
            Absence.cancelled_at.is_(None),
        )
        .order_by(Absence.last_on.desc())
        .limit(1)
    ).first()
    return StandIn(*row) if row else None
