"""Names of the states and kinds that these screens show."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

ACCOUNT_STATES: dict[str, Any] = {"pending": _l("待激活"), "active": _l("正常"), "disabled": _l("已停用")}
ACCOUNT_TONES = {"pending": "warn", "active": "ok", "disabled": "mute"}
GRANT_STATES: dict[str, Any] = {
    "planned": _l("未生效"),
    "open": _l("有效"),
    "expired": _l("已到期"),
    "revoked": _l("已收回"),
}
GRANT_TONES = {"planned": "warn", "open": "ok", "expired": "mute", "revoked": "mute"}
GRANT_VIEWS: dict[str, Any] = {"open": _l("有效"), "ended": _l("已结束"), "all": _l("全部")}
RESET_STATES: dict[str, Any] = {
    "asked": _l("待确认"),
    "confirmed": _l("已重置"),
    "refused": _l("已驳回"),
    "withdrawn": _l("已撤回"),
    "expired": _l("已过期"),
}
RESET_TONES = {"asked": "warn", "confirmed": "ok", "refused": "seal", "withdrawn": "mute", "expired": "mute"}
