"""Ordering an export once more: one that failed, was called off or has run out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.errors import NotFound
from app.domain.registers import FORMS, RegisterFilter, RegisterKind
from app.models.machinery import Export
from app.services.registers import order_register
from app.services.reports import ReportOrder, order_report


def own_export(session: Session, actor: Actor, export_id: int) -> Export:
    """Return one's own order, whatever became of it; raises `NotFound`."""
    export = session.scalar(select(Export).where(Export.id == export_id, Export.account_id == actor.account_id))
    if export is None:
        raise NotFound
    return export


def register_of(export: Export) -> tuple[RegisterKind, RegisterFilter] | None:
    """Return which register an order was of and how it was narrowed; None for a report."""
    if export.register not in FORMS:
        return None
    return RegisterKind(export.register), RegisterFilter.from_dict(export.filters)


def order_again(session: Session, actor: Actor, export_id: int, *, lifetime: timedelta, now: datetime) -> int:
    """Order the same once more with the rights of this moment, and return the new export's id.

    Raises what `order_register` and `order_report` raise, and `NotFound` for anybody else's order.
    """
    export = own_export(session, actor, export_id)
    register = register_of(export)
    if register is not None:
        return order_register(session, actor, *register, lifetime=lifetime, now=now)
    filters: Mapping[str, Any] = export.filters
    order = ReportOrder.from_dict(dict(filters))
    return order_report(session, actor, order, export.register, lifetime=lifetime, now=now)
