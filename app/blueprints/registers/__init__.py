"""Screens of registers 台账打印."""

from app.blueprints.registers.views import screen

__all__ = ["screen"]
