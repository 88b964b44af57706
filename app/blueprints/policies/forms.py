"""The forms of a policy: its terms, its status, its parties."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from app.domain.policies import (
    InsuranceClass,
    PartyRole,
    PayMode,
    PolicyStatus,
    ProductLine,
    TermKind,
    lines_of,
    next_statuses,
    statuses_of,
)
from app.domain.policy_terms import PolicyTerms, insurance_class_of
from app.web.amounts import AmountField
from app.web.forms import BaseForm, CreateForm, EditForm, stripped
from app.web.labels import (
    CHANNELS,
    DESIGN_TYPES,
    INSURANCE_CLASSES,
    PARTY_ROLES,
    PAY_FREQUENCIES,
    PAY_MODES,
    POLICY_STATUSES,
    PRODUCT_LINES,
    TERM_KINDS,
    choices,
)

NONE = ("", _l("无"))
LINES = {
    INSURANCE_CLASSES[insurance_class]: choices(PRODUCT_LINES, *lines_of(insurance_class))
    for insurance_class in InsuranceClass
}


class TermsFields(BaseForm):
    """Everything that is kept of a policy but its status."""

    number = StringField(
        _l("保单号"),
        [InputRequired(_l("请填写保单号，也可以用扫码枪扫入。")), Length(max=40)],
        filters=[stripped],
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    application_number = StringField(
        _l("投保单号"), [Optional(), Length(max=40)], filters=[stripped], render_kw={"autocomplete": "off"}
    )
    line = SelectField(_l("险类"), choices=LINES, default=ProductLine.LIFE.value)
    product = StringField(_l("险种名称"), [InputRequired(_l("请填写险种名称。")), Length(max=120)], filters=[stripped])
    design_type = SelectField(_l("设计类型"), choices=[NONE, *choices(DESIGN_TYPES)], description=_l("人身险填写"))
    term_kind = SelectField(
        _l("保险期间"), choices=choices(TERM_KINDS), default=TermKind.LONG.value, description=_l("决定保管期限的长短")
    )
    channel = SelectField(_l("销售渠道"), choices=choices(CHANNELS))
    insured_amount = AmountField(_l("保险金额（元）"), [Optional()], render_kw={"inputmode": "decimal"})
    premium = AmountField(_l("保险费（元）"), [Optional()], render_kw={"inputmode": "decimal"})
    pay_mode = SelectField(_l("交费方式"), choices=choices(PAY_MODES), default=PayMode.PERIODIC.value)
    pay_frequency = SelectField(
        _l("交费频率"), choices=[NONE, *choices(PAY_FREQUENCIES)], description=_l("期交保单填写")
    )
    pay_years = IntegerField(_l("交费年数"), [Optional(), NumberRange(1, 100)])
    applied_on = DateField(_l("投保日期"), [Optional()])
    accepted_on = DateField(_l("承保日期"), [Optional()])
    effective_on = DateField(_l("生效日期"), [Optional()])
    expires_on = DateField(_l("满期日期"), [Optional()], description=_l("终身保障留空"))
    terminated_on = DateField(_l("终止日期"), [Optional()], description=_l("已终止的保单必填"))
    termination_reason = StringField(_l("终止原因"), [Optional(), Length(max=60)], filters=[stripped])

    def terms(self) -> PolicyTerms:
        """Return what was typed; an amount that was left empty is nothing."""
        values: dict[str, Any] = {item.name: self[item.name].data for item in fields(PolicyTerms)}
        values["insured_amount"] = values["insured_amount"] or 0
        values["premium"] = values["premium"] or 0
        return PolicyTerms(**values)


class NewPolicyForm(CreateForm, TermsFields):
    """Registering a policy."""

    status = SelectField(_l("保单状态"), choices=choices(POLICY_STATUSES), default=PolicyStatus.IN_FORCE.value)
    holder_is_insured = BooleanField(_l("被保险人就是投保人本人"), default=True)


class ChangePolicyForm(EditForm, TermsFields):
    """Changing the terms."""


class StatusForm(EditForm):
    """Moving a policy on, or putting a wrong status right."""

    status = SelectField(_l("变更为"))
    terminated_on = DateField(_l("终止日期"), [Optional()], description=_l("变更为终止类状态时必填"))
    reason = StringField(_l("原因"), [Optional(), Length(max=60)], filters=[stripped])
    correct = BooleanField(_l("更正登记错误（可选任何状态，须写明原因）"))

    def offer_statuses(self, current: str, line: str) -> None:
        """Fill the choices: what may follow, then everything else, which only a correction reaches."""
        insurance_class = insurance_class_of(line)
        following = next_statuses(PolicyStatus(current), insurance_class)
        others = [
            status
            for status in PolicyStatus
            if status in statuses_of(insurance_class) and status not in following and status != current
        ]
        groups = {_l("下一步"): following, _l("仅限更正"): others}
        self.status.choices = {title: choices(POLICY_STATUSES, *group) for title, group in groups.items() if group}


class PartyForm(CreateForm):
    """Adding 被保险人 or 受益人."""

    customer = StringField(
        _l("客户号或证件号码"),
        [InputRequired(_l("请填写客户号或证件号码。")), Length(max=40)],
        filters=[stripped],
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    role = SelectField(_l("身份"), choices=choices(PARTY_ROLES, PartyRole.INSURED, PartyRole.BENEFICIARY))
    share = IntegerField(_l("受益份额（%）"), [Optional()], description=_l("留空为均分"))
