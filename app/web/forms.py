"""Forms: WTForms with the house's hidden fields, and the bridge from a service's problems to the fields."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from typing import Any, Self

from flask import request
from flask_babel import get_locale
from wtforms import Field, Form, HiddenField

from app.domain.errors import Invalid

# Nobody can type them, and neither a page nor PostgreSQL can hold NUL. Tabs and line breaks stay.
_CONTROLS = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 127))


def number_or_none(text: Any) -> int | None:
    """Return a choice as a number, None for the empty choice; a spoilt one is no choice of the list."""
    return int(text) if text not in (None, "", "None") else None


class BaseForm(Form):
    """A form of a page; errors speak the reader's language."""

    class Meta:
        """WTForms settings."""

        @property
        def locales(self) -> list[str]:
            """Return the catalogue of WTForms' own messages."""
            return ["zh"] if str(get_locale() or "zh").startswith("zh") else ["en"]

    @classmethod
    def from_request(cls, **kwargs: Any) -> Self:
        """Return the form filled from the request's body."""
        return cls(request.form, **kwargs)

    def blame(self, invalid: Invalid, sentences: Mapping[str, Any]) -> None:
        """Put each problem that a service found beside its field, as a sentence."""
        for name, codes in invalid.problems.items():
            texts = [str(sentences.get(code, code)) for code in codes]
            if name in self:
                self[name].errors = [*self[name].errors, *texts]
            else:
                self.form_errors.extend(texts)


class CreateForm(BaseForm):
    """A form that makes a record: sent twice, it makes one."""

    idempotency_key = HiddenField(default=lambda: secrets.token_urlsafe(16))


class EditForm(BaseForm):
    """A form that changes a record: it carries the version that the user saw."""

    version = HiddenField()

    def show_version(self, version: int) -> None:
        """Put the version that the form is made from into it."""
        self.version.data = str(version)

    def seen_version(self) -> int:
        """Return the version that the user saw; 0, which never fits, for a spoilt one."""
        text = str(self.version.data or "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def stripped(text: str | None) -> str:
    """A WTForms filter: text without blanks around it and without control characters, never None."""
    return (text or "").translate(_CONTROLS).strip()


Filter = Callable[[Any], Any]
AnyField = Field
