"""The forms of the storeroom: a place, many places, a box."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from app.blueprints.storage.words import CLIMATES, KINDS
from app.domain.places import SHELF_WIDTH, SPINES, Pattern, kinds_inside
from app.services.boxes import BoxData
from app.services.places import PlaceData
from app.web.forms import BaseForm, CreateForm, EditForm, stripped
from app.web.labels import choices

_DIGITS = {"inputmode": "numeric"}


class PlaceFields(BaseForm):
    """Everything that is kept of a place but its kind."""

    code = StringField(
        _l("代码"),
        [InputRequired(_l("请填写代码，如 K1、A、03。")), Length(max=12)],
        filters=[stripped],
        description=_l("只写这一级的代码，完整库位码由各级代码连成"),
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    name = StringField(_l("名称"), [Optional(), Length(max=60)], filters=[stripped])
    width_mm = IntegerField(
        _l("可用宽度（毫米）"),
        [Optional(), NumberRange(0, 10_000)],
        default=0,
        description=_l("只用于层；0 表示不限"),
        render_kw=_DIGITS,
    )
    climate_kind = SelectField(_l("温湿度类别"), choices=choices(CLIMATES), default="paper")
    position = IntegerField(_l("排列顺序"), [Optional(), NumberRange(0, 9_999)], default=0, render_kw=_DIGITS)
    remark = StringField(_l("备注"), [Optional(), Length(max=200)], filters=[stripped])

    def data_of(self, kind: str) -> PlaceData:
        """Return what was typed."""
        return PlaceData(
            kind=kind,
            code=self.code.data or "",
            name=self.name.data or "",
            width_mm=self.width_mm.data or 0,
            climate_kind=self.climate_kind.data or "paper",
            position=self.position.data or 0,
            remark=self.remark.data or "",
        )


class NewPlaceForm(CreateForm, PlaceFields):
    """Making one place."""

    kind = SelectField(_l("级别"))
    branch = SelectField(_l("机构"), coerce=int)

    def offer(self, parent_kind: str | None, branches: Any) -> None:
        """Fill the kinds that may stand here, and for a room the branches."""
        self.kind.choices = choices(KINDS, *kinds_inside(parent_kind))
        self.branch.choices = list(branches)
        if parent_kind is not None or len(self.branch.choices) < 2:
            del self.branch


class ChangePlaceForm(EditForm, PlaceFields):
    """Changing a place."""


class ManyPlacesForm(CreateForm):
    """Making many places of one build: 3 列 × 4 节 × 6 层."""

    rows = IntegerField(_l("列数"), [Optional(), NumberRange(0, 99)], default=3, render_kw=_DIGITS)
    bays = IntegerField(_l("每列节数"), [Optional(), NumberRange(0, 99)], default=4, render_kw=_DIGITS)
    shelves = IntegerField(_l("每节层数"), [Optional(), NumberRange(0, 30)], default=6, render_kw=_DIGITS)
    first = IntegerField(_l("从第几号开始"), [Optional(), NumberRange(1, 99)], default=1, render_kw=_DIGITS)
    width_mm = IntegerField(
        _l("每层可用宽度（毫米）"), [Optional(), NumberRange(0, 10_000)], default=SHELF_WIDTH, render_kw=_DIGITS
    )

    def pattern(self) -> Pattern:
        """Return what was typed; an empty count leaves its level out."""
        first = self.first.data if self.first.data is not None else 1
        return Pattern(
            rows=self.rows.data or 0,
            bays=self.bays.data or 0,
            shelves=self.shelves.data or 0,
            first=first,
            width_mm=self.width_mm.data or 0,
        )


class BoxFields(BaseForm):
    """Everything that is kept of a box but its number."""

    spine_mm = SelectField(_l("盒脊宽度"), coerce=int, choices=[(width, f"{width} mm") for width in SPINES], default=40)
    year = IntegerField(_l("年度"), [Optional(), NumberRange(1949, 2200)], render_kw=_DIGITS)
    period = SelectField(_l("保管期限"))
    series = StringField(
        _l("类别代码"), [Optional(), Length(max=2)], filters=[stripped], description=_l("两个大写字母，如 CB；不填不限")
    )
    title = StringField(_l("盒题名"), [Optional(), Length(max=120)], filters=[stripped])
    remark = StringField(_l("备注"), [Optional(), Length(max=200)], filters=[stripped])

    def offer_periods(self, periods: Any) -> None:
        """Fill the periods."""
        self.period.choices = [("", _l("不限")), *periods]

    def box_data(self) -> BoxData:
        """Return what was typed."""
        return BoxData(
            spine_mm=self.spine_mm.data,
            series=self.series.data or "",
            year=self.year.data,
            period=self.period.data or "",
            title=self.title.data or "",
            remark=self.remark.data or "",
        )


class NewBoxForm(CreateForm, BoxFields):
    """Making a box."""

    branch = SelectField(_l("机构"), coerce=int)
    count = IntegerField(_l("新建几盒"), [InputRequired(), NumberRange(1, 50)], default=1, render_kw=_DIGITS)


class ChangeBoxForm(EditForm, BoxFields):
    """Changing a box; a width of an older make stays on offer."""

    def offer_spine(self, millimetres: int) -> None:
        """Keep the box's own width among the choices."""
        if millimetres not in SPINES:
            self.spine_mm.choices = [(millimetres, f"{millimetres} mm"), *(self.spine_mm.choices or ())]
