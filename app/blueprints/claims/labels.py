"""Names that the claim screens show."""

from __future__ import annotations

from typing import Any

from app.domain.claims import ClaimStatus, starts_retention
from app.web.document_labels import CARRIERS, DOCUMENT_STATES, STATE_TONES, WHEREABOUTS, WHEREABOUTS_TONES
from app.web.labels import (
    CLAIM_KINDS,
    CLAIM_OUTCOMES,
    CLAIM_STATUSES,
    LEVELS,
    PRODUCT_LINES,
    REFUSAL_REASONS,
)

DISPUTED = (ClaimStatus.RECONSIDERING, ClaimStatus.LITIGATING)


def _tone(status: ClaimStatus) -> str:
    if starts_retention(status):
        return "mute"
    return "seal" if status in DISPUTED else "info"


TONES = {status: _tone(status) for status in ClaimStatus}
OUTCOME_TONES = {"refused": "seal", "litigated": "seal"}
LABELS: dict[str, Any] = {
    "where": WHEREABOUTS,
    "where_tone": WHEREABOUTS_TONES,
    "status": CLAIM_STATUSES,
    "tone": TONES,
    "kind": CLAIM_KINDS,
    "outcome": CLAIM_OUTCOMES,
    "outcome_tone": OUTCOME_TONES,
    "refusal": REFUSAL_REASONS,
    "line": PRODUCT_LINES,
    "level": LEVELS,
    "state": DOCUMENT_STATES,
    "state_tone": STATE_TONES,
    "carrier": CARRIERS,
}
