"""What is done at the desk 出纳台: papers are handed out and come back, counted and looked at item by item."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.errors import Invalid
from app.domain.loan_terms import EFFECTS, Inspection, check_inspection, check_pages, due_day
from app.domain.loans import LoanStep
from app.domain.whereabouts import Whereabouts
from app.models.accounts import Account
from app.models.borrowing import LoanRequest
from app.ports import StoredBlob
from app.queries.clocks import calendar_of
from app.services import papers
from app.services.evidence import add_signature
from app.services.loan_changes import expire, find, lose, recall, renew
from app.services.loan_holding import Held, close_if_done, hold_at_desk, require_reach
from app.services.loan_queue import call_next, is_promised, path_of
from app.services.loan_steps import take_step
from app.services.notices import notify

HOLDER = "loan_item"  # of signatures and photos
OUT, BACK = "out", "back"
__all__ = ["Signed", "Use", "call_waiting", "expire", "find", "give_back", "hand_out", "lose", "recall", "renew"]


@dataclass(frozen=True, slots=True)
class Signed:
    """Who signed: with a drawn `image` that the store holds, or without one on the printed slip."""

    signer: str
    image: StoredBlob | None = None


@dataclass(frozen=True, slots=True)
class Use:
    """What came of the use 利用效果."""

    effect: str
    note: str = ""


def hand_out(
    session: Session,
    actor: Actor,
    pages: Mapping[int, int],
    signed: Signed | None = None,
    *,
    now: datetime,
    today: date,
) -> None:
    """Hand out items that lie ready; `pages` maps each item to the pages that were counted. All of them or none.

    Raises `NotFound`, `Invalid` on field `pages`, `WrongState` for an item that is not ready or a paper that is not there.
    """
    for held in hold_at_desk(session, actor, pages):
        _hand_out(session, actor, held, pages[held.item.id], now=now, today=today)
        _sign(session, actor, held, OUT, signed, now=now)


def give_back(
    session: Session,
    actor: Actor,
    seen: Mapping[int, Inspection],
    use: Use | None = None,
    signed: Signed | None = None,
    *,
    now: datetime,
    today: date,
) -> None:
    """Take items back after a look at each; those of the same request that are not named stay out.

    A paper that came back whole goes on to the next in line; one that did not waits until somebody has decided on it.
    Raises `NotFound`, `Invalid` on fields `pages`, `condition`, `damage_note` and `effect`, `WrongState` for what is
    not out.
    """
    back = hold_at_desk(session, actor, seen)
    for held in back:
        _give_back(session, actor, held, seen[held.item.id], now=now)
        _sign(session, actor, held, BACK, signed, now=now)
        if use is not None:
            _keep_use(held.request, use, now=now)
    for held in back:
        if held.item.condition == "intact":
            call_next(session, held.document.id, now=now, today=today)
    for request_id in sorted({held.request.id for held in back}):
        close_if_done(session, request_id, now=now)


def call_waiting(session: Session, actor: Actor, document_id: int, *, now: datetime, today: date) -> bool:
    """Call the next in line for a paper that was held back after its return; False when nobody could be called.

    Raises `NotFound`.
    """
    require_reach(session, actor, [document_id])
    papers.lock_paper(session, document_id)
    free = not is_promised(session, document_id)
    call_next(session, document_id, now=now, today=today)
    return free and is_promised(session, document_id)


def _hand_out(session: Session, actor: Actor, held: Held, pages: int, *, now: datetime, today: date) -> None:
    item, request = held.item, held.request
    check_pages(pages)
    take_step(session, actor, item, LoanStep.HAND_OUT, now=now)
    papers.require_lendable(held.document)
    item.out_at, item.out_by, item.pages_out = now, actor.account_id, pages
    item.due_on = due_day(
        today, request.days, on_site_only=request.on_site_only, way=request.way, exceptions=calendar_of(session)
    )
    reason = papers.Reason(papers.LOAN, "loan", request.id, counterpart=_borrower(session, request))
    papers.move_paper(session, actor, held.document, Whereabouts.LOAN, reason, now=now)
    told: dict[str, str | int] = {"due_on": item.due_on.isoformat(), "pages": pages}
    held.note(session, actor, "loan_handed_out", now=now, after=told)


def _give_back(session: Session, actor: Actor, held: Held, seen: Inspection, *, now: datetime) -> None:
    item = held.item
    take_step(session, actor, item, LoanStep.GIVE_BACK, now=now)
    check_inspection(seen, item.pages_out)
    item.back_at, item.back_by, item.pages_back = now, actor.account_id, seen.pages
    item.condition, item.damage_note = seen.condition, seen.damage_note.strip()[:300]
    reason = papers.Reason(papers.LOAN, "loan", held.request.id, counterpart=_borrower(session, held.request))
    papers.move_paper(session, actor, held.document, Whereabouts.SHELF, reason, now=now)
    told: dict[str, str | int] = {"pages": seen.pages, "condition": seen.condition}
    held.note(session, actor, "loan_given_back", now=now, after=told)
    details = {"number": held.request.number}
    notify(session, held.request.borrower_id, "loan_given_back", now=now, path=path_of(held.request), details=details)


def _keep_use(request: LoanRequest, use: Use, *, now: datetime) -> None:
    if use.effect not in EFFECTS:
        raise Invalid.field("effect", "desk.effect")
    request.effect, request.effect_note, request.effect_at = use.effect, use.note.strip()[:500], now


def _sign(session: Session, actor: Actor, held: Held, moment: str, signed: Signed | None, *, now: datetime) -> None:
    if signed is not None:
        add_signature(session, actor, HOLDER, held.item.id, moment, signed.signer, signed.image, now=now)


def _borrower(session: Session, request: LoanRequest) -> str:
    return session.scalars(select(Account.full_name).where(Account.id == request.borrower_id)).one()
