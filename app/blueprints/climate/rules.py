"""What storerooms are judged by: limits of climate, points of the safety check."""

from __future__ import annotations

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.blueprints.climate.forms import ChangePointForm, LimitForm, NewPointForm
from app.blueprints.climate.labels import WORDS
from app.blueprints.climate.screen import screen
from app.domain.errors import ChangedMeanwhile, Invalid, NotFound
from app.domain.policy import Action
from app.queries.climate import all_limits, may_change_storage_rules
from app.queries.climate_rows import LimitRow
from app.queries.safety import PointRow, read_point, safety_points
from app.services import climate_rules as services
from app.services import idempotency
from app.web.access import requires
from app.web.clock import now, today
from app.web.conflicts import conflict_page
from app.web.identity import the_actor
from app.web.sentences import SENTENCES
from app.web.transactions import reading, writing


@screen.get("/storage/climate/limits")
@requires(Action.STORAGE_VIEW)
def show_limits() -> str:
    """Show limits and points with what they rest on."""
    session = reading()
    return render_template(
        "climate/show_limits.html",
        limits=all_limits(session),
        points=safety_points(session),
        may_change=may_change_storage_rules(session, the_actor()),
        words=WORDS,
    )


@screen.get("/storage/climate/limits/<kind>")
@requires(Action.STORAGE_RULES)
def edit_limit(kind: str) -> Response:
    """Show the limits of a kind as a form."""
    row = _limit(kind)
    form = LimitForm()
    form.show(row)
    return _limit_page(row, form)


@screen.post("/storage/climate/limits/<kind>")
@requires(Action.STORAGE_RULES)
def change_limit(kind: str) -> Response:
    """Change the limits of a kind."""
    row = _limit(kind)
    form = LimitForm.from_request()
    if form.validate():
        try:
            with writing() as session:
                typed, version = form.typed(), form.seen_version()
                services.change_limits(session, the_actor(), kind, typed, version=version, now=now(), today=today())
            flash(_("已保存，今后的读数按新限值判断；已有的不变。"), "ok")
            return redirect(url_for(".show_limits"), 303)
        except Invalid as invalid:
            form.blame(invalid, SENTENCES)
        except ChangedMeanwhile as conflict:
            reload_href = url_for(".edit_limit", kind=kind)
            return make_response(conflict_page(conflict, form, reload_href=reload_href, keep_action=request.path))
    return _limit_page(row, form)


@screen.get("/storage/climate/points/new")
@requires(Action.STORAGE_RULES)
def new_point() -> Response:
    """Show the form for another point."""
    services.require_may_change(reading(), the_actor())
    form = NewPointForm()
    form.position.data = len(safety_points(reading()))
    return _point_page(form)


@screen.post("/storage/climate/points/new")
@requires(Action.STORAGE_RULES)
def create_point() -> Response:
    """Add a point."""
    services.require_may_change(reading(), the_actor())
    form = NewPointForm.from_request()
    if form.validate():
        try:
            actor, key = the_actor(), str(form.idempotency_key.data)
            with writing() as session:
                if idempotency.claim(session, actor, key, now=now()) is None:
                    services.add_point(session, actor, form.typed(active=True), now=now())
                    idempotency.settle(session, actor, key, url_for(".show_limits"))
            flash(_("已新增检查项目。"), "ok")
            return redirect(url_for(".show_limits"), 303)
        except Invalid as invalid:
            form.blame(invalid, SENTENCES)
    return _point_page(form)


@screen.get("/storage/climate/points/<code>")
@requires(Action.STORAGE_RULES)
def edit_point(code: str) -> Response:
    """Show a point as a form."""
    services.require_may_change(reading(), the_actor())
    point = read_point(reading(), code)
    form = ChangePointForm(obj=point)
    form.show_version(point.version)
    return _point_page(form, point)


@screen.post("/storage/climate/points/<code>")
@requires(Action.STORAGE_RULES)
def change_point(code: str) -> Response:
    """Change a point."""
    services.require_may_change(reading(), the_actor())
    point = read_point(reading(), code)
    form = ChangePointForm.from_request()
    if form.validate():
        try:
            with writing() as session:
                typed, version = form.typed(active=bool(form.active.data)), form.seen_version()
                services.change_point(session, the_actor(), code, typed, version=version, now=now())
            flash(_("已保存。"), "ok")
            return redirect(url_for(".show_limits"), 303)
        except Invalid as invalid:
            form.blame(invalid, SENTENCES)
        except ChangedMeanwhile as conflict:
            reload_href = url_for(".edit_point", code=code)
            return make_response(conflict_page(conflict, form, reload_href=reload_href, keep_action=request.path))
    return _point_page(form, point)


def _limit(kind: str) -> LimitRow:
    services.require_may_change(reading(), the_actor())
    row = next((row for row in all_limits(reading()) if row.kind == kind), None)
    if row is None:
        raise NotFound
    return row


def _limit_page(row: LimitRow, form: LimitForm) -> Response:
    body = render_template("climate/edit_limit.html", row=row, form=form)
    return make_response(body, 422 if form.errors else 200)


def _point_page(form: NewPointForm | ChangePointForm, point: PointRow | None = None) -> Response:
    body = render_template("climate/edit_point.html", form=form, point=point)
    return make_response(body, 422 if form.errors else 200)
