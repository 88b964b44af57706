"""The form of a certified copy."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from app.services.copies import PURPOSE_LENGTH
from app.web.forms import CreateForm, stripped


class NewCopyForm(CreateForm):
    """Which pages are copied, and what for."""

    pages = StringField(
        _l("页码"),
        [Length(max=200, message=_l("请缩短页码，如 1-3,5。"))],
        filters=[stripped],
        description=_l("如 1-3,5；不填为全部页。"),
    )
    purpose = StringField(
        _l("用途"),
        [
            InputRequired(_l("请写明这份复印件供谁、作什么用。")),
            Length(max=PURPOSE_LENGTH, message=_l("最多 60 个字。")),
        ],
        filters=[stripped],
        description=_l("印在每页下方：此件仅供……使用。"),
    )
