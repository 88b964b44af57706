"""Putting away 上架: scan a box, scan a shelf, next; and moving boxes from a shelf's or a box's page."""

from __future__ import annotations

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.blueprints.storage.boxes import box_page
from app.blueprints.storage.places import place_page
from app.blueprints.storage.screen import screen
from app.domain.errors import Invalid, NotAllowed, WrongState
from app.domain.ids import decode_id
from app.domain.policy import Action
from app.queries.boxes import BoxDetail, read_box
from app.queries.places import read_place
from app.services import boxes as services
from app.web.access import requires
from app.web.clock import now
from app.web.forms import stripped
from app.web.identity import the_actor
from app.web.scanning import resolve_one_of
from app.web.sentences import trouble_of
from app.web.transactions import reading, writing


@screen.get("/storage/shelving")
@requires(Action.STORAGE_EDIT)
def show_shelving() -> str:
    """Ask for a box."""
    return render_template("storage/shelving.html", box=None, trouble="", code="")


@screen.post("/storage/shelving")
@requires(Action.STORAGE_EDIT)
def choose_box() -> Response:
    """Take the box that was scanned and ask for the shelf."""
    code = stripped(request.form.get("code"))
    try:
        found = resolve_one_of(reading(), the_actor(), code, ("box",), "scan.not_box")
    except Invalid as invalid:
        page = render_template("storage/shelving.html", box=None, trouble=trouble_of(invalid), code=code)
        return make_response(page, 422)
    return redirect(url_for(".show_shelving_of", box_id=found.id), 303)


@screen.get("/storage/shelving/<id:box_id>")
@requires(Action.STORAGE_EDIT)
def show_shelving_of(box_id: int) -> str:
    """Ask for the shelf of a box."""
    return render_template("storage/shelving.html", box=_keepable(box_id), trouble="", code="")


@screen.post("/storage/shelving/<id:box_id>")
@requires(Action.STORAGE_EDIT)
def shelve_box(box_id: int) -> Response:
    """Put the box on the shelf that was scanned, and ask for the next box."""
    box, code = _keepable(box_id), stripped(request.form.get("code"))
    try:
        with writing() as session:
            place_code = _shelve(session, [box_id], code, None)
    except (Invalid, WrongState) as refused:
        page = render_template("storage/shelving.html", box=box, trouble=trouble_of(refused), code=code)
        return make_response(page, 422)
    flash(_("%(box)s 已放到 %(place)s。请扫描下一盒。", box=box.number, place=place_code), "ok")
    return redirect(url_for(".show_shelving"), 303)


@screen.post("/storage/boxes/<id:box_id>/move")
@requires(Action.STORAGE_EDIT)
def move_box(box_id: int) -> Response:
    """Put a box on another shelf from its page, at a position if one was typed."""
    _keepable(box_id)
    code = stripped(request.form.get("code"))
    typed = request.form.get("position", "").strip()
    try:
        with writing() as session:
            position = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 5 else None
            place_code = _shelve(session, [box_id], code, position)
    except (Invalid, WrongState) as refused:
        return make_response(box_page(box_id, trouble=trouble_of(refused), code=code), 422)
    flash(_("已放到 %(place)s。", place=place_code), "ok")
    return redirect(url_for(".show_box", box_id=box_id), 303)


@screen.post("/storage/boxes/<id:box_id>/take-off")
@requires(Action.STORAGE_EDIT)
def take_box_off(box_id: int) -> Response:
    """Take a box off its shelf."""
    try:
        with writing() as session:
            services.take_off(session, the_actor(), [box_id], now=now())
    except WrongState as refused:
        return make_response(box_page(box_id, trouble=trouble_of(refused)), 422)
    flash(_("已下架。"), "ok")
    return redirect(url_for(".show_box", box_id=box_id), 303)


@screen.post("/storage/places/<id:place_id>/move")
@requires(Action.STORAGE_EDIT)
def move_boxes(place_id: int) -> Response:
    """Put the boxes that were ticked on another shelf."""
    read_place(reading(), the_actor(), place_id)
    code = stripped(request.form.get("code"))
    try:
        chosen = [_decoded(text) for text in request.form.getlist("box")]
        if not chosen:
            raise Invalid.field("box", "shelving.no_box")
        with writing() as session:
            place_code = _shelve(session, chosen, code, None)
    except (Invalid, WrongState) as refused:
        return make_response(place_page(place_id, trouble=trouble_of(refused), code=code), 422)
    flash(_("%(n)s 盒已放到 %(place)s。", n=len(chosen), place=place_code), "ok")
    return redirect(url_for(".show_place", place_id=place_id), 303)


def _shelve(session: Session, box_ids: list[int], code: str, position: int | None) -> str:
    actor = the_actor()
    found = resolve_one_of(session, actor, code, ("place",), "scan.not_place")
    services.shelve(session, actor, box_ids, found.id, position=position, now=now())
    return read_place(session, actor, found.id).full_code


def _decoded(text: str) -> int:
    try:
        return decode_id(text)
    except ValueError as error:
        raise Invalid.field("box", "shelving.no_box") from error


def _keepable(box_id: int) -> BoxDetail:
    box = read_box(reading(), the_actor(), box_id)
    if not box.may_edit:
        raise NotAllowed(Action.STORAGE_EDIT)
    return box
