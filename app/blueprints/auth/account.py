"""One's own account: a fresh code, the sessions, the password, the language, and out."""

from __future__ import annotations

from flask import Response, abort, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.blueprints.auth.forms import CodeForm, PasswordForm, typed
from app.blueprints.auth.replies import go, place_after, refuse, show_form
from app.domain.errors import Invalid, TooManyTries
from app.domain.policy import Action
from app.queries.sessions import means_of, own_sessions
from app.services import own_account as services
from app.web.access import need_step_up, public, requires
from app.web.clock import now
from app.web.cookies import LANGUAGE_COOKIE, SESSION_COOKIE, drop_cookie, new_token, set_cookie, token_hash
from app.web.identity import current_actor, settings, the_actor
from app.web.returning import forget_place, page_of_form
from app.web.transactions import reading, writing

LOCALES = {"zh": "zh", "zh_CN": "zh", "en": "en"}
YEAR_SECONDS = 365 * 24 * 3600


@requires(Action.SELF)
def step_up() -> Response:
    """Take a fresh code before something grave, and go back to it."""
    form = CodeForm.from_request()
    if request.method != "POST" or not form.validate():
        return show_form("auth/step_up.html", form)
    token = new_token()
    try:
        services.step_up(writing, the_actor(), typed(form.code), token_hash(token), rules=settings().sign_in, now=now())
    except (Invalid, TooManyTries) as error:
        return refuse("auth/step_up.html", form, error)
    response = go(place_after("auth.step_up"))
    set_cookie(response, SESSION_COOKIE, token)
    forget_place(response)
    return response


@requires(Action.SELF)
def list_sessions() -> str:
    """Show where one is signed in, and with what one signs in."""
    actor = the_actor()
    idle = settings().sign_in.idle_for(administrator=actor.is_administrator)
    return render_template(
        "auth/list_sessions.html",
        sessions=own_sessions(reading(), actor.account_id, current=actor.session_id, idle=idle, now=now()),
        means=means_of(reading(), actor.account_id),
    )


@requires(Action.SELF)
def end_session(session_id: int) -> Response:
    """End one of one's own sessions."""
    actor = the_actor()
    with writing() as session:
        services.end_own_session(session, actor, session_id, now=now())
    if session_id == actor.session_id:
        return _out()
    flash(_("该会话已结束，那台设备需要重新登录。"), "ok")
    return go(url_for("auth.list_sessions"))


@requires(Action.SELF)
def end_others() -> Response:
    """End all of one's own sessions but this one."""
    with writing() as session:
        count = services.end_other_sessions(session, the_actor(), now=now())
    flash(ngettext("已结束其他 %(num)s 个会话。", "已结束其他 %(num)s 个会话。", count), "ok")
    return go(url_for("auth.list_sessions"))


@requires(Action.SELF)
def sign_out() -> Response:
    """End this session."""
    with writing() as session:
        services.sign_out(session, the_actor(), now=now())
    return _out()


@requires(Action.SELF)
def change_password() -> Response:
    """Set another password."""
    form = PasswordForm.from_request()
    if request.method != "POST" or not form.validate():
        return show_form("auth/change_password.html", form)
    token = new_token()
    try:
        services.change_password(
            writing,
            the_actor(),
            typed(form.current),
            typed(form.password),
            token_hash(token),
            rules=settings().sign_in,
            now=now(),
        )
    except (Invalid, TooManyTries) as error:
        return refuse("auth/change_password.html", form, error)
    flash(_("密码已修改，其他设备上的会话已结束。"), "ok")
    response = go(url_for("auth.list_sessions"))
    set_cookie(response, SESSION_COOKIE, token)
    return response


@requires(Action.SELF)
def new_recovery_codes() -> Response:
    """Make ten new recovery codes and show them, this once; the old ones are dead."""
    need_step_up()
    codes = services.make_recovery_codes(writing, the_actor(), now=now())
    return make_response(render_template("auth/new_recovery_codes.html", codes=codes))


@public
def choose_language() -> Response:
    """Keep the language of the screens, for the account or for the visitor's browser, and go back to the page."""
    locale = LOCALES.get(request.form.get("locale", ""))
    if locale is None:
        abort(400)
    actor = current_actor()
    if actor:
        with writing() as session:
            services.choose_language(session, actor, locale)
    response = go(page_of_form(url_for("auth.sign_in")))
    set_cookie(response, LANGUAGE_COOKIE, locale, max_age=YEAR_SECONDS)
    return response


def _out() -> Response:
    flash(_("您已退出。"), "ok")
    response = go(url_for("auth.sign_in"))
    drop_cookie(response, SESSION_COOKIE)
    forget_place(response)
    return response
