"""The forms of climate and safety checks."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from app.blueprints.climate.labels import HALVES
from app.domain.climate import show_tenths
from app.domain.errors import Invalid
from app.queries.climate_rows import LimitRow, ReadingRow
from app.services.climate import TENTHS, TypedReading
from app.services.climate_rules import PointData, TypedLimits
from app.web.forms import BaseForm, CreateForm, EditForm, stripped

VALUE: dict[str, Any] = {"inputmode": "decimal", "autocomplete": "off", "maxlength": "12"}
PLAIN: dict[str, Any] = {"autocomplete": "off"}


def value_field(label: Any, *, description: Any = "") -> Any:
    """Return a field for a measured value; the service reads it, so that ２１．５℃ is as good as 21.5."""
    return StringField(label, [Length(max=12)], filters=[stripped], render_kw=VALUE, description=description)


class QuickForm(EditForm):
    """The one line of a room: three fields."""

    day = DateField(_l("日期"), [InputRequired()])
    half = SelectField(_l("时段"), choices=list(HALVES.items()))
    temperature = value_field(_l("温度"))
    humidity = value_field(_l("湿度"))
    weather = StringField(_l("天气"), [Length(max=10)], filters=[stripped])

    @property
    def when(self) -> tuple[date, str]:
        """The day and half; raises `Invalid` without a day."""
        if self.day.data is None:
            raise Invalid.field("day", "climate.future")
        return self.day.data, str(self.half.data)

    def typed(self) -> TypedReading:
        """Return what was typed."""
        return TypedReading(self.temperature.data or "", self.humidity.data or "", self.weather.data or "")


class ReadingForm(QuickForm):
    """A whole reading, for days past and for corrections."""

    day = DateField(_l("日期"), [InputRequired(_l("请填写日期。"))])
    temperature = value_field(_l("库内温度（℃）"))
    humidity = value_field(_l("库内湿度（%RH）"))
    weather = StringField(_l("天气"), [Length(max=10)], filters=[stripped], render_kw=PLAIN)
    outside_temperature = value_field(_l("库外温度（℃）"))
    outside_humidity = value_field(_l("库外湿度（%RH）"))
    measures = StringField(
        _l("调控措施"),
        [Length(max=120)],
        filters=[stripped],
        render_kw=PLAIN,
        description=_l("设备和起止时间，如：除湿机 9:00–11:30"),
    )
    temperature_after = value_field(_l("调控后温度（℃）"))
    humidity_after = value_field(_l("调控后湿度（%RH）"))
    remark = StringField(_l("备注"), [Length(max=200)], filters=[stripped], render_kw=PLAIN)

    def typed(self) -> TypedReading:
        """Return what was typed."""
        return TypedReading(**{item.name: self[item.name].data or "" for item in fields(TypedReading)})

    def show(self, reading: ReadingRow) -> None:
        """Fill the form from a reading that is there."""
        self.show_version(reading.version)
        for item in fields(TypedReading):
            value = getattr(reading, item.name)
            self[item.name].data = show_tenths(value) if item.name in TENTHS else value


class SeenForm(BaseForm):
    """What was done about an alarm."""

    note = StringField(_l("采取的措施"), [Length(max=200)], filters=[stripped])


class LimitForm(EditForm):
    """The limits of a kind of carrier."""

    temperature_low = value_field(_l("最低温度（℃）"))
    temperature_high = value_field(_l("最高温度（℃）"))
    humidity_low = value_field(_l("最低湿度（%RH）"))
    humidity_high = value_field(_l("最高湿度（%RH）"))
    temperature_swing = value_field(_l("昼夜温度变化（℃）"), description=_l("留空为不限"))
    humidity_swing = value_field(_l("昼夜湿度变化（%RH）"), description=_l("留空为不限"))
    basis = TextAreaField(
        _l("依据"),
        [InputRequired(_l("请写明依据，如法规条文或本公司文号。")), Length(max=200)],
        filters=[stripped],
        render_kw={"rows": 2},
    )
    effective_from = DateField(_l("生效日期"), [InputRequired(_l("请填写生效日期。"))])

    def show(self, row: LimitRow) -> None:
        """Fill the form from the limits in force."""
        self.show_version(row.version)
        for name in ("temperature_low", "temperature_high", "humidity_low", "humidity_high"):
            self[name].data = show_tenths(getattr(row.limits, name))
        for name in ("temperature_swing", "humidity_swing"):
            self[name].data = show_tenths(getattr(row.limits, name) or None)
        self.basis.data, self.effective_from.data = row.basis, row.effective_from

    def typed(self) -> TypedLimits:
        """Return what was typed."""
        names = [item.name for item in fields(TypedLimits) if item.name != "effective_from"]
        return TypedLimits(**{name: self[name].data or "" for name in names}, effective_from=self.effective_from.data)


class PointFields(BaseForm):
    """A point of the safety check."""

    label = StringField(
        _l("检查项目"), [InputRequired(_l("请填写检查项目的名称。")), Length(max=30)], filters=[stripped]
    )
    hint = StringField(_l("看什么"), [Length(max=120)], filters=[stripped])
    basis = StringField(
        _l("依据"), [InputRequired(_l("请写明依据，如法规条文或本公司文号。")), Length(max=200)], filters=[stripped]
    )
    position = IntegerField(_l("排序"), [Optional()], default=0)

    def typed(self, *, active: bool) -> PointData:
        """Return what was typed."""
        return PointData(
            self.label.data or "", self.hint.data or "", self.basis.data or "", self.position.data or 0, active
        )


class NewPointForm(CreateForm, PointFields):
    """A point to be added."""


class ChangePointForm(EditForm, PointFields):
    """A point to be changed."""

    active = BooleanField(_l("启用（停用后不再检查，已有记录不变）"))


class CheckForm(EditForm):
    """A safety check; the points stand in the page, each as `point-<code>`."""

    day = DateField(_l("检查日期"), [InputRequired(_l("请填写日期。"))])
    found = TextAreaField(_l("发现问题"), [Length(max=300)], filters=[stripped], render_kw={"rows": 2})
    handled = TextAreaField(
        _l("处理结果"),
        [Length(max=300)],
        filters=[stripped],
        render_kw={"rows": 2},
        description=_l("还没有处理完的留空，处理后再补。"),
    )


class HandleForm(EditForm):
    """How a problem was handled."""

    handled = TextAreaField(_l("处理结果"), [Length(max=300)], filters=[stripped], render_kw={"rows": 2})
