"""The routes of boxes: the list, one box with its contents, making and changing boxes."""

from __future__ import annotations

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.blueprints.storage.forms import ChangeBoxForm, NewBoxForm
from app.blueprints.storage.screen import screen
from app.blueprints.storage.words import WORDS
from app.domain.errors import ChangedMeanwhile, Invalid, NotAllowed
from app.domain.policy import Action
from app.queries import boxes as queries
from app.queries.branches import branches_for
from app.queries.movements import moves_of_box
from app.queries.periods import period_choices
from app.queries.places import room_choices
from app.services import boxes as services
from app.services import idempotency
from app.web.access import requires
from app.web.arguments import number_argument
from app.web.clock import now, today
from app.web.conflicts import conflict_page
from app.web.forms import stripped
from app.web.fragments import is_fragment
from app.web.identity import the_actor
from app.web.paging import current_cursor, listing
from app.web.ready_words import spoken_choices
from app.web.scanning import number_typed
from app.web.sentences import SENTENCES
from app.web.transactions import reading, writing


@screen.get("/storage/boxes")
@requires(Action.STORAGE_VIEW)
def list_boxes() -> str:
    """Show the boxes of the storerooms that the reader may look into."""
    actor, args = the_actor(), request.args
    wanted = queries.BoxFilter(
        number=number_typed(reading(), actor, stripped(args.get("number"))[:40]),
        room_id=number_argument("room"),
        branch_id=number_argument("branch"),
        year=number_argument("year"),
        period=stripped(args.get("period")),
        stands=stripped(args.get("stands")),
    )
    return render_template(
        "storage/_box_rows.html" if is_fragment() else "storage/list_boxes.html",
        page=queries.list_boxes(reading(), actor, wanted, cursor=current_cursor()),
        wanted=wanted,
        turn=listing(
            "storage.list_boxes",
            sort="number",
            number=wanted.number,
            room=wanted.room_id,
            branch=wanted.branch_id,
            year=wanted.year,
            period=wanted.period,
            stands=wanted.stands,
        ),
        rooms=room_choices(reading(), actor),
        branches=branches_for(reading(), actor, Action.STORAGE_VIEW),
        periods=spoken_choices(period_choices(reading())),
        words=WORDS,
    )


@screen.get("/storage/boxes/<id:box_id>")
@requires(Action.STORAGE_VIEW)
def show_box(box_id: int) -> str:
    """Show one box with what is in it and where it has stood."""
    return box_page(box_id)


@screen.get("/storage/boxes/new")
@requires(Action.STORAGE_EDIT)
def new_box() -> str:
    """Show the empty form of a box."""
    form = NewBoxForm(year=today().year)
    _offer(form)
    form.branch.data = form.branch.data or the_actor().branch_id
    return render_template("storage/new_box.html", form=form)


@screen.post("/storage/boxes/new")
@requires(Action.STORAGE_EDIT)
def create_box() -> Response:
    """Make one or several boxes of the same kind."""
    form = NewBoxForm.from_request()
    _offer(form)
    if form.validate():
        try:
            return redirect(_create(form), 303)
        except Invalid as invalid:
            form.blame(invalid, SENTENCES)
    return make_response(render_template("storage/new_box.html", form=form), 422)


@screen.get("/storage/boxes/<id:box_id>/edit")
@requires(Action.STORAGE_EDIT)
def edit_box(box_id: int) -> str:
    """Show a box as a form."""
    box = _changeable(box_id)
    form = ChangeBoxForm(obj=box)
    _offer_again(form, box)
    form.show_version(box.version)
    return render_template("storage/edit_box.html", form=form, box=box)


@screen.post("/storage/boxes/<id:box_id>/edit")
@requires(Action.STORAGE_EDIT)
def change_box(box_id: int) -> Response:
    """Change a box."""
    box = _changeable(box_id)
    form = ChangeBoxForm.from_request()
    _offer_again(form, box)
    if form.validate():
        try:
            with writing() as session:
                data, version = form.box_data(), form.seen_version()
                services.edit_box(session, the_actor(), box_id, data, version=version, now=now())
            flash(_("已保存。"), "ok")
            return redirect(url_for(".show_box", box_id=box_id), 303)
        except Invalid as invalid:
            form.blame(invalid, SENTENCES)
        except ChangedMeanwhile as conflict:
            reload_href = url_for(".edit_box", box_id=box_id)
            return make_response(conflict_page(conflict, form, reload_href=reload_href, keep_action=request.path))
    return make_response(render_template("storage/edit_box.html", form=form, box=box), 422)


def box_page(box_id: int, *, trouble: object = "", title: str = "", code: str = "") -> str:
    """Return the page of a box; `trouble` says what was refused, `title` and `code` are what was typed then."""
    actor = the_actor()
    return render_template(
        "storage/show_box.html",
        box=queries.read_box(reading(), actor, box_id),
        items=queries.items_in(reading(), actor, box_id),
        moves=moves_of_box(reading(), box_id),
        periods=dict(spoken_choices(period_choices(reading()))),
        chosen=frozenset(request.form.getlist("item")),
        trouble=trouble,
        title=title,
        code=code,
        words=WORDS,
    )


def _offer(form: NewBoxForm) -> None:
    form.offer_periods(spoken_choices(period_choices(reading())))
    form.branch.choices = list(branches_for(reading(), the_actor(), Action.STORAGE_EDIT))


def _offer_again(form: ChangeBoxForm, box: queries.BoxDetail) -> None:
    form.offer_periods(spoken_choices(period_choices(reading())))
    form.offer_spine(box.spine_mm)


def _changeable(box_id: int) -> queries.BoxDetail:
    box = queries.read_box(reading(), the_actor(), box_id)
    if not box.may_edit:
        raise NotAllowed(Action.STORAGE_EDIT)
    return box


def _create(form: NewBoxForm) -> str:
    actor, key = the_actor(), str(form.idempotency_key.data)
    with writing() as session:
        done = idempotency.claim(session, actor, key, now=now())
        if done is not None:
            return done
        data, count = form.box_data(), form.count.data or 1
        ids = [services.create_box(session, actor, form.branch.data, data, now=now()) for _time in range(count)]
        one = url_for(".show_box", box_id=ids[0])
        location = one if count == 1 else url_for(".list_boxes", stands="empty")
        idempotency.settle(session, actor, key, location)
    flash(_("已新建 %(n)s 个档案盒。", n=count), "ok")
    return location
