"""核查: registering an application for re-examination."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.blueprints.casework.outcome_steps import take_outcome
from app.blueprints.casework.screen import screen
from app.domain.actor import Actor
from app.domain.policy import Action
from app.services.case_reviews import ask_review as register_application
from app.web.access import requires
from app.web.clock import now


@screen.post("/casework/<id:case_id>/ask-review")
@requires(Action.CASE_HANDLE)
def ask_review(case_id: int) -> Response:
    """Register an application; the branch above takes it up."""

    def step(session: Session, actor: Actor, form: Any) -> None:
        version = form.seen_version()
        register_application(session, actor, case_id, form.application(), version=version, now=now())

    return take_outcome(case_id, "ask_review", step, _("核查申请已登记，由上级机构核查；您作为原办理人员须回避。"))
