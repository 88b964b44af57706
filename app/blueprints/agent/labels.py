"""Names and sentences of the agents' screens: states, and how a poor photograph is taken again."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from app.queries.submissions import PaperLine
from app.web.intake_labels import BUSINESSES
from app.web.labels import CLAIM_KINDS

STATES: dict[str, Any] = {
    "draft": _l("草稿"),
    "submitted": _l("已提交"),
    "returned": _l("退回"),
    "accepted": _l("已接收"),
    "withdrawn": _l("已放弃"),
}
TONES = {"draft": "warn", "submitted": "info", "returned": "seal", "accepted": "ok", "withdrawn": "mute"}
# What an agent may send in; what customers' service keeps is not his.
OFFERED = {code: BUSINESSES[code] for code in ("application", "servicing", "claim", "other")}
FLAWS: dict[str, Any] = {
    "blurred": _l("有点糊：把手机放稳，离近一点，点一下屏幕对焦后再拍。"),
    "glare": _l("有反光：关掉闪光灯，换个角度，避开头顶的灯再拍。"),
    "dark": _l("太暗：移到亮的地方，别让手的影子落在纸上，再拍。"),
    "small": _l("字太小：离近一点，让纸占满画面再拍。"),
    "cut": _l("没拍全：手机抬高一点，让纸的四个角都在画面里再拍。"),
    "blank": _l("像是空白页：看看是不是拍反了面，有字的一面朝上再拍。"),
}
FILE_TROUBLE: dict[str, Any] = {
    "empty": _l("文件是空的（0 字节），请重新拍摄或选择。"),
    "unknown_type": _l("只收照片（JPEG、PNG、HEIC、TIFF）和 PDF、OFD，请换一个文件。"),
    "damaged": _l("这个文件打不开，请重新拍摄或选择。"),
    "encrypted": _l("PDF 设有密码，请去掉密码后再选。"),
    "too_large": _l("文件太大，请直接拍照，或分成几份再选。"),
    "too_many_pages": _l("页数太多，请分成几份再选。"),
    "too_many_files": _l("一次选的文件太多，请分几次选。"),
    "none_chosen": _l("请先拍照或选择文件。"),
}
OTHER_TROUBLE = _l("这个文件不能接收，请直接拍照。")
OTHER_PAPER = _l("其他材料")
LABELS: dict[str, Any] = {
    "state": STATES,
    "tone": TONES,
    "business": BUSINESSES,
    "claim_kind": CLAIM_KINDS,
    "flaw": FLAWS,
}


def trouble_with_file(reason: str) -> str:
    """Return why a file was refused, and what to do."""
    return str(FILE_TROUBLE.get(reason, OTHER_TROUBLE))


def name_of(name: str) -> Any:
    """Return what a paper is called; the free line has no name of its own."""
    return name or OTHER_PAPER


def state_of(line: PaperLine) -> tuple[Any, str]:
    """Return the chip of a line: its words and its tone."""
    if line.item_state == "returned":
        return (_l("退回"), "seal") if line.refused else (_l("已重拍"), "brand")
    if line.item_state in ("waiting", "ready"):
        return _l("已提交"), "info"
    if line.item_state in ("catalogued", "rework", "passed"):
        return _l("已接收"), "ok"
    if line.item_state == "dropped":
        return _l("未采用"), "mute"
    if line.is_started:
        return (_l("待重拍"), "warn") if any(page.flaw for page in line.pages) else (_l("已拍"), "brand")
    return {
        "wanted": (_l("待拍"), "warn"),
        "there": (_l("档案里已有"), "ok"),
        "ask": (_l("视情况"), "mute"),
    }.get(line.state, (_l("可选"), "mute"))
