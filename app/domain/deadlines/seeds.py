"""All seed rows together."""

from __future__ import annotations

from app.domain.deadlines.seed_claims import CLAIM_RULES
from app.domain.deadlines.seed_complaints import COMPLAINT_RULES
from app.domain.deadlines.seed_services import SERVICE_RULES

SEED_RULES = (*COMPLAINT_RULES, *CLAIM_RULES, *SERVICE_RULES)
