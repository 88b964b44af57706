"""The rooms of today, one room's month, readings that are written down or corrected, alarms."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.blueprints.climate.curves import HEIGHT, LEFT, POINTS, RANGES, RIGHT, WIDTH, draw, span_of
from app.blueprints.climate.forms import QuickForm, ReadingForm, SeenForm
from app.blueprints.climate.labels import WORDS
from app.blueprints.climate.screen import screen
from app.domain.climate import half_of
from app.domain.errors import ChangedMeanwhile, Invalid, NotAllowed
from app.domain.policy import Action
from app.queries import climate as queries
from app.queries.branches import branches_for
from app.queries.climate_rows import Room
from app.services import climate as services
from app.services.climate_alarms import see_to_alarm
from app.web.access import requires
from app.web.arguments import day_argument, number_argument
from app.web.clock import now, today
from app.web.conflicts import conflict_page
from app.web.fragments import is_fragment
from app.web.identity import the_actor
from app.web.paging import current_cursor, listing
from app.web.sentences import SENTENCES, trouble_of
from app.web.transactions import reading, writing

MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])", re.ASCII)


@screen.get("/storage/climate")
@requires(Action.STORAGE_VIEW)
def show_climate() -> Response:
    """Show the rooms with both halves of today, each with its line to write in."""
    return _rooms_page()


@screen.post("/storage/climate/<id:place_id>")
@requires(Action.CLIMATE_RECORD)
def record_reading(place_id: int) -> Response:
    """Write down one line; the answer is the room's line again, with what is wrong with the values in words."""
    room = services.require_room(reading(), the_actor(), place_id)
    form, status, said = QuickForm.from_request(), 422, ""
    if form.validate():
        try:
            with writing() as session:
                version = form.seen_version()
                services.record_reading(
                    session, the_actor(), place_id, *form.when, form.typed(), version=version, now=now()
                )
            if not is_fragment():
                flash(_("已登记：%(room)s。", room=room.title), "ok")
                return redirect(url_for(".show_climate"), 303)
            return _line(room, None, 200, _("已登记"))
        except Invalid as invalid:
            form.blame(invalid, SENTENCES)
        except ChangedMeanwhile as conflict:
            form.show_version(conflict.version)
            status, said = 409, _("别人刚刚登记了这个时段。请核对，确需更正再保存一次。")
    return _line(room, form, status, said) if is_fragment() else _rooms_page((room, form, said), status)


@screen.get("/storage/climate/<id:place_id>")
@requires(Action.STORAGE_VIEW)
def show_room(place_id: int) -> str:
    """Show a room's month: curves with limits, the sheet, its alarms."""
    actor, session = the_actor(), reading()
    room = queries.read_room(session, actor, place_id)
    anchor = _anchor()
    name = request.args.get("range", "")
    span = span_of(name if name in RANGES else "month", anchor)
    points = queries.curve(session, place_id, span.since, span.until, points=POINTS[span.name])
    rows = queries.month_rows(session, place_id, anchor.year, anchor.month)
    count, exceeded = queries.count_readings(session, place_id, span.since, span.until)
    return render_template(
        "climate/show_room.html",
        room=room,
        rows=rows,
        foot=queries.month_foot(rows),
        panels=draw(points, room.limits, span),
        sheet={"width": WIDTH, "height": HEIGHT, "left": LEFT, "right": WIDTH - RIGHT},
        span=span,
        last_day=span.until - timedelta(days=1),
        count=count,
        exceeded=exceeded,
        alarms=queries.list_alarms(session, actor, place_id=place_id),
        anchor=anchor,
        month=f"{anchor:%Y-%m}",
        before=f"{anchor.replace(day=1) - timedelta(days=1):%Y-%m}",
        after=_month_after(anchor),
        today=today(),
        words=WORDS,
    )


@screen.get("/storage/climate/<id:place_id>/reading")
@requires(Action.CLIMATE_RECORD)
def edit_reading(place_id: int) -> Response:
    """Show the whole form of a day and half: empty, or with what was written down."""
    room = services.require_room(reading(), the_actor(), place_id)
    day = day_argument("day") or today()
    half = request.args.get("half", "")
    half = half if half in WORDS["half"] else half_of(now())
    form = ReadingForm(data={"day": day, "half": half})
    kept = queries.read_reading(reading(), place_id, day, half)
    if kept is not None:
        form.show(kept)
    return _reading_page(room, form)


