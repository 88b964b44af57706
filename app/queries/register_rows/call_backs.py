"""回访登记: every try to reach a customer, in the order of the calls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.case_words import CALL_RESULTS, PURPOSES
from app.domain.masking import mask_name
from app.domain.registers import RegisterFilter
from app.models.customers import Customer
from app.models.policies import Policy
from app.models.surveys import CallBack, FollowUp, SurveyInvitation
from app.queries.register_rows.reading import Row, catalogue_day, keyed, names_of, reached, within
from app.queries.register_rows.words import say
from app.queries.visibility import unbarred

WITHIN = {True: "是", False: "否", None: ""}


def _keys(actor: Actor, wanted: RegisterFilter) -> Select[int]:
    return (
        select(CallBack.id)
        .join(SurveyInvitation, SurveyInvitation.id == CallBack.invitation_id)
        .outerjoin(Customer, Customer.id == SurveyInvitation.customer_id)
        .where(
            reached(actor, SurveyInvitation.branch_id, Customer.level),
            *([unbarred(actor, SurveyInvitation.case_id)] if actor.barred else []),
            *within(wanted, SurveyInvitation.branch_id, CallBack.called_at),
        )
        .order_by(CallBack.called_at, CallBack.id)
    )


def _read(session: Session, keys: Sequence[int]) -> Mapping[int, Row]:
    rows = session.execute(
        select(CallBack, SurveyInvitation, Customer.name, Customer.kind, Policy.number)
        .join(SurveyInvitation, SurveyInvitation.id == CallBack.invitation_id)
        .outerjoin(Customer, Customer.id == SurveyInvitation.customer_id)
        .outerjoin(Policy, Policy.id == SurveyInvitation.policy_id)
        .where(CallBack.id.in_(keys))
    ).all()
    names = names_of(session, [row[0].called_by for row in rows])
    results = _results(session, [row[1].id for row in rows])
    return {row[0].id: _row(*row, names.get(row[0].called_by, ""), results.get(row[1].id, "")) for row in rows}


def _results(session: Session, invitations: Sequence[int]) -> dict[int, str]:
    """Return what was done about each invitation."""
    rows = session.execute(
        select(FollowUp.invitation_id, FollowUp.result).where(FollowUp.invitation_id.in_(invitations))
    )
    return {invitation_id: result for invitation_id, result in rows}


def _row(
    call: CallBack,
    invitation: SurveyInvitation,
    name: str | None,
    kind: str | None,
    policy: str | None,
    caller: str,
    result: str,
) -> Row:
    return [
        invitation.number,
        catalogue_day(call.called_at),
        mask_name(name, is_organisation=kind == "organisation") if name else "",
        policy or "",
        say(PURPOSES, invitation.purpose),
        say(CALL_RESULTS, call.result),
        WITHIN[call.within_cooling_off],
        call.recording,
        "；".join(text for text in (call.note, result) if text),
        caller,
    ]


READER = keyed(_keys, _read)
