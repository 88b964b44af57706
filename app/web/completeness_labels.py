"""Names of checklists as screens show them: needs, forms, states of lines and of what is owed."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

from app.web.labels import (
    CHANNELS,
    CLAIM_KINDS,
    CLAIM_OUTCOMES,
    DESIGN_TYPES,
    INSURANCE_CLASSES,
    PAY_MODES,
    PRODUCT_LINES,
    TERM_KINDS,
)

BUSINESSES: dict[str, Any] = {
    "application": _l("投保"),
    "servicing": _l("保全"),
    "claim": _l("理赔"),
    "service": _l("客户服务"),
    "other": lazy_pgettext("business", "其他"),
}
NEEDS: dict[str, Any] = {"required": _l("必备"), "conditional": _l("有条件"), "optional": _l("可选")}
NEED_TONES = {"required": "brand", "conditional": "info", "optional": "mute"}
FORMS: dict[str, Any] = {"original": _l("原件"), "copy": _l("复印件"), "either": _l("原件或复印件")}
LINE_STATES: dict[str, Any] = {
    "there": _l("已有"),
    "missing": _l("缺"),
    "owed": _l("欠件"),
    "waiver": _l("免附待批"),
    "waived": _l("免附"),
    "ask": _l("待确认"),
    "optional": _l("可选"),
    "not_needed": _l("不需要"),
}
LINE_TONES = {
    "there": "ok",
    "missing": "seal",
    "owed": "warn",
    "waiver": "warn",
    "waived": "mute",
    "ask": "info",
    "optional": "mute",
    "not_needed": "mute",
}
MISSING_STATES: dict[str, Any] = {
    "open": _l("欠件"),
    "waiver": _l("免附待批"),
    "received": _l("已补齐"),
    "waived": _l("免附"),
}
MISSING_TONES = {"open": "warn", "waiver": "info", "received": "ok", "waived": "mute"}
CUSTOMER_KINDS: dict[str, Any] = {"person": _l("个人"), "organisation": _l("单位")}
LINES: dict[Any, Any] = {**INSURANCE_CLASSES, **PRODUCT_LINES}
# What the words of a condition mean, by the name of the fact.
WORDS: dict[str, dict[Any, Any]] = {
    "insurance": dict(INSURANCE_CLASSES),
    "line": dict(PRODUCT_LINES),
    "design_type": dict(DESIGN_TYPES),
    "term_kind": dict(TERM_KINDS),
    "channel": dict(CHANNELS),
    "pay_mode": dict(PAY_MODES),
    "customer_kind": dict(CUSTOMER_KINDS),
    "claim_kind": dict(CLAIM_KINDS),
    "outcome": dict(CLAIM_OUTCOMES),
}
WAYS: dict[str, Any] = {
    "in_person": _l("当面递交"),
    "post": _l("邮寄"),
    "message": _l("短信、邮件"),
    "phone": _l("电话"),
}

LABELS: dict[str, Any] = {
    "business": BUSINESSES,
    "need": NEEDS,
    "need_tone": NEED_TONES,
    "form": FORMS,
    "state": LINE_STATES,
    "tone": LINE_TONES,
    "missing": MISSING_STATES,
    "missing_tone": MISSING_TONES,
    "customer_kind": CUSTOMER_KINDS,
    "line": LINES,
    "channel": CHANNELS,
    "claim_kind": CLAIM_KINDS,
    "way": WAYS,
    "words": WORDS,
}
