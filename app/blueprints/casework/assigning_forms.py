"""The forms of giving cases to people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from app.queries.case_candidates import Candidate, Person
from app.web.forms import BaseForm, EditForm, number_or_none, stripped

LARGEST = 1 << 62


def account_or_none(text: Any) -> int | None:
    """Return a chosen account, None for the empty choice and for a number that no account can have."""
    number = number_or_none(text)
    return number if number is not None and 0 < number < LARGEST else None


def _word() -> TextAreaField:
    return TextAreaField(
        _l("交接说明"),
        [Optional(), Length(max=2000)],
        filters=[stripped],
        description=_l("办到哪一步、下一步做什么；记入办理记录"),
        render_kw={"rows": 3},
    )


class AssignForm(EditForm):
    """Giving one case to somebody; the template draws the candidates with their load."""

    to_id = RadioField(_l("交给"), coerce=account_or_none, validate_choice=False)
    word = _word()

    def offer(self, people: Sequence[Candidate]) -> None:
        """Offer the candidates."""
        self.to_id.choices = [(person.id, person.name) for person in people]


class HandOverForm(BaseForm):
    """Giving all open cases of one person to another."""

    from_id = SelectField(
        _l("从"), [InputRequired(_l("请选择交出的人。"))], coerce=account_or_none, validate_choice=False
    )
    to_id = SelectField(
        _l("交给"), [InputRequired(_l("请选择接收的人。"))], coerce=account_or_none, validate_choice=False
    )
    word = _word()

    def offer(self, people: Sequence[Person]) -> None:
        """Offer colleagues on both sides."""
        choices = [("", _l("请选择")), *((person.id, f"{person.name} · {person.username}") for person in people)]
        self.from_id.choices = self.to_id.choices = choices
