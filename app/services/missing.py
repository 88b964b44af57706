"""What is owed 欠件: filing without a paper and waiting for it until a day, waiving it 免附, noting that it came."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.completeness import STILL_OWED, LineState, MissingState, begins_on, short_of
from app.domain.errors import ChangedMeanwhile, Difference, Invalid, NotAllowed, NotFound, WrongState
from app.domain.ids import new_id
from app.domain.normal import clean_note
from app.domain.office_time import office_day
from app.domain.policy import Action
from app.models.completeness import CompletenessRule, MissingPaper
from app.models.customers import Customer
from app.models.documents import Category, Document
from app.models.intake import PaperType
from app.models.policies import Party
from app.queries.completeness import Checklist, ChecklistLine, Thing, checklist, find_thing, rule_of
from app.queries.completeness_facts import read_subject
from app.queries.completeness_papers import PERSONAL_CLASS, papers_of
from app.queries.visibility import missing_for
from app.services import trail
from app.services.conditions import subject_of
from app.services.settings import MISSING_DUE_DAYS, setting

LONGEST_REASON = 200
LATEST = timedelta(days=365)
_OWED = sorted(state.value for state in STILL_OWED)


def default_due(session: Session, today: date) -> date:
    """Return the day until which a missing paper is waited for unless somebody says another."""
    return today + timedelta(days=int(setting(session, MISSING_DUE_DAYS)))


def file_without(
    session: Session,
    actor: Actor,
    *,
    policy_id: int | None = None,
    claim_id: int | None = None,
    business: str,
    paper_type_ids: Iterable[int],
    reason: str,
    due_on: date | None = None,
    now: datetime,
    today: date,
) -> list[int]:
    """Take papers into 欠件台账: filed without them, waited for until a day; return the ids of the lines.

    Raises `NotFound`, `NotAllowed`, `Invalid` for reason, day, or a paper that is not missing.
    """
    thing = find_thing(session, actor, Action.MISSING_EDIT, policy_id=policy_id, claim_id=claim_id)
    until = due_on or default_due(session, today)
    said = _checked_reason(reason, "reason")
    _check_due(until, today)
    wanted = list(dict.fromkeys(paper_type_ids))
    lines = {line.paper_type_id: line for line in _list(session, thing, business, today).lines}
    if not wanted or any(key not in lines or lines[key].state is not LineState.MISSING for key in wanted):
        raise Invalid.field("papers", "completeness.not_missing")
    rows = [_open(session, thing, business, lines[key], until, actor, now=now, reason=said) for key in wanted]
    session.flush()
    after = {"papers": "、".join(lines[key].name for key in wanted), "due_on": until.isoformat()}
    trail.record(session, actor, "missing_opened", subject_of(thing), now=now, after=after, reason=said)
    return [row.id for row in rows]


def ask_waiver(
    session: Session,
    actor: Actor,
    *,
    policy_id: int | None = None,
    claim_id: int | None = None,
    business: str,
    paper_type_id: int,
    reason: str,
    now: datetime,
    today: date,
) -> int:
    """Ask a manager to do without a paper; return the line of the register.

    Raises `NotFound`, `NotAllowed`, `Invalid` for the reason, `WrongState` for a paper that is not missing.
    """
    thing = find_thing(session, actor, Action.MISSING_EDIT, policy_id=policy_id, claim_id=claim_id)
    said = _checked_reason(reason, "reason")
    line = next(
        (one for one in _list(session, thing, business, today).lines if one.paper_type_id == paper_type_id), None
    )
    if line is None or line.state not in (LineState.MISSING, LineState.OWED):
        raise WrongState("completeness.not_missing")
    if line.state is LineState.OWED and line.missing_id is not None:
        row = session.get_one(MissingPaper, line.missing_id, with_for_update=True)
        row.version += 1
    else:
        row = _open(session, thing, business, line, default_due(session, today), actor, now=now)
    row.state, row.waiver_reason, row.waiver_asked_by = MissingState.WAIVER.value, said, actor.account_id
    session.flush()
    trail.record(session, actor, "waiver_asked", subject_of(thing), now=now, after={"paper": line.name}, reason=said)
    return row.id


def decide_waiver(
    session: Session, actor: Actor, missing_id: int, *, granted: bool, reason: str = "", version: int, now: datetime
) -> None:
    """Grant or refuse to do without a paper; refused, it is owed as before.

    Raises `NotFound`, `NotAllowed`, `ChangedMeanwhile`, `Invalid` for a refusal without reason, and `WrongState` when
    nothing was asked, or by the actor himself.
    """
    row = load_missing(session, actor, missing_id, Action.MISSING_WAIVE, version=version)
    if row.state != MissingState.WAIVER:
        raise WrongState("missing.no_waiver")
    if actor.account_id in (row.waiver_asked_by, row.opened_by):
        raise WrongState("missing.own_waiver")
    said = clean_note(reason)[:LONGEST_REASON]
    if not granted and not said:
        raise Invalid.field("reason", "missing.reason")
    if granted:
        _close(row, MissingState.WAIVED, actor.account_id, now=now)
    else:
        row.state = MissingState.OPEN.value
    row.version += 1
    event = "waiver_granted" if granted else "waiver_refused"
    _note(session, actor, event, row, now=now, reason=said or row.waiver_reason)


def move_due(
    session: Session,
    actor: Actor,
    missing_id: int,
    due_on: date,
    reason: str,
    *,
    version: int,
    now: datetime,
    today: date,
) -> None:
    """Wait longer, or less long; reminders begin anew. Raises as `decide_waiver` does."""
    row = load_missing(session, actor, missing_id, Action.MISSING_EDIT, version=version)
    if row.state not in _OWED:
        raise WrongState("missing.closed")
    said = _checked_reason(reason, "reason")
    _check_due(due_on, today)
    before = {"due_on": row.due_on.isoformat()}
    row.due_on, row.reminded_on = due_on, None
    row.version += 1
    _note(
        session, actor, "missing_moved", row, now=now, before=before, after={"due_on": due_on.isoformat()}, reason=said
    )


def note_received(session: Session, document: Document, *, now: datetime, actor: Actor | None = None) -> Sequence[int]:
    """Close what was owed and is complete with `document`; return the closed lines of the register.

    Of what is wanted twice, or as an original, the line stays open until enough of it is there.
    """
    if document.paper_type_id is None:
        return ()
    # What is about the person himself was owed for everything of his, and for policies of others in which he stands.
    own: ColumnElement[bool] = false()
    if _is_personal(session, document):
        stands = select(Party.policy_id).where(Party.customer_id == document.customer_id)
        own = or_(MissingPaper.customer_id == document.customer_id, MissingPaper.policy_id.in_(stands))
    rows = session.scalars(
        select(MissingPaper)
        .where(
            MissingPaper.paper_type_id == document.paper_type_id,
            MissingPaper.state.in_(_OWED),
            or_(_same_thing(document), own),
        )
        .order_by(MissingPaper.id)
        .with_for_update()
    ).all()
    session.flush()
    closed = [row for row in rows if not _short(session, row)]
    for row in closed:
        by = actor.account_id if actor is not None else document.catalogued_by or document.created_by
        _close(row, MissingState.RECEIVED, by, now=now)
        row.document_id = document.id
        row.version += 1
        _note(session, actor, "missing_received", row, now=now)
    return [row.id for row in closed]


def open_missing(
    session: Session, *, policy_id: int | None = None, claim_id: int | None = None
) -> Sequence[MissingPaper]:
    """Return what a policy or claim still owes, the earliest day first."""
    claim = MissingPaper.claim_id
    statement = select(MissingPaper).where(
        MissingPaper.state.in_(_OWED),
        claim == claim_id if claim_id is not None else and_(MissingPaper.policy_id == policy_id, claim.is_(None)),
    )
    return session.scalars(statement.order_by(MissingPaper.due_on, MissingPaper.id)).all()


def load_missing(session: Session, actor: Actor, missing_id: int, action: Action, *, version: int) -> MissingPaper:
    """Return a line of the register on which `actor` may do `action`, locked.

    Raises `NotFound`, `NotAllowed`, `ChangedMeanwhile`.
    """
    joined = select(MissingPaper).join(Customer, Customer.id == MissingPaper.customer_id)
    joined = joined.where(MissingPaper.id == missing_id)
    row = session.scalar(joined.where(missing_for(actor, action)).with_for_update(of=MissingPaper))
    if row is None:
        if session.scalar(joined.where(missing_for(actor, Action.MISSING_VIEW))) is None:
            raise NotFound
        raise NotAllowed(action)
    if row.version != version:
        raise ChangedMeanwhile([Difference("state", "", row.state)], row.version)
    return row


def _list(session: Session, thing: Thing, business: str, today: date) -> Checklist:
    return checklist(session, business=business, policy_id=thing.policy_id, claim_id=thing.claim_id, today=today)


def _open(
    session: Session,
    thing: Thing,
    business: str,
    line: ChecklistLine,
    due_on: date,
    actor: Actor,
    *,
    now: datetime,
    reason: str = "",
) -> MissingPaper:
    row = MissingPaper(
        id=new_id(),
        branch_id=thing.branch_id,
        customer_id=thing.customer_id,
        business=business,
        rule_id=line.rule_id,
        paper_type_id=line.paper_type_id,
        state=MissingState.OPEN.value,
        reason=reason,
        due_on=due_on,
        opened_by=actor.account_id,
        opened_at=now,
        version=1,
        **thing.keys,
    )
    session.add(row)
    return row


def _short(session: Session, row: MissingPaper) -> int:
    """Return how many copies are still missing, counted by the rule under which the paper was owed."""
    subject = read_subject(session, policy_id=row.policy_id, claim_id=row.claim_id)
    since = begins_on(row.business, office_day(row.opened_at))
    papers = papers_of(session, [subject], since=since)[0].get(row.paper_type_id, ())
    rule = session.get(CompletenessRule, row.rule_id) if row.rule_id is not None else None
    if rule is None:
        return 0
    return short_of(rule_of(rule), len(papers), sum(paper.is_original for paper in papers))


def _close(row: MissingPaper, state: MissingState, by: int | None, *, now: datetime) -> None:
    row.state, row.closed_by, row.closed_at = state.value, by, now


def _same_thing(document: Document) -> ColumnElement[bool]:
    if document.claim_id is not None:
        return MissingPaper.claim_id == document.claim_id
    if document.policy_id is not None:
        return and_(MissingPaper.policy_id == document.policy_id, MissingPaper.claim_id.is_(None))
    return false()


def _is_personal(session: Session, document: Document) -> bool:
    """Say whether a paper is about the person himself, so that it serves everything of his."""
    code = session.scalar(
        select(Category.code)
        .join(PaperType, PaperType.category_id == Category.id)
        .where(PaperType.id == document.paper_type_id, PaperType.business == "")
    )
    return code is not None and code.startswith(PERSONAL_CLASS)


def _checked_reason(reason: str, field: str) -> str:
    said = clean_note(reason)
    if not said:
        raise Invalid.field(field, "missing.reason")
    if len(said) > LONGEST_REASON:
        raise Invalid.field(field, "missing.reason_long")
    return said


def _check_due(day: date, today: date) -> None:
    if not today <= day <= today + LATEST:
        raise Invalid.field("due_on", "missing.due")


def _note(session: Session, actor: Actor | None, event: str, row: MissingPaper, *, now: datetime, **texts: Any) -> None:
    session.flush()
    name = session.scalar(select(PaperType.name).where(PaperType.id == row.paper_type_id)) or ""
    subject = trail.Subject("missing_paper", row.id, name, row.customer_id)
    trail.record(session, actor, event, subject, now=now, **texts)
