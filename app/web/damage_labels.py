"""What damages, grades and steps of repair are called on screens; inspections and repairs share them."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.domain.repairs import Damage, Finding, Grade, RepairState, Suggestion

DAMAGES: dict[Damage, Any] = {
    Damage.ACID: _l("酸化"),
    Damage.AGED: _l("老化"),
    Damage.MILDEW: _l("霉变"),
    Damage.INSECTS: _l("虫蛀"),
    Damage.TORN: _l("撕裂"),
    Damage.STAIN: _l("污染"),
    Damage.INCOMPLETE: _l("残缺"),
    Damage.STUCK: _l("粘连"),
    Damage.INK_SPREAD: _l("字迹扩散"),
    Damage.FADED: _l("褪色"),
}
GRADES: dict[Grade, Any] = {
    Grade.SLIGHT: _l("轻度"),
    Grade.MEDIUM: _l("中度"),
    Grade.SEVERE: _l("严重"),
    Grade.EXTREME: _l("特残"),
}
GRADE_TONES = {"sound": "ok", "slight": "info", "medium": "warn", "severe": "seal", "extreme": "seal"}
REPAIR_STATES: dict[RepairState, Any] = {
    RepairState.ORDERED: _l("待修"),
    RepairState.WORKING: _l("修复中"),
    RepairState.FINISHED: _l("待验收"),
    RepairState.ACCEPTED: _l("已验收"),
    RepairState.CANCELLED: _l("已撤销"),
}
REPAIR_TONES = {"ordered": "warn", "working": "info", "finished": "brand", "accepted": "ok", "cancelled": "mute"}
SOURCES: dict[str, Any] = {
    "": _l("直接登记"),
    "loan": _l("归还检查"),
    "inspection": _l("保管检查"),
    "stocktake": _l("盘点"),
}


def finding_words(finding: Finding) -> str:
    """Return 霉变 35%, 粘连（板结）."""
    word = str(DAMAGES[finding.damage])
    if finding.firm:
        word = _("%(damage)s（板结）", damage=word)
    return f"{word} {finding.percent}%" if finding.percent is not None else word


def suggestion_words(suggestion: Suggestion | None) -> str:
    """Return why the standard asks for a grade, as a sentence."""
    if suggestion is None:
        return str(_("按面积未达到“严重”的界限，轻度还是中度请对照实物判断。"))
    grade, damage = GRADES[suggestion.grade], DAMAGES[suggestion.damage]
    if suggestion.rule == "firm":
        return str(_("建议“%(grade)s”：粘连已板结（GB/T 42468.1）。", grade=grade))
    limit = suggestion.limit
    if suggestion.rule.startswith("above"):
        said = _(
            "建议“%(grade)s”：%(damage)s超过 %(limit)s%%（GB/T 42468.1）。", grade=grade, damage=damage, limit=limit
        )
    else:
        said = _(
            "建议“%(grade)s”：%(damage)s达到 %(limit)s%%（GB/T 42468.1）。", grade=grade, damage=damage, limit=limit
        )
    return str(said)
