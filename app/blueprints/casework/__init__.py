"""Screens of complaints 投诉: the list, registering one, the page of a case and every step of it, the board."""

from types import ModuleType

from app.blueprints.casework import (
    bars,
    correcting,
    decisions,
    extensions,
    filing,
    handling,
    lists,
    notices,
    registration,
    remedies,
    reviews,
    show,
)
from app.blueprints.casework.screen import screen

# Importing a module of routes hangs them on the blueprint.
ROUTES: tuple[ModuleType, ...] = (
    lists,
    registration,
    show,
    handling,
    extensions,
    notices,
    correcting,
    bars,
    decisions,
    remedies,
    reviews,
    filing,
)

__all__ = ["ROUTES", "screen"]
