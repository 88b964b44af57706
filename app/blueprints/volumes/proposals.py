"""What wants to be bound, and binding it: one proposal or all of a page."""

from __future__ import annotations

from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.blueprints.volumes.labels import LABELS
from app.blueprints.volumes.screen import screen
from app.domain.errors import Invalid, NotAllowed, WrongState
from app.domain.policy import Action
from app.queries.binding_proposals import PAGE_SIZE, Group
from app.queries.branches import branches_for
from app.queries.claim_proposals import ClaimFilter, propose_claims
from app.queries.keyset import Cursor
from app.queries.periods import period_choices
from app.queries.policy_proposals import groups_to_bind, propose_policies
from app.queries.volume_measure import measure_of
from app.services.batch_checks import require_may_change
from app.services.binding_proposals import bind_proposal
from app.web.access import requires
from app.web.arguments import number_argument
from app.web.clock import now
from app.web.forms import stripped
from app.web.identity import the_actor
from app.web.paging import current_cursor, encode_cursor, listing
from app.web.ready_words import spoken_choices
from app.web.sentences import trouble_of
from app.web.transactions import reading, writing

MOST = 3 * PAGE_SIZE  # a claim may be several volumes
CLAIM, POLICY = "claim", "policy"


@screen.get("/volumes/proposals")
@requires(Action.VOLUME_BIND)
def list_proposals() -> str:
    """Show what would be bound: closed claims, or the papers of policies by group."""
    return _policies() if request.args.get("kind") == POLICY else _claims()


@screen.post("/volumes/proposals")
@requires(Action.VOLUME_BIND)
def bind_proposals() -> Response:
    """Bind the proposals that were sent, each by itself: one that changed meanwhile does not stop the others."""
    refs = [stripped(ref)[:160] for ref in dict.fromkeys(request.form.getlist("ref"))][:MOST]
    bound: list[int] = []
    trouble: Any = "" if refs else _("请先选择要组成的案卷。")
    for ref in refs:
        try:
            with writing() as session:
                bound.append(bind_proposal(session, the_actor(), ref, now=now()))
        except (Invalid, WrongState) as refused:
            trouble = trouble_of(refused)
    if not bound:
        return make_response(_claims(trouble), 422 if not refs else 409)
    if len(refs) == 1:
        flash(_("已组成案卷，请核对顺序后立卷。"), "ok")
        return redirect(url_for(".show_volume", volume_id=bound[0]), 303)
    flash(_("已组成 %(n)s 卷。", n=len(bound)), "ok")
    if trouble:
        flash(_("%(n)s 卷没有组成：%(why)s", n=len(refs) - len(bound), why=trouble), "warn")
    return redirect(url_for(".list_volumes", state="open"), 303)


def _claims(trouble: Any = "") -> str:
    session, actor, args = reading(), the_actor(), request.args
    wanted = ClaimFilter(number_argument("branch"), _year(), stripped(args.get("number"))[:32])
    measure = measure_of(session)
    page = propose_claims(session, actor, wanted, measure, cursor=current_cursor())
    turn = listing(
        "volumes.list_proposals", sort="", kind=CLAIM, branch=wanted.branch_id, year=wanted.year, number=wanted.number
    )
    return _page(
        CLAIM,
        proposals=page.items,
        measure=measure,
        before=turn.turn(page.before),
        following=turn.turn(page.after),
        wanted=wanted,
        group=None,
        groups=(),
        kept=len(turn.kept) - 1,
        trouble=trouble,
    )


def _policies() -> str:
    session, actor = reading(), the_actor()
    measure, groups = measure_of(session), groups_to_bind(session, actor)
    group = _group() or (groups[0].group if groups else None)
    cursor = current_cursor()
    start = str(cursor.values[0]) if cursor is not None and cursor.values else ""
    proposals, following = propose_policies(session, actor, group, measure, start=start) if group else ((), "")
    address = ""
    if group and following:
        at = encode_cursor(Cursor(False, (following, 0)))
        address = url_for(".list_proposals", at=at, **_named(group))
    return _page(
        POLICY,
        proposals=proposals,
        measure=measure,
        before="",
        following=address,
        wanted=None,
        group=group,
        groups=[(row, url_for(".list_proposals", **_named(row.group))) for row in groups],
        kept=0,
        trouble="",
    )


def _page(kind: str, **values: Any) -> str:
    session, actor = reading(), the_actor()
    return render_template(
        "volumes/list_proposals.html",
        kind=kind,
        branches=branches_for(session, actor, Action.VOLUME_BIND),
        periods=dict(spoken_choices(period_choices(session))),
        may_change=_may_change(),
        bindable=[proposal.ref for proposal in values["proposals"] if not proposal.hidden],
        labels=LABELS,
        **values,
    )


def _may_change() -> bool:
    """Say whether this reader decides how much a volume may hold."""
    try:
        require_may_change(reading(), the_actor())
    except NotAllowed:
        return False
    return True


def _year() -> int | None:
    year = number_argument("year")
    return year if year is not None and 1900 <= year <= 2999 else None


def _group() -> Group | None:
    branch, year = number_argument("branch"), _year()
    series, period = stripped(request.args.get("series"))[:4], stripped(request.args.get("period"))[:6]
    return Group(branch, series, year, period) if branch is not None and year is not None and series else None


def _named(group: Group) -> dict[str, Any]:
    return {
        "kind": POLICY,
        "branch": group.branch_id,
        "series": group.series,
        "year": group.year,
        "period": group.period,
    }
