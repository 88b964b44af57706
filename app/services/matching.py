"""Whose paper this is: numbers and names found on it, looked up among customers, policies and claims; and what contradicts.

By number everywhere, through the blind indexes; by name only at one branch, where a name is shared by few.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.domain.extracting import best
from app.domain.finds import Find, FindKind
from app.domain.masking import mask_id_number, mask_name
from app.domain.suggesting import is_same_name
from app.models.claims import Claim
from app.models.customers import Customer
from app.models.policies import Party, Policy
from app.services.customers import blind

_BY_IDENTITY, _BY_CONTRACT, _BY_CONTACT, _BY_ACCOUNT, _BY_ONE_NAME, _BY_SHARED_NAME = 0.97, 0.9, 0.6, 0.7, 0.6, 0.3
_CONTRADICTED = 0.5
_SURE_NAME = 0.9
_MOST_LOOKED_UP = 12
_MOST_NAMESAKES = 4


@dataclass(frozen=True, slots=True)
class Match:
    """A customer, policy or claim that a paper speaks of; `label` is what a person reads, masked."""

    id: int
    label: str
    score: float
    code: str
    details: tuple[str, ...] = ()
    customer_id: int | None = None


@dataclass(slots=True)
class Matches:
    """What was found, best first."""

    customers: list[Match] = field(default_factory=list)
    policies: list[Match] = field(default_factory=list)
    claims: list[Match] = field(default_factory=list)


def match_paper(session: Session, finds: Sequence[Find], *, branch_id: int) -> Matches:
    """Return whom and what the numbers and names of a paper point at."""
    matches = Matches(policies=_policies(session, finds), claims=_claims(session, finds))
    evidence: dict[int, dict[str, float]] = defaultdict(dict)
    for customer_id, code, score in [
        *_by_numbers(session, finds),
        *((one.customer_id, "customer.policy", _BY_CONTRACT) for one in matches.policies if one.customer_id),
        *((one.customer_id, "customer.claim", _BY_CONTRACT) for one in matches.claims if one.customer_id),
        *_by_names(session, finds, branch_id),
    ]:
        evidence[customer_id][code] = max(score, evidence[customer_id].get(code, 0.0))
    known = {row.id: row for row in session.scalars(select(Customer).where(Customer.id.in_(list(evidence))))}
    matches.customers = sorted(
        (_customer(known[key], codes, finds) for key, codes in evidence.items() if key in known),
        key=lambda match: (-match.score, match.id),
    )
    return matches


def mismatches(
    session: Session, customer_id: int | None, finds: Sequence[Find]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield what on a paper contradicts the customer chosen for it: a code, what is on the paper, and what is kept."""
    customer = session.get(Customer, customer_id) if customer_id else None
    if customer is None:
        return
    policies, claims = _policies(session, finds), _claims(session, finds)
    own = {one.id for one in policies if one.customer_id == customer.id or _is_party(session, customer.id, one.id)}
    of_own = bool(own) or any(one.customer_id == customer.id for one in claims)
    for code, details in [*_other_identity(customer, finds), *_other_name(customer, finds)]:
        # Under his own contract another person may well be insured.
        yield ("person" if of_own else "mismatch") + code, details
    for one in policies:
        if one.id not in own:
            yield "mismatch.policy", (one.label,)
    for one in claims:
        if one.customer_id != customer.id:
            yield "mismatch.claim", (one.label,)


def _other_name(customer: Customer, finds: Sequence[Find]) -> Iterator[tuple[str, tuple[str, ...]]]:
    sure = [find.value for find in best(finds, FindKind.NAME) if find.score >= _SURE_NAME]
    if customer.kind == "person" and sure and not any(is_same_name(name, customer.name) for name in sure):
        yield ".name", (mask_name(sure[0]), mask_name(customer.name))


def _other_identity(customer: Customer, finds: Sequence[Find]) -> Iterator[tuple[str, tuple[str, ...]]]:
    kind = FindKind.IDENTITY if customer.kind == "person" else FindKind.CREDIT_CODE
    numbers = [find.value for find in best(finds, kind) if find.checked]
    if numbers and customer.id_number and customer.id_number not in numbers:
        yield ".identity", (mask_id_number(numbers[0]), mask_id_number(customer.id_number))


