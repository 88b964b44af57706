"""Days away 外出 and who stands in 代理人: what may be written down, and what several of them may not be together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from app.domain.errors import Invalid

LONGEST_DAYS = 366


@dataclass(frozen=True, slots=True)
class Away:
    """Somebody's days away and who stands in for him on them."""

    account_id: int
    deputy_id: int
    first_on: date
    last_on: date

    def meets(self, other: Away) -> bool:
        """Say whether two have a day in common."""
        return self.first_on <= other.last_on and other.first_on <= self.last_on


def check_absence(wanted: Away, others: Iterable[Away], today: date) -> None:
    """Pass for days that can be written down beside `others`, which are not cancelled; raises `Invalid`.

    Nobody stands in for himself, for somebody while he is away himself, or is away while he stands in: so there is
    no chain and no circle on any day.
    """
    if wanted.account_id == wanted.deputy_id:
        raise Invalid.field("deputy_id", "absence.oneself")
    if wanted.first_on > wanted.last_on:
        raise Invalid.field("last_on", "absence.days")
    if wanted.last_on < today:
        raise Invalid.field("last_on", "absence.past")
    if (wanted.last_on - wanted.first_on).days >= LONGEST_DAYS:
        raise Invalid.field("last_on", "absence.too_long")
    for other in others:
        if wanted.meets(other):
            _check_together(wanted, other)


def _check_together(wanted: Away, other: Away) -> None:
    if other.account_id == wanted.account_id:
        raise Invalid.field("first_on", "absence.there_already")
    if other.account_id == wanted.deputy_id:
        raise Invalid.field("deputy_id", "absence.deputy_away")
    if other.deputy_id == wanted.account_id:
        raise Invalid.field("first_on", "absence.stands_in")
