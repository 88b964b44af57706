"""The form that a table comes in with."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.validators import InputRequired

from app.domain.tables import TableKind
from app.web.forms import CreateForm

KINDS = {
    TableKind.CUSTOMERS: _l("客户"),
    TableKind.POLICIES: _l("保单"),
    TableKind.CLAIMS: _l("赔案"),
    TableKind.CATALOGUE: _l("档案目录"),
}
STATES = {
    "waiting": _l("正在试导入"),
    "checked": _l("已试导入"),
    "applying": _l("正在导入"),
    "applied": _l("已导入"),
    "refused": _l("没有导入"),
    "dropped": _l("已放弃"),
}
TONES = {
    "waiting": "info",
    "checked": "warn",
    "applying": "info",
    "applied": "ok",
    "refused": "seal",
    "dropped": "mute",
}


class ImportForm(CreateForm):
    """A table to be tried."""

    kind = SelectField(_l("导入内容"), choices=[(kind.value, label) for kind, label in KINDS.items()])
    branch_id = SelectField(_l("经办机构"), [InputRequired(_l("请选择机构。"))], coerce=int)
