"""Screens of the catalogue's rules 分类与期限: classes, retention periods, the template of archive numbers."""

from __future__ import annotations

from flask import Blueprint

from app.blueprints.catalogue import categories, periods, rules

screen = Blueprint("catalogue", __name__)

_READ, _SEND, _BOTH = ("GET",), ("POST",), ("GET", "POST")
_ROUTES = (
    ("/catalogue", rules.show_rules, _READ),
    ("/catalogue/number-template", rules.edit_template, _BOTH),
    ("/catalogue/categories/<id:category_id>/new", categories.new_category, _BOTH),
    ("/catalogue/categories/<id:category_id>/edit", categories.edit_category, _BOTH),
    ("/catalogue/periods/new", periods.new_period, _BOTH),
    ("/catalogue/periods/<code>/edit", periods.edit_period, _BOTH),
    ("/catalogue/periods/<code>/remove", periods.remove_period, _SEND),
)

for _rule, _view, _methods in _ROUTES:
    screen.add_url_rule(_rule, view_func=_view, methods=_methods)
