"""The calendar of working days: shown by year, taken in from a file that is looked at first."""

from __future__ import annotations

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.blueprints.clocks.forms import CalendarForm
from app.blueprints.clocks.screen import screen
from app.domain.deadlines.calendar_file import TEMPLATE
from app.domain.errors import Invalid
from app.domain.policy import Action
from app.queries import calendar as queries
from app.queries.clock_rules import may_change_clock_rules
from app.services import calendar as services
from app.services.clock_rules import require_may_change
from app.web.access import requires
from app.web.arguments import number_argument
from app.web.clock import now, today
from app.web.identity import the_actor
from app.web.sentences import SENTENCES
from app.web.transactions import reading, writing

FIRST, LAST = 2000, 2099


@screen.get("/clocks/calendar")
@requires(Action.CONSULTATION_VIEW)
def show_calendar() -> str:
    """Show the months of a year with their holidays and the weekends that are worked."""
    session = reading()
    wanted = number_argument("year") or today().year
    year = min(max(wanted, FIRST), LAST)
    known = queries.years_known(session)
    return render_template(
        "clocks/show_calendar.html",
        year=year,
        months=queries.months_of(session, year),
        years=sorted({*known, today().year, year}),
        is_known=year in known,
        missing=queries.years_missing(session, today()),
        may_change=may_change_clock_rules(session, the_actor()),
    )


@screen.get("/clocks/calendar/template")
@requires(Action.CONSULTATION_VIEW)
def send_template() -> Response:
    """Send an example of the file, to be filled in a spreadsheet; with the mark by which such programs know UTF-8."""
    answer = make_response("\ufeff" + TEMPLATE.format(year=today().year + 1))
    answer.headers["Content-Type"] = "text/csv; charset=utf-8"
    answer.headers["Content-Disposition"] = 'attachment; filename="calendar.csv"'
    return answer


@screen.get("/clocks/calendar/import")
@requires(Action.CASE_RULES)
def choose_file() -> str:
    """Ask for a file."""
    require_may_change(reading(), the_actor())
    return render_template("clocks/import_calendar.html", form=CalendarForm(), preview=None, sentences=SENTENCES)


@screen.post("/clocks/calendar/import")
@requires(Action.CASE_RULES)
def take_file() -> Response:
    """Show what a file would change; with the digest of what was shown, write it."""
    require_may_change(reading(), the_actor())
    form = CalendarForm.from_request()
    try:
        if form.digest.data and not request.files.get("file"):
            return redirect(_take(form), 303)
        upload = request.files.get("file")
        form.text.data = services.text_of_file(upload.read(services.MOST_BYTES + 1) if upload else b"")
    except Invalid as invalid:
        form.blame(invalid, SENTENCES)
    preview = services.preview_calendar(reading(), the_actor(), form.text.data) if form.text.data else None
    form.digest.data = preview.digest if preview else ""
    page = render_template("clocks/import_calendar.html", form=form, preview=preview, sentences=SENTENCES)
    return make_response(page, 422 if form.errors or (preview and preview.problems) else 200)


def _take(form: CalendarForm) -> str:
    with writing() as session:
        done = services.take_calendar(session, the_actor(), form.text.data or "", str(form.digest.data), now=now())
    flash(_("日历已更改 %(n)s 天，在办的期限正在重新计算。", n=len(done.changes)), "ok")
    return url_for(".show_calendar", year=done.years[-1])
