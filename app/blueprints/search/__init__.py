"""The one search box 检索查询."""

from app.blueprints.search.views import screen

__all__ = ["screen"]
