"""Who is told of a case and who may decide in it: managers of a branch or above, never anybody barred from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.domain.actor import Role
from app.domain.ids import encode_id
from app.models.accounts import Account, Branch, Grant
from app.models.cases import Case, CaseBar
from app.services.notices import notify


def path_of(case: Case) -> str:
    """Return where a case is shown."""
    return f"/casework/{encode_id(case.id)}"


def managers_of(session: Session, case: Case, branch_id: int, *, now: datetime) -> Sequence[int]:
    """Return the managers of a branch who may see `case`; where it has none, those of the nearest branch above."""
    path = session.scalars(select(Branch.path).where(Branch.id == branch_id)).one()
    line = [int(part) for part in path.strip("/").split("/")]
    rows = session.execute(
        select(Grant.branch_id, Account.id)
        .join(Account, Account.id == Grant.account_id)
        .where(
            Grant.role == Role.MANAGER.value,
            Grant.branch_id.in_(line),
            Grant.revoked_at.is_(None),
            Grant.valid_from <= now,
            or_(Grant.valid_to.is_(None), Grant.valid_to > now),
            Account.state == "active",
            Account.id.not_in(select(CaseBar.account_id).where(CaseBar.case_id == case.id)),
        )
    ).all()
    for place in reversed(line):
        found = sorted({account_id for held_at, account_id in rows if held_at == place})
        if found:
            return found
    return []


def tell_people(
    session: Session,
    case: Case,
    people: Iterable[int | None],
    kind: str,
    *,
    now: datetime,
    but: int | None = None,
    details: Mapping[str, str | int] | None = None,
) -> None:
    """Send a notice about a case to everybody named, once each; who is barred from it is told nothing."""
    barred = set(session.scalars(select(CaseBar.account_id).where(CaseBar.case_id == case.id)))
    for account_id in sorted({each for each in people if each is not None} - barred - {but}):
        notify(
            session, account_id, kind, now=now, path=path_of(case), details={"number": case.number, **(details or {})}
        )
