"""Searching: asked for by a form, so that the words stay out of addresses; a link with `q` works as well."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext
from werkzeug.wrappers import Response

from app.domain.policy import Action, may_ever
from app.domain.scan_codes import read_scan
from app.ports import Tools
from app.queries.search import KINDS, MOST_PAGES, PAGE_SIZE, search
from app.web.access import requires
from app.web.case_labels import CASE_STATES
from app.web.consultation_labels import RESULTS
from app.web.document_labels import DOCUMENT_STATES
from app.web.fragments import is_fragment
from app.web.identity import the_actor
from app.web.labels import CLAIM_KINDS, CLAIM_STATUSES, POLICY_STATUSES
from app.web.sealed_query import open_query, seal_query
from app.web.transactions import reading

screen = Blueprint("search", __name__)

NAMES: dict[str, Any] = {
    "customer": lazy_pgettext("many", "客户"),
    "policy": _l("保单"),
    "claim": _l("赔案"),
    "document": _l("档案件"),
    "consultation": _l("咨询"),
    "case": _l("投诉"),
}
ONE: dict[str, Any] = {
    "customer": _l("客户"),
    "policy": lazy_pgettext("one", "保单"),
    "claim": lazy_pgettext("one", "赔案"),
    "document": lazy_pgettext("one", "档案件"),
    "consultation": _l("咨询"),
    "case": _l("投诉"),
}
STATES: dict[str, Any] = {
    "customer": {"active": "", "closed": _l("已结束")},
    "policy": POLICY_STATUSES,
    "claim": CLAIM_STATUSES,
    "document": DOCUMENT_STATES,
    "consultation": RESULTS,
    "case": CASE_STATES,
}
TARGETS = {
    "customer": ("customers.show_customer", "customer_id"),
    "policy": ("policies.show_policy", "policy_id"),
    "claim": ("claims.show_claim", "claim_id"),
    "document": ("documents.show_document", "document_id"),
    "consultation": ("consultations.show_consultation", "consultation_id"),
    "case": ("casework.show_case", "case_id"),
}


@screen.get("/search")
@requires(Action.SEARCH)
def find() -> str:
    """Show what was found."""
    sealed = request.args.get("s") or seal_query(request.args.get("q", ""))
    text = open_query(sealed)
    kind = request.args.get("kind", "") if request.args.get("kind", "") in KINDS else ""
    page = min(max(request.args.get("page", 1, type=int), 1), MOST_PAGES)
    tools: Tools = current_app.extensions["tools"]
    results = search(reading(), the_actor(), tools.index, text, kind=kind, page=page)
    last = min(-(-results.total // PAGE_SIZE), MOST_PAGES)
    return render_template(
        "search/_results.html" if is_fragment() else "search/find.html",
        text=text,
        results=results,
        kind=kind,
        names={name: label for name, label in NAMES.items() if may_ever(the_actor(), KINDS[name])},
        one=ONE,
        states=STATES,
        claim_kinds=CLAIM_KINDS,
        link=lambda kind, thing_id: _link(kind, thing_id, sealed),
        turn=lambda number: url_for(".find", s=sealed, kind=kind or None, page=number) if 1 <= number <= last else "",
        narrow=lambda wanted: url_for(".find", s=sealed, kind=wanted or None),
        page=page,
        first=(page - 1) * PAGE_SIZE + 1,
    )


@screen.post("/search")
@requires(Action.SEARCH)
def ask() -> Response:
    """Take the words out of the form and go to what they find; a label of ours leads to its thing at once."""
    if read_scan(request.form.get("q", "")).is_label:
        return redirect(url_for("storage.find_code", code=request.form["q"].strip()), 303)
    return redirect(url_for(".find", s=seal_query(request.form.get("q", ""))), 303)


def _link(kind: str, thing_id: int, sealed: str) -> str:
    """Return the address of a thing found; an item opens with what was looked for marked on its pages."""
    endpoint, name = TARGETS[kind]
    values: dict[str, Any] = {name: thing_id} | ({"s": sealed} if kind == "document" else {})
    return url_for(endpoint, **values)
