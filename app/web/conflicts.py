"""The page for somebody who was overtaken: both texts, and a form that sends his own again."""

from __future__ import annotations

from flask import render_template, request
from flask_babel import gettext as _
from wtforms import SelectField

from app.domain.errors import ChangedMeanwhile
from app.web.csrf import FIELD
from app.web.forms import BaseForm
from app.web.ready_words import spoken


def conflict_page(conflict: ChangedMeanwhile, form: BaseForm, *, reload_href: str, keep_action: str) -> tuple[str, int]:
    """Return the 409 page; what was typed is kept in it and can be sent again over the newer version."""
    hidden = [(name, value) for name, value in request.form.items(multi=True) if name not in {FIELD, "version"}]
    hidden.append(("version", str(conflict.version)))
    rows = [
        {
            "field": _label(form, item.field),
            "yours": _words(form, item.field, item.yours),
            "theirs": _words(form, item.field, item.theirs),
        }
        for item in conflict.differences
    ]
    page = render_template(
        "errors/conflict.html",
        rows=rows,
        who=_("别人"),
        when=_("刚才"),
        reload_href=reload_href,
        keep_action=keep_action,
        hidden=hidden,
    )
    return page, 409


def _label(form: BaseForm, name: str) -> str:
    return str(form[name].label.text) if name in form else name


def _words(form: BaseForm, name: str, text: str) -> str:
    """Return what a list calls the value, e.g. 有效 for in_force; any other field's text as it is."""
    field = form[name] if name in form else None  # noqa: SIM401 (a form has no get)
    if not isinstance(field, SelectField):
        return str(spoken(text))
    return next((str(label) for value, label, *_ in field.iter_choices() if str(value) == text), text)
