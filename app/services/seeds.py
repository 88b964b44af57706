"""Everything that a house starts with: tables of rules and lists that its people may change afterwards."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app.services.cases import seed_causes
from app.services.clocks import seed_clocks
from app.services.completeness_rules import seed_completeness
from app.services.loan_rules import seed_loan_rules
from app.services.paper_types import seed_paper_types
from app.services.ready_answers import seed_ready_answers
from app.services.setup import seed_catalogue, seed_climate
from app.services.surveys import seed_surveys


def seed_rules(session: Session, *, now: datetime) -> None:
    """Write classification, periods, climate, loans, clocks and causes, each table where it is empty."""
    seed_catalogue(session, now=now)
    seed_paper_types(session)
    seed_completeness(session)
    seed_climate(session, now=now)
    seed_loan_rules(session, now=now)
    seed_clocks(session, now=now)
    seed_causes(session)


def seed_texts(session: Session, *, now: datetime) -> None:
    """Write the ready surveys and answers, which belong to the root branch; without one nothing is written."""
    seed_surveys(session, now)
    seed_ready_answers(session, now)
