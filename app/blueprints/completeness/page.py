"""The page of one checklist, shared by answering, filing without, waiving and writing letters."""

from __future__ import annotations

from typing import Any

from flask import Response, make_response, render_template, request
from wtforms import Form

from app.blueprints.completeness.forms import LetterForm, ToldForm, WithoutForm
from app.domain.completeness import LineState
from app.domain.errors import NotFound
from app.domain.ids import decode_id
from app.domain.intake import Business
from app.domain.policy import Action
from app.queries.claims import read_claim
from app.queries.completeness import Checklist, default_business, find_thing
from app.queries.policies import read_policy
from app.queries.supplements import notices_of
from app.services.missing import default_due
from app.web.checklists import panel_of
from app.web.clock import today
from app.web.completeness_labels import LABELS
from app.web.identity import the_actor
from app.web.transactions import reading

# 服务 and 其他 are checklists of a policy as well; a claim has its own only.
OF_POLICY = (Business.APPLICATION, Business.SERVICING, Business.SERVICE, Business.OTHER)


def wanted_business(claim_id: int | None) -> str:
    """Return the business that a request is about; raises `NotFound` for one that a policy or claim does not have."""
    text = request.values.get("business", "") or default_business(claim_id).value
    allowed = (Business.CLAIM,) if claim_id is not None else OF_POLICY
    if text not in allowed:
        raise NotFound
    return text


def sent_id(name: str) -> int:
    """Return the id that a form sends; raises `NotFound` for a spoilt one."""
    try:
        return decode_id(request.form.get(name, ""))
    except ValueError as error:
        raise NotFound from error


def checklist_page(
    policy_id: int | None = None,
    claim_id: int | None = None,
    *,
    without: WithoutForm | None = None,
    letter: LetterForm | None = None,
    told: tuple[int, ToldForm] | None = None,
    trouble: Any = "",
    status: int = 200,
) -> Response:
    """Return the page of a checklist; a form that was refused stands in it with what was typed.

    Raises `NotFound` for a policy or claim that the reader may not see.
    """
    session, actor = reading(), the_actor()
    business = wanted_business(claim_id)
    thing = find_thing(session, actor, Action.MISSING_VIEW, policy_id=policy_id, claim_id=claim_id)
    claim = read_claim(session, actor, claim_id) if claim_id is not None else None
    policy = read_policy(session, actor, thing.policy_id)
    may_edit = claim.may_edit if claim is not None else policy.may_edit
    panel = panel_of(
        policy_id=thing.policy_id,
        claim_id=claim_id,
        customer_id=thing.customer_id,
        may_edit=may_edit,
        business=business,
    )
    if panel is None:
        raise NotFound
    page = render_template(
        "completeness/show_checklist.html",
        panel=panel,
        thing=thing,
        policy=policy,
        claim=claim,
        business=business,
        businesses=[] if claim is not None else [one.value for one in OF_POLICY],
        notices=notices_of(session, thing, business),
        **_forms(panel.found, without, letter, told),
        trouble=trouble,
        labels=LABELS,
        today=today(),
        actor_id=actor.account_id,
    )
    return make_response(page, status)


def _forms(
    found: Checklist, without: WithoutForm | None, letter: LetterForm | None, told: tuple[int, ToldForm] | None
) -> dict[str, Any]:
    """Return the forms of the page: those that were refused as they were sent, the others new."""
    missing = [line for line in found.lines if line.state is LineState.MISSING]
    due = default_due(reading(), today())
    without = without or WithoutForm(data={"due_on": due})
    without.offer_papers(missing)
    letter = letter or LetterForm(data={"due_on": due})
    _tell_apart("without", without)
    _tell_apart("letter", letter)
    return {
        "missing": missing,
        "without": without,
        "letter": letter,
        "told": told[1] if told else ToldForm(data={"told_on": today()}),
        "told_of": told[0] if told else None,
    }


def _tell_apart(name: str, form: Form) -> None:
    """Give the fields of a form ids of their own: several forms of one page have fields of the same name."""
    for field in form:
        field.id = f"{name}-{field.id}"
        field.label.field_id = field.id
