"""Screens of accounts 账号, branches 机构, roles 角色授权 and resets of a sign-in 登录重置."""

from __future__ import annotations

from flask import Blueprint

from app.blueprints.admin import accounts, branches, grants, resets

screen = Blueprint("admin", __name__)

_READ, _SEND, _BOTH = ("GET",), ("POST",), ("GET", "POST")
_ROUTES = (
    ("/admin/accounts", accounts.list_accounts, _READ),
    ("/admin/accounts", accounts.find_accounts, _SEND),
    ("/admin/accounts/new", accounts.new_account, _BOTH),
    ("/admin/accounts/<id:account_id>", accounts.show_account, _READ),
    ("/admin/accounts/<id:account_id>/disable", accounts.disable_account, _SEND),
    ("/admin/accounts/<id:account_id>/enable", accounts.enable_account, _SEND),
    ("/admin/accounts/<id:account_id>/activation-code", accounts.reissue_code, _SEND),
    ("/admin/accounts/<id:account_id>/reset", resets.ask_reset, _BOTH),
    ("/admin/accounts/<id:account_id>/grants/new", grants.new_grant, _BOTH),
    ("/admin/branches", branches.list_branches, _READ),
    ("/admin/branches/new", branches.new_branch, _BOTH),
    ("/admin/branches/<id:branch_id>/edit", branches.edit_branch, _BOTH),
    ("/admin/grants", grants.list_grants, _READ),
    ("/admin/grants", grants.find_grants, _SEND),
    ("/admin/grants/new", grants.new_grant, _BOTH),
    ("/admin/grants/<id:grant_id>/revoke", grants.revoke_grant, _BOTH),
    ("/admin/resets", resets.list_resets, _READ),
    ("/admin/resets/<id:reset_id>/confirm", resets.confirm_reset, _SEND),
    ("/admin/resets/<id:reset_id>/refuse", resets.refuse_reset, _SEND),
    ("/admin/resets/<id:reset_id>/withdraw", resets.withdraw_reset, _SEND),
)

for _rule, _view, _methods in _ROUTES:
    screen.add_url_rule(_rule, view_func=_view, methods=_methods)
