"""What agents send in 代理人提交: begun, handed in, taken back; what the desk makes of it is told to the agent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.errors import Invalid, NotFound
from app.domain.ids import encode_id, new_id
from app.domain.intake import Business, ItemState, ItemStep, Source
from app.domain.policy import Action
from app.domain.submissions import (
    LONGEST_REASON,
    SubmissionState,
    SubmissionStep,
    next_submission_state,
    write_reasons,
)
from app.models.claims import Claim
from app.models.customers import Customer
from app.models.intake import IntakeBatch, IntakeFile, IntakeItem, IntakePage, Submission
from app.models.policies import Policy
from app.queries.submissions import PaperLine, read_lines
from app.queries.visibility import claims_for, customers_for, policies_for, submissions_of
from app.services import trail
from app.services.changes import require_version
from app.services.intake import open_batch
from app.services.intake_steps import take_item_step
from app.services.notices import notify
from app.services.numbers import take_number
from app.services.page_work import settle_item, want_page_work

OWN = frozenset({ItemState.DRAFT, ItemState.RETURNED})  # with the agent now
DONE = frozenset({ItemState.CATALOGUED, ItemState.REWORK, ItemState.PASSED, ItemState.DROPPED})
# Without one the business has nothing to be about.
NEEDS_POLICY = frozenset({Business.SERVICING})


@dataclass(frozen=True, slots=True)
class NewSubmission:
    """What a submission is for; a claim brings its policy with it."""

    business: str
    policy_id: int | None = None
    claim_id: int | None = None


def create_submission(session: Session, actor: Actor, customer_id: int, typed: NewSubmission, *, now: datetime) -> int:
    """Begin a submission for one of the agent's customers and return its id; raises `NotFound`, `Invalid`."""
    customer = _own_customer(session, actor, customer_id)
    if typed.business not in set(Business):
        raise Invalid.field("business", "submission.business_missing")
    policy_id, claim_id = _about(session, actor, customer_id, typed)
    if Business(typed.business) in NEEDS_POLICY and policy_id is None:
        raise Invalid.field("about", "submission.policy_missing")
    submission_id = new_id()
    number = take_number(
        session,
        actor,
        f"submission|{now.year}",
        lambda value: f"TJ{now.year}-{value:06d}",
        holder_kind="submission",
        holder_id=submission_id,
        now=now,
    )
    submission = Submission(
        id=submission_id,
        number=number,
        agent_id=actor.account_id,
        customer_id=customer_id,
        branch_id=customer.branch_id,
        policy_id=policy_id,
        claim_id=claim_id,
        business=typed.business,
        state=SubmissionState.DRAFT.value,
        note="",
        created_at=now,
        version=1,
    )
    session.add(submission)
    session.flush()
    note(session, actor, "submission_begun", submission, now=now, after={"business": typed.business})
    return submission_id


def submit(
    session: Session,
    actor: Actor,
    submission_id: int,
    reasons: Mapping[str, str],
    *,
    version: int,
    now: datetime,
    today: date,
) -> Submission:
    """Hand a submission in: its papers go to the desk of the customer's branch.

    `reasons` say by the code of a paper why it is missing 缺件说明. Raises `NotFound`, `ChangedMeanwhile`, `WrongState`,
    and `Invalid` for a missing paper without a reason, a refused page that was not sent again, or nothing at all.
    """
    submission = load_submission(session, actor, submission_id)
    require_seen(submission, version)
    state = next_submission_state(submission.state, SubmissionStep.SUBMIT)
    lines = read_lines(session, submission, today=today)
    given = _check(submission, lines, reasons)
    items = _items_to_send(session, submission)
    if submission.state == SubmissionState.DRAFT:
        submission.note = write_reasons(given)
    _to_the_desk(session, actor, submission, items, now=now)
    submission.state, submission.submitted_at, submission.ended_at = state.value, now, None
    submission.version += 1
    session.flush()
    after = {"state": state.value, "papers": len(items), "missing": len(given)}
    note(session, actor, "submission_submitted", submission, now=now, after=after)
    return submission


