"""The page of a case, shared by handling, deciding and talking: what the case allows this reader now, as forms by name."""

from __future__ import annotations

from typing import Any

from flask import Response, make_response, render_template
from wtforms import Form

from app.blueprints.casework.handling_forms import handling_forms
from app.blueprints.casework.handling_words import HANDLING
from app.blueprints.casework.outcome_forms import outcome_forms
from app.blueprints.casework.reveal_words import REASONS, REVEALED
from app.blueprints.casework.talk_forms import talk_forms
from app.domain.cases import WORKING_STATES, CaseKind
from app.queries.case_approvals import open_approval
from app.queries.case_detail import CaseDetail, read_case
from app.queries.case_outcome import read_outcome
from app.queries.case_talk import read_talk
from app.services.cases import EDITABLE_STATES
from app.web.case_labels import LABELS
from app.web.clock import now
from app.web.forms import EditForm
from app.web.identity import the_actor
from app.web.transactions import reading

Refused = tuple[str, Form]


def case_page(case_id: int, *, refused: Refused | None = None, trouble: Any = "", status: int = 200) -> Response:
    """Return the page of a case; `refused` is a form by its name, shown with what was typed and what is wrong with it.

    Raises `NotFound` for who may not see the case.
    """
    session, actor, moment = reading(), the_actor(), now()
    case = read_case(session, actor, case_id, now=moment)
    outcome = read_outcome(session, actor, case_id, now=moment)
    talk = read_talk(session, actor, case_id, now=moment)
    approval = open_approval(session, actor, case_id, "extension")
    forms: dict[str, Form] = {
        **handling_forms(session, actor, case, approval),
        **outcome_forms(case, outcome),
        **talk_forms(case, talk),
    }
    if refused is not None:
        forms[refused[0]] = _kept(refused, case)
    for name, form in forms.items():
        _tell_apart(name, form)
    page = render_template(
        "casework/show_case.html",
        case=case,
        outcome=outcome,
        talk=talk,
        approval=approval,
        forms=forms,
        refused=refused[0] if refused else "",
        trouble=trouble,
        is_working=case.state in WORKING_STATES,
        may_edit=case.state in EDITABLE_STATES and case.kind == CaseKind.COMPLAINT,
        labels=LABELS,
        handling=HANDLING,
        reasons=[str(reason) for reason in REASONS],
        revealed=REVEALED,
    )
    return make_response(page, status)


def _kept(refused: Refused, case: CaseDetail) -> Form:
    """Return a refused form, to be sent again from the version that the page now shows."""
    form = refused[1]
    if isinstance(form, EditForm):
        form.show_version(case.version)
    return form


def _tell_apart(name: str, form: Form) -> None:
    """Give the fields of a form ids of their own: several forms of one page have fields of the same name."""
    for field in form:
        if not field.id.startswith(f"{name}-"):
            field.id = f"{name}-{field.id}"
            field.label.field_id = field.id
