"""Screens of rounds: stock-taking 盘点 with its counting and review, inspection 检查 by plan."""

from app.blueprints.rounds import counting, inspecting, plans, review, views
from app.blueprints.rounds.screen import screen

# Importing a module of routes hangs them on the blueprint.
ROUTES = (views, counting, review, plans, inspecting)

__all__ = ["ROUTES", "screen"]
