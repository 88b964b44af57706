"""Answers of the sign-in: where to go next, with which cookie, and the form again with what was wrong."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.blueprints.auth.forms import SENTENCES
from app.domain.errors import Invalid, TooManyTries
from app.queries.actors import LiveSession, session_by_token
from app.services import doors
from app.services.doors import DoorShut
from app.services.sessions import Visit
from app.web.clock import now
from app.web.cookies import (
    DOOR_COOKIE,
    DOOR_SECONDS,
    SESSION_COOKIE,
    door_token,
    drop_cookie,
    set_cookie,
    token_hash,
)
from app.web.forms import BaseForm
from app.web.identity import client_address, current_actor
from app.web.returning import forget_place, place_to_return
from app.web.transactions import reading

AGENT_LENGTH = 200
PAGE_OF_STAGE = {doors.PASSWORD: "auth.give_code", doors.ENROL: "auth.enrol"}


def visit_with(token: str) -> Visit:
    """Return who knocks, with the token that the next session will have."""
    return Visit(client_address(), request.user_agent.string[:AGENT_LENGTH], token_hash(token))


def the_door(stage: str) -> LiveSession:
    """Return the open door behind the door cookie; raises `DoorShut` unless it is one of `stage`."""
    door = open_door()
    if door is None or door.stage != stage:
        raise DoorShut
    return door


def open_door() -> LiveSession | None:
    """Return the open door behind the door cookie, if there is one; a complete session is none."""
    token = door_token()
    if not token:
        return None
    live = session_by_token(reading(), token_hash(token), address=client_address(), now=now())
    return live if live and live.stage in PAGE_OF_STAGE else None


def back_to_the_door(_error: Exception) -> Response:
    """Send somebody whose step cannot be taken to the one that can."""
    if current_actor():
        return go("/")
    door = open_door()
    if door is not None:
        return go(url_for(PAGE_OF_STAGE[door.stage]))
    flash(_("登录已超时，请重新输入用户名和密码。"), "warn")
    return go(url_for("auth.sign_in"))


def go(address: str) -> Response:
    """Send the browser on; htmx as a whole page."""
    if request.headers.get("HX-Request") == "true":
        return Response(status=204, headers={"HX-Redirect": address})
    return make_response(redirect(address, 303))


def through_the_door(response: Response, token: str) -> Response:
    """Give a door's cookie."""
    set_cookie(response, DOOR_COOKIE, token, max_age=DOOR_SECONDS)
    return response


def into_the_house(response: Response, token: str) -> Response:
    """Give a session's cookie and take the door's."""
    set_cookie(response, SESSION_COOKIE, token)
    drop_cookie(response, DOOR_COOKIE)
    forget_place(response)
    return response


def place_after(endpoint: str) -> str:
    """Return where one was before `endpoint` came between; never `endpoint` itself."""
    place = place_to_return()
    return "/" if place == url_for(endpoint) else place


def show_form(template: str, form: BaseForm, **words: Any) -> Response:
    """Show a page with its form; 422 when something in it is wrong."""
    return make_response(render_template(template, form=form, **words), 422 if form.errors else 200)


def refuse(template: str, form: BaseForm, error: Invalid | TooManyTries, **words: Any) -> Response:
    """Show a form again with what a service found wrong, or how long to wait."""
    if isinstance(error, Invalid):
        form.blame(error, SENTENCES)
        return show_form(template, form, **words)
    form.form_errors.append(
        ngettext(
            "尝试次数过多，请 %(num)s 分钟后再试。若不是您本人在尝试，请告诉安全保密管理员。",
            "尝试次数过多，请 %(num)s 分钟后再试。若不是您本人在尝试，请告诉安全保密管理员。",
            error.minutes,
        )
    )
    response = make_response(render_template(template, form=form, **words), 429)
    response.headers["Retry-After"] = str(error.minutes * 60)
    return response
