"""The page of a submission, and the part of it that one paper takes: several routes answer with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.blueprints.agent.forms import PhotoForm, SendForm
from app.blueprints.agent.labels import LABELS, name_of, state_of
from app.domain.errors import NotFound
from app.queries.submissions import SubmissionDetail, read_submission
from app.web.clock import today
from app.web.fragments import is_fragment
from app.web.identity import settings, the_actor
from app.web.transactions import reading


def submission_page(
    submission_id: int,
    *,
    paper: str = "",
    trouble: str = "",
    problems: Mapping[str, str] | None = None,
    typed: Mapping[str, str] | None = None,
) -> str:
    """Return the whole page, or the part of the paper with the key `paper`; raises `NotFound`.

    `problems` and `typed` are by the key of a paper: what is wrong with its reason, and the reason as it was typed.
    """
    found = read_submission(reading(), the_actor(), submission_id, today=today())
    words = _words(found, trouble, problems or {}, typed or {})
    if not paper:
        return render_template("agent/show_submission.html", is_part=False, **words)
    line = next((line for line in found.lines if line.key == paper), None)
    if line is None:
        raise NotFound
    return render_template("agent/_pages_and_foot.html", line=line, is_part=True, **words)


def back_to(submission_id: int, paper: str) -> Response | str:
    """Answer after a page changed: the part of its paper, or the way to it."""
    if is_fragment():
        return submission_page(submission_id, paper=paper)
    return redirect(url_for("agent.show_submission", submission_id=submission_id, _anchor=f"paper-{paper}"), 303)


def _words(
    found: SubmissionDetail, trouble: str, problems: Mapping[str, str], typed: Mapping[str, str]
) -> dict[str, Any]:
    form = SendForm()
    form.show_version(found.version)
    return {
        "found": found,
        "form": form,
        "photo_form": PhotoForm,
        "trouble": trouble,
        "problems": problems,
        "typed": typed,
        "labels": LABELS,
        "name_of": name_of,
        "state_of": state_of,
        "max_bytes": settings().upload.max_file_bytes,
    }
