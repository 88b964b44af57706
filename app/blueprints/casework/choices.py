"""Choices that the screens of complaints share: the tree of causes, states and marks of a list."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from app.queries.case_causes import cause_tree
from app.queries.cases import DUE_SOON, FORWARDED, GROUP, MAJOR, MINE, NOBODY, OPEN, OVERDUE, REPEAT, TO_DO, VIOLATION
from app.web.case_labels import CASE_STATES

STATE_CHOICES: list[tuple[str, Any]] = [
    (OPEN, _l("未答复")),
    (TO_DO, _l("未办结")),
    (OVERDUE, _l("已逾期")),
    (DUE_SOON, _l("三日内到期")),
    *((state.value, label) for state, label in CASE_STATES.items()),
]
MARK_CHOICES: list[tuple[str, Any]] = [
    (MAJOR, _l("重大投诉")),
    (REPEAT, _l("重复投诉")),
    (GROUP, _l("群体投诉")),
    (FORWARDED, _l("监管转办")),
    (VIOLATION, _l("涉嫌违法违规")),
]
HANDLER_CHOICES: list[tuple[str, Any]] = [(MINE, _l("我主办的")), (NOBODY, _l("尚未指派"))]


def stage_choices(session: Session, *, keep: Collection[int | None] = ()) -> list[tuple[int, str]]:
    """Return the stages of business that are in use, and those to `keep`."""
    return [
        (each.stage.id, each.stage.name) for each in cause_tree(session) if each.stage.active or each.stage.id in keep
    ]


def cause_choices(session: Session, *, keep: Collection[int | None] = ()) -> list[tuple[int, str]]:
    """Return the causes that are in use, and those to `keep`, each named with its stage."""
    return [
        (cause.id, f"{each.stage.name} · {cause.name}")
        for each in cause_tree(session)
        for cause in each.causes
        if (each.stage.active and cause.active) or cause.id in keep
    ]


def tree_choices(session: Session) -> list[tuple[int, str]]:
    """Return stages and causes for a filter, what is retired included: old cases still have it."""
    found: list[tuple[int, str]] = []
    for each in cause_tree(session):
        found.append((each.stage.id, each.stage.name))
        found += [(cause.id, f"{each.stage.name} · {cause.name}") for cause in each.causes]
    return found
