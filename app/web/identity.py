"""Who is asking: the session behind the cookie, looked up once a request and offered to Flask-Login."""

from __future__ import annotations

from datetime import timedelta

from flask import Request, current_app, g, request
from flask_login import UserMixin

from app.config import Settings
from app.domain.actor import Actor
from app.queries.actors import LiveSession, session_by_token
from app.services import sessions
from app.web.clock import now
from app.web.cookies import session_token, token_hash
from app.web.extensions import login
from app.web.transactions import reading, writing

# A session's last use is written down at most this often: a list of fifty thumbnails is one use.
TOUCH_EVERY = timedelta(seconds=60)


class SignedIn(UserMixin):  # type: ignore[misc]
    """What Flask-Login holds for a signed-in request."""

    def __init__(self, live: LiveSession) -> None:
        self.live = live

    def get_id(self) -> str:
        """Return the account's id."""
        return str(self.live.account_id)


def settings() -> Settings:
    """Return the settings of this installation."""
    return current_app.extensions["baodang"]  # type: ignore[no-any-return]


@login.request_loader  # type: ignore[untyped-decorator]
def load_from_cookie(_request: Request) -> SignedIn | None:
    """Return the signed-in user of this request, or None."""
    live = live_session()
    return SignedIn(live) if live else None


def live_session() -> LiveSession | None:
    """Return the session of this request when it is complete and has not rested too long."""
    if "live_session" not in g:
        g.live_session = _look_up()
    return g.live_session  # type: ignore[no-any-return]


def current_actor() -> Actor | None:
    """Return who is asking, or None for a visitor."""
    live = live_session()
    return live.actor if live else None


def the_actor() -> Actor:
    """Return who is asking, in a route that only signed-in people reach."""
    actor = current_actor()
    if actor is None:
        raise LookupError("no actor behind a public route")
    return actor


def client_address() -> str:
    """Return the address that the request came from."""
    return (request.remote_addr or "")[:45]


def _look_up() -> LiveSession | None:
    token = session_token()
    if not token:
        return None
    at = now()
    live = session_by_token(reading(), token_hash(token), address=client_address(), now=at)
    if live is None or live.stage != "full":
        return None
    idle = settings().sign_in.idle_for(administrator=live.actor.is_administrator)
    if at - live.last_seen_at > idle:
        return None
    return live


def note_use(*, polled: bool) -> None:
    """Extend the session's rest; a page that asks by itself every second does not keep anybody signed in."""
    live = live_session()
    if live is None or polled:
        return
    at = now()
    idle = settings().sign_in.idle_for(administrator=live.actor.is_administrator)
    if at - live.last_seen_at > min(TOUCH_EVERY, idle / 4):
        with writing() as session:
            sessions.touch(session, live.id, now=at)
