"""Screens of tables that are imported 数据导入."""

from types import ModuleType

from app.blueprints.imports import views
from app.blueprints.imports.screen import screen

# Importing a module of routes hangs them on the blueprint.
ROUTES: tuple[ModuleType, ...] = (views,)

__all__ = ["ROUTES", "screen"]
