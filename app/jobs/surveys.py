"""What the calendar does to surveys: invitations expire, follow-ups and calls that fall due are told of."""

from __future__ import annotations

from typing import Any

from app.db import begin_write
from app.jobs.handlers import Work
from app.services import survey_reminders
from app.services.survey_invitations import expire


def watch_surveys(work: Work, _payload: dict[str, Any]) -> None:
    """Do what is due; a second run on the same day tells nobody anew."""
    now = work.clock()
    for do in (expire, survey_reminders.remind_of_follow_ups, survey_reminders.remind_of_calls):
        with work.sessions() as session:
            begin_write(session)
            do(session, now=now)
            session.commit()
