"""Who may not touch a case 回避 (Art. 17): the accused from the first moment, relatives, who has an interest, who says so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, false, func, or_, select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.case_terms import BarRelation
from app.domain.cases import WORKING_STATES
from app.domain.errors import Invalid, WrongState
from app.domain.normal import clean_name, clean_note, compact_number
from app.domain.policy import Action
from app.models.accounts import Account
from app.models.cases import Case, CaseBar
from app.models.claims import Claim
from app.models.consultations import Consultation
from app.models.customers import Customer
from app.models.evidence import Notice
from app.models.policies import Policy
from app.services.case_people import managers_of, path_of, tell_people
from app.services.case_steps import load_case, note_change

LONGEST_REASON = 200
MOST_NAMESAKES = 50


@dataclass(frozen=True, slots=True)
class Interested:
    """Somebody who had to do with what a complaint is about; `why` is policy, claim, agent or consultation."""

    account_id: int
    name: str
    username: str
    why: str


def bar_accused(
    session: Session, actor: Actor, case: Case, *, chosen: int | None = None, frees: bool = True, now: datetime
) -> None:
    """Bar who is accused in a case: the account that was chosen, who has the number, else everybody of that name.

    Who was barred as accused and is it no longer goes free, unless `frees` is false: not everybody who may correct a
    registration may let somebody back to it.
    """
    wanted = accused_accounts(session, case, chosen)
    there = {bar.account_id: bar for bar in session.scalars(select(CaseBar).where(CaseBar.case_id == case.id))}
    for account_id in sorted(wanted - set(there)):
        _add(session, actor, case, account_id, BarRelation.ACCUSED, "", now=now)
    for account_id, bar in there.items():
        if frees and bar.relation == BarRelation.ACCUSED and account_id not in wanted:
            session.delete(bar)
    session.flush()
    if case.handler_id is not None and case.handler_id in wanted:
        _take_off(session, case, now=now)


def accused_accounts(session: Session, case: Case, chosen: int | None = None) -> set[int]:
    """Return the accounts that are accused in a case by what its registration says."""
    found = {chosen} if chosen is not None else set()
    number, name = compact_number(case.accused_number).lower(), clean_name(case.accused_name)
    by_number: dict[int, str] = {}
    if number:
        rows = session.execute(select(Account.id, Account.full_name).where(_has_number(number))).all()
        by_number = {account_id: full_name for account_id, full_name in rows}
    found |= set(by_number)
    # A number whose holder bears another name may be mistaken: then the name bars as well.
    if name and name not in {clean_name(each) for each in by_number.values()} and chosen is None:
        found |= set(session.scalars(select(Account.id).where(Account.full_name.in_({name, case.accused_name}))))
    return found


def add_bar(
    session: Session, actor: Actor, case_id: int, person: str, relation: str, reason: str, *, now: datetime
) -> int:
    """Bar somebody, named by name, user name or number, from a case; return his account.

    A barred handler is taken off at once. Raises `Invalid`, `NotAllowed`, `NotFound`, `WrongState`.
    """
    case = load_case(session, actor, case_id, Action.CASE_ASSIGN)
    _require_working(case)
    if relation not in (BarRelation.RELATIVE, BarRelation.INTEREST, BarRelation.ACCUSED):
        raise Invalid.field("relation", "case.relation")
    said = _reason(reason, "case.bar_reason_missing")
    account_id = find_person(session, person)
    if session.get(CaseBar, (case.id, account_id)) is not None:
        raise Invalid.field("person", "case.barred_already")
    _bar(session, actor, case, account_id, BarRelation(relation), said, now=now)
    return account_id


def declare_bar(session: Session, actor: Actor, case_id: int, reason: str, *, now: datetime) -> None:
    """Let the actor bar himself 自行回避; managers are told that the case has nobody. Raises like `add_bar`."""
    case = load_case(session, actor, case_id, Action.CASE_HANDLE)
    _require_working(case)
    _bar(
        session,
        actor,
        case,
        actor.account_id,
        BarRelation.DECLARED,
        _reason(reason, "case.bar_reason_missing"),
        now=now,
    )


def lift_bar(session: Session, actor: Actor, case_id: int, account_id: int, reason: str, *, now: datetime) -> None:
    """Let somebody back to a case, for a reason; never who is accused in it, never oneself.

    Raises `Invalid`, `NotAllowed`, `NotFound`, `WrongState`.
    """
    case = load_case(session, actor, case_id, Action.CASE_ASSIGN)
    _require_working(case)
    bar = session.get(CaseBar, (case.id, account_id))
    if bar is None:
        raise WrongState("case.not_barred")
    if account_id == actor.account_id:
        raise WrongState("case.bar_own")
    if bar.relation == BarRelation.ACCUSED and account_id in accused_accounts(session, case):
        raise WrongState("case.bar_of_accused")
    said = _reason(reason, "case.lift_reason_missing")
    session.delete(bar)
    note_change(session, actor, case, "case_unbarred", now=now, before={"relation": bar.relation}, reason=said)


def interested_accounts(session: Session, case: Case) -> Sequence[Interested]:
    """Return who had to do with the policy, claim or consultation of a case and is not barred from it yet.

    Whoever gives the case to somebody is shown them: they may have an interest in it (Art. 17).
    """
    found: dict[int, str] = {}
    asked = (
        ("claim", select(Claim.created_by).where(Claim.id == case.claim_id)),
        ("policy", select(Policy.created_by).where(Policy.id == case.policy_id)),
        ("agent", select(Customer.agent_id).where(Customer.id == case.customer_id)),
        ("consultation", select(Consultation.logged_by).where(Consultation.id == case.consultation_id)),
    )
    for why, statement in asked:
        account_id = session.scalar(statement)
        if account_id is not None:
            found.setdefault(account_id, why)
    barred = select(CaseBar.account_id).where(CaseBar.case_id == case.id)
    rows = session.execute(
        select(Account.id, Account.full_name, Account.username)
        .where(Account.id.in_(sorted(found)), Account.id.not_in(barred))
        .order_by(Account.full_name, Account.id)
    )
    return [Interested(account_id, name, username, found[account_id]) for account_id, name, username in rows]


def interested_in(session: Session, case_id: int) -> Sequence[Interested]:
    """Return what `interested_accounts` returns, for a page that has shown the case to its reader already."""
    return interested_accounts(session, session.get_one(Case, case_id))


def find_person(session: Session, typed: str) -> int:
    """Return the account that somebody named: by user name or number, else by a name that only one bears.

    Raises `Invalid`.
    """
    text = clean_name(typed)
    if not text:
        raise Invalid.field("person", "case.person_missing")
    same = or_(Account.full_name == text, _has_number(compact_number(text).lower()))
    rows = session.execute(select(Account.id, Account.full_name).where(same).limit(MOST_NAMESAKES)).all()
    by_number = [account_id for account_id, full_name in rows if full_name != text]
    found = by_number or [account_id for account_id, _ in rows]
    if len(found) != 1:
        raise Invalid.field("person", "case.person_ambiguous" if found else "case.person_unknown")
    return int(found[0])


def _has_number(number: str) -> ColumnElement[bool]:
    """Return the condition that finds who has a user name or an employee's number, dashes or not."""
    if not number:
        return false()
    return or_(
        func.replace(Account.username, "-", "") == number,
        func.replace(func.lower(Account.employee_number), "-", "") == number,
    )


