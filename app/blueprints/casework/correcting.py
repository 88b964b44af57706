"""Correcting what was registered of a complaint, until there is a decision."""

from __future__ import annotations

from dataclasses import replace

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.blueprints.casework.registration_form import ChangeCaseForm
from app.blueprints.casework.screen import screen
from app.domain.case_registration import Registration
from app.domain.cases import CaseKind
from app.domain.errors import ChangedMeanwhile, Invalid
from app.domain.ids import encode_id
from app.domain.policy import Action
from app.queries.case_registrations import Registered, read_registered
from app.services import cases as services
from app.web.access import requires
from app.web.case_labels import LABELS
from app.web.clock import now
from app.web.conflicts import conflict_page
from app.web.identity import the_actor
from app.web.labels import ID_KINDS
from app.web.sentences import SENTENCES
from app.web.transactions import reading, writing


@screen.get("/casework/<id:case_id>/edit")
@requires(Action.CASE_HANDLE)
def edit_case(case_id: int) -> Response | str:
    """Show what was registered as a form; persons are masked and left empty."""
    case = read_registered(reading(), the_actor(), case_id)
    if not _is_open(case):
        return _too_late(case)
    form = ChangeCaseForm(data=dict(case.values))
    form.offer(reading(), the_actor(), case.origin, keep=(form.stage_id.data, form.cause_id.data))
    form.policy.data = encode_id(case.policy_id) if case.policy_id else ""
    form.claim.data = encode_id(case.claim_id) if case.claim_id else ""
    form.show_version(case.version)
    return _page(case, form)


@screen.post("/casework/<id:case_id>/edit")
@requires(Action.CASE_HANDLE)
def change_case(case_id: int) -> Response:
    """Correct what was registered."""
    case, form = read_registered(reading(), the_actor(), case_id), ChangeCaseForm.from_request()
    if not _is_open(case):
        return _too_late(case)
    form.offer(reading(), the_actor(), case.origin, keep=(case.values["stage_id"], case.values["cause_id"]))
    if form.validate():
        try:
            return redirect(_change(case, form), 303)
        except Invalid as invalid:
            form.blame(invalid, SENTENCES)
        except ChangedMeanwhile as conflict:
            reload_href = url_for(".edit_case", case_id=case_id)
            return make_response(conflict_page(conflict, form, reload_href=reload_href, keep_action=request.path))
    return make_response(_page(case, form), 422)


def _is_open(case: Registered) -> bool:
    return case.state in services.EDITABLE_STATES and case.kind == CaseKind.COMPLAINT


def _too_late(case: Registered) -> Response:
    flash(str(SENTENCES["case.not_editable"]), "warn")
    return redirect(url_for(".show_case", case_id=case.case_id), 303)


def _page(case: Registered, form: ChangeCaseForm) -> str:
    hints = {name: _("现为 %(value)s，留空不改", value=value) if value else "" for name, value in case.masked.items()}
    return render_template(
        "casework/edit_case.html",
        case=case,
        form=form,
        origin=case.origin,
        masked=hints,
        id_kinds=ID_KINDS,
        labels=LABELS,
    )


def _change(case: Registered, form: ChangeCaseForm) -> str:
    with writing() as session:
        services.edit_case(
            session,
            the_actor(),
            case.case_id,
            _typed(case, form),
            version=form.seen_version(),
            cleared=form.cleared(),
            now=now(),
        )
    flash(_("已保存。"), "ok")
    return url_for(".show_case", case_id=case.case_id)


def _typed(case: Registered, form: ChangeCaseForm) -> Registration:
    """Return what was typed; what hangs on a customer whom the reader may not see stays as it is."""
    typed = form.registration(case.origin, case.branch_id)
    if case.origin.customer is not None:
        return typed
    return replace(typed, customer_id=case.customer_id, policy_id=case.policy_id, claim_id=case.claim_id)
