"""The forms of uploading: the scanning record of a batch, and files for it."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import DateField, HiddenField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from app.domain.scanning import Scanning
from app.web.forms import BaseForm, CreateForm, EditForm, stripped

COLOURS = (("", _l("未注明")), ("colour", _l("彩色")), ("grey", _l("灰度")), ("bilevel", _l("黑白二值")))
_WHOLE = {"inputmode": "numeric"}


class ScanningFields(BaseForm):
    """How a batch was scanned; everything may be left open."""

    title = StringField(
        _l("批次名称"),
        [Optional(), Length(max=120)],
        filters=[stripped],
        description=_l("如：十一月投保资料，不写客户姓名"),
    )
    scanned_by = StringField(_l("扫描人"), [Optional(), Length(max=60)], filters=[stripped])
    device = StringField(_l("扫描设备"), [Optional(), Length(max=60)], filters=[stripped])
    scanned_on = DateField(_l("扫描日期"), [Optional()])
    dpi = IntegerField(_l("分辨率（dpi）"), [Optional()], render_kw=_WHOLE)
    colour = SelectField(_l("色彩模式"), choices=COLOURS)
    declared_items = IntegerField(_l("交接件数"), [Optional()], render_kw=_WHOLE)
    declared_pages = IntegerField(_l("交接页数"), [Optional()], render_kw=_WHOLE)
    remark = TextAreaField(_l("备注"), [Optional(), Length(max=500)], filters=[stripped])

    def scanning(self) -> Scanning:
        """Return what was typed."""
        return Scanning(
            title=self.title.data or "",
            scanned_by=self.scanned_by.data or "",
            device=self.device.data or "",
            scanned_on=self.scanned_on.data,
            dpi=self.dpi.data,
            colour=self.colour.data or "",
            declared_items=self.declared_items.data,
            declared_pages=self.declared_pages.data,
            remark=self.remark.data or "",
        )


class NewBatchForm(CreateForm, ScanningFields):
    """Opening a batch at a branch."""

    branch_id = SelectField(_l("机构"), [InputRequired(_l("请选择机构。"))], coerce=int)
    customer = HiddenField()


class ScanningForm(EditForm, ScanningFields):
    """Changing the scanning record."""


class UploadForm(CreateForm):
    """Files for a batch."""

    customer = HiddenField()
