"""What is done with a lent paper meanwhile: renewing, calling back, losing and finding, calling the next in line."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.blueprints.borrowing.desk import desk_page
from app.blueprints.borrowing.lists import loan_page
from app.blueprints.borrowing.screen import screen
from app.domain.actor import Actor
from app.domain.errors import WrongState
from app.domain.policy import Action
from app.queries.desk_cards import request_of
from app.services import loan_desk as services
from app.web.access import requires
from app.web.clock import now, today
from app.web.filters import day as day_text
from app.web.identity import the_actor
from app.web.transactions import reading, writing

Act = Callable[[Session, Actor], str]


@screen.post("/borrowing/desk/<id:item_id>/renew")
@requires(Action.LOAN_DESK)
def renew_at_desk(item_id: int) -> Response:
    """Put off the day a paper is due."""
    return _do(item_id, lambda session, actor: _renew(session, actor, item_id))


@screen.post("/borrowing/items/<id:item_id>/renew")
@requires(Action.LOAN_VIEW)
def renew_item(item_id: int) -> Response:
    """Put off the day that one's own paper is due."""
    actor = the_actor()
    request_id = request_of(reading(), actor, item_id)
    try:
        with writing() as session:
            told = _renew(session, actor, item_id)
    except WrongState as trouble:
        return loan_page(request_id, trouble)
    flash(told, "ok")
    return redirect(url_for(".show_loan", request_id=request_id), 303)


@screen.post("/borrowing/desk/<id:item_id>/recall")
@requires(Action.LOAN_DESK)
def recall_item(item_id: int) -> Response:
    """Call a paper back before its day."""

    def act(session: Session, actor: Actor) -> str:
        day = services.recall(session, actor, item_id, _reason(), now=now(), today=today())
        return str(_("已召回，借阅人须在 %(day)s 前归还。", day=day_text(day)))

    return _do(item_id, act)


@screen.post("/borrowing/desk/<id:item_id>/lose")
@requires(Action.LOAN_DESK)
def lose_item(item_id: int) -> Response:
    """Note that a paper was lost."""

    def act(session: Session, actor: Actor) -> str:
        services.lose(session, actor, item_id, _reason(), now=now())
        return str(_("已登记遗失。"))

    return _do(item_id, act)


@screen.post("/borrowing/desk/<id:item_id>/find")
@requires(Action.LOAN_DESK)
def find_item(item_id: int) -> Response:
    """Note that a lost paper is back."""

    def act(session: Session, actor: Actor) -> str:
        services.find(session, actor, item_id, now=now(), today=today())
        return str(_("已登记找回，请放回原位。"))

    return _do(item_id, act)


@screen.post("/borrowing/desk/papers/<id:document_id>/call")
@requires(Action.LOAN_DESK)
def call_waiting(document_id: int) -> Response:
    """Call the next in line for a paper that is on its shelf."""
    with writing() as session:
        called = services.call_waiting(session, the_actor(), document_id, now=now(), today=today())
    flash(
        _("已通知下一位来取。") if called else _("现在不能通知：没有人在等，或这份材料不在库。"),
        "ok" if called else "warn",
    )
    return redirect(url_for(".show_desk"), 303)


def _do(item_id: int, act: Act) -> Response:
    try:
        with writing() as session:
            told = act(session, the_actor())
    except WrongState as trouble:
        return desk_page(trouble)
    flash(told, "ok")
    return redirect(url_for(".show_item", item_id=item_id), 303)


def _renew(session: Session, actor: Actor, item_id: int) -> str:
    day = services.renew(session, actor, item_id, now=now(), today=today())
    return str(_("已续借，应还日期改为 %(day)s。", day=day_text(day)))


def _reason() -> str:
    return request.form.get("reason", "")
