"""What was registered of a complaint, for the form that corrects it: persons masked, the rest as it stands."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.case_terms import ComplainantKind, Paper
from app.domain.errors import NotAllowed, NotFound
from app.domain.identity_facts import IdKind
from app.domain.masking import mask_address, mask_id_number, mask_identity, mask_name, mask_phone
from app.domain.policy import Action
from app.models.cases import Case, CaseStatement
from app.queries.case_intake import Origin, read_origin
from app.queries.visibility import cases_for


@dataclass(frozen=True, slots=True)
class Registered:
    """What stands in the form, and beside it."""

    case_id: int
    number: str
    kind: str
    state: str
    version: int
    branch_id: int
    customer_id: int | None
    policy_id: int | None
    claim_id: int | None
    origin: Origin  # without a customer when the reader may not see him
    values: Mapping[str, Any]  # by the names of the form's fields
    masked: Mapping[str, str]


def read_registered(session: Session, actor: Actor, case_id: int) -> Registered:
    """Return what was registered of a case that `actor` handles; raises `NotFound`, `NotAllowed`."""
    handles = cases_for(actor, Action.CASE_HANDLE).label("handles")
    row = session.execute(
        select(Case, CaseStatement, handles)
        .join(CaseStatement, CaseStatement.case_id == Case.id)
        .where(Case.id == case_id, cases_for(actor, Action.CASE_VIEW))
    ).first()
    if row is None:
        raise NotFound
    case, statement, may_handle = row
    if not may_handle:
        raise NotAllowed(Action.CASE_HANDLE)
    return Registered(
        case_id=case.id,
        number=case.number,
        kind=case.kind,
        state=case.state,
        version=case.version,
        branch_id=case.branch_id,
        customer_id=case.customer_id,
        policy_id=case.policy_id,
        claim_id=case.claim_id,
        origin=_origin(session, actor, case),
        values=_values(case, statement),
        masked=_masked(statement),
    )


def _origin(session: Session, actor: Actor, case: Case) -> Origin:
    try:
        return read_origin(
            session, actor, customer_id=case.customer_id, policy_id=case.policy_id, claim_id=case.claim_id
        )
    except NotFound:
        return Origin()


def _values(case: Case, statement: CaseStatement) -> dict[str, Any]:
    plain = (
        *("channel", "received_at", "forward_number", "place", "persons", "line", "sales_channel", "partner", "amount"),
        *("accused_branch_id", "accused_name", "accused_number", "stage_id", "cause_id", "dispute"),
        *("is_violation", "is_major"),
    )
    said = ("complainant_kind", "id_kind", "representatives", "request", "facts", "grounds")
    papers = json.loads(statement.papers or "{}")
    return {
        **{name: getattr(case, name) for name in plain},
        **{name: getattr(statement, name) for name in said},
        "paper_authority": papers.get(Paper.AUTHORITY.value, ""),
        "paper_kinship": papers.get(Paper.KINSHIP.value, ""),
    }


def _masked(statement: CaseStatement) -> dict[str, str]:
    is_organisation = statement.complainant_kind == ComplainantKind.ORGANISATION
    known = statement.id_kind in set(IdKind)
    number = statement.id_number
    return {
        "name": mask_name(statement.name, is_organisation=is_organisation),
        "id_number": mask_identity(IdKind(statement.id_kind), number) if known else mask_id_number(number),
        "phone": mask_phone(statement.phone),
        "address": mask_address(statement.address),
        "legal_representative": mask_name(statement.legal_representative),
        "agent_name": mask_name(statement.agent_name),
        "agent_id_number": mask_id_number(statement.agent_id_number),
        "agent_phone": mask_phone(statement.agent_phone),
    }
