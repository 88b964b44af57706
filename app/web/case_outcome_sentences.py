"""What the codes of deciding, re-examining, mending and filing a case say to who reads the screen."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, Any] = {
    "outcome.too_long": _l("内容太长，最多 4000 个字；更详细的情况请作为附件上传。"),
    "outcome.not_writable": _l("只有办理中的投诉可以填写核实情况；已提出处理意见的，请先退回。"),
    "outcome.mediation_missing": _l("选了调解结果，请写明调解的时间、参加人和内容。"),
    "outcome.finding_missing": _l("请先填写并保存核实情况，再提出处理意见。"),
    "outcome.decision_missing": _l("请写明处理决定。"),
    "outcome.decision_basis_missing": _l("请写明依据和理由（办法第十九条）。"),
    "outcome.outcome_missing": _l("请选择对投诉请求的结论。"),
    "outcome.remedies_incomplete": _l(
        "救济途径须写明核查（含受理核查的上级机构名称）、调解、仲裁、诉讼四种（办法第十九条）。"
    ),
    "outcome.remedies_incomplete_three": _l("救济途径须写明调解、仲裁、诉讼（办法第十九条）。"),
    "outcome.nobody_approves": _l("本机构和上级机构都没有可以审批的负责人，请联系安全保密管理员设置。"),
    "outcome.nothing_proposed": _l("没有待审批的处理意见，可能刚被别人办过。请看最新情况。"),
    "outcome.own_proposal": _l("不能审批自己主办或自己提出的处理意见，请由另一位负责人办理。"),
    "outcome.told_before_decided": _l("告知时间早于作出处理决定的时间，请核对。"),
    "outcome.delivered_missing": _l("请填写投诉人收到的日期。"),
    "outcome.delivered_before_told": _l("送达日期早于告知日期，请核对。"),
    "outcome.review_received_missing": _l("请填写收到核查申请的时间。"),
    "outcome.review_proof_missing": _l("请填写书面申请的凭证，如申请书编号或邮件号。"),
    "outcome.review_before_told": _l("收到申请的时间早于告知处理决定的时间，请核对。"),
    "outcome.review_late": _l(
        "收到申请时已超过 30 日，不再核查（办法第二十条）。请告知投诉人可以通过调解、仲裁、诉讼解决。"
    ),
    "outcome.review_without_decision": _l("还没有告知处理决定，不能申请核查。"),
    "outcome.review_no_superior": _l("总公司作出的决定没有上级机构，不适用核查；请告知投诉人调解、仲裁、诉讼途径。"),
    "outcome.review_of_review": _l("核查决定不能再次核查（办法第二十条）。"),
    "outcome.root_cause_missing": _l("请写明溯源原因：为什么会发生这件投诉。"),
    "outcome.stage_missing": _l("请选择业务环节。"),
    "outcome.cause_of_other_stage": _l("这个原因不属于所选的业务环节，请重新选择。"),
    "outcome.not_mending": _l("投诉已办结或还没有受理，不能再填写溯源整改。"),
    "outcome.measure_missing": _l("请写明整改措施。"),
    "outcome.owner_missing": _l("请选择责任人；须回避的人不能做责任人。"),
    "outcome.due_missing": _l("请填写完成期限。"),
    "outcome.due_past": _l("完成期限早于今天，请核对。"),
    "outcome.result_missing": _l("请写明整改结果。"),
    "outcome.done_in_future": _l("完成日期晚于今天，请核对。"),
    "outcome.remedy_open": _l("整改还没有完成，不能复核。"),
    "outcome.remedy_done": _l("这项整改已经登记完成，请刷新页面。"),
    "outcome.remedy_checked": _l("这项整改已经复核，请刷新页面。"),
    "outcome.own_remedy": _l("责任人不能复核自己的整改，请由另一位负责人办理。"),
    "outcome.close_without_root_cause": _l("请先填写溯源原因，再办结（办法第九条）。"),
    "outcome.close_before_checked": _l("还有整改措施没有完成或没有复核，完成并复核后才能办结。"),
    "outcome.close_without_remedy": _l("没有整改措施的，请写明为什么无需整改。"),
    "outcome.no_customer": _l("还不知道是哪位客户的投诉。请先关联客户号，再归档。"),
    "outcome.has_customer": _l("这件投诉已经关联了客户，请刷新页面。"),
    "outcome.customer_unknown": _l("没有这个客户号，或不在您的权限内。请核对，如 KH-2026-000123。"),
}
