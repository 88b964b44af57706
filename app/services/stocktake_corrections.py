"""Correcting the books after a stock-taking: proposed by who counted, decided by the manager, applied paper by paper."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from app.domain.actor import Actor, Role
from app.domain.errors import NotFound, WrongState
from app.domain.ids import encode_id
from app.domain.loan_rules import Approver
from app.domain.office_time import office_day
from app.domain.policy import Action
from app.domain.stocktaking import Correction, Result, StocktakeState
from app.domain.whereabouts import Whereabouts
from app.models.accounts import Account, Grant
from app.models.documents import Document
from app.models.rounds import Stocktake, StocktakeLine
from app.models.storage import Box, Movement, Place, Volume
from app.queries.accounts import held_now
from app.queries.stocktakes import correctable
from app.services import papers, trail
from app.services.loan_decisions import managers_for
from app.services.loan_queue import call_next, lock_papers
from app.services.notices import notify
from app.services.stocktakes import HOLDER, load_stocktake, note, require_other_person

# Papers that one press corrects: each is locked, moved and told of in the trail.
MOST_AT_ONCE = 200


def propose_corrections(
    session: Session, actor: Actor, stocktake_id: int, line_id: int | None = None, *, now: datetime
) -> int:
    """Propose the correction of one line, or of all that can be corrected, and return how many that were."""
    stocktake = _in_review(session, actor, stocktake_id, Action.ROUND_RUN)
    wanted = StocktakeLine.stocktake_id == stocktake_id
    is_first = session.scalar(select(StocktakeLine.id).where(wanted, _waiting()).limit(1)) is None
    if line_id is not None:
        wanted = wanted & (StocktakeLine.id == line_id)
    proposed = session.execute(
        update(StocktakeLine)
        .where(wanted, StocktakeLine.correction == Correction.NONE.value, correctable())
        .values(correction=Correction.PROPOSED.value)
        .returning(StocktakeLine.id)
        .execution_options(synchronize_session=False)
    ).all()
    if proposed:
        note(session, actor, "stocktake_proposed", stocktake, now=now, after={"lines": len(proposed)})
        if is_first:
            _tell(session, stocktake, _managers(session, stocktake.branch_id, now=now), "stocktake_to_approve", now=now)
    return len(proposed)


def decide_corrections(
    session: Session,
    actor: Actor,
    stocktake_id: int,
    line_id: int | None = None,
    *,
    approved: bool,
    now: datetime,
) -> tuple[int, int]:
    """Decide on one proposal or the next two hundred, and return how many that were and how many still wait.

    Raises `WrongState` with `stocktake.approve_self` for whoever counted.
    """
    stocktake = _in_review(session, actor, stocktake_id, Action.ROUND_APPROVE)
    require_other_person(session, actor, stocktake)
    waiting = (StocktakeLine.stocktake_id == stocktake_id) & _waiting()
    chosen = waiting & (StocktakeLine.id == line_id) if line_id is not None else waiting
    lines = session.scalars(select(StocktakeLine).where(chosen).order_by(StocktakeLine.id).limit(MOST_AT_ONCE)).all()
    if line_id is not None and not lines:
        raise NotFound
    if approved:
        _apply(session, actor, stocktake, lines, now=now)
    for line in lines:
        line.correction = (Correction.APPROVED if approved else Correction.REFUSED).value
    event = "stocktake_approved" if approved else "stocktake_refused"
    note(session, actor, event, stocktake, now=now, after={"lines": len(lines)})
    left = session.scalars(select(StocktakeLine.id).where(waiting).limit(MOST_AT_ONCE + 1)).all()
    if lines and not left:
        _tell(session, stocktake, [stocktake.started_by], "stocktake_decided", now=now)
    return len(lines), len(left)


def _waiting() -> ColumnElement[bool]:
    return StocktakeLine.correction == Correction.PROPOSED.value


def _managers(session: Session, branch_id: int, *, now: datetime) -> Sequence[int]:
    """Return the managers of a branch; where it has none, those above it."""
    own = session.scalars(
        select(Grant.account_id)
        .join(Account, Account.id == Grant.account_id)
        .where(Grant.role == Role.MANAGER.value, Grant.branch_id == branch_id, held_now(now))
        .where(Account.state == "active")
        .distinct()
    ).all()
    return own or [account_id for account_id, _ in managers_for(session, branch_id, Approver.MANAGER, now=now)]


def _tell(session: Session, stocktake: Stocktake, people: Sequence[int], kind: str, *, now: datetime) -> None:
    path = f"/storage/rounds/{encode_id(stocktake.id)}"
    for account_id in people:
        notify(session, account_id, kind, now=now, path=path, details={"number": stocktake.number})


def _in_review(session: Session, actor: Actor, stocktake_id: int, action: Action) -> Stocktake:
    stocktake = load_stocktake(session, actor, stocktake_id, action)
    if stocktake.state != StocktakeState.REVIEW:
        raise WrongState(f"stocktake.is_{stocktake.state}")
    return stocktake


def _apply(
    session: Session, actor: Actor, stocktake: Stocktake, lines: Sequence[StocktakeLine], *, now: datetime
) -> None:
    """Put the books right; all papers are locked first, in one order, before anything is written."""
    ids = {line.document_id for line in lines if line.document_id is not None}
    volumes = session.scalars(select(Document.volume_id).where(Document.id.in_(ids), Document.volume_id.is_not(None)))
    bound = session.scalars(select(Document.id).where(Document.volume_id.in_(set(volumes))))
    locked = lock_papers(session, ids | set(bound))
    for line in lines:
        if line.document_id is not None:
            _correct(session, actor, stocktake, line, locked[line.document_id], locked, now=now)


def _correct(
    session: Session,
    actor: Actor,
    stocktake: Stocktake,
    line: StocktakeLine,
    paper: Document,
    locked: dict[int, Document],
    *,
    now: datetime,
) -> None:
    """Put one paper right by what was found; what has changed meanwhile stays as it is."""
    reason = papers.Reason(papers.COUNT, HOLDER, stocktake.id, remark=stocktake.number)
    before = {"place": papers.place_name(session, paper.box_id), "whereabouts": paper.whereabouts}
    if line.result == Result.MISSING:
        if paper.whereabouts == Whereabouts.SHELF:
            papers.move_paper(session, actor, paper, Whereabouts.MISSING, reason, now=now)
    elif line.result != Result.ON_LOAN_PRESENT:
        if line.result == Result.MISPLACED:
            _rebox(session, actor, stocktake, line, paper, locked, now=now)
        if paper.whereabouts == Whereabouts.MISSING:
            papers.move_paper(session, actor, paper, Whereabouts.SHELF, reason, now=now)
            call_next(session, paper.id, now=now, today=office_day(now))
    after = {"place": papers.place_name(session, paper.box_id), "whereabouts": paper.whereabouts}
    # On loan and yet present: the desk takes it back, with pages counted; here it is only written down.
    subject = papers.paper_subject(paper)
    trail.record(
        session, actor, "stocktake_corrected", subject, now=now, before=before, after=after, reason=stocktake.number
    )


def _rebox(
    session: Session,
    actor: Actor,
    stocktake: Stocktake,
    line: StocktakeLine,
    paper: Document,
    locked: dict[int, Document],
    *,
    now: datetime,
) -> None:
    """Let the books follow: into the box it was found in, a bound volume whole; or the box to the shelf it was found on."""
    box = session.get(Box, line.found_box_id) if line.found_box_id is not None else None
    if box is None or box.branch_id != paper.branch_id:
        return
    if paper.box_id == box.id:
        _move_box(session, actor, stocktake, box, line.found_place_id, now=now)
        return
    moving = [paper]
    if paper.volume_id is not None:
        session.get_one(Volume, paper.volume_id).box_id = box.id
        moving = [each for each in locked.values() if each.volume_id == paper.volume_id]
    for each in moving:
        left = papers.place_name(session, each.box_id)
        each.box_id = box.id
        names = (left, papers.place_name(session, box.id))
        session.add(_movement(actor, stocktake, names, document_id=each.id, now=now))
    session.flush()


def _move_box(
    session: Session, actor: Actor, stocktake: Stocktake, box: Box, place_id: int | None, *, now: datetime
) -> None:
    place = session.get(Place, place_id) if place_id is not None else None
    if place is None or box.place_id == place.id or place.branch_id != box.branch_id:
        return
    left = session.scalar(select(Place.full_code).where(Place.id == box.place_id)) or ""
    box.place_id = place.id
    box.version += 1
    session.add(_movement(actor, stocktake, (left, place.full_code), box_id=box.id, now=now))
    session.flush()


def _movement(
    actor: Actor,
    stocktake: Stocktake,
    names: tuple[str, str],
    *,
    document_id: int | None = None,
    box_id: int | None = None,
    now: datetime,
) -> Movement:
    return Movement(
        branch_id=stocktake.branch_id,
        at=now,
        direction="move",
        reason=papers.COUNT,
        document_id=document_id,
        box_id=box_id,
        from_place=names[0],
        to_place=names[1],
        holder_kind=HOLDER,
        holder_id=stocktake.id,
        account_id=actor.account_id,
        remark=stocktake.number,
    )
