"""Access to routes: exactly one decorator on each, checked before the view runs."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import Flask

from app.domain.errors import NotAllowed, StepUpNeeded
from app.domain.policy import STEP_UP, Action, may_ever
from app.web.clock import now
from app.web.identity import current_actor, note_use, settings

View = TypeVar("View", bound=Callable[..., Any])
PUBLIC = "public"


class SignInNeeded(Exception):
    """Nobody is signed in behind this request."""


class UndeclaredRoute(RuntimeError):
    """A route without an access decorator: the portal does not start with it."""


def public(view: View) -> View:
    """Open a route to everybody, signed in or not."""
    return _declare(view, PUBLIC)


def requires(action: Action, *, polled: bool = False) -> Callable[[View], View]:
    """Open a route to those who may do `action` to anything at all; what it loads is decided by visibility.

    `polled` marks a route that a page asks for by itself: it does not keep the session alive.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            check_access(action)
            note_use(polled=polled)
            return view(*args, **kwargs)

        return _declare(guarded, action)  # type: ignore[return-value]

    return decorate


def check_access(action: Action) -> None:
    """Raise `SignInNeeded`, `NotAllowed` or `StepUpNeeded` unless the actor may go on."""
    actor = current_actor()
    if actor is None:
        raise SignInNeeded
    if not may_ever(actor, action):
        raise NotAllowed(action)
    if action in STEP_UP:
        need_step_up()


def need_step_up() -> None:
    """Raise `StepUpNeeded` unless a code was given in the last minutes."""
    actor = current_actor()
    if actor is None or not actor.stepped_up(now(), settings().sign_in.step_up):
        raise StepUpNeeded


def refuse_undeclared_routes(app: Flask) -> None:
    """Raise `UndeclaredRoute` when a route carries no access decorator."""
    bare = [
        rule.endpoint for rule in app.url_map.iter_rules() if not hasattr(app.view_functions[rule.endpoint], "access")
    ]
    if bare:
        raise UndeclaredRoute(", ".join(sorted(bare)))


def _declare(view: View, access: str) -> View:
    if hasattr(view, "access"):
        raise UndeclaredRoute(f"{view.__name__} carries two access decorators")
    view.access = access  # type: ignore[attr-defined]
    return view
