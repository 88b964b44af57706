"""The forms of a claim: its particulars and its node."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from app.domain.claim_particulars import ClaimParticulars
from app.domain.claims import ClaimStatus, kinds_of, next_claim_statuses
from app.domain.deadlines import EventKind
from app.domain.policy_terms import insurance_class_of
from app.services.claim_events import Noted
from app.web.amounts import AmountField
from app.web.clock_labels import CLOCK_EVENTS
from app.web.forms import BaseForm, CreateForm, EditForm, stripped
from app.web.labels import CLAIM_KINDS, CLAIM_OUTCOMES, CLAIM_STATUSES, REFUSAL_REASONS, choices

NOT_YET = ("", _l("尚无"))


class ParticularsFields(BaseForm):
    """Everything that is kept of a claim but its node."""

    number = StringField(
        _l("赔案号"),
        [InputRequired(_l("请填写赔案号，也可以用扫码枪扫入。")), Length(max=40)],
        filters=[stripped],
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    report_number = StringField(
        _l("报案号"), [Optional(), Length(max=40)], filters=[stripped], render_kw={"autocomplete": "off"}
    )
    kind = SelectField(_l("赔案类型"))
    amount_claimed = AmountField(_l("索赔金额（元）"), [Optional()], render_kw={"inputmode": "decimal"})
    occurred_on = DateField(_l("出险日期"), [Optional()])
    reported_on = DateField(_l("报案日期"), [Optional()])
    materials_received_on = DateField(
        _l("收到资料日期"), [Optional()], description=_l("申请及资料首次收到之日，核定期限由此起算")
    )
    decided_on = DateField(_l("核定日期"), [Optional()])
    outcome = SelectField(_l("结论"), choices=[NOT_YET, *choices(CLAIM_OUTCOMES)])
    refusal_reason = SelectField(
        _l("拒赔原因"), choices=[("", _l("无")), *choices(REFUSAL_REASONS)], description=_l("拒赔必选")
    )
    amount_paid = AmountField(_l("赔付金额（元）"), [Optional()], render_kw={"inputmode": "decimal"})
    paid_on = DateField(_l("支付日期"), [Optional()])
    closed_on = DateField(_l("结案日期"), [Optional()], description=_l("已结案的赔案必填"))
    summary = TextAreaField(_l("案情摘要"), [Optional(), Length(max=500)], filters=[stripped])

    def offer_kinds(self, line: str) -> None:
        """Fill the kinds with those that the policy's class of insurance knows."""
        self.kind.choices = choices(CLAIM_KINDS, *kinds_of(insurance_class_of(line)))

    def particulars(self) -> ClaimParticulars:
        """Return what was typed; a claimed amount that was left empty is nothing."""
        values: dict[str, Any] = {item.name: self[item.name].data for item in fields(ClaimParticulars)}
        values["amount_claimed"] = values["amount_claimed"] or 0
        return ClaimParticulars(**values)


class NewClaimForm(CreateForm, ParticularsFields):
    """Registering a claim."""

    status = SelectField(_l("环节"), choices=choices(CLAIM_STATUSES), default=ClaimStatus.REPORTED.value)


class ChangeClaimForm(EditForm, ParticularsFields):
    """Changing the particulars."""


class StatusForm(EditForm):
    """Moving a claim on."""

    status = SelectField(_l("变更为"))
    closed_on = DateField(_l("结案日期"), [Optional()], description=_l("结案时必填"))

    def offer_statuses(self, current: str) -> None:
        """Fill the choices with the nodes that may follow."""
        self.status.choices = choices(CLAIM_STATUSES, *next_claim_statuses(ClaimStatus(current)))


class ClaimEventForm(CreateForm):
    """Noting what happened beside the dates of a claim."""

    happened = SelectField(_l("发生的事"))
    day = DateField(_l("日期"), [InputRequired(_l("请填写日期。"))])
    proof = StringField(
        _l("凭证"),
        [Optional(), Length(max=120)],
        filters=[stripped],
        description=_l("如签收单、寄件单号"),
        render_kw={"autocomplete": "off"},
    )
    reason = StringField(
        _l("理由"),
        [Optional(), Length(max=200)],
        filters=[stripped],
        description=_l("认定情况复杂时必填"),
        render_kw={"autocomplete": "off"},
    )

    def offer_kinds(self, kinds: Iterable[EventKind]) -> None:
        """Fill the choices with what may be noted of the claim."""
        self.happened.choices = [(kind.value, CLOCK_EVENTS[kind]) for kind in kinds]

    def noted(self) -> Noted:
        """Return what was typed."""
        day: date = self.day.data  # type: ignore[assignment]
        return Noted(self.happened.data or "", day, self.proof.data or "", self.reason.data or "")