@screen.post("/storage/climate/<id:place_id>/reading")
@requires(Action.CLIMATE_RECORD)
def change_reading(place_id: int) -> Response:
    """Write down or correct a reading of any day."""
    room = services.require_room(reading(), the_actor(), place_id)
    form = ReadingForm.from_request()
    if form.validate():
        try:
            with writing() as session:
                version = form.seen_version()
                broken = services.record_reading(
                    session, the_actor(), place_id, *form.when, form.typed(), version=version, now=now()
                )
            said = str(_("、")).join(WORDS["breach"](breach.kind, breach.by) for breach in broken)
            flash(_("已保存，%(what)s。", what=said) if said else _("已保存，在限值内。"), "warn" if said else "ok")
            return redirect(url_for(".show_room", place_id=place_id, month=f"{form.when[0]:%Y-%m}"), 303)
        except Invalid as invalid:
            form.blame(invalid, SENTENCES)
        except ChangedMeanwhile as conflict:
            reload_href = url_for(".edit_reading", place_id=place_id, day=form.day.data, half=form.half.data)
            return make_response(conflict_page(conflict, form, reload_href=reload_href, keep_action=request.path))
    return _reading_page(room, form)


@screen.post("/storage/climate/alarms/<id:alarm_id>")
@requires(Action.CLIMATE_RECORD)
def confirm_alarm(alarm_id: int) -> Response:
    """Write down what was done about an alarm."""
    form = SeenForm.from_request()
    try:
        with writing() as session:
            place_id = see_to_alarm(session, the_actor(), alarm_id, form.note.data or "", now=now())
    except Invalid as invalid:
        return _rooms_page(status=422, trouble=str(trouble_of(invalid)))
    flash(_("已记下处理措施。"), "ok")
    return redirect(url_for(".show_room", place_id=place_id), 303)


def _rooms_page(wrong: tuple[Room, QuickForm, str] | None = None, status: int = 200, trouble: str = "") -> Response:
    session, actor = reading(), the_actor()
    branch_id = number_argument("branch")
    page = queries.list_rooms(session, actor, today=today(), branch_id=branch_id, cursor=current_cursor())
    body = render_template(
        "climate/show_climate.html",
        page=page,
        alarms=queries.list_alarms(session, actor, only_open=True),
        branches=branches_for(session, actor, Action.STORAGE_VIEW),
        branch_id=branch_id,
        turn=listing("climate.show_climate", sort="", branch=branch_id),
        wrong_id=wrong[0].id if wrong else None,
        wrong_form=wrong[1] if wrong else None,
        wrong_said=wrong[2] if wrong else "",
        trouble=trouble,
        **_of_today(),
    )
    return make_response(body, status)


def _line(room: Room, form: QuickForm | None, status: int, said: str) -> Response:
    state = queries.rooms_today(reading(), [room], today=today())[0]
    body = render_template("climate/_room.html", state=state, form=form, said=said, **_of_today())
    if status == 200:
        alarms = queries.list_alarms(reading(), the_actor(), only_open=True)
        body += render_template("climate/_open_alarms.html", alarms=alarms, is_part=True, words=WORDS)
    return make_response(body, status)


def _of_today() -> dict[str, Any]:
    return {"today": today(), "half": half_of(now()), "words": WORDS}


def _reading_page(room: Room, form: ReadingForm) -> Response:
    if not room.may_record:
        raise NotAllowed(Action.CLIMATE_RECORD)
    body = render_template("climate/edit_reading.html", room=room, form=form, words=WORDS)
    return make_response(body, 422 if form.errors else 200)


def _month_after(day: date) -> str:
    """Return the month after that of `day`, nothing for one that has not begun."""
    after = f"{day.replace(day=28) + timedelta(days=4):%Y-%m}"
    return after if after <= f"{today():%Y-%m}" else ""


def _anchor() -> date:
    """Return the day that the page is about: the one asked for, the last of the month asked for, today."""
    found = MONTH.fullmatch(request.args.get("month", ""))
    if found is None:
        day = day_argument("day") or today()
        return day if 2000 <= day.year <= 2099 else today()
    year, month = int(found[1]), int(found[2])
    if (year, month) == (today().year, today().month):
        return today()
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
