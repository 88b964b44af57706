"""Words that rules and reads hand over ready-made, in Chinese: what the reader's language calls them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l

from app.web.clock_phrases import RULE_WORDS

# What stands for a masked value: health data, a sealed field, the band of an income.
MASKS: dict[str, Any] = {
    "已隐藏": _l("已隐藏"),
    "已隐藏(敏感)": _l("已隐藏(敏感)"),
    "5万以下": _l("5万以下"),
    "5–10万": _l("5–10万"),
    "10–20万": _l("10–20万"),
    "20–30万": _l("20–30万"),
    "30–50万": _l("30–50万"),
    "50–100万": _l("50–100万"),
    "100万以上": _l("100万以上"),
}
# Why a particular has to be there.
BASES: dict[str, Any] = {
    "反洗钱法 第二十九条": _l("反洗钱法 第二十九条"),
    "反洗钱法 第三十四条": _l("反洗钱法 第三十四条"),
    "准确性": _l("准确性"),
    "完整性": _l("完整性"),
}
BROWSERS: dict[str, Any] = {"微信": _l("微信")}
# The classification and the periods as they are shipped; what the office has renamed or added is read as it wrote it.
CLASSES: dict[str, Any] = {
    "基本信息类": _l("基本信息类"),
    "身份信息": _l("身份信息"),
    "联系方式": _l("联系方式"),
    "职业与收入": _l("职业与收入"),
    "健康信息": _l("健康信息"),
    "投保记录类": _l("投保记录类"),
    "保单信息": _l("保单信息"),
    "投保申请表": _l("投保申请表"),
    "附加条款": _l("附加条款"),
    "保全变更": _l("保全变更"),
    "保费收付": _l("保费收付"),
    "未承保件": _l("未承保件"),
    "理赔记录类": _l("理赔记录类"),
    "理赔申请表": _l("理赔申请表"),
    "理赔证明材料": _l("理赔证明材料"),
    "理赔结果": _l("理赔结果"),
    "拒赔与诉讼": _l("拒赔与诉讼"),
    "客户服务类": _l("客户服务类"),
    "咨询记录": _l("咨询记录"),
    "投诉记录": _l("投诉记录"),
    "满意度调查": _l("满意度调查"),
    "回访记录": _l("回访记录"),
    "其他相关材料": _l("其他相关材料"),
    "信用评估报告": _l("信用评估报告"),
    "法律文件": _l("法律文件"),
    "其他": _l("其他"),
}
PERIODS: dict[str, Any] = {
    "永久": _l("永久"),
    "30年": _l("30年"),
    "20年": _l("20年"),
    "10年": _l("10年"),
    "5年": _l("5年"),
}
READY: dict[str, Any] = {**MASKS, **BASES, **BROWSERS, **CLASSES, **PERIODS, **RULE_WORDS}
PARTS = re.compile("( · | › )")


def spoken(text: Any) -> Any:
    """Return the reader's word for a ready-made one, and for each part of 微信 · Android; other text as it is."""
    if not isinstance(text, str) or text in READY:
        return READY.get(text, text)
    return "".join(str(READY.get(part, part)) for part in PARTS.split(text))


def spoken_choices(choices: Iterable[tuple[Any, str]]) -> list[tuple[Any, Any]]:
    """Return the choices of a list, each in the reader's words."""
    return [(value, spoken(text)) for value, text in choices]
