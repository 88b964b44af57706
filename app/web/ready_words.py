"""Words that rules and reads hand over ready-made, in Chinese: what the reader's language calls them."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

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
READY: dict[str, Any] = {**MASKS, **BASES, **BROWSERS}


def spoken(text: Any) -> Any:
    """Return the reader's word for a ready-made one, and for each part of 微信 · Android; other text as it is."""
    if not isinstance(text, str):
        return text
    return READY[text] if text in READY else " · ".join(str(READY.get(part, part)) for part in text.split(" · "))
