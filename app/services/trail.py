"""The trail 审计记录: one entry per action, in the transaction of the action itself."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.models.machinery import TrailEntry
from app.services.numbers import count_up

SERIES = "trail"


@dataclass(frozen=True, slots=True)
class Subject:
    """What an entry is about; `label` is a number or code, never a personal datum."""

    kind: str
    id: int | None = None
    label: str = ""
    customer_id: int | None = None


NOTHING = Subject("")


def record(
    session: Session,
    actor: Actor | None,
    event: str,
    subject: Subject = NOTHING,
    *,
    now: datetime,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
    refused: bool = False,
    address: str = "",
) -> int:
    """Write one entry and return its sequence number; if this fails, the action fails with it."""
    # Counted up under a row lock: no gap and no double, whoever else writes.
    sequence = count_up(session, SERIES)
    session.add(
        TrailEntry(
            sequence=sequence,
            at=now,
            monotonic_ns=time.monotonic_ns(),
            account_id=actor.account_id if actor else None,
            account_name=f"{actor.full_name}（{actor.username}）" if actor else "",
            roles=" ".join(sorted(actor.roles)) if actor else "",
            branch_id=actor.branch_id if actor else None,
            address=actor.address if actor else address,
            session_id=actor.session_id if actor else None,
            event=event,
            object_kind=subject.kind,
            object_id=subject.id,
            object_label=subject.label[:120],
            customer_id=subject.customer_id,
            outcome="refused" if refused else "done",
            reason=reason[:200],
            before=dict(before) if before else None,
            after=dict(after) if after else None,
        )
    )
    session.flush()
    return sequence
