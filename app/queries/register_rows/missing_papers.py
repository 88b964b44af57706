"""欠件台账: what is owed and what was, in the order of the days until which it is waited for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.completeness import STILL_OWED
from app.domain.masking import mask_name
from app.domain.office_time import office_day
from app.domain.registers import RegisterFilter, day_in_catalogue
from app.models.claims import Claim
from app.models.completeness import CompletenessRule, MissingPaper
from app.models.customers import Customer
from app.models.intake import PaperType
from app.models.policies import Policy
from app.queries.register_rows.reading import Row, keyed, names_of, reached, within
from app.queries.supplements import BUSINESSES

FORMS = {"original": "原", "copy": "复", "either": "原/复"}
STATES = {"open": "欠件", "waiver": "免附待批", "received": "已补齐", "waived": "免附"}


def _keys(actor: Actor, wanted: RegisterFilter) -> Select[int]:
    return (
        select(MissingPaper.id)
        .join(Customer, Customer.id == MissingPaper.customer_id)
        .where(
            reached(actor, MissingPaper.branch_id, Customer.level),
            *within(wanted, MissingPaper.branch_id, MissingPaper.opened_at),
        )
        .order_by(MissingPaper.due_on, MissingPaper.id)
    )


def _read(session: Session, keys: Sequence[int]) -> Mapping[int, Row]:
    rows = session.execute(
        select(
            MissingPaper,
            Customer.name,
            Customer.kind,
            func.coalesce(Claim.number, Policy.number, ""),
            PaperType.name,
            func.coalesce(CompletenessRule.form, ""),
            func.current_date(),
        )
        .join(Customer, Customer.id == MissingPaper.customer_id)
        .join(PaperType, PaperType.id == MissingPaper.paper_type_id)
        .outerjoin(Policy, Policy.id == MissingPaper.policy_id)
        .outerjoin(Claim, Claim.id == MissingPaper.claim_id)
        .outerjoin(CompletenessRule, CompletenessRule.id == MissingPaper.rule_id)
        .where(MissingPaper.id.in_(keys))
    ).all()
    names = names_of(session, [row[0].opened_by for row in rows])
    return {
        paper.id: [
            mask_name(name, is_organisation=kind == "organisation"),
            number,
            BUSINESSES.get(paper.business, ""),
            paper_name,
            FORMS.get(form, ""),
            paper.reason,
            day_in_catalogue(paper.due_on),
            _days_over(paper, printed_on),
            STATES[paper.state],
            names.get(paper.opened_by, ""),
            _remark(paper),
        ]
        for paper, name, kind, number, paper_name, form, printed_on in rows
    }


def _days_over(paper: MissingPaper, printed_on: date) -> str:
    """Return how late a paper came, or how late it is on the day of printing by the database's clock."""
    until = office_day(paper.closed_at) if paper.closed_at else printed_on
    late = (until - paper.due_on).days
    return str(late) if late > 0 else ""


def _remark(paper: MissingPaper) -> str:
    if paper.state not in STILL_OWED and paper.closed_at is not None:
        return day_in_catalogue(office_day(paper.closed_at)) + (
            f" {paper.waiver_reason}" if paper.waiver_reason else ""
        )
    return paper.waiver_reason


READER = keyed(_keys, _read)
