"""What the codes of agents' submissions say to who reads the screen."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, Any] = {
    "submission.business_missing": _l("请选择这次办理的业务。"),
    "submission.policy_missing": _l("保全要指明是哪张保单，请选择。"),
    "submission.refused_left": _l("还有退回的页没有重拍，请先重拍标红的页。"),
    "submission.empty": _l("还没有拍任何一页，请先拍照或选择文件。"),
    "submission.reason_missing": _l("请写一句为什么缺这一件，如“客户外出，周五补交”。"),
    "submission.reason_long": _l("请写短一些，不超过 60 个字。"),
    "submission.one_page": _l("重拍一页请只选一张照片，不要选多页文件。"),
    "submission.too_many_pages": _l("一次提交最多 300 页，请分成两次提交。"),
    "submission.paper_sent": _l("这一件已经交上去了，不能再加页。"),
    "submission.page_fixed": _l("这一页已经交上去了，不能更改；只有退回的页可以重拍。"),
    "submission.not_open": _l("这次提交现在不能更改；如需更改，请联系档案管理员退回。"),
    "submission.draft_return": _l("还没有提交，不能退回。"),
    "submission.draft_accept": _l("还没有提交，不能接收。"),
    "submission.submitted_submit": _l("已经提交过了，等待接收。"),
    "submission.submitted_withdraw": _l("已经提交，不能撤回；如需更改，请联系档案管理员退回。"),
    "submission.returned_accept": _l("已退回，请等代理人重新提交。"),
    "submission.accepted_submit": _l("已接收，不能再次提交。"),
    "submission.accepted_return": _l("已接收，不能退回。"),
    "submission.accepted_accept": _l("已经接收过了。"),
    "submission.accepted_withdraw": _l("已接收，不能撤回。"),
    "submission.withdrawn_submit": _l("已撤回，请新建一次提交。"),
    "submission.withdrawn_return": _l("代理人已撤回。"),
    "submission.withdrawn_accept": _l("代理人已撤回。"),
    "submission.withdrawn_withdraw": _l("已经撤回过了。"),
}
