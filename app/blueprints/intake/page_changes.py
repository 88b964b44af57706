"""Changing the pages of a paper at the desk; what was typed is kept with it, and every change can be undone."""

from __future__ import annotations

import io
from collections.abc import Callable

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.blueprints.intake.desk import overtaken, save_typed
from app.blueprints.intake.desk_forms import DeskForm
from app.blueprints.intake.desk_page import desk_page, open_page_id, sent_form
from app.blueprints.intake.screen import screen
from app.blueprints.intake.undoing import Undo, read_undo, write_undo
from app.domain.errors import ChangedMeanwhile, Invalid, NotFound, WrongState
from app.domain.ids import encode_id
from app.domain.policy import Action
from app.ports import PageFailed
from app.queries import intake_desk as queries
from app.queries.intake_desk import ItemDetail
from app.services import intake_desk, intake_pages
from app.services.intake_pages import TurnedImage
from app.web.access import requires
from app.web.clock import now
from app.web.identity import the_actor
from app.web.sentences import SENTENCES, trouble_of
from app.web.transactions import reading, writing
from app.web.uploads import tools

TURNS = {"left": 270, "right": 90}
# What a change gives back: what undoes it, the paper to show next, and the page to open there.
Done = tuple[Undo | None, int, int | None]
Change = Callable[[Session, int], Done]


@screen.post("/intake/items/<id:item_id>/pages")
@requires(Action.INTAKE_WORK)
def change_pages(item_id: int) -> Response:
    """Do with the open page what the pressed button says."""
    session, actor = reading(), the_actor()
    item = queries.read_item(session, actor, item_id, now=now())
    form = sent_form(session, actor)
    if form.described.data and not form.validate():
        return desk_page(item_id, form=form, status=422)
    page_id = open_page_id(form, item)
    if page_id is None:
        return desk_page(item_id, form=form, trouble=SENTENCES["intake.no_pages"], status=409)
    try:
        change = _change(item, page_id, request.form.get("do", ""), form)
    except PageFailed:
        return desk_page(item_id, form=form, trouble=SENTENCES["intake.turn_failed"], status=409)
    return _run(item_id, form, change, read_undo(form.undo.data or ""))


@screen.post("/intake/items/<id:item_id>/undo")
@requires(Action.INTAKE_WORK)
def undo_change(item_id: int) -> Response:
    """Undo the newest change that the page carries."""
    session, actor = reading(), the_actor()
    item = queries.read_item(session, actor, item_id, now=now())
    form = sent_form(session, actor)
    parts = read_undo(form.undo.data or "")
    if not parts:
        return desk_page(item_id, form=form, trouble=SENTENCES["intake.nothing_to_undo"], status=409)
    try:
        change = _undo(item, parts[0])
    except PageFailed:
        return desk_page(item_id, form=form, trouble=SENTENCES["intake.turn_failed"], status=409)
    flash(_("已撤销。"), "info")
    return _run(item_id, form, change, parts[1:])


def _run(item_id: int, form: DeskForm, change: Change, before: list[Undo]) -> Response:
    """Keep what was typed, do the change, and show the paper again; a refusal shows it with what was typed."""
    try:
        with writing() as session:
            version = save_typed(session, item_id, form)
            undo, shown_id, page_id = change(session, version)
    except Invalid as invalid:
        form.blame(invalid, SENTENCES)
        return desk_page(item_id, form=form, status=422)
    except ChangedMeanwhile as conflict:
        if conflict.differences:
            return overtaken(item_id, form, conflict)
        return desk_page(item_id, form=form, trouble=SENTENCES["intake.changed"], status=409)
    except WrongState as wrong:
        return desk_page(item_id, form=form, trouble=trouble_of(wrong), status=409)
    parts = ([undo] if undo else []) + before
    page = encode_id(page_id) if page_id else None
    return redirect(url_for(".show_item", item_id=shown_id, page=page, undo=write_undo(parts) or None), 303)


def _change(item: ItemDetail, page_id: int, do: str, form: DeskForm) -> Change:
    """Return the change that a button asks for; raises `NotFound` for none that there is, `PageFailed`."""
    actor, moment, item_id = the_actor(), now(), item.id
    place = next(page.number for page in item.pages if page.id == page_id)
    if do in TURNS:
        return _turn(item_id, page_id, TURNS[do])
    steps = {"earlier": place - 1, "later": place + 1, "place": _wanted_place(form)}
    if do in steps:
        return _place(item_id, page_id, steps[do])

    def out(session: Session, version: int) -> Done:
        intake_pages.take_page_out(session, actor, item_id, page_id, version=version, now=moment)
        return Undo("back", (page_id,)), item_id, _after(item, page_id)

    def back(session: Session, version: int) -> Done:
        intake_pages.put_page_back(session, actor, item_id, page_id, version=version, now=moment)
        return Undo("out", (page_id,)), item_id, page_id

    def split(session: Session, version: int) -> Done:
        part = intake_pages.split_item(session, actor, item_id, page_id, version=version, now=moment)
        return Undo("join", (part,)), item_id, None

    def merge(session: Session, version: int) -> Done:
        target = _neighbour(session, item, before=True)
        first = intake_pages.merge_into(session, actor, target, item_id, version=version, now=moment)
        return (Undo("part", (item_id, first)) if first else None), target, first

    def send(session: Session, version: int) -> Done:
        target = _neighbour(session, item, before=do == "send_before")
        intake_pages.send_page(session, actor, item_id, page_id, target, version=version, now=moment)
        return Undo("fetch", (target, page_id), place), item_id, _after(item, page_id)

    changes = {"out": out, "back": back, "split": split, "merge": merge, "send_before": send, "send_after": send}
    if do not in changes:
        raise NotFound
    return changes[do]


