"""扫描批次登记: batches in the order of their opening, with how they were scanned, checked and accepted (DA/T 31-2017)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.registers import RegisterFilter, day_in_catalogue
from app.models.intake import BatchCheck, CheckedItem, IntakeBatch, IntakeItem, IntakePage
from app.queries.register_rows.reading import Row, catalogue_day, keyed, names_of, reached, within
from app.queries.register_rows.words import COLOURS, DEFECTS, say


def _keys(actor: Actor, wanted: RegisterFilter) -> Select[int]:
    return (
        select(IntakeBatch.id)
        .where(reached(actor, IntakeBatch.branch_id), *within(wanted, IntakeBatch.branch_id, IntakeBatch.opened_at))
        .order_by(IntakeBatch.opened_at, IntakeBatch.id)
    )


def _read(session: Session, keys: Sequence[int]) -> Mapping[int, Row]:
    batches = session.scalars(select(IntakeBatch).where(IntakeBatch.id.in_(keys))).all()
    counts, checks, bad = _counts(session, keys), _checks(session, keys), _bad(session, keys)
    people = [batch.accepted_by for batch in batches] + [check.checker_id for check in checks.values()]
    names = names_of(session, people)
    return {batch.id: _row(batch, counts, checks.get(batch.id), bad[batch.id], names) for batch in batches}


def _row(
    batch: IntakeBatch,
    counts: Mapping[int, tuple[int, int, int]],
    check: BatchCheck | None,
    bad: Sequence[str],
    names: Mapping[int | None, str],
) -> Row:
    items, pages, blank = counts.get(batch.id, (0, 0, 0))
    return [
        batch.number,
        batch.scanned_by,
        batch.device,
        day_in_catalogue(batch.scanned_on) if batch.scanned_on else catalogue_day(batch.opened_at),
        f"{batch.dpi}dpi" if batch.dpi else "",
        say(COLOURS, batch.colour) if batch.colour else "",
        batch.format,
        f"{items}/{pages}",
        str(blank),
        names.get(check.checker_id, "") if check else "",
        f"{check.sample}/{check.population}（{check.rate}%）" if check else "",
        "；".join(bad),
        str(batch.rework_count),
        names.get(batch.accepted_by, ""),
    ]


def _counts(session: Session, keys: Sequence[int]) -> dict[int, tuple[int, int, int]]:
    """Return items, pages and blank pages of each batch; what was dropped or taken out does not count."""
    rows = session.execute(
        select(
            IntakeItem.batch_id,
            func.count(IntakeItem.id.distinct()),
            func.count(IntakePage.id),
            func.sum(case((IntakePage.blank, 1), else_=0)),
        )
        .outerjoin(IntakePage, (IntakePage.item_id == IntakeItem.id) & IntakePage.removed.is_(False))
        .where(IntakeItem.batch_id.in_(keys), IntakeItem.state != "dropped")
        .group_by(IntakeItem.batch_id)
    )
    return {batch_id: (items, pages, int(blank or 0)) for batch_id, items, pages, blank in rows if batch_id}


def _checks(session: Session, keys: Sequence[int]) -> dict[int, BatchCheck]:
    """Return the last ended check of each batch."""
    ended = select(BatchCheck).where(BatchCheck.batch_id.in_(keys), BatchCheck.ended_at.is_not(None))
    return {check.batch_id: check for check in session.scalars(ended.order_by(BatchCheck.round))}


def _bad(session: Session, keys: Sequence[int]) -> defaultdict[int, list[str]]:
    """Return what was found bad in each batch, in all its rounds: which item, and its defects."""
    rows = session.execute(
        select(BatchCheck.batch_id, IntakeItem.position, CheckedItem.defects)
        .join(BatchCheck, BatchCheck.id == CheckedItem.check_id)
        .join(IntakeItem, IntakeItem.id == CheckedItem.item_id)
        .where(BatchCheck.batch_id.in_(keys), CheckedItem.result == "bad")
        .order_by(BatchCheck.round, IntakeItem.position)
    )
    found: defaultdict[int, list[str]] = defaultdict(list)
    for batch_id, position, defects in rows:
        found[batch_id].append(f"第{position}件{'、'.join(say(DEFECTS, code) for code in defects)}")
    return found


READER = keyed(_keys, _read)