def withdraw(session: Session, actor: Actor, submission_id: int, *, version: int, now: datetime) -> None:
    """Give a submission up: what nobody but its agent has seen is gone, what came back to him is dropped.

    Raises `NotFound`, `ChangedMeanwhile`, `WrongState`.
    """
    submission = load_submission(session, actor, submission_id)
    require_seen(submission, version)
    state = next_submission_state(submission.state, SubmissionStep.WITHDRAW)
    items = list(session.scalars(select(IntakeItem).where(IntakeItem.submission_id == submission_id)))
    for item in items:
        if item.state == ItemState.RETURNED:
            take_item_step(session, actor, item, ItemStep.DROP, now=now)
    forget_items(session, [item.id for item in items if item.state == ItemState.DRAFT])
    submission.state, submission.ended_at = state.value, now
    submission.version += 1
    session.flush()
    note(session, actor, "submission_withdrawn", submission, now=now, after={"state": state.value})


def note_returned(session: Session, item: IntakeItem, *, now: datetime) -> None:
    """Let a submission know that a paper of it was returned, and tell its agent."""
    submission = session.get_one(Submission, item.submission_id, with_for_update=True, populate_existing=True)
    submission.state = next_submission_state(submission.state, SubmissionStep.RETURN).value
    submission.version += 1
    session.flush()
    pages = session.scalar(
        select(func.count()).where(
            IntakePage.item_id == item.id, IntakePage.refusal != "", IntakePage.removed.is_(False)
        )
    )
    note(session, None, "submission_returned", submission, now=now, after={"pages": pages or 0})
    _tell(session, submission, "submission_returned", pages or 0, now=now)


def note_item_done(session: Session, item: IntakeItem, *, now: datetime) -> None:
    """Let a submission know that a paper of it was catalogued or dropped; with the last one it is accepted."""
    submission = session.get_one(Submission, item.submission_id, with_for_update=True, populate_existing=True)
    session.flush()
    states = session.scalars(select(IntakeItem.state).where(IntakeItem.submission_id == submission.id)).all()
    if submission.state != SubmissionState.SUBMITTED or not DONE.issuperset(map(ItemState, states)):
        return
    state = next_submission_state(submission.state, SubmissionStep.ACCEPT)
    submission.state, submission.ended_at = state.value, now
    submission.version += 1
    session.flush()
    note(session, None, "submission_accepted", submission, now=now, after={"papers": len(states)})
    _tell(session, submission, "submission_accepted", len(states), now=now)


def load_submission(session: Session, actor: Actor, submission_id: int) -> Submission:
    """Return one of the actor's own submissions, locked and fresh; raises `NotFound`."""
    statement = select(Submission).where(Submission.id == submission_id, submissions_of(actor))
    found = session.scalar(
        statement.with_for_update(of=Submission).execution_options(populate_existing=True),
    )
    if found is None:
        raise NotFound
    return found


def require_seen(submission: Submission, version: int) -> None:
    """Pass when a submission is still as it was seen; raises `ChangedMeanwhile`."""
    require_version(submission, {}, version=version, show=lambda _name, value: str(value))


def forget_items(session: Session, item_ids: Sequence[int]) -> None:
    """Remove papers that were never handed in, with their pages and files."""
    session.execute(delete(IntakePage).where(IntakePage.item_id.in_(item_ids)))
    session.execute(delete(IntakeFile).where(IntakeFile.item_id.in_(item_ids)))
    session.execute(delete(IntakeItem).where(IntakeItem.id.in_(item_ids)))


def note(
    session: Session,
    actor: Actor | None,
    event: str,
    submission: Submission,
    *,
    now: datetime,
    after: Mapping[str, str | int] | None = None,
) -> None:
    """Write into the trail what happened to a submission."""
    subject = trail.Subject("submission", submission.id, submission.number, submission.customer_id)
    trail.record(session, actor, event, subject, now=now, after=after)


def _own_customer(session: Session, actor: Actor, customer_id: int) -> Customer:
    customer = session.scalar(
        select(Customer).where(Customer.id == customer_id, customers_for(actor, Action.SUBMISSION_MAKE))
    )
    if customer is None:
        raise NotFound
    return customer


