"""Registering a complaint, from nothing or from what the archive holds."""

from __future__ import annotations

from collections.abc import Sequence

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.blueprints.casework.registration_form import NewCaseForm
from app.blueprints.casework.screen import screen
from app.domain.errors import Invalid, NotFound
from app.domain.ids import decode_id, encode_id
from app.domain.policy import Action
from app.queries.case_intake import Match, Origin, find_origins, read_origin
from app.queries.case_repeats import EarlierCase
from app.services import cases as services
from app.services import idempotency
from app.services.follow_ups import became_case
from app.web.access import requires
from app.web.case_labels import LABELS
from app.web.clock import now
from app.web.forms import stripped
from app.web.identity import the_actor
from app.web.labels import ID_KINDS
from app.web.sentences import SENTENCES
from app.web.transactions import reading, writing

# What an address may begin a registration with.
BEGINNINGS = ("customer", "policy", "claim", "consultation")


@screen.get("/casework/new")
@requires(Action.CASE_REGISTER)
def new_case() -> str:
    """Show the form, with what the archive holds of the customer, policy, claim or consultation in the address."""
    origin, form = _origin(), NewCaseForm()
    form.offer(reading(), the_actor(), origin)
    form.propose(the_actor(), origin)
    return _page(form, origin)


@screen.post("/casework/new")
@requires(Action.CASE_REGISTER)
def create_case() -> Response:
    """Register a complaint; one of a person who complained before is shown to be so first."""
    origin, form = _origin(), NewCaseForm.from_request()
    form.offer(reading(), the_actor(), origin)
    earlier: Sequence[EarlierCase] = ()
    if form.validate():
        try:
            return redirect(_create(form, origin), 303)
        except Invalid as invalid:
            form.blame(invalid, SENTENCES)
        except services.ComplainedBefore as before:
            earlier = before.cases
    return make_response(_page(form, origin, earlier=earlier), 422)


@screen.post("/casework/new/find")
@requires(Action.CASE_REGISTER)
def find_origin() -> Response:
    """Find the customer, policy or claim by a number or name; one that is found begins the form."""
    typed = stripped(request.form.get("text"))[:120]
    found = find_origins(reading(), the_actor(), typed)
    if len(found) == 1:
        return redirect(_begin(found[0]), 303)
    origin, form = Origin(), NewCaseForm()
    form.offer(reading(), the_actor(), origin)
    form.propose(the_actor(), origin)
    return make_response(_page(form, origin, sought=typed, matches=found), 200 if found else 422)


def _begin(found: Match) -> str:
    if found.claim_id is not None:
        return url_for(".new_case", claim=encode_id(found.claim_id))
    if found.policy_id is not None:
        return url_for(".new_case", policy=encode_id(found.policy_id))
    return url_for(".new_case", customer=encode_id(found.customer_id))


def _origin() -> Origin:
    try:
        ids = {name: decode_id(text) for name in BEGINNINGS if (text := request.values.get(name))}
    except ValueError as forged:
        raise NotFound from forged
    wanted = {f"{name}_id": value for name, value in ids.items()}
    return read_origin(reading(), the_actor(), **wanted)


def _page(
    form: NewCaseForm,
    origin: Origin,
    *,
    earlier: Sequence[EarlierCase] = (),
    sought: str | None = None,
    matches: Sequence[Match] = (),
) -> str:
    return render_template(
        "casework/new_case.html",
        form=form,
        origin=origin,
        earlier=earlier,
        sought=sought,
        matches=[(match, _begin(match)) for match in matches],
        id_kinds=ID_KINDS,
        follow_up=encode_id(follow_up) if (follow_up := _follow_up()) else "",
        labels=LABELS,
    )


def _follow_up() -> int | None:
    """Return the follow-up of a survey that becomes a complaint here, None for none and for a spoilt one."""
    try:
        return decode_id(request.values.get("follow_up", ""))
    except ValueError:
        return None


def _create(form: NewCaseForm, origin: Origin) -> str:
    actor, key = the_actor(), str(form.idempotency_key.data)
    with writing() as session:
        done = idempotency.claim(session, actor, key, now=now())
        if done is not None:
            return done
        typed, surely_new = form.registration(origin), bool(form.surely_new.data)
        case_id = services.register_case(session, actor, typed, surely_new=surely_new, now=now())
        seen = services.may_still_see(session, actor, case_id)
        if seen and (follow_up_id := _follow_up()):
            became_case(session, actor, follow_up_id, case_id, now=now())
        location = url_for(".show_case", case_id=case_id) if seen else url_for(".list_cases")
        idempotency.settle(session, actor, key, location)
    flash(_("已登记投诉。") if seen else _("已登记投诉。您是被投诉人，依规定回避，之后看不到这件投诉。"), "ok")
    return location
