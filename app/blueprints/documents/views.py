"""The list of items and one item with its pages."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.blueprints.documents.describing import incomplete_page
from app.blueprints.documents.finding import what_is_sought
from app.blueprints.documents.labels import LABELS, REASONS
from app.blueprints.documents.page_shapes import shapes_of
from app.blueprints.documents.screen import screen
from app.domain.documents import missing_elements
from app.domain.errors import Invalid
from app.domain.policy import STEP_UP_LEVEL, Action
from app.domain.titles import check_title
from app.queries import documents as queries
from app.queries.branches import branches_for
from app.queries.periods import period_choices
from app.queries.whereabouts import where_is
from app.services import documents as services
from app.web.access import need_step_up, requires
from app.web.arguments import day_argument, number_argument
from app.web.clock import now, today
from app.web.fragments import is_fragment
from app.web.identity import the_actor
from app.web.paging import current_cursor, listing
from app.web.ready_words import spoken_choices
from app.web.scanning import number_typed
from app.web.sentences import SENTENCES
from app.web.transactions import reading, writing


@screen.get("/documents")
@requires(Action.DOCUMENT_VIEW)
def list_documents() -> str:
    """Show the items that the reader may see."""
    actor, args = the_actor(), request.args
    wanted = queries.DocumentFilter(
        text=number_typed(reading(), actor, args.get("number", "").strip()),
        category=args.get("category", ""),
        state=args.get("state", ""),
        level=number_argument("level"),
        branch_id=number_argument("branch"),
        formed_from=day_argument("from"),
        formed_to=day_argument("to"),
        by_hand=args.get("by_hand") == "1",
    )
    sort = args.get("sort", "updated")
    return render_template(
        "documents/_document_rows.html" if is_fragment() else "documents/list_documents.html",
        page=queries.list_documents(reading(), actor, wanted, sort=sort, cursor=current_cursor()),
        wanted=wanted,
        turn=listing(
            "documents.list_documents",
            sort=sort,
            number=wanted.text,
            category=wanted.category,
            state=wanted.state,
            level=wanted.level,
            branch=wanted.branch_id,
            by_hand="1" if wanted.by_hand else "",
            **{"from": wanted.formed_from, "to": wanted.formed_to},
        ),
        branches=branches_for(reading(), actor, Action.DOCUMENT_VIEW),
        categories=queries.category_choices(reading()),
        labels=LABELS,
    )


@screen.get("/documents/<id:document_id>")
@requires(Action.DOCUMENT_VIEW)
def show_document(document_id: int) -> str:
    """Show one item; opening its pages goes into the trail."""
    actor = the_actor()
    document = queries.read_document(reading(), actor, document_id)
    if document.description.level >= STEP_UP_LEVEL:
        need_step_up()
    with writing() as session:
        label = document.archive_number or ""
        services.note_view(session, actor, document_id, label, document.customer_id, now=now())
    versions = queries.versions_of(reading(), document_id)
    ordinal = request.args.get("version", document.current_version, type=int)
    shown = next((row for row in versions if row.ordinal == ordinal), None)
    sought = what_is_sought(document_id, ordinal)
    shapes = shapes_of(document_id, ordinal, queries.pages_of(reading(), shown.id) if shown else (), sought)
    return render_template(
        "documents/show_document.html",
        document=document,
        versions=versions,
        shown=shown,
        shapes=shapes,
        pages=shapes.links(),
        at=shapes.at,
        sought=sought,
        missing=missing_elements(document.description),
        warnings=[SENTENCES[warning] for warning in check_title(document.description.title)],
        periods=dict(spoken_choices(period_choices(reading()))),
        where=where_is(reading(), actor, document_id),
        reasons=[str(reason) for reason in REASONS],
        labels=LABELS,
    )


@screen.get("/documents/<id:document_id>/progress")
@requires(Action.DOCUMENT_VIEW, polled=True)
def show_progress(document_id: int) -> Response | str:
    """Tell how far the drawing of the pages is; when it is done the page loads anew."""
    document = queries.read_document(reading(), the_actor(), document_id)
    versions = queries.versions_of(reading(), document_id)
    waiting = any(row.ordinal == document.current_version and row.render_state == "waiting" for row in versions)
    if waiting:
        return render_template("documents/_progress.html", document=document)
    response = Response(status=200)
    response.headers["HX-Refresh"] = "true"
    return response


@screen.post("/documents/<id:document_id>/catalogue")
@requires(Action.DOCUMENT_EDIT)
def catalogue_document(document_id: int) -> Response:
    """Declare the description complete."""
    try:
        with writing() as session:
            services.catalogue_document(session, the_actor(), document_id, now=now(), today=today())
    except Invalid as invalid:
        return incomplete_page(document_id, invalid)
    flash(_("已完成著录，可以归档。"), "ok")
    return redirect(url_for(".show_document", document_id=document_id), 303)


@screen.post("/documents/<id:document_id>/reopen")
@requires(Action.DOCUMENT_EDIT)
def reopen_document(document_id: int) -> Response:
    """Take a catalogued item back for more work."""
    with writing() as session:
        services.reopen_document(session, the_actor(), document_id, now=now())
    flash(_("已退回待编目。"), "info")
    return redirect(url_for(".show_document", document_id=document_id), 303)


@screen.post("/documents/<id:document_id>/file")
@requires(Action.DOCUMENT_FILE)
def file_document(document_id: int) -> Response:
    """File the item under its archive number."""
    try:
        with writing() as session:
            number = services.file_document(session, the_actor(), document_id, now=now(), today=today())
    except Invalid as invalid:
        return incomplete_page(document_id, invalid)
    flash(_("已归档，档号 %(number)s。", number=number), "ok")
    return redirect(url_for(".show_document", document_id=document_id), 303)
