"""Rows of invented customers, policies and claims: as the services would write them, many at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any

from app.cli.demo.company import Company
from app.cli.demo.contracts import Claim, Facts, Policy, invent_claim, invent_policy
from app.cli.demo.names import invent_name
from app.cli.demo.people import Organisation, Person, invent_organisation, invent_person
from app.domain.claims import ClaimOutcome, ClaimStatus
from app.domain.identity_facts import IdKind
from app.domain.ids import new_id
from app.domain.policies import Channel, PayMode, PolicyStatus, TermKind
from app.services.customers import NAME_SORT_ENCODING, blind

MARITAL = {"未婚": "single", "已婚": "married", "离异": "divorced", "离婚": "divorced", "丧偶": "widowed"}
SOURCES = ("工资奖金", "经营所得", "投资所得", "养老金")
HEALTHY = ("无异常告知", "血压偏高，服药控制", "2019 年阑尾切除", "轻度脂肪肝", "对青霉素过敏")
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class CustomerFile:
    """One customer with everything that hangs on him, as rows and as facts that papers can be drawn from."""

    customer: Row
    policies: list[Row]
    parties: list[Row]
    claims: list[Row]
    facts: Facts


def invent_files(rng: Random, company: Company, count: int, *, on: date) -> Iterator[CustomerFile]:
    """Yield `count` customers' files, one in fourteen of an organisation."""
    branch_ids = [company.branches[name] for name in ("江东分公司", "城东支公司", "江西分公司", "总公司")]
    taken: set[str] = set()
    for serial in range(1, count + 1):
        branch_id = rng.choices(branch_ids, weights=(35, 40, 20, 5))[0]
        file = _file(rng, company, serial, branch_id, on)
        # Among 100,000 invented numbers some fall on the same.
        while file.customer["id_number"] in taken:
            file = _file(rng, company, serial, branch_id, on)
        taken.add(file.customer["id_number"])
        yield file


def _file(rng: Random, company: Company, serial: int, branch_id: int, on: date) -> CustomerFile:
    person = invent_person(rng, on=on, youngest=19)
    organisation = invent_organisation(rng, on=on)
    opened = on - timedelta(days=rng.randrange(1, 2200))
    agent = rng.choice(company.agents[branch_id]) if rng.random() < 0.5 else None
    is_person = serial % 14 != 0
    particulars = _of_person(rng, person) if is_person else _of_organisation(organisation)
    customer = {
        **_frame(rng, serial, branch_id, agent, opened, on),
        **particulars,
        "created_by": rng.choice(company.archivists[branch_id]),
    }
    contracts = [invent_policy(rng, serial * 10 + n, person, on=on) for n in range(rng.choice((0, 1, 1, 1, 2, 2, 3)))]
    policies = [_policy_row(rng, contract, customer, on) for contract in contracts]
    parties = [_party(row["id"], customer["id"], role) for row in policies for role in ("holder", "insured")]
    shown = contracts[0] if contracts else invent_policy(rng, serial * 10 + 9, person, on=on)
    claim = invent_claim(rng, serial, shown, on=on)
    claims = [_claim_row(rng, claim, policies[0], customer)] if policies and rng.random() < 0.3 else []
    clerk = invent_name(rng, female=rng.random() < 0.6)
    return CustomerFile(customer, policies, parties, claims, Facts(person, shown, claim, organisation, clerk, on))


def _frame(rng: Random, serial: int, branch_id: int, agent: int | None, opened: date, on: date) -> Row:
    at, today = _moment(rng, opened), datetime.combine(on, time(), UTC)
    changed = at + timedelta(days=rng.randrange(0, 60), seconds=rng.randrange(86_400))
    return {
        "id": new_id(),
        "number": f"KH-{opened.year}-{serial:06d}",
        "branch_id": branch_id,
        "agent_id": agent,
        "level": rng.choices((1, 2, 3, 4), weights=(8, 80, 9, 3))[0],
        "state": "closed" if rng.random() < 0.03 else "active",
        "relation_ended_on": None,
        "id_never_expires": False,
        "remark": "",
        "created_at": at,
        "updated_at": max(at, min(changed, today)),
        "version": 1,
    }


def _of_person(rng: Random, person: Person) -> Row:
    until = person.identity_until
    return {
        "kind": "person",
        "name": person.name,
        "name_sort": person.name.encode(NAME_SORT_ENCODING, "replace")[:240],
        "id_kind": IdKind.RESIDENT_ID.value,
        "id_number": person.identity_number,
        "id_number_blind": blind("id_number", person.identity_number),
        "id_expires_on": until,
        "id_never_expires": until is None,
        "sex": "female" if person.female else "male",
        "birth_date": person.born,
        "nationality": "中国",
        "marital_status": MARITAL.get(person.marital_status),
        "mobile": person.mobile,
        "mobile_blind": blind("mobile", person.mobile),
        "phone": None,
        "phone_blind": None,
        "email": person.email,
        "address": str(person.address),
        "postcode": "",
        "bank_name": person.bank,
        "bank_account": person.bank_card,
        "bank_account_blind": blind("bank_account", person.bank_card),
        "occupation": person.occupation,
        "employer": person.employer,
        "annual_income": str(person.income * 100),
        "income_source": rng.choice(SOURCES),
        "health_notice": rng.choice(HEALTHY),
        "medical_history": None,
        "legal_representative": "",
        "contact_person": "",
        "industry": "",
    }


