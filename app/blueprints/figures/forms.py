"""The forms of figures: what a report is of, and the numbers of one branch and month."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, HiddenField, IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Optional, Regexp

from app.blueprints.figures.labels import GIVEN
from app.domain.errors import Invalid
from app.domain.figures import Given, Period, PeriodKind
from app.domain.registers import month_of
from app.services.reports import PDF, WORKBOOK, ReportOrder
from app.web.amounts import AmountField
from app.web.forms import BaseForm, number_or_none, stripped

WHOLE_NUMBER: dict[str, Any] = {"inputmode": "numeric", "autocomplete": "off", "min": "0"}


class ReportForm(BaseForm):
    """An order of a report; the page fills it in."""

    kind = SelectField(choices=[(kind.value, kind.value) for kind in PeriodKind])
    first = DateField(validators=[InputRequired()])
    branch_id = HiddenField(filters=[number_or_none])
    register = SelectField(choices=[(PDF, PDF), (WORKBOOK, WORKBOOK)], default=PDF)

    def order(self) -> ReportOrder:
        """Return what is ordered; raises `Invalid` before anything was typed."""
        if self.first.data is None:
            raise Invalid.field("first", "figure.month")
        branch_id: Any = self.branch_id.data
        return ReportOrder(Period.around(PeriodKind(self.kind.data), self.first.data), branch_id)


class GivenForm(BaseForm):
    """The numbers of the business of a month; what is empty is not known."""

    branch_id = SelectField(_l("机构"), coerce=number_or_none)
    month = StringField(
        _l("月份"),
        [
            InputRequired(_l("请选择月份。")),
            Regexp(r"[12]\d{3}-(0[1-9]|1[0-2])\Z", message=_l("请写成四位年度和两位月份，如 2026-11。")),
        ],
        filters=[stripped],
        render_kw={"type": "month", "placeholder": "2026-11"},
    )
    premium = AmountField(GIVEN[Given.PREMIUM], render_kw={"inputmode": "decimal", "autocomplete": "off"})
    policies = IntegerField(GIVEN[Given.POLICIES], [Optional()], render_kw=WHOLE_NUMBER)
    insured = IntegerField(GIVEN[Given.INSURED], [Optional()], render_kw=WHOLE_NUMBER)
    calls = IntegerField(GIVEN[Given.CALLS], [Optional()], render_kw=WHOLE_NUMBER)
    calls_answered = IntegerField(GIVEN[Given.CALLS_ANSWERED], [Optional()], render_kw=WHOLE_NUMBER)
    rated = IntegerField(GIVEN[Given.RATED], [Optional()], render_kw=WHOLE_NUMBER)
    rated_well = IntegerField(GIVEN[Given.RATED_WELL], [Optional()], render_kw=WHOLE_NUMBER)
    disputes = IntegerField(GIVEN[Given.DISPUTES], [Optional()], render_kw=WHOLE_NUMBER)
    disputes_solved = IntegerField(GIVEN[Given.DISPUTES_SOLVED], [Optional()], render_kw=WHOLE_NUMBER)
    deliverable = IntegerField(GIVEN[Given.DELIVERABLE], [Optional()], render_kw=WHOLE_NUMBER)
    delivered = IntegerField(GIVEN[Given.DELIVERED], [Optional()], render_kw=WHOLE_NUMBER)

    def offer_branches(self, branches: Sequence[tuple[int, str]]) -> None:
        """Offer the branches whose numbers one types in."""
        self.branch_id.choices = list(branches)

    def show(self, values: Mapping[Given, int]) -> None:
        """Show what is known already."""
        for name in Given:
            self[name.value].data = values.get(name)

    def first_day(self) -> date:
        """Return the first day of the month."""
        return month_of(str(self.month.data))[0]

    def values(self) -> dict[Given, int | None]:
        """Return what was typed."""
        return {name: self[name.value].data for name in Given}
