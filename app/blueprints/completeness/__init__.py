"""Screens of completeness 齐全性: checklists, what is owed 欠件台账, letters, the rules."""

from types import ModuleType

from app.blueprints.completeness import checklists, days, letters, register, rules, sorter, types
from app.blueprints.completeness.screen import screen

# Importing a module of routes hangs them on the blueprint.
ROUTES: tuple[ModuleType, ...] = (checklists, days, letters, register, rules, sorter, types)

__all__ = ["ROUTES", "screen"]
