"""Looking at one item: scanned from the worklist, written down in seconds, then the next."""

from __future__ import annotations

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from app.blueprints.rounds.forms import LookForm
from app.blueprints.rounds.labels import LABELS
from app.blueprints.rounds.plans import plan_page
from app.blueprints.rounds.screen import screen
from app.domain.errors import Invalid
from app.domain.ids import encode_id
from app.domain.policy import Action
from app.domain.repairs import SOUND, URGENT, Damage, Grade, suggest_grade
from app.ports import RefusedFile
from app.queries import inspections as queries
from app.queries.photos import photos_of
from app.services import inspections as services
from app.web.access import requires
from app.web.clock import now, today
from app.web.damage_labels import suggestion_words
from app.web.forms import stripped
from app.web.identity import settings, the_actor
from app.web.photos import photo_response, refusal, sent_photos
from app.web.sentences import SENTENCES, trouble_of
from app.web.transactions import reading, writing


@screen.post("/storage/rounds/plans/<id:plan_id>/find")
@requires(Action.ROUND_RUN)
def find_item(plan_id: int) -> AnyResponse:
    """Go to the form of a scanned item."""
    try:
        with writing() as session:
            code = stripped(request.form.get("code"))
            inspection_id = services.find_inspection(session, the_actor(), plan_id, code, today=today())
    except Invalid as problem:
        return make_response(plan_page(plan_id, trouble_of(problem)), 422)
    return redirect(url_for(".edit_inspection", inspection_id=inspection_id), 303)


@screen.get("/storage/rounds/inspections/<id:inspection_id>")
@requires(Action.STORAGE_VIEW)
def edit_inspection(inspection_id: int) -> str:
    """Show the form for one item, filled when it was looked at already."""
    seen = queries.read_inspection(reading(), the_actor(), inspection_id)
    form = LookForm()
    if seen.done_at is not None:
        form.grade.data, form.pages.data, form.note.data = seen.grade, seen.pages, seen.note
        _show_findings(form, seen)
    return _page(form, seen)


@screen.post("/storage/rounds/inspections/<id:inspection_id>")
@requires(Action.ROUND_RUN)
def record_inspection(inspection_id: int) -> AnyResponse:
    """Write down what was seen and go back to the worklist for the next."""
    seen = queries.read_inspection(reading(), the_actor(), inspection_id)
    form = LookForm.from_request()
    if form.validate():
        try:
            _record(form, inspection_id)
            _tell(form, seen)
            return redirect(_after(seen), 303)
        except Invalid as invalid:
            form.blame(invalid, SENTENCES)
        except RefusedFile as refused:
            form.form_errors.append(refusal(refused))
    return make_response(_page(form, seen), 422)


@screen.get("/storage/rounds/photos/<id:photo_id>.jpg")
@requires(Action.STORAGE_VIEW)
def send_photo(photo_id: int) -> Response:
    """Send a photo of an inspection."""
    return photo_response(queries.photo_digests(reading(), the_actor(), photo_id)[0])


@screen.get("/storage/rounds/photos/<id:photo_id>/thumbnail.jpg")
@requires(Action.STORAGE_VIEW)
def send_thumbnail(photo_id: int) -> Response:
    """Send a small photo of an inspection."""
    return photo_response(queries.photo_digests(reading(), the_actor(), photo_id)[1])


def _record(form: LookForm, inspection_id: int) -> None:
    look, photos = form.look(), sent_photos("files")
    with writing() as session:
        services.record_inspection(session, the_actor(), inspection_id, look, now=now())
        if photos:
            services.add_photos(session, the_actor(), inspection_id, photos, now=now())


def _tell(form: LookForm, seen: queries.InspectionDetail) -> None:
    """Say that it is written down; severe damage leads on to a repair order."""
    number = seen.archive_number or seen.title
    advice = _advice(form)
    if advice:
        flash(advice, "warn")
    if form.grade.data not in URGENT or seen.whereabouts != "shelf":
        flash(_("%(number)s 已登记：%(grade)s。", number=number, grade=LABELS["grade"][form.grade.data]), "ok")
        return
    order = url_for("repairs.new_repair", document=encode_id(seen.document_id), inspection=encode_id(seen.id))
    said = _("%(number)s 已登记：%(grade)s，应当修复。", number=number, grade=LABELS["grade"][form.grade.data])
    flash(Markup('{} <a href="{}">{}</a>').format(said, order, _("开修复单")), "warn")


def _advice(form: LookForm) -> str:
    """Return what the standard asks for where the grade that was chosen is lighter, else nothing."""
    suggested, grades = suggest_grade(form.findings()), [SOUND, *(grade.value for grade in Grade)]
    if suggested is None or form.grade.data not in grades:
        return ""
    return suggestion_words(suggested) if grades.index(form.grade.data) < grades.index(suggested.grade) else ""


def _after(seen: queries.InspectionDetail) -> str:
    return url_for(".show_plan", plan_id=seen.plan_id) if seen.plan_id else url_for(".list_rounds")


def _show_findings(form: LookForm, seen: queries.InspectionDetail) -> None:
    form.damages.data = [finding.damage.value for finding in seen.findings]
    for finding in seen.findings:
        if finding.percent is not None:
            form[finding.damage.value].data = finding.percent
        if finding.damage is Damage.STUCK:
            form.firm.data = finding.firm


def _page(form: LookForm, seen: queries.InspectionDetail) -> str:
    return render_template(
        "rounds/edit_inspection.html",
        form=form,
        seen=seen,
        photos=photos_of(reading(), "inspection", seen.id),
        advice=suggestion_words(suggest_grade(form.findings())) if form.errors and form.findings() else _advice(form),
        max_bytes=settings().upload.max_file_bytes,
        labels=LABELS,
    )
