"""Names that the screens of handing over show."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from app.domain.transfers import LineState, Side, TransferKind, TransferState

KINDS: dict[TransferKind, Any] = {
    TransferKind.BRANCH: _l("机构间移交"),
    TransferKind.POST: _l("岗位交接"),
}
STATES: dict[TransferState, Any] = {
    TransferState.DRAFT: _l("拟稿"),
    TransferState.SENT: _l("待清点"),
    TransferState.COUNTED: _l("待签字"),
    TransferState.DONE: _l("已办结"),
    TransferState.CANCELLED: _l("已撤销"),
}
TONES: dict[TransferState, str] = {
    TransferState.DRAFT: "",
    TransferState.SENT: "warn",
    TransferState.COUNTED: "info",
    TransferState.DONE: "ok",
    TransferState.CANCELLED: "mute",
}
LINES: dict[LineState, Any] = {
    LineState.LISTED: _l("已列入"),
    LineState.MOVING: _l("待清点"),
    LineState.RECEIVED: _l("已收到"),
    LineState.ABSENT: _l("未收到"),
    LineState.DROPPED: _l("已移出"),
}
LINE_TONES: dict[LineState, str] = {
    LineState.LISTED: "",
    LineState.MOVING: "warn",
    LineState.RECEIVED: "ok",
    LineState.ABSENT: "seal",
    LineState.DROPPED: "mute",
}
SIDES: dict[Side, Any] = {
    Side.GIVER: _l("移交人"),
    Side.RECEIVER: _l("接收人"),
    Side.WITNESS: _l("监交人"),
}
MEANS: dict[str, Any] = {"drawn": _l("电子签名"), "paper": _l("纸质签字")}
LABELS: dict[str, Any] = {
    "kind": KINDS,
    "state": STATES,
    "tone": TONES,
    "line": LINES,
    "line_tone": LINE_TONES,
    "side": SIDES,
    "means": MEANS,
}
