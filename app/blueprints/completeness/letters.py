"""Letters 一次性补件通知书: writing one, sending it as PDF, noting that the customer was told."""

from __future__ import annotations

import io

from flask import flash, make_response, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.blueprints.completeness.forms import LetterForm, ToldForm
from app.blueprints.completeness.page import checklist_page, wanted_business
from app.blueprints.completeness.screen import screen
from app.domain.errors import Invalid, WrongState
from app.domain.policy import Action
from app.models.completeness import SupplementNotice
from app.queries.supplements import letter_of, read_notice
from app.services import idempotency
from app.services import supplements as services
from app.web.access import requires
from app.web.clock import now, today
from app.web.identity import the_actor
from app.web.sentences import SENTENCES, trouble_of
from app.web.transactions import reading, writing
from app.web.uploads import tools


@screen.post("/completeness/policies/<id:policy_id>/letters")
@screen.post("/completeness/claims/<id:claim_id>/letters")
@requires(Action.MISSING_EDIT)
def write_letter(policy_id: int | None = None, claim_id: int | None = None) -> Response:
    """Write the letter for everything that is still needed."""
    form = LetterForm.from_request()
    wanted_business(claim_id)
    if form.validate():
        try:
            return redirect(_write(form, policy_id, claim_id), 303)
        except Invalid as invalid:
            form.blame(invalid, SENTENCES)
        except WrongState as wrong:
            return checklist_page(policy_id, claim_id, letter=form, trouble=trouble_of(wrong), status=422)
    return checklist_page(policy_id, claim_id, letter=form, status=422)


@screen.get("/completeness/letters/<id:notice_id>.pdf")
@requires(Action.MISSING_VIEW)
def send_letter(notice_id: int) -> Response:
    """Send a letter as it was printed."""
    notice = read_notice(reading(), the_actor(), notice_id)
    pdf = b"" if request.method == "HEAD" else _pdf(notice)
    response = make_response(pdf)
    response.mimetype = "application/pdf"
    response.headers["Content-Disposition"] = f'inline; filename="{notice.number}.pdf"'
    return response


@screen.post("/completeness/letters/<id:notice_id>/told")
@requires(Action.MISSING_EDIT)
def note_told(notice_id: int) -> Response:
    """Note when and how the customer was told."""
    notice = read_notice(reading(), the_actor(), notice_id)
    policy_id, claim_id = (None, notice.claim_id) if notice.claim_id is not None else (notice.policy_id, None)
    form = ToldForm.from_request()
    trouble = ""
    if form.validate():
        try:
            _tell(form, notice_id)
            target = {"claim_id": claim_id} if claim_id is not None else {"policy_id": policy_id}
            return redirect(url_for(".show_checklist", business=notice.business, **target), 303)
        except Invalid as invalid:
            form.blame(invalid, SENTENCES)
        except WrongState as wrong:
            trouble = trouble_of(wrong)
    return checklist_page(policy_id, claim_id, told=(notice_id, form), trouble=trouble, status=422)


def _write(form: LetterForm, policy_id: int | None, claim_id: int | None) -> str:
    actor, key, business = the_actor(), str(form.idempotency_key.data), wanted_business(claim_id)
    target = {"claim_id": claim_id} if claim_id is not None else {"policy_id": policy_id}
    location = url_for(".show_checklist", business=business, **target)
    with writing() as session:
        if idempotency.claim(session, actor, key, now=now()) is not None:
            return location
        notice_id = services.write_notice(
            session,
            actor,
            policy_id=policy_id,
            claim_id=claim_id,
            business=business,
            due_on=form.due_on.data,
            again_reason=form.again_reason.data or "",
            now=now(),
            today=today(),
        )
        idempotency.settle(session, actor, key, location)
    _pdf(read_notice(reading(), actor, notice_id))
    flash(_("已制作补件通知书，请打印送达并登记告知。"), "ok")
    return location


def _pdf(notice: SupplementNotice) -> bytes:
    """Return the kept letter; one that was never printed is printed now, and kept."""
    files = tools().files
    if notice.blob_digest is not None:
        return files.read(notice.blob_digest)
    pdf = tools().printer.print_letter(letter_of(reading(), notice))[0]
    blob = files.put(io.BytesIO(pdf))
    with writing() as session:
        services.keep_letter(session, notice.id, blob, now=now())
    return pdf


def _tell(form: ToldForm, notice_id: int) -> None:
    with writing() as session:
        stopped = services.note_told(
            session, the_actor(), notice_id, form.told_on.data, form.told_how.data or "", now=now()
        )
    flash(_("已登记告知，赔案期限自告知之日起扣除。") if stopped else _("已登记告知。"), "ok")
