"""My open electronic loans, the reader of one, printing, ending it, and revoking it at the desk."""

from __future__ import annotations

from collections.abc import Mapping

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.blueprints.reading.screen import screen
from app.domain.errors import Invalid, NotFound
from app.domain.page_ranges import parse_pages, write_pages
from app.domain.policy import STEP_UP_LEVEL, Action
from app.domain.search import understand
from app.queries import reading as queries
from app.services import reading as services
from app.services.trail import Subject
from app.web.access import need_step_up, requires
from app.web.clock import now
from app.web.errors import BY_STATUS, render_answer
from app.web.identity import the_actor
from app.web.sealed_query import open_query, seal_query
from app.web.sentences import trouble_of
from app.web.transactions import reading, writing

# A browser lays out so many images at once without stumbling.
MOST_PRINTED = 60


@screen.get("/reading")
@requires(Action.READING_OPEN)
def list_readings() -> str:
    """Show one's own electronic loans that are open."""
    return render_template(
        "reading/list_readings.html", readings=queries.list_readings(reading(), the_actor(), now=now())
    )


@screen.get("/reading/<id:item_id>")
@requires(Action.READING_OPEN)
def show_reading(item_id: int) -> str:
    """Show the pages of an open electronic loan, one at a time."""
    found = _open(item_id)
    sealed = request.args.get("s", "")
    text = open_query(sealed)
    hits = queries.hits_in_reading(reading(), the_actor(), item_id, understand(text), now=now())
    at = request.args.get("page", hits[0].number if hits else 1, type=int)
    return render_template(
        "reading/show_reading.html",
        reading=found,
        pages=_page_links(item_id, found, {page.number: page.count for page in hits}, sealed if text else None),
        at=at if at in found.pages else next(iter(found.pages), 1),
        most_printed=MOST_PRINTED,
        text=text,
        sealed=sealed,
        hits=hits,
    )


@screen.post("/reading/<id:item_id>/find")
@requires(Action.READING_OPEN)
def find_in_reading(item_id: int) -> Response:
    """Take the words out of the form, so that they stay out of addresses, and show the pages with them marked."""
    _open(item_id)
    sealed = seal_query(request.form.get("text", ""))
    return redirect(url_for(".show_reading", item_id=item_id, s=sealed or None), 303)


@screen.get("/reading/<id:item_id>/print")
@requires(Action.READING_OPEN)
def print_pages(item_id: int) -> Response | str:
    """Show the chosen pages for the printer; each opening is a print that counts."""
    actor, at = the_actor(), now()
    found = _open(item_id)
    if not found.may_print or not found.pages:
        raise NotFound
    try:
        chosen = parse_pages(request.args.get("pages", "")[:200], found.pages, most=MOST_PRINTED)
    except Invalid as invalid:
        flash(str(trouble_of(invalid)), "warn")
        return redirect(url_for(".show_reading", item_id=item_id), 303)
    with writing() as session:
        page = queries.reading_page(session, actor, item_id, chosen[0], now=at)
        subject = Subject("loan_item", item_id, page.number, page.customer_id)
        services.note_print(session, actor, item_id, subject, write_pages(chosen), now=at)
    return render_template("reading/print_pages.html", reading=found, chosen=chosen)


@screen.post("/reading/<id:item_id>/end")
@requires(Action.READING_OPEN)
def end_reading(item_id: int) -> Response:
    """Close one's own electronic loan before its time."""
    with writing() as session:
        services.give_up(session, the_actor(), item_id, now=now())
    flash(_("已结束这份电子借阅。"), "ok")
    return redirect(url_for(".list_readings"), 303)


@screen.post("/reading/<id:item_id>/revoke")
@requires(Action.LOAN_VIEW)
def revoke_reading(item_id: int) -> Response:
    """Withdraw an electronic loan at once."""
    try:
        with writing() as session:
            services.revoke(session, the_actor(), item_id, request.form.get("reason", ""), now=now())
    except Invalid:
        return render_answer(BY_STATUS[400])
    flash(_("已撤销，借阅人打开的页面随即失效。"), "ok")
    return redirect(url_for(".list_copies", item_id=item_id), 303)


def _open(item_id: int) -> queries.Reading:
    found = queries.read_reading(reading(), the_actor(), item_id, now=now())
    if found.level >= STEP_UP_LEVEL:
        need_step_up()
    return found


def _page_links(
    item_id: int, found: queries.Reading, counts: Mapping[int, int], sealed: str | None
) -> list[dict[str, object]]:
    return [
        {
            "number": number,
            "image": url_for(".send_page", item_id=item_id, number=number),
            "thumb": url_for(".send_thumbnail", item_id=item_id, number=number),
            "href": url_for(".show_reading", item_id=item_id, page=number, s=sealed),
            "note": str(_("· %(n)s 处", n=counts[number])) if number in counts else "",
        }
        for number in found.pages
    ]
