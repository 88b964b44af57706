"""Screens of surveys 满意度: questionnaires and their results, invitations, call-backs, follow-ups."""

from types import ModuleType

from app.blueprints.surveys import builder, follow_ups, invitations, kiosks, lists, paper, phone, results
from app.blueprints.surveys.screen import screen

# Importing a module of routes hangs them on the blueprint.
ROUTES: tuple[ModuleType, ...] = (lists, builder, results, invitations, phone, paper, kiosks, follow_ups)

__all__ = ["ROUTES", "screen"]
