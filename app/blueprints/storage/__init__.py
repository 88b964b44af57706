"""Screens of the storeroom 库房: places, boxes, putting away, boxing, labels, the movement book."""

from app.blueprints.storage import boxes, boxing, finding, labels, movements, places, shelving, volumes
from app.blueprints.storage.screen import screen

# Importing a module of routes hangs them on the blueprint.
ROUTES = (places, boxes, shelving, boxing, volumes, labels, movements, finding)

__all__ = ["ROUTES", "screen"]
