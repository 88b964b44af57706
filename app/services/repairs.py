"""Repair orders 修复单: the paper leaves the shelf with the order and comes back with the acceptance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.errors import Invalid, NotAllowed, NotFound, WrongState
from app.domain.ids import new_id
from app.domain.loan_terms import ready_days
from app.domain.loans import LoanState
from app.domain.normal import clean_note, clean_text
from app.domain.office_time import office_day
from app.domain.policy import Action
from app.domain.repairs import Finding, Grade, RepairState, RepairStep, check_findings, next_state, to_plain
from app.domain.whereabouts import Whereabouts
from app.domain.working_days import add_working_days
from app.models.borrowing import LoanItem
from app.models.customers import Customer
from app.models.documents import Document
from app.models.evidence import Photo
from app.models.rounds import RepairOrder
from app.ports import StoredBlob
from app.queries.clocks import calendar_of
from app.queries.visibility import documents_for
from app.services import evidence, papers, trail
from app.services.loan_queue import call_next
from app.services.numbers import take_number
from app.services.settings import READY_DAYS, setting

HOLDER = "repair"
MOST_PHOTOS = 40


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked for: the damage, its grade, and what the order comes from (a loan, an inspection, a round)."""

    findings: tuple[Finding, ...]
    grade: Grade
    affects_content: bool = False
    remark: str = ""
    source: str = ""  # loan | inspection | stocktake | ''
    source_id: int | None = None


@dataclass(frozen=True, slots=True)
class Work:
    """What was done to a paper."""

    method: str
    materials: str
    repairer: str
    started_on: date | None
    ended_on: date | None
    cost_cents: int = 0
    affects_content: bool = False
    remark: str = ""


def order_repair(session: Session, actor: Actor, document_id: int, order: Order, *, now: datetime) -> int:
    """Order a repair and return its id; the paper leaves the shelf in the same moment.

    Raises `NotFound`, `NotAllowed`, `Invalid`, and `WrongState` with `paper.…` for a paper that is not on its shelf.
    """
    document = _lock_paper(session, actor, document_id, Action.REPAIR_RUN)
    check_findings(order.findings)
    _require_repairable(document)
    repair_id = new_id()
    year = office_day(now).year
    number = take_number(
        session,
        actor,
        f"repair|{year}",
        lambda value: f"XF{year}-{value:04d}",
        holder_kind=HOLDER,
        holder_id=repair_id,
        now=now,
    )
    repair = RepairOrder(
        id=repair_id,
        number=number,
        branch_id=document.branch_id,
        document_id=document.id,
        source=order.source,
        source_id=order.source_id,
        state=RepairState.ORDERED.value,
        damages=to_plain(order.findings),
        grade=order.grade.value,
        affects_content=order.affects_content,
        remark=clean_note(order.remark),
        ordered_by=actor.account_id,
        ordered_at=now,
    )
    session.add(repair)
    session.flush()
    papers.move_paper(session, actor, document, Whereabouts.REPAIR, _reason(repair), now=now)
    _keep_promise(session, document.id, None)
    after = {"grade": repair.grade, "damages": " ".join(finding.damage.value for finding in order.findings)}
    _note(session, actor, "repair_ordered", repair, document, now=now, after=after)
    return repair.id


def start_repair(
    session: Session, actor: Actor, repair_id: int, repairer: str, *, version: int, now: datetime, today: date
) -> None:
    """Note that somebody has begun to work; `repairer` may be of another house."""
    repair, document = load_repair(session, actor, repair_id, Action.REPAIR_RUN)
    name = clean_text(repairer)[:60]
    _require_version(repair, version)
    if not name:
        raise Invalid.field("repairer", "repair.repairer_missing")
    _step(repair, RepairStep.START)
    repair.repairer, repair.started_on = name, today
    _note(session, actor, "repair_started", repair, document, now=now, after={"repairer": name})


def finish_repair(
    session: Session, actor: Actor, repair_id: int, work: Work, *, version: int, now: datetime, today: date
) -> None:
    """Note what was done; raises `Invalid` for missing words and for days in the wrong order."""
    repair, document = load_repair(session, actor, repair_id, Action.REPAIR_RUN)
    _require_version(repair, version)
    checked = _check_work(work, repair, today)
    _step(repair, RepairStep.FINISH)
    repair.method, repair.materials, repair.repairer = checked.method, checked.materials, checked.repairer
    repair.started_on, repair.ended_on = checked.started_on, checked.ended_on
    repair.cost_cents, repair.affects_content = checked.cost_cents, checked.affects_content
    repair.remark = checked.remark or repair.remark
    repair.finished_by = actor.account_id
    _note(session, actor, "repair_finished", repair, document, now=now, after={"method": checked.method})


def accept_repair(
    session: Session,
    actor: Actor,
    repair_id: int,
    *,
    passed: bool,
    remark: str = "",
    version: int,
    now: datetime,
) -> None:
    """Accept the work, by which the paper is back on its shelf, or send it back to work with a reason.

    Raises `WrongState` with `repair.accept_self` for whoever finished the work himself.
    """
    repair, document = load_repair(session, actor, repair_id, Action.REPAIR_ACCEPT)
    _require_version(repair, version)
    if repair.finished_by == actor.account_id:
        raise WrongState("repair.accept_self")
    said = clean_note(remark)
    if not passed:
        if not said:
            raise Invalid.field("remark", "repair.reason_missing")
        _step(repair, RepairStep.REJECT)
        _note(session, actor, "repair_rejected", repair, document, now=now, reason=said)
        return
    _step(repair, RepairStep.ACCEPT)
    repair.accepted_by, repair.accepted_at = actor.account_id, now
    _bring_back(session, actor, repair, document, now=now)
    _note(session, actor, "repair_accepted", repair, document, now=now, reason=said)


