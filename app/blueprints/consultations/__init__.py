"""Screens of consultations 咨询: the list, logging one by keyboard, one consultation, the knowledge base."""

from app.blueprints.consultations import answers, asking, steps, views
from app.blueprints.consultations.screen import screen

# Importing a module of routes hangs them on the blueprint.
ROUTES = (views, asking, steps, answers)

__all__ = ["ROUTES", "screen"]
