"""Screens of customers 客户档案: the list, one customer's file, opening and changing it."""

from app.blueprints.customers.views import screen

__all__ = ["screen"]