def _is_party(session: Session, customer_id: int, policy_id: int) -> bool:
    part = select(Party.policy_id).where(Party.customer_id == customer_id, Party.policy_id == policy_id)
    return session.scalar(part) is not None


def _policies(session: Session, finds: Sequence[Find]) -> list[Match]:
    numbers = _values(finds, FindKind.POLICY)
    applications = _values(finds, FindKind.APPLICATION)
    if not numbers and not applications:
        return []
    rows = session.execute(
        select(Policy.id, Policy.number, Policy.customer_id).where(
            or_(Policy.number.in_(numbers), Policy.application_number.in_(applications))
        )
    )
    return [
        Match(
            row.id,
            row.number,
            0.97 if row.number in numbers else 0.9,
            _policy_code(row.number, numbers),
            (),
            row.customer_id,
        )
        for row in rows
    ]


def _policy_code(number: str, numbers: Iterable[str]) -> str:
    return "policy.number" if number in numbers else "policy.application"


def _claims(session: Session, finds: Sequence[Find]) -> list[Match]:
    numbers, reports = _values(finds, FindKind.CLAIM), _values(finds, FindKind.REPORT)
    if not numbers and not reports:
        return []
    # A claim is reported under its policy, which finds it without a search through all of them.
    own = select(Policy.id).where(Policy.number.in_(_values(finds, FindKind.POLICY)))
    rows = session.execute(
        select(Claim.id, Claim.number, Claim.customer_id).where(
            or_(Claim.number.in_(numbers), Claim.policy_id.in_(own) & Claim.report_number.in_(reports))
        )
    )
    return [
        Match(
            row.id, row.number, 0.97, "claim.number" if row.number in numbers else "claim.report", (), row.customer_id
        )
        for row in rows
    ]


def _by_numbers(session: Session, finds: Sequence[Find]) -> Iterator[tuple[int, str, float]]:
    for kinds, column, code, score in (
        ((FindKind.IDENTITY, FindKind.CREDIT_CODE), "id_number", "customer.identity", _BY_IDENTITY),
        ((FindKind.PHONE,), "mobile", "customer.phone", _BY_CONTACT),
        ((FindKind.ACCOUNT,), "bank_account", "customer.account", _BY_ACCOUNT),
    ):
        values = [value for kind in kinds for value in _values(finds, kind)]
        blinds = [mark for value in values if (mark := blind(column, value))]
        if blinds:
            attribute = getattr(Customer, f"{column}_blind")
            for customer_id in session.scalars(select(Customer.id).where(attribute.in_(blinds)).limit(_MOST_LOOKED_UP)):
                yield customer_id, code, score


def _by_names(session: Session, finds: Sequence[Find], branch_id: int) -> Iterator[tuple[int, str, float]]:
    names = [find.value for kind in (FindKind.NAME, FindKind.ORGANISATION) for find in best(finds, kind)][
        :_MOST_LOOKED_UP
    ]
    for name in names:
        namesakes = session.scalars(
            select(Customer.id).where(Customer.name == name, Customer.branch_id == branch_id).limit(_MOST_NAMESAKES)
        ).all()
        for customer_id in namesakes:
            yield customer_id, "customer.name", _BY_ONE_NAME if len(namesakes) == 1 else _BY_SHARED_NAME


def _values(finds: Sequence[Find], kind: FindKind) -> list[str]:
    """Return the values of a kind that are looked up; a number whose check digit fails is not."""
    return [find.value for find in best(finds, kind) if find.checked is not False][:_MOST_LOOKED_UP]


def _customer(customer: Customer, codes: dict[str, float], finds: Sequence[Find]) -> Match:
    doubt = 1.0
    for score in codes.values():
        doubt *= 1 - score
    ordered = sorted(codes, key=lambda code: -codes[code])
    # A namesake with another number is somebody else.
    contradicted = "customer.identity" not in codes and any(_other_identity(customer, finds))
    score = (1 - doubt) * (_CONTRADICTED if contradicted else 1)
    label = f"{mask_name(customer.name, is_organisation=customer.kind == 'organisation')}（{customer.number}）"
    return Match(customer.id, label, score, ordered[0], tuple(ordered[1:]), customer.id)
