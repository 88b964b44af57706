"""The home page 工作台."""

from app.blueprints.home.views import screen

__all__ = ["screen"]
