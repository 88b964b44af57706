"""From the user name to the session: password, then the phone's code or a recovery code."""

from __future__ import annotations

from flask import Response, flash, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.blueprints.auth.forms import CodeForm, RecoveryForm, SignInForm, typed
from app.blueprints.auth.replies import (
    PAGE_OF_STAGE,
    go,
    into_the_house,
    place_after,
    refuse,
    show_form,
    the_door,
    through_the_door,
    visit_with,
)
from app.domain.errors import Invalid, TooManyTries
from app.services import doors
from app.services import sign_in as services
from app.web.access import public
from app.web.clock import now
from app.web.cookies import new_token
from app.web.identity import current_actor, settings
from app.web.transactions import writing


@public
def sign_in() -> Response:
    """Show the sign-in; take user name and password and open the door."""
    form = SignInForm.from_request()
    if request.method != "POST":
        return go("/") if current_actor() else show_form("auth/sign_in.html", form)
    if not form.validate():
        return show_form("auth/sign_in.html", form)
    token = new_token()
    try:
        stage = services.give_password(
            writing, typed(form.username), typed(form.password), visit_with(token), rules=settings().sign_in, now=now()
        )
    except (Invalid, TooManyTries) as error:
        return refuse("auth/sign_in.html", form, error)
    return through_the_door(go(url_for(PAGE_OF_STAGE[stage])), token)


@public
def give_code() -> Response:
    """Take the phone's code and sign in."""
    door = the_door(doors.PASSWORD)
    form = CodeForm.from_request()
    if request.method != "POST" or not form.validate():
        return show_form("auth/give_code.html", form, door=door.actor)
    token = new_token()
    try:
        entered = services.give_code(
            writing, door, typed(form.code), visit_with(token), rules=settings().sign_in, now=now()
        )
    except (Invalid, TooManyTries) as error:
        return refuse("auth/give_code.html", form, error, door=door.actor)
    return into_the_house(go(_first_page(password_is_old=entered.password_is_old)), token)


@public
def use_recovery() -> Response:
    """Take a recovery code and go on to bind a new phone."""
    door = the_door(doors.PASSWORD)
    form = RecoveryForm.from_request()
    if request.method != "POST" or not form.validate():
        return show_form("auth/use_recovery.html", form, door=door.actor)
    token = new_token()
    try:
        left = services.use_recovery_code(
            writing, door, typed(form.code), visit_with(token), rules=settings().sign_in, now=now()
        )
    except (Invalid, TooManyTries) as error:
        return refuse("auth/use_recovery.html", form, error, door=door.actor)
    flash(
        ngettext(
            "一个恢复码已用掉，还剩 %(num)s 个。请马上绑定新手机；若不是您本人操作，请告诉安全保密管理员。",
            "一个恢复码已用掉，还剩 %(num)s 个。请马上绑定新手机；若不是您本人操作，请告诉安全保密管理员。",
            left,
        ),
        "seal",
    )
    return through_the_door(go(url_for("auth.enrol")), token)


def _first_page(*, password_is_old: bool) -> str:
    if not password_is_old:
        return place_after("auth.step_up")
    flash(_("密码已使用超过 %(days)s 天，请现在更换。", days=settings().sign_in.password_age.days), "warn")
    return url_for("auth.change_password")
