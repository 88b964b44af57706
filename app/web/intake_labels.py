"""Names of what stands at the desk: states of batches and papers, sources, businesses, faults of pages."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

from app.domain.intake_desk import Refusal
from app.web.document_labels import CARRIERS
from app.web.labels import LEVELS

BATCH_STATES: dict[str, Any] = {
    "open": _l("整理中"),
    "checking": _l("质检中"),
    "rework": _l("返工"),
    "accepted": _l("已验收"),
}
BATCH_TONES = {"open": "brand", "checking": "info", "rework": "warn", "accepted": "ok"}
ITEM_STATES: dict[str, Any] = {
    "draft": _l("草稿"),
    "waiting": _l("待识别"),
    "ready": _l("待整理"),
    "returned": _l("已退回"),
    "catalogued": _l("已著录"),
    "rework": _l("返工"),
    "passed": _l("已归档"),
    "dropped": _l("已弃置"),
}
ITEM_TONES = {
    "waiting": "mute",
    "ready": "brand",
    "returned": "warn",
    "catalogued": "ok",
    "rework": "seal",
    "passed": "ok",
    "dropped": "mute",
}
SOURCES: dict[str, Any] = {
    "upload": _l("上传"),
    "folder": _l("扫描文件夹"),
    "agent": _l("代理人提交"),
    "import": _l("数据导入"),
}
BUSINESSES: dict[str, Any] = {
    "application": _l("投保"),
    "servicing": _l("保全"),
    "claim": _l("理赔"),
    "service": _l("客户服务"),
    "other": lazy_pgettext("business", "其他"),
}
FLAGS: dict[str, Any] = {
    "blank": _l("空白页"),
    "manual": _l("待人工"),
    "twin": _l("疑似重复"),
    "mismatch": _l("信息不符"),
    "held": _l("有人在办"),
    "unsure": _l("未认出"),
}
FLAG_TONES = {"blank": "mute", "manual": "warn", "twin": "warn", "mismatch": "warn", "held": "info", "unsure": "mute"}
FLAWS: dict[str, Any] = {
    "blurred": _l("模糊"),
    "glare": _l("反光"),
    "dark": _l("太暗"),
    "small": _l("太小"),
    "cut": _l("缺边"),
    "blank": _l("空白"),
    "sideways": _l("横置"),
    "skewed": _l("歪斜"),
    "border": _l("黑边"),
    "noisy": _l("噪点"),
}
WORK_NOTES: dict[str, Any] = {
    "damaged": _l("图像损坏，请看原件重扫"),
    "too_large": _l("图像太大，请人工阅读"),
    "too_costly": _l("识别超时，请人工阅读"),
    "died": _l("识别中断，请人工阅读"),
    "unsure": _l("字迹难认，请核对"),
    "no_text": _l("没有认出文字，请人工阅读"),
}
REFUSALS: dict[str, Any] = {
    Refusal.UNCLEAR.value: _l("看不清"),
    Refusal.CUT.value: _l("缺角"),
    Refusal.GLARE.value: _l("反光"),
    Refusal.WRONG_PAPER.value: _l("不是所需单证"),
    Refusal.UNSIGNED.value: _l("缺签名"),
    Refusal.EXPIRED.value: _l("已过期"),
    Refusal.OTHER.value: lazy_pgettext("refusal", "其他"),
}
BULK_ACTIONS: dict[str, Any] = {
    "customer_id": _l("归到客户"),
    "policy_id": _l("归到保单"),
    "claim_id": _l("归到赔案"),
    "paper_type_id": _l("单证类型"),
    "category_id": _l("类别"),
    "period": _l("保管期限"),
    "level": _l("密级"),
    "author": _l("责任者"),
    "formed_on": _l("日期"),
    "merge": _l("并成一件"),
    "drop": _l("弃置"),
}
LABELS: dict[str, Any] = {
    "batch": BATCH_STATES,
    "batch_tone": BATCH_TONES,
    "item": ITEM_STATES,
    "item_tone": ITEM_TONES,
    "source": SOURCES,
    "business": BUSINESSES,
    "flag": FLAGS,
    "flag_tone": FLAG_TONES,
    "flaw": FLAWS,
    "work_note": WORK_NOTES,
    "refusal": REFUSALS,
    "bulk": BULK_ACTIONS,
    "level": LEVELS,
    "carrier": CARRIERS,
}
