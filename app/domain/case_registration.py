"""What is written down when a complaint comes in 投诉登记 (DOMAIN 2.3), checked before it is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from app.domain.case_terms import FORWARDED, MAJOR_FROM_PERSONS, MOST_REPRESENTATIVES, Channel, ComplainantKind, Paper
from app.domain.errors import Invalid

# Art. 14: who complains for another proves it.
NEEDED_PAPER = {ComplainantKind.AGENT: Paper.AUTHORITY, ComplainantKind.HEIR: Paper.KINSHIP}


@dataclass(frozen=True, slots=True)
class Registration:
    """A complaint as it comes in; amounts in cents, `papers` maps a kind of paper to its number or note."""

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


def check_registration(typed: Registration, now: datetime) -> None:
    """Pass when a complaint can be registered; raises `Invalid` with everything that is wrong."""
    problems: dict[str, list[str]] = {}

    def refuse_if(is_wrong: bool, name: str, code: str) -> None:
        if is_wrong:
            problems.setdefault(name, []).append(code)

    refuse_if(not typed.name.strip(), "name", "case.name_missing")
    refuse_if(not typed.request.strip(), "request", "case.request_missing")
    refuse_if(not typed.facts.strip(), "facts", "case.facts_missing")
    refuse_if(typed.received_at > now, "received_at", "case.received_in_future")
    refuse_if(typed.persons < 1, "persons", "case.persons")
    refuse_if(len(typed.representatives) > MOST_REPRESENTATIVES, "representatives", "case.too_many_representatives")
    refuse_if(
        typed.persons > MOST_REPRESENTATIVES and not typed.representatives,
        "representatives",
        "case.representatives_missing",
    )
    refuse_if(typed.channel in FORWARDED and not typed.forward_number.strip(), "forward_number", "case.forward_number")
    paper = NEEDED_PAPER.get(typed.complainant_kind)
    refuse_if(paper is not None and not typed.papers.get(paper, "").strip(), "papers", f"case.{paper}_missing")
    refuse_if(
        typed.complainant_kind is ComplainantKind.AGENT and not typed.agent_name.strip(),
        "agent_name",
        "case.agent_name_missing",
    )
    refuse_if(typed.amount is not None and typed.amount < 0, "amount", "case.amount")
    if problems:
        raise Invalid(problems)


def is_major(typed: Registration) -> bool:
    """Say whether a complaint is a major one 重大投诉: twenty people in person together, or another reason (Art. 29)."""
    return typed.is_major or (typed.channel is Channel.VISIT and typed.persons >= MAJOR_FROM_PERSONS)
