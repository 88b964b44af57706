"""Who is what in a policy: one 投保人 who stays, 被保险人 and 受益人 beside; shares of 受益人 are at most the whole.

Source: 保险法 Art. 10, 12, 18, 39–40.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.domain.errors import Invalid, WrongState
from app.domain.policies import PartyRole

WHOLE = 100


@dataclass(frozen=True, slots=True)
class PartyEntry:
    """Somebody in a policy; `share` is per cent of a beneficiary, None for equal shares."""

    customer_id: int
    role: str
    share: int | None = None


def check_new_party(present: Iterable[PartyEntry], new: PartyEntry) -> None:
    """Pass when `new` may be added to those present; raises `Invalid`."""
    others = list(present)
    if new.role not in set(PartyRole):
        raise Invalid.field("role", "policy.choice")
    if any((other.customer_id, other.role) == (new.customer_id, new.role) for other in others):
        raise Invalid.field("customer", "party.twice")
    if new.role == PartyRole.HOLDER and any(other.role == PartyRole.HOLDER for other in others):
        raise Invalid.field("role", "party.one_holder")
    _check_share(others, new)


def check_removal(party: PartyEntry) -> None:
    """Pass when `party` may be taken out; raises `WrongState` for the holder, to whom the policy belongs."""
    if party.role == PartyRole.HOLDER:
        raise WrongState("party.holder_stays")


def _check_share(others: Iterable[PartyEntry], new: PartyEntry) -> None:
    if new.share is None:
        return
    if new.role != PartyRole.BENEFICIARY:
        raise Invalid.field("share", "party.share_of_beneficiary")
    if not 1 <= new.share <= WHOLE:
        raise Invalid.field("share", "party.share_range")
    if new.share + sum(other.share or 0 for other in others if other.role == PartyRole.BENEFICIARY) > WHOLE:
        raise Invalid.field("share", "party.share_sum")
