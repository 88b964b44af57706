"""Filing a case: whose archive it belongs to, and having it filed."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.blueprints.casework.outcome_steps import take_outcome
from app.blueprints.casework.screen import screen
from app.domain.actor import Actor
from app.domain.policy import Action
from app.services import case_filing as services
from app.web.access import requires
from app.web.clock import now


@screen.post("/casework/<id:case_id>/customer")
@requires(Action.CASE_HANDLE)
def link_customer(case_id: int) -> Response:
    """Say whose archive the case belongs to."""

    def step(session: Session, actor: Actor, form: Any) -> None:
        number, version = form.customer_number.data or "", form.seen_version()
        services.link_customer(session, actor, case_id, number, version=version, now=now())

    return take_outcome(case_id, "link_customer", step, _("已关联客户，正在归档。"))


@screen.post("/casework/<id:case_id>/file")
@requires(Action.CASE_HANDLE)
def file_case(case_id: int) -> Response:
    """Have a case filed that has ended."""

    def step(session: Session, actor: Actor, form: Any) -> None:
        services.ask_filing(session, actor, case_id, version=form.seen_version(), now=now())

    return take_outcome(case_id, "file", step, _("正在归档，稍后刷新可见档号。"))
