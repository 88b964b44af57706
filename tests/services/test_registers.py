"""Ordering and fetching registers, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.domain.actor import HeldRole
from app.domain.errors import NotAllowed, NotFound, WrongState
from app.domain.registers import RegisterFilter, RegisterKind
from app.models.documents import Blob
from app.models.machinery import Export, Job
from app.ports import StoredBlob
from app.services.registers import cancel_export, fetch_export, keep_printed, order_register
from tests.cast import NOW, WEST, actor

DAY = timedelta(hours=24)
BLOB = StoredBlob("ab" * 32, "cd" * 32, 100)


def order(session: Session, who: str = "manager") -> int:
    """Order a register as a member of the cast."""
    return order_register(
        session, actor(session, who), RegisterKind.FILED_ITEMS, RegisterFilter(), lifetime=DAY, now=NOW
    )


def printed(session: Session, who: str = "manager") -> int:
    """Order a register and note that it is there."""
    export_id = order(session, who)
    keep_printed(session, actor(session, who), export_id, BLOB, rows=3, pages=1, now=NOW)
    return export_id


def test_an_order_is_a_job_and_an_export_of_who_asked(session: Session) -> None:
    export = session.get_one(Export, order(session))

    assert session.get_one(Job, export.job_id).state == "ready"
    assert export.account_id == actor(session, "manager").account_id
    assert export.serial == "DC20261122-0001"


@pytest.mark.parametrize("who", ["clerk", "agent", "sysadmin", "auditor", "newcomer"])
def test_who_may_not_print_cannot_order(session: Session, who: str) -> None:
    with pytest.raises(NotAllowed):
        order(session, who)


def test_a_fourth_register_waits_for_the_others(session: Session) -> None:
    for _ in range(3):
        order(session)

    with pytest.raises(WrongState):
        order(session)


def test_a_register_is_fetched_by_who_asked_for_it_alone(session: Session) -> None:
    export_id = printed(session)

    assert fetch_export(session, actor(session, "manager"), export_id, now=NOW).blob_digest == BLOB.digest
    with pytest.raises(NotFound):
        fetch_export(session, actor(session, "archivist"), export_id, now=NOW)


def test_a_register_runs_out(session: Session) -> None:
    export_id = printed(session)

    with pytest.raises(NotFound):
        fetch_export(session, actor(session, "manager"), export_id, now=NOW + DAY)


def test_a_register_of_rights_that_were_lost_cannot_be_fetched(session: Session) -> None:
    export_id = printed(session)
    manager = actor(session, "manager")
    moved = replace(manager, held=tuple(HeldRole(held.role, WEST) for held in manager.held))

    with pytest.raises(NotFound):
        fetch_export(session, moved, export_id, now=NOW)


def test_cancelling_somebody_elses_register_is_not_found(session: Session) -> None:
    export_id = order(session)

    with pytest.raises(NotFound):
        cancel_export(session, actor(session, "archivist"), export_id, now=NOW)
    cancel_export(session, actor(session, "manager"), export_id, now=NOW)

    export = session.get_one(Export, export_id)
    assert session.get_one(Job, export.job_id).state == "cancelled"


def test_the_same_bytes_twice_are_one_blob(session: Session) -> None:
    printed(session)
    printed(session)

    assert session.get_one(Blob, BLOB.digest).size == 100
    assert session.execute(update(Export).values(rows=3)).rowcount == 2  # type: ignore[attr-defined]
