"""Reading the knowledge base 知识库: by topic and use, by every word of question, keywords and answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, aliased

from app.domain.actor import Actor
from app.domain.errors import NotFound
from app.domain.policy import Action, Target, may
from app.domain.search import Question, matches, understand
from app.models.accounts import Account, Branch
from app.models.consultations import ReadyAnswer
from app.queries.visibility import branches_in

PAGE_SIZE = 30
OFFERED = 4  # at the form of a consultation
# Beyond this many the least used are no longer read through for a word.
MOST_READ = 5_000


@dataclass(frozen=True, slots=True)
class AnswerFilter:
    """What the list is narrowed to; `state` is '' for what may be given, "expired", "retired" or "all"."""

    text: str = ""
    topic: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """An answer as lists and pages show it."""

    id: int
    topic: str
    question: str
    answer: str
    basis: str
    keywords: str
    valid_until: date | None
    active: bool
    uses: int
    version: int
    branch_id: int
    branch_name: str
    updated_at: datetime
    expired: bool
    may_edit: bool


@dataclass(frozen=True, slots=True)
class AnswerPage:
    """A page of answers; `number` begins with 1."""

    rows: Sequence[AnswerRow]
    total: int
    number: int
    unclear: str = ""

    @property
    def last(self) -> int:
        """Return the number of the last page."""
        return max(1, -(-self.total // PAGE_SIZE))


def list_answers(session: Session, actor: Actor, wanted: AnswerFilter, *, page: int = 1, today: date) -> AnswerPage:
    """Return a page of the answers that `actor` may read, the most used first.

    Words are looked for in what the filters leave, in memory: an answer is short, and a house has hundreds of them.
    """
    question = understand(wanted.text) if wanted.text else None
    if question is not None and not question.parts:
        return AnswerPage((), 0, 1, str(question.unclear or ""))
    ids = _found(session, [readable(actor), *_conditions(wanted, today)], question)
    number = min(max(page, 1), max(1, -(-len(ids) // PAGE_SIZE)))
    shown = ids[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    return AnswerPage(_rows(session, actor, shown, today), len(ids), number)


def offer_answers(session: Session, actor: Actor, topic: str, text: str, *, today: date) -> Sequence[AnswerRow]:
    """Return the few answers that fit: by words in every topic, without words the most used of one topic."""
    question = understand(text) if text.strip() else None
    if question is not None and not question.parts:
        return ()
    narrowed = AnswerFilter(topic="" if question else topic)
    ids = _found(session, [readable(actor), *_conditions(narrowed, today)], question)
    return _rows(session, actor, ids[:OFFERED], today)


def read_answer(session: Session, actor: Actor, answer_id: int, *, today: date) -> AnswerRow:
    """Return one answer; raises `NotFound` for one that `actor` may not read."""
    rows = _rows(session, actor, [answer_id], today)
    if not rows:
        raise NotFound
    return rows[0]


def readable(actor: Actor) -> ColumnElement[bool]:
    """Answers of the branches above and under those where `actor` works: a house's answers hold in its branches."""
    mine, above = aliased(Branch), aliased(Branch)
    held = sorted({actor.branch_id, *(role.branch_id for role in actor.held)})
    over = select(above.id).join(mine, mine.path.like(above.path.concat("%"))).where(mine.id.in_(held))
    return or_(ReadyAnswer.branch_id.in_(over), branches_in(actor, Action.CONSULTATION_VIEW, ReadyAnswer.branch_id))


def _conditions(wanted: AnswerFilter, today: date) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.topic:
        conditions.append(ReadyAnswer.topic == wanted.topic)
    if wanted.state == "retired":
        conditions.append(ReadyAnswer.active.is_(False))
    elif wanted.state == "expired":
        conditions += [ReadyAnswer.active.is_(True), ReadyAnswer.valid_until < today]
    elif wanted.state != "all":
        conditions += [
            ReadyAnswer.active.is_(True),
            or_(ReadyAnswer.valid_until.is_(None), ReadyAnswer.valid_until >= today),
        ]
    return conditions


def _found(session: Session, conditions: list[ColumnElement[bool]], question: Question | None) -> list[int]:
    """Return the ids of what fits, the most used first; of what holds the words in its question, before the rest."""
    order = (ReadyAnswer.uses.desc(), ReadyAnswer.id)
    if question is None:
        return list(session.scalars(select(ReadyAnswer.id).where(*conditions).order_by(*order).limit(MOST_READ)))
    rows = session.execute(
        select(ReadyAnswer.id, ReadyAnswer.question, ReadyAnswer.keywords, ReadyAnswer.answer)
        .where(*conditions)
        .order_by(*order)
        .limit(MOST_READ)
    )
    first: list[int] = []
    then: list[int] = []
    for answer_id, asked, keywords, answer in rows:
        if matches(question, asked, keywords):
            first.append(answer_id)
        elif matches(question, asked, keywords, answer):
            then.append(answer_id)
    return first + then


def _rows(session: Session, actor: Actor, ids: Sequence[int], today: date) -> list[AnswerRow]:
    if not ids:
        return []
    rows = session.execute(
        select(ReadyAnswer, Branch.name)
        .join(Branch, Branch.id == ReadyAnswer.branch_id)
        .where(ReadyAnswer.id.in_(ids), readable(actor))
    )
    found = {row.id: _row(actor, row, branch_name, today) for row, branch_name in rows}
    return [found[answer_id] for answer_id in ids if answer_id in found]


def _row(actor: Actor, row: Any, branch_name: str, today: date) -> AnswerRow:
    plain = "id topic question answer basis keywords valid_until active uses version branch_id updated_at"
    return AnswerRow(
        **{name: getattr(row, name) for name in plain.split()},
        branch_name=branch_name,
        expired=row.valid_until is not None and row.valid_until < today,
        may_edit=may(actor, Action.ANSWER_EDIT, Target(row.branch_id)),
    )


def writer_of(session: Session, answer_id: int) -> str:
    """Return who wrote an answer; nothing for those that came with the installation."""
    statement = select(Account.full_name).join(ReadyAnswer, ReadyAnswer.written_by == Account.id)
    return session.scalar(statement.where(ReadyAnswer.id == answer_id)) or ""
