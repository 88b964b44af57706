"""Values that the office may change, each with its basis 依据 and the day it came into force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.archive_numbers import DEFAULT_TEMPLATE
from app.domain.errors import ChangedMeanwhile, Difference
from app.domain.volumes import MEASURE_BASES, MEASURE_DEFAULTS
from app.models.machinery import Setting
from app.services.changes import apply_changes

NUMBER_TEMPLATE = "archive_number_template"
RETENTION_FLOOR = "retention_floor_years"
READY_DAYS = "loan_ready_days"  # working days that a paper is kept at the desk for its borrower
REMINDER_DAYS = "loan_reminder_days"  # when a borrower is reminded, counted from the due day
CHECK_RATE = "intake_check_rate"  # per cent of a batch's items that are looked at, at least 5
CHECK_PASS = "intake_check_pass"  # noqa: S105 (no password): per cent of a sample that must be without a defect
MISSING_DUE_DAYS = "missing_due_days"  # how long a missing paper is waited for unless somebody says otherwise
MISSING_REMINDERS = "missing_reminder_days"  # when a missing paper is reminded of, counted from the due day
DEFAULTS = {
    NUMBER_TEMPLATE: DEFAULT_TEMPLATE,
    RETENTION_FLOOR: "5",
    READY_DAYS: "3",
    REMINDER_DAYS: "-1 1 7 15",
    CHECK_RATE: "10",
    CHECK_PASS: "95",
    MISSING_DUE_DAYS: "10",
    MISSING_REMINDERS: "-7 -1 0 7 15",
    **MEASURE_DEFAULTS,
}
BASES = {
    NUMBER_TEMPLATE: "DA/T 13-2022",
    RETENTION_FLOOR: "保险法第八十七条：保险期间一年以下的，自保险合同终止之日起不少于五年",
    READY_DAYS: "本单位借阅规定",
    REMINDER_DAYS: "本单位借阅规定：到期前催还，逾期逐级催还",
    CHECK_RATE: "DA/T 31-2017 第 12.1.2 条：抽检比例不低于 5%",
    CHECK_PASS: "DA/T 31-2017 第 12 条：合格率达到 95% 以上予以验收通过",
    **MEASURE_BASES,
    MISSING_DUE_DAYS: "本单位单证管理规定",
    MISSING_REMINDERS: "本单位单证管理规定：到期前提醒，逾期逐级催缴",
}


@dataclass(frozen=True, slots=True)
class InForce:
    """A value in force; version 0 and no day for what the portal ships with."""

    name: str
    value: str
    basis: str
    effective_from: datetime | None
    version: int


def setting(session: Session, name: str) -> str:
    """Return the value in force, or what the portal ships with."""
    value = session.scalar(select(Setting.value).where(Setting.name == name))
    return DEFAULTS[name] if value is None else value


def in_force(session: Session, name: str) -> InForce:
    """Return the value in force with its basis, or what the portal ships with."""
    row = session.get(Setting, name)
    if row is None:
        return InForce(name, DEFAULTS[name], BASES[name], None, 0)
    return InForce(name, row.value, row.basis, row.effective_from, row.version)


def change_setting(
    session: Session, name: str, value: str, basis: str, *, version: int, now: datetime
) -> tuple[dict[str, str], dict[str, str]]:
    """Put a value into force from now on and return the texts before and after of what changed.

    The caller has checked the value and who asks, and writes the trail. Raises `ChangedMeanwhile`.
    """
    row = session.get(Setting, name, with_for_update=True)
    if row is None:
        return _set_first(session, name, value, basis, version=version, now=now)
    before, after = apply_changes(
        row, {"value": value, "basis": basis}, version=version, show=lambda _, text: str(text)
    )
    if after:
        row.effective_from = now
        session.flush()
    return before, after


def _set_first(
    session: Session, name: str, value: str, basis: str, *, version: int, now: datetime
) -> tuple[dict[str, str], dict[str, str]]:
    """Write the first value of one's own over what the portal ships with."""
    shipped = {"value": DEFAULTS[name], "basis": BASES[name]}
    wanted = {"value": value, "basis": basis}
    changed = [field for field in wanted if wanted[field] != shipped[field]]
    if version != 0:
        raise ChangedMeanwhile([Difference(field, wanted[field], shipped[field]) for field in changed], 0)
    if changed:
        session.add(Setting(name=name, value=value, basis=basis, effective_from=now, version=1))
        session.flush()
    return {field: shipped[field] for field in changed}, {field: wanted[field] for field in changed}
