"""Extensions: asking, deciding, telling; and the list of what waits for a manager's decision."""

from __future__ import annotations

from typing import Any

from flask import Response, render_template
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.blueprints.casework.handling import take
from app.blueprints.casework.screen import screen
from app.domain.actor import Actor
from app.domain.policy import Action
from app.queries import case_approvals as queries
from app.services import case_extensions as services
from app.web.access import requires
from app.web.case_labels import LABELS
from app.web.clock import now
from app.web.fragments import is_fragment
from app.web.identity import the_actor
from app.web.paging import current_cursor, listing
from app.web.transactions import reading


@screen.get("/casework/approvals")
@requires(Action.CASE_APPROVE)
def list_approvals() -> str:
    """Show what waits for the reader's decision: extensions and decisions."""
    return render_template(
        "casework/_approval_rows.html" if is_fragment() else "casework/list_approvals.html",
        page=queries.list_approvals(reading(), the_actor(), cursor=current_cursor()),
        turn=listing("casework.list_approvals", sort=""),
        labels=LABELS,
    )


@screen.post("/casework/<id:case_id>/extension")
@requires(Action.CASE_HANDLE)
def ask_extension(case_id: int) -> Response:
    """申请延期."""

    def step(session: Session, actor: Actor, form: Any) -> None:
        services.ask_extension(
            session,
            actor,
            case_id,
            authority=form.authority.data or "",
            reason=form.reason.data or "",
            at=form.moment.data,
            version=form.seen_version(),
            now=now(),
        )

    return take(case_id, "ask_extension", step, _("已提交延期申请，批准并告知投诉人后生效。"))


@screen.post("/casework/<id:case_id>/extension/decide")
@requires(Action.CASE_APPROVE)
def decide_extension(case_id: int) -> Response:
    """批准延期 or not."""

    def step(session: Session, actor: Actor, form: Any) -> None:
        services.decide_extension(
            session,
            actor,
            case_id,
            approved=form.verdict.data == "approve",
            answer=form.answer.data or "",
            at=form.moment.data,
            version=form.seen_version(),
            now=now(),
        )

    return take(case_id, "decide_extension", step, _("审批意见已记录。"))


@screen.post("/casework/<id:case_id>/extension/tell")
@requires(Action.CASE_HANDLE)
def notice_extension(case_id: int) -> Response:
    """告知延期."""

    def step(session: Session, actor: Actor, form: Any) -> None:
        services.notice_extension(
            session, actor, case_id, telling=form.telling(), version=form.seen_version(), now=now()
        )

    return take(case_id, "notice_extension", step, _("已告知投诉人，延期生效。"))
