"""The Flask extensions, unbound."""

from __future__ import annotations

from flask_babel import Babel
from flask_login import LoginManager
from htmx_flask import Htmx

babel = Babel()
login = LoginManager()
htmx = Htmx()
