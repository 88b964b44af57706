"""All rules on one page, and the template of archive numbers."""

from __future__ import annotations

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app.blueprints.catalogue.access import require_the_head_archivist
from app.blueprints.catalogue.forms import TemplateForm
from app.domain.errors import ChangedMeanwhile, Invalid, WrongState
from app.domain.policy import Action
from app.queries import catalogue as queries
from app.services import catalogue as services
from app.services.settings import NUMBER_TEMPLATE, RETENTION_FLOOR, in_force
from app.web.access import requires
from app.web.clock import now
from app.web.conflicts import conflict_page
from app.web.fragments import is_fragment
from app.web.identity import the_actor
from app.web.labels import LEVELS
from app.web.sentences import SENTENCES, trouble_of
from app.web.transactions import reading, writing

PREVIEW = "preview"


@requires(Action.LEDGER_VIEW)
def show_rules() -> Response:
    """Show classes, periods and the template."""
    return rules_page()


@requires(Action.CATALOGUE_RULES)
def edit_template() -> AnyResponse:
    """Change the template of archive numbers; a preview shows how numbers will read."""
    require_the_head_archivist()
    kept = in_force(reading(), NUMBER_TEMPLATE)
    if request.method != "POST":
        form = TemplateForm(data={"value": kept.value, "basis": kept.basis, "version": kept.version})
        return _template_page(form)
    form = TemplateForm.from_request()
    if request.form.get("do") == PREVIEW:
        return _preview(form)
    if form.validate():
        try:
            with writing() as session:
                typed = str(form.value.data), form.basis.data or ""
                services.change_template(session, the_actor(), *typed, version=form.seen_version(), now=now())
            flash(_("已保存，今后归档的件按新模板编号；已有档号不变。"), "ok")
            return redirect(url_for("catalogue.show_rules"), 303)
        except Invalid as invalid:
            form.blame(invalid, SENTENCES)
        except ChangedMeanwhile as conflict:
            reload_href = url_for("catalogue.edit_template")
            return make_response(conflict_page(conflict, form, reload_href=reload_href, keep_action=request.path))
    return _template_page(form)


def rules_page(trouble: WrongState | None = None) -> Response:
    """Return the page of all rules, with what could not be done."""
    session = reading()
    template = in_force(session, NUMBER_TEMPLATE)
    page = render_template(
        "catalogue/show_rules.html",
        scheme=queries.read_scheme(session),
        periods=queries.read_periods(session),
        template=template,
        example=services.example_number(template.value),
        floor=in_force(session, RETENTION_FLOOR),
        may_change=queries.may_change_rules(session, the_actor()),
        levels=LEVELS,
        trouble=trouble_of(trouble),
    )
    return make_response(page, 409 if trouble else 200)


def _preview(form: TemplateForm) -> Response:
    """Return the example alone for htmx, the whole form for a browser without scripts."""
    if not is_fragment():
        return _template_page(form)
    return make_response(render_template("catalogue/_example.html", **_example(form)))


def _template_page(form: TemplateForm) -> Response:
    page = render_template("catalogue/edit_template.html", form=form, **_example(form))
    return make_response(page, 422 if form.errors else 200)


def _example(form: TemplateForm) -> dict[str, str]:
    try:
        return {"example": services.example_number(str(form.value.data or "")), "problem": ""}
    except Invalid as invalid:
        return {"example": "", "problem": str(trouble_of(invalid))}
