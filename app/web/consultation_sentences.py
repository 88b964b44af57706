"""What the codes of consultations say to who reads the screen."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, Any] = {
    "consultation.question_missing": _l("请写下咨询内容，可以点选常用语再补充。"),
    "consultation.question_long": _l("咨询内容请控制在 2,000 字以内。"),
    "consultation.answer_missing": _l("请写下答复；还不能答复时，处理结果请选“待跟进”或“已转交”。"),
    "consultation.answer_long": _l("答复请控制在 4,000 字以内。"),
    "consultation.asked_in_future": _l("咨询时间晚于现在，请核对日期和时间。"),
    "consultation.asker_missing": _l("请选择客户，或者填写咨询人姓名。"),
    "consultation.phone_missing": _l("需要再联系对方，请填写电话。"),
    "consultation.follow_up_day": _l("请填写跟进日期。"),
    "consultation.follow_up_past": _l("跟进日期不能早于咨询当天。"),
    "consultation.follow_up_person": _l("请选择由谁跟进；只能选择办理机构的同事。"),
    "consultation.follow_up_note": _l("请写明跟进情况，如何时怎样答复了对方。"),
    "consultation.unknown_customer": _l("没有找到这位客户，请重新查找。"),
    "consultation.policy_of_other": _l("这张保单与所选客户无关，请重新选择。"),
    "consultation.claim_of_other": _l("这个赔案与所选客户或保单无关，请重新选择。"),
    "consultation.closed": _l("这条咨询已经办结，只能在登记当天更正。"),
    "consultation.no_follow_up": _l("这条咨询没有待办的跟进。"),
    "consultation.follow_up_open": _l("这条咨询答应了跟进，请先登记跟进情况。"),
    "consultation.is_case": _l("这条咨询已经转为投诉，不能再转一次。"),
    "consultation.changed": _l("这条记录刚被别人改过，请按最新内容核对后再办。"),
    "answer.changed": _l("这条记录刚被别人改过，请按最新内容核对后再办。"),
    "answer.question_missing": _l("请写下客户会怎么问。"),
    "answer.answer_missing": _l("请写下标准答复。"),
    "answer.not_in_use": _l("所选的标准答复已停用或过期，请改用别的答复。"),
    "answer.retired": _l("这条知识已经停用。"),
    "answer.active": _l("这条知识正在使用。"),
}
