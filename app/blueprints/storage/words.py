"""Names that the storeroom screens show."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

from app.web.document_labels import DOCUMENT_STATES, STATE_TONES, WHEREABOUTS, WHEREABOUTS_TONES
from app.web.labels import LEVELS

KINDS: dict[str, Any] = {
    "room": _l("库房"),
    "zone": lazy_pgettext("storage", "区"),
    "row": lazy_pgettext("storage", "列"),
    "bay": lazy_pgettext("storage", "节"),
    "shelf": lazy_pgettext("storage", "层"),
}
CLIMATES: dict[str, Any] = {
    "paper": _l("纸质档案库"),
    "special": _l("特藏库"),
    "tape": _l("音像磁带库"),
    "film": _l("胶片拷贝库"),
    "magnetic": _l("磁性载体库"),
    "film_master": _l("胶片母片库"),
    "disc": _l("光盘库"),
    "reading": _l("阅览室"),
}
STANDS: dict[str, Any] = {"unplaced": _l("未上架"), "empty": _l("空盒")}
DIRECTIONS: dict[str, Any] = {
    "in": lazy_pgettext("movement", "入库"),
    "out": lazy_pgettext("movement", "出库"),
    "move": lazy_pgettext("movement", "移动"),
}
DIRECTION_TONES = {"in": "ok", "out": "warn", "move": "mute"}
REASONS: dict[str, Any] = {
    "loan": lazy_pgettext("movement", "借阅"),
    "scan": lazy_pgettext("movement", "数字化"),
    "repair": lazy_pgettext("movement", "修复"),
    "transfer": lazy_pgettext("movement", "移交"),
    "destruction": lazy_pgettext("movement", "销毁"),
    "shelving": lazy_pgettext("movement", "整理上架"),
    "count": lazy_pgettext("movement", "盘点"),
}
WORDS: dict[str, Any] = {
    "kind": KINDS,
    "climate": CLIMATES,
    "stands": STANDS,
    "direction": DIRECTIONS,
    "direction_tone": DIRECTION_TONES,
    "reason": REASONS,
    "level": LEVELS,
    "state": DOCUMENT_STATES,
    "state_tone": STATE_TONES,
    "where": WHEREABOUTS,
    "where_tone": WHEREABOUTS_TONES,
}
