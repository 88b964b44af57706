"""Screens of service duties 服务时限事项: the list by due day, one duty, registering one under a policy or customer."""

from app.blueprints.duties import steps, views
from app.blueprints.duties.screen import screen

# Importing a module of routes hangs them on the blueprint.
ROUTES = (views, steps)

__all__ = ["ROUTES", "screen"]
