"""修复登记表: repair orders in the order of their day, with what was done and how many photos prove it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.money import format_cents
from app.domain.registers import RegisterFilter, day_in_catalogue
from app.domain.repairs import Finding, from_plain
from app.models.customers import Customer
from app.models.documents import Document
from app.models.evidence import Photo
from app.models.rounds import RepairOrder
from app.queries.register_rows.reading import Row, keyed, names_of, papers_reached, within
from app.queries.register_rows.words import DAMAGES, GRADES, say


def _keys(actor: Actor, wanted: RegisterFilter) -> Select[int]:
    return (
        select(RepairOrder.id)
        .join(Document, Document.id == RepairOrder.document_id)
        .join(Customer, Customer.id == Document.customer_id)
        .where(
            RepairOrder.state != "cancelled",
            papers_reached(actor, RepairOrder.branch_id),
            *within(wanted, RepairOrder.branch_id, RepairOrder.ordered_at),
        )
        .order_by(RepairOrder.ordered_at, RepairOrder.id)
    )


def _read(session: Session, keys: Sequence[int]) -> Mapping[int, Row]:
    found = session.execute(
        select(RepairOrder, Document.archive_number)
        .join(Document, Document.id == RepairOrder.document_id)
        .where(RepairOrder.id.in_(keys))
    ).all()
    photos = _photos(session, keys)
    names = names_of(session, [order.accepted_by for order, _ in found])
    return {order.id: _row(order, number or "", photos, names.get(order.accepted_by, "")) for order, number in found}


def _photos(session: Session, keys: Sequence[int]) -> Counter[tuple[int, str]]:
    rows = session.execute(
        select(Photo.holder_id, Photo.moment, func.count())
        .where(Photo.holder_kind == "repair", Photo.holder_id.in_(keys))
        .group_by(Photo.holder_id, Photo.moment)
    )
    return Counter({(holder_id, moment): number for holder_id, moment, number in rows})


def _row(order: RepairOrder, number: str, photos: Counter[tuple[int, str]], accepted: str) -> Row:
    before = photos[order.id, "before"] + photos[order.id, "damage"]
    after = photos[order.id, "after"]
    return [
        number,
        "、".join(_damage(finding) for finding in from_plain(order.damages or ())),
        say(GRADES, order.grade),
        f"{before}张" if before else "",
        order.method,
        order.materials,
        order.repairer,
        _span(order.started_on, order.ended_on),
        f"{after}张" if after else "",
        accepted,
        format_cents(order.cost_cents) if order.cost_cents else "",
        "是" if order.affects_content else "否",
    ]


def _damage(finding: Finding) -> str:
    share = "" if finding.percent is None else f"{finding.percent}%"
    return f"{say(DAMAGES, finding.damage)}{share}"


def _span(begins: date | None, ends: date | None) -> str:
    return f"{day_in_catalogue(begins)}—{day_in_catalogue(ends)}" if begins else ""


READER = keyed(_keys, _read)
