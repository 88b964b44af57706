"""Screens of notices 通知: one's own, and marking them read."""

from app.blueprints.notices.views import screen

__all__ = ["screen"]
