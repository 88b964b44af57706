"""The knowledge base 知识库: answers kept ready, written by a branch for itself and the branches under it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.consultations import LONGEST_ANSWER, Topic
from app.domain.errors import Invalid, NotAllowed, NotFound, WrongState
from app.domain.ids import new_id
from app.domain.normal import clean_note, clean_text
from app.domain.policy import Action, Target, may
from app.domain.ready_answer_seeds import SEEDS
from app.models.accounts import Branch
from app.models.consultations import ReadyAnswer
from app.queries.ready_answers import readable
from app.services import trail
from app.services.changes import apply_changes


@dataclass(frozen=True, slots=True)
class TypedAnswer:
    """An answer as it is typed."""

    topic: Topic
    question: str
    answer: str
    basis: str = ""
    keywords: str = ""
    valid_until: date | None = None


def seed_ready_answers(session: Session, now: datetime) -> None:
    """Write the seed for the head office where there is no answer yet, and no seed without a head office."""
    head = session.scalar(select(Branch.id).where(Branch.parent_id.is_(None)).order_by(Branch.id).limit(1))
    if head is None or session.scalar(select(ReadyAnswer.id).limit(1)) is not None:
        return
    session.add_all(
        ReadyAnswer(
            id=new_id(),
            branch_id=head,
            topic=seed.topic.value,
            question=seed.question,
            answer=seed.answer,
            basis=seed.basis,
            keywords=seed.keywords,
            updated_at=now,
        )
        for seed in SEEDS
    )
    session.flush()


def write_answer(session: Session, actor: Actor, branch_id: int, typed: TypedAnswer, *, now: datetime) -> int:
    """Keep an answer and return its id; raises `NotAllowed`, `Invalid`."""
    if not may(actor, Action.ANSWER_EDIT, Target(branch_id)):
        raise NotAllowed(Action.ANSWER_EDIT)
    values = _checked(typed)
    answer = ReadyAnswer(
        id=new_id(), branch_id=branch_id, written_by=actor.account_id, updated_at=now, version=1, **values
    )
    session.add(answer)
    _note(session, actor, "answer_written", answer, now=now, after={"question": answer.question})
    return answer.id


def change_answer(
    session: Session, actor: Actor, answer_id: int, typed: TypedAnswer, *, version: int, now: datetime
) -> None:
    """Change an answer; raises `NotFound`, `NotAllowed`, `Invalid`, `ChangedMeanwhile`."""
    answer = load_answer(session, actor, answer_id)
    before, after = apply_changes(answer, _checked(typed), version=version, show=_show)
    if after:
        answer.updated_at = now
        _note(session, actor, "answer_changed", answer, now=now, before=before, after=after)


def retire_answer(session: Session, actor: Actor, answer_id: int, *, active: bool, version: int, now: datetime) -> None:
    """Take an answer out of use or, with `active`, back into use; consultations keep what was said."""
    answer = load_answer(session, actor, answer_id)
    if answer.version != version:
        raise WrongState("answer.changed")
    if answer.active is active:
        raise WrongState("answer.active" if active else "answer.retired")
    apply_changes(answer, {"active": active}, version=version, show=_show)
    answer.updated_at = now
    _note(session, actor, "answer_restored" if active else "answer_retired", answer, now=now)


def count_use(session: Session, actor: Actor, answer_id: int, today: date) -> None:
    """Count that an answer was given; raises `Invalid` for one that is not to be given any more or never was theirs."""
    counted = (
        update(ReadyAnswer)
        .where(
            ReadyAnswer.id == answer_id,
            ReadyAnswer.active,
            (ReadyAnswer.valid_until.is_(None)) | (ReadyAnswer.valid_until >= today),
            readable(actor),
        )
        .values(uses=ReadyAnswer.uses + 1)
        .execution_options(synchronize_session=False)
    )
    if not session.execute(counted).rowcount:  # type: ignore[attr-defined]  # an update has it
        raise Invalid.field("answer", "answer.not_in_use")


def load_answer(session: Session, actor: Actor, answer_id: int) -> ReadyAnswer:
    """Return an answer that `actor` may change, locked; raises `NotFound`, `NotAllowed`."""
    answer = session.scalar(
        select(ReadyAnswer).where(ReadyAnswer.id == answer_id, readable(actor)).with_for_update(of=ReadyAnswer)
    )
    if answer is None:
        raise NotFound
    if not may(actor, Action.ANSWER_EDIT, Target(answer.branch_id)):
        raise NotAllowed(Action.ANSWER_EDIT)
    return answer


def _checked(typed: TypedAnswer) -> dict[str, Any]:
    values: dict[str, Any] = asdict(typed) | {
        "topic": typed.topic.value,
        "question": clean_text(typed.question),
        "answer": clean_note(typed.answer),
        "basis": clean_text(typed.basis),
        "keywords": clean_text(typed.keywords),
    }
    problems: dict[str, list[str]] = {}
    if not values["question"]:
        problems["question"] = ["answer.question_missing"]
    if not values["answer"]:
        problems["answer"] = ["answer.answer_missing"]
    elif len(values["answer"]) > LONGEST_ANSWER:
        problems["answer"] = ["consultation.answer_long"]
    if problems:
        raise Invalid(problems)
    return values


def _show(_field: str, value: Any) -> str:
    return "" if value is None else str(value)[:200]


def _note(session: Session, actor: Actor, event: str, answer: ReadyAnswer, *, now: datetime, **texts: Any) -> None:
    session.flush()
    trail.record(session, actor, event, trail.Subject("ready_answer", answer.id, answer.topic), now=now, **texts)