def _undo(item: ItemDetail, undo: Undo) -> Change:
    """Return the change that puts things back."""
    actor, moment, item_id, ids = the_actor(), now(), item.id, undo.ids
    if undo.kind == "turn":
        if undo.number not in (90, 180, 270):
            raise NotFound
        return _forget(_turn(item_id, ids[0], undo.number))
    if undo.kind == "place":
        return _forget(_place(item_id, ids[0], undo.number))

    def out_or_back(session: Session, version: int) -> Done:
        service = intake_pages.put_page_back if undo.kind == "back" else intake_pages.take_page_out
        service(session, actor, item_id, ids[0], version=version, now=moment)
        return None, item_id, ids[0]

    def join(session: Session, version: int) -> Done:
        intake_desk.require_seen(intake_desk.open_for_work(session, actor, item_id, now=moment), version)
        part = intake_desk.open_for_work(session, actor, ids[0], now=moment)
        first = intake_pages.merge_into(session, actor, item_id, part.id, version=part.version, now=moment)
        return None, item_id, first

    def part(session: Session, version: int) -> Done:
        intake_pages.part_again(session, actor, item_id, ids[0], ids[1], version=version, now=moment)
        return None, ids[0], None

    def fetch(session: Session, version: int) -> Done:
        intake_desk.require_seen(intake_desk.open_for_work(session, actor, item_id, now=moment), version)
        other = intake_desk.open_for_work(session, actor, ids[0], now=moment)
        intake_pages.send_page(session, actor, other.id, ids[1], item_id, version=other.version, now=moment)
        mine = intake_desk.open_for_work(session, actor, item_id, now=moment)
        intake_pages.move_page(session, actor, item_id, ids[1], undo.number, version=mine.version, now=moment)
        return None, item_id, ids[1]

    def restore(session: Session, _version: int) -> Done:
        intake_desk.take_back_item(session, actor, ids[0], now=moment)
        return None, ids[0], None

    return {
        "back": out_or_back,
        "out": out_or_back,
        "join": join,
        "part": part,
        "fetch": fetch,
        "restore": restore,
    }[undo.kind]


def _forget(change: Change) -> Change:
    """Return a change whose own undoing is not carried on: undoing goes back, never to and fro."""

    def changed(session: Session, version: int) -> Done:
        _undo_again, item_id, page_id = change(session, version)
        return None, item_id, page_id

    return changed


def _turn(item_id: int, page_id: int, degrees: int) -> Change:
    """Turn the image before anything is locked; raises `PageFailed`, `NotFound`."""
    actor, moment, page = the_actor(), now(), queries.page_bytes(reading(), the_actor(), page_id)
    store, pages = tools().files, tools().pages
    image = pages.turn(store.read(page.restored_digest or page.image_digest), degrees)
    turned = TurnedImage(store.put(io.BytesIO(image)), store.put(io.BytesIO(pages.thumbnail(image))))

    def change(session: Session, version: int) -> Done:
        intake_pages.turn_page(session, actor, item_id, page_id, degrees, turned, version=version, now=moment)
        return Undo("turn", (page_id,), 360 - degrees), item_id, page_id

    return change


def _place(item_id: int, page_id: int, to: int) -> Change:
    actor, moment = the_actor(), now()

    def change(session: Session, version: int) -> Done:
        was = intake_pages.move_page(session, actor, item_id, page_id, to, version=version, now=moment)
        return Undo("place", (page_id,), was), item_id, page_id

    return change


def _wanted_place(form: DeskForm) -> int:
    text = form.to.data or ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 1


def _after(item: ItemDetail, page_id: int) -> int | None:
    """Return the page that is looked at once this one is gone: the one behind it, else the one before it."""
    ids = [page.id for page in item.pages if not page.removed or page.id == page_id]
    at = ids.index(page_id)
    rest = ids[at + 1 : at + 2] or ids[max(0, at - 1) : at]
    return rest[0] if rest else None


def _neighbour(session: Session, item: ItemDetail, *, before: bool) -> int:
    """Return the paper before or behind; raises `WrongState` where there is none."""
    around = queries.neighbours(session, the_actor(), item)
    found = around.before if before else around.after
    if found is None:
        raise WrongState("intake.no_neighbour")
    return found
