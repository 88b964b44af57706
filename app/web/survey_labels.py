"""What surveys, questions, invitations, call-backs and follow-ups are called on screens."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

from app.domain.surveys import CallResult, Purpose, QuestionKind

PURPOSES: dict[Purpose, Any] = {
    Purpose.NEW_POLICY: _l("新契约回访"),
    Purpose.CLAIM: _l("理赔后"),
    Purpose.COMPLAINT: _l("投诉后"),
    Purpose.VISIT: _l("柜面服务"),
    Purpose.OTHER: lazy_pgettext("survey purpose", "其他"),
}
KINDS: dict[QuestionKind, Any] = {
    QuestionKind.SCALE: _l("1–5 分满意度"),
    QuestionKind.NPS: _l("0–10 推荐意愿（NPS）"),
    QuestionKind.SINGLE: _l("单选"),
    QuestionKind.MULTIPLE: _l("多选"),
    QuestionKind.TEXT: _l("文字"),
}
SCALE_WORDS: dict[int, Any] = {
    1: _l("非常不满意"),
    2: _l("不满意"),
    3: _l("一般"),
    4: _l("满意"),
    5: _l("非常满意"),
}
CALL_RESULTS: dict[CallResult, Any] = {
    CallResult.DONE: lazy_pgettext("call", "成功"),
    CallResult.PROBLEM: _l("问题件"),
    CallResult.NO_ANSWER: _l("未接通"),
    CallResult.REFUSED: _l("拒访"),
    CallResult.WRONG_NUMBER: _l("空错号"),
    CallResult.LETTER: _l("转信函"),
}
CALL_TONES = {
    "done": "ok",
    "problem": "seal",
    "no_answer": "warn",
    "refused": "mute",
    "wrong_number": "mute",
    "letter": "info",
}
MEANS: dict[str, Any] = {
    "link": _l("一次性链接"),
    "slip": _l("二维码纸条"),
    "tablet": _l("柜面评价器"),
    "sms": _l("短信"),
    "paper": _l("纸质问卷"),
    "phone": _l("电话回访"),
}
INVITATION_STATES: dict[str, Any] = {
    "open": _l("待回复"),
    "answered": _l("已回复"),
    "expired": lazy_pgettext("invitation", "已过期"),
    "revoked": lazy_pgettext("invitation", "已作废"),
    "failed": _l("未能回访"),
}
INVITATION_TONES = {"open": "info", "answered": "ok", "expired": "mute", "revoked": "mute", "failed": "warn"}
VERSION_STATES: dict[str, Any] = {
    "draft": _l("草稿"),
    "published": _l("使用中"),
    "retired": lazy_pgettext("survey version", "已停用"),
}
VERSION_TONES = {"draft": "warn", "published": "ok", "retired": "mute"}
INVALID_REASONS: dict[str, Any] = {
    "": _l("有效"),
    "same": _l("答案全部相同"),
    "fast": _l("答得过快"),
    "refused": _l("中途拒答"),
}
FOLLOW_UP_REASONS: dict[str, Any] = {
    "low_score": _l("评分低"),
    "low_nps": _l("推荐意愿低"),
    "problem": _l("回访发现问题"),
}
FOLLOW_UP_STATES: dict[str, Any] = {
    "open": _l("待跟进"),
    "done": lazy_pgettext("follow-up", "已办结"),
    "void": lazy_pgettext("follow-up", "已取消"),
}
FOLLOW_UP_TONES = {"open": "warn", "done": "ok", "void": "mute"}
LABELS: dict[str, Any] = {
    "purpose": PURPOSES,
    "kind": KINDS,
    "scale": SCALE_WORDS,
    "call": CALL_RESULTS,
    "call_tone": CALL_TONES,
    "means": MEANS,
    "invitation": INVITATION_STATES,
    "invitation_tone": INVITATION_TONES,
    "version": VERSION_STATES,
    "version_tone": VERSION_TONES,
    "invalid": INVALID_REASONS,
    "reason": FOLLOW_UP_REASONS,
    "follow_up": FOLLOW_UP_STATES,
    "follow_up_tone": FOLLOW_UP_TONES,
}
