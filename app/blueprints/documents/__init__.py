"""Screens of documents 档案件: the list, receiving, one item with its viewer, describing, filing, the ledger."""

from app.blueprints.documents import describing, finding, ledger, pages, receiving, views
from app.blueprints.documents.screen import screen

# Importing a module of routes hangs them on the blueprint.
ROUTES = (views, receiving, describing, finding, pages, ledger)

__all__ = ["ROUTES", "screen"]
