"""The forms of completeness: filing without, letters, telling, moving a day, rules, kinds of paper."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session
from wtforms import BooleanField, DateField, IntegerField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from app.domain.completeness import Rule
from app.domain.conditions import LONGEST, ConditionError, parse
from app.models.completeness import CompletenessRule
from app.queries.completeness import ChecklistLine, rule_of
from app.queries.completeness_rules import type_choices
from app.queries.documents import category_choices
from app.services.paper_type_changes import TypedKind
from app.web.completeness_labels import BUSINESSES, CUSTOMER_KINDS, FORMS, LINES, NEEDS, WAYS
from app.web.completeness_sentences import condition_fault
from app.web.forms import BaseForm, CreateForm, EditForm, number_or_none, stripped
from app.web.labels import CHANNELS, CLAIM_KINDS, choices
from app.web.paper_choices import BY_LETTERS, paper_choices
from app.web.ready_words import spoken

ANY = ("", _l("不限"))


class WithoutForm(CreateForm):
    """缺件归档: which papers, why, until when."""

    papers = SelectMultipleField(
        _l("缺少的单证"), coerce=number_or_none, option_widget=CheckboxInput(), widget=ListWidget(prefix_label=False)
    )
    reason = TextAreaField(
        _l("缺件原因"), [InputRequired(_l("请写明原因。")), Length(max=200)], filters=[stripped], render_kw={"rows": 2}
    )
    due_on = DateField(_l("应补日期"), [InputRequired(_l("请选择应补日期。"))])

    def offer_papers(self, lines: Iterable[ChecklistLine]) -> None:
        """Fill the papers that may be owed."""
        self.papers.choices = [(line.paper_type_id, line.name) for line in lines]


class LetterForm(CreateForm):
    """A letter for everything that is still needed."""

    due_on = DateField(_l("补交期限"), [InputRequired(_l("请选择补交期限。"))])
    again_reason = StringField(
        _l("再次通知的原因"), [Optional(), Length(max=200)], filters=[stripped], description=_l("首次通知不填")
    )


class ToldForm(BaseForm):
    """When and how a customer was told of a letter."""

    told_on = DateField(_l("告知日期"), [InputRequired(_l("请选择告知日期。"))])
    told_how = SelectField(_l("告知方式"), choices=list(WAYS.items()))


class DueForm(EditForm):
    """Another day for an owed paper."""

    due_on = DateField(_l("应补日期"), [InputRequired(_l("请选择应补日期。"))])
    reason = StringField(_l("改期原因"), [InputRequired(_l("请写明原因。")), Length(max=200)], filters=[stripped])


class RuleFields(BaseForm):
    """A rule of the checklists."""

    business = SelectField(_l("业务"), choices=list(BUSINESSES.items()))
    line = SelectField(_l("险种"), choices=[ANY, *LINES.items()])
    customer_kind = SelectField(_l("客户类型"), choices=[ANY, *CUSTOMER_KINDS.items()])
    channel = SelectField(_l("销售渠道"), choices=[ANY, *choices(CHANNELS)])
    claim_kind = SelectField(_l("赔案类型"), choices=[ANY, *choices(CLAIM_KINDS)])
    paper_type_id = SelectField(
        _l("单证"), [InputRequired(_l("请选择单证。"))], coerce=number_or_none, description=BY_LETTERS
    )
    need = SelectField(_l("要求"), choices=list(NEEDS.items()))
    condition = StringField(
        _l("条件"),
        [Optional(), Length(max=LONGEST)],
        filters=[stripped],
        description=_l("如：投保人年龄 >= 60；只能由人判断的写“?”"),
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    condition_words = StringField(
        _l("条件说明"), [Optional(), Length(max=120)], filters=[stripped], description=_l("给经办人看的一句话")
    )
    form = SelectField(_l("原件或复印件"), choices=list(FORMS.items()))
    copies = IntegerField(_l("份数"), [InputRequired(_l("请填写份数。"))], default=1)
    hint = StringField(_l("收件提示"), [Optional(), Length(max=120)], filters=[stripped])
    basis = StringField(
        _l("依据"), [InputRequired(_l("请写明依据，如法规条文或本公司文号。")), Length(max=200)], filters=[stripped]
    )
    effective_from = DateField(_l("施行日期"), [InputRequired(_l("请选择施行日期。"))])
    number = StringField(
        _l("保单号或赔案号"),
        [Optional(), Length(max=40)],
        filters=[stripped],
        description=_l("保存前试一试：看规则对这一件怎么说"),
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )

    def offer_types(self, session: Session) -> None:
        """Fill the kinds of paper."""
        self.paper_type_id.choices = paper_choices(type_choices(session))

    def validate_condition(self, field: Any) -> None:
        """Say where a condition cannot be read."""
        try:
            if field.data:
                parse(field.data)
        except ConditionError as error:
            raise ValidationError(condition_fault(error)) from error

    def typed(self) -> Rule:
        """Return what was typed."""
        names = [name for name in Rule.__dataclass_fields__ if name in self]
        return Rule(id=0, **{name: self[name].data for name in names})


class NewRuleForm(CreateForm, RuleFields):
    """A rule of its own."""


class ChangeRuleForm(EditForm, RuleFields):
    """A new text for a rule."""

    idempotency_key = CreateForm.idempotency_key

    def show_rule(self, row: CompletenessRule) -> None:
        """Fill the form from the text that holds."""
        rule = rule_of(row)
        for name in Rule.__dataclass_fields__:
            if name in self:
                self[name].data = getattr(rule, name)
        self.show_version(row.version)


class TypeFields(BaseForm):
    """A kind of paper."""

    name = StringField(_l("单证名称"), [InputRequired(_l("请填写单证名称。")), Length(max=60)], filters=[stripped])
    business = SelectField(_l("业务"), choices=[ANY, *BUSINESSES.items()])
    category_id = SelectField(_l("归档类别"), [InputRequired(_l("请选择类别。"))], coerce=number_or_none)
    title_pattern = StringField(
        _l("题名格式"),
        [Optional(), Length(max=120)],
        filters=[stripped],
        description=_l(
            "{name} 客户、{matter} 事由、{policy} 保单号、{claim} 赔案号、{date} 日期；括号里缺内容的整个省去"
        ),
    )
    is_main = BooleanField(_l("主单证（其他材料附在其后）"))
    active = BooleanField(_l("使用中"), default=True)

    def offer_classes(self, session: Session) -> None:
        """Fill the classes of the archive."""
        self.category_id.choices = [
            (row.id, spoken(f"{row.class_name} › {row.name}")) for row in category_choices(session)
        ]

    def kind(self) -> TypedKind:
        """Return what was typed."""
        return TypedKind(**{name: self[name].data for name in TypedKind.__dataclass_fields__ if name in self})


class NewTypeForm(CreateForm, TypeFields):
    """A kind of one's own, with the code that imports name it by."""

    code = StringField(
        _l("代码"),
        [InputRequired(_l("请填写代码。")), Length(max=30)],
        filters=[stripped],
        description=_l("导入表里使用，小写字母、数字和下划线"),
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )


class ChangeTypeForm(EditForm, TypeFields):
    """Changing a kind."""


class DaysForm(EditForm):
    """One of the settings."""

    value = StringField(
        _l("天数"),
        [InputRequired(_l("请填写天数。")), Length(max=60)],
        filters=[stripped],
        render_kw={"autocomplete": "off"},
    )
    basis = TextAreaField(
        _l("依据"),
        [InputRequired(_l("请写明依据，如法规条文或本公司文号。")), Length(max=200)],
        filters=[stripped],
        render_kw={"rows": 2},
    )
