"""Screens of volumes 案卷: what is to be bound, one volume with its items, closing, checking, printing."""

from app.blueprints.volumes import measure, ordering, printing, proposals, steps, views
from app.blueprints.volumes.screen import screen

# Importing a module of routes hangs them on the blueprint.
ROUTES = (views, proposals, ordering, steps, printing, measure)

__all__ = ["ROUTES", "screen"]
