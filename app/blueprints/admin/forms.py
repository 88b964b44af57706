"""The forms of accounts, branches, roles and resets."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, Field, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from app.domain.actor import Role
from app.domain.office_time import office_day
from app.services.accounts import AccountData
from app.services.branches import BranchData
from app.web.clock import CHINA
from app.web.context import ROLE_LABELS
from app.web.forms import BaseForm, CreateForm, EditForm, stripped
from app.web.labels import BRANCH_KINDS

PLAIN = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}


def must(label: Any, most: int, missing: Any, **kwargs: Any) -> Field:
    """Return a one-line field that has to be filled."""
    return StringField(label, [InputRequired(missing), Length(max=most)], filters=[stripped], **kwargs)


class AccountForm(CreateForm):
    """A new account: who, and where; its roles come from somebody else."""

    username = must(
        _l("用户名"),
        32,
        _l("请填写用户名。"),
        render_kw=PLAIN,
        description=_l("小写字母开头，3 至 32 位，只用字母、数字、点、横线和下划线。"),
    )
    full_name = must(_l("姓名"), 60, _l("请填写姓名。"), render_kw={"autocomplete": "off"})
    employee_number = StringField(_l("工号"), [Optional(), Length(max=30)], filters=[stripped], render_kw=PLAIN)
    branch_id = SelectField(_l("所属机构"), coerce=int)

    def data_typed(self) -> AccountData:
        """Return what was typed."""
        return AccountData(
            self.username.data, self.full_name.data, self.branch_id.data, self.employee_number.data or ""
        )


class BranchFields(BaseForm):
    """Everything that is kept of a branch."""

    name = must(_l("机构名称"), 80, _l("请填写机构名称。"))
    code = must(_l("机构代码"), 20, _l("请填写机构代码。"), render_kw=PLAIN)
    kind = SelectField(_l("层级"), choices=list(BRANCH_KINDS.items()))
    fonds_code = must(
        _l("全宗号"),
        4,
        _l("请填写全宗号。"),
        render_kw=PLAIN,
        description=_l("一个大写字母加三位数字，如 J019；档号以它开头，改动只影响以后的档号。"),
    )
    fonds_name = must(_l("全宗名称"), 120, _l("请填写全宗名称。"))

    def data_typed(self, parent_id: int | None) -> BranchData:
        """Return what was typed."""
        plain = (self.name.data, self.code.data, self.kind.data, self.fonds_code.data, self.fonds_name.data)
        return BranchData(*plain, parent_id)


class NewBranchForm(CreateForm, BranchFields):
    """A branch to be added."""

    parent_id = SelectField(_l("上级机构"), coerce=int)


class ChangeBranchForm(EditForm, BranchFields):
    """A branch to be changed where it stands."""


class GrantForm(CreateForm):
    """A role for somebody."""

    username = must(_l("用户名"), 40, _l("请填写用户名。"), render_kw=PLAIN)
    role = SelectField(_l("角色"), choices=[(role.value, label) for role, label in ROLE_LABELS.items()])
    branch_id = SelectField(
        _l("在哪个机构"), coerce=int, description=_l("业务角色还可看到其下级机构的档案，范围见权限表。")
    )
    valid_from = DateField(_l("有效期自"), [Optional()], description=_l("从当天零时起；留空为立即生效。"))
    valid_to = DateField(_l("有效期至"), [Optional()], description=_l("含当天；留空为长期有效。"))

    def begins_at(self, now: datetime) -> datetime | None:
        """Return the first moment of the first day, as the office's clock has it; None for at once."""
        first: date | None = self.valid_from.data
        return None if first in (None, office_day(now)) else datetime.combine(first, time.min, CHINA)

    def ends_at(self) -> datetime | None:
        """Return the last second of the last day, as the office's clock has it."""
        return datetime.combine(self.valid_to.data, time(23, 59, 59), CHINA) if self.valid_to.data else None

    def wanted_role(self) -> Role:
        """Return the role that was chosen."""
        return Role(self.role.data)


class ResetForm(CreateForm):
    """Why somebody's sign-in is to be reset."""

    reason = TextAreaField(
        _l("原因"),
        [InputRequired(_l("请填写原因。")), Length(max=200)],
        filters=[stripped],
        description=_l("写明怎样核实了本人，如：手机丢失，本人持工作证到场。"),
    )
