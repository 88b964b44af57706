"""Screens of complaints 投诉: the list, registering one, the page of a case and every step of it, the board."""

from types import ModuleType

from app.blueprints.casework import (
    absences,
    assigning,
    bars,
    board,
    calendar,
    correcting,
    decisions,
    extensions,
    files,
    filing,
    handling,
    inbox,
    lists,
    notes,
    notices,
    registration,
    remedies,
    reviews,
    show,
    visits,
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
    inbox,
    board,
    calendar,
    assigning,
    absences,
    notes,
    files,
    visits,
)

__all__ = ["ROUTES", "screen"]
