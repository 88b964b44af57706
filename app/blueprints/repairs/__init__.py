"""Screens of repair 修复: the list, one order with photos before and after, its steps."""

from app.blueprints.repairs import ordering, photos, steps, views
from app.blueprints.repairs.screen import screen

# Importing a module of routes hangs them on the blueprint.
ROUTES = (views, ordering, steps, photos)

__all__ = ["ROUTES", "screen"]
