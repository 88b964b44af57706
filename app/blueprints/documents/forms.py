"""The forms of an item's description."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session
from wtforms import BooleanField, DateField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from app.domain.actor import Actor
from app.domain.documents import Description
from app.queries.completeness_rules import type_choices
from app.queries.customer_file import claims_of_customer, policies_of_customer
from app.queries.documents import category_choices
from app.queries.periods import period_choices
from app.web.document_labels import CARRIERS
from app.web.forms import BaseForm, CreateForm, EditForm, number_or_none, stripped
from app.web.labels import LEVELS
from app.web.paper_choices import none_first, paper_choices
from app.web.ready_words import spoken, spoken_choices


class DescriptionFields(BaseForm):
    """The descriptive elements of an item."""

    paper_type_id = SelectField(
        _l("单证"), coerce=number_or_none, description=_l("选定后计入保单、赔案的单证齐全；可输入拼音首字母选择")
    )
    category_id = SelectField(_l("类别"), [InputRequired(_l("请选择类别。"))], coerce=number_or_none)
    title = StringField(
        _l("题名"),
        [Length(max=200)],
        filters=[stripped],
        description=_l("责任者 + 事由 + 文种，如：张某某终身寿险投保单"),
    )
    author = StringField(_l("责任者"), [Length(max=120)], filters=[stripped])
    formed_on = DateField(_l("日期"), [Optional()])
    document_number = StringField(_l("文号"), [Length(max=60)], filters=[stripped])
    keywords = StringField(_l("主题词"), [Length(max=200)], filters=[stripped], description=_l("用空格或顿号分开"))
    level = SelectField(
        _l("密级"), coerce=int, choices=[(int(level), label) for level, label in LEVELS.items()], default=2
    )
    period = SelectField(_l("保管期限"), default="D10")
    carrier = SelectField(_l("归档方式"), choices=list(CARRIERS.items()), default="dual")
    is_original = BooleanField(_l("原件"), default=True)
    policy_id = SelectField(_l("所属保单"), coerce=number_or_none)
    claim_id = SelectField(_l("所属赔案"), coerce=number_or_none)
    remark = TextAreaField(_l("附注"), [Optional(), Length(max=1000)], filters=[stripped])

    def offer_choices(self, session: Session, actor: Actor, customer_id: int) -> None:
        """Fill classes, periods, and this customer's policies and claims."""
        none = ("", _l("无"))
        self.category_id.choices = [
            (row.id, spoken(f"{row.class_name} › {row.name}")) for row in category_choices(session)
        ]
        self.paper_type_id.choices = none_first(none[1], paper_choices(type_choices(session)))
        self.period.choices = spoken_choices(period_choices(session))
        policies = policies_of_customer(session, actor, customer_id)
        self.policy_id.choices = [none, *((row.id, f"{row.number} {row.product}") for row in policies)]
        self.claim_id.choices = [
            none,
            *((row.id, row.number) for row in claims_of_customer(session, actor, customer_id)),
        ]

    def description(self, page_count: int) -> Description:
        """Return what was typed."""
        names = [name for name in Description.__dataclass_fields__ if name != "page_count"]
        return Description(page_count=page_count, **{name: self[name].data for name in names})


class ReceiveForm(CreateForm, DescriptionFields):
    """Receiving one or several files; without a title each takes that of its file."""

    without_scan = BooleanField(_l("暂无扫描件，只登记纸质件"))
    paper_pages = IntegerField(_l("纸质页数"), [Optional(), NumberRange(1, 10_000)])


class DescribeForm(EditForm, DescriptionFields):
    """Changing the description."""

    page_count = IntegerField(_l("页数"), [InputRequired(_l("请填写页数。")), NumberRange(0, 10_000)])
