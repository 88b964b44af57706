"""What the codes of giving cases away, days away, comments and papers say to who reads the screen."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, Any] = {
    "assign.nobody": _l("请选择接收的人。"),
    "assign.same": _l("这个人就是现在的主办人，请另选。"),
    "assign.barred": _l("这个人须回避，不能办理这件投诉。"),
    "assign.not_fit": _l("这个人不在该机构，或没有办理投诉的角色，请另选。"),
    "assign.over": _l("这件投诉已经办结或结束，不再交办。"),
    "assign.none_chosen": _l("请至少勾选一件。"),
    "assign.too_many": _l("一次最多转交 200 件，请分几次。"),
    "absence.oneself": _l("代理人不能是外出人自己。"),
    "absence.days": _l("最后一天早于第一天，请核对。"),
    "absence.past": _l("最后一天已经过去，请核对。"),
    "absence.too_long": _l("一次外出最长一年，请分开登记。"),
    "absence.there_already": _l("这些天里已登记过外出，请先取消那一条。"),
    "absence.deputy_away": _l("代理人这些天自己也外出，请另选。"),
    "absence.stands_in": _l("外出人这些天正代理别人。请先为那个人另选代理人。"),
    "absence.deputy_missing": _l("请选择代理人。"),
    "absence.deputy_unfit": _l("代理人须是同一机构或上下级机构、能办理投诉的人员。"),
    "absence.cancelled_already": _l("这次外出已经取消。"),
    "absence.over": _l("这次外出已经结束，不用取消。"),
    "note.missing": _l("请先写内容。"),
    "note.too_long": _l("最多 2000 字，请分开写。"),
    "case_file.kind": _l("请选择附件类别。"),
    "case_file.too_many": _l("一件投诉最多存 100 个附件。"),
    "case_file.is_proof": _l("这份附件是告知凭证，不能移除。"),
    "case_file.settled": _l("这件投诉已归档或并入他案，附件不再变动。"),
}
