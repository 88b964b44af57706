"""Screens of papers on their way in 收集整编: batches, the desk, suggestions, twins, checks."""

from types import ModuleType

from app.blueprints.intake import (
    batch,
    checks,
    desk,
    lists,
    page_changes,
    page_images,
    returning,
    suggestions,
    twins,
    upload,
)
from app.blueprints.intake.screen import screen

# Importing a module of routes hangs them on the blueprint.
ROUTES: tuple[ModuleType, ...] = (
    checks,
    lists,
    batch,
    desk,
    page_changes,
    page_images,
    returning,
    suggestions,
    twins,
    upload,
)

__all__ = ["ROUTES", "screen"]
