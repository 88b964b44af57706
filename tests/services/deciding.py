"""Complaints brought as far as a test needs, by the real services."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.domain.case_outcomes import Findings, Proposal, RootCause, remedies_text
from app.models.cases import Case, CaseCause
from app.queries.case_superiors import superior_of
from app.services.case_decisions import decide, notify_outcome, propose, save_findings
from app.services.case_notifications import Telling
from app.services.case_remedies import record_root_cause
from tests.cast import NOW, PEOPLE, actor
from tests.services.casework import make_case

HANDLER = PEOPLE["clerk"][0]


def accepted(session: Session, **values: Any) -> Case:
    """A complaint that the clerk of the east handles, with findings."""
    case = make_case(session, actor(session, "clerk"), handler_id=HANDLER, **values)
    save_findings(
        session,
        actor(session, "clerk"),
        case.id,
        Findings("录音证实代理人承诺保证收益。", "建议部分支持。"),
        version=case.version,
        now=NOW,
    )
    return case


def plain_proposal(session: Session, case: Case, **values: Any) -> Proposal:
    """A proposal that lacks nothing."""
    superior = superior_of(session, case.branch_id)
    plain: dict[str, Any] = {
        "decision": "退还首期保费的八成。",
        "decision_basis": "基本服务规定第十八条。",
        "remedies": remedies_text(case.kind, superior.unit if superior else ""),
        "outcome": "partly" if case.kind == "complaint" else "changed",
    }
    return Proposal(**{**plain, **values})


def proposed(session: Session, **values: Any) -> Case:
    """A complaint whose decision waits for the manager."""
    case = accepted(session, **values)
    propose(session, actor(session, "clerk"), case.id, plain_proposal(session, case), version=case.version, now=NOW)
    return case


def decided(session: Session, **values: Any) -> Case:
    """A complaint that is decided and to be told."""
    case = proposed(session, **values)
    decide(session, actor(session, "manager"), case.id, version=case.version, now=NOW)
    return case


def notified(session: Session, *, channel: str = "phone", told_at: datetime = NOW, **values: Any) -> Case:
    """A complaint of which the complainant was told."""
    case = decided(session, **values)
    telling = Telling(channel, told_at, proof="录音 20261122-07")
    notify_outcome(session, actor(session, "clerk"), case.id, telling, None, version=case.version, now=NOW)
    return case


def traced(session: Session, **values: Any) -> Case:
    """A told complaint whose root cause is written down."""
    case = notified(session, **values)
    stage = session.query(CaseCause).filter(CaseCause.code == "A").one()
    cause = RootCause("培训缺失", "", stage.id, None)
    record_root_cause(session, actor(session, "clerk"), case.id, cause, version=case.version, now=NOW)
    return case


LATER = NOW + timedelta(days=1)
