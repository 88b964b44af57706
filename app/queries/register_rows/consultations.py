"""咨询台账: consultations in the order in which they were asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.case_words import ABOUT, CHANNELS, CONSULTATION_RESULTS
from app.domain.masking import mask_name, mask_phone
from app.domain.registers import RegisterFilter
from app.models.claims import Claim
from app.models.consultations import Consultation
from app.models.policies import Policy
from app.queries.register_rows.reading import Row, catalogue_day, keyed, names_of, reached, within
from app.queries.register_rows.words import say
from app.queries.visibility import unbarred

TEXT_SHOWN = 80


def _keys(actor: Actor, wanted: RegisterFilter) -> Select[int]:
    return (
        select(Consultation.id)
        .where(
            reached(actor, Consultation.branch_id, Consultation.level),
            *([unbarred(actor, Consultation.case_id)] if actor.barred else []),
            *within(wanted, Consultation.branch_id, Consultation.asked_at),
        )
        .order_by(Consultation.asked_at, Consultation.id)
    )


def _read(session: Session, keys: Sequence[int]) -> Mapping[int, Row]:
    rows = session.execute(
        select(Consultation, Policy.number, Claim.number)
        .outerjoin(Policy, Policy.id == Consultation.policy_id)
        .outerjoin(Claim, Claim.id == Consultation.claim_id)
        .where(Consultation.id.in_(keys))
    ).all()
    names = names_of(session, [row[0].logged_by for row in rows])
    return {row[0].id: _row(*row, names.get(row[0].logged_by, "")) for row in rows}


def _row(asked: Consultation, policy: str | None, claim: str | None, logged_by: str) -> Row:
    return [
        asked.number,
        catalogue_day(asked.asked_at),
        say(CHANNELS, asked.channel),
        mask_name(asked.asker),
        mask_phone(asked.phone) if asked.phone else "",
        say(ABOUT, asked.about),
        " ".join(number for number in (policy, claim) if number) or asked.product,
        asked.question[:TEXT_SHOWN],
        asked.answer[:TEXT_SHOWN],
        say(CONSULTATION_RESULTS, asked.result),
        logged_by,
    ]


READER = keyed(_keys, _read)
