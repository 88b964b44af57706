"""Giving a case to somebody 交办, handing it over 转办, and handing over all that somebody has.

Whoever receives a case declares anew that he has no interest in it (Art. 17). Who is barred is never given a case: his
bar and the case's new handler are written under the same lock.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.cases import WORKING_STATES
from app.domain.errors import Invalid, NotAllowed, NotFound, WrongState
from app.domain.normal import clean_note
from app.domain.policy import Action
from app.models.accounts import Account
from app.models.cases import Case
from app.queries.case_candidates import MOST_AT_ONCE, is_barred, may_be_given, may_give
from app.services.case_notes import LONGEST_NOTE, append_note
from app.services.case_people import tell_people
from app.services.case_steps import load_case, note_change
from app.services.notices import notify


@dataclass(frozen=True, slots=True)
class HandedOver:
    """How many cases somebody was given, and how many were left because they had changed or do not fit."""

    given: int
    left: int


def assign(
    session: Session, actor: Actor, case_id: int, to_id: int | None, *, word: str = "", version: int, now: datetime
) -> None:
    """Give a case to somebody, with a word to go with it.

    Raises `NotFound`, `NotAllowed`, `Invalid` for somebody who may not have it, `WrongState` for a case that is over
    or has changed meanwhile.
    """
    case = _load(session, actor, case_id)
    if case.version != version:
        raise WrongState("case.changed")
    if case.state not in WORKING_STATES:
        raise WrongState("assign.over")
    _require_candidate(session, actor, case, to_id, now=now)
    _give(session, actor, case, to_id, word, now=now)
    _tell(session, actor, case, now=now)


def hand_over_all(
    session: Session,
    actor: Actor,
    from_id: int,
    to_id: int | None,
    case_ids: Iterable[int],
    *,
    word: str,
    now: datetime,
) -> HandedOver:
    """Give the chosen open cases of one person to another; what changed meanwhile stays where it is.

    Raises `Invalid` when nothing was chosen, the two are the same or nobody was chosen.
    """
    wanted = sorted(set(case_ids))
    if to_id is None or to_id == from_id:
        raise Invalid.field("to_id", "assign.same" if to_id else "assign.nobody")
    if not wanted:
        raise Invalid.field("", "assign.none_chosen")
    if len(wanted) > MOST_AT_ONCE:
        raise Invalid.field("", "assign.too_many")
    given = sum(_give_one(session, actor, case_id, from_id, to_id, word, now=now) for case_id in wanted)
    if given and to_id != actor.account_id:
        notify(session, to_id, "cases_given", now=now, path="/casework/mine", details={"n": given})
    return HandedOver(given, len(wanted) - given)


def _load(session: Session, actor: Actor, case_id: int) -> Case:
    """Return a case under its lock for who may give it: a manager of its branch, or its handler and who stands in."""
    case = load_case(session, actor, case_id, Action.CASE_HANDLE)
    if session.scalar(select(Case.id).where(Case.id == case.id, may_give(actor))) is None:
        raise NotAllowed(Action.CASE_ASSIGN)
    return case


def _require_candidate(session: Session, actor: Actor, case: Case, to_id: int | None, *, now: datetime) -> None:
    if to_id is None:
        raise Invalid.field("to_id", "assign.nobody")
    if to_id == case.handler_id:
        raise Invalid.field("to_id", "assign.same")
    if is_barred(session, case.id, to_id):
        raise Invalid.field("to_id", "assign.barred")
    if not may_be_given(session, case, to_id, actor, now=now):
        raise Invalid.field("to_id", "assign.not_fit")


def _give_one(
    session: Session, actor: Actor, case_id: int, from_id: int, to_id: int, word: str, *, now: datetime
) -> bool:
    try:
        case = _load(session, actor, case_id)
        if case.handler_id != from_id or case.state not in WORKING_STATES:
            return False
        _require_candidate(session, actor, case, to_id, now=now)
    except (NotFound, NotAllowed, Invalid):
        return False
    _give(session, actor, case, to_id, word, now=now)
    return True


def _give(session: Session, actor: Actor, case: Case, to_id: int | None, word: str, *, now: datetime) -> None:
    """Make somebody the handler, who has to declare anew."""
    names = _usernames(session, case.handler_id, to_id)
    before, after = {"handler": names.get(case.handler_id, "")}, {"handler": names.get(to_id, "")}
    is_first = case.handler_id is None
    case.handler_id, case.declared_at = to_id, None
    if said := clean_note(word)[:LONGEST_NOTE]:
        append_note(session, actor, case, said, now=now)
    note_change(
        session, actor, case, "case_assigned" if is_first else "case_handed_over", now=now, before=before, after=after
    )


def _tell(session: Session, actor: Actor, case: Case, *, now: datetime) -> None:
    due = case.due_on.isoformat() if case.due_on else "—"
    tell_people(session, case, [case.handler_id], "case_given", now=now, but=actor.account_id, details={"due_on": due})


def _usernames(session: Session, *ids: int | None) -> dict[int | None, str]:
    wanted = [account_id for account_id in ids if account_id is not None]
    return {
        found: name
        for found, name in session.execute(select(Account.id, Account.username).where(Account.id.in_(wanted)))
    }
