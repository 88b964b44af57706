"""Whether the same person complained before 重复投诉, and which of his complaints a reader may be shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select, union
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from app.domain.actor import Actor
from app.domain.cases import CaseKind
from app.domain.policy import Action
from app.models.cases import Case, CaseStatement
from app.queries.visibility import cases_for

REPEAT_WITHIN = timedelta(days=365)
MOST_SHOWN = 10


@dataclass(frozen=True, slots=True)
class EarlierCase:
    """A complaint of the same person."""

    id: int
    number: str
    state: str
    received_at: datetime


def earlier_cases(
    session: Session, actor: Actor, blinds: Mapping[str, str], customer_id: int | None, *, received_at: datetime
) -> Sequence[EarlierCase]:
    """Return the same person's complaints of the year before `received_at` that `actor` may see, newest first."""
    statement = _earlier(blinds, customer_id, received_at)
    if statement is None:
        return []
    seen = statement.with_only_columns(Case.id, Case.number, Case.state, Case.received_at)
    rows = session.execute(
        seen.where(cases_for(actor, Action.CASE_VIEW)).order_by(Case.received_at.desc(), Case.id).limit(MOST_SHOWN)
    )
    return [EarlierCase(*row) for row in rows]


def complained_before(
    session: Session, blinds: Mapping[str, str], customer_id: int | None, *, received_at: datetime, but: int = 0
) -> bool:
    """Say whether the same person complained in the year before, whoever may see that case: a fact for figures."""
    statement = _earlier(blinds, customer_id, received_at)
    return statement is not None and session.scalar(statement.where(Case.id != but).limit(1)) is not None


def repeat_for(actor: Actor) -> ColumnElement[bool]:
    """Return the mark 重复 of a case as `actor` may see it: the mark must not tell of a case that he is barred from."""
    if not actor.barred:
        return and_(Case.is_repeat)
    other = aliased(Case)
    seen = (other.id != Case.id, other.id.not_in(sorted(actor.barred)), other.received_at <= Case.received_at)
    # Each way by an index of its own: one condition with "or" would look at every case for every line.
    ways = [
        exists().where(other.customer_id == Case.customer_id, *seen).correlate(Case),
        _same_fingerprint(CaseStatement.id_number_blind, other, seen),
        _same_fingerprint(CaseStatement.phone_blind, other, seen),
    ]
    return and_(Case.is_repeat, or_(*ways))


def _same_fingerprint(
    column: InstrumentedAttribute[str], other: type[Case], seen: Sequence[ColumnElement[bool]]
) -> ColumnElement[bool]:
    """Return the condition that another case, seen by the reader, has the same fingerprint as the one in the list."""
    own, said = aliased(CaseStatement), aliased(CaseStatement)
    mine = select(getattr(own, column.key)).where(own.case_id == Case.id).correlate(Case).scalar_subquery()
    same = getattr(said, column.key)
    return exists().where(same == mine, same != "", other.id == said.case_id, *seen).correlate(Case)


def _earlier(blinds: Mapping[str, str], customer_id: int | None, received_at: datetime) -> Select[int] | None:
    """Return the select of earlier complaints, each way by an index of its own; None for a person without any."""
    ways: list[Select[int]] = []
    if blinds["id_number_blind"]:
        ways.append(select(CaseStatement.case_id).where(CaseStatement.id_number_blind == blinds["id_number_blind"]))
    if blinds["phone_blind"]:
        ways.append(select(CaseStatement.case_id).where(CaseStatement.phone_blind == blinds["phone_blind"]))
    if customer_id is not None:
        ways.append(select(Case.id).where(Case.customer_id == customer_id))
    if not ways:
        return None
    found = union(*ways).subquery()
    return select(Case.id).where(
        Case.id.in_(select(found.c[0])),
        Case.kind == CaseKind.COMPLAINT.value,
        Case.received_at >= received_at - REPEAT_WITHIN,
        Case.received_at <= received_at,
    )
