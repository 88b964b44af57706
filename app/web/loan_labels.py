"""Names of borrowing's values as screens show them."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

from app.web.document_labels import DOCUMENT_STATES, STATE_TONES
from app.web.labels import LEVELS

WAYS: dict[str, Any] = {
    "read": _l("查阅"),
    "lend": _l("借出"),
    "copy": _l("复制"),
    "excerpt": _l("摘录"),
    "electronic": _l("电子阅览"),
}
PURPOSES: dict[str, Any] = {
    "business": _l("业务查考"),
    "claim": _l("理赔调查"),
    "complaint": _l("投诉处理"),
    "lawsuit": _l("诉讼仲裁"),
    "audit": _l("审计检查"),
    "research": _l("统计研究"),
    "justice": _l("司法、监管调取"),
    "data_right": _l("客户本人查询"),
    "appraisal": _l("笔迹等司法鉴定"),
    "other": _l("其他"),
}
EXTERNAL_KINDS: dict[str, Any] = {
    "court": _l("法院"),
    "police": _l("公安、检察机关"),
    "regulator": _l("监管、反洗钱机构"),
    "customer": _l("客户本人"),
    "heir": _l("近亲属、继承人"),
    "appraisal": _l("司法鉴定机构"),
}
EXTERNAL_PAPERS: dict[str, Any] = {
    "officer_1": _l("办案人员一（姓名、证件号）"),
    "officer_2": _l("办案人员二（姓名、证件号）"),
    "letter": _l("介绍信或调取文书文号"),
    "identity": _l("身份证件号码"),
    "kinship": _l("继承关系证明"),
    "bag": _l("封装袋号"),
}
REQUEST_STATES: dict[str, Any] = {
    "asked": _l("待审批"),
    "open": _l("已批准"),
    "refused": _l("已驳回"),
    "withdrawn": _l("已撤回"),
    "closed": _l("已办结"),
}
REQUEST_TONES = {"asked": "warn", "open": "info", "refused": "seal", "withdrawn": "mute", "closed": "ok"}
ITEM_STATES: dict[str, Any] = {
    "asked": _l("待审批"),
    "waiting": _l("排队等候"),
    "ready": _l("待领取"),
    "out": _l("借出"),
    "returned": _l("已归还"),
    "refused": _l("未批准"),
    "withdrawn": _l("已撤回"),
    "expired": _l("逾期未取"),
    "lost": _l("遗失"),
}
ITEM_TONES = {
    "asked": "warn",
    "waiting": "brand",
    "ready": "ok",
    "out": "info",
    "returned": "mute",
    "refused": "seal",
    "withdrawn": "mute",
    "expired": "mute",
    "lost": "seal",
}
STEPS: dict[str, Any] = {
    "approve": lazy_pgettext("step", "批准"),
    "refuse": lazy_pgettext("step", "未批准"),
    "withdraw": lazy_pgettext("step", "撤回"),
    "call": lazy_pgettext("step", "到件待取"),
    "expire": lazy_pgettext("step", "逾期未取，取消"),
    "hand_out": lazy_pgettext("step", "借出"),
    "open": lazy_pgettext("step", "开放阅览"),
    "renew": lazy_pgettext("step", "续借"),
    "recall": lazy_pgettext("step", "召回"),
    "remind": lazy_pgettext("step", "催还"),
    "give_back": lazy_pgettext("step", "归还"),
    "close": lazy_pgettext("step", "到期关闭"),
    "revoke": lazy_pgettext("step", "收回"),
    "lose": lazy_pgettext("step", "登记遗失"),
    "find": lazy_pgettext("step", "找回"),
}
WHEREABOUTS: dict[str, Any] = {
    "shelf": _l("在库"),
    "loan": _l("借出"),
    "repair": _l("修复中"),
    "transfer": _l("移交中"),
    "missing": _l("下落不明"),
    "none": _l("无纸质件"),
}
WHEREABOUTS_TONES = {"shelf": "ok", "loan": "info", "repair": "warn", "transfer": "warn", "missing": "seal"}
CHAINS: dict[str, Any] = {
    "": _l("登记即可，不需审批"),
    "manager": _l("保管机构负责人"),
    "upper": _l("上级机构负责人"),
    "manager upper": _l("保管机构负责人，再上级机构负责人"),
}
APPROVERS: dict[str, Any] = {"manager": _l("保管机构负责人"), "upper": _l("上级机构负责人")}
RULE_ROLES: dict[str, Any] = {
    "clerk": _l("业务人员"),
    "archivist": _l("档案管理员"),
    "manager": _l("机构负责人"),
    "external": _l("外单位和客户"),
}
WHOLES: dict[str, Any] = {"volume": _l("整卷"), "box": _l("整盒"), "customer": _l("整户")}
LEVEL_TONES = ("", "mute", "brand", "warn", "seal")

LABELS: dict[str, Any] = {
    "way": WAYS,
    "purpose": PURPOSES,
    "external": EXTERNAL_KINDS,
    "paper": EXTERNAL_PAPERS,
    "request": REQUEST_STATES,
    "request_tone": REQUEST_TONES,
    "item": ITEM_STATES,
    "item_tone": ITEM_TONES,
    "step": STEPS,
    "where": WHEREABOUTS,
    "where_tone": WHEREABOUTS_TONES,
    "chain": CHAINS,
    "approver": APPROVERS,
    "role": RULE_ROLES,
    "whole": WHOLES,
    "level": LEVELS,
    "level_tone": LEVEL_TONES,
    "state": DOCUMENT_STATES,
    "state_tone": STATE_TONES,
}
