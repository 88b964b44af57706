"""The phrases in which the deadline engine speaks, for screens: each is said before its places are filled."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_pgettext

# A context of their own: a unit or a full stop elsewhere may be another word.
PHRASES: dict[str, Any] = {
    "{span}{from_text}，当日不计入": lazy_pgettext("deadline", "{span}{from_text}，当日不计入"),
    "{span}计入{days}{unit}": lazy_pgettext("deadline", "{span}计入{days}{unit}"),
    "{span}为非工作日，不计入": lazy_pgettext("deadline", "{span}为非工作日，不计入"),
    "{span}{ground}期间，{days}日不计入": lazy_pgettext("deadline", "{span}{ground}期间，{days}日不计入"),
    "{span}在重新计算之前，不再计入": lazy_pgettext("deadline", "{span}在重新计算之前，不再计入"),
    "{span}为约定的告知期": lazy_pgettext("deadline", "{span}为约定的告知期"),
    "{span}逾期{days}日": lazy_pgettext("deadline", "{span}逾期{days}日"),
    "{span}受理，期限仍自收到之日计算": lazy_pgettext("deadline", "{span}受理，期限仍自收到之日计算"),
    "{span}内部移送，期限不变": lazy_pgettext("deadline", "{span}内部移送，期限不变"),
    "{span}合并处理同一投诉，按最早收到之日计算，{due}到期": lazy_pgettext(
        "deadline", "{span}合并处理同一投诉，按最早收到之日计算，{due}到期"
    ),
    "{span}收到新的事实和理由，期限重新计算，{due}到期": lazy_pgettext(
        "deadline", "{span}收到新的事实和理由，期限重新计算，{due}到期"
    ),
    "{span}收到新的事实和理由时期限已过，不重新计算": lazy_pgettext(
        "deadline", "{span}收到新的事实和理由时期限已过，不重新计算"
    ),
    "{span}资料重新收齐，期限重新计算，{due}到期": lazy_pgettext(
        "deadline", "{span}资料重新收齐，期限重新计算，{due}到期"
    ),
    "{span}认定情况复杂，期限为{complex}，{due}到期": lazy_pgettext(
        "deadline", "{span}认定情况复杂，期限为{complex}，{due}到期"
    ),
    "{span}认定情况复杂时期限已过，不延长": lazy_pgettext("deadline", "{span}认定情况复杂时期限已过，不延长"),
    "{span}申请延期，批准并告知投诉人前期限不变": lazy_pgettext(
        "deadline", "{span}申请延期，批准并告知投诉人前期限不变"
    ),
    "{span}批准延期，告知投诉人后生效": lazy_pgettext("deadline", "{span}批准延期，告知投诉人后生效"),
    "{span}不批准延期，期限不变": lazy_pgettext("deadline", "{span}不批准延期，期限不变"),
    "{span}告知投诉人延期，再延长{extension}，{due}到期": lazy_pgettext(
        "deadline", "{span}告知投诉人延期，再延长{extension}，{due}到期"
    ),
    "{span}办理延期时期限已过，不予延期": lazy_pgettext("deadline", "{span}办理延期时期限已过，不予延期"),
    "{span}与投诉人约定，最迟{due}告知": lazy_pgettext("deadline", "{span}与投诉人约定，最迟{due}告知"),
    "{span}约定告知日时期限已过，不改变期限": lazy_pgettext("deadline", "{span}约定告知日时期限已过，不改变期限"),
    "{span}开始{ground}时期限已过，不中止": lazy_pgettext("deadline", "{span}开始{ground}时期限已过，不中止"),
    "{span}{ground}，期限照常计算": lazy_pgettext("deadline", "{span}{ground}，期限照常计算"),
    "{span}再次要求补充材料，应当一次性通知，期限照常计算": lazy_pgettext(
        "deadline", "{span}再次要求补充材料，应当一次性通知，期限照常计算"
    ),
    "{span}决定不予办理，告知后终止": lazy_pgettext("deadline", "{span}决定不予办理，告知后终止"),
    "{span}作出决定，尚须告知": lazy_pgettext("deadline", "{span}作出决定，尚须告知"),
    "{span}{until_text}": lazy_pgettext("deadline", "{span}{until_text}"),
    "{span}{until_text}，已超过期限": lazy_pgettext("deadline", "{span}{until_text}，已超过期限"),
    "{span}撤回，程序当日终止": lazy_pgettext("deadline", "{span}撤回，程序当日终止"),
    "{span}并入{about}，期限随该案计算": lazy_pgettext("deadline", "{span}并入{about}，期限随该案计算"),
    "{span}告知不予办理，程序终止": lazy_pgettext("deadline", "{span}告知不予办理，程序终止"),
    "{span}期满，未行使的不能再行使": lazy_pgettext("deadline", "{span}期满，未行使的不能再行使"),
    "{span}为休息日，可顺延至{due}，提醒仍按{span}": lazy_pgettext(
        "deadline", "{span}为休息日，可顺延至{due}，提醒仍按{span}"
    ),
    "{about}年的工作日历未录入，只除去周末": lazy_pgettext("deadline", "{about}年的工作日历未录入，只除去周末"),
    "尚未起算：{from_text}之后起算": lazy_pgettext("deadline", "尚未起算：{from_text}之后起算"),
    "{due}到期，已用{used}{unit}，剩余{left}{unit}": lazy_pgettext(
        "deadline", "{due}到期，已用{used}{unit}，剩余{left}{unit}"
    ),
    "中止中；如{now}恢复计算，{due}到期，剩余{left}{unit}": lazy_pgettext(
        "deadline", "中止中；如{now}恢复计算，{due}到期，剩余{left}{unit}"
    ),
    "{ended}完成，期限至{due}，未逾期": lazy_pgettext("deadline", "{ended}完成，期限至{due}，未逾期"),
    "期限至{due}，期满未行使": lazy_pgettext("deadline", "期限至{due}，期满未行使"),
    "今天（{due}）到期，已用{used}{unit}": lazy_pgettext("deadline", "今天（{due}）到期，已用{used}{unit}"),
    "{due}到期，已逾期{over}": lazy_pgettext("deadline", "{due}到期，已逾期{over}"),
    "{ended}完成，期限至{due}，逾期{over}": lazy_pgettext("deadline", "{ended}完成，期限至{due}，逾期{over}"),
    "日": lazy_pgettext("deadline", "日"),
    "个工作日": lazy_pgettext("deadline", "个工作日"),
    "小时": lazy_pgettext("deadline", "小时"),
    "1日": lazy_pgettext("deadline", "1日"),
    "1个工作日": lazy_pgettext("deadline", "1个工作日"),
    "1小时": lazy_pgettext("deadline", "1小时"),
    "鉴定": lazy_pgettext("deadline", "鉴定"),
    "检测": lazy_pgettext("deadline", "检测"),
    "评估": lazy_pgettext("deadline", "评估"),
    "调解": lazy_pgettext("deadline", "调解"),
    "补充材料": lazy_pgettext("deadline", "补充材料"),
    "体检": lazy_pgettext("deadline", "体检"),
    "{n}{unit}": lazy_pgettext("deadline", "{n}{unit}"),
    "不足一日": lazy_pgettext("deadline", "不足一日"),
    "{first}至{last}": lazy_pgettext("deadline", "{first}至{last}"),
    "。": lazy_pgettext("deadline", "。"),
    "{text}（{article}）。": lazy_pgettext("deadline", "{text}（{article}）。"),
}
# What the rules that are shipped are called, what begins them and what ends them; a text of the office is read as it is.
RULE_WORDS: dict[str, Any] = {
    "理赔核定": lazy_pgettext("deadline", "理赔核定"),
    "赔付": lazy_pgettext("deadline", "赔付"),
    "拒赔通知": lazy_pgettext("deadline", "拒赔通知"),
    "先予支付": lazy_pgettext("deadline", "先予支付"),
    "人身险理赔核定": lazy_pgettext("deadline", "人身险理赔核定"),
    "人身险拒赔通知": lazy_pgettext("deadline", "人身险拒赔通知"),
    "人身险赔付": lazy_pgettext("deadline", "人身险赔付"),
    "交强险告知所需资料": lazy_pgettext("deadline", "交强险告知所需资料"),
    "交强险核定": lazy_pgettext("deadline", "交强险核定"),
    "交强险赔付": lazy_pgettext("deadline", "交强险赔付"),
    "投诉处理": lazy_pgettext("deadline", "投诉处理"),
    "申请核查": lazy_pgettext("deadline", "申请核查"),
    "核查": lazy_pgettext("deadline", "核查"),
    "监管转送": lazy_pgettext("deadline", "监管转送"),
    "投诉答复内部预警": lazy_pgettext("deadline", "投诉答复内部预警"),
    "投保资料补正告知": lazy_pgettext("deadline", "投保资料补正告知"),
    "体检生调通知": lazy_pgettext("deadline", "体检生调通知"),
    "合同制作送达": lazy_pgettext("deadline", "合同制作送达"),
    "核保结果告知": lazy_pgettext("deadline", "核保结果告知"),
    "回访问题件解决": lazy_pgettext("deadline", "回访问题件解决"),
    "保全受理": lazy_pgettext("deadline", "保全受理"),
    "保全补正通知": lazy_pgettext("deadline", "保全补正通知"),
    "保全处理": lazy_pgettext("deadline", "保全处理"),
    "涉及缴费的保全处理": lazy_pgettext("deadline", "涉及缴费的保全处理"),
    "效力中止通知": lazy_pgettext("deadline", "效力中止通知"),
    "退还现金价值": lazy_pgettext("deadline", "退还现金价值"),
    "行使合同解除权": lazy_pgettext("deadline", "行使合同解除权"),
    "首次收到索赔请求和有关证明、资料": lazy_pgettext("deadline", "首次收到索赔请求和有关证明、资料"),
    "作出核定": lazy_pgettext("deadline", "作出核定"),
    "达成赔偿或者给付保险金的协议": lazy_pgettext("deadline", "达成赔偿或者给付保险金的协议"),
    "履行赔偿或者给付义务": lazy_pgettext("deadline", "履行赔偿或者给付义务"),
    "作出不属于保险责任的核定": lazy_pgettext("deadline", "作出不属于保险责任的核定"),
    "发出拒绝赔偿或者拒绝给付保险金通知书并说明理由": lazy_pgettext(
        "deadline", "发出拒绝赔偿或者拒绝给付保险金通知书并说明理由"
    ),
    "收到索赔请求和有关证明、资料": lazy_pgettext("deadline", "收到索赔请求和有关证明、资料"),
    "按可以确定的数额先予支付（数额已确定或者拒赔的除外）": lazy_pgettext(
        "deadline", "按可以确定的数额先予支付（数额已确定或者拒赔的除外）"
    ),
    "收到赔偿或者给付保险金的请求": lazy_pgettext("deadline", "收到赔偿或者给付保险金的请求"),
    "收到赔偿申请": lazy_pgettext("deadline", "收到赔偿申请"),
    "书面告知需要提供的证明和资料": lazy_pgettext("deadline", "书面告知需要提供的证明和资料"),
    "收到证明和资料": lazy_pgettext("deadline", "收到证明和资料"),
    "作出核定并通知结果": lazy_pgettext("deadline", "作出核定并通知结果"),
    "达成赔偿保险金的协议": lazy_pgettext("deadline", "达成赔偿保险金的协议"),
    "赔偿保险金": lazy_pgettext("deadline", "赔偿保险金"),
    "收到投诉": lazy_pgettext("deadline", "收到投诉"),
    "作出处理决定并告知投诉人": lazy_pgettext("deadline", "作出处理决定并告知投诉人"),
    "投诉人收到处理决定": lazy_pgettext("deadline", "投诉人收到处理决定"),
    "投诉人书面申请核查": lazy_pgettext("deadline", "投诉人书面申请核查"),
    "收到核查申请": lazy_pgettext("deadline", "收到核查申请"),
    "作出核查决定并告知投诉人": lazy_pgettext("deadline", "作出核查决定并告知投诉人"),
    "监管机构收到投诉": lazy_pgettext("deadline", "监管机构收到投诉"),
    "转送被投诉机构并告知投诉人": lazy_pgettext("deadline", "转送被投诉机构并告知投诉人"),
    "受理投诉": lazy_pgettext("deadline", "受理投诉"),
    "明确答复投诉人": lazy_pgettext("deadline", "明确答复投诉人"),
    "收到投保资料": lazy_pgettext("deadline", "收到投保资料"),
    "一次性告知需要补正或者补充的内容": lazy_pgettext("deadline", "一次性告知需要补正或者补充的内容"),
    "收到符合要求的投保资料": lazy_pgettext("deadline", "收到符合要求的投保资料"),
    "通知投保人体检或者生存调查": lazy_pgettext("deadline", "通知投保人体检或者生存调查"),
    "完成保险合同制作并送达投保人": lazy_pgettext("deadline", "完成保险合同制作并送达投保人"),
    "收到体检报告或者生存调查报告": lazy_pgettext("deadline", "收到体检报告或者生存调查报告"),
    "告知核保结果，同意承保的送达合同": lazy_pgettext("deadline", "告知核保结果，同意承保的送达合同"),
    "发现销售误导等问题": lazy_pgettext("deadline", "发现销售误导等问题"),
    "由销售人员以外的人员解决": lazy_pgettext("deadline", "由销售人员以外的人员解决"),
    "收到资料齐全的保全申请": lazy_pgettext("deadline", "收到资料齐全的保全申请"),
    "完成受理": lazy_pgettext("deadline", "完成受理"),
    "收到保全申请": lazy_pgettext("deadline", "收到保全申请"),
    "一次性通知补正": lazy_pgettext("deadline", "一次性通知补正"),
    "同意保全": lazy_pgettext("deadline", "同意保全"),
    "处理完毕": lazy_pgettext("deadline", "处理完毕"),
    "投保人缴纳足额保险费": lazy_pgettext("deadline", "投保人缴纳足额保险费"),
    "保险合同效力中止": lazy_pgettext("deadline", "保险合同效力中止"),
    "发出效力中止通知": lazy_pgettext("deadline", "发出效力中止通知"),
    "收到解除合同通知": lazy_pgettext("deadline", "收到解除合同通知"),
    "退还保险单的现金价值": lazy_pgettext("deadline", "退还保险单的现金价值"),
    "知道有解除事由": lazy_pgettext("deadline", "知道有解除事由"),
}


def say_clock(phrase: str) -> str:
    """Return a phrase of the engine or a text of a rule in the reader's language."""
    return str(PHRASES.get(phrase) or RULE_WORDS.get(phrase, phrase))
