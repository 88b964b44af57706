"""Records of telling 告知记录 that belong to no step of a case."""

from __future__ import annotations

from typing import Any

from flask import Response
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.blueprints.casework.handling import take
from app.blueprints.casework.screen import screen
from app.domain.actor import Actor
from app.domain.policy import Action
from app.services import case_notifications as services
from app.web.access import requires
from app.web.clock import now


@screen.post("/casework/<id:case_id>/tell")
@requires(Action.CASE_HANDLE)
def tell_complainant(case_id: int) -> Response:
    """Write down that the complainant was told of something."""

    def step(session: Session, actor: Actor, form: Any) -> None:
        services.tell(
            session,
            actor,
            case_id,
            form.about.data or "",
            form.telling(),
            version=form.seen_version(),
            now=now(),
        )

    return take(case_id, "tell", step, _("告知记录已保存。"))
