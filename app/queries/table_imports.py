"""Imports as screens show them: the list, and one with its faults and its progress."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.errors import NotFound
from app.domain.policy import Action
from app.domain.tables import Fault
from app.models.accounts import Account, Branch
from app.models.intake import TableImport
from app.models.machinery import Job
from app.queries.visibility import branches_in

SHOWN = 50
WORKING = ("waiting", "applying")


@dataclass(frozen=True, slots=True)
class ImportRow:
    """An import with how far it is."""

    id: int
    kind: str
    state: str
    file_name: str
    branch_name: str
    account_name: str
    rows: int
    good: int
    fault_count: int
    faults: Sequence[Fault]
    done: int
    total: int
    is_stuck: bool  # its job failed or was given up
    created_at: datetime
    applied_at: datetime | None
    version: int

    @property
    def is_working(self) -> bool:
        """True while a job is at it."""
        return self.state in WORKING and not self.is_stuck

    @property
    def may_take(self) -> bool:
        """True when everything in it can be taken."""
        return self.state == "checked" and not self.fault_count and self.good > 0


def list_imports(session: Session, actor: Actor) -> Sequence[ImportRow]:
    """Return the newest imports of the branches where `actor` imports."""
    reached = branches_in(actor, Action.TABLE_IMPORT, TableImport.branch_id)
    return _read(session, reached)


def read_import(session: Session, actor: Actor, import_id: int) -> ImportRow:
    """Return one import; raises `NotFound`."""
    reached = branches_in(actor, Action.TABLE_IMPORT, TableImport.branch_id, by_index=False)
    found = _read(session, reached, TableImport.id == import_id)
    if not found:
        raise NotFound
    return found[0]


def count_imports(session: Session, actor: Actor) -> int:
    """Return how many imports there are in all."""
    reached = branches_in(actor, Action.TABLE_IMPORT, TableImport.branch_id)
    return session.scalar(select(func.count()).select_from(TableImport).where(reached)) or 0


def _read(session: Session, *conditions: object) -> list[ImportRow]:
    rows = session.execute(
        select(TableImport, Branch.name, Account.full_name, Job.state, Job.done, Job.total)
        .join(Branch, Branch.id == TableImport.branch_id)
        .join(Account, Account.id == TableImport.account_id)
        .outerjoin(Job, Job.id == TableImport.job_id)
        .where(*conditions)  # type: ignore[arg-type]
        .order_by(TableImport.created_at.desc(), TableImport.id.desc())
        .limit(SHOWN)
    )
    return [
        ImportRow(
            id=found.id,
            kind=found.kind,
            state=found.state,
            file_name=found.file_name,
            branch_name=branch,
            account_name=account,
            rows=found.rows,
            good=found.good,
            fault_count=found.fault_count,
            faults=[Fault(*fault) for fault in found.faults or []],
            done=done or 0,
            total=total or 0,
            is_stuck=found.state in WORKING and job_state in ("failed", "cancelled"),
            created_at=found.created_at,
            applied_at=found.applied_at,
            version=found.version,
        )
        for found, branch, account, job_state, done, total in rows
    ]
