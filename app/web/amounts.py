"""A form field for money: people type 12,345.60 or 1.2万, the form holds cents."""

from __future__ import annotations

from typing import Any

from wtforms import Field
from wtforms.widgets import TextInput

from app.domain.money import AmountRefused, format_cents, parse_cents
from app.web.sentences import MONEY


class AmountField(Field):
    """An amount in cents 分, None when nothing was typed; what was typed wrongly stays in the field."""

    widget = TextInput()

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else format_cents(self.data)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the amount; raises `ValueError` with a sentence."""
        text = str(valuelist[0]).strip() if valuelist else ""
        self.data = None
        if text:
            try:
                self.data = parse_cents(text)
            except AmountRefused as refused:
                raise ValueError(str(MONEY[refused.code])) from refused
