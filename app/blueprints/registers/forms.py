"""What a register is narrowed to."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session
from wtforms import DateField, Field, IntegerField, SelectField
from wtforms.validators import NumberRange, Optional, ValidationError

from app.domain.actor import Actor
from app.domain.policy import Action
from app.domain.registers import RegisterFilter, RegisterKind
from app.queries.branches import branches_for
from app.queries.documents import category_choices
from app.queries.periods import period_choices
from app.web.forms import BaseForm

EARLIEST, LATEST = 1900, 2999
KINDS: dict[RegisterKind, Any] = {
    RegisterKind.FILED_ITEMS: _l("归档文件目录"),
    RegisterKind.CUSTOMERS: _l("客户档案登记簿"),
}


def number_or_none(text: Any) -> int | None:
    """Return a choice as a number, None for the empty choice."""
    return int(text) if text not in (None, "", "None") else None


class RegisterOrderForm(BaseForm):
    """The order of a register; every field narrows it."""

    register = SelectField(_l("台账"), choices=[(kind.value, label) for kind, label in KINDS.items()])
    branch_id = SelectField(_l("机构"), coerce=number_or_none)
    year = IntegerField(_l("年度"), [Optional(), NumberRange(EARLIEST, LATEST, _l("请填写四位年度，如 2026。"))])
    category = SelectField(_l("类别（归档文件目录）"))
    period = SelectField(_l("保管期限（归档文件目录）"))
    filed_from = DateField(_l("归档日期自"), [Optional()])
    filed_to = DateField(_l("归档日期至"), [Optional()])

    def offer_choices(self, session: Session, actor: Actor) -> None:
        """Fill branches, classes and periods."""
        everything = ("", _l("全部"))
        self.branch_id.choices = [everything, *branches_for(session, actor, Action.REGISTER_PRINT)]
        choices = category_choices(session)
        classes = dict.fromkeys((row.code[:1], row.class_name) for row in choices)
        self.category.choices = [
            everything,
            *classes,
            *((row.code, f"{row.class_name} › {row.name}") for row in choices),
        ]
        self.period.choices = [everything, *period_choices(session)]

    def validate_filed_from(self, field: Field) -> None:
        """Refuse a year that nobody means."""
        _refuse_odd_year(field)

    def validate_filed_to(self, field: Field) -> None:
        """Refuse a span that ends before it begins."""
        _refuse_odd_year(field)
        if field.data and self.filed_from.data and field.data < self.filed_from.data:
            raise ValidationError(_l("截止日期早于起始日期，请核对。"))

    def kind(self) -> RegisterKind:
        """Return the register that is wanted."""
        return RegisterKind(self.register.data)

    def wanted(self) -> RegisterFilter:
        """Return what it is narrowed to."""
        return RegisterFilter(
            branch_id=self.branch_id.data,
            year=self.year.data,
            category=self.category.data or "",
            period=self.period.data or "",
            filed_from=self.filed_from.data,
            filed_to=self.filed_to.data,
        )


def _refuse_odd_year(field: Field) -> None:
    if field.data and not EARLIEST <= field.data.year <= LATEST:
        raise ValidationError(_l("请填写四位年度，如 2026。"))
