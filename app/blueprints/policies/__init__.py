"""Screens of policies 保单: the list, one policy with its parties, registering and changing it."""

from app.blueprints.policies import parties, status, views
from app.blueprints.policies.screen import screen

# Importing a module of routes hangs them on the blueprint.
ROUTES = (views, status, parties)

__all__ = ["ROUTES", "screen"]
