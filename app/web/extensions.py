"""The Flask extensions, unbound."""

from __future__ import annotations

from flask_login import LoginManager
from htmx_flask import Htmx

from app.web.words import HouseBabel

babel = HouseBabel()
login = LoginManager()
htmx = Htmx()