def _bar(
    session: Session,
    actor: Actor,
    case: Case,
    account_id: int,
    relation: BarRelation,
    reason: str,
    *,
    now: datetime,
) -> None:
    _add(session, actor, case, account_id, relation, reason, now=now)
    if case.handler_id == account_id:
        _take_off(session, case, now=now)
    note_change(session, actor, case, "case_barred", now=now, after={"relation": relation.value}, reason=reason)


def _add(
    session: Session,
    actor: Actor,
    case: Case,
    account_id: int,
    relation: BarRelation,
    reason: str,
    *,
    now: datetime,
) -> None:
    session.add(
        CaseBar(
            case_id=case.id,
            account_id=account_id,
            relation=relation.value,
            reason=reason,
            barred_by=actor.account_id,
            barred_at=now,
        )
    )
    # What he was told of the case before goes as well.
    session.execute(delete(Notice).where(Notice.account_id == account_id, Notice.path.startswith(path_of(case))))
    session.flush()
    for review in session.scalars(select(Case).where(Case.parent_id == case.id)).all():
        if session.get(CaseBar, (review.id, account_id)) is None:
            _add(session, actor, review, account_id, relation, reason, now=now)
            if review.handler_id == account_id:
                _take_off(session, review, now=now)


def _take_off(session: Session, case: Case, *, now: datetime) -> None:
    """Leave a case without handler and tell the managers so."""
    case.handler_id, case.declared_at = None, None
    session.flush()
    tell_people(session, case, managers_of(session, case, case.branch_id, now=now), "case_without_handler", now=now)


def _require_working(case: Case) -> None:
    if case.state not in WORKING_STATES:
        raise WrongState("case.bar_over")


def _reason(typed: str, code: str) -> str:
    said = clean_note(typed)[:LONGEST_REASON]
    if not said:
        raise Invalid.field("reason", code)
    return said