def _about(session: Session, actor: Actor, customer_id: int, typed: NewSubmission) -> tuple[int | None, int | None]:
    """Return policy and claim, each seen to be the customer's; raises `NotFound`."""
    if typed.claim_id is not None:
        claim = session.scalar(
            select(Claim)
            .join(Customer, Customer.id == Claim.customer_id)
            .where(
                Claim.id == typed.claim_id,
                Claim.customer_id == customer_id,
                claims_for(actor, Action.SUBMISSION_MAKE),
            )
        )
        if claim is None:
            raise NotFound
        return claim.policy_id, claim.id
    if typed.policy_id is None:
        return None, None
    policy_id = session.scalar(
        select(Policy.id)
        .join(Customer, Customer.id == Policy.customer_id)
        .where(
            Policy.id == typed.policy_id,
            Policy.customer_id == customer_id,
            policies_for(actor, Action.SUBMISSION_MAKE),
        )
    )
    if policy_id is None:
        raise NotFound
    return policy_id, None


def _check(submission: Submission, lines: Sequence[PaperLine], reasons: Mapping[str, str]) -> dict[str, str]:
    """Return by the names of missing papers why each is missing."""
    if any(page.refusal for line in lines for page in line.pages):
        raise Invalid.field("", "submission.refused_left")
    if not any(line.is_started for line in lines):
        raise Invalid.field("", "submission.empty")
    if submission.state != SubmissionState.DRAFT:
        return {}
    missing = [line for line in lines if line.is_wanted and not line.is_started]
    given = {line.key: " ".join(reasons.get(line.key, "").split()) for line in missing}
    problems = {f"reason-{key}": ["submission.reason_missing"] for key, text in given.items() if not text}
    problems |= {f"reason-{k}": ["submission.reason_long"] for k, text in given.items() if len(text) > LONGEST_REASON}
    if problems:
        raise Invalid(problems)
    return {line.name: given[line.key] for line in missing}


def _items_to_send(session: Session, submission: Submission) -> list[IntakeItem]:
    """Return the papers that go to the desk now; those without a page or file are forgotten."""
    held = select(IntakeItem).where(
        IntakeItem.submission_id == submission.id, IntakeItem.state.in_([state.value for state in OWN])
    )
    items = list(session.scalars(held.order_by(IntakeItem.position, IntakeItem.id).with_for_update()))
    ids = [item.id for item in items]
    full = set(session.scalars(select(IntakePage.item_id).where(IntakePage.item_id.in_(ids))))
    full |= set(session.scalars(select(IntakeFile.item_id).where(IntakeFile.item_id.in_(ids))))
    forget_items(session, [item_id for item_id in ids if item_id not in full])
    return [item for item in items if item.id in full]


def _to_the_desk(
    session: Session, actor: Actor, submission: Submission, items: Sequence[IntakeItem], *, now: datetime
) -> None:
    if submission.batch_id is None:
        submission.batch_id = open_batch(
            session, actor, submission.branch_id, Source.AGENT, title=submission.number, now=now
        )
    batch = session.get_one(IntakeBatch, submission.batch_id)
    last = session.scalar(select(func.max(IntakeItem.position)).where(IntakeItem.batch_id == batch.id)) or 0
    for position, item in enumerate(items, start=last + 1):
        if item.batch_id is None:
            item.batch_id, item.position = batch.id, position
        item.refusal = ""
        take_item_step(session, actor, item, ItemStep.SUBMIT, now=now)
        settle_item(session, item.id, now=now)
    for file in session.scalars(select(IntakeFile).where(IntakeFile.submission_id == submission.id)):
        file.batch_id = batch.id
    want_page_work(session, now=now)


def _tell(session: Session, submission: Submission, kind: str, count: int, *, now: datetime) -> None:
    path = f"/agent/submissions/{encode_id(submission.id)}"
    details: dict[str, str | int] = {"number": submission.number, "count": count}
    notify(session, submission.agent_id, kind, now=now, path=path, details=details)
