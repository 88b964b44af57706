"""Screens of borrowing 借阅: the cart, asking, deciding, the rules, and the desk 出纳台."""

from app.blueprints.borrowing import (
    asking,
    blocks,
    carts,
    day_settings,
    desk,
    desk_back,
    desk_changes,
    desk_out,
    lists,
    rules,
)
from app.blueprints.borrowing.screen import screen

# Importing a module of routes hangs them on the blueprint.
ROUTES = (lists, asking, carts, rules, day_settings, blocks, desk, desk_out, desk_back, desk_changes)

__all__ = ["ROUTES", "screen"]
