"""Names of complaints' values as screens show them, and the tones of their marks; everybody who shows a case imports them."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

from app.domain import deadlines
from app.domain.case_terms import (
    BarRelation,
    Channel,
    ComplainantKind,
    ComplaintLine,
    Dispute,
    FileKind,
    NoticeAbout,
    Outcome,
    Paper,
    SalesChannel,
)
from app.domain.cases import CaseKind, CaseState, CaseStep
from app.domain.deadlines import Authority, DeclineGround, Ground
from app.web.labels import LEVELS

CASE_KINDS: dict[CaseKind, Any] = {
    CaseKind.COMPLAINT: _l("投诉"),
    CaseKind.REVIEW: _l("核查"),
}
KIND_TONES = {"complaint": "mute", "review": "brand"}
CASE_STATES: dict[CaseState, Any] = {
    CaseState.REGISTERED: _l("待受理"),
    CaseState.ACCEPTED: _l("办理中"),
    CaseState.DECLINED: _l("不予办理"),
    CaseState.PROPOSED: _l("处理意见待审批"),
    CaseState.DECIDED: _l("待告知"),
    CaseState.NOTIFIED: _l("已告知"),
    CaseState.CLOSED: lazy_pgettext("case", "办结"),
    CaseState.FILED: _l("已归档"),
    CaseState.WITHDRAWN: lazy_pgettext("case", "已撤回"),
    CaseState.MERGED: _l("已并入他案"),
}
CASE_TONES = {
    "registered": "warn",
    "accepted": "info",
    "declined": "seal",
    "proposed": "brand",
    "decided": "warn",
    "notified": "info",
    "closed": "ok",
    "filed": "ok",
    "withdrawn": "mute",
    "merged": "mute",
}
CASE_STEPS: dict[CaseStep, Any] = {
    CaseStep.ACCEPT: lazy_pgettext("case step", "受理"),
    CaseStep.DECLINE: lazy_pgettext("case step", "不予办理"),
    CaseStep.TRANSFER: lazy_pgettext("case step", "移送其他机构"),
    CaseStep.CLASSIFY: lazy_pgettext("case step", "认定情况复杂"),
    CaseStep.PAUSE: lazy_pgettext("case step", "中止计时"),
    CaseStep.RESUME: lazy_pgettext("case step", "恢复计时"),
    CaseStep.ASK_EXTENSION: lazy_pgettext("case step", "申请延期"),
    CaseStep.APPROVE_EXTENSION: lazy_pgettext("case step", "批准延期"),
    CaseStep.REFUSE_EXTENSION: lazy_pgettext("case step", "不批准延期"),
    CaseStep.NOTICE_EXTENSION: lazy_pgettext("case step", "告知延期"),
    CaseStep.AGREE_NOTICE: lazy_pgettext("case step", "约定告知日"),
    CaseStep.MERGE_IN: lazy_pgettext("case step", "并入一件投诉"),
    CaseStep.NEW_FACTS: lazy_pgettext("case step", "收到新的事实和理由"),
    CaseStep.PROPOSE: lazy_pgettext("case step", "提出处理意见"),
    CaseStep.RETURN: lazy_pgettext("case step", "退回修改"),
    CaseStep.DECIDE: lazy_pgettext("case step", "作出处理决定"),
    CaseStep.NOTIFY: lazy_pgettext("case step", "告知投诉人"),
    CaseStep.DELIVER: lazy_pgettext("case step", "投诉人收到决定"),
    CaseStep.ASK_REVIEW: lazy_pgettext("case step", "申请核查"),
    CaseStep.WITHDRAW: lazy_pgettext("case step", "撤回"),
    CaseStep.MERGE: lazy_pgettext("case step", "并入他案"),
    CaseStep.CLOSE: lazy_pgettext("case step", "办结"),
    CaseStep.FILE: lazy_pgettext("case step", "归档"),
}
CHANNELS: dict[Channel, Any] = {
    Channel.VISIT: _l("来访"),
    Channel.CALL: _l("来电"),
    Channel.LETTER: _l("来信"),
    Channel.ONLINE: _l("网络"),
    Channel.COUNTER: _l("柜面意见簿"),
    Channel.HOTLINE: _l("12378转办"),
    Channel.REGULATOR: _l("监管局转办"),
    Channel.HEAD_OFFICE: _l("总公司转办"),
    Channel.CONSUMERS: _l("消保委"),
    Channel.MEDIA: _l("媒体"),
    Channel.OTHER: _l("其他渠道"),
}
COMPLAINANT_KINDS: dict[ComplainantKind, Any] = {
    ComplainantKind.HOLDER: _l("投保人"),
    ComplainantKind.INSURED: _l("被保险人"),
    ComplainantKind.BENEFICIARY: _l("受益人"),
    ComplainantKind.HEIR: _l("继承人"),
    ComplainantKind.AGENT: _l("受托人"),
    ComplainantKind.ORGANISATION: _l("法人或其他组织"),
}
PAPERS: dict[Paper, Any] = {
    Paper.AUTHORITY: _l("授权委托书"),
    Paper.KINSHIP: _l("继承关系证明"),
    Paper.IDENTITY: _l("身份证明"),
}
SALES_CHANNELS: dict[SalesChannel, Any] = {
    SalesChannel.AGENT: _l("个人代理"),
    SalesChannel.BANK: _l("银邮代理"),
    SalesChannel.BROKER: _l("专业中介"),
    SalesChannel.PHONE: _l("电话销售"),
    SalesChannel.INTERNET: _l("互联网"),
    SalesChannel.DIRECT: _l("直销"),
    SalesChannel.GROUP: _l("团险"),
}
LINES: dict[ComplaintLine, Any] = {
    ComplaintLine.MOTOR: _l("机动车辆"),
    ComplaintLine.LIABILITY: _l("责任"),
    ComplaintLine.SURETY: _l("保证"),
    ComplaintLine.BUSINESS_PROPERTY: _l("企财"),
    ComplaintLine.HOME: _l("家财"),
    ComplaintLine.AGRICULTURE: _l("农险"),
    ComplaintLine.ACCIDENT: _l("意外"),
    ComplaintLine.LIFE: _l("普通人寿"),
    ComplaintLine.DISEASE: _l("疾病"),
    ComplaintLine.MEDICAL: _l("医疗"),
    ComplaintLine.PARTICIPATING: _l("分红"),
    ComplaintLine.UNIVERSAL: _l("万能"),
    ComplaintLine.UNIT_LINKED: _l("投连"),
    ComplaintLine.ANNUITY: _l("年金"),
}
DISPUTES: dict[Dispute, Any] = {
    Dispute.CONTRACT: _l("保险合同纠纷"),
    Dispute.VIOLATION: _l("涉嫌违法违规"),
}
OUTCOMES: dict[Outcome, Any] = {
    Outcome.GRANTED: lazy_pgettext("outcome", "支持"),
    Outcome.PARTLY: lazy_pgettext("outcome", "部分支持"),
    Outcome.REFUSED: lazy_pgettext("outcome", "不支持"),
    Outcome.SETTLED: lazy_pgettext("outcome", "协商、调解解决"),
    Outcome.UPHELD: lazy_pgettext("outcome", "维持原决定"),
    Outcome.CHANGED: lazy_pgettext("outcome", "变更原决定"),
}
OUTCOME_TONES = {
    "granted": "ok",
    "partly": "info",
    "refused": "seal",
    "settled": "ok",
    "upheld": "info",
    "changed": "warn",
}
BAR_RELATIONS: dict[BarRelation, Any] = {
    BarRelation.ACCUSED: _l("被投诉人"),
    BarRelation.RELATIVE: _l("近亲属"),
    BarRelation.INTEREST: _l("利害关系"),
    BarRelation.DECLARED: _l("自行回避"),
}
NOTICE_ABOUTS: dict[NoticeAbout, Any] = {
    NoticeAbout.ACCEPTED: lazy_pgettext("told", "受理"),
    NoticeAbout.DECLINED: lazy_pgettext("told", "不予办理"),
    NoticeAbout.PAUSE: lazy_pgettext("told", "鉴定、检测、评估"),
    NoticeAbout.EXTENSION: lazy_pgettext("told", "延期"),
    NoticeAbout.DECISION: lazy_pgettext("told", "处理决定"),
    NoticeAbout.OTHER: lazy_pgettext("told", "其他"),
}
FILE_KINDS: dict[FileKind, Any] = {
    FileKind.EVIDENCE: _l("证据材料"),
    FileKind.AUTHORITY: _l("授权委托书"),
    FileKind.KINSHIP: _l("继承关系证明"),
    FileKind.NOTICE: _l("告知凭证"),
    FileKind.EXPERT: _l("鉴定、检测、评估报告"),
    FileKind.DECISION: _l("处理决定告知书"),
    FileKind.OTHER: _l("其他材料"),
}

# What the deadline engine's own values are called.
CLOCK_STATES: dict[deadlines.State, Any] = {
    deadlines.State.NOT_STARTED: _l("未起算"),
    deadlines.State.RUNNING: _l("计时中"),
    deadlines.State.PAUSED: _l("中止"),
    deadlines.State.MET: _l("期限内办结"),
    deadlines.State.OVERDUE: _l("逾期"),
    deadlines.State.STOPPED: _l("终止"),
}
CLOCK_TONES = {
    "not_started": "mute",
    "running": "info",
    "paused": "brand",
    "met": "ok",
    "overdue": "seal",
    "stopped": "mute",
}
GROUNDS: dict[Ground, Any] = {
    Ground.APPRAISAL: lazy_pgettext("pause", "鉴定"),
    Ground.TESTING: lazy_pgettext("pause", "检测"),
    Ground.ASSESSMENT: lazy_pgettext("pause", "评估"),
    Ground.MEDIATION: lazy_pgettext("pause", "调解"),
    Ground.SUPPLEMENT: lazy_pgettext("pause", "补充材料"),
    Ground.MEDICAL_EXAM: lazy_pgettext("pause", "体检"),
}
DECLINE_GROUNDS: dict[DeclineGround, Any] = {
    DeclineGround.NOT_ENTITLED: _l("不是投诉人、法定代理人或受托人提出（第十八条）"),
    DeclineGround.NOT_A_COMPLAINT: _l("不属于消费投诉：咨询、建议、举报等（第二条）"),
    DeclineGround.NOT_OURS: _l("不是本公司的产品或服务（第十一条）"),
}
AUTHORITIES: dict[Authority, Any] = {
    Authority.SUPERIOR: _l("上级机构"),
    Authority.HEAD_OFFICE: _l("总公司高级管理人员"),
}
TOLD_BY: dict[deadlines.Channel, Any] = {
    deadlines.Channel.IN_PERSON: _l("当面递交"),
    deadlines.Channel.POST: _l("邮寄"),
    deadlines.Channel.MESSAGE: _l("短信、电子邮件"),
    deadlines.Channel.PHONE: _l("电话"),
    deadlines.Channel.UNREACHABLE: _l("无法联系"),
}

LABELS: dict[str, Any] = {
    "kind": CASE_KINDS,
    "kind_tone": KIND_TONES,
    "state": CASE_STATES,
    "tone": CASE_TONES,
    "step": CASE_STEPS,
    "channel": CHANNELS,
    "complainant": COMPLAINANT_KINDS,
    "paper": PAPERS,
    "sales": SALES_CHANNELS,
    "line": LINES,
    "dispute": DISPUTES,
    "outcome": OUTCOMES,
    "outcome_tone": OUTCOME_TONES,
    "relation": BAR_RELATIONS,
    "about": NOTICE_ABOUTS,
    "file": FILE_KINDS,
    "clock": CLOCK_STATES,
    "clock_tone": CLOCK_TONES,
    "ground": GROUNDS,
    "decline": DECLINE_GROUNDS,
    "authority": AUTHORITIES,
    "told": TOLD_BY,
    "level": LEVELS,
}
