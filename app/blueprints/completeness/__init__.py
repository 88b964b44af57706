"""Screens of completeness 齐全性: checklists, what is owed 欠件台账, letters."""

from types import ModuleType

from app.blueprints.completeness.screen import screen

# Importing a module of routes hangs them on the blueprint.
ROUTES: tuple[ModuleType, ...] = ()

__all__ = ["ROUTES", "screen"]
