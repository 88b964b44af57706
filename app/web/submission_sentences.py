"""What the codes of agents' submissions say to who reads the screen."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, Any] = {
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
