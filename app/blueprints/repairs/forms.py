"""The forms of a repair order: ordering it, starting, finishing, accepting."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from app.services.repairs import Work
from app.web.amounts import AmountField
from app.web.damage_fields import DamageFields
from app.web.damage_labels import GRADES
from app.web.forms import CreateForm, EditForm, stripped
from app.web.labels import choices


class OrderForm(CreateForm, DamageFields):
    """Ordering a repair; `grade` left empty takes what the measured areas ask for."""

    grade = SelectField(
        _l("破损等级"),
        choices=[("", _l("按面积建议")), *choices(GRADES)],
        description=_l("GB/T 42468.1：特残、严重、中度、轻度"),
    )
    affects_content = BooleanField(_l("损坏影响内容（字迹缺失或读不出）"))
    remark = TextAreaField(_l("情况说明"), [Optional(), Length(max=500)], filters=[stripped])


class StartForm(EditForm):
    """Starting to work."""

    repairer = StringField(
        _l("修复人"), [InputRequired(_l("请填写修复人或修复单位。")), Length(max=60)], filters=[stripped]
    )


class FinishForm(EditForm):
    """What was done."""

    method = StringField(
        _l("修复方法"),
        [InputRequired(_l("请填写修复方法，如“局部修裱”。")), Length(max=300)],
        filters=[stripped],
        description=_l("如：除霉、脱酸、局部修裱、揭裱、溜口"),
    )
    materials = StringField(
        _l("材料"), [Optional(), Length(max=300)], filters=[stripped], description=_l("如：皮纸、小麦淀粉糨糊")
    )
    repairer = StringField(_l("修复人"), [Optional(), Length(max=60)], filters=[stripped])
    started_on = DateField(_l("开始日期"), [Optional()])
    ended_on = DateField(_l("完成日期"), [Optional()], description=_l("不填为今天"))
    cost_cents = AmountField(_l("费用（元）"), [Optional()], render_kw={"inputmode": "decimal"})
    affects_content = BooleanField(_l("修复后内容仍有缺失"))
    remark = TextAreaField(_l("备注"), [Optional(), Length(max=500)], filters=[stripped])

    def work(self) -> Work:
        """Return what was typed; a cost that was left empty is nothing."""
        return Work(
            method=self.method.data or "",
            materials=self.materials.data or "",
            repairer=self.repairer.data or "",
            started_on=self.started_on.data,
            ended_on=self.ended_on.data,
            cost_cents=self.cost_cents.data or 0,
            affects_content=bool(self.affects_content.data),
            remark=self.remark.data or "",
        )


class AcceptForm(EditForm):
    """Accepting the work, or sending it back."""

    verdict = RadioField(
        _l("验收结论"),
        [InputRequired(_l("请选择合格或退回重修。"))],
        choices=[("pass", _l("合格，放回原位")), ("fail", _l("不合格，退回重修"))],
    )
    remark = TextAreaField(
        _l("验收意见"), [Optional(), Length(max=200)], filters=[stripped], description=_l("退回重修时必填")
    )
