"""The form of a change for many papers: one value for one field, or dropping, or merging."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session
from wtforms import DateField, HiddenField, SelectField, StringField
from wtforms.validators import Length, Optional

from app.domain.actor import Actor
from app.domain.errors import Invalid
from app.domain.ids import decode_id
from app.domain.policy import Action
from app.models.claims import Claim
from app.models.customers import Customer
from app.models.policies import Policy
from app.queries.documents import category_choices
from app.queries.intake_desk import find_customers, type_choices
from app.queries.periods import period_choices
from app.queries.visibility import claims_for, policies_for
from app.services.intake_bulk import MOST, BulkChange
from app.web.forms import BaseForm, number_or_none, stripped
from app.web.intake_labels import BULK_ACTIONS
from app.web.labels import LEVELS
from app.web.paper_choices import BY_LETTERS, none_first, paper_choices
from app.web.ready_words import spoken, spoken_choices

NONE = ("", _l("请选择"))


class BulkForm(BaseForm):
    """What is to be done with the chosen papers."""

    action = SelectField(_l("批量"), choices=[NONE, *BULK_ACTIONS.items()], default="")
    customer = StringField(_l("客户号或姓名"), [Length(max=120)], filters=[stripped])
    policy = StringField(_l("保单号"), [Length(max=60)], filters=[stripped])
    claim = StringField(_l("赔案号"), [Length(max=60)], filters=[stripped])
    paper_type_id = SelectField(_l("单证类型"), coerce=number_or_none, description=BY_LETTERS)
    category_id = SelectField(_l("类别"), coerce=number_or_none)
    period = SelectField(_l("保管期限"), default="")
    level = SelectField(
        _l("密级"), coerce=number_or_none, choices=[NONE, *((int(level), label) for level, label in LEVELS.items())]
    )
    author = StringField(_l("责任者"), [Length(max=120)], filters=[stripped])
    formed_on = DateField(_l("日期"), [Optional()])
    reason = StringField(_l("弃置原因"), [Length(max=200)], filters=[stripped])
    confirmed = HiddenField(default="")

    def offer_choices(self, session: Session) -> None:
        """Fill kinds, classes and periods."""
        kinds = paper_choices((kind.id, kind.name, kind.group) for kind in type_choices(session))
        self.paper_type_id.choices = none_first(NONE[1], kinds)
        self.category_id.choices = [
            NONE,
            *((row.id, spoken(f"{row.class_name} › {row.name}")) for row in category_choices(session)),
        ]
        self.period.choices = [NONE, *spoken_choices(period_choices(session))]

    def change(self, session: Session, actor: Actor) -> BulkChange:
        """Return what is asked for; raises `Invalid` for a customer, policy or claim that is not found."""
        action = self.action.data or ""
        finders = {"customer_id": self._customer, "policy_id": self._policy, "claim_id": self._claim}
        if action in finders:
            return BulkChange(action, finders[action](session, actor))
        if action == "drop":
            return BulkChange(action, self.reason.data)
        return BulkChange(action, self[action].data if action in self and action != "action" else None)

    def at_field(self, invalid: Invalid) -> Invalid:
        """Return the same problems at the fields of this form."""
        names = {"customer_id": "customer", "policy_id": "policy", "claim_id": "claim"}
        if "value" in invalid.problems:
            action = self.action.data or ""
            field = "reason" if action == "drop" else names.get(action, action)
            return Invalid({field: invalid.problems["value"]})
        return Invalid({names.get(name, name): codes for name, codes in invalid.problems.items()})

    def _customer(self, session: Session, actor: Actor) -> int | None:
        found = find_customers(session, actor, self.customer.data or "")
        if self.customer.data and len(found) != 1:
            raise Invalid.field("customer", "intake.customer_several" if found else "intake.customer_unknown")
        return found[0].id if found else None

    def _policy(self, session: Session, actor: Actor) -> int | None:
        return self._numbered(session, Policy, policies_for(actor, Action.POLICY_VIEW), "policy")

    def _claim(self, session: Session, actor: Actor) -> int | None:
        return self._numbered(session, Claim, claims_for(actor, Action.CLAIM_VIEW), "claim")

    def _numbered(self, session: Session, model: type[Policy] | type[Claim], reach: Any, name: str) -> int | None:
        number = (self[name].data or "").upper()
        if not number:
            return None
        joined = select(model.id).join(Customer, Customer.id == model.customer_id)
        found = session.scalars(joined.where(model.number == number, reach).limit(2)).all()
        if len(found) != 1:
            raise Invalid.field(name, f"intake.{name}_unknown")
        return found[0]


def chosen_items() -> list[int]:
    """Return the papers that were ticked; a spoilt id is none."""
    found = []
    for text in request.form.getlist("items")[: MOST + 1]:
        try:
            found.append(decode_id(text))
        except ValueError:
            continue
    return found
