"""Ordering registers 台账, printing them in the background, fetching what was printed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.errors import Invalid, NotAllowed, NotFound, WrongState
from app.domain.ids import new_id
from app.domain.office_time import office_day
from app.domain.policy import Action, may_ever, scopes
from app.domain.registers import RegisterFilter, RegisterKind, missing_field
from app.models.machinery import Export, Job
from app.ports import StoredBlob
from app.queries.registers import register_thing
from app.services import jobs, trail
from app.services.evidence import keep_blob
from app.services.numbers import count_up

OPEN_AT_ONCE = 3
REACH = "reach"


def reach_of(actor: Actor) -> str:
    """Return a fingerprint of what `actor` may print: it changes with every right that he gains or loses, every bar."""
    reached = sorted(
        f"{sorted(scope.branches) if scope.branches is not None else 'all'}:{scope.max_level}"
        for scope in scopes(actor, Action.REGISTER_PRINT)
    )
    barred = ",".join(str(case_id) for case_id in sorted(actor.barred))
    return hashlib.sha256("|".join([*reached, barred] if barred else reached).encode()).hexdigest()[:16]


def order_register(
    session: Session,
    actor: Actor,
    kind: RegisterKind,
    wanted: RegisterFilter,
    *,
    lifetime: timedelta,
    now: datetime,
) -> int:
    """Write the order and its job and return the export's id.

    Raises `NotAllowed`, `Invalid` without what the register must be of, `NotFound` for a thing that the actor may not
    see, `WrongState` with too many open.
    """
    if not may_ever(actor, Action.REGISTER_PRINT):
        raise NotAllowed(Action.REGISTER_PRINT)
    missing = missing_field(kind, wanted)
    if missing:
        raise Invalid.field(missing, f"register.{missing}")
    register_thing(session, actor, kind, wanted)
    return order_export(session, actor, kind.value, "print_register", wanted.as_dict(), lifetime=lifetime, now=now)


def order_export(
    session: Session,
    actor: Actor,
    register: str,
    job: str,
    filters: Mapping[str, Any],
    *,
    lifetime: timedelta,
    now: datetime,
) -> int:
    """Write an export and the job that makes it, and return its id; raises `WrongState` with too many open.

    The caller has checked that the actor may have it.
    """
    waiting = select(Export.id).join(Job, Job.id == Export.job_id)
    mine = waiting.where(Export.account_id == actor.account_id, Job.state.in_(jobs.OPEN_STATES))
    if len(session.scalars(mine.limit(OPEN_AT_ONCE)).all()) >= OPEN_AT_ONCE:
        raise WrongState("too_many_exports")
    export_id = new_id()
    day = f"{office_day(now):%Y%m%d}"
    serial = f"DC{day}-{count_up(session, f'export|{day}'):04d}"
    job_id = jobs.enqueue(session, job, {"export_id": export_id}, now=now, actor=actor, max_tries=3)
    session.add(
        Export(
            id=export_id,
            account_id=actor.account_id,
            job_id=job_id,
            register=register,
            filters={**filters, REACH: reach_of(actor)},
            serial=serial,
            created_at=now,
            expires_at=now + lifetime,
        )
    )
    session.flush()
    subject = trail.Subject("export", export_id, serial)
    trail.record(session, actor, "register_ordered", subject, now=now, after={"register": register, **filters})
    return export_id


def keep_printed(
    session: Session, actor: Actor, export_id: int, blob: StoredBlob, *, rows: int, pages: int, now: datetime
) -> None:
    """Note that the register is there."""
    export = session.get_one(Export, export_id, with_for_update=True)
    keep_blob(session, blob, now=now)
    export.blob_digest, export.rows, export.pages = blob.digest, rows, pages
    session.flush()
    after = {"rows": rows, "pages": pages, "sha256": blob.sha256}
    trail.record(
        session, actor, "register_printed", trail.Subject("export", export.id, export.serial), now=now, after=after
    )


def fetch_export(session: Session, actor: Actor, export_id: int, *, now: datetime) -> Export:
    """Return one's own finished register, decided with the rights of this moment.

    Raises `NotFound` for anybody else's, for one that ran out, and when the actor may print other things by now.
    """
    export = session.scalar(
        select(Export).where(
            Export.id == export_id,
            Export.account_id == actor.account_id,
            Export.blob_digest.is_not(None),
            Export.expires_at > now,
        )
    )
    if export is None or export.filters.get(REACH) != reach_of(actor):
        raise NotFound
    export.fetched_at = now
    session.flush()
    trail.record(session, actor, "export_fetched", trail.Subject("export", export.id, export.serial), now=now)
    return export


def cancel_export(session: Session, actor: Actor, export_id: int, *, now: datetime) -> None:
    """Stop the printing of one's own register; raises `NotFound`."""
    export = session.scalar(select(Export).where(Export.id == export_id, Export.account_id == actor.account_id))
    if export is None:
        raise NotFound
    jobs.ask_to_cancel(session, export.job_id, now=now)
    trail.record(session, actor, "export_cancelled", trail.Subject("export", export.id, export.serial), now=now)
