"""Checking batches 审核校对: handed in, a sample drawn and looked at by another person, accepted or sent back for rework.

Four eyes: who catalogued anything in a batch does not check it. How many are looked at and how good they must be are settings
(DA/T 31-2017, clause 12.1.2). An item with a defect always goes back; the rest is filed as soon as the sample passed.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.documents import DocumentState
from app.domain.errors import Invalid, NotAllowed, NotFound, WrongState
from app.domain.ids import new_id
from app.domain.intake import BatchState, BatchStep, Defect, ItemState, ItemStep, passes, sample_size
from app.domain.normal import clean_note
from app.domain.policy import Action, Target, may
from app.models.accounts import Branch
from app.models.documents import Document
from app.models.intake import BatchCheck, CheckedItem, IntakeBatch, IntakeFile, IntakeItem
from app.services import jobs, trail
from app.services.documents import file_checked, send_back
from app.services.intake_steps import batch_subject, load_batch, take_batch_step, take_item_step
from app.services.settings import CHECK_PASS, CHECK_RATE, change_setting, setting

AT_ONCE = 40  # items that are filed in one transaction
UNFINISHED = (ItemState.WAITING, ItemState.READY, ItemState.REWORK, ItemState.RETURNED)
RATES, PASS_RATES = range(5, 101), range(90, 101)


def hand_in(session: Session, actor: Actor, batch_id: int, *, now: datetime) -> None:
    """Hand a batch in for its check 送检; raises `NotFound`, `NotAllowed`, `WrongState` while something is left to do."""
    batch = load_batch(session, actor, batch_id, Action.INTAKE_WORK)
    if _count(session, batch, *UNFINISHED):
        raise WrongState("batch.items_left")
    undrawn = select(IntakeFile.id).where(IntakeFile.batch_id == batch.id, IntakeFile.state == "waiting")
    if session.scalar(undrawn.limit(1)) is not None:
        raise WrongState("batch.files_left")
    if not _count(session, batch, ItemState.CATALOGUED):
        raise WrongState("batch.empty")
    batch.handed_in_by, batch.handed_in_at = actor.account_id, now
    take_batch_step(session, actor, batch, BatchStep.HAND_IN, now=now)


def take_back(session: Session, actor: Actor, batch_id: int, *, now: datetime) -> None:
    """Take a batch back that was handed in, before its check has begun; raises `WrongState`."""
    batch = load_batch(session, actor, batch_id, Action.INTAKE_WORK)
    if running_check(session, batch.id) is not None:
        raise WrongState("check.running")
    take_batch_step(session, actor, batch, BatchStep.TAKE_BACK, now=now)


def begin_check(session: Session, actor: Actor, batch_id: int, *, now: datetime) -> int:
    """Begin the check of a batch and draw its sample; return the check's id.

    What was bad in the round before is in the sample of the next one. Raises `NotFound`, `NotAllowed`, and `WrongState` for
    who catalogued any of it himself.
    """
    batch = load_batch(session, actor, batch_id, Action.INTAKE_CHECK)
    if batch.state != BatchState.CHECKING:
        raise WrongState("check.not_running")
    if running_check(session, batch.id) is not None:
        raise WrongState("check.running")
    items = _catalogued(session, batch)
    if actor.account_id in {item.catalogued_by for item in items}:
        raise WrongState("check.own_work")
    rate = int(setting(session, CHECK_RATE))
    chosen = _draw(session, batch, [item.id for item in items], rate)
    last = session.scalar(select(func.max(BatchCheck.round)).where(BatchCheck.batch_id == batch.id)) or 0
    check = BatchCheck(
        id=new_id(),
        batch_id=batch.id,
        round=last + 1,
        rate=rate,
        population=len(items),
        sample=len(chosen),
        checker_id=actor.account_id,
        begun_at=now,
    )
    session.add(check)
    session.flush()
    session.add_all(CheckedItem(id=new_id(), check_id=check.id, item_id=item_id) for item_id in chosen)
    session.flush()
    after = {"round": check.round, "sample": len(chosen), "population": len(items)}
    trail.record(session, actor, "check_begun", batch_subject(batch), now=now, after=after)
    return check.id


def judge_item(
    session: Session,
    actor: Actor,
    check_id: int,
    item_id: int,
    *,
    defects: Collection[str],
    note: str = "",
    good: bool,
    now: datetime,
) -> None:
    """Write down what the checker found of one item of the sample; until the end he may change his mind.

    Raises `NotFound`, `WrongState`, `Invalid` for a bad one without a defect.
    """
    check = _load_running(session, actor, check_id)
    row = session.scalar(
        select(CheckedItem).where(CheckedItem.check_id == check.id, CheckedItem.item_id == item_id).with_for_update()
    )
    if row is None:
        raise NotFound
    known = [defect.value for defect in Defect if defect.value in set(defects)]
    if not good and not known:
        raise Invalid.field("defects", "check.defect_missing")
    row.result, row.defects = ("good", []) if good else ("bad", known)
    row.note = clean_note(note)[:200]
    row.checked_by, row.checked_at = actor.account_id, now
    session.flush()


def end_check(session: Session, actor: Actor, check_id: int, *, note: str = "", now: datetime) -> bool:
    """End a check: return whether the sample was good enough.

    Good enough: what has no defect is filed by a job; the batch is accepted, or goes back for its bad items alone. Not good
    enough: all of it stays catalogued and comes again with a new sample. Raises `NotFound`, `WrongState`.
    """
    check = _load_running(session, actor, check_id)
    rows = session.scalars(select(CheckedItem).where(CheckedItem.check_id == check.id)).all()
    if any(not row.result for row in rows):
        raise WrongState("check.items_left")
    bad = [row for row in rows if row.result == "bad"]
    good_enough = passes(len(rows), len(bad), int(setting(session, CHECK_PASS)))
    check.bad, check.outcome = len(bad), "passed" if good_enough else "failed"
    check.note, check.ended_at = clean_note(note)[:500], now
    batch = session.get_one(IntakeBatch, check.batch_id, with_for_update=True)
    for row in bad:
        _send_back(session, actor, row, now=now)
    if bad:
        batch.rework_count += 1
        take_batch_step(session, actor, batch, BatchStep.FAIL, now=now, reason=check.note, bad=len(bad))
    else:
        batch.accepted_by, batch.accepted_at = actor.account_id, now
        take_batch_step(session, actor, batch, BatchStep.ACCEPT, now=now, round=check.round)
    if good_enough:
        payload = {"check_id": check.id}
        jobs.enqueue(session, "file_batch", payload, now=now, actor=actor, unique_key=f"file_batch:{check.id}")
    return good_enough


def file_some(session: Session, actor: Actor | None, check_id: int, *, now: datetime, today: date) -> int:
    """File some of what a passed check lets through and return how many were left before it; 0 means done.

    What cannot be filed any more, since its class was closed meanwhile, goes back for rework with the reason.
    """
    check = session.get_one(BatchCheck, check_id)
    waiting = select(IntakeItem).where(
        IntakeItem.batch_id == check.batch_id,
        IntakeItem.state == ItemState.CATALOGUED.value,
        # What was catalogued afterwards waits for the next round.
        IntakeItem.catalogued_at <= check.begun_at,
    )
    left = session.scalar(select(func.count()).select_from(waiting.subquery())) or 0
    for item in session.scalars(waiting.order_by(IntakeItem.position).limit(AT_ONCE).with_for_update(of=IntakeItem)):
        document = session.get_one(Document, item.document_id)
        try:
            with session.begin_nested():
                if document.state == DocumentState.CATALOGUED:
                    file_checked(session, actor, document, now=now, today=today)
        except Invalid as invalid:
            send_back(session, actor, document, now=now)
            item.refusal = next(iter(invalid.problems.values()))[0]
            take_item_step(session, actor, item, ItemStep.REWORK, now=now, reason=item.refusal)
            continue
        take_item_step(session, actor, item, ItemStep.PASS, now=now)
    return left


def change_rates(
    session: Session, actor: Actor, rate: int, pass_rate: int, basis: str, *, versions: tuple[int, int], now: datetime
) -> None:
    """Put other rates into force for checks that begin from now on.

    Raises `NotAllowed` outside the root branch, whose archivist decides; `Invalid`, `ChangedMeanwhile`.
    """
    require_may_change(session, actor)
    if rate not in RATES:
        raise Invalid.field("rate", "check.rate")
    if pass_rate not in PASS_RATES:
        raise Invalid.field("pass_rate", "check.pass_rate")
    for name, value, version in ((CHECK_RATE, rate, versions[0]), (CHECK_PASS, pass_rate, versions[1])):
        before, after = change_setting(session, name, str(value), basis.strip(), version=version, now=now)
        if after:
            subject = trail.Subject("setting", None, name)
            trail.record(session, actor, "setting_changed", subject, now=now, before=before, after=after)


def require_may_change(session: Session, actor: Actor) -> None:
    """Raise `NotAllowed` unless `actor` decides for the whole house."""
    root = session.scalar(select(Branch.id).where(Branch.parent_id.is_(None)).limit(1))
    if root is None or not may(actor, Action.INTAKE_RULES, Target(root)):
        raise NotAllowed(Action.INTAKE_RULES)


def running_check(session: Session, batch_id: int) -> BatchCheck | None:
    """Return the check of a batch that has begun and not ended."""
    return session.scalar(select(BatchCheck).where(BatchCheck.batch_id == batch_id, BatchCheck.ended_at.is_(None)))


def _load_running(session: Session, actor: Actor, check_id: int) -> BatchCheck:
    check = session.scalar(select(BatchCheck).where(BatchCheck.id == check_id).with_for_update())
    if check is None:
        raise NotFound
    load_batch(session, actor, check.batch_id, Action.INTAKE_CHECK)
    if check.ended_at is not None:
        raise WrongState("check.not_running")
    if check.checker_id != actor.account_id:
        raise NotAllowed(Action.INTAKE_CHECK)
    return check


def _draw(session: Session, batch: IntakeBatch, items: list[int], rate: int) -> list[int]:
    """Return which items are looked at: those that were bad before, then others by chance, in the order of the batch."""
    before = set(
        session.scalars(
            select(CheckedItem.item_id)
            .join(BatchCheck, BatchCheck.id == CheckedItem.check_id)
            .where(BatchCheck.batch_id == batch.id, CheckedItem.result == "bad")
        )
    )
    must = [item for item in items if item in before]
    others = [item for item in items if item not in before]
    wanted = max(0, sample_size(len(items), rate) - len(must))
    chosen = {*must, *secrets.SystemRandom().sample(others, min(wanted, len(others)))}
    return [item for item in items if item in chosen]


def _send_back(session: Session, actor: Actor, row: CheckedItem, *, now: datetime) -> None:
    item = session.get_one(IntakeItem, row.item_id, with_for_update=True)
    item.refusal = row.note
    send_back(session, actor, session.get_one(Document, item.document_id), now=now)
    take_item_step(session, actor, item, ItemStep.REWORK, now=now, reason=row.note, defects=list(row.defects))


def _catalogued(session: Session, batch: IntakeBatch) -> list[IntakeItem]:
    wanted = select(IntakeItem).where(IntakeItem.batch_id == batch.id, IntakeItem.state == ItemState.CATALOGUED.value)
    return list(session.scalars(wanted.order_by(IntakeItem.position, IntakeItem.id)))


def _count(session: Session, batch: IntakeBatch, *states: ItemState) -> int:
    wanted = select(func.count()).where(
        IntakeItem.batch_id == batch.id, IntakeItem.state.in_([state.value for state in states])
    )
    return session.scalar(wanted) or 0
