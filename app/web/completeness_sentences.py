"""What the codes of checklists and what is owed say to who reads the screen."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.domain.conditions import ConditionError, Fault

SENTENCES: dict[str, Any] = {
    "completeness.not_asked": _l("这个条件由保单或赔案的资料决定，不需要人工确认；资料有误的，请修改保单或赔案。"),
    "completeness.not_missing": _l("请选择仍然缺少的单证；页面可能已有变化，请核对后再试。"),
    "missing.reason": _l("请写明原因。"),
    "missing.reason_long": _l("原因最多 200 字，请写得简短些。"),
    "missing.due": _l("应补日期应在今天以后、一年以内，请重新选择。"),
    "missing.no_waiver": _l("这份单证没有待审批的免附申请，请刷新页面。"),
    "missing.own_waiver": _l("免附不能由申请人自己审批，请转给其他负责人。"),
    "missing.closed": _l("这份欠件已经结清，不能再改期。"),
    "supplement.not_answered": _l("还有条件没有确认。补件通知只发一次，请先逐项回答“是”或“否”。"),
    "supplement.nothing_missing": _l("单证已经齐全，不需要补件通知。"),
    "supplement.again": _l("这项业务已经发过补件通知（保险法第二十二条要求一次性通知），再发一次请写明原因。"),
    "supplement.told": _l("这份通知的送达已经登记过。"),
    "supplement.told_on": _l("告知日期应在制作通知之日到今天之间。"),
    "supplement.told_how": _l("请选择告知方式。"),
    "completeness_rule.choice": _l("请从列表中选择。"),
    "completeness_rule.not_a_claim": _l("只有理赔业务才能限定赔案类型。"),
    "completeness_rule.copies": _l("份数应为 1 至 9。"),
    "completeness_rule.condition_missing": _l("有条件的单证请写明条件；只能由人判断的写“?”。"),
    "completeness_rule.condition_required": _l("必备单证不设条件；要设条件的，请改为“有条件”。"),
    "completeness_rule.words_missing": _l("请用一句话说明条件，如“被保险人未成年”。"),
    "completeness_rule.effective_before": _l("施行日期不能早于今天：已经办理的仍按原规则。"),
    "completeness_rule.number": _l("没有找到这个号码；理赔规则请填赔案号，其他规则请填保单号。"),
    "completeness_rule.ended": _l("这条规则已经停用或被新规则取代，请从列表里打开现行的一条。"),
    "sorter.nothing_new": _l("确认的单证还不够，或上次学习之后没有新的确认。"),
    "sorter.reason": _l("请写明原因。"),
    "sorter.changed": _l("在用的版本刚刚有变化，请核对后再办理。"),
    "sorter.first": _l("没有更早的版本可以恢复。"),
    "paper_type.name": _l("请填写单证名称。"),
    "paper_type.there": _l("已有同名的单证类型，请换一个名称。"),
    "paper_type.code": _l("代码由小写字母、数字和下划线组成，以字母开头，最多 30 位，且不能与已有的相同。"),
    "paper_type.pattern": _l("题名格式里只能使用 {name}、{matter}、{policy}、{claim}、{date}。"),
    "paper_type.used": _l("还有现行规则要求这种单证，请先停用那些规则。"),
    "missing_setting.due_days": _l("请填写 1 至 365 之间的天数。"),
    "missing_setting.reminders": _l("请从小到大写 1 至 8 个 -90 至 90 之间的整数，用空格分开，如：-7 -1 0 7 15。"),
    Fault.EMPTY: _l("请写明条件。"),
    Fault.TOO_LONG: _l("条件最多 200 个字符，请拆成几条规则。"),
    Fault.TOO_DEEP: _l("括号套得太多，请拆成几条规则。"),
    Fault.CHARACTER: _l("条件里有不认识的字符。"),
    Fault.NAME: _l("条件里有不认识的项目，请从下面的表里选用。"),
    Fault.WORD: _l("条件里有不认识的取值，请从下面的表里选用。"),
    Fault.KIND: _l("条件里数字和文字不能互相比较。"),
    Fault.EXPECTED: _l("条件没有写完，或者多写了内容。"),
}


def condition_fault(error: ConditionError) -> str:
    """Return what is wrong with a condition, and where it stands."""
    if error.found:
        where = _("第 %(n)s 个字符“%(found)s”处：", n=error.position, found=error.found)
    else:
        where = _("第 %(n)s 个字符处：", n=error.position)
    return f"{where}{SENTENCES[error.fault]}"
