"""The routes of places: the rooms, one place with its picture, making, changing and closing places."""

from __future__ import annotations

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.blueprints.storage.forms import ChangePlaceForm, ManyPlacesForm, NewPlaceForm
from app.blueprints.storage.screen import screen
from app.blueprints.storage.words import WORDS
from app.domain.errors import ChangedMeanwhile, Invalid, NotAllowed, NotFound, WrongState
from app.domain.ids import decode_id
from app.domain.places import Fill, Pattern, PlaceKind, check_pattern, planned
from app.domain.policy import Action
from app.queries import places as queries
from app.queries.branches import branches_for
from app.services import idempotency
from app.services import places as services
from app.web.access import requires
from app.web.clock import now
from app.web.conflicts import conflict_page
from app.web.identity import the_actor
from app.web.sentences import SENTENCES, trouble_of
from app.web.transactions import reading, writing

MOST_SHOWN = 12  # codes in a preview


@screen.get("/storage")
@requires(Action.STORAGE_VIEW)
def list_places() -> str:
    """Show the rooms with how full they are."""
    return render_template("storage/list_places.html", rooms=queries.list_rooms(reading(), the_actor()), words=WORDS)


@screen.get("/storage/places/<id:place_id>")
@requires(Action.STORAGE_VIEW)
def show_place(place_id: int) -> str:
    """Show a place: the picture of its shelves, what is inside it, the boxes that stand on it."""
    return place_page(place_id)


@screen.get("/storage/places/new")
@requires(Action.STORAGE_EDIT)
def new_place() -> str:
    """Show the empty form of a place inside the one that the address names, or of a room."""
    parent = _parent()
    form = NewPlaceForm()
    form.offer(parent.kind if parent else None, branches_for(reading(), the_actor(), Action.STORAGE_EDIT))
    return render_template("storage/new_place.html", form=form, parent=parent, words=WORDS)


@screen.post("/storage/places/new")
@requires(Action.STORAGE_EDIT)
def create_place() -> Response:
    """Make one place."""
    parent = _parent()
    form = NewPlaceForm.from_request()
    form.offer(parent.kind if parent else None, branches_for(reading(), the_actor(), Action.STORAGE_EDIT))
    if form.validate():
        try:
            return redirect(_create(form, parent), 303)
        except Invalid as invalid:
            form.blame(invalid, SENTENCES)
    return make_response(render_template("storage/new_place.html", form=form, parent=parent, words=WORDS), 422)


@screen.get("/storage/places/<id:place_id>/many")
@requires(Action.STORAGE_EDIT)
def new_places(place_id: int) -> str:
    """Show the form that makes many places at once."""
    return _many_page(_changeable(place_id), ManyPlacesForm(), None)


@screen.post("/storage/places/<id:place_id>/many")
@requires(Action.STORAGE_EDIT)
def create_places(place_id: int) -> Response:
    """Make many places at once, or show what would be made."""
    place = _changeable(place_id)
    form = ManyPlacesForm.from_request()
    pattern = _valid_pattern(form, place)
    if pattern is not None and request.form.get("do") == "preview":
        return make_response(_many_page(place, form, pattern))
    if pattern is not None:
        try:
            return redirect(_create_many(form, place_id, pattern), 303)
        except Invalid as invalid:
            _blame_whole(form, invalid)
    return make_response(_many_page(place, form, pattern), 422)


@screen.get("/storage/places/<id:place_id>/edit")
@requires(Action.STORAGE_EDIT)
def edit_place(place_id: int) -> str:
    """Show a place as a form."""
    place = _changeable(place_id)
    form = ChangePlaceForm(obj=place)
    form.show_version(place.version)
    return render_template("storage/edit_place.html", form=form, place=place, words=WORDS)


@screen.post("/storage/places/<id:place_id>/edit")
@requires(Action.STORAGE_EDIT)
def change_place(place_id: int) -> Response:
    """Change a place."""
    place = _changeable(place_id)
    form = ChangePlaceForm.from_request()
    if form.validate():
        try:
            with writing() as session:
                data, version = form.data_of(place.kind), form.seen_version()
                services.edit_place(session, the_actor(), place_id, data, version=version, now=now())
            flash(_("已保存。"), "ok")
            return redirect(url_for(".show_place", place_id=place_id), 303)
        except Invalid as invalid:
            form.blame(invalid, SENTENCES)
        except ChangedMeanwhile as conflict:
            reload_href = url_for(".edit_place", place_id=place_id)
            return make_response(conflict_page(conflict, form, reload_href=reload_href, keep_action=request.path))
    return make_response(render_template("storage/edit_place.html", form=form, place=place, words=WORDS), 422)


