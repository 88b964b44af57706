"""The forms of rounds: opening a stock-taking, a scan, a plan, what was seen of one item."""

from __future__ import annotations

from datetime import date

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from app.blueprints.rounds.labels import LABELS, REASONS
from app.domain.inspections import LONGEST_ROUND, MOST_PAGES, Look, PlanData
from app.web.damage_fields import DamageFields
from app.web.forms import BaseForm, CreateForm, number_or_none, stripped
from app.web.labels import choices

EARLIEST = date(1990, 1, 1)


class NewStocktakeForm(CreateForm):
    """Opening a stock-taking: a place from the list, or any place by its code."""

    place_id = SelectField(_l("盘点范围"), coerce=number_or_none)
    code = StringField(
        _l("或扫架位码"),
        [Optional(), Length(max=120)],
        filters=[stripped],
        description=_l("只盘一节或一层时，扫它的标签或输入库位编号，如 K1-A-03-02-05"),
        render_kw={"autocomplete": "off", "data-scan": True},
    )
    reason = SelectField(_l("事由"), choices=choices(REASONS), default="plan")
    remark = TextAreaField(_l("说明"), [Optional(), Length(max=300)], filters=[stripped])


class ScanForm(BaseForm):
    """One scan with what may be said of the item."""

    code = StringField(_l("条码或档号"), filters=[stripped])
    pages = IntegerField(_l("实际页数"), [Optional(), NumberRange(0, MOST_PAGES)], render_kw={"inputmode": "numeric"})
    damaged = BooleanField(_l("有破损"))
    remark = StringField(_l("说明"), [Optional(), Length(max=200)], filters=[stripped])


class PlanForm(CreateForm):
    """A plan of inspection."""

    branch_id = SelectField(_l("机构"), [InputRequired(_l("请选择机构。"))], coerce=number_or_none)
    name = StringField(_l("计划名称"), [InputRequired(_l("请填写计划名称。")), Length(max=80)], filters=[stripped])
    years = IntegerField(
        _l("几年全部检查一遍"),
        [InputRequired(_l("请填写年数。")), NumberRange(1, LONGEST_ROUND, _l("年数应为 1 至 10。"))],
        default=3,
        description=_l("档案室每 2–3 年全部清点一次"),
    )
    sample_percent = IntegerField(
        _l("每年另抽查（%）"),
        [InputRequired(_l("请填写抽查比例。")), NumberRange(0, 100, _l("比例应为 0 至 100。"))],
        default=5,
        description=_l("在当年轮到的之外再抽，一般不少于 5%"),
    )
    started_on = DateField(_l("起始日期"), [Optional()])
    basis = StringField(_l("依据"), [Optional(), Length(max=200)], filters=[stripped])

    def plan(self) -> PlanData:
        """Return what was typed."""
        started = self.started_on.data
        return PlanData(
            name=self.name.data or "",
            years=self.years.data or 0,
            sample_percent=self.sample_percent.data or 0,
            basis=self.basis.data or "",
            started_on=started if started and started >= EARLIEST else None,
        )


class LookForm(DamageFields):
    """What was seen of one item."""

    grade = RadioField(
        _l("状况"),
        [InputRequired(_l("请选择完好或破损等级。"))],
        choices=choices(LABELS["grade"]),
    )
    pages = IntegerField(_l("页数（点过时填写）"), [Optional(), NumberRange(0, MOST_PAGES)])
    note = StringField(_l("说明"), [Optional(), Length(max=300)], filters=[stripped])

    def look(self) -> Look:
        """Return what was typed."""
        return Look(str(self.grade.data or ""), self.findings(), self.pages.data, self.note.data or "")
