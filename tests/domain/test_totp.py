"""Steps of time, and which of them a code may belong to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from app.domain.totp import acceptable_steps, step_at

NOW = datetime(2026, 11, 22, 1, 30, tzinfo=UTC)


def test_a_step_lasts_thirty_seconds() -> None:
    assert step_at(NOW) == step_at(NOW + timedelta(seconds=29))
    assert step_at(NOW + timedelta(seconds=30)) == step_at(NOW) + 1


def test_one_step_either_way_is_taken_the_newest_first() -> None:
    at = step_at(NOW)

    assert acceptable_steps(NOW) == (at + 1, at, at - 1)
