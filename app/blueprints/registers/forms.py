"""What a register is narrowed to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session
from wtforms import DateField, Field, IntegerField, SelectField, StringField
from wtforms.validators import NumberRange, Optional, Regexp, ValidationError

from app.domain.actor import Actor
from app.domain.policy import Action
from app.domain.register_forms import FILED, HANDOVER, MONTH, ROOM, SPAN, STOCKTAKE, TRANSFER, VOLUME
from app.domain.registers import FORMS, RegisterFilter, RegisterKind
from app.queries.branches import branches_for
from app.queries.documents import category_choices
from app.queries.periods import period_choices
from app.queries.registers import find_thing, thing_field, things_for
from app.web.forms import BaseForm, number_or_none, stripped
from app.web.ready_words import spoken, spoken_choices

EARLIEST, LATEST = 1900, 2999
KINDS: dict[RegisterKind, Any] = {
    RegisterKind.FILED_ITEMS: _l("归档文件目录"),
    RegisterKind.CUSTOMERS: _l("客户档案登记簿"),
    RegisterKind.LOANS: _l("借阅登记簿"),
    RegisterKind.USES: _l("档案利用登记表"),
    RegisterKind.EFFECTS: _l("利用效果登记表"),
    RegisterKind.MOVEMENTS: _l("档案出入库登记簿"),
    RegisterKind.CLIMATE: _l("温湿度登记表"),
    RegisterKind.SAFETY: _l("库房安全检查表"),
    RegisterKind.STOCKTAKE: _l("盘点清册"),
    RegisterKind.REPAIRS: _l("修复登记表"),
    RegisterKind.TRANSFER: _l("移交清册"),
    RegisterKind.HANDOVER: _l("岗位交接清册"),
    RegisterKind.COMPLAINTS: _l("投诉台账"),
    RegisterKind.CONSULTATIONS: _l("咨询台账"),
    RegisterKind.CALL_BACKS: _l("回访登记"),
    RegisterKind.SCAN_BATCHES: _l("扫描批次登记"),
    RegisterKind.MISSING_PAPERS: _l("欠件台账"),
    RegisterKind.SATISFACTION: _l("满意度汇总"),
    RegisterKind.VOLUMES: _l("案卷目录"),
    RegisterKind.VOLUME_ITEMS: _l("卷内文件目录"),
}
THINGS = (ROOM, STOCKTAKE, TRANSFER, HANDOVER, VOLUME)
# The controls of each field that a register may take.
CONTROLS: Mapping[str, tuple[str, ...]] = {FILED: ("filed_from", "filed_to"), SPAN: ("since", "until")}


class RegisterOrderForm(BaseForm):
    """The order of a register; every field narrows it."""

    register = SelectField(_l("台账"), choices=[(kind.value, label) for kind, label in KINDS.items()])
    room_id = SelectField(_l("库房"), coerce=number_or_none)
    month = StringField(
        _l("月份"),
        [Optional(), Regexp(r"[12]\d{3}-(0[1-9]|1[0-2])\Z", message=_l("请写成四位年度和两位月份，如 2026-11。"))],
        filters=[stripped],
        render_kw={"type": "month", "placeholder": "2026-11"},
    )
    stocktake_id = SelectField(_l("盘点"), coerce=number_or_none)
    transfer_id = SelectField(_l("移交"), coerce=number_or_none)
    handover_id = SelectField(_l("岗位交接"), coerce=number_or_none)
    volume_id = SelectField(_l("案卷"), coerce=number_or_none)
    branch_id = SelectField(_l("机构"), coerce=number_or_none)
    year = IntegerField(_l("年度"), [Optional(), NumberRange(EARLIEST, LATEST, _l("请填写四位年度，如 2026。"))])
    category = SelectField(_l("类别（归档文件目录）"))
    period = SelectField(_l("保管期限（归档文件目录、案卷目录）"))
    filed_from = DateField(_l("归档日期自"), [Optional()])
    filed_to = DateField(_l("归档日期至"), [Optional()])
    since = DateField(_l("发生日期自"), [Optional()])
    until = DateField(_l("发生日期至"), [Optional()])

    def offer_choices(self, session: Session, actor: Actor) -> None:
        """Fill branches, classes, periods and the things that registers are of."""
        everything = ("", _l("全部"))
        self.branch_id.choices = [everything, *branches_for(session, actor, Action.REGISTER_PRINT)]
        choices = category_choices(session)
        classes = dict.fromkeys((row.code[:1], row.class_name) for row in choices)
        self.category.choices = [
            everything,
            *spoken_choices(classes),
            *((row.code, spoken(f"{row.class_name} › {row.name}")) for row in choices),
        ]
        self.period.choices = [everything, *spoken_choices(period_choices(session))]
        for name in THINGS:
            self._offer_things(session, actor, name)

    def _offer_things(self, session: Session, actor: Actor, name: str) -> None:
        """Offer the newest things, and the one that was asked for though it is older."""
        things = list(things_for(session, actor, name))
        field: Any = self[name]
        asked = field.data
        if asked is not None and asked not in {thing.id for thing in things}:
            older = find_thing(session, actor, name, asked)
            things.extend([older] if older else [])
        field.choices = [("", _l("请选择")), *((thing.id, thing.name) for thing in things)]

    def prefer(self, kind: RegisterKind, thing_id: int | None, *, month: str = "") -> None:
        """Begin with this register, and with this thing and month where it is of one."""
        self.register.data, self.month.data = kind.value, month
        field = thing_field(kind)
        if field and thing_id is not None:
            self[field].data = thing_id

    def validate_filed_from(self, field: Field) -> None:
        """Refuse a year that nobody means."""
        _refuse_odd_year(field)

    def validate_filed_to(self, field: Field) -> None:
        """Refuse a span that ends before it begins."""
        _refuse_odd_year(field)
        _refuse_backward(field, self.filed_from)

    def validate_since(self, field: Field) -> None:
        """Refuse a year that nobody means."""
        _refuse_odd_year(field)

    def validate_until(self, field: Field) -> None:
        """Refuse a span that ends before it begins."""
        _refuse_odd_year(field)
        _refuse_backward(field, self.since)

    def kind(self) -> RegisterKind:
        """Return the register that is wanted, the first one before anything was chosen."""
        try:
            return RegisterKind(self.register.data)
        except ValueError:
            return RegisterKind.FILED_ITEMS

    def wanted(self) -> RegisterFilter:
        """Return what it is narrowed to: only what this register takes."""
        kind = self.kind()
        shown = controls_of(kind)
        values = {name: self[name].data for name in FILTERS if name in shown}
        field = thing_field(kind)
        if field and field != ROOM:
            values["thing_id"] = self[field].data
        return RegisterFilter(**{name: value for name, value in values.items() if value is not None})


FILTERS = (
    *("branch_id", "year", "category", "period", "filed_from", "filed_to", "since", "until"),
    *(ROOM, MONTH),
)


def controls_of(kind: RegisterKind) -> tuple[str, ...]:
    """Return the controls of the form that a register takes."""
    return tuple(control for field in FORMS[kind].takes for control in CONTROLS.get(field, (field,)))


def registers_of(control: str) -> str:
    """Return the registers that take a control, for the page that shows only what counts."""
    return " ".join(kind.value for kind in RegisterKind if control in controls_of(kind))


def _refuse_odd_year(field: Field) -> None:
    if field.data and not EARLIEST <= field.data.year <= LATEST:
        raise ValidationError(_l("请填写四位年度，如 2026。"))


def _refuse_backward(field: Field, begins: Field) -> None:
    if field.data and begins.data and field.data < begins.data:
        raise ValidationError(_l("截止日期早于起始日期，请核对。"))
