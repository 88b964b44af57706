"""Screens of papers on their way in 收集整编: batches, the desk, suggestions, twins, checks."""

from types import ModuleType

from app.blueprints.intake import checks
from app.blueprints.intake.screen import screen

# Importing a module of routes hangs them on the blueprint.
ROUTES: tuple[ModuleType, ...] = (checks,)

__all__ = ["ROUTES", "screen"]