def cancel_repair(session: Session, actor: Actor, repair_id: int, reason: str, *, version: int, now: datetime) -> None:
    """Call an order off before the work is finished; the paper goes back to its shelf."""
    repair, document = load_repair(session, actor, repair_id, Action.REPAIR_RUN)
    _require_version(repair, version)
    said = clean_note(reason)
    if not said:
        raise Invalid.field("reason", "repair.reason_missing")
    _step(repair, RepairStep.CANCEL)
    _bring_back(session, actor, repair, document, now=now)
    _note(session, actor, "repair_cancelled", repair, document, now=now, reason=said)


def add_photos(
    session: Session,
    actor: Actor,
    repair_id: int,
    moment: str,
    images: Sequence[tuple[StoredBlob, StoredBlob]],
    *,
    now: datetime,
) -> None:
    """Put photos (image, thumbnail) to an order that is not closed; `moment` is before or after."""
    repair, document = load_repair(session, actor, repair_id, Action.REPAIR_RUN)
    if moment not in ("before", "after"):
        raise Invalid.field("moment", "repair.choice")
    if repair.state in (RepairState.ACCEPTED, RepairState.CANCELLED):
        raise WrongState(f"repair.is_{repair.state}")
    there = select(Photo.id).where(Photo.holder_kind == HOLDER, Photo.holder_id == repair_id)
    if len(session.scalars(there).all()) + len(images) > MOST_PHOTOS:
        raise Invalid.field("files", "repair.too_many_photos")
    for image, thumbnail in images:
        evidence.add_photo(session, actor, HOLDER, repair_id, moment, image, thumbnail, now=now)
    _note(session, actor, "repair_photographed", repair, document, now=now, after={moment: len(images)})


def load_repair(session: Session, actor: Actor, repair_id: int, action: Action) -> tuple[RepairOrder, Document]:
    """Return an order and its paper, both locked, the paper first.

    Raises `NotFound` for one that the actor may not see, `NotAllowed` for one that he may see only.
    """
    document_id = session.scalar(select(RepairOrder.document_id).where(RepairOrder.id == repair_id))
    if document_id is None:
        raise NotFound
    document = _lock_paper(session, actor, document_id, action)
    statement = select(RepairOrder).where(RepairOrder.id == repair_id).with_for_update(of=RepairOrder)
    return session.scalars(statement.execution_options(populate_existing=True)).one(), document


def _lock_paper(session: Session, actor: Actor, document_id: int, action: Action) -> Document:
    joined = select(Document.id).join(Customer, Customer.id == Document.customer_id).where(Document.id == document_id)
    if session.scalar(joined.where(documents_for(actor, action))) is None:
        if session.scalar(joined.where(documents_for(actor, Action.STORAGE_VIEW))) is None:
            raise NotFound
        raise NotAllowed(action)
    return papers.lock_paper(session, document_id)


def _require_repairable(document: Document) -> None:
    if document.state == "destroyed":
        raise WrongState("paper.destroyed")
    if document.whereabouts != Whereabouts.SHELF:
        raise WrongState(f"paper.is_{document.whereabouts}")


def _check_work(work: Work, repair: RepairOrder, today: date) -> Work:
    checked = replace(
        work,
        method=clean_text(work.method)[:300],
        materials=clean_text(work.materials)[:300],
        repairer=clean_text(work.repairer)[:60] or repair.repairer,
        started_on=work.started_on or repair.started_on,
        ended_on=work.ended_on or today,
        remark=clean_note(work.remark),
    )
    problems: dict[str, list[str]] = {}
    if not checked.method:
        problems["method"] = ["repair.method_missing"]
    if checked.cost_cents < 0:
        problems["cost_cents"] = ["money.negative"]
    if checked.ended_on and checked.ended_on > today:
        problems["ended_on"] = ["repair.in_future"]
    if checked.started_on and checked.ended_on and checked.started_on > checked.ended_on:
        problems["started_on"] = ["repair.days"]
    if problems:
        raise Invalid(problems)
    return checked


def _require_version(repair: RepairOrder, version: int) -> None:
    """Refuse a step of somebody who looked at an older page: there are no two texts to choose between."""
    if repair.version != version:
        raise WrongState("repair.changed")


def _step(repair: RepairOrder, step: RepairStep) -> None:
    repair.state = next_state(repair.state, step).value
    repair.version += 1


def _bring_back(session: Session, actor: Actor, repair: RepairOrder, document: Document, *, now: datetime) -> None:
    today = office_day(now)
    papers.move_paper(session, actor, document, Whereabouts.SHELF, _reason(repair), now=now)
    _keep_promise(
        session, document.id, add_working_days(today, ready_days(setting(session, READY_DAYS)), calendar_of(session))
    )
    call_next(session, document.id, now=now, today=today)


def _keep_promise(session: Session, document_id: int, until: date | None) -> None:
    """Who was already called for the paper keeps his turn: without a last day while it is in repair, with a new one after."""
    ready = (LoanItem.document_id == document_id, LoanItem.takes_paper, LoanItem.state == LoanState.READY.value)
    session.execute(update(LoanItem).where(*ready).values(ready_until=until))


def _reason(repair: RepairOrder) -> papers.Reason:
    return papers.Reason(papers.REPAIR, HOLDER, repair.id, counterpart=repair.repairer, remark=repair.number)


def _note(
    session: Session, actor: Actor, event: str, repair: RepairOrder, document: Document, *, now: datetime, **texts: Any
) -> None:
    session.flush()
    subject = trail.Subject("repair", repair.id, repair.number, document.customer_id)
    trail.record(session, actor, event, subject, now=now, **texts)
