"""The forms of a customer."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session
from wtforms import (
    BooleanField,
    DateField,
    Field,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    widgets,
)
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from app.domain.actor import Actor
from app.domain.customers import SEALED, Particulars
from app.domain.identity_facts import IdKind
from app.domain.money import AmountRefused, format_cents, parse_cents
from app.domain.policy import Action
from app.queries.branches import agents_for, branches_for
from app.web.forms import BaseForm, CreateForm, EditForm, number_or_none, stripped
from app.web.labels import ID_KINDS, LEVELS, SEXES
from app.web.sentences import MONEY

MARITAL = {"single": _l("未婚"), "married": _l("已婚"), "divorced": _l("离婚"), "widowed": _l("丧偶")}
KINDS = {"person": _l("个人客户"), "organisation": _l("单位客户")}
# The file keeps the Chinese word; the screen shows it in the reader's language.
INCOME_SOURCES = {
    "工资奖金": _l("工资奖金"),
    "经营所得": _l("经营所得"),
    "投资所得": _l("投资所得"),
    "养老金": _l("养老金"),
    "家庭赡养": _l("家庭赡养"),
    "其他": _l("其他"),
}
REASONS = (_l("核保"), _l("理赔核对"), _l("客户来访核对身份"), _l("投诉处理"), _l("保全办理"), _l("监管或司法调取"))
SEALED_LABELS = {
    "id_number": _l("证件号码"),
    "mobile": _l("手机"),
    "phone": _l("固定电话"),
    "email": _l("电子邮箱"),
    "bank_account": _l("银行账号"),
    "annual_income": _l("年收入"),
    "health_notice": _l("健康告知"),
    "medical_history": _l("既往病史"),
}
REVEALED_LABELS = {**SEALED_LABELS, "name": _l("姓名"), "address": _l("联系地址")}


def text_field(label: Any, most: int, **kwargs: Any) -> Field:
    """Return a one-line text field that is trimmed and bounded."""
    return StringField(label, [Optional(), Length(max=most)], filters=[stripped], **kwargs)


class ParticularsFields(BaseForm):
    """Everything that is kept of a customer."""

    name = StringField(
        _l("姓名 / 单位名称"), [InputRequired(_l("请填写姓名或单位名称。")), Length(max=100)], filters=[stripped]
    )
    branch_id = SelectField(_l("所属机构"), coerce=number_or_none)
    agent_id = SelectField(_l("服务代理人"), coerce=number_or_none)
    level = SelectField(
        _l("密级"), coerce=int, choices=[(int(level), label) for level, label in LEVELS.items()], default=2
    )

    id_kind = SelectField(
        _l("证件类型"),
        choices=[(kind.value, label) for kind, label in ID_KINDS.items()],
        default=IdKind.RESIDENT_ID.value,
    )
    id_number = text_field(_l("证件号码"), 40, render_kw={"autocomplete": "off", "spellcheck": "false"})
    id_expires_on = DateField(_l("证件有效期至"), [Optional()])
    id_never_expires = BooleanField(_l("长期有效"))
    sex = SelectField(
        _l("性别"), choices=[("", _l("由证件号码得出")), *((s.value, label) for s, label in SEXES.items())], default=""
    )
    birth_date = DateField(_l("出生日期"), [Optional()], description=_l("留空则由证件号码得出"))
    nationality = text_field(_l("国籍"), 40, default="中国")
    marital_status = SelectField(_l("婚姻状况"), choices=[("", _l("未填")), *MARITAL.items()], default="")

    mobile = text_field(_l("手机"), 20, render_kw={"inputmode": "tel", "autocomplete": "off"})
    phone = text_field(_l("固定电话"), 30, render_kw={"inputmode": "tel", "autocomplete": "off"})
    email = text_field(_l("电子邮箱"), 120, render_kw={"inputmode": "email", "autocomplete": "off"})
    address = text_field(_l("联系地址"), 200)
    postcode = text_field(_l("邮政编码"), 6, render_kw={"inputmode": "numeric"})
    bank_name = text_field(_l("开户银行"), 80)
    bank_account = text_field(_l("银行账号"), 40, render_kw={"inputmode": "numeric", "autocomplete": "off"})

    occupation = text_field(_l("职业"), 60)
    employer = text_field(_l("工作单位"), 100)
    annual_income = text_field(_l("年收入（元）"), 30, description=_l("可写 120,000 或 12万"))
    income_source = SelectField(_l("收入来源"), choices=[("", _l("未填")), *INCOME_SOURCES.items()], default="")
    health_notice = TextAreaField(_l("健康告知"), [Optional(), Length(max=2000)], filters=[stripped])
    medical_history = TextAreaField(_l("既往病史"), [Optional(), Length(max=2000)], filters=[stripped])

    legal_representative = text_field(_l("法定代表人"), 60)
    contact_person = text_field(_l("联系人"), 60)
    industry = text_field(_l("行业"), 60)
    remark = TextAreaField(_l("备注"), [Optional(), Length(max=1000)], filters=[stripped])

    def offer_homes(self, session: Session, actor: Actor, action: Action) -> None:
        """Fill the choices of branch and agent with those that the actor may choose."""
        self.branch_id.choices = branches_for(session, actor, action)
        self.agent_id.choices = [("", _l("未指定")), *agents_for(session, actor, action)]

    def validate_annual_income(self, field: Field) -> None:
        """Refuse what is no amount."""
        if field.data:
            try:
                parse_cents(field.data)
            except AmountRefused as refused:
                field.errors = [*field.errors, str(MONEY[refused.code])]

    def particulars(self, kind: str) -> Particulars:
        """Return what was typed."""
        values = {item.name: self[item.name].data for item in fields(Particulars) if item.name != "kind"}
        for name in SEALED:
            values[name] = values[name] or None
        if values["annual_income"]:
            values["annual_income"] = str(parse_cents(values["annual_income"]))
        return Particulars(kind=kind, **values)


class NewCustomerForm(CreateForm, ParticularsFields):
    """Opening a file."""

    kind = RadioField(_l("客户类型"), choices=list(KINDS.items()), default="person")
    surely_new = BooleanField(_l("已核对，不是同一人，仍要新建"))


class ChangeCustomerForm(EditForm, ParticularsFields):
    """Changing a file; sealed fields stay empty unless they are to change."""

    clear = SelectMultipleField(
        _l("清除下列内容"),
        choices=list(SEALED_LABELS.items()),
        option_widget=widgets.CheckboxInput(),
        widget=widgets.ListWidget(prefix_label=False),
    )


class RevealForm(BaseForm):
    """The reason for seeing a masked field."""

    field = StringField()
    reason = StringField(_l("理由"), [DataRequired(), Length(max=100)], filters=[stripped])


def shown_amount(cents: str | None) -> str:
    """Return a revealed income as an amount."""
    return format_cents(int(cents)) if cents else ""
