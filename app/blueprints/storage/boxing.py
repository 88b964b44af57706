"""Boxing 装盒: scan a box, then one paper after the other; each is confirmed or refused in a sentence."""

from __future__ import annotations

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.blueprints.storage.boxes import box_page
from app.blueprints.storage.screen import screen
from app.blueprints.storage.words import WORDS
from app.domain.errors import Invalid, NotAllowed, NotFound, WrongState
from app.domain.ids import decode_id
from app.domain.policy import Action
from app.queries.boxes import items_in, read_box
from app.queries.movements import moves_into_box
from app.queries.whereabouts import Found
from app.services import boxes as services
from app.services.volumes import box_volume
from app.web.access import requires
from app.web.clock import now
from app.web.forms import stripped
from app.web.identity import the_actor
from app.web.scanning import resolve_one_of
from app.web.sentences import trouble_of
from app.web.transactions import reading, writing

WANTED = ("document", "volume", "box")


@screen.get("/storage/boxing")
@requires(Action.STORAGE_EDIT)
def show_boxing() -> str:
    """Ask for a box."""
    return render_template("storage/choose_box.html", trouble="", code="")


@screen.post("/storage/boxing")
@requires(Action.STORAGE_EDIT)
def open_box() -> Response:
    """Take the box that was scanned."""
    code = stripped(request.form.get("code"))
    try:
        found = resolve_one_of(reading(), the_actor(), code, ("box",), "scan.not_box")
    except Invalid as invalid:
        return make_response(render_template("storage/choose_box.html", trouble=trouble_of(invalid), code=code), 422)
    return redirect(url_for(".show_boxing_of", box_id=found.id), 303)


@screen.get("/storage/boxing/<id:box_id>")
@requires(Action.STORAGE_EDIT)
def show_boxing_of(box_id: int) -> str:
    """Ask for the next paper of a box."""
    return _page(box_id)


@screen.post("/storage/boxing/<id:box_id>")
@requires(Action.STORAGE_EDIT)
def put_in(box_id: int) -> Response:
    """Put the paper or volume that was scanned into the box; another box's label goes on with that box."""
    code = stripped(request.form.get("code"))
    try:
        with writing() as session:
            found = resolve_one_of(session, the_actor(), code, WANTED, "scan.not_paper")
            target = box_id if found.kind != "box" else found.id
            _put(session, box_id, found)
    except (Invalid, WrongState) as refused:
        return make_response(_page(box_id, trouble=trouble_of(refused), code=code), 422)
    return redirect(url_for(".show_boxing_of", box_id=target), 303)


@screen.post("/storage/boxing/<id:box_id>/undo")
@requires(Action.STORAGE_EDIT)
def undo_last(box_id: int) -> Response:
    """Take back what came last into the box."""
    try:
        with writing() as session:
            number = services.undo_last(session, the_actor(), box_id, now=now())
    except (Invalid, WrongState) as refused:
        return make_response(_page(box_id, trouble=trouble_of(refused)), 422)
    flash(_("已撤销：%(number)s 已取出。", number=number), "ok")
    return redirect(url_for(".show_boxing_of", box_id=box_id), 303)


@screen.post("/storage/boxes/<id:box_id>/take-out")
@requires(Action.STORAGE_EDIT)
def take_chosen_out(box_id: int) -> Response:
    """Take the papers that were ticked out of a box; all of them or none."""
    read_box(reading(), the_actor(), box_id)
    try:
        chosen = [decode_id(text) for text in request.form.getlist("item")]
        if not chosen:
            raise Invalid.field("items", "boxing.none_chosen")
        with writing() as session:
            for document_id in chosen:
                services.take_out(session, the_actor(), document_id, now=now())
    except ValueError as error:
        raise NotFound from error
    except (Invalid, WrongState) as refused:
        return make_response(box_page(box_id, trouble=trouble_of(refused)), 422)
    flash(_("已取出 %(n)s 件。", n=len(chosen)), "ok")
    return redirect(url_for(".show_box", box_id=box_id), 303)


def _put(session: Session, box_id: int, found: Found) -> None:
    actor = the_actor()
    if found.kind == "volume":
        moved = box_volume(session, actor, box_id, found.id, now=now())
        flash(_("案卷已装盒，共 %(n)s 件。", n=moved), "ok")
    elif found.kind == "document":
        boxed = services.put_in(session, actor, box_id, found.id, now=now())
        if boxed.odd:
            text = _("%(number)s 已装盒，但类别、年度或保管期限与本盒不同，请核对。", number=boxed.archive_number)
            flash(text, "warn")
        else:
            flash(_("%(number)s 已装盒。", number=boxed.archive_number), "ok")


def _page(box_id: int, *, trouble: object = "", code: str = "") -> str:
    actor = the_actor()
    box = read_box(reading(), actor, box_id)
    if not box.may_edit:
        raise NotAllowed(Action.STORAGE_EDIT)
    return render_template(
        "storage/boxing.html",
        box=box,
        count=len(items_in(reading(), actor, box_id)),
        came=moves_into_box(reading(), box_id),
        trouble=trouble,
        code=code,
        words=WORDS,
    )
