"""Screens of clocks 时限: the rules, the calendar of working days, the tree of causes."""

from app.blueprints.clocks import calendar, causes, rules
from app.blueprints.clocks.screen import screen

# Importing a module of routes hangs them on the blueprint.
ROUTES = (rules, calendar, causes)

__all__ = ["ROUTES", "screen"]
