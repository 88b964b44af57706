"""What the codes of volumes that are bound say to who reads the screen."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, Any] = {
    "volume.is_open": _l("案卷还在整理，请先立卷。"),
    "volume.is_closed": _l("案卷已经立卷，顺序和页号不再改动。确需改动，请先拆卷并写明原因。"),
    "volume.is_checked": _l("案卷已经检查完毕，不再改动。确需改动，请先拆卷并写明原因。"),
    "volume.changed": _l("案卷刚被他人改动，下面是现在的样子，请核对后再做。"),
    "volume.check_self": _l("检查人不能是立卷人，请另一位同事检查。"),
    "volume.reason_missing": _l("请写明拆卷的原因。"),
    "volume.note_missing": _l("请填写本卷情况说明。"),
    "volume.empty": _l("卷内没有文件，不能立卷。"),
    "volume.not_filed": _l("卷内有不是已归档状态的文件，请先移出再立卷。"),
    "volume.pages_missing": _l("卷内有没有页数的文件，请先移出，补齐页数后再加入。"),
    "volume.other_branch": _l("这份材料属于别的机构，不能装入本卷。"),
    "volume.other_claim": _l("一案一卷：这份材料不属于本案卷的赔案。"),
    "volume.no_policy": _l("这份材料不是承保单证，不能装入保单卷。"),
    "volume.not_a_paper": _l("这不是档案件的标签或档号，请核对。"),
    "volume.position": _l("请填写从 1 起的顺序号。"),
    "volume.proposal_changed": _l("这卷的材料刚有变动，没有组卷。请按现在的清单核对后再组卷。"),
    "volume.proposal_hidden": _l("这个赔案有超出您密级的材料，请由权限更高的同事组卷。"),
    "volume.measure": _l("请填写范围内的整数。"),
}
