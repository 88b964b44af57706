"""Calling customers back 回访: each try with its result, the answers of who was reached, the letter to who was not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.errors import Invalid, WrongState
from app.domain.ids import new_id
from app.domain.normal import clean_note, clean_text
from app.domain.office_time import office_day
from app.domain.survey_answers import Reason, reached_in_time
from app.domain.surveys import Answers, CallResult, Purpose
from app.models.surveys import CallBack, SurveyInvitation
from app.services import trail
from app.services.misleading import open_misleading_duty
from app.services.survey_answers import Given, give_answer, open_follow_up, require_open
from app.services.survey_invitations import load_invitation, subject_of

REACHED = frozenset({CallResult.DONE, CallResult.PROBLEM})
LONGEST_NOTE = 500
_NO_REASONS: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Call:
    """What came of a try; `answers` of who was reached."""

    result: CallResult
    recording: str = ""  # 录音编号
    note: str = ""
    answers: Answers | None = None


def note_call(session: Session, actor: Actor, invitation_id: int, call: Call, *, now: datetime) -> CallResult:
    """Keep a try and return its result: a call in which a confirmation was denied is one with a problem 问题件.

    Raises `NotFound`, `NotAllowed`, `Invalid`, and `WrongState` for an invitation that takes no answer any more and
    with `call.seller` for who sold the policy himself.
    """
    invitation = load_invitation(session, actor, invitation_id)
    if invitation.agent_id == actor.account_id:
        raise WrongState("call.seller")
    require_open(invitation, actor, now=now)
    _require_whole(invitation, call)
    result, reasons, answer_id = call.result, _NO_REASONS, None
    if call.result in REACHED and call.answers:
        answer_id, reasons = give_answer(session, actor, invitation, Given(call.answers), now=now)
        result = CallResult.PROBLEM if Reason.PROBLEM in reasons else call.result
    if result is CallResult.PROBLEM and Reason.PROBLEM not in reasons:
        open_follow_up(session, invitation, Reason.PROBLEM, answer_id=answer_id, now=now)
        open_misleading_duty(session, invitation, [Reason.PROBLEM], now=now)
    _move_on(invitation, result, answered=answer_id is not None, now=now)
    _keep(session, actor, invitation, call, result, now=now)
    return result


def enter_paper(session: Session, actor: Actor, invitation_id: int, given: Given, *, now: datetime) -> int:
    """Keep what a customer wrote on paper and return the answer's id; `actor` is who typed it.

    Raises `Invalid` for a day before the asking or in the future.
    """
    invitation = load_invitation(session, actor, invitation_id)
    at = given.answered_at
    if at is None or office_day(at) > office_day(now) or office_day(at) < office_day(invitation.made_at):
        raise Invalid.field("answered_on", "answer.day")
    answer_id, _reasons = give_answer(session, actor, invitation, given, now=now)
    return answer_id


def _require_whole(invitation: SurveyInvitation, call: Call) -> None:
    problems: Mapping[str, bool] = {
        "call.recording": (
            call.result in REACHED and invitation.purpose == Purpose.NEW_POLICY and not call.recording.strip()
        ),
        "call.answers": call.result is CallResult.DONE and not call.answers,
        "call.note": call.result is CallResult.PROBLEM and not call.answers and not call.note.strip(),
        "call.note_long": len(call.note) > LONGEST_NOTE,
    }
    fields = {"call.recording": "recording", "call.answers": "", "call.note": "note", "call.note_long": "note"}
    found = {fields[code]: [code] for code, is_so in problems.items() if is_so}
    if found:
        raise Invalid(found)


def _move_on(invitation: SurveyInvitation, result: CallResult, *, answered: bool, now: datetime) -> None:
    """A letter is answered on paper; who refuses, or has a problem and answers nothing, is asked no more."""
    if result is CallResult.LETTER:
        invitation.means = "paper"
    elif not answered and result in {CallResult.REFUSED, CallResult.PROBLEM}:
        invitation.state, invitation.closed_at = "failed", now


def _keep(
    session: Session, actor: Actor, invitation: SurveyInvitation, call: Call, result: CallResult, *, now: datetime
) -> None:
    is_new = invitation.purpose == Purpose.NEW_POLICY.value
    in_time = reached_in_time(invitation.due_on, office_day(now)) if is_new and result in REACHED else None
    session.add(
        CallBack(
            id=new_id(),
            invitation_id=invitation.id,
            result=result.value,
            called_at=now,
            within_cooling_off=in_time,
            recording=clean_text(call.recording)[:60],
            note=clean_note(call.note),
            called_by=actor.account_id,
        )
    )
    session.flush()
    trail.record(session, actor, "call_back_noted", subject_of(invitation), now=now, after={"result": result.value})
