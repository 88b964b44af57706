"""What the codes of figures say to who reads the screen."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, Any] = {
    "figure.month": _l("请选择本月或以前的月份。"),
    "figure.value": _l("请填写不小于 0 的数字。"),
    "figure.part_of_whole": _l("不能大于总数，请核对。"),
}
