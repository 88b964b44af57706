"""What the codes of cases say to who reads the screen."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from app.domain.cases import CaseKind, CaseState, CaseStep, steps_from
from app.web.case_labels import CASE_STATES, CASE_STEPS

REGISTRATION: dict[str, Any] = {
    "case.name_missing": _l("请填写投诉人姓名或单位名称。"),
    "case.contact_missing": _l("请填写联系电话或联系地址，处理决定要告知投诉人（第二十一条）。"),
    "case.id_kind_missing": _l("填写了证件号码，请选择证件类型。"),
    "case.request_missing": _l("请写明投诉请求：投诉人要求怎么办。"),
    "case.facts_missing": _l("请写明主要事实：什么时间、什么人、发生了什么。"),
    "case.received_missing": _l("请填写收到时间，办理期限从收到次日起算。"),
    "case.received_in_future": _l("收到时间不能晚于现在，请核对。"),
    "case.received_fixed": _l("期限已按原收到时间作过其他处理，不能再改收到时间。"),
    "case.persons": _l("人数至少为 1。"),
    "case.too_many_representatives": _l("共同投诉的代表不超过 5 名（第十二条），请减少。"),
    "case.representatives_missing": _l("5 人以上共同投诉，请登记推选的代表，一行一名（第十二条）。"),
    "case.more_representatives_than_persons": _l("代表人数超过投诉人数，请核对。"),
    "case.representative_twice": _l("同一名代表写了两次，请删去一行。"),
    "case.forward_number": _l("监管转办的投诉请填写转办单号。"),
    "case.authority_missing": _l("受托人投诉须有授权委托书原件（第十四条），请填写编号或签署日期。"),
    "case.kinship_missing": _l("继承人投诉须有继承关系证明（第十四条），请填写名称或编号。"),
    "case.identity_missing": _l("请填写身份证明。"),
    "case.agent_name_missing": _l("请填写受托人姓名（第十四条）。"),
    "case.agent_id_number_missing": _l("请填写受托人居民身份证号码（第十四条）。"),
    "case.agent_phone_missing": _l("请填写受托人联系电话（第十四条）。"),
    "case.legal_representative_missing": _l("单位投诉请填写法定代表人（第十三条）。"),
    "case.amount": _l("涉及金额不能小于 0。"),
    "case.cause_of_stage": _l("这个原因不属于所选业务环节，请重新选择。"),
    "case.unknown_cause": _l("没有这个业务环节或原因，或已停用，请重新选择。"),
    "case.unknown_customer": _l("没有这位客户，或不在您的权限内。请从客户页面登记投诉。"),
    "case.not_of_customer": _l("这份保单与该客户无关，请重新选择保单。"),
    "case.claim_not_of_customer": _l("这件赔案与该客户或所选保单无关，请重新选择。"),
    "case.unknown_consultation": _l("没有这条咨询，或不在您的权限内。"),
    "case.consultation_taken": _l("这条咨询已经转为投诉，不必再登记。"),
    "case.archive_without_customer": _l("没有选定客户，请填写投诉人资料。"),
    "case.unknown_branch": _l("没有这个机构，请重新选择。"),
    "case.repeat": _l("同一投诉人一年内投诉过，请先看下面的投诉；确是另一件或再次投诉，勾选后再登记。"),
    "case.not_editable": _l("处理决定作出后登记事实不能再改；补充情况请写办理记录。"),
    "case.number_taken": _l("投诉编号已被使用，请再试一次。"),
}
BARS: dict[str, Any] = {
    "case.person_missing": _l("请填写要回避的人：姓名、用户名或工号。"),
    "case.person_unknown": _l("没有这个人。请核对姓名、用户名或工号。"),
    "case.person_ambiguous": _l("有几个人同名，请改填用户名或工号。"),
    "case.bar_reason_missing": _l("请写明回避的理由。"),
    "case.lift_reason_missing": _l("请写明解除回避的理由。"),
    "case.relation": _l("请选择回避的缘由。"),
    "case.barred_already": _l("这个人已经回避。"),
    "case.not_barred": _l("这个人没有回避，可能已经解除。"),
    "case.bar_of_accused": _l("这是被投诉人，不能解除回避。如登记有误，请先更正被投诉人员。"),
    "case.bar_own": _l("不能为自己解除回避。"),
    "case.bar_over": _l("这件投诉已经结束，回避不再变动。"),
    "case.handler_barred": _l("这个人须回避，不能办理这件投诉。"),
}


def _wrong_steps() -> dict[str, Any]:
    """Return a sentence for every step that some state does not allow, of a complaint or of a re-examination."""
    return {
        f"case.{state.value}_{step.value}": _l(
            "这件投诉现在是“%(state)s”，不能“%(step)s”。请刷新页面，按现在的状态办理。",
            state=CASE_STATES[state],
            step=CASE_STEPS[step],
        )
        for state in CaseState
        for step in CaseStep
        if any(step not in steps_from(kind, state) for kind in CaseKind)
    }


SENTENCES: dict[str, Any] = {**REGISTRATION, **BARS, **_wrong_steps()}
