"""The forms of a volume: its title, closing it with 备考表."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from app.web.forms import EditForm, stripped


class TitleForm(EditForm):
    """The title of a volume."""

    title = StringField(
        _l("案卷题名"),
        [InputRequired(_l("请填写案卷题名。")), Length(max=200)],
        filters=[stripped],
        description=_l("责任者＋事由＋文种，如“王*住院医疗给付案卷（赔案号…）”"),
    )


class CloseForm(EditForm):
    """Closing a volume: what 卷内备考表 says."""

    condition_note = TextAreaField(
        _l("本卷情况说明"),
        [InputRequired(_l("请填写本卷情况说明。")), Length(max=500)],
        filters=[stripped],
        description=_l("缺损、复制件、欠件、移出等情况；已按卷内文件预填，请核对。"),
    )
    see_also = StringField(
        _l("互见号"),
        [Optional(), Length(max=120)],
        filters=[stripped],
        description=_l("内容相关的其他案卷号，没有可不填"),
    )
