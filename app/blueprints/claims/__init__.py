"""Screens of claims 赔案: the list, one claim, registering it under a policy and moving it on."""

from app.blueprints.claims import clocks, status, views
from app.blueprints.claims.screen import screen

# Importing a module of routes hangs them on the blueprint.
ROUTES = (views, status, clocks)

__all__ = ["ROUTES", "screen"]
