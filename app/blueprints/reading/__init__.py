"""Screens of electronic loans: my open ones, the reader, its prints, certified copies and what their QR code says."""

from app.blueprints.reading import copies, pages, verify, views
from app.blueprints.reading.screen import screen

# Importing a module of routes hangs them on the blueprint.
ROUTES = (views, pages, copies, verify)

__all__ = ["ROUTES", "screen"]
