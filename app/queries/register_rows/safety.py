"""库房安全检查表 of one room: a row a check, a column for each of 八防/十防 by the name of the point."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.registers import FORMS, RegisterFilter, RegisterKind, day_in_catalogue
from app.models.climate import SafetyCheck, SafetyPoint
from app.models.storage import Place
from app.queries.register_rows.reading import Row, keyed, names_of, reached

MARKS = {"ok": "√", "fault": "×", "none": "—"}
HEADINGS = tuple(heading for heading, _, _ in FORMS[RegisterKind.SAFETY].columns[1:-3])
# 防潮（水） is one point of the slogan and two columns of the form; so is 防虫（鼠）.
_TOLD_TWICE = re.compile(r"防(.)[（(](.)[）)]")


def _keys(actor: Actor, wanted: RegisterFilter) -> Select[int]:
    begins, ends = wanted.span()
    statement = (
        select(SafetyCheck.id)
        .join(Place, Place.id == SafetyCheck.place_id)
        .where(SafetyCheck.place_id == wanted.room_id, reached(actor, Place.branch_id))
    )
    if begins is not None:
        statement = statement.where(SafetyCheck.day >= begins)
    if ends is not None:
        statement = statement.where(SafetyCheck.day <= ends)
    return statement.order_by(SafetyCheck.day, SafetyCheck.id)


def _read(session: Session, keys: Sequence[int]) -> Mapping[int, Row]:
    checks = session.scalars(select(SafetyCheck).where(SafetyCheck.id.in_(keys))).all()
    labels = {code: label for code, label in session.execute(select(SafetyPoint.code, SafetyPoint.label))}
    names = names_of(session, [check.checked_by for check in checks])
    return {check.id: _row(check, labels, names.get(check.checked_by, "")) for check in checks}


def _row(check: SafetyCheck, labels: Mapping[str, str], name: str) -> Row:
    results = {labels.get(code, code): str(result) for code, result in dict(check.results or {}).items()}
    columns = {heading: result for label, result in results.items() for heading in _headings(label)}
    marks = [MARKS.get(columns.get(heading, ""), "") for heading in HEADINGS]
    # A site may check points that the form has no column for: their faults are told in words.
    others = [label for label, result in results.items() if result == "fault" and not {*_headings(label)} & {*HEADINGS}]
    found = "；".join(part for part in (check.found, *others) if part)
    return [day_in_catalogue(check.day), *marks, found, check.handled, name]


def _headings(label: str) -> tuple[str, ...]:
    both = _TOLD_TWICE.fullmatch(label)
    return (f"防{both[1]}", f"防{both[2]}") if both else (label,)


READER = keyed(_keys, _read)
