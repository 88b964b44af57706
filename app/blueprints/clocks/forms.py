"""The forms of rules, calendar and causes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, FileField, HiddenField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from app.domain.ids import decode_id, encode_id
from app.models.clocks import ClockRuleRow
from app.queries.case_causes import Stage
from app.services.clock_rules import NewText
from app.web.forms import BaseForm, CreateForm, EditForm, stripped

PLAIN = {"autocomplete": "off", "spellcheck": "false"}
NUMERIC = {"inputmode": "numeric"}


class NewTextForm(CreateForm):
    """A new text of a rule; what the rule does not know is not asked for."""

    length = IntegerField(_l("期限"), [InputRequired(_l("请填写期限。"))], render_kw=NUMERIC)
    complex_length = IntegerField(_l("情况复杂的期限"), [Optional()], render_kw=NUMERIC)
    extension = IntegerField(_l("每次延长"), [Optional()], render_kw=NUMERIC)
    reminders = StringField(
        _l("提醒"),
        [Optional(), Length(max=40)],
        filters=[stripped],
        description=_l("到期前几天提醒，由大到小，如“5 3 1”"),
        render_kw=PLAIN,
    )
    basis = TextAreaField(
        _l("依据"),
        [InputRequired(_l("请写明依据的法规和条文。")), Length(max=200)],
        filters=[stripped],
        render_kw={"rows": 2},
    )
    effective_from = DateField(_l("施行日期"), [InputRequired(_l("请填写施行日期。"))])

    def only_for(self, rule: ClockRuleRow) -> None:
        """Leave out what the rule does not know."""
        if rule.complex_length is None:
            del self.complex_length
        if not rule.extension_times:
            del self.extension

    def show_rule(self, rule: ClockRuleRow, effective_from: date) -> None:
        """Put the last text into the form."""
        for name in ("length", "complex_length", "extension", "reminders", "basis"):
            if name in self:
                self[name].data = getattr(rule, name)
        self.effective_from.data = effective_from

    def typed(self) -> NewText:
        """Return what was typed."""

        def number(name: str) -> int | None:
            return self[name].data if name in self else None

        day: Any = self.effective_from.data
        return NewText(
            length=self.length.data or 0,
            reminders=self.reminders.data or "",
            basis=self.basis.data or "",
            effective_from=day,
            complex_length=number("complex_length"),
            extension=number("extension"),
        )


class CalendarForm(BaseForm):
    """A file to look at, or the one that was looked at."""

    file = FileField(
        _l("日历文件（CSV）"),
        description=_l("最多 200 KB。先预览，确认后才写入；文件里出现的年份整年以文件为准。"),
        render_kw={"accept": ".csv,.txt,text/csv,text/plain"},
    )
    text = HiddenField()
    digest = HiddenField()


class CauseForm(CreateForm):
    """Adding a stage or a cause."""

    parent = SelectField(_l("所属"))
    name = StringField(
        _l("名称"), [InputRequired(_l("请填写名称。")), Length(max=40)], filters=[stripped], render_kw=PLAIN
    )

    def offer_stages(self, tree: Sequence[Stage]) -> None:
        """Fill the choices with the stages in use."""
        stages = [(encode_id(item.stage.id), item.stage.name) for item in tree if item.stage.active]
        self.parent.choices = [("", _l("新的业务环节")), *stages]

    def parent_id(self) -> int | None:
        """Return the chosen stage, None for a new one."""
        return decode_id(self.parent.data) if self.parent.data else None


class RenameForm(EditForm):
    """Calling a cause otherwise."""

    name = StringField(
        _l("名称"), [InputRequired(_l("请填写名称。")), Length(max=40)], filters=[stripped], render_kw=PLAIN
    )
