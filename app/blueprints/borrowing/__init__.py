"""Screens of borrowing 借阅: the cart, asking, deciding, the rules, and the desk 出纳台."""

from app.blueprints.borrowing.screen import screen

# Importing a module of routes hangs them on the blueprint.
ROUTES = ()

__all__ = ["ROUTES", "screen"]
