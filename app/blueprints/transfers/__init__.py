"""Screens of handing over 移交: the list, one with its papers, counting by scanner, signing, printing."""

from app.blueprints.transfers import lines, steps, views, writing_heads
from app.blueprints.transfers.screen import screen

# Importing a module of routes hangs them on the blueprint.
ROUTES = (views, writing_heads, lines, steps)

__all__ = ["ROUTES", "screen"]
