"""Giving a paper back to its agent, with a reason on each refused page."""

from __future__ import annotations

from flask import flash, redirect, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.blueprints.intake.desk_forms import DeskForm
from app.blueprints.intake.desk_page import desk_page, next_address
from app.blueprints.intake.screen import screen
from app.domain.errors import ChangedMeanwhile, Invalid, WrongState
from app.domain.ids import encode_id
from app.domain.intake_desk import Refusal, refusal_sentence
from app.domain.policy import Action
from app.queries.intake_desk import ItemDetail, read_item
from app.services import intake_returning as services
from app.web.access import requires
from app.web.clock import now
from app.web.forms import stripped
from app.web.identity import the_actor
from app.web.sentences import SENTENCES, trouble_of
from app.web.transactions import reading, writing


@screen.post("/intake/items/<id:item_id>/return")
@requires(Action.INTAKE_WORK)
def return_item(item_id: int) -> Response:
    """Return the paper to its agent and go on to the next."""
    item = read_item(reading(), the_actor(), item_id, now=now())
    version = DeskForm.from_request().seen_version()
    try:
        with writing() as session:
            services.return_item(session, the_actor(), item_id, _refusals(item), version=version, now=now())
    except Invalid as invalid:
        return desk_page(item_id, trouble=trouble_of(invalid), status=422)
    except WrongState as wrong:
        return desk_page(item_id, trouble=trouble_of(wrong), status=409)
    except ChangedMeanwhile:
        return desk_page(item_id, trouble=SENTENCES["intake.changed"], status=409)
    flash(_("已退回代理人，等待补交。"), "ok")
    return redirect(next_address(item_id, now()), 303)


def _refusals(item: ItemDetail) -> dict[int, str]:
    """Return what was said of each page; a page without a reason is not refused."""
    found: dict[int, str] = {}
    for page in item.pages:
        code = request.form.get(f"refusal-{encode_id(page.id)}", "")
        if code in set(Refusal):
            text = stripped(request.form.get(f"words-{encode_id(page.id)}"))
            found[page.id] = refusal_sentence(Refusal(code), text)
    return found
