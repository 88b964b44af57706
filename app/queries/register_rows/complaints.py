"""投诉台账: complaints in the order in which they came in, without those that one is barred from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased

from app.domain.actor import Actor
from app.domain.case_words import CHANNELS, COMPLAINANTS, LINES, OUTCOMES, STATES, TOLD_BY
from app.domain.masking import mask_name, mask_phone
from app.domain.registers import RegisterFilter, day_in_catalogue
from app.models.accounts import Branch
from app.models.cases import Case, CaseCause, CaseNotification, CaseStatement
from app.models.claims import Claim
from app.models.documents import Document
from app.models.policies import Policy
from app.queries.register_rows.reading import Row, catalogue_day, keyed, names_of, reached, within
from app.queries.register_rows.words import say

REQUEST_SHOWN = 60
MARKS = (("is_major", "重大"), ("is_repeat", "重复"), ("is_group", "群体"), ("is_violation", "涉嫌违规"))


def _keys(actor: Actor, wanted: RegisterFilter) -> Select[int]:
    return (
        select(Case.id)
        .where(
            Case.kind == "complaint",
            reached(actor, Case.branch_id, Case.level),
            *([Case.id.not_in(sorted(actor.barred))] if actor.barred else []),
            *within(wanted, Case.branch_id, Case.received_at),
        )
        .order_by(Case.received_at, Case.id)
    )


def _read(session: Session, keys: Sequence[int]) -> Mapping[int, Row]:
    stage, cause = aliased(CaseCause), aliased(CaseCause)
    rows = session.execute(
        select(Case, CaseStatement, Branch.name, Policy.number, Claim.number, stage.name, cause.name)
        .join(CaseStatement, CaseStatement.case_id == Case.id)
        .outerjoin(Branch, Branch.id == Case.accused_branch_id)
        .outerjoin(Policy, Policy.id == Case.policy_id)
        .outerjoin(Claim, Claim.id == Case.claim_id)
        .outerjoin(stage, stage.id == Case.stage_id)
        .outerjoin(cause, cause.id == Case.cause_id)
        .where(Case.id.in_(keys))
    ).all()
    names = names_of(session, [row[0].handler_id for row in rows])
    told, numbers = _told(session, keys), _archive_numbers(session, keys)
    return {
        row[0].id: _row(*row, names.get(row[0].handler_id, ""), told.get(row[0].id, ""), numbers.get(row[0].id, ""))
        for row in rows
    }


def _told(session: Session, keys: Sequence[int]) -> dict[int, str]:
    """Return how and when the decision was told, by case."""
    rows = session.execute(
        select(CaseNotification.case_id, CaseNotification.channel, CaseNotification.told_at)
        .where(CaseNotification.case_id.in_(keys), CaseNotification.about.in_(("decision", "declined")))
        .order_by(CaseNotification.told_at)
    )
    return {case_id: f"{say(TOLD_BY, channel)} {catalogue_day(at)}" for case_id, channel, at in rows}


def _archive_numbers(session: Session, keys: Sequence[int]) -> dict[int, str]:
    """Return the archive number of each case's first item."""
    rows = session.execute(
        select(Document.case_id, Document.archive_number)
        .where(Document.case_id.in_(keys), Document.archive_number.is_not(None))
        .order_by(Document.id.desc())
    )
    return {case_id: number for case_id, number in rows if case_id and number}


def _row(
    case: Case,
    said: CaseStatement,
    accused: str | None,
    policy: str | None,
    claim: str | None,
    stage: str | None,
    cause: str | None,
    handler: str,
    told: str,
    archive_number: str,
) -> Row:
    return [
        case.number,
        catalogue_day(case.received_at),
        say(CHANNELS, case.channel),
        mask_name(said.name, is_organisation=said.complainant_kind == "organisation"),
        say(COMPLAINANTS, said.complainant_kind),
        mask_phone(said.phone) if said.phone else "",
        accused or "",
        case.accused_name,
        " ".join(number for number in (policy, claim) if number),
        say(LINES, case.line),
        stage or "",
        cause or "",
        said.request[:REQUEST_SHOWN],
        handler,
        day_in_catalogue(case.due_on),
        _outcome(case),
        catalogue_day(case.decided_at),
        told,
        str(case.days_taken) if case.days_taken is not None else "",
        archive_number,
        _marks(case),
    ]


def _outcome(case: Case) -> str:
    return say(OUTCOMES, case.outcome) if case.outcome else say(STATES, case.state)


def _marks(case: Any) -> str:
    marks = [word for name, word in MARKS if getattr(case, name)]
    return "、".join([*marks, *([f"逾期{case.days_over}日"] if case.days_over else [])])


READER = keyed(_keys, _read)
