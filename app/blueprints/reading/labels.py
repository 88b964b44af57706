"""Names of an electronic loan's states as its screens show them."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

STATES: dict[str, Any] = {
    "asked": _l("待审批"),
    "waiting": _l("待开通"),
    "ready": _l("待领取"),
    "out": _l("借阅中"),
    "returned": _l("已结束"),
    "refused": _l("未批准"),
    "withdrawn": _l("已撤回"),
    "expired": _l("过期未取"),
    "lost": _l("下落不明"),
}
TONES = {"waiting": "info", "ready": "info", "out": "ok", "asked": "warn", "lost": "seal"}
