"""The screen of the trail 审计记录, for 安全审计员 alone."""

from app.blueprints.audit.views import screen

__all__ = ["screen"]
