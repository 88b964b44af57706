"""The forms of deciding that a case allows its reader now, by name."""

from __future__ import annotations

from typing import Any

from wtforms import Form

from app.queries.case_outcome import CaseOutcome


def outcome_forms(case: Any, outcome: CaseOutcome) -> dict[str, Form]:
    """Return the forms of what may be done now."""
    return {}
