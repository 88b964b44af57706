"""What is written down when a complaint comes in 投诉登记 (DOMAIN 2.3), checked before it is kept."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from app.domain.case_terms import FORWARDED, MAJOR_FROM_PERSONS, MOST_REPRESENTATIVES, Channel, ComplainantKind, Paper
from app.domain.contact_numbers import ContactRefused, check_phone
from app.domain.errors import Invalid
from app.domain.identity_numbers import IdentityRefused, IdKind, check_identity
from app.domain.normal import clean_name
from app.domain.office_time import office_day

# Art. 14: who complains for another proves it.
NEEDED_PAPER = {ComplainantKind.AGENT: Paper.AUTHORITY, ComplainantKind.HEIR: Paper.KINSHIP}
Problem = tuple[str, str]  # field, code


@dataclass(frozen=True, slots=True)
class Registration:
    """A complaint as it comes in; amounts in cents, `papers` maps a kind of paper to its number or note.

    With `from_archive` the complainant is the customer himself: what the archive holds of him is not typed (Art. 13).
    """

    branch_id: int
    channel: Channel
    received_at: datetime
    complainant_kind: ComplainantKind
    name: str
    request: str
    facts: str
    id_kind: str = ""
    id_number: str = ""
    phone: str = ""
    address: str = ""
    legal_representative: str = ""
    agent_name: str = ""
    agent_id_number: str = ""
    agent_phone: str = ""
    papers: Mapping[str, str] = field(default_factory=dict)
    persons: int = 1
    representatives: tuple[str, ...] = ()
    grounds: str = ""
    customer_id: int | None = None
    policy_id: int | None = None
    claim_id: int | None = None
    consultation_id: int | None = None
    forward_number: str = ""
    place: str = ""
    accused_branch_id: int | None = None
    accused_account_id: int | None = None
    accused_name: str = ""
    accused_number: str = ""
    partner: str = ""
    line: str = ""
    sales_channel: str = ""
    amount: int | None = None
    dispute: str = "contract"
    stage_id: int | None = None
    cause_id: int | None = None
    is_violation: bool = False
    is_major: bool = False  # by other reasons than the number of persons
    from_archive: bool = False


def check_registration(typed: Registration, now: datetime, *, known: Collection[str] = ()) -> None:
    """Pass when a complaint can be registered; raises `Invalid` with everything that is wrong.

    `known` are numbers that were not typed this time: nobody at the counter can mend what the house itself holds.
    """
    problems: dict[str, list[str]] = {}
    judged = (_said(typed, now), _complainant(typed), _agent(typed), _numbers(typed, now, known), _together(typed))
    for found in judged:
        for name, code in found:
            problems.setdefault(name, []).append(code)
    if problems:
        raise Invalid(problems)


def is_major(typed: Registration) -> bool:
    """Say whether a complaint is a major one 重大投诉: twenty people in person together, or another reason (Art. 29)."""
    return typed.is_major or (typed.channel is Channel.VISIT and typed.persons >= MAJOR_FROM_PERSONS)


def complains_himself(kind: ComplainantKind) -> bool:
    """Say whether a complainant of this kind can be our customer himself: an heir comes after him."""
    return kind is not ComplainantKind.HEIR


def _said(typed: Registration, now: datetime) -> Iterator[Problem]:
    """Art. 13: the request, the main facts; and what the house must know to answer."""
    if not typed.request.strip():
        yield "request", "case.request_missing"
    if not typed.facts.strip():
        yield "facts", "case.facts_missing"
    if typed.received_at > now:
        yield "received_at", "case.received_in_future"
    if typed.channel in FORWARDED and not typed.forward_number.strip():
        yield "forward_number", "case.forward_number"
    if typed.amount is not None and typed.amount < 0:
        yield "amount", "case.amount"


def _complainant(typed: Registration) -> Iterator[Problem]:
    """Art. 13: who he is and how he is reached; of an organisation also who represents it."""
    if not typed.name.strip():
        yield "name", "case.name_missing"
    if not typed.phone.strip() and not typed.address.strip():
        yield "phone", "case.contact_missing"
    if typed.complainant_kind is ComplainantKind.ORGANISATION and not typed.legal_representative.strip():
        yield "legal_representative", "case.legal_representative_missing"
    paper = NEEDED_PAPER.get(typed.complainant_kind)
    if paper is not None and not typed.papers.get(paper, "").strip():
        yield f"paper_{paper}", f"case.{paper}_missing"


def _agent(typed: Registration) -> Iterator[Problem]:
    """Art. 14: the agent's identity and how he is reached."""
    if typed.complainant_kind is not ComplainantKind.AGENT:
        return
    for name in ("agent_name", "agent_id_number", "agent_phone"):
        if not getattr(typed, name).strip():
            yield name, f"case.{name}_missing"


def _numbers(typed: Registration, now: datetime, known: Collection[str]) -> Iterator[Problem]:
    """Numbers that were typed must be numbers of their kind."""
    if "id_number" not in known:
        yield from _identity("id_number", typed.id_kind, typed.id_number, now)
    if "agent_id_number" not in known:
        yield from _identity("agent_id_number", IdKind.RESIDENT_ID, typed.agent_id_number, now)
    for name in ("phone", "agent_phone"):
        if name not in known:
            yield from _phone(name, getattr(typed, name))


def _together(typed: Registration) -> Iterator[Problem]:
    """Art. 12: several who come together choose at most five to speak for them."""
    named = [clean_name(name) for name in typed.representatives]
    if typed.persons < 1:
        yield "persons", "case.persons"
    if len(named) > MOST_REPRESENTATIVES:
        yield "representatives", "case.too_many_representatives"
    if typed.persons > MOST_REPRESENTATIVES and not named:
        yield "representatives", "case.representatives_missing"
    if named and len(named) > typed.persons:
        yield "representatives", "case.more_representatives_than_persons"
    if len(set(named)) != len(named):
        yield "representatives", "case.representative_twice"


def _identity(name: str, kind: str, number: str, now: datetime) -> Iterator[Problem]:
    """A number must be one of its kind; none at all is no mistake."""
    if not number.strip():
        return
    if kind not in set(IdKind):
        yield "id_kind", "case.id_kind_missing"
        return
    try:
        check_identity(IdKind(kind), number, office_day(now))
    except IdentityRefused as refused:
        yield name, refused.code


def _phone(name: str, number: str) -> Iterator[Problem]:
    if not number.strip():
        return
    try:
        check_phone(number)
    except ContactRefused as refused:
        yield name, refused.code.value
