"""Ids in addresses: 13 characters that tell nothing; anything else is a page that does not exist."""

from __future__ import annotations

from werkzeug.routing import BaseConverter, ValidationError

from app.domain.ids import decode_id, encode_id


class IdConverter(BaseConverter):
    """`<id:customer_id>` in a rule."""

    regex = "[0-9a-z]{13}"

    def to_python(self, value: str) -> int:
        """Return the number behind the text."""
        try:
            return decode_id(value)
        except ValueError as error:
            raise ValidationError from error

    def to_url(self, value: int) -> str:
        """Return the text of a number."""
        return encode_id(value)
