"""Registering complaints 投诉登记 and correcting what was registered: number, clocks, who is barred from the first moment on."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.case_registration import Registration, check_registration, is_major
from app.domain.case_terms import CAUSES
from app.domain.cases import CaseKind, CaseState
from app.domain.deadlines import Event, EventKind
from app.domain.errors import DomainError, Invalid, NotAllowed, WrongState
from app.domain.ids import new_id
from app.domain.normal import clean_name, clean_note, clean_number, clean_phone, clean_text, compact_number
from app.domain.office_time import office_day
from app.domain.policy import Action, Target, may
from app.models.accounts import Branch
from app.models.cases import Case, CaseBar, CaseCause, CaseStatement
from app.models.clocks import ClockEvent
from app.queries.case_blinds import blinds_of
from app.queries.case_repeats import EarlierCase, complained_before, earlier_cases
from app.services import outbox, trail
from app.services.case_bars import bar_accused
from app.services.case_intake import complete
from app.services.case_people import managers_of, tell_people
from app.services.case_steps import case_subject, keep_main_clock, load_case, note_change, statement_of
from app.services.changes import require_version
from app.services.clocks import CASE, add_event, correct_event, open_clock
from app.services.consultations import mark_became_case
from app.services.numbers import take_number

LEVEL = 3
# The clocks that every complaint gets; the right to ask for re-examination begins when the decision arrives.
CLOCKS = ("complaint", "complaint_reply_warning", "review_request")
EDITABLE_STATES = frozenset({CaseState.REGISTERED, CaseState.ACCEPTED, CaseState.PROPOSED})
# What a form for correcting shows masked only: left empty it stays as it is.
KEPT = (
    *("name", "id_number", "phone", "address", "legal_representative"),
    *("agent_name", "agent_id_number", "agent_phone"),
)

_COPIED = (
    *("branch_id", "channel", "received_at", "customer_id", "policy_id", "claim_id", "consultation_id"),
    *("accused_branch_id", "line", "sales_channel", "amount", "dispute", "stage_id", "cause_id", "is_violation"),
    "persons",
)
_CORRECTED = tuple(name for name in _COPIED if name not in {"branch_id", "consultation_id"})
_SAID_NAMES = ("name", "legal_representative", "agent_name")
_SAID_LONG = ("request", "facts", "grounds")


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


class ComplainedBefore(DomainError):
    """The same person complained within a year: `cases` are those of them that the registrar may see."""

    def __init__(self, cases: Sequence[EarlierCase]) -> None:
        super().__init__("complained before")
        self.cases = cases


def register_case(
    session: Session, actor: Actor, typed: Registration, *, surely_new: bool = True, now: datetime
) -> int:
    """Register a complaint, start its clocks and return its id; who is accused is barred from it at once.

    Raises `NotAllowed`, `Invalid`, and `ComplainedBefore` unless the registrar says that it is `surely_new`.
    """
    if not may(actor, Action.CASE_REGISTER, Target(typed.branch_id, LEVEL)):
        raise NotAllowed(Action.CASE_REGISTER)
    completed, customer = complete(session, actor, typed)
    check_registration(completed, now, known=_not_typed(typed))
    earlier = earlier_cases(
        session, actor, _blinds(completed), completed.customer_id, received_at=completed.received_at
    )
    if earlier and not surely_new:
        raise ComplainedBefore(earlier)
    case_id = new_id()
    case = Case(
        id=case_id,
        number=_take_number(session, actor, case_id, now=now),
        kind=CaseKind.COMPLAINT.value,
        state=CaseState.REGISTERED.value,
        level=max(LEVEL, customer.level if customer is not None else 0),
        registered_by=actor.account_id,
        registered_at=now,
        updated_at=now,
        **{name: getattr(completed, name) for name in _COPIED},
        **_derived(session, completed),
    )
    session.add(case)
    session.flush()
    session.add(CaseStatement(case_id=case.id, **_said(completed)))
    bar_accused(session, actor, case, chosen=completed.accused_account_id, now=now)
    _start_clocks(session, actor, case, now=now)
    if case.consultation_id is not None:
        mark_became_case(session, actor, case.consultation_id, case.id, now=now)
    trail.record(session, actor, "case_registered", case_subject(case), now=now)
    outbox.announce(session, "case", case.id, now=now)
    _tell_managers(session, actor, case, now=now)
    return case.id


def may_still_see(session: Session, actor: Actor, case_id: int) -> bool:
    """Say whether the registrar is not the accused himself."""
    return session.get(CaseBar, (case_id, actor.account_id)) is None


def edit_case(
    session: Session,
    actor: Actor,
    case_id: int,
    typed: Registration,
    *,
    version: int,
    cleared: Collection[str] = (),
    now: datetime,
) -> None:
    """Correct what was registered, until there is a decision; who is accused is barred anew.

    A masked field left empty stays as it is unless it is `cleared`. The trail tells which fields changed, not what stood
    in them. Raises `Invalid`, `NotFound`, `NotAllowed`, `WrongState`, `ChangedMeanwhile`.
    """
    case = load_case(session, actor, case_id, Action.CASE_HANDLE)
    if case.state not in EDITABLE_STATES or case.kind != CaseKind.COMPLAINT:
        raise WrongState("case.not_editable")
    statement = statement_of(session, case)
    whole = replace(
        typed,
        branch_id=case.branch_id,
        consultation_id=None,
        from_archive=False,
        **{name: getattr(statement, name) for name in KEPT if not getattr(typed, name) and name not in cleared},
    )
    completed, _customer = complete(session, actor, whole, known=case)
    require_version(case, _plain(completed), version=version, show=_show)
    check_registration(completed, now, known=_not_typed(typed))
    _correct_receipt(session, actor, case, completed.received_at, now=now)
    columns = {
        **{name: getattr(completed, name) for name in _CORRECTED},
        **_derived(session, completed, but=case.id),
    }
    changed = sorted({*_assign(case, columns), *_assign(statement, _said(completed))})
    if not changed:
        return
    frees = may(actor, Action.CASE_ASSIGN, Target(case.branch_id, case.level))
    bar_accused(session, actor, case, chosen=completed.accused_account_id, frees=frees, now=now)
    shown = [name for name in changed if not name.endswith("_blind")]
    note_change(session, actor, case, "case_changed", now=now, after={"fields": " ".join(shown)})


def _take_number(session: Session, actor: Actor, case_id: int, *, now: datetime) -> str:
    year = office_day(now).year
    return take_number(
        session,
        actor,
        f"case|{year}",
        lambda value: f"TS{year}-{value:06}",
        holder_kind="case",
        holder_id=case_id,
        now=now,
    )


def _derived(session: Session, typed: Registration, *, but: int = 0) -> dict[str, Any]:
    """Return the columns of a case that are cleaned or follow from others."""
    before = complained_before(session, _blinds(typed), typed.customer_id, received_at=typed.received_at, but=but)
    return {
        "is_group": typed.persons > 1,
        "is_major": is_major(typed),
        "is_repeat": before,
        "forward_number": clean_text(typed.forward_number),
        "place": clean_text(typed.place),
        "partner": clean_text(typed.partner),
        "accused_name": clean_name(typed.accused_name),
        "accused_number": clean_number(typed.accused_number).lower(),
    }


def _said(typed: Registration) -> dict[str, Any]:
    """Return what is said in a case as columns of its statement."""
    return {
        "complainant_kind": typed.complainant_kind.value,
        "id_kind": typed.id_kind,
        "id_number": compact_number(typed.id_number),
        "phone": clean_phone(typed.phone),
        "address": clean_text(typed.address),
        "agent_id_number": compact_number(typed.agent_id_number),
        "agent_phone": clean_phone(typed.agent_phone),
        "papers": json.dumps(
            {str(kind): text.strip() for kind, text in typed.papers.items() if text.strip()}, ensure_ascii=False
        ),
        "representatives": "\n".join(clean_name(name) for name in typed.representatives),
        **{name: clean_name(getattr(typed, name)) for name in _SAID_NAMES},
        **{name: clean_note(getattr(typed, name)) for name in _SAID_LONG},
        **_blinds(typed),
    }


def _blinds(typed: Registration) -> dict[str, str]:
    return blinds_of(typed.name, typed.id_number, typed.phone)


def _not_typed(typed: Registration) -> set[str]:
    """Return the numbers that come from the house itself."""
    numbers = {name for name in ("id_number", "phone", "agent_id_number", "agent_phone") if not getattr(typed, name)}
    return numbers | ({"id_number"} if typed.from_archive else set())


def _assign(row: Any, values: dict[str, Any]) -> list[str]:
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    return changed


def _plain(typed: Registration) -> dict[str, Any]:
    """Return what a page for two texts may show: nothing of the complainant, nothing that he said."""
    return {name: getattr(typed, name) for name in _CORRECTED if not name.endswith("_id")}


def _show(_field: str, value: Any) -> str:
    return "" if value is None else str(value)


def _start_clocks(session: Session, actor: Actor, case: Case, *, now: datetime) -> None:
    day = office_day(case.received_at)
    for code in CLOCKS:
        open_clock(session, CASE, case.id, code, branch_id=case.branch_id, day=day, now=now)
    add_event(session, actor, CASE, case.id, Event(EventKind.RECEIVED, case.received_at), now=now)
    keep_main_clock(session, case)
    session.flush()


def _correct_receipt(session: Session, actor: Actor, case: Case, received_at: datetime, *, now: datetime) -> None:
    """Let the clocks run from the right receipt; refused when what was done since would not fit."""
    if received_at == case.received_at:
        return
    receipt = select(ClockEvent.id).where(
        ClockEvent.holder_kind == CASE,
        ClockEvent.holder_id == case.id,
        ClockEvent.kind == EventKind.RECEIVED.value,
        ClockEvent.struck_at.is_(None),
    )
    event_id = session.scalars(receipt.order_by(ClockEvent.id)).first()
    if event_id is None:
        raise Invalid.field("received_at", "case.received_fixed")
    try:
        event = Event(EventKind.RECEIVED, received_at)
        correct_event(session, actor, event_id, event, "更正收到时间", now=now)
    except WrongState as wrong:
        raise Invalid.field("received_at", "case.received_fixed") from wrong
    keep_main_clock(session, case)


def _tell_managers(session: Session, actor: Actor, case: Case, *, now: datetime) -> None:
    """Tell the managers of the branch; of a major complaint also those of the branch above (Art. 29)."""
    people = set(managers_of(session, case, case.branch_id, now=now))
    if not case.is_major:
        tell_people(session, case, people, "case_registered", now=now, but=actor.account_id)
        return
    above = session.scalar(select(Branch.parent_id).where(Branch.id == case.branch_id))
    if above is not None:
        people |= set(managers_of(session, case, above, now=now))
    tell_people(session, case, people, "case_major", now=now, details={"persons": case.persons})
