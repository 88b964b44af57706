"""Screens of climate 温湿度 and safety checks 八防/十防: today's rooms, a room's month, loggers, limits, checks."""

from app.blueprints.climate import checks, logger, rules, views
from app.blueprints.climate.screen import screen

# Importing a module of routes hangs them on the blueprint.
ROUTES = (views, logger, rules, checks)

__all__ = ["ROUTES", "screen"]
