"""The words of complaints, consultations and surveys on printed forms: Chinese whatever language the screens have."""

from __future__ import annotations

from collections.abc import Mapping

CHANNELS: Mapping[str, str] = {
    "visit": "来访",
    "call": "来电",
    "letter": "来信",
    "online": "网络",
    "counter": "柜面意见簿",
    "hotline": "12378转办",
    "regulator": "监管局转办",
    "head_office": "总公司转办",
    "consumers": "消保委",
    "media": "媒体",
    "other": "其他",
}
COMPLAINANTS: Mapping[str, str] = {
    "holder": "投保人",
    "insured": "被保险人",
    "beneficiary": "受益人",
    "heir": "继承人",
    "agent": "受托人",
    "organisation": "法人",
}
LINES: Mapping[str, str] = {
    "motor": "机动车辆",
    "liability": "责任",
    "surety": "保证",
    "business_property": "企财",
    "home": "家财",
    "agriculture": "农险",
    "accident": "意外",
    "life": "普通人寿",
    "disease": "疾病",
    "medical": "医疗",
    "participating": "分红",
    "universal": "万能",
    "unit_linked": "投连",
    "annuity": "年金",
}
SALES_CHANNELS: Mapping[str, str] = {
    "agent": "个人代理",
    "bank": "银邮代理",
    "broker": "专业中介",
    "phone": "电话",
    "internet": "互联网",
    "direct": "直销",
    "group": "团险",
}
STATES: Mapping[str, str] = {
    "registered": "待受理",
    "accepted": "办理中",
    "declined": "不予办理",
    "proposed": "待审批",
    "decided": "待告知",
    "notified": "已告知",
    "closed": "办结",
    "filed": "已归档",
    "withdrawn": "撤回",
    "merged": "并入他案",
}
OUTCOMES: Mapping[str, str] = {
    "granted": "支持",
    "partly": "部分支持",
    "refused": "不支持",
    "settled": "协商、调解解决",
    "upheld": "维持原决定",
    "changed": "变更原决定",
}
TOLD_BY: Mapping[str, str] = {
    "in_person": "当面",
    "post": "邮寄",
    "message": "短信、电子邮件",
    "phone": "电话",
    "unreachable": "无法联系",
}
ABOUT: Mapping[str, str] = {
    "policy": "保单",
    "claim": "理赔",
    "product": "产品",
    "service": "服务",
    "other": "其他",
}
CONSULTATION_RESULTS: Mapping[str, str] = {
    "answered": "已答复",
    "follow_up": "待跟进",
    "passed_on": "已转交",
    "complaint": "转投诉",
}
CALL_RESULTS: Mapping[str, str] = {
    "done": "成功",
    "problem": "问题件",
    "no_answer": "未接通",
    "refused": "拒访",
    "wrong_number": "空错号",
    "letter": "转信函",
}
PURPOSES: Mapping[str, str] = {
    "new_policy": "新契约回访",
    "claim": "理赔后",
    "complaint": "投诉后",
    "visit": "柜面服务",
    "other": "其他",
}
TOO_FEW = "样本不足"
UNKNOWN = "未填"
