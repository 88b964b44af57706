"""Codes of a phone (RFC 6238): a new one every 30 seconds, and whose time a code may be.

A phone's clock may be one step off. A code is known by its step of time, never by its digits: the same step is
accepted once, and none before it, on every surface that takes codes.
"""

from __future__ import annotations

from datetime import datetime

STEP_SECONDS = 30
DRIFT_STEPS = 1


def step_at(now: datetime) -> int:
    """Return the number of the step that `now` lies in."""
    return int(now.timestamp()) // STEP_SECONDS


def acceptable_steps(now: datetime) -> tuple[int, ...]:
    """Return the steps whose codes are taken at `now`, newest first: taking the newest spends all before it."""
    return tuple(step_at(now) + drift for drift in range(DRIFT_STEPS, -DRIFT_STEPS - 1, -1))
