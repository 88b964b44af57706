"""Invitations: the list, asking somebody, the link that is shown once, taking one back."""

from __future__ import annotations

from flask import Response, current_app, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app.blueprints.surveys.asking_forms import InviteForm
from app.blueprints.surveys.link import slip_of, the_link
from app.blueprints.surveys.screen import screen
from app.domain.errors import Invalid, NotFound, WrongState
from app.domain.ids import decode_id, encode_id
from app.domain.policy import Action
from app.ports import Tools
from app.queries import survey_invitations as queries
from app.queries.branches import branches_for
from app.queries.surveys import surveys_for_branch
from app.services import idempotency
from app.services import survey_invitations as services
from app.web.access import requires
from app.web.arguments import day_argument, number_argument
from app.web.clock import now
from app.web.forms import stripped
from app.web.fragments import is_fragment
from app.web.identity import the_actor
from app.web.paging import current_cursor, listing
from app.web.sentences import SENTENCES, trouble_of
from app.web.survey_labels import LABELS
from app.web.transactions import reading, writing

NAMED = ("customer", "policy", "claim", "case")


@screen.get("/surveys/invitations")
@requires(Action.SURVEY_VIEW)
def list_invitations() -> str:
    """Show who was asked, by which means, and whether an answer came."""
    actor, args = the_actor(), request.args
    wanted = queries.InvitationFilter(
        state=args.get("state", "")[:10],
        means=args.get("means", "")[:8],
        survey_id=number_argument("survey"),
        branch_id=number_argument("branch"),
        made_from=day_argument("from"),
        made_to=day_argument("to"),
    )
    kept = {"state": wanted.state, "means": wanted.means, "survey": wanted.survey_id, "branch": wanted.branch_id}
    return render_template(
        "surveys/_invitation_rows.html" if is_fragment() else "surveys/list_invitations.html",
        page=queries.list_invitations(reading(), actor, wanted, cursor=current_cursor()),
        wanted=wanted,
        turn=listing("surveys.list_invitations", sort="", **kept, **{"from": wanted.made_from, "to": wanted.made_to}),
        surveys=queries.surveys_asked(reading(), actor),
        branches=branches_for(reading(), actor, Action.SURVEY_VIEW),
        labels=LABELS,
    )


@screen.get("/surveys/invitations/new")
@requires(Action.SURVEY_SEND)
def new_invitation() -> str:
    """Show the form for asking about what the address names."""
    about, form = _about(), InviteForm(request.args)
    form.due_on.data = about.cooling_off_until
    return _page(form, about)


@screen.post("/surveys/invitations/new")
@requires(Action.SURVEY_SEND)
def create_invitation() -> AnyResponse:
    """Ask; a link is shown in the answer to this request and never again."""
    about, form, trouble = _about(), InviteForm.from_request(), ""
    _offer(form, about)
    if form.validate():
        try:
            return _create(form, about)
        except services.AskedLately as lately:
            form.form_errors.append(
                _("%(text)s上次的邀请：%(number)s。", text=trouble_of(lately), number=lately.number)
            )
        except Invalid as invalid:
            form.blame(invalid, SENTENCES)
    return make_response(_page(form, about, trouble), 422)


@screen.get("/surveys/invitations/<id:invitation_id>")
@requires(Action.SURVEY_VIEW)
def show_invitation(invitation_id: int) -> str:
    """Show an invitation with the calls that were made."""
    return _shown(invitation_id)


@screen.post("/surveys/invitations/<id:invitation_id>/revoke")
@requires(Action.SURVEY_SEND)
def revoke_invitation(invitation_id: int) -> AnyResponse:
    """Take an invitation back."""
    try:
        with writing() as session:
            services.revoke(session, the_actor(), invitation_id, stripped(request.form.get("reason")), now=now())
    except Invalid as invalid:
        return make_response(_shown(invitation_id, str(trouble_of(invalid))), 422)
    except WrongState as wrong:
        return make_response(_shown(invitation_id, str(trouble_of(wrong))), 409)
    flash(_("邀请已作废，链接不能再用。"), "ok")
    return redirect(url_for(".show_invitation", invitation_id=invitation_id), 303)


@screen.post("/surveys/invitations/<id:invitation_id>/slip")
@requires(Action.SURVEY_SEND)
def print_slip(invitation_id: int) -> Response:
    """Send the slip of a link that is on the screen; only who has the link can have it printed."""
    invitation = queries.read_invitation(reading(), the_actor(), invitation_id)
    token = request.form.get("token", "")[:64]
    with writing() as session:
        kept = services.load_invitation(session, the_actor(), invitation_id)
        if kept.token_hash != services.token_hash(token) or kept.state != "open":
            raise NotFound
    tools: Tools = current_app.extensions["tools"]
    response = Response(tools.printer.print_slip(slip_of(invitation, token)), mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{invitation.number}.pdf"'
    return response


def _about() -> queries.OccasionDetail:
    try:
        ids = {f"{name}_id": decode_id(request.values[name]) for name in NAMED if request.values.get(name)}
    except ValueError as error:
        raise NotFound from error
    return queries.find_occasion(reading(), the_actor(), queries.Occasion(**ids))


def _offer(form: InviteForm, about: queries.OccasionDetail) -> None:
    """Offer the surveys of the branch, those that go with the occasion first."""
    found = surveys_for_branch(reading(), about.branch_id)
    fitting = sorted(found, key=lambda survey: survey.purpose != about.purpose)
    form.offer([(encode_id(survey.id), f"{LABELS['purpose'][survey.purpose]} · {survey.title}") for survey in fitting])


def _page(form: InviteForm, about: queries.OccasionDetail, trouble: str = "") -> str:
    _offer(form, about)
    named = {name: getattr(about.occasion, f"{name}_id") for name in NAMED if request.values.get(name)}
    return render_template(
        "surveys/new_invitation.html", form=form, about=about, named=named, trouble=trouble, labels=LABELS
    )


def _create(form: InviteForm, about: queries.OccasionDetail) -> AnyResponse:
    actor, key = the_actor(), str(form.idempotency_key.data)
    asking = services.Asking(form.means.data, form.due_on.data, form.reason.data or "")
    token: str | None = None
    with writing() as session:
        done = idempotency.claim(session, actor, key, now=now())
        if done is None:
            survey_id = decode_id(form.survey.data)
            invitation_id, token = services.invite(session, actor, survey_id, asking, about.occasion, now=now())
            idempotency.settle(session, actor, key, url_for(".show_invitation", invitation_id=invitation_id))
    if done is not None:
        flash(_("这张表已经提交过，邀请只发了一份。链接只显示一次，遗失请作废后重发。"), "warn")
        return redirect(done, 303)
    if token is None:
        flash(_("已列入回访。") if asking.means == "phone" else _("已登记，收回纸质问卷后在这里录入。"), "ok")
        endpoint = ".show_call" if asking.means == "phone" else ".show_invitation"
        return redirect(url_for(endpoint, invitation_id=invitation_id), 303)
    invitation = queries.read_invitation(reading(), actor, invitation_id)
    link = the_link(invitation, token)
    return make_response(
        render_template("surveys/made_invitation.html", invitation=invitation, link=link, labels=LABELS)
    )


def _shown(invitation_id: int, trouble: str = "") -> str:
    invitation = queries.read_invitation(reading(), the_actor(), invitation_id)
    return render_template("surveys/show_invitation.html", invitation=invitation, trouble=trouble, labels=LABELS)
