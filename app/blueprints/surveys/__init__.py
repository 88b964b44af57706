"""Screens of surveys 满意度: questionnaires and their results, invitations, call-backs, follow-ups."""

from types import ModuleType

from app.blueprints.surveys import builder, lists, results
from app.blueprints.surveys.screen import screen

# Importing a module of routes hangs them on the blueprint.
ROUTES: tuple[ModuleType, ...] = (lists, builder, results)

__all__ = ["ROUTES", "screen"]
