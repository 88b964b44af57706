"""Ordering the report on complaints and service, as PDF or as a workbook."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.errors import NotAllowed, NotFound
from app.domain.figures import Period, PeriodKind
from app.domain.policy import Action, Target, may, may_ever
from app.models.accounts import Branch
from app.services.registers import order_export

PDF, WORKBOOK = "casework_pdf", "casework_xlsx"


@dataclass(frozen=True, slots=True)
class ReportOrder:
    """What a report is of: a period and a branch, or all that one may see."""

    period: Period
    branch_id: int | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return the order as JSON can hold it."""
        return {
            "kind": self.period.kind.value,
            "first": self.period.first.isoformat(),
            "branch_id": self.branch_id,
        }

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> ReportOrder:
        """Return the order that `as_dict` wrote."""
        period = Period.around(PeriodKind(values["kind"]), date.fromisoformat(values["first"]))
        return cls(period, values["branch_id"])


def order_report(
    session: Session, actor: Actor, order: ReportOrder, register: str, *, lifetime: timedelta, now: datetime
) -> int:
    """Order a report and return the export's id; raises `NotAllowed`, `NotFound`, `WrongState` with too many open."""
    if not may_ever(actor, Action.CASE_FIGURES) or register not in (PDF, WORKBOOK):
        raise NotAllowed(Action.CASE_FIGURES)
    if order.branch_id is not None:
        known = session.get(Branch, order.branch_id) is not None
        if not known or not may(actor, Action.CASE_FIGURES, Target(order.branch_id)):
            raise NotFound
    return order_export(session, actor, register, "print_report", order.as_dict(), lifetime=lifetime, now=now)
