"""Papers of a case 附件: taken in as they came, removed with a trace, fetched with a trace."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.case_terms import FileKind
from app.domain.cases import CaseState
from app.domain.documents import kept_file_name
from app.domain.errors import Invalid, NotFound, WrongState
from app.domain.ids import new_id
from app.domain.policy import Action
from app.models.cases import Case, CaseFile, CaseNotification
from app.queries.case_talk import read_file
from app.services import trail
from app.services.case_steps import case_subject, load_case
from app.services.documents import ReceivedFile
from app.services.evidence import keep_blob

MOST_FILES = 100
SETTLED = frozenset({CaseState.FILED, CaseState.MERGED})


def add_files(
    session: Session, actor: Actor, case_id: int, kind: str, files: Sequence[ReceivedFile], *, now: datetime
) -> list[int]:
    """Put papers to a case and return their ids; the bytes were examined and are in the store already.

    Raises `NotFound`, `NotAllowed`, `Invalid`, `WrongState` for a case that is filed or merged.
    """
    case = _load(session, actor, case_id)
    if kind not in set(FileKind):
        raise Invalid.field("kind", "case_file.kind")
    there = select(func.count()).select_from(CaseFile).where(CaseFile.case_id == case.id, CaseFile.removed_at.is_(None))
    if (session.scalar(there) or 0) + len(files) > MOST_FILES:
        raise Invalid.field("", "case_file.too_many")
    ids = [_add(session, actor, case, kind, file, now=now) for file in files]
    after = {"kind": kind, "n": str(len(ids))}
    trail.record(session, actor, "case_file_added", case_subject(case), now=now, after=after)
    return ids


def remove_file(session: Session, actor: Actor, file_id: int, *, now: datetime) -> int:
    """Take a paper out of sight and return its case; the bytes stay, and the trail says who did it.

    Raises `NotFound`, `NotAllowed`, and `WrongState` for a paper that proves a telling, or of a case that is filed.
    """
    found, _number = read_file(session, actor, file_id)
    case = _load(session, actor, found.case_id)
    file = session.scalars(
        select(CaseFile).where(CaseFile.id == file_id).execution_options(populate_existing=True)
    ).one()
    if file.removed_at is not None:
        raise NotFound
    if session.scalar(select(CaseNotification.id).where(CaseNotification.file_id == file_id).limit(1)) is not None:
        raise WrongState("case_file.is_proof")
    file.removed_at, file.removed_by = now, actor.account_id
    session.flush()
    trail.record(session, actor, "case_file_removed", case_subject(case), now=now, after={"kind": file.kind})
    return case.id


def fetch_file(session: Session, actor: Actor, file_id: int, *, now: datetime) -> CaseFile:
    """Return a paper whose bytes may leave; the trail keeps who fetched it. Raises `NotFound`."""
    file, _number = read_file(session, actor, file_id)
    case = session.get_one(Case, file.case_id)
    trail.record(session, actor, "case_file_fetched", case_subject(case), now=now, after={"kind": file.kind})
    return file


def _load(session: Session, actor: Actor, case_id: int) -> Case:
    case = load_case(session, actor, case_id, Action.CASE_HANDLE)
    if case.state in SETTLED:
        raise WrongState("case_file.settled")
    return case


def _add(session: Session, actor: Actor, case: Case, kind: str, file: ReceivedFile, *, now: datetime) -> int:
    keep_blob(session, file.blob, now=now)
    kept = CaseFile(
        id=new_id(),
        case_id=case.id,
        kind=kind,
        blob_digest=file.blob.digest,
        name=kept_file_name(file.name),
        media_type=file.media_type,
        size=file.blob.size,
        pages=file.pages,
        added_by=actor.account_id,
        added_at=now,
    )
    session.add(kept)
    session.flush()
    return kept.id
