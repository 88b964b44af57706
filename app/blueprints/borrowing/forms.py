"""The forms of borrowing: asking, the rule matrix, blocks."""

from __future__ import annotations

from datetime import date

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session
from wtforms import BooleanField, DateField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from app.domain.loan_requests import External, Paper, Wish
from app.domain.loan_rules import Rule
from app.queries.loan_rules import category_names
from app.services.borrower_blocks import BlockData
from app.web.forms import BaseForm, CreateForm, EditForm, stripped
from app.web.labels import LEVELS
from app.web.loan_labels import CHAINS, EXTERNAL_PAPERS, PURPOSES, RULE_ROLES, WAYS

PLAIN = {"autocomplete": "off", "spellcheck": "false"}
ANY = ("", _l("任何"))
PAPER_FIELDS = tuple(paper.value for paper in Paper)


def _whole(field: IntegerField) -> int:
    return -1 if field.data is None else field.data


def _paper_field(name: str) -> StringField:
    return StringField(EXTERNAL_PAPERS[name], [Optional(), Length(max=120)], filters=[stripped], render_kw=PLAIN)


class AskForm(CreateForm):
    """What is asked beside the items; way and kind of outsider stand in the page's address."""

    purpose = SelectField(_l("利用目的"), choices=[("", _l("请选择")), *PURPOSES.items()])
    purpose_note = StringField(_l("用途说明"), [Optional(), Length(max=300)], filters=[stripped])
    days = IntegerField(
        _l("借用天数"), [Optional()], description=_l("不填按规则的最长天数"), render_kw={"inputmode": "numeric"}
    )
    wanted_from = DateField(_l("预约日期"), [Optional()], description=_l("不填为尽早"))
    external_name = StringField(_l("姓名"), [Optional(), Length(max=60)], filters=[stripped], render_kw=PLAIN)
    external_unit = StringField(_l("单位"), [Optional(), Length(max=120)], filters=[stripped], render_kw=PLAIN)
    external_phone = StringField(_l("联系电话"), [Optional(), Length(max=40)], filters=[stripped], render_kw=PLAIN)
    officer_1 = _paper_field("officer_1")
    officer_2 = _paper_field("officer_2")
    letter = _paper_field("letter")
    identity = _paper_field("identity")
    kinship = _paper_field("kinship")
    bag = _paper_field("bag")

    def wish(self, way: str, external_kind: str) -> Wish:
        """Return what was typed."""
        return Wish(
            way=way,
            purpose=self.purpose.data or "",
            purpose_note=self.purpose_note.data or "",
            days=self.days.data or 0,
            wanted_from=self.wanted_from.data,
            external=self._external(external_kind) if external_kind else None,
        )

    def _external(self, kind: str) -> External:
        papers = {name: self[name].data or "" for name in PAPER_FIELDS}
        return External(
            kind,
            self.external_name.data or "",
            self.external_unit.data or "",
            self.external_phone.data or "",
            papers,
        )


class TermsFields(BaseForm):
    """What a row of the matrix allows."""

    allowed = BooleanField(_l("允许（不勾选即不得以此方式利用）"), default=True)
    approvers = SelectField(_l("由谁审批"), choices=list(CHAINS.items()), default="manager")
    days = IntegerField(
        _l("期限（天）"),
        [InputRequired(_l("请填写天数。"))],
        default=10,
        description=_l("借出按工作日，电子阅览按自然日"),
    )
    renewals = IntegerField(_l("可续借次数"), [InputRequired(_l("请填写次数，不可续借填 0。"))], default=1)
    most_at_once = IntegerField(
        _l("同时最多"), [InputRequired(_l("请填写件数。"))], default=10, description=_l("整卷、整盒、整户各算一件")
    )
    block_overdue_days = IntegerField(
        _l("逾期几天后停借"), [InputRequired(_l("请填写天数，不停借填 0。"))], default=1, description=_l("0 为不停借")
    )
    on_site_only = BooleanField(_l("只在阅档室使用，不外借"))
    may_print = BooleanField(_l("电子阅览可打印"))
    may_copy = BooleanField(_l("电子阅览可复制"))
    basis = TextAreaField(
        _l("依据"),
        [InputRequired(_l("请写明依据，如法规条文或本公司文号。")), Length(max=200)],
        filters=[stripped],
        render_kw={"rows": 2},
    )
    effective_from = DateField(_l("生效日期"), [InputRequired(_l("请填写生效日期。"))])
    active = BooleanField(_l("启用"), default=True)

    def rule(self, *, role: str, category: str, level: int | None, way: str) -> Rule:
        """Return the row that was typed, for a case."""
        return Rule(
            role=role,
            category=category,
            level=level,
            way=way,
            allowed=bool(self.allowed.data),
            approvers=self.approvers.data,
            days=_whole(self.days),
            renewals=_whole(self.renewals),
            on_site_only=bool(self.on_site_only.data),
            most_at_once=_whole(self.most_at_once),
            block_overdue_days=_whole(self.block_overdue_days),
            may_print=bool(self.may_print.data),
            may_copy=bool(self.may_copy.data),
            basis=self.basis.data or "",
            effective_from=self.effective_from.data or date.max,
            active=bool(self.active.data),
        )


class NewRuleForm(CreateForm, TermsFields):
    """A row to be added."""

    role = SelectField(_l("借阅人"), choices=[ANY, *RULE_ROLES.items()])
    category = SelectField(_l("类别"))
    level = SelectField(_l("密级"), choices=[ANY, *((str(int(level)), label) for level, label in LEVELS.items())])
    way = SelectField(_l("利用方式"), choices=[ANY, *WAYS.items()])

    def offer_categories(self, session: Session) -> None:
        """Fill the choices with the classification."""
        self.category.choices = [ANY, *((code, f"{code} {name}") for code, name in category_names(session).items())]

    def typed(self) -> Rule:
        """Return the row that was typed."""
        level = int(self.level.data) if self.level.data else None
        return self.rule(role=self.role.data, category=self.category.data, level=level, way=self.way.data)


class ChangeRuleForm(EditForm, TermsFields):
    """A row whose terms change."""


class BlockForm(CreateForm):
    """Somebody to be stopped from borrowing."""

    username = StringField(
        _l("用户名"), [InputRequired(_l("请填写用户名。")), Length(max=40)], filters=[stripped], render_kw=PLAIN
    )
    reason = StringField(_l("原因"), [InputRequired(_l("请写明原因。")), Length(max=200)], filters=[stripped])
    until = DateField(_l("停借至"), [Optional()], description=_l("不填为直到解除"))

    def typed(self) -> BlockData:
        """Return what was typed."""
        return BlockData(self.username.data or "", self.reason.data or "", self.until.data)
