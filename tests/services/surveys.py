"""Surveys for tests: a questionnaire of the head office in use, and what people answer to it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.ids import new_id
from app.domain.surveys import Choice, Condition, Purpose, Question, QuestionKind, as_stored
from app.models.surveys import FollowUp, Survey, SurveyVersion
from app.queries.survey_invitations import Occasion
from app.services.survey_answers import Given, give_answer
from app.services.survey_invitations import Asking, invite, locked
from app.services.survey_kiosks import open_kiosk
from tests.cast import EAST, HEAD, NOW, actor
from tests.records import make_customer

YES_NO = (Choice("yes", "是"), Choice("no", "否", is_problem=True))
QUESTIONS = (
    Question("read", QuestionKind.SINGLE, "您看过条款吗？", YES_NO, basis="基本服务规定第十五条"),
    Question("why", QuestionKind.TEXT, "为什么没有看？", only_if=Condition("read", ("no",))),
    Question("overall", QuestionKind.SCALE, "总体来说您满意吗？", is_overall=True),
    Question("nps", QuestionKind.NPS, "会推荐给亲友吗？", required=False),
    Question("comment", QuestionKind.TEXT, "还有什么意见？", required=False),
)
GOOD: dict[str, list[str]] = {"read": ["yes"], "overall": ["5"], "nps": ["10"]}
LOW: dict[str, list[str]] = {"read": ["yes"], "overall": ["1"], "comment": ["等了两个小时"]}
DENIED: dict[str, list[str]] = {"read": ["no"], "why": ["没人给我看"], "overall": ["4"]}


def make_survey(session: Session, purpose: Purpose = Purpose.VISIT, **fields: Any) -> int:
    """Write a survey that every branch may ask with, and return its id."""
    survey = Survey(
        id=new_id(),
        code=f"t{new_id() % 10**9}",
        title="服务满意度",
        purpose=purpose.value,
        branch_id=HEAD,
        created_at=NOW,
    )
    session.add(survey)
    session.flush()
    values = {"greeting": "请您评价我们的服务。", "thanks": "感谢您的回答。", "valid_days": 30} | fields
    session.add(
        SurveyVersion(
            id=new_id(),
            survey_id=survey.id,
            ordinal=1,
            state="published",
            questions=as_stored(QUESTIONS),
            changed_at=NOW,
            published_at=NOW,
            **values,
        )
    )
    session.flush()
    return survey.id


def ask_and_answer(session: Session, *, now: datetime) -> tuple[int, str, int, int]:
    """Have one of two visitors answer badly, and open a tablet; return an open invitation, its token, what is to be
    done, and the tablet."""
    clerk, survey = actor(session, "clerk"), make_survey(session)
    (answered, _token), (waiting, token) = (
        invite(session, clerk, survey, Asking("link"), Occasion(make_customer(session, name)), now=now)
        for name in ("令狐冲之", "公孙大娘")
    )
    give_answer(session, None, locked(session, answered), Given(LOW), now=now)
    follow_up = session.scalars(select(FollowUp.id).where(FollowUp.invitation_id == answered)).one()
    kiosk, _address = open_kiosk(session, clerk, EAST, survey, "一号柜台", now=now)
    return waiting, token or "", follow_up, kiosk
