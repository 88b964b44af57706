"""Names of what a check of a batch finds."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

DEFECTS: dict[str, Any] = {
    "blurred": _l("模糊"),
    "skewed": _l("歪斜"),
    "border": _l("黑边"),
    "page_missing": _l("缺页"),
    "order": _l("顺序错"),
    "folded": _l("折角"),
    "shows_through": _l("透印"),
    "description": _l("著录有误"),
    "wrong_class": _l("分类有误"),
    "wrong_customer": _l("归错客户"),
}
OUTCOMES: dict[str, Any] = {"": _l("进行中"), "passed": _l("合格"), "failed": _l("不合格")}
OUTCOME_TONES = {"": "info", "passed": "ok", "failed": "seal"}
