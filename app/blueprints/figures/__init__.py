"""Screens of figures 统计: complaints and service counted, reports ordered, numbers of the business typed in."""

from app.blueprints.figures import given, views
from app.blueprints.figures.screen import screen

# Importing a module of routes hangs them on the blueprint.
ROUTES = (views, given)

__all__ = ["ROUTES", "screen"]
