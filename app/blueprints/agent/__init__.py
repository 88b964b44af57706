"""Screens of customers' agents 代理人, made for a phone: their submissions and nothing else."""

from app.blueprints.agent import beginning, page_images, photographing, sending, views
from app.blueprints.agent.screen import screen

# Importing a module of routes hangs them on the blueprint.
ROUTES = (views, beginning, photographing, sending, page_images)

__all__ = ["ROUTES", "screen"]