@screen.post("/storage/places/<id:place_id>/close")
@requires(Action.STORAGE_EDIT)
def close_place(place_id: int) -> Response:
    """Take an empty place out of use."""
    try:
        with writing() as session:
            services.close_place(session, the_actor(), place_id, now=now())
    except WrongState as refused:
        return make_response(place_page(place_id, trouble=trouble_of(refused)), 422)
    flash(_("已停用。"), "ok")
    return redirect(url_for(".show_place", place_id=place_id), 303)


@screen.post("/storage/places/<id:place_id>/reopen")
@requires(Action.STORAGE_EDIT)
def reopen_place(place_id: int) -> Response:
    """Bring a place back into use."""
    try:
        with writing() as session:
            services.reopen_place(session, the_actor(), place_id, now=now())
    except WrongState as refused:
        return make_response(place_page(place_id, trouble=trouble_of(refused)), 422)
    flash(_("已启用。"), "ok")
    return redirect(url_for(".show_place", place_id=place_id), 303)


def place_page(place_id: int, *, trouble: object = "", code: str = "") -> str:
    """Return the page of a place; `trouble` says what was refused, `code` is what was typed then."""
    place = queries.read_place(reading(), the_actor(), place_id)
    boxes = queries.boxes_on(reading(), place_id)
    return render_template(
        "storage/show_place.html",
        place=place,
        fill=Fill(sum(box.spine_mm for box in boxes), place.width_mm),
        nodes=queries.tree_below(reading(), place),
        picture=queries.picture_of(reading(), place) if place.kind != PlaceKind.SHELF else (),
        boxes=boxes,
        trouble=trouble,
        code=code,
        words=WORDS,
    )


def _many_page(place: queries.PlaceDetail, form: ManyPlacesForm, pattern: Pattern | None) -> str:
    plans = list(planned(pattern)) if pattern else []
    codes = [f"{place.full_code}-{'-'.join(plan.path)}" for plan in plans]
    shown = codes if len(codes) <= MOST_SHOWN else [*codes[: MOST_SHOWN - 2], "…", codes[-1]]
    return render_template("storage/new_places.html", form=form, place=place, pattern=pattern, codes=shown, words=WORDS)


def _valid_pattern(form: ManyPlacesForm, place: queries.PlaceDetail) -> Pattern | None:
    if not form.validate():
        return None
    try:
        check_pattern(form.pattern(), place.kind)
    except Invalid as invalid:
        form.blame(invalid, SENTENCES)
        return None
    return form.pattern()


def _blame_whole(form: ManyPlacesForm, invalid: Invalid) -> None:
    form.first.errors = [str(SENTENCES[code]) for codes in invalid.problems.values() for code in codes]


def _parent() -> queries.PlaceDetail | None:
    text = request.values.get("parent", "")
    if not text:
        return None
    try:
        return _changeable(decode_id(text))
    except ValueError as error:
        raise NotFound from error


def _changeable(place_id: int) -> queries.PlaceDetail:
    place = queries.read_place(reading(), the_actor(), place_id)
    if not place.may_edit:
        raise NotAllowed(Action.STORAGE_EDIT)
    return place


def _create(form: NewPlaceForm, parent: queries.PlaceDetail | None) -> str:
    actor, key = the_actor(), str(form.idempotency_key.data)
    branch_id = form.branch.data if "branch" in form else None
    with writing() as session:
        done = idempotency.claim(session, actor, key, now=now())
        if done is not None:
            return done
        parent_id, data = parent.id if parent else None, form.data_of(form.kind.data)
        place_id = services.create_place(session, actor, parent_id, data, branch_id=branch_id, now=now())
        location = url_for(".show_place", place_id=place_id)
        idempotency.settle(session, actor, key, location)
    flash(_("已新增库位。"), "ok")
    return location


def _create_many(form: ManyPlacesForm, place_id: int, pattern: Pattern) -> str:
    actor, key = the_actor(), str(form.idempotency_key.data)
    location = url_for(".show_place", place_id=place_id)
    with writing() as session:
        if idempotency.claim(session, actor, key, now=now()) is not None:
            return location
        made = services.create_many(session, actor, place_id, pattern, now=now())
        idempotency.settle(session, actor, key, location)
    flash(_("已新增 %(n)s 个库位。", n=made), "ok")
    return location
