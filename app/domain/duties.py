"""Service duties with a limit 服务时限事项: which rules they may be registered under, and what may happen to one."""

from __future__ import annotations

from enum import StrEnum

from app.domain.deadlines import ClockRule, EventKind, Ground
from app.domain.errors import WrongState

BEGINNINGS = frozenset({EventKind.BEGUN, EventKind.MATERIALS_COMPLETE})
GROUP_EXCLUDED = "不适用于团体人身保险"  # as the scope of a rule says (基本服务规定 Art. 32)


class DutyState(StrEnum):
    """State of a duty."""

    OPEN = "open"  # 在办
    DONE = "done"  # 已办完
    VOID = "void"  # 已作废


def is_duty_rule(rule: ClockRule) -> bool:
    """Say whether a duty may be registered under a rule: it begins on a day that somebody names and ends when done."""
    return bool(rule.starts_by & BEGINNINGS) and rule.ends_by == {EventKind.DONE}


def is_for_personal_insurance(rule: ClockRule) -> bool:
    """Say whether a rule is one of the 基本服务规定: personal insurance only, and no groups."""
    return GROUP_EXCLUDED in rule.scope


def beginning_of(rule: ClockRule) -> EventKind:
    """Return the kind of event that starts a duty's clock."""
    return EventKind.MATERIALS_COMPLETE if EventKind.MATERIALS_COMPLETE in rule.starts_by else EventKind.BEGUN


def steps_of(rule: ClockRule, state: str, *, is_paused: bool) -> tuple[EventKind, ...]:
    """Return what may be noted of a duty now."""
    if state != DutyState.OPEN:
        return ()
    steps = [EventKind.DONE]
    if Ground.MEDICAL_EXAM in rule.term.pauses:
        steps.append(EventKind.PAUSE_ENDED if is_paused else EventKind.PAUSE_BEGUN)
    if rule.restarts:
        steps.append(EventKind.MATERIALS_COMPLETE)
    return tuple(steps)


def require_open(state: str) -> None:
    """Raise `WrongState` for a duty that is over."""
    if state != DutyState.OPEN:
        raise WrongState(f"duty.is_{state}")
