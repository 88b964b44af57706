"""Screens of volumes 案卷: forming, ordering, closing, printing."""

from types import ModuleType

from app.blueprints.volumes.screen import screen

# Importing a module of routes hangs them on the blueprint.
ROUTES: tuple[ModuleType, ...] = ()

__all__ = ["ROUTES", "screen"]
