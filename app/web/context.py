"""What every template may use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Flask, get_flashed_messages, request
from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from jinja2 import StrictUndefined

from app.domain.actor import Actor, Role
from app.domain.policy import Action, may_ever
from app.queries.notices import count_unread
from app.web.assets import asset
from app.web.cookies import LANGUAGE_COOKIE
from app.web.csrf import csrf_token
from app.web.fragments import is_fragment
from app.web.identity import current_actor
from app.web.nav import rail_for
from app.web.transactions import reading
from app.web.words import gettext, ngettext, pgettext

ROLE_LABELS = {
    Role.CLERK: _l("业务人员"),
    Role.ARCHIVIST: _l("档案管理员"),
    Role.MANAGER: _l("机构负责人"),
    Role.AGENT: _l("代理人"),
    Role.SYSADMIN: _l("系统管理员"),
    Role.SECADMIN: _l("安全保密管理员"),
    Role.AUDITOR: _l("安全审计员"),
}


@dataclass(frozen=True, slots=True)
class ShownActor:
    """The actor as the shell shows him."""

    full_name: str
    branch_name: str
    role_names: list[str]
    roles: frozenset[str]


class CurrentLocale:
    """The language of the request at hand, as text: imported macros see only globals."""

    def __str__(self) -> str:
        """Return zh or en."""
        return str(get_locale() or "zh")


def init_app(app: Flask) -> None:
    """Make templates strict and give them the house's words."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        locale=CurrentLocale(),
        _=gettext,
        ngettext=ngettext,
        pgettext=pgettext,
        csrf_token=csrf_token,
        asset=asset,
        can=can,
        unread_notices=unread_notices,
        get_flashed_messages=get_flashed_messages,
    )
    app.context_processor(shell_words)


def choose_locale() -> str:
    """Return the language of this request: the account's, else the visitor's cookie, else Chinese."""
    actor = current_actor()
    locale = actor.locale if actor else request.cookies.get(LANGUAGE_COOKIE, "zh")
    return "en" if locale == "en" else "zh"


def can(action: str) -> bool:
    """Say whether the reader may do `action` to anything at all."""
    actor = current_actor()
    return actor is not None and may_ever(actor, Action(action))


def unread_notices() -> int:
    """Return how many notices wait for the reader."""
    actor = current_actor()
    return count_unread(reading(), actor) if actor else 0


def shell_words() -> dict[str, Any]:
    """Return what the shell of a page needs."""
    actor = current_actor()
    return {
        "actor": show_actor(actor) if actor else None,
        "nav": rail_for(actor),
        "is_fragment": is_fragment(),
    }


def show_actor(actor: Actor) -> ShownActor:
    """Return the actor as the shell shows him."""
    names = [str(ROLE_LABELS[role]) for role in Role if role in actor.roles]
    return ShownActor(actor.full_name, actor.branch_name, names, frozenset(actor.roles))
