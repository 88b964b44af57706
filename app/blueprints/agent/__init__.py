"""Screens of customers' agents 代理人, made for a phone: their submissions and nothing else."""

from types import ModuleType

from app.blueprints.agent.screen import screen

# Importing a module of routes hangs them on the blueprint.
ROUTES: tuple[ModuleType, ...] = ()

__all__ = ["ROUTES", "screen"]
