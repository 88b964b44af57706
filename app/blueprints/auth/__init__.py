"""Screens of the sign-in 登录 and of one's own account."""

from __future__ import annotations

from flask import Blueprint

from app.blueprints.auth import account, activation, door, replies
from app.services.doors import DoorShut

screen = Blueprint("auth", __name__)

_READ, _SEND, _BOTH = ("GET",), ("POST",), ("GET", "POST")
_ROUTES = (
    ("/login", door.sign_in, _BOTH),
    ("/login/code", door.give_code, _BOTH),
    ("/login/recovery", door.use_recovery, _BOTH),
    ("/login/enrol", activation.enrol, _BOTH),
    ("/activate", activation.activate, _BOTH),
    ("/logout", account.sign_out, _SEND),
    ("/account/step-up", account.step_up, _BOTH),
    ("/account/sessions", account.list_sessions, _READ),
    ("/account/sessions/<id:session_id>/end", account.end_session, _SEND),
    ("/account/sessions/end-others", account.end_others, _SEND),
    ("/account/password", account.change_password, _BOTH),
    ("/account/recovery-codes", account.new_recovery_codes, _SEND),
    ("/account/language", account.choose_language, _SEND),
)

for _rule, _view, _methods in _ROUTES:
    screen.add_url_rule(_rule, view_func=_view, methods=_methods)
screen.register_error_handler(DoorShut, replies.back_to_the_door)
