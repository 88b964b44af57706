"""Money as Chinese papers write it."""

from __future__ import annotations

from decimal import Decimal

from app.domain.money import in_words


def yuan(amount: Decimal | int) -> str:
    """Return `12,345.60`."""
    return f"{Decimal(amount):,.2f}"


def in_capitals(amount: Decimal | int) -> str:
    """Return the amount in the characters that cannot be altered: `壹万贰仟叁佰肆拾伍元陆角整`."""
    return in_words(int((Decimal(amount) * 100).to_integral_value()))
