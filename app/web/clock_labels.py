"""Words of clocks for screens."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

from app.domain.deadlines import EventKind, Ground, Reason, RuleKind, State, Unit
from app.domain.duties import DutyState

RULE_KINDS: dict[Any, Any] = {
    RuleKind.COMPLAINT: _l("投诉处理"),
    RuleKind.REVIEW: _l("核查"),
    RuleKind.CLAIM: _l("理赔"),
    RuleKind.SERVICE: _l("服务时限"),
    RuleKind.WARNING: _l("内部预警"),
    RuleKind.RIGHT: _l("权利行使期"),
}
CLOCK_STATES: dict[Any, Any] = {
    State.NOT_STARTED: _l("未起算"),
    State.RUNNING: _l("办理中"),
    State.PAUSED: lazy_pgettext("clock", "中止"),
    State.MET: _l("期限内办结"),
    State.OVERDUE: _l("逾期"),
    State.STOPPED: _l("终止"),
}
CLOCK_TONES: dict[Any, str] = {
    State.NOT_STARTED: "mute",
    State.RUNNING: "info",
    State.PAUSED: "warn",
    State.MET: "ok",
    State.OVERDUE: "seal",
    State.STOPPED: "mute",
}
CLOCK_GROUNDS: dict[Any, Any] = {
    Ground.APPRAISAL: _l("鉴定"),
    Ground.TESTING: _l("检测"),
    Ground.ASSESSMENT: _l("评估"),
    Ground.MEDIATION: _l("调解"),
    Ground.SUPPLEMENT: _l("补充材料"),
    Ground.MEDICAL_EXAM: _l("体检"),
}
CLOCK_EVENTS: dict[Any, Any] = {
    EventKind.CLAIMED: _l("首次收到索赔请求和资料"),
    EventKind.LIST_SENT: _l("书面告知所需资料"),
    EventKind.CLAIM_ALLOWED: _l("核定属于保险责任"),
    EventKind.CLAIM_REFUSED: _l("核定不属于保险责任"),
    EventKind.RESULT_NOTIFIED: _l("通知核定结果"),
    EventKind.REFUSAL_SENT: _l("发出拒赔通知书"),
    EventKind.AGREED: _l("达成赔付协议"),
    EventKind.ADVANCE_PAID: _l("先予支付"),
    EventKind.PAID: lazy_pgettext("event", "支付"),
    EventKind.BEGUN: _l("起算"),
    EventKind.DONE: _l("办完"),
    EventKind.MATERIALS_COMPLETE: _l("资料收齐"),
    EventKind.SUPPLEMENTS_ASKED: _l("补充材料通知送达"),
    EventKind.SUPPLEMENTS_RECEIVED: _l("补充材料收到"),
    EventKind.CLASSIFIED_COMPLEX: _l("认定情况复杂"),
    EventKind.PAUSE_BEGUN: _l("中止开始"),
    EventKind.PAUSE_ENDED: _l("中止结束"),
    EventKind.WITHDRAWN: _l("撤回、注销"),
}
# What an article of a rule speaks of.
CLOCK_REASONS: dict[Any, Any] = {
    Reason.FIRST_DAY: _l("当日不计入"),
    Reason.COUNTED: _l("计入的日子"),
    Reason.REST_DAY: _l("非工作日不计入"),
    Reason.PAUSED: _l("中止期间不计入"),
    Reason.RECOUNTED: _l("重新计算前的日子"),
    Reason.AGREED: _l("约定的告知期"),
    Reason.OVERDUE: _l("逾期"),
    Reason.ACCEPTED: _l("受理不改变起算"),
    Reason.TRANSFERRED: _l("移送不影响期限"),
    Reason.MERGED: _l("合并按最早收到之日"),
    Reason.NEW_FACTS: _l("新的事实，重新计算"),
    Reason.NEW_FACTS_LATE: _l("期满后提出新的事实"),
    Reason.BEGUN_AGAIN: _l("资料重新收齐"),
    Reason.COMPLEX: _l("情况复杂"),
    Reason.COMPLEX_LATE: _l("期满后认定情况复杂"),
    Reason.EXTENSION_ASKED: _l("申请延期"),
    Reason.EXTENSION_APPROVED: _l("批准延期"),
    Reason.EXTENSION_REFUSED: _l("不批准延期"),
    Reason.EXTENDED: _l("告知后延长"),
    Reason.EXTENSION_LATE: _l("期满后办理延期"),
    Reason.NOTICE_AGREED: _l("约定告知日"),
    Reason.NOTICE_AGREED_LATE: _l("期满后约定告知日"),
    Reason.PAUSE_LATE: _l("期满后中止"),
    Reason.NO_PAUSE: _l("不中止"),
    Reason.ASKED_AGAIN: _l("再次要求补充"),
    Reason.DECLINED: _l("不予办理"),
    Reason.DECIDED: _l("作出决定"),
    Reason.DONE: _l("办结"),
    Reason.DONE_LATE: _l("逾期办结"),
    Reason.WITHDRAWN: _l("撤回"),
    Reason.MERGED_INTO: _l("并入他案"),
    Reason.DECLINED_TOLD: _l("告知不予办理"),
    Reason.LAPSED: _l("权利期满"),
    Reason.CARRIED: _l("遇休息日顺延"),
    Reason.CALENDAR_MISSING: _l("工作日历未录入"),
}
DUTY_STATES: dict[Any, Any] = {
    DutyState.OPEN: _l("在办"),
    DutyState.DONE: _l("已办完"),
    DutyState.VOID: _l("已作废"),
}
DUTY_TONES: dict[Any, str] = {DutyState.OPEN: "info", DutyState.DONE: "ok", DutyState.VOID: "mute"}


def length_words(length: int | None, unit: str) -> str:
    """Return 15 日, 5 个工作日, 24 小时; nothing for nothing."""
    if length is None:
        return ""
    if unit == Unit.WORKING_DAYS:
        return str(_("%(n)s 个工作日", n=length))
    return str(_("%(n)s 小时", n=length) if unit == Unit.HOURS else _("%(n)s 日", n=length))


def grounds_words(words: str) -> str:
    """Return the grounds of a rule's column as words."""
    return str(_("、")).join(str(CLOCK_GROUNDS[Ground(word)]) for word in words.split())


LABELS: dict[str, Any] = {
    "kind": RULE_KINDS,
    "state": CLOCK_STATES,
    "tone": CLOCK_TONES,
    "ground": CLOCK_GROUNDS,
    "event": CLOCK_EVENTS,
    "reason": CLOCK_REASONS,
    "length": length_words,
    "grounds": grounds_words,
    "duty": DUTY_STATES,
    "duty_tone": DUTY_TONES,
}
