"""The forms of the catalogue's rules."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session
from wtforms import BooleanField, DateField, Field, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from app.queries.periods import period_choices
from app.services.catalogue import CategoryData, PeriodData
from app.web.forms import BaseForm, CreateForm, EditForm, stripped
from app.web.labels import LEVELS
from app.web.ready_words import spoken

PLAIN = {"autocomplete": "off", "spellcheck": "false"}


def basis_field() -> Field:
    """Return the field that every rule has: what it rests on."""
    return TextAreaField(
        _l("依据"),
        [InputRequired(_l("请写明依据，如法规条文或本公司文号。")), Length(max=200)],
        filters=[stripped],
        render_kw={"rows": 2},
    )


class CategoryFields(BaseForm):
    """What new items of a class start with."""

    name = StringField(_l("名称"), [InputRequired(_l("请填写类别名称。")), Length(max=60)], filters=[stripped])
    default_level = SelectField(
        _l("默认密级"), coerce=int, choices=[(int(level), label) for level, label in LEVELS.items()]
    )
    default_period = SelectField(_l("默认保管期限"))
    basis = basis_field()

    def offer_periods(self, session: Session) -> None:
        """Fill the choices with the table of periods."""
        self.default_period.choices = [
            (code, _("%(text)s（%(note)s）", text=spoken(label), note=code)) for code, label in period_choices(session)
        ]

    def data_typed(self, series: str, *, active: bool) -> CategoryData:
        """Return what was typed."""
        return CategoryData(
            self.name.data or "",
            series,
            self.default_level.data,
            self.default_period.data,
            self.basis.data or "",
            active,
        )


class NewCategoryForm(CreateForm, CategoryFields):
    """A sub-class to be added."""

    series = StringField(
        _l("档号类别代码"),
        [InputRequired(_l("请填写档号类别代码。")), Length(max=4)],
        filters=[stripped],
        render_kw=PLAIN,
        description=_l("两个大写字母，写入档号，建立后不能改；一般与大类相同。"),
    )


class ChangeCategoryForm(EditForm, CategoryFields):
    """A class to be changed."""

    active = BooleanField(_l("启用（停用后不能再归入新材料，已有的不受影响）"))


class PeriodFields(BaseForm):
    """What a retention period rests on."""

    basis = basis_field()
    effective_from = DateField(_l("生效日期"), [InputRequired(_l("请填写生效日期。"))])


class NewPeriodForm(CreateForm, PeriodFields):
    """A period to be added; how long it is never changes."""

    permanent = BooleanField(_l("永久"))
    years = IntegerField(_l("年数"), [Optional()])

    def data_typed(self) -> PeriodData | None:
        """Return what was typed, None when neither years nor for ever was said."""
        if not self.permanent.data and self.years.data is None:
            return None
        years = None if self.permanent.data else self.years.data
        return PeriodData(years, self.basis.data or "", self.effective_from.data)


class ChangePeriodForm(EditForm, PeriodFields):
    """A period whose basis changes."""

    def data_typed(self) -> PeriodData:
        """Return what was typed."""
        return PeriodData(None, self.basis.data or "", self.effective_from.data)


class TemplateForm(EditForm):
    """The template of archive numbers."""

    value = StringField(
        _l("档号模板"),
        [InputRequired(_l("请填写档号模板。")), Length(max=120)],
        filters=[stripped],
        render_kw=PLAIN,
        description=_l(
            "字段：{fonds} 全宗号、{series} 类别、{year} 年度、{period} 期限、{item:05d} 件号（5 位补零）。"
        ),
    )
    basis = basis_field()
