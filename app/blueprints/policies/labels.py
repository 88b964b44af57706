"""Names that the policy screens show."""

from __future__ import annotations

from typing import Any

from app.domain.policies import TERMINAL, PolicyStatus
from app.web.document_labels import CARRIERS, DOCUMENT_STATES, STATE_TONES, WHEREABOUTS, WHEREABOUTS_TONES
from app.web.labels import (
    CHANNELS,
    CLAIM_KINDS,
    CLAIM_STATUSES,
    DESIGN_TYPES,
    LEVELS,
    PARTY_ROLES,
    PAY_FREQUENCIES,
    PAY_MODES,
    POLICY_STATUSES,
    PRODUCT_LINES,
    TERM_KINDS,
)

WAITING = (PolicyStatus.APPLIED, PolicyStatus.UNDERWRITING, PolicyStatus.ACCEPTED, PolicyStatus.PENDING)
WATCHED = (PolicyStatus.GRACE, PolicyStatus.LAPSED, PolicyStatus.ENDORSING)


def _tone(status: PolicyStatus) -> str:
    if status in TERMINAL:
        return "mute"
    if status in WAITING:
        return "info"
    return "warn" if status in WATCHED else "ok"


TONES = {status: _tone(status) for status in PolicyStatus}
LABELS: dict[str, Any] = {
    "where": WHEREABOUTS,
    "where_tone": WHEREABOUTS_TONES,
    "status": POLICY_STATUSES,
    "tone": TONES,
    "line": PRODUCT_LINES,
    "term_kind": TERM_KINDS,
    "channel": CHANNELS,
    "design_type": DESIGN_TYPES,
    "pay_mode": PAY_MODES,
    "pay_frequency": PAY_FREQUENCIES,
    "role": PARTY_ROLES,
    "claim_kind": CLAIM_KINDS,
    "claim_status": CLAIM_STATUSES,
    "level": LEVELS,
    "state": DOCUMENT_STATES,
    "state_tone": STATE_TONES,
    "carrier": CARRIERS,
}
