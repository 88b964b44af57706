"""Safety checks of rooms 库房安全检查: the list, one check a room and day, what was found and how it was handled."""

from __future__ import annotations

from datetime import date

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.blueprints.climate.forms import CheckForm, HandleForm
from app.blueprints.climate.labels import WORDS
from app.blueprints.climate.screen import screen
from app.domain.errors import ChangedMeanwhile, Invalid
from app.domain.ids import decode_id
from app.domain.policy import Action
from app.queries import safety as queries
from app.queries.climate_rows import Room
from app.services import safety as services
from app.services.climate import require_room
from app.web.access import requires
from app.web.arguments import day_argument
from app.web.clock import now, today
from app.web.conflicts import conflict_page
from app.web.fragments import is_fragment
from app.web.identity import the_actor
from app.web.paging import current_cursor, listing
from app.web.sentences import SENTENCES
from app.web.transactions import reading, writing

POINT = "point-"
ALL_OK = "all_ok"


@screen.get("/storage/climate/checks")
@requires(Action.STORAGE_VIEW)
def list_checks() -> str:
    """Show the checks, newest first."""
    only_open = request.args.get("state") == "open"
    room = request.args.get("room", "")
    return render_template(
        "climate/_check_rows.html" if is_fragment() else "climate/list_checks.html",
        page=queries.list_checks(
            reading(), the_actor(), place_id=_room_id(room), only_open=only_open, cursor=current_cursor()
        ),
        only_open=only_open,
        turn=listing("climate.list_checks", sort="", state="open" if only_open else "", room=room),
        words=WORDS,
    )


@screen.get("/storage/climate/<id:place_id>/check")
@requires(Action.CLIMATE_RECORD)
def edit_check(place_id: int) -> Response:
    """Show the form of a day: empty, or with what was found then."""
    room = require_room(reading(), the_actor(), place_id)
    day = day_argument("day") or today()
    form = CheckForm(data={"day": day})
    kept = queries.check_of_day(reading(), the_actor(), place_id, day)
    if kept is not None:
        form.show_version(kept.version)
        form.found.data, form.handled.data = kept.found, kept.handled
    return _page(room, form, dict(kept.results) if kept else {}, day)


@screen.post("/storage/climate/<id:place_id>/check")
@requires(Action.CLIMATE_RECORD)
def change_check(place_id: int) -> Response:
    """Write a check down; one button says that every point is in order."""
    room = require_room(reading(), the_actor(), place_id)
    form = CheckForm.from_request()
    results = _results()
    if form.validate() and form.day.data:
        try:
            with writing() as session:
                typed = (form.day.data, results, form.found.data or "", form.handled.data or "")
                version = form.seen_version()
                services.record_check(session, the_actor(), place_id, *typed, version=version, now=now(), today=today())
            flash(_("已登记 %(room)s 的安全检查。", room=room.title), "ok")
            return redirect(url_for(".list_checks"), 303)
        except Invalid as invalid:
            form.blame(invalid, SENTENCES)
        except ChangedMeanwhile as conflict:
            reload_href = url_for(".edit_check", place_id=place_id, day=form.day.data)
            return make_response(conflict_page(conflict, form, reload_href=reload_href, keep_action=request.path))
    return _page(room, form, results, form.day.data)


@screen.get("/storage/climate/checks/<id:check_id>")
@requires(Action.STORAGE_VIEW)
def show_check(check_id: int) -> Response:
    """Show one check, with the form that says how a problem was handled."""
    check = queries.read_check(reading(), the_actor(), check_id)
    form = HandleForm(data={"handled": check.handled})
    form.show_version(check.version)
    return _check_page(check, form)


@screen.post("/storage/climate/checks/<id:check_id>")
@requires(Action.CLIMATE_RECORD)
def change_handling(check_id: int) -> Response:
    """Write down how a problem was handled."""
    check = queries.read_check(reading(), the_actor(), check_id)
    form = HandleForm.from_request()
    if form.validate():
        try:
            with writing() as session:
                handled, version = form.handled.data or "", form.seen_version()
                services.handle_check(session, the_actor(), check_id, handled, version=version, now=now())
            flash(_("已记下处理结果。"), "ok")
            return redirect(url_for(".show_check", check_id=check_id), 303)
        except Invalid as invalid:
            form.blame(invalid, SENTENCES)
        except ChangedMeanwhile as conflict:
            reload_href = url_for(".show_check", check_id=check_id)
            return make_response(conflict_page(conflict, form, reload_href=reload_href, keep_action=request.path))
    return _check_page(check, form)


def _results() -> dict[str, str]:
    sent = {name.removeprefix(POINT): value for name, value in request.form.items() if name.startswith(POINT)}
    if request.form.get("do") != ALL_OK:
        return sent
    # The one key settles what was left open, and overwrites nothing that was marked.
    codes = [point.code for point in queries.safety_points(reading(), only_active=True)]
    return dict.fromkeys(codes, "ok") | {code: state for code, state in sent.items() if state}


def _room_id(text: str) -> int | None:
    try:
        return decode_id(text) if text else None
    except ValueError:
        return None


def _page(room: Room, form: CheckForm, results: dict[str, str], day: date | None) -> Response:
    points = [point for point in queries.safety_points(reading()) if point.active or point.code in results]
    body = render_template(
        "climate/edit_check.html", room=room, form=form, points=points, results=results, day=day, words=WORDS
    )
    return make_response(body, 422 if form.errors else 200)


def _check_page(check: queries.CheckRow, form: HandleForm) -> Response:
    body = render_template(
        "climate/show_check.html",
        check=check,
        points={point.code: point for point in queries.safety_points(reading())},
        form=form,
        words=WORDS,
    )
    return make_response(body, 422 if form.errors else 200)
