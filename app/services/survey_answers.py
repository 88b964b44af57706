"""Taking an answer: once for each invitation, judged at once, and what it asks for put on somebody's list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.domain.actor import Actor, Role
from app.domain.errors import WrongState
from app.domain.ids import encode_id, new_id
from app.domain.office_time import office_day
from app.domain.survey_answers import (
    Reason,
    Thresholds,
    check_answers,
    follow_ups_of,
    nps_of,
    overall_of,
    score_of,
    validity,
)
from app.domain.surveys import Answers, Question, QuestionKind, questions_of
from app.domain.working_days import add_working_days
from app.models.accounts import Account, Branch, Grant
from app.models.cases import Case, CaseBar
from app.models.claims import Claim
from app.models.policies import Policy
from app.models.surveys import FollowUp, SurveyAnswer, SurveyInvitation, SurveyValue, SurveyVersion
from app.queries.clocks import calendar_of
from app.services import trail
from app.services.misleading import open_misleading_duty
from app.services.notices import notify
from app.services.survey_invitations import subject_of

DUE_AFTER = 3  # working days for whoever follows up
BY_STAFF = frozenset({"open", "expired"})  # a letter may come back late, and a call reach who let the link lapse


@dataclass(frozen=True, slots=True)
class Given:
    """What came back. `seconds` from opening to sending, None where nobody measured; `answered_at` of a paper."""

    answers: Answers
    seconds: int | None = None
    opened_at: datetime | None = None
    answered_at: datetime | None = None
    address: str = ""


def give_answer(
    session: Session, actor: Actor | None, invitation: SurveyInvitation, given: Given, *, now: datetime
) -> tuple[int, tuple[Reason, ...]]:
    """Keep what was answered and return the answer's id and the reasons for following up.

    The caller holds the invitation's lock; `actor` is None for the customer himself, who comes by his token. Raises
    `WrongState` with `invitation.is_<state>` for one that takes no answer any more, `Invalid` by question.
    """
    require_open(invitation, actor, now=now)
    version = session.get_one(SurveyVersion, invitation.version_id)
    questions = questions_of(version.questions)
    answers = check_answers(questions, given.answers)
    answer = _make(session, actor, invitation, questions, answers, given, now=now)
    invitation.state, invitation.closed_at = "answered", now
    invitation.opened_at = given.opened_at
    session.flush()
    event = "survey_answered" if actor is None else "survey_answer_entered"
    trail.record(session, actor, event, subject_of(invitation), now=now, address=given.address)
    reasons = follow_ups_of(Thresholds(version.low_score, version.low_nps), questions, answers)
    if reasons:
        open_follow_up(session, invitation, reasons[0], answer_id=answer.id, now=now)
        open_misleading_duty(session, invitation, reasons, now=now)
    return answer.id, reasons


def require_open(invitation: SurveyInvitation, actor: Actor | None, *, now: datetime) -> None:
    """Pass while an invitation takes an answer; what staff enters may come after its time."""
    state = "expired" if invitation.state == "open" and invitation.expires_at <= now else invitation.state
    if state not in (BY_STAFF if actor is not None else {"open"}):
        raise WrongState(f"invitation.is_{state}")


def open_follow_up(
    session: Session, invitation: SurveyInvitation, reason: Reason, *, answer_id: int | None, now: datetime
) -> int:
    """Put something to be done on the branch's list, tell its managers, and return its id."""
    follow_up = FollowUp(
        id=new_id(),
        invitation_id=invitation.id,
        answer_id=answer_id,
        branch_id=invitation.branch_id,
        customer_id=invitation.customer_id,
        case_id=invitation.case_id,
        reason=reason.value,
        due_on=add_working_days(office_day(now), DUE_AFTER, calendar_of(session)),
        created_at=now,
    )
    session.add(follow_up)
    session.flush()
    subject = trail.Subject("follow_up", follow_up.id, invitation.number, invitation.customer_id)
    trail.record(session, None, "follow_up_opened", subject, now=now, after={"reason": reason.value})
    details = {"number": invitation.number, "due_on": follow_up.due_on.isoformat()}
    for account_id in managers_at(session, follow_up, but=invitation.agent_id, now=now):
        notify(session, account_id, f"follow_up_{reason.value}", now=now, path=path_of(follow_up), details=details)
    return follow_up.id


def path_of(follow_up: FollowUp) -> str:
    """Return where a follow-up is shown."""
    return f"/surveys/follow-ups/{encode_id(follow_up.id)}"


def managers_at(session: Session, follow_up: FollowUp, *, but: int | None, now: datetime) -> Sequence[int]:
    """Return who is told of a follow-up: the managers of its branch, else of the nearest above; never the barred, never
    the seller."""
    path = session.scalars(select(Branch.path).where(Branch.id == follow_up.branch_id)).one()
    line = [int(part) for part in path.strip("/").split("/")]
    barred = select(CaseBar.account_id).where(CaseBar.case_id == (follow_up.case_id or 0))
    rows = session.execute(
        select(Grant.branch_id, Account.id)
        .join(Account, Account.id == Grant.account_id)
        .where(
            Grant.role == Role.MANAGER.value,
            Grant.branch_id.in_(line),
            Grant.revoked_at.is_(None),
            Grant.valid_from <= now,
            or_(Grant.valid_to.is_(None), Grant.valid_to > now),
            Account.state == "active",
            Account.id != (but or 0),
            Account.id.not_in(barred),
        )
    ).all()
    for place in reversed(line):
        found = sorted({account_id for held_at, account_id in rows if held_at == place})
        if found:
            return found
    return []


def _make(
    session: Session,
    actor: Actor | None,
    invitation: SurveyInvitation,
    questions: Sequence[Question],
    answers: Answers,
    given: Given,
    *,
    now: datetime,
) -> SurveyAnswer:
    is_valid, why_not = validity(questions, answers, given.seconds)
    answer = SurveyAnswer(
        id=new_id(),
        invitation_id=invitation.id,
        survey_id=invitation.survey_id,
        version_id=invitation.version_id,
        branch_id=invitation.branch_id,
        agent_id=invitation.agent_id,
        line=_line_of(session, invitation),
        answered_at=given.answered_at or now,
        seconds=given.seconds,
        is_valid=is_valid,
        invalid_reason=why_not,
        score=score_of(questions, answers),
        overall=overall_of(questions, answers),
        nps=nps_of(questions, answers),
        entered_by=actor.account_id if actor else None,
    )
    session.add(answer)
    session.flush()
    session.add_all(_values(answer, questions, answers))
    return answer


def _values(answer: SurveyAnswer, questions: Sequence[Question], answers: Answers) -> list[SurveyValue]:
    return [
        SurveyValue(
            answer_id=answer.id, version_id=answer.version_id, question=question.key, **_column(question, value)
        )
        for question in questions
        for value in answers.get(question.key, ())
    ]


def _column(question: Question, value: str) -> dict[str, str | int]:
    if question.kind in (QuestionKind.SCALE, QuestionKind.NPS):
        return {"number": int(value)}
    return {"text": value} if question.kind is QuestionKind.TEXT else {"choice": value}


def _line_of(session: Session, invitation: SurveyInvitation) -> str:
    """Return the line of business that was judged, empty where none was."""
    if invitation.case_id is not None:
        return session.scalar(select(Case.line).where(Case.id == invitation.case_id)) or ""
    policy_id = invitation.policy_id
    if policy_id is None and invitation.claim_id is not None:
        policy_id = session.scalar(select(Claim.policy_id).where(Claim.id == invitation.claim_id))
    return session.scalar(select(Policy.line).where(Policy.id == (policy_id or 0))) or ""
