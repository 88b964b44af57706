"""Describing 著录 an item, and newer versions of its bytes."""

from __future__ import annotations

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.blueprints.documents.forms import DescribeForm
from app.blueprints.documents.labels import LABELS
from app.blueprints.documents.screen import screen
from app.domain.errors import ChangedMeanwhile, Invalid
from app.domain.policy import Action
from app.ports import RefusedFile
from app.queries import documents as queries
from app.services import documents as services
from app.web.access import requires
from app.web.clock import now, today
from app.web.conflicts import conflict_page
from app.web.identity import the_actor
from app.web.sentences import SENTENCES
from app.web.transactions import reading, writing
from app.web.uploads import refusal, take_in_one


@screen.get("/documents/<id:document_id>/edit")
@requires(Action.DOCUMENT_EDIT)
def edit_document(document_id: int) -> str:
    """Show the description as a form."""
    form, document = _described(document_id)
    return render_template("documents/edit_document.html", form=form, document=document, labels=LABELS)


def incomplete_page(document_id: int, invalid: Invalid) -> Response:
    """Answer a step that the description does not allow yet: the form, with what is missing in it."""
    form, document = _described(document_id)
    form.blame(invalid, SENTENCES)
    page = render_template("documents/edit_document.html", form=form, document=document, labels=LABELS)
    return make_response(page, 422)


@screen.post("/documents/<id:document_id>/edit")
@requires(Action.DOCUMENT_EDIT)
def change_document(document_id: int) -> Response:
    """Change the description."""
    actor = the_actor()
    document = queries.read_document(reading(), actor, document_id)
    form = DescribeForm.from_request()
    form.offer_choices(reading(), actor, document.customer_id)
    if form.validate():
        try:
            _change(form, document_id)
            flash(_("已保存。"), "ok")
            return redirect(url_for(".show_document", document_id=document_id), 303)
        except Invalid as invalid:
            form.blame(invalid, SENTENCES)
        except ChangedMeanwhile as conflict:
            reload_href = url_for(".edit_document", document_id=document_id)
            return make_response(conflict_page(conflict, form, reload_href=reload_href, keep_action=request.path))
    page = render_template("documents/edit_document.html", form=form, document=document, labels=LABELS)
    return make_response(page, 422)


@screen.get("/documents/<id:document_id>/versions/new")
@requires(Action.DOCUMENT_RECEIVE)
def new_version(document_id: int) -> str:
    """Show the form for a newer version."""
    document = queries.read_document(reading(), the_actor(), document_id)
    return render_template("documents/new_version.html", document=document, problem="")


@screen.post("/documents/<id:document_id>/versions/new")
@requires(Action.DOCUMENT_RECEIVE)
def add_version(document_id: int) -> Response:
    """Put a newer version beside the older ones."""
    actor = the_actor()
    document = queries.read_document(reading(), actor, document_id)
    try:
        received = take_in_one("file")
        with writing() as session:
            services.add_version(session, actor, document_id, received, now=now())
    except RefusedFile as refused:
        problem = refusal(refused.reason)
        return make_response(render_template("documents/new_version.html", document=document, problem=problem), 422)
    flash(_("已加入新版本，旧版本仍可查看。"), "ok")
    return redirect(url_for(".show_document", document_id=document_id), 303)


def _described(document_id: int) -> tuple[DescribeForm, queries.DocumentDetail]:
    document = queries.read_document(reading(), the_actor(), document_id)
    form = DescribeForm(obj=document.description)
    form.show_version(document.version)
    form.offer_choices(reading(), the_actor(), document.customer_id)
    return form, document


def _change(form: DescribeForm, document_id: int) -> None:
    with writing() as session:
        services.edit_document(
            session,
            the_actor(),
            document_id,
            form.description(form.page_count.data or 0),
            version=form.seen_version(),
            now=now(),
            today=today(),
        )
