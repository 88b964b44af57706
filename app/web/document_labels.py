"""Names of a document's states and carriers as screens show them."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

DOCUMENT_STATES: dict[str, Any] = {
    "received": _l("待编目"),
    "catalogued": _l("已著录"),
    "filed": _l("已归档"),
    "held": _l("冻结"),
    "destroyed": _l("已销毁"),
}
STATE_TONES = {"received": "warn", "catalogued": "info", "filed": "ok", "held": "seal", "destroyed": "mute"}
CARRIERS: dict[str, Any] = {"paper": _l("纸质"), "electronic": _l("电子"), "dual": _l("双套")}

WHEREABOUTS: dict[str, Any] = {
    "shelf": _l("在库"),
    "loan": _l("借出"),
    "repair": _l("修复中"),
    "transfer": _l("移交中"),
    "missing": _l("未找到"),
    "none": _l("无纸质件"),
}
WHEREABOUTS_TONES = {"loan": "info", "repair": "warn", "transfer": "warn", "missing": "seal", "none": "mute"}
