"""Names that the screens of volumes show, and the sentences of what is wrong with one, each with its way out."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.domain.volumes import Fault, Found, Measure
from app.web.document_labels import DOCUMENT_STATES, STATE_TONES, WHEREABOUTS, WHEREABOUTS_TONES
from app.web.labels import LEVELS

STATES: dict[str, Any] = {"open": _l("整理中"), "closed": _l("已立卷"), "checked": _l("已检查")}
STATE_CHIPS = {"open": "warn", "closed": "info", "checked": "ok"}
KINDS: dict[str, Any] = {
    "claim": _l("赔案卷"),
    "policy": _l("保单卷"),
    "customer": _l("客户卷"),
    "series": _l("类别卷"),
}
LABELS: dict[str, Any] = {
    "state": STATES,
    "tone": STATE_CHIPS,
    "kind": KINDS,
    "level": LEVELS,
    "level_tone": ["", "mute", "brand", "warn", "seal"],
    "where": WHEREABOUTS,
    "where_tone": WHEREABOUTS_TONES,
    "paper": DOCUMENT_STATES,
    "paper_tone": STATE_TONES,
}


def fault_sentence(found: Found, measure: Measure) -> str:
    """Return what is wrong and what to do about it."""
    sentences: dict[Fault, str] = {
        Fault.EMPTY: _("卷内还没有文件，请扫描或输入档号加入。"),
        Fault.NOT_FILED: _("有 %(n)s 件不是已归档状态，请先移出，归档后再加入。", n=found.much),
        Fault.PAGES_MISSING: _(
            "有 %(n)s 件没有页数，无法编页。请先移出，扫描挂接后页数自动填写，再加入。", n=found.much
        ),
        Fault.GAP: _("页号与现在的顺序或页数不符，请重新编页。"),
        Fault.TOO_MANY_PAGES: _(
            "共 %(n)s 页，超过每卷 %(most)s 页。请移出后面的文件另组一卷；单件过厚的，在备考表中说明。",
            n=found.much,
            most=measure.most_pages,
        ),
        Fault.TOO_THICK: _(
            "约厚 %(n)s 毫米，超过每卷 %(most)s 毫米。请移出后面的文件另组一卷。", n=found.much, most=measure.most_mm
        ),
        Fault.MIXED_YEARS: _("卷内文件跨 %(years)s 年度。不同年度不得混装，请移出其他年度的文件。", years=found.much),
    }
    return sentences[found.fault]
