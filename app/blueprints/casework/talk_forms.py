"""The forms of talking that a case allows its reader now, by name: a comment, a paper."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import Form, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length

from app.domain.case_terms import FileKind
from app.queries.case_talk import CaseTalk
from app.web.case_labels import FILE_KINDS
from app.web.forms import CreateForm, stripped
from app.web.labels import choices

LONGEST_NOTE = 2000


class NoteForm(CreateForm):
    """A comment 办理记录."""

    text = TextAreaField(
        _l("写办理记录"),
        [InputRequired(_l("请先写内容。")), Length(max=LONGEST_NOTE, message=_l("最多 2000 字，请分开写。"))],
        filters=[stripped],
        render_kw={"rows": 3, "maxlength": LONGEST_NOTE},
    )


class FileForm(CreateForm):
    """Papers 附件 of one kind; the files themselves are a field of the template."""

    kind = SelectField(_l("附件类别"), choices=choices(FILE_KINDS), default=FileKind.EVIDENCE.value)


def talk_forms(case: Any, talk: CaseTalk) -> dict[str, Form]:
    """Return the forms of what may be said and laid down now."""
    forms: dict[str, Form] = {}
    if talk.may_write:
        forms["note"] = NoteForm()
    if talk.may_attach:
        forms["attach"] = FileForm()
    return forms
