"""Certified copies of an item: the list, ordering one, fetching it, declaring it void."""

from __future__ import annotations

from datetime import timedelta

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app.blueprints.reading.forms import NewCopyForm
from app.blueprints.reading.labels import STATES, TONES
from app.blueprints.reading.screen import screen, tools
from app.domain.errors import Invalid, NotAllowed, WrongState
from app.domain.policy import STEP_UP_LEVEL, Action, Target, may
from app.queries import copies as queries
from app.queries.reading import DeskItem, read_desk_item, readable_version
from app.services import copies as services
from app.services import idempotency
from app.web.access import need_step_up, requires
from app.web.clock import now
from app.web.errors import BY_STATUS, render_answer
from app.web.identity import settings, the_actor
from app.web.sentences import SENTENCES, trouble_of
from app.web.transactions import reading, writing

# What is not printed after so long has failed in every try.
LONGEST_PRINT = timedelta(minutes=15)


@screen.get("/reading/<id:item_id>/copies")
@requires(Action.LOAN_VIEW)
def list_copies(item_id: int) -> str:
    """Show an item on loan with its certified copies, and to the desk what can be done."""
    return _page(_item(item_id), NewCopyForm())


@screen.get("/reading/<id:item_id>/copies/list")
@requires(Action.LOAN_VIEW, polled=True)
def list_copy_rows(item_id: int) -> str:
    """Show the copies alone, for the page that waits for the press."""
    return render_template("reading/_copy_rows.html", **_copies(_item(item_id)))


@screen.post("/reading/<id:item_id>/copies")
@requires(Action.COPY_CERTIFY)
def order_copy(item_id: int) -> AnyResponse:
    """Order a certified copy."""
    item, form = _item(item_id), NewCopyForm.from_request()
    if not _may(item, Action.COPY_CERTIFY):
        raise NotAllowed(Action.COPY_CERTIFY)
    if item.level >= STEP_UP_LEVEL:
        need_step_up()
    if form.validate():
        try:
            return redirect(_order(form, item_id), 303)
        except Invalid as invalid:
            form.blame(invalid, SENTENCES)
        except WrongState as wrong:
            form.form_errors.append(str(trouble_of(wrong)))
    return make_response(_page(item, form), 422)


@screen.get("/reading/copies/<id:copy_id>.pdf")
@requires(Action.LOAN_VIEW)
def fetch_copy(copy_id: int) -> Response:
    """Send a certified copy to who made it or asked for it."""
    with writing() as session:
        copy = services.fetch_copy(session, the_actor(), copy_id, now=now())
    response = Response(tools().files.read(copy.blob_digest or ""), mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{copy.number}.pdf"'
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@screen.post("/reading/copies/<id:copy_id>/revoke")
@requires(Action.COPY_CERTIFY)
def revoke_copy(copy_id: int) -> AnyResponse:
    """Declare a copy void."""
    try:
        with writing() as session:
            item_id = services.revoke_copy(session, the_actor(), copy_id, request.form.get("reason", ""), now=now())
    except Invalid:
        return render_answer(BY_STATUS[400])
    flash(_("已作废，扫码核验将显示“已作废”。"), "ok")
    return redirect(url_for(".list_copies", item_id=item_id), 303)


def _order(form: NewCopyForm, item_id: int) -> str:
    actor, key = the_actor(), str(form.idempotency_key.data)
    location = url_for(".list_copies", item_id=item_id)
    with writing() as session:
        if idempotency.claim(session, actor, key, now=now()) is not None:
            return location
        base = settings().public_url or request.host_url.rstrip("/")
        pages, purpose = str(form.pages.data), str(form.purpose.data)
        services.order_copy(session, actor, item_id, pages, purpose, base=base, now=now())
        idempotency.settle(session, actor, key, location)
    flash(_("正在生成复印件，完成后在下方下载。"), "ok")
    return location


def _item(item_id: int) -> DeskItem:
    return read_desk_item(reading(), the_actor(), item_id, now=now())


def _may(item: DeskItem, action: Action) -> bool:
    return may(the_actor(), action, Target(item.branch_id, item.level, item.borrower_id))


def _copies(item: DeskItem) -> dict[str, object]:
    rows = queries.copies_of(reading(), item.item_id)
    since = now() - LONGEST_PRINT
    busy = any(not row.is_there and row.revoked_at is None and row.made_at > since for row in rows)
    is_his = item.borrower_id == the_actor().account_id
    may_certify = _may(item, Action.COPY_CERTIFY)
    return {
        "item": item,
        "copies": rows,
        "busy": busy,
        "since": since,
        "may_certify": may_certify,
        "may_fetch": is_his or may_certify,
    }


def _page(item: DeskItem, form: NewCopyForm) -> str:
    version = readable_version(reading(), item.document_id)
    barred = services.barred(
        item.way, item.state, item.document_state, may_copy=item.may_copy, is_readable=item.is_readable
    ) or ("" if version else "copy.no_pages")
    return render_template(
        "reading/list_copies.html",
        form=form,
        pages=version.pages if version else 0,
        barred=SENTENCES[barred] if barred else "",
        may_revoke=_may(item, Action.LOAN_DESK) or _may(item, Action.LOAN_APPROVE),
        states=STATES,
        tones=TONES,
        **_copies(item),
    )
