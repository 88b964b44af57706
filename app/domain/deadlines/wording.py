"""What a standing says in Chinese: one headline, then a sentence for every step with its article.

The printed table and forms take them as they are; a screen hands in `say`, which gives each of `PHRASES`, and what a rule
begins and ends with, in the reader's language before its places are filled.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime

from app.domain.deadlines.events import Channel, EventKind, Ground
from app.domain.deadlines.reasons import Reason
from app.domain.deadlines.rules import Unit
from app.domain.deadlines.standing import Standing, State, Step
from app.domain.office_time import CHINA

UNITS: Mapping[Unit, str] = {Unit.NATURAL_DAYS: "日", Unit.WORKING_DAYS: "个工作日", Unit.HOURS: "小时"}
GROUNDS: Mapping[Ground, str] = {
    Ground.APPRAISAL: "鉴定",
    Ground.TESTING: "检测",
    Ground.ASSESSMENT: "评估",
    Ground.MEDIATION: "调解",
    Ground.SUPPLEMENT: "补充材料",
    Ground.MEDICAL_EXAM: "体检",
}
EVENTS: Mapping[EventKind, str] = {
    EventKind.RECEIVED: "收到投诉",
    EventKind.ACCEPTED: "受理",
    EventKind.TRANSFERRED: "内部移送",
    EventKind.MERGED: "并入同一投诉",
    EventKind.NEW_FACTS: "收到新的事实和理由",
    EventKind.CLASSIFIED_COMPLEX: "认定情况复杂",
    EventKind.EXTENSION_ASKED: "申请延期",
    EventKind.EXTENSION_APPROVED: "批准延期",
    EventKind.EXTENSION_REFUSED: "不批准延期",
    EventKind.EXTENSION_NOTICED: "告知延期",
    EventKind.NOTICE_AGREED: "约定告知日",
    EventKind.DECLINED: "决定不予办理",
    EventKind.DECIDED: "作出处理决定",
    EventKind.NOTIFIED: "告知投诉人",
    EventKind.DELIVERED: "投诉人收到决定",
    EventKind.WITHDRAWN: "撤回",
    EventKind.MERGED_INTO: "并入他案",
    EventKind.REVIEW_ASKED: "收到核查申请",
    EventKind.REVIEW_DECIDED: "作出核查决定",
    EventKind.REVIEW_NOTIFIED: "告知核查决定",
    EventKind.CLAIMED: "首次收到索赔请求和资料",
    EventKind.LIST_SENT: "书面告知所需资料",
    EventKind.CLAIM_ALLOWED: "核定属于保险责任",
    EventKind.CLAIM_REFUSED: "核定不属于保险责任",
    EventKind.RESULT_NOTIFIED: "通知核定结果",
    EventKind.REFUSAL_SENT: "发出拒赔通知书",
    EventKind.AGREED: "达成赔付协议",
    EventKind.ADVANCE_PAID: "先予支付",
    EventKind.PAID: "支付",
    EventKind.BEGUN: "起算",
    EventKind.DONE: "办完",
    EventKind.MATERIALS_COMPLETE: "资料收齐",
    EventKind.SUPPLEMENTS_ASKED: "补充通知送达",
    EventKind.SUPPLEMENTS_RECEIVED: "补充材料收到",
    EventKind.PAUSE_BEGUN: "中止开始",
    EventKind.PAUSE_ENDED: "中止结束",
}
CHANNELS: Mapping[Channel, str] = {
    Channel.IN_PERSON: "当面",
    Channel.POST: "邮寄",
    Channel.MESSAGE: "短信",
    Channel.PHONE: "电话",
    Channel.UNREACHABLE: "无法联系",
}
STATES: Mapping[State, str] = {
    State.NOT_STARTED: "未起算",
    State.RUNNING: "办理中",
    State.PAUSED: "中止",
    State.MET: "期限内办结",
    State.OVERDUE: "逾期",
    State.STOPPED: "终止",
}
STEPS: Mapping[Reason, str] = {
    Reason.FIRST_DAY: "{span}{from_text}，当日不计入",
    Reason.COUNTED: "{span}计入{days}{unit}",
    Reason.REST_DAY: "{span}为非工作日，不计入",
    Reason.PAUSED: "{span}{ground}期间，{days}日不计入",
    Reason.RECOUNTED: "{span}在重新计算之前，不再计入",
    Reason.AGREED: "{span}为约定的告知期",
    Reason.OVERDUE: "{span}逾期{days}日",
    Reason.ACCEPTED: "{span}受理，期限仍自收到之日计算",
    Reason.TRANSFERRED: "{span}内部移送，期限不变",
    Reason.MERGED: "{span}合并处理同一投诉，按最早收到之日计算，{due}到期",
    Reason.NEW_FACTS: "{span}收到新的事实和理由，期限重新计算，{due}到期",
    Reason.NEW_FACTS_LATE: "{span}收到新的事实和理由时期限已过，不重新计算",
    Reason.BEGUN_AGAIN: "{span}资料重新收齐，期限重新计算，{due}到期",
    Reason.COMPLEX: "{span}认定情况复杂，期限为{complex}，{due}到期",
    Reason.COMPLEX_LATE: "{span}认定情况复杂时期限已过，不延长",
    Reason.EXTENSION_ASKED: "{span}申请延期，批准并告知投诉人前期限不变",
    Reason.EXTENSION_APPROVED: "{span}批准延期，告知投诉人后生效",
    Reason.EXTENSION_REFUSED: "{span}不批准延期，期限不变",
    Reason.EXTENDED: "{span}告知投诉人延期，再延长{extension}，{due}到期",
    Reason.EXTENSION_LATE: "{span}办理延期时期限已过，不予延期",
    Reason.NOTICE_AGREED: "{span}与投诉人约定，最迟{due}告知",
    Reason.NOTICE_AGREED_LATE: "{span}约定告知日时期限已过，不改变期限",
    Reason.PAUSE_LATE: "{span}开始{ground}时期限已过，不中止",
    Reason.NO_PAUSE: "{span}{ground}，期限照常计算",
    Reason.ASKED_AGAIN: "{span}再次要求补充材料，应当一次性通知，期限照常计算",
    Reason.DECLINED: "{span}决定不予办理，告知后终止",
    Reason.DECIDED: "{span}作出决定，尚须告知",
    Reason.DONE: "{span}{until_text}",
    Reason.DONE_LATE: "{span}{until_text}，已超过期限",
    Reason.WITHDRAWN: "{span}撤回，程序当日终止",
    Reason.MERGED_INTO: "{span}并入{about}，期限随该案计算",
    Reason.DECLINED_TOLD: "{span}告知不予办理，程序终止",
    Reason.LAPSED: "{span}期满，未行使的不能再行使",
    Reason.CARRIED: "{span}为休息日，可顺延至{due}，提醒仍按{span}",
    Reason.CALENDAR_MISSING: "{about}年的工作日历未录入，只除去周末",
}
HEADLINES: Mapping[State, str] = {
    State.NOT_STARTED: "尚未起算：{from_text}之后起算",
    State.RUNNING: "{due}到期，已用{used}{unit}，剩余{left}{unit}",
    State.PAUSED: "中止中；如{now}恢复计算，{due}到期，剩余{left}{unit}",
    State.MET: "{ended}完成，期限至{due}，未逾期",
    State.STOPPED: "期限至{due}，期满未行使",
}
DUE_TODAY = "今天（{due}）到期，已用{used}{unit}"
OVERDUE_OPEN = "{due}到期，已逾期{over}"
OVERDUE_DONE = "{ended}完成，期限至{due}，逾期{over}"


LENGTH = "{n}{unit}"
LESS_THAN_A_DAY = "不足一日"
SPAN = "{first}至{last}"
END = "。"
WITH_ARTICLE = "{text}（{article}）。"
ONES = tuple(f"1{unit}" for unit in UNITS.values())
PHRASES = (
    *(*STEPS.values(), *HEADLINES.values(), DUE_TODAY, OVERDUE_OPEN, OVERDUE_DONE),
    *(*UNITS.values(), *ONES, *GROUNDS.values(), LENGTH, LESS_THAN_A_DAY, SPAN, END, WITH_ARTICLE),
)
Say = Callable[[str], str]


def headline(standing: Standing, say: Say = str) -> str:
    """Return one sentence that says where a clock stands."""
    if standing.state is State.STOPPED and standing.ended_at is not None and standing.marks:
        return sentence(standing, _last_mark(standing), say)
    text = HEADLINES.get(standing.state, OVERDUE_DONE if standing.is_over else OVERDUE_OPEN)
    if standing.state is State.RUNNING and standing.due_on == _office(standing.asked_at).date():
        text = DUE_TODAY
    days_over = standing.days_over
    return say(text).format(
        due=_due(standing),
        now=_day(_office(standing.asked_at).date()),
        ended=_day(standing.ended_on),
        used=standing.used,
        left=standing.left,
        over=_length(days_over, Unit.NATURAL_DAYS, say) if days_over else say(LESS_THAN_A_DAY),
        unit=say(UNITS[standing.term.unit]),
        from_text=say(standing.rule.from_text),
    ) + say(END)


def sentence(standing: Standing, step: Step, say: Say = str) -> str:
    """Return what a step of a standing says, with its article."""
    rule = standing.rule
    unit = Unit.WORKING_DAYS if standing.term.unit is Unit.WORKING_DAYS else Unit.NATURAL_DAYS
    text = say(STEPS[step.reason]).format(
        span=_span(step, say),
        days=step.days,
        unit=say(UNITS[unit]),
        due=_day(step.due_on),
        ground=say(GROUNDS[step.ground]) if step.ground else "",
        about=step.about,
        from_text=say(rule.from_text),
        until_text=say(rule.until_text),
        complex=_length(rule.complex_term.length, rule.complex_term.unit, say) if rule.complex_term else "",
        extension=_length(rule.extension, (rule.complex_term or rule.term).unit, say),
    )
    return say(WITH_ARTICLE).format(text=text, article=step.article) if step.article else text + say(END)


def sentences(standing: Standing) -> tuple[str, ...]:
    """Return all that a standing says: the headline, then its steps in order."""
    return (headline(standing), *(sentence(standing, step) for step in standing.why))


def _last_mark(standing: Standing) -> Step:
    """Return the mark that ended the clock; notes on the due day may stand after it."""
    ending = {Reason.WITHDRAWN, Reason.MERGED_INTO, Reason.DECLINED_TOLD, Reason.DONE_LATE}
    return next(step for step in reversed(standing.marks) if step.reason in ending)


def _span(step: Step, say: Say) -> str:
    if step.first == step.last:
        return _day(step.first)
    return say(SPAN).format(first=_day(step.first), last=_day(step.last))


def _length(count: int, unit: Unit, say: Say) -> str:
    """Return 15日; one of something is a phrase of its own, since other languages count differently."""
    if count == 1:
        return say(f"1{UNITS[unit]}")
    return say(LENGTH).format(n=count, unit=say(UNITS[unit]))


def _office(moment: datetime) -> datetime:
    return moment.astimezone(CHINA)


def _day(day: date | None) -> str:
    return "" if day is None else day.isoformat()


def _due(standing: Standing) -> str:
    """Return the due day, or the minute of it where hours are counted."""
    if standing.rule.term.unit is Unit.HOURS and standing.due_at is not None:
        return f"{_office(standing.due_at):%Y-%m-%d %H:%M}"
    return _day(standing.due_on)
