"""The forms of duties: registering one, noting what happened, giving it to somebody."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from app.domain.deadlines import EventKind
from app.domain.ids import decode_id, encode_id
from app.domain.office_time import first_moment
from app.services.duties import Progress
from app.web.clock_labels import CLOCK_EVENTS
from app.web.forms import BaseForm, CreateForm, EditForm, stripped

NOBODY = ("", _l("未指定"))


class OwnerField(BaseForm):
    """Who sees to it."""

    owner = SelectField(_l("经办人"))

    def offer_owners(self, owners: Sequence[tuple[int, str]]) -> None:
        """Fill the choices with those who may own a duty of the branch."""
        self.owner.choices = [NOBODY, *((encode_id(account_id), name) for account_id, name in owners)]

    def owner_id(self) -> int | None:
        """Return who was chosen; one of the choices, and so an id."""
        return decode_id(self.owner.data) if self.owner.data else None


class NewDutyForm(CreateForm, OwnerField):
    """Registering a duty."""

    rule = SelectField(_l("事项"))
    begun_on = DateField(
        _l("起算日期"),
        [InputRequired(_l("请填写起算日期。"))],
        description=_l("事实发生之日，如收到申请的那一天；当日不计入"),
    )
    note = TextAreaField(_l("说明"), [Optional(), Length(max=300)], filters=[stripped], render_kw={"rows": 2})

    def begun_at(self) -> datetime:
        """Return the first moment of the day that was typed."""
        day: date = self.begun_on.data  # type: ignore[assignment]
        return first_moment(day)


class ProgressForm(EditForm):
    """Noting what happened."""

    happened = SelectField(_l("发生的事"))
    day = DateField(_l("日期"), [InputRequired(_l("请填写日期。"))])
    proof = StringField(
        _l("凭证"),
        [Optional(), Length(max=120)],
        filters=[stripped],
        description=_l("中止时必填，如体检通知单号"),
        render_kw={"autocomplete": "off"},
    )

    def offer_steps(self, steps: Iterable[EventKind]) -> None:
        """Fill the choices with what may be noted now."""
        self.happened.choices = [(kind.value, CLOCK_EVENTS[kind]) for kind in steps]

    def progress(self) -> Progress:
        """Return what was typed."""
        day: date = self.day.data  # type: ignore[assignment]
        return Progress(self.happened.data or "", day, self.proof.data or "")


class AssignForm(EditForm, OwnerField):
    """Giving a duty to somebody."""
