"""Names that the document screens show."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from app.web.document_labels import CARRIERS, DOCUMENT_STATES, STATE_TONES, WHEREABOUTS, WHEREABOUTS_TONES
from app.web.labels import LEVELS

LABELS: dict[str, Any] = {
    "where": WHEREABOUTS,
    "where_tone": WHEREABOUTS_TONES,
    "level": LEVELS,
    "state": DOCUMENT_STATES,
    "tone": STATE_TONES,
    "carrier": CARRIERS,
}
REASONS = (_l("监管或司法调取"), _l("客户申请复制"), _l("诉讼举证"), _l("笔迹鉴定"), _l("扫描质量复核"))
