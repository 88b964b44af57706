"""What the codes of handling a case say to who reads the screen."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

HANDLING: dict[str, Any] = {
    "case.changed": _l("这件投诉刚刚有变化。您填的内容还在，请对照最新的情况后再提交。"),
    "case.not_declared": _l("请先声明与本投诉没有直接利害关系；有利害关系的，请负责人另派主办人（办法第十七条）。"),
    "case.handler_must_declare": _l("回避声明由主办人本人作出，请主办人登录后办理。"),
    "case.reason_missing": _l("请写明理由。"),
    "case.choice": _l("请从列表中选择。"),
    "case.proof_missing": _l("请填写凭证，如申请书或录音的编号。"),
    "case.withdrawn_by_nobody": _l("请填写由谁撤回。"),
    "case.branch": _l("请选择另一个机构。"),
    "case.facts_before_decision": _l("收到新材料的时间应在处理决定之后。决定之前收到的，请核对时间。"),
    "case.agreed_too_far": _l("约定的日期太远，请核对年份。"),
    "case.merge_unknown": _l("没有这个编号的投诉，或不在您的权限内。请核对编号。"),
    "case.merge_other_person": _l("两件投诉的投诉人不同，不能合并。请核对证件号码、电话或客户。"),
    "case.merge_handler_barred": _l("合并后继续办理的主办人在对方案件中须回避，请负责人先改派主办人。"),
    "case.nobody_decides": _l("那里没有可以审批的负责人（或都须回避）。请选总公司，或联系安全保密管理员。"),
    "case.nothing_asked": _l("没有待审批的延期申请，可能已经审批。请看办理过程。"),
    "case.own_approval": _l("申请人和主办人不能审批，请由其他负责人办理。"),
    "case.not_strikable": _l("只能划去中止、恢复、认定复杂、约定告知日和告知延期，且案件还没有办结。"),
    "case.not_open": _l("案件已经办结，不能再补记告知。"),
    "told.channel_missing": _l("请选择告知方式。"),
    "told.moment_missing": _l("请填写告知的时间。"),
    "told.proof_missing": _l("请填写告知凭证的编号，如邮件号、录音编号。"),
    "told.two_tries": _l("无法联系的，请至少写明两次联系的时间和方式，每次一行。"),
    "told.delivered_in_future": _l("送达日期不能晚于今天。"),
}
