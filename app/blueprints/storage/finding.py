"""Where does this code lead: from a label or a number to the page of the thing."""

from __future__ import annotations

from flask import make_response, redirect, render_template, request
from werkzeug.wrappers import Response

from app.blueprints.storage.screen import screen
from app.domain.errors import Invalid
from app.domain.policy import Action
from app.web.access import requires
from app.web.forms import stripped
from app.web.identity import the_actor
from app.web.scanning import page_of, resolve
from app.web.sentences import SENTENCES, trouble_of
from app.web.transactions import reading


@screen.get("/storage/find")
@requires(Action.SEARCH)
def find_code() -> Response:
    """Go to the page of what was scanned, or say why there is none."""
    code = stripped(request.args.get("code"))
    trouble: object = ""
    if code.strip():
        try:
            target = page_of(resolve(reading(), the_actor(), code))
            if target:
                return redirect(target, 303)
            trouble = SENTENCES["scan.unknown"]
        except Invalid as invalid:
            trouble = trouble_of(invalid)
    return make_response(render_template("storage/find.html", code=code[:120], trouble=trouble))
