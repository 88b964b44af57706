"""What the codes of invitations, answers, calls and follow-ups say to who reads the screen."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, Any] = {
    "answer.missing": _l("请回答这一题。"),
    "answer.out_of_range": _l("请从列出的分数中选一个。"),
    "answer.not_a_choice": _l("请从列出的选项中选择。"),
    "answer.one_only": _l("这一题只能选一项。"),
    "answer.too_long": _l("最多 2000 字，请缩短。"),
    "answer.day": _l("填写日期应在发出之后、今天之前，请核对纸质问卷上的日期。"),
    "invitation.survey": _l("请选择本机构在用、并与这件事相符的问卷。"),
    "invitation.means": _l("请选择发放方式。"),
    "invitation.lately": _l("90 天内已就同类事项问过这位客户，请勿重复打扰。"),
    "invitation.reason": _l("请写明原因。"),
    "invitation.policy_id_missing": _l("新契约回访要从保单页发起。"),
    "invitation.claim_id_missing": _l("理赔后的问卷要从赔案页发起。"),
    "invitation.case_id_missing": _l("投诉后的问卷要从已办结的投诉发起。"),
    "invitation.case_open": _l("投诉办结后才能询问客户是否满意。"),
    "invitation.due_on": _l("日期不对，请核对犹豫期截止日。"),
    "invitation.is_open": _l("这份邀请还在等客户回复。"),
    "invitation.is_answered": _l("客户已经回复，不能再办。"),
    "invitation.is_expired": _l("这份邀请已经过期。"),
    "invitation.is_revoked": _l("这份邀请已经作废。"),
    "invitation.is_failed": _l("这份邀请已按未能回访办结。"),
    "call.result": _l("请选择回访结果。"),
    "call.seller": _l("销售这份保单的人不能做它的回访，请由其他人拨打。"),
    "call.recording": _l("新契约回访要全程录音，请填写录音编号。"),
    "call.answers": _l("回访成功要记下客户的回答。"),
    "call.note": _l("请写明发现的问题。"),
    "call.note_long": _l("说明最多 500 字，请缩短。"),
    "kiosk.survey": _l("请选择本机构在用的柜面问卷。"),
    "kiosk.name": _l("请填写名称，如“一号柜台”。"),
    "kiosk.closed": _l("这台评价器已经停用。"),
    "follow_up.result": _l("请写明处理结果。"),
    "follow_up.result_long": _l("处理结果最多 1000 字，请缩短。"),
    "follow_up.seller": _l("销售这份保单的人不能处理对它的意见，请由其他人办理。"),
    "follow_up.changed": _l("别人刚刚动过这件事，请看过新的内容再提交。"),
    "follow_up.is_done": _l("这件事已经办结。"),
    "follow_up.is_void": _l("这件事已经取消。"),
}
