"""What customers see: a questionnaire behind a link of one use, and the tablet at a counter. Nobody signs in here."""

from types import ModuleType

from app.blueprints.answering import views
from app.blueprints.answering.screen import screen

# Importing a module of routes hangs them on the blueprint.
ROUTES: tuple[ModuleType, ...] = (views,)

__all__ = ["ROUTES", "screen"]
