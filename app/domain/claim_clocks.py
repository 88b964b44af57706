"""Which clocks a claim 赔案 gets, and what its own dates tell them. Source: 保险法 Art. 22–25, 基本服务规定 Art. 23–26 and
32, 交强险条例 Art. 28–29.

Dates have no time of day: what happened on a day is told as its first moment, and events of one day stand in the order of
`EventKind`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from app.domain.claims import ClaimKind, ClaimOutcome
from app.domain.deadlines import Event, EventKind
from app.domain.office_time import first_moment
from app.domain.product_lines import InsuranceClass, ProductLine, class_of

_K, _O = EventKind, ClaimOutcome
GENERAL = ("claim_decision", "claim_refusal_notice", "claim_payment", "claim_advance")
LIFE = ("life_claim_decision", "life_claim_refusal_notice", "life_claim_payment", "claim_advance")
COMPULSORY = ("mtpl_list", "mtpl_decision", "mtpl_payment", "claim_refusal_notice")
WAIVER = frozenset({"claim_payment", "life_claim_payment", "claim_advance"})  # a waiver of premiums pays nothing out
COMPULSORY_NAMES = ("交强险", "机动车交通事故责任强制保险")
PERSONAL_LINES = frozenset({ProductLine.SHORT_HEALTH_ACCIDENT})  # sold by property insurers too (保险法 Art. 95)

ALLOWING = frozenset({_O.FULL, _O.PARTIAL, _O.EX_GRATIA, _O.SETTLED, _O.ZERO, _O.ADVANCE})
REFUSING = frozenset({_O.REFUSED, _O.RESCINDED_REFUND, _O.RESCINDED_NO_REFUND})
ENDING = frozenset({_O.ZERO, _O.WITHDRAWN, _O.LITIGATED})  # closed without what the clocks wait for

# What people note beside the dates of a claim; the second group belongs to compulsory motor insurance.
TYPED = (
    *(_K.SUPPLEMENTS_ASKED, _K.SUPPLEMENTS_RECEIVED, _K.CLASSIFIED_COMPLEX),
    *(_K.REFUSAL_SENT, _K.AGREED, _K.ADVANCE_PAID),
)
TYPED_COMPULSORY = (_K.LIST_SENT, _K.MATERIALS_COMPLETE, _K.RESULT_NOTIFIED)
FROM_DATES = "dates"  # `Event.about` of what the claim's own dates tell


@dataclass(frozen=True, slots=True)
class ClaimFacts:
    """What of a claim its clocks look at."""

    kind: str
    outcome: str | None = None
    is_refused: bool = False  # a reason of refusal is given
    materials_received_on: date | None = None
    decided_on: date | None = None
    paid_on: date | None = None
    closed_on: date | None = None


def is_personal(line: str) -> bool:
    """Say whether the 基本服务规定 govern a line of products."""
    found = ProductLine(line)
    return class_of(found) is InsuranceClass.PERSONAL or found in PERSONAL_LINES


def clocks_of(line: str, product: str, kind: str, *, is_group: bool) -> tuple[str, ...]:
    """Return the codes of the rules that a claim is judged by; group life is left to the general law (Art. 32)."""
    if line == ProductLine.MOTOR and any(name in product for name in COMPULSORY_NAMES):
        return COMPULSORY
    codes = LIFE if is_personal(line) and not is_group else GENERAL
    return tuple(code for code in codes if kind != ClaimKind.PREMIUM_WAIVER or code not in WAIVER)


def typed_kinds(codes: Iterable[str]) -> tuple[EventKind, ...]:
    """Return what may be noted of a claim with these clocks."""
    known = set(codes)
    longer = "life_claim_decision" in known
    typed = tuple(kind for kind in TYPED if longer or kind is not _K.CLASSIFIED_COMPLEX)
    return (*typed, *TYPED_COMPULSORY) if "mtpl_list" in known else typed


def events_of_dates(facts: ClaimFacts, codes: Iterable[str], typed: Sequence[Event]) -> tuple[Event, ...]:
    """Return what the dates of a claim tell its clocks, beside what was noted by hand.

    A payment without a noted agreement is taken as agreed on the day of the decision, the earlier reading.
    """
    return tuple(Event(kind, first_moment(day), about=FROM_DATES) for kind, day in _told(facts, set(codes), typed))


def _told(facts: ClaimFacts, codes: set[str], typed: Sequence[Event]) -> Iterator[tuple[EventKind, date]]:
    received, outcome = facts.materials_received_on, facts.outcome
    if received is None:
        return
    yield _K.CLAIMED, received
    if "mtpl_decision" in codes:
        yield _K.MATERIALS_COMPLETE, received
    decision = _decision(facts)
    if decision is not None and facts.decided_on is not None:
        yield decision, facts.decided_on
    if facts.paid_on is not None and facts.paid_on >= received:
        yield from _payment(facts, facts.paid_on, typed)
    if outcome in ENDING and facts.closed_on is not None:
        yield _K.WITHDRAWN, facts.closed_on


def _decision(facts: ClaimFacts) -> EventKind | None:
    if facts.outcome in REFUSING or (facts.outcome == _O.LITIGATED and facts.is_refused):
        return _K.CLAIM_REFUSED
    return _K.CLAIM_ALLOWED if facts.outcome in ALLOWING or facts.outcome == _O.LITIGATED else None


def _payment(facts: ClaimFacts, paid: date, typed: Sequence[Event]) -> Iterator[tuple[EventKind, date]]:
    kinds = {event.kind for event in typed}
    if facts.outcome == _O.ADVANCE:
        if _K.ADVANCE_PAID not in kinds:
            yield _K.ADVANCE_PAID, paid
        return
    if facts.decided_on is None or _decision(facts) is not _K.CLAIM_ALLOWED:
        return
    if _K.AGREED not in kinds:
        yield _K.AGREED, facts.decided_on
    yield _K.PAID, paid
