"""What an entry of the trail says that changed, field by field, in words.

The auditor reads who did what to which file, not whose file it is: a customer's name and address are masked here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.blueprints.audit.words import FIELDS, KINDS, OUTCOMES
from app.domain.masking import mask_address, mask_name
from app.domain.retention import BadPeriod
from app.queries.audit import TrailRow
from app.services.customers import HIDDEN
from app.web.case_labels import CASE_STATES
from app.web.clock import CHINA
from app.web.completeness_labels import MISSING_STATES
from app.web.context import ROLE_LABELS
from app.web.damage_labels import REPAIR_STATES
from app.web.document_labels import CARRIERS, DOCUMENT_STATES
from app.web.events import EVENTS
from app.web.intake_labels import BATCH_STATES, BUSINESSES, ITEM_STATES, SOURCES
from app.web.labels import (
    BRANCH_KINDS,
    CHANNELS,
    CLAIM_KINDS,
    CLAIM_OUTCOMES,
    CLAIM_STATUSES,
    DESIGN_TYPES,
    ID_KINDS,
    LEVELS,
    PAY_FREQUENCIES,
    PAY_MODES,
    POLICY_STATUSES,
    PRODUCT_LINES,
    REFUSAL_REASONS,
    SEXES,
    TERM_KINDS,
    period_label,
)
from app.web.loan_labels import ITEM_STATES as LOAN_ITEM_STATES
from app.web.loan_labels import REQUEST_STATES
from app.web.survey_labels import FOLLOW_UP_STATES

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)")
LONGEST_PERSON = 4  # an author 责任者 with a longer name is an office or a firm
PERSONS = frozenset({"name", "legal_representative", "contact_person"})
STATES: dict[str, Mapping[Any, Any]] = {
    "policy": POLICY_STATUSES,
    "claim": CLAIM_STATUSES,
    "case": CASE_STATES,
    "intake_batch": BATCH_STATES,
    "intake_item": ITEM_STATES,
    "loan_request": REQUEST_STATES,
    "loan_item": LOAN_ITEM_STATES,
    "missing_paper": MISSING_STATES,
    "repair": REPAIR_STATES,
    "follow_up": FOLLOW_UP_STATES,
}
CUSTOMER_KINDS = {"person": _l("个人客户"), "organisation": _l("单位客户")}
OF_KIND: dict[tuple[str, str], Mapping[Any, Any]] = {
    ("branch", "kind"): BRANCH_KINDS,
    ("customer", "kind"): CUSTOMER_KINDS,
    ("intake_batch", "source"): SOURCES,
    ("submission", "business"): BUSINESSES,
    ("claim", "kind"): CLAIM_KINDS,
    ("claim", "outcome"): CLAIM_OUTCOMES,
}
OF_FIELD: dict[str, Mapping[Any, Any]] = {
    "role": ROLE_LABELS,
    "field": FIELDS,
    "carrier": CARRIERS,
    "event": EVENTS,
    "outcome": OUTCOMES,
    "object_kind": KINDS,
    "id_kind": ID_KINDS,
    "sex": SEXES,
    "line": PRODUCT_LINES,
    "term_kind": TERM_KINDS,
    "design_type": DESIGN_TYPES,
    "channel": CHANNELS,
    "pay_mode": PAY_MODES,
    "pay_frequency": PAY_FREQUENCIES,
    "refusal_reason": REFUSAL_REASONS,
}


@dataclass(frozen=True, slots=True)
class Change:
    """One field of an entry, before and after."""

    field: Any
    before: str
    after: str


def changes_of(entry: TrailRow, branches: Mapping[str, str]) -> list[Change]:
    """Return the fields that an entry tells of; `branches` gives their names by id as text."""
    names = dict.fromkeys([*entry.before, *entry.after])
    return [
        Change(
            FIELDS.get(name, name),
            _in_words(entry.object_kind, name, entry.before.get(name), branches),
            _in_words(entry.object_kind, name, entry.after.get(name), branches),
        )
        for name in names
    ]


def _in_words(kind: str, name: str, value: Any, branches: Mapping[str, str]) -> str:
    text = "" if value is None else str(value)
    if not text:
        return ""
    if text == HIDDEN:
        return str(_("已隐藏"))
    if (kind == "customer" and name in PERSONS) or (name == "author" and len(text) <= LONGEST_PERSON):
        return mask_name(text)
    if name == "address":
        return mask_address(text)
    if text in {"True", "False"}:
        return str(_("是") if text == "True" else _("否"))
    if MOMENT.fullmatch(text):
        return f"{datetime.fromisoformat(text).astimezone(CHINA):%Y-%m-%d %H:%M}"
    if name in {"period", "default_period"} and (parsed := _period(text)):
        return parsed
    if name == "branch_id":
        return branches.get(text, text)
    return str(_labels(kind, name).get(text, text))


def _period(text: str) -> str:
    try:
        return str(period_label(text))
    except BadPeriod:
        return ""


def _labels(kind: str, name: str) -> Mapping[str, Any]:
    """Return the names of the values that a field can have."""
    if name in {"level", "default_level"}:
        return {str(int(level)): label for level, label in LEVELS.items()}
    if name in {"state", "status"}:
        return _by_text(STATES.get(kind, DOCUMENT_STATES))
    return _by_text(OF_KIND.get((kind, name)) or OF_FIELD.get(name, {}))


def _by_text(labels: Mapping[Any, Any]) -> Mapping[str, Any]:
    return {str(value): label for value, label in labels.items()}
