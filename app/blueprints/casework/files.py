"""Papers of a case 附件: adding, removing, fetching."""

from __future__ import annotations

from urllib.parse import quote

from flask import Response, flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app.blueprints.casework.page import case_page
from app.blueprints.casework.screen import screen
from app.blueprints.casework.talk_forms import FileForm
from app.domain.errors import Invalid, WrongState
from app.domain.policy import Action
from app.ports import RefusedFile
from app.queries.case_detail import require_seen
from app.queries.case_talk import read_file
from app.services import case_files as services
from app.services import idempotency
from app.services.documents import ReceivedFile
from app.web.access import requires
from app.web.clock import now
from app.web.identity import settings, the_actor
from app.web.photos import SANDBOX
from app.web.sentences import SENTENCES, trouble_of
from app.web.transactions import reading, writing
from app.web.uploads import refusal, sent_files, take_in, tools


@screen.post("/casework/<id:case_id>/files")
@requires(Action.CASE_HANDLE)
def add_files(case_id: int) -> AnyResponse:
    """Put papers to a case; each is looked into before anything is written."""
    require_seen(reading(), the_actor(), case_id)
    form = FileForm.from_request()
    files = sent_files("files")
    if not files:
        form.form_errors.append(_("请选择要上传的文件。"))
    if len(files) > settings().upload.max_files:
        form.form_errors.append(refusal("too_many_files"))
    said = list(form.form_errors)
    if form.validate() and not said:
        try:
            _add(case_id, form, [take_in(file) for file in files])
            return redirect(_files_of(case_id), 303)
        except RefusedFile as refused:
            said.append(refusal(refused.reason))
        except Invalid as invalid:
            form.blame(invalid, SENTENCES)
        except WrongState as wrong:
            return case_page(case_id, trouble=trouble_of(wrong), status=409)
    form.form_errors[:] = [*form.form_errors, *(text for text in said if text not in form.form_errors)]
    return case_page(case_id, refused=("attach", form), status=422)


@screen.post("/casework/files/<id:file_id>/remove")
@requires(Action.CASE_HANDLE)
def remove_file(file_id: int) -> AnyResponse:
    """Take a paper out of sight."""
    case_id = read_file(reading(), the_actor(), file_id)[0].case_id
    try:
        with writing() as session:
            services.remove_file(session, the_actor(), file_id, now=now())
    except WrongState as wrong:
        return case_page(case_id, trouble=trouble_of(wrong), status=409)
    flash(_("附件已移除，审计留有记录。"), "ok")
    return redirect(_files_of(case_id), 303)


@screen.get("/casework/files/<id:file_id>")
@requires(Action.CASE_VIEW)
def send_file(file_id: int) -> Response:
    """Send a paper as it came, always as a file to save, never to show; the trail keeps who fetched it."""
    with writing() as session:
        file = services.fetch_file(session, the_actor(), file_id, now=now())
        name, digest, media_type, size = file.name, file.blob_digest, file.media_type, file.size
    response = Response(tools().files.open(digest), mimetype=media_type)
    response.headers["Content-Length"] = str(size)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    response.headers["Content-Security-Policy"] = SANDBOX
    return response


def _add(case_id: int, form: FileForm, files: list[ReceivedFile]) -> None:
    actor, key = the_actor(), str(form.idempotency_key.data)
    with writing() as session:
        if idempotency.claim(session, actor, key, now=now()) is None:
            services.add_files(session, actor, case_id, str(form.kind.data), files, now=now())
            idempotency.settle(session, actor, key, _files_of(case_id))
    flash(_("附件已保存。"), "ok")


def _files_of(case_id: int) -> str:
    return f"{url_for('.show_case', case_id=case_id)}#files"
