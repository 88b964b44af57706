"""The fields of the desk, and how what was typed becomes what is kept."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session
from wtforms import BooleanField, DateField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import Length, Optional, ValidationError

from app.domain.actor import Actor
from app.domain.intake_desk import TypedItem
from app.queries.customer_file import claims_of_customer, policies_of_customer
from app.queries.documents import category_choices
from app.queries.intake_desk import CustomerHit, TypeChoice, customer_hit, find_customers
from app.queries.periods import period_choices
from app.web.document_labels import CARRIERS
from app.web.forms import EditForm, number_or_none, stripped
from app.web.labels import LEVELS
from app.web.paper_choices import BY_LETTERS, none_first, paper_choices
from app.web.ready_words import spoken, spoken_choices


class DeskForm(EditForm):
    """What is known of a paper."""

    customer = StringField(_l("客户"), [Length(max=120)], filters=[stripped], description="")
    policy_id = SelectField(_l("保单"), coerce=number_or_none)
    claim_id = SelectField(_l("赔案"), coerce=number_or_none)
    paper_type_id = SelectField(_l("单证"), coerce=number_or_none, description=BY_LETTERS)
    category_id = SelectField(_l("类别"), coerce=number_or_none)
    title = StringField(_l("题名"), [Length(max=200)], filters=[stripped])
    author = StringField(_l("责任者"), [Length(max=120)], filters=[stripped])
    formed_on = DateField(_l("日期"), [Optional()])
    level = SelectField(
        _l("密级"), coerce=int, choices=[(int(level), label) for level, label in LEVELS.items()], default=2
    )
    period = SelectField(_l("期限"), default="")
    document_number = StringField(_l("文号"), [Length(max=60)], filters=[stripped])
    keywords = StringField(_l("主题词"), [Length(max=200)], filters=[stripped])
    carrier = SelectField(_l("归档方式"), choices=list(CARRIERS.items()), default="dual")
    is_original = BooleanField(_l("原件"), default=True)
    remark = TextAreaField(_l("附注"), [Optional(), Length(max=1000)], filters=[stripped])
    described = HiddenField(default="1")  # says that the fields were on the page at all
    page = HiddenField()  # the page that lies open
    to = HiddenField()  # where a page is dragged
    undo = HiddenField()  # what can be undone, newest first
    contradicted = HiddenField()  # the customer of whom a person was told that the paper contradicts him
    pick = HiddenField(filters=[stripped])  # the number of one of several customers who fit
    customer_id: int | None = None
    candidates: tuple[CustomerHit, ...] = ()

    def offer_choices(self, session: Session, actor: Actor, types: list[TypeChoice]) -> None:
        """Fill kinds, classes, periods, and the policies and claims of the customer that was named."""
        kinds = paper_choices((kind.id, kind.name, kind.group) for kind in types)
        self.paper_type_id.choices = none_first(_l("请选择"), kinds)
        classes = category_choices(session)
        self.category_id.choices = [
            ("", _l("随单证")),
            *((row.id, spoken(f"{row.class_name} › {row.name}")) for row in classes),
        ]
        self.period.choices = [("", _l("随类别")), *spoken_choices(period_choices(session))]
        none = ("", _l("无"))
        policies = policies_of_customer(session, actor, self.customer_id) if self.customer_id else ()
        claims = claims_of_customer(session, actor, self.customer_id) if self.customer_id else ()
        self.policy_id.choices = [none, *((row.id, f"{row.number} {row.product}") for row in policies)]
        self.claim_id.choices = [none, *((row.id, row.number) for row in claims)]

    def find_customer(self, session: Session, actor: Actor) -> None:
        """Resolve what was typed into the customer field; what fits several is left for a person to choose."""
        found = find_customers(session, actor, self.pick.data or self.customer.data or "")
        self.candidates = tuple(found) if len(found) > 1 else ()
        self.customer_id = found[0].id if len(found) == 1 else None
        if self.pick.data and found:
            self.customer.data = f"{found[0].number} {found[0].name}"
        self.pick.data = ""

    def show_customer(self, session: Session, actor: Actor, customer_id: int | None) -> None:
        """Write a customer into the field: number and masked name."""
        hit = customer_hit(session, actor, customer_id)
        self.customer_id = hit.id if hit else None
        self.customer.data = f"{hit.number} {hit.name}" if hit else ""

    def validate_customer(self, field: StringField) -> None:
        """A name that fits nobody or several is no customer."""
        if field.data and self.customer_id is None:
            text = (
                _l("有几位客户符合，请从下面选一位。")
                if self.candidates
                else _l("权限内没有这位客户，请核对客户号或姓名。")
            )
            raise ValidationError(str(text))

    def typed(self) -> TypedItem:
        """Return what was typed."""
        names = [name for name in TypedItem.__dataclass_fields__ if name != "customer_id"]
        values: dict[str, Any] = {name: self[name].data for name in names}
        return TypedItem(customer_id=self.customer_id, **values)