def _of_organisation(organisation: Organisation) -> Row:
    nothing = dict.fromkeys(
        ("sex", "birth_date", "marital_status", "phone", "phone_blind", "email", "id_expires_on", "annual_income"), None
    )
    return {
        **nothing,
        "kind": "organisation",
        "name": organisation.name,
        "name_sort": organisation.name.encode(NAME_SORT_ENCODING, "replace")[:240],
        "id_kind": IdKind.USCC.value,
        "id_number": organisation.credit_code,
        "id_number_blind": blind("id_number", organisation.credit_code),
        "id_never_expires": True,
        "nationality": "中国",
        "mobile": organisation.contact_mobile,
        "mobile_blind": blind("mobile", organisation.contact_mobile),
        "address": str(organisation.address),
        "postcode": "",
        "bank_name": organisation.bank,
        "bank_account": organisation.bank_account,
        "bank_account_blind": blind("bank_account", organisation.bank_account),
        "occupation": "",
        "employer": "",
        "income_source": "",
        "health_notice": None,
        "medical_history": None,
        "legal_representative": organisation.representative,
        "contact_person": organisation.contact,
        "industry": organisation.trade,
    }


def _policy_row(rng: Random, contract: Policy, customer: Row, on: date) -> Row:
    ended = contract.expires is not None and contract.expires < on
    lapsed = not ended and rng.random() < 0.08
    frequency = contract.pay_frequency
    return {
        "id": new_id(),
        "number": contract.number,
        "application_number": contract.application_number,
        "customer_id": customer["id"],
        "branch_id": customer["branch_id"],
        "line": contract.product.line.value,
        "product": contract.product.name,
        "design_type": contract.product.design.value,
        "term_kind": (TermKind.SHORT if contract.product.years == 1 else TermKind.LONG).value,
        "channel": rng.choice(list(Channel)).value,
        "status": (_ended(contract) if ended else PolicyStatus.LAPSED if lapsed else PolicyStatus.IN_FORCE).value,
        "insured_amount": int(contract.sum_insured * 100),
        "premium": int(contract.premium * 100),
        "pay_mode": (PayMode.PERIODIC if frequency else PayMode.SINGLE).value,
        "pay_frequency": frequency.value if frequency else None,
        "pay_years": contract.payment_years if frequency else None,
        "applied_on": contract.applied,
        "accepted_on": contract.effective - timedelta(days=1),
        "effective_on": contract.effective,
        "expires_on": contract.expires,
        "terminated_on": contract.expires if ended else None,
        "termination_reason": "满期" if ended else "",
        "created_by": customer["created_by"],
        "created_at": _moment(rng, contract.effective),
        "updated_at": _moment(
            rng, contract.expires if ended and contract.expires else contract.effective + timedelta(days=1)
        ),
        "version": 1,
    }


def _ended(contract: Policy) -> PolicyStatus:
    return PolicyStatus.MATURED if contract.product.is_life else PolicyStatus.EXPIRED


def _claim_row(rng: Random, claim: Claim, policy: Row, customer: Row) -> Row:
    is_refused = bool(claim.refusal)
    is_open = rng.random() < 0.2
    outcome = ClaimOutcome.REFUSED if is_refused else ClaimOutcome.FULL
    return {
        "id": new_id(),
        "number": claim.number,
        "report_number": claim.report_number,
        "policy_id": policy["id"],
        "customer_id": customer["id"],
        "branch_id": customer["branch_id"],
        "kind": claim.kind_code.value,
        "status": (ClaimStatus.ASSESSING if is_open else ClaimStatus.CLOSED).value,
        "outcome": None if is_open else outcome.value,
        "refusal_reason": claim.refusal_code.value if is_refused and not is_open and claim.refusal_code else None,
        "amount_claimed": int(claim.claimed * 100),
        "amount_paid": None if is_open or is_refused else int(claim.paid * 100),
        "occurred_on": claim.occurred,
        "reported_on": claim.reported,
        "materials_received_on": claim.reported + timedelta(days=3),
        "decided_on": None if is_open else claim.decided,
        "paid_on": None if is_open or is_refused else claim.decided + timedelta(days=2),
        "closed_on": None if is_open else claim.decided + timedelta(days=3),
        "summary": f"{claim.event}，{claim.place}",
        "created_by": customer["created_by"],
        "created_at": _moment(rng, claim.reported),
        "updated_at": _moment(rng, claim.decided if not is_open else claim.reported + timedelta(days=3)),
        "version": 1,
    }


def _party(policy_id: int, customer_id: int, role: str) -> Row:
    return {"id": new_id(), "policy_id": policy_id, "customer_id": customer_id, "role": role, "share": None}


def _moment(rng: Random, day: date) -> datetime:
    return datetime.combine(day, time(), UTC) + timedelta(hours=1, seconds=rng.randrange(8 * 3600))
