"""What stands on record for checklists: the papers that count, what people answered, what is owed; for many things at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, or_, select, true, union_all
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.completeness import MissingState
from app.domain.intake import Business
from app.domain.office_time import office_day
from app.domain.policy import Action
from app.models.completeness import CompletenessRule, ConditionAnswer, MissingPaper
from app.models.customers import Customer
from app.models.documents import Category, Document
from app.models.intake import PaperType
from app.queries.completeness_facts import Key, Subject, key_of, of_subjects
from app.queries.visibility import documents_for

PERSONAL_CLASS = "1"  # classes 1x 客户基本信息: a paper about the person serves every policy of his
# A kind of paper, the condition that was answered, and what was said of it.
Answer = tuple[int, str, bool]


@dataclass(frozen=True, slots=True)
class Paper:
    """A document that counts for a line, and whether the reader may open it."""

    id: int
    is_original: bool
    is_seen: bool


def papers_of(
    session: Session, subjects: Sequence[Subject], actor: Actor | None = None, *, since: date | None = None
) -> Sequence[Mapping[int, Sequence[Paper]]]:
    """Return for each subject the papers that count, by their kind; those of servicing only from a day on."""
    own: dict[Key, list[tuple[int, Paper]]] = {}
    personal: dict[int, list[tuple[int, Paper]]] = {}
    people = sorted({person for subject in subjects for person in subject.people})
    is_personal = and_(PaperType.business == "", Category.code.startswith(PERSONAL_CLASS))
    rows = session.execute(
        select(
            Document.id,
            Document.is_original,
            documents_for(actor, Action.DOCUMENT_VIEW) if actor is not None else true(),
            Document.paper_type_id,
            Document.policy_id,
            Document.claim_id,
            Document.customer_id,
            is_personal,
            PaperType.business,
            Document.formed_on,
            Document.created_at,
        )
        .join(Customer, Customer.id == Document.customer_id)
        .join(PaperType, PaperType.id == Document.paper_type_id)
        .join(Category, Category.id == PaperType.category_id)
        .where(_counts(subjects, people, is_personal), Document.state != "destroyed")
        .order_by(Document.id)
    )
    for document_id, is_original, is_seen, kind, policy_id, claim_id, customer_id, serves_all, business, *days in rows:
        if since is not None and business == Business.SERVICING and (days[0] or office_day(days[1])) < since:
            continue
        paper = (kind or 0, Paper(document_id, bool(is_original), bool(is_seen)))
        if serves_all:
            personal.setdefault(customer_id, []).append(paper)
        key = key_of(policy_id, claim_id)
        if key is not None:
            own.setdefault(key, []).append(paper)
    return [_by_kind(subject, own, personal) for subject in subjects]


def answers_of(
    session: Session, subjects: Sequence[Subject], *, since: date | None = None
) -> Mapping[Key, Sequence[Answer]]:
    """Return what people said of conditions from a day on, the latest last."""
    rows = session.execute(
        select(
            ConditionAnswer.policy_id,
            ConditionAnswer.claim_id,
            CompletenessRule.paper_type_id,
            CompletenessRule.condition,
            ConditionAnswer.holds,
            ConditionAnswer.answered_at,
        )
        .join(CompletenessRule, CompletenessRule.id == ConditionAnswer.rule_id)
        .where(of_subjects(ConditionAnswer, subjects))
        .order_by(ConditionAnswer.answered_at, ConditionAnswer.id)
    )
    found: dict[Key, list[Answer]] = {}
    for policy_id, claim_id, kind, condition, holds, at in rows:
        is_of_now = since is None or office_day(at) >= since
        if is_of_now and (key := key_of(policy_id, claim_id)) is not None:
            found.setdefault(key, []).append((kind, condition, bool(holds)))
    return found


def owed_of(
    session: Session, business: str, subjects: Sequence[Subject], *, since: date | None = None
) -> Mapping[Key, Mapping[int, MissingPaper]]:
    """Return the line of 欠件台账 that counts for each kind of paper: one that is owed before one that was waived.

    What was waived counts from a day on; what is owed is owed.
    """
    rows = session.scalars(
        select(MissingPaper)
        .where(
            of_subjects(MissingPaper, subjects),
            MissingPaper.business == str(business),
            MissingPaper.state != MissingState.RECEIVED.value,
        )
        .order_by(MissingPaper.state == MissingState.WAIVED.value, MissingPaper.id.desc())
    )
    found: dict[Key, dict[int, MissingPaper]] = {}
    for row in rows:
        if since is not None and row.state == MissingState.WAIVED and office_day(row.opened_at) < since:
            continue
        if (key := key_of(row.policy_id, row.claim_id)) is not None:
            found.setdefault(key, {}).setdefault(row.paper_type_id, row)
    return found


def _counts(
    subjects: Sequence[Subject], people: Sequence[int], is_personal: ColumnElement[bool]
) -> ColumnElement[bool]:
    # Each by its own index: one condition over all of them makes the database walk through every customer.
    own = select(Document.id).where(of_subjects(Document, subjects))
    theirs = select(Document.id).where(Document.customer_id.in_(people))
    return and_(
        Document.id.in_(union_all(own, theirs)),
        or_(of_subjects(Document, subjects), is_personal),
    )


def _by_kind(
    subject: Subject,
    own: Mapping[Key, Sequence[tuple[int, Paper]]],
    personal: Mapping[int, Sequence[tuple[int, Paper]]],
) -> Mapping[int, Sequence[Paper]]:
    """Return the papers of a subject and its people, each once."""
    mine = own.get(subject.key, ()) if subject.key is not None else ()
    every = {paper.id: (kind, paper) for kind, paper in mine}
    for person in subject.people:
        every |= {paper.id: (kind, paper) for kind, paper in personal.get(person, ())}
    found: dict[int, list[Paper]] = {}
    for _, (kind, paper) in sorted(every.items()):
        found.setdefault(kind, []).append(paper)
    return found
