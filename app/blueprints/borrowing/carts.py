"""Putting things into the cart 借阅车 and taking them out."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.blueprints.borrowing.asking import ask_page
from app.blueprints.borrowing.screen import screen
from app.domain.errors import Invalid, NotFound, WrongState
from app.domain.ids import decode_id
from app.domain.policy import Action
from app.domain.scan_codes import label_code
from app.services import carts
from app.web.access import requires
from app.web.clock import now
from app.web.identity import the_actor
from app.web.transactions import writing


@screen.post("/borrowing/cart")
@requires(Action.LOAN_ASK)
def add_to_cart() -> Response:
    """Put an item, a volume, a box, a customer's whole file, or what was typed or scanned into the cart."""
    try:
        with writing() as session:
            added = _add(session)
    except (Invalid, WrongState) as trouble:
        return ask_page(trouble=trouble, code=request.form.get("code", "")[: carts.LONGEST_CODE])
    _tell(added)
    return redirect(url_for(".new_loan"), 303)


@screen.post("/borrowing/cart/remove")
@requires(Action.LOAN_ASK)
def remove_from_cart() -> Response:
    """Take an item out of the cart, or everything."""
    with writing() as session:
        if request.form.get("drop") == "all":
            carts.empty(session, the_actor())
        else:
            carts.remove(session, the_actor(), [_id(request.form.get("drop", ""))])
    back: dict[str, Any] = {name: request.form[name] for name in ("way", "for") if request.form.get(name)}
    return redirect(url_for(".new_loan", **back), 303)


def _add(session: Session) -> carts.Added:
    actor, form = the_actor(), request.form
    if form.get("document"):
        return carts.add_document(session, actor, _id(form["document"]), now=now())
    if form.get("customer"):
        return carts.add_file(session, actor, _id(form["customer"]), now=now())
    for kind in ("volume", "box"):
        if form.get(kind):
            return carts.add_by_code(session, actor, label_code(kind, _id(form[kind])), now=now())
    return carts.add_by_code(session, actor, form.get("code", ""), now=now())


def _tell(added: carts.Added) -> None:
    if added.added:
        flash(_("已加入借阅车：%(n)s 件。", n=added.added), "ok")
    else:
        flash(_("已经在借阅车里。"), "info")
    if added.left_out:
        flash(_("另有 %(n)s 件未归档、封存或已销毁，没有加入。", n=added.left_out), "warn")


def _id(text: str) -> int:
    try:
        return decode_id(text)
    except ValueError as error:
        raise NotFound from error
