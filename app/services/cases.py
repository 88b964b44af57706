"""Registering complaints 投诉登记: number, clocks, who is barred from the first moment on."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.case_registration import Registration, check_registration, is_major
from app.domain.case_terms import CAUSES, BarRelation
from app.domain.cases import CaseKind, CaseState
from app.domain.deadlines import Event, EventKind
from app.domain.errors import NotAllowed
from app.domain.ids import new_id
from app.domain.normal import clean_note, clean_phone, clean_text, compact_number
from app.domain.office_time import office_day
from app.domain.policy import Action, Target, may
from app.models.accounts import Account
from app.models.cases import Case, CaseBar, CaseCause, CaseStatement
from app.models.fields import field_cipher
from app.services import outbox, trail
from app.services.case_steps import case_subject, keep_main_clock
from app.services.clocks import CASE, add_event, open_clock
from app.services.numbers import take_number

LEVEL = 3
REPEAT_WITHIN = timedelta(days=365)
# The clocks that every complaint gets; the right to ask for re-examination begins when the decision arrives.
CLOCKS = ("complaint", "complaint_reply_warning", "review_request")


def seed_causes(session: Session) -> None:
    """Write the seed of the tree of causes where there is none yet."""
    if session.scalar(select(CaseCause.id).limit(1)) is not None:
        return
    for code, stage, causes in CAUSES:
        parent = CaseCause(id=new_id(), code=code, name=stage)
        session.add(parent)
        session.flush()
        session.add_all(
            CaseCause(id=new_id(), parent_id=parent.id, code=f"{code}{place:02}", name=cause)
            for place, cause in enumerate(causes, 1)
        )
    session.flush()


def register_case(session: Session, actor: Actor, typed: Registration, *, now: datetime) -> int:
    """Register a complaint, start its clocks and return its id; who is accused is barred from it at once.

    Raises `NotAllowed`, `Invalid`.
    """
    if not may(actor, Action.CASE_REGISTER, Target(typed.branch_id, LEVEL)):
        raise NotAllowed(Action.CASE_REGISTER)
    check_registration(typed, now)
    case_id, year = new_id(), office_day(now).year
    number = take_number(
        session,
        actor,
        f"case|{year}",
        lambda value: f"TS{year}-{value:06}",
        holder_kind="case",
        holder_id=case_id,
        now=now,
    )
    case = Case(
        id=case_id,
        number=number,
        kind=CaseKind.COMPLAINT.value,
        state=CaseState.REGISTERED.value,
        level=LEVEL,
        persons=typed.persons,
        is_group=typed.persons > 1,
        is_major=is_major(typed),
        is_repeat=_complained_before(session, typed),
        registered_by=actor.account_id,
        registered_at=now,
        updated_at=now,
        **{name: getattr(typed, name) for name in _COPIED},
        **{name: clean_text(getattr(typed, name)) for name in _CLEANED},
    )
    session.add(case)
    session.flush()
    session.add(_statement(case, typed))
    _bar_accused(session, actor, case, typed, now=now)
    _start_clocks(session, actor, case, typed, now=now)
    trail.record(session, actor, "case_registered", case_subject(case), now=now)
    outbox.announce(session, "case", case.id, now=now)
    return case.id


_COPIED = (
    *("branch_id", "channel", "received_at", "customer_id", "policy_id", "claim_id", "consultation_id"),
    *("accused_branch_id", "line", "sales_channel", "amount", "dispute", "stage_id", "cause_id", "is_violation"),
)
_CLEANED = ("forward_number", "place", "accused_name", "accused_number", "partner")
_SAID_SHORT = ("name", "address", "legal_representative", "agent_name")
_SAID_LONG = ("request", "facts", "grounds")


def blind(field: str, value: str) -> str:
    """Return the fingerprint of a complainant's name, number or phone, for exact search; empty for nothing."""
    return field_cipher().blind(value, f"case_statements.{field}".encode()) if value else ""


def blinds_of(typed: Registration) -> dict[str, str]:
    """Return the fingerprints of who complains."""
    return {
        "name_blind": blind("name", clean_text(typed.name)),
        "id_number_blind": blind("id_number", compact_number(typed.id_number)),
        "phone_blind": blind("phone", clean_phone(typed.phone)),
    }


def _statement(case: Case, typed: Registration) -> CaseStatement:
    return CaseStatement(
        case_id=case.id,
        complainant_kind=typed.complainant_kind.value,
        id_kind=typed.id_kind,
        id_number=compact_number(typed.id_number),
        phone=clean_phone(typed.phone),
        agent_id_number=compact_number(typed.agent_id_number),
        agent_phone=clean_phone(typed.agent_phone),
        papers=json.dumps({kind: text.strip() for kind, text in typed.papers.items() if text.strip()}),
        representatives="\n".join(clean_text(name) for name in typed.representatives),
        **{name: clean_text(getattr(typed, name)) for name in _SAID_SHORT},
        **{name: clean_note(getattr(typed, name)) for name in _SAID_LONG},
        **blinds_of(typed),
    )


def _complained_before(session: Session, typed: Registration) -> bool:
    """Say whether the same person, by number or phone or as our customer, complained within a year."""
    blinds = blinds_of(typed)
    same: list[ColumnElement[bool]] = []
    if blinds["id_number_blind"]:
        same.append(CaseStatement.id_number_blind == blinds["id_number_blind"])
    if blinds["phone_blind"]:
        same.append(CaseStatement.phone_blind == blinds["phone_blind"])
    if typed.customer_id is not None:
        same.append(Case.customer_id == typed.customer_id)
    if not same:
        return False
    earlier = (
        select(func.count())
        .select_from(Case)
        .join(CaseStatement, CaseStatement.case_id == Case.id)
        .where(or_(*same), Case.kind == CaseKind.COMPLAINT.value, Case.received_at >= typed.received_at - REPEAT_WITHIN)
    )
    return bool(session.scalar(earlier))


def _bar_accused(session: Session, actor: Actor, case: Case, typed: Registration, *, now: datetime) -> None:
    """Bar who is accused: the account that was chosen, and everybody of that name or number in the house."""
    session.add_all(
        CaseBar(
            case_id=case.id,
            account_id=account_id,
            relation=BarRelation.ACCUSED.value,
            barred_by=actor.account_id,
            barred_at=now,
        )
        for account_id in sorted(set(_accused_accounts(session, case, typed.accused_account_id)))
    )
    session.flush()


def _accused_accounts(session: Session, case: Case, chosen: int | None) -> Iterable[int]:
    if chosen is not None:
        yield chosen
    named = [
        *([Account.full_name == case.accused_name] if case.accused_name else []),
        *([Account.username == case.accused_number] if case.accused_number else []),
    ]
    if named:
        yield from session.scalars(select(Account.id).where(or_(*named)))


def _start_clocks(session: Session, actor: Actor, case: Case, typed: Registration, *, now: datetime) -> None:
    for code in CLOCKS:
        day = office_day(typed.received_at)
        open_clock(session, CASE, case.id, code, branch_id=case.branch_id, day=day, now=now)
    add_event(session, actor, CASE, case.id, Event(EventKind.RECEIVED, typed.received_at), now=now)
    keep_main_clock(session, case)
    session.flush()
