"""Names that the screens of rounds show."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from app.domain.stocktaking import Correction, Result, StocktakeState
from app.web.damage_labels import DAMAGES, GRADE_TONES, GRADES, finding_words

STATES: dict[StocktakeState, Any] = {
    StocktakeState.COUNTING: _l("清点中"),
    StocktakeState.REVIEW: _l("待复核"),
    StocktakeState.CLOSED: _l("已结束"),
    StocktakeState.CANCELLED: _l("已取消"),
}
STATE_TONES = {"counting": "info", "review": "warn", "closed": "ok", "cancelled": "mute"}
REASONS: dict[str, Any] = {
    "plan": _l("定期清点"),
    "acceptance": _l("验收"),
    "keeper": _l("人员交接"),
    "use": _l("利用之后"),
    "incident": _l("突发事件之后"),
}
RESULTS: dict[Result, Any] = {
    Result.OPEN: _l("未点"),
    Result.FOUND: _l("相符"),
    Result.MISSING: _l("缺失"),
    Result.MISPLACED: _l("错位"),
    Result.ON_LOAN_PRESENT: _l("已出库却在架"),
    Result.AWAY: _l("出库未在架（正常）"),
    Result.NOT_IN_BOOKS: _l("账外"),
    Result.DAMAGED: _l("破损"),
}
RESULT_TONES = {
    "open": "mute",
    "found": "ok",
    "missing": "seal",
    "misplaced": "warn",
    "on_loan_present": "warn",
    "away": "info",
    "not_in_books": "seal",
    "damaged": "warn",
}
# What can be read from a scan at a glance: a sentence for each result.
SAID: dict[str, Any] = {
    "found": _l("相符。"),
    "misplaced": _l("错位：账面在别处，已记下实际位置。"),
    "on_loan_present": _l("账面已出库，实物却在架：请核对是否忘办归还。"),
    "not_in_books": _l("账外：已记下。"),
    "damaged": _l("已记为破损或缺页。"),
}
CORRECTIONS: dict[Correction, Any] = {
    Correction.NONE: "",
    Correction.PROPOSED: _l("待审批"),
    Correction.APPROVED: _l("已更正"),
    Correction.REFUSED: _l("不予更正"),
}
CORRECTION_TONES = {"proposed": "warn", "approved": "ok", "refused": "mute"}
# What the approval of a line does to the books.
REMEDIES: dict[str, Any] = {
    "missing": _l("记为“缺失”，不再外借"),
    "misplaced": _l("账面改为实际位置"),
    "on_loan_present": _l("记下实物在架，到出纳台办归还"),
    "found": _l("由“缺失”恢复为在架"),
    "damaged": _l("由“缺失”恢复为在架"),
}
PLACE_KINDS: dict[str, Any] = {
    "room": _l("库房"),
    "zone": _l("区"),
    "row": _l("列"),
    "bay": _l("节"),
    "shelf": _l("层"),
}
SHOWN: dict[str, Any] = {
    "open": _l("待检查"),
    "late": _l("已逾期"),
    "done": _l("已检查"),
    "damaged": _l("有病害"),
}
LABELS: dict[str, Any] = {
    "state": STATES,
    "state_tone": STATE_TONES,
    "reason": REASONS,
    "result": RESULTS,
    "tone": RESULT_TONES,
    "correction": CORRECTIONS,
    "correction_tone": CORRECTION_TONES,
    "remedy": REMEDIES,
    "kind": PLACE_KINDS,
    "shown": SHOWN,
    "grade": {"sound": _l("完好"), **{grade.value: label for grade, label in GRADES.items()}},
    "grade_tone": GRADE_TONES,
    "damage": DAMAGES,
    "finding": finding_words,
}
