"""The blueprint that the routes of volumes share, and the page of one volume that several of them show."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.blueprints.volumes.forms import CloseForm, TitleForm
from app.blueprints.volumes.labels import LABELS, fault_sentence
from app.domain.errors import Invalid, WrongState
from app.domain.ids import encode_id
from app.domain.volumes import STOPPING, VolumeState, condition_note
from app.queries.periods import period_choices
from app.queries.volume_measure import measure_of
from app.queries.volumes import VolumeDetail, condition_of, read_volume
from app.web.forms import EditForm
from app.web.identity import the_actor
from app.web.ready_words import spoken_choices
from app.web.sentences import SENTENCES, trouble_of
from app.web.transactions import reading, writing

screen = Blueprint("volumes", __name__)


def the_volume(volume_id: int) -> VolumeDetail:
    """Return one volume as this reader may see it."""
    session = reading()
    return read_volume(session, the_actor(), volume_id, measure_of(session))


def volume_page(volume: VolumeDetail, *, form: EditForm | None = None, trouble: Any = "", code: str = "") -> str:
    """Return the page of a volume; a form that was refused stands in it with what was typed."""
    session = reading()
    measure = measure_of(session)
    open_here = volume.state is VolumeState.OPEN and volume.may_bind
    closable = open_here and not any(found.fault in STOPPING for found in volume.faults)
    return render_template(
        "volumes/show_volume.html",
        volume=volume,
        measure=measure,
        faults=[(found.fault.value, fault_sentence(found, measure)) for found in volume.faults],
        open_here=open_here,
        title_form=_form(TitleForm, volume, form) if open_here else None,
        close_form=_close_form(session, volume, form) if closable else None,
        periods=dict(spoken_choices(period_choices(session))),
        trouble=trouble,
        code=code,
        labels=LABELS,
    )


def take(
    volume_id: int,
    form: EditForm,
    step: Callable[[Session], Any],
    done: str = "",
    *,
    item: int | None = None,
    code: str = "",
) -> Response:
    """Take a step and go to the volume (to one of its items), or show it again with what is wrong."""
    volume = the_volume(volume_id)
    trouble: Any = ""
    if form.validate():
        try:
            with writing() as session:
                step(session)
            if done:
                flash(done, "ok")
            anchor = f"item-{encode_id(item)}" if item is not None else None
            return redirect(url_for("volumes.show_volume", volume_id=volume_id, _anchor=anchor), 303)
        except Invalid as invalid:
            form.blame(invalid, SENTENCES)
            trouble = "" if all(name in form for name in invalid.problems) else trouble_of(invalid)
        except WrongState as wrong:
            page = volume_page(the_volume(volume_id), trouble=trouble_of(wrong))
            return make_response(page, 409)
    return make_response(volume_page(volume, form=form, trouble=trouble, code=code), 422)


def _form(kind: type[EditForm], volume: VolumeDetail, refused: EditForm | None) -> EditForm:
    if isinstance(refused, kind):
        return refused
    form = kind(obj=volume)
    form.show_version(volume.version)
    return form


def _close_form(session: Session, volume: VolumeDetail, refused: EditForm | None) -> EditForm:
    if isinstance(refused, CloseForm):
        return refused
    form = CloseForm(obj=volume)
    form.show_version(volume.version)
    # What was written before the volume was opened again is kept for whoever closes it next.
    form.condition_note.data = volume.condition_note or condition_note(condition_of(session, volume))
    return form
