"""What the reader has to do: his cases, remedies and follow-ups by due day."""

from __future__ import annotations

from flask import render_template

from app.blueprints.casework.screen import screen
from app.blueprints.casework.team_words import GROUP_TONES, GROUPS, team_tabs
from app.domain.policy import Action, may_ever
from app.queries.absences import list_absences
from app.queries.case_approvals import count_approvals
from app.queries.case_inbox import read_inbox
from app.web.access import requires
from app.web.case_labels import LABELS
from app.web.case_words import clock_words
from app.web.clock import today
from app.web.identity import the_actor
from app.web.transactions import reading


@screen.get("/casework/mine")
@requires(Action.CASE_VIEW)
def show_inbox() -> str:
    """Show everything that waits for the reader, what is most urgent first."""
    actor, session, day = the_actor(), reading(), today()
    standing_in = [
        row
        for row in list_absences(session, actor, today=day)
        if not row.is_cancelled and row.first_on <= day <= row.last_on and row.account_id in actor.stands_for
    ]
    return render_template(
        "casework/show_inbox.html",
        groups=read_inbox(session, actor, today=day),
        approvals=count_approvals(session, actor) if may_ever(actor, Action.CASE_APPROVE) else 0,
        standing_in=standing_in,
        group_names=GROUPS,
        group_tones=GROUP_TONES,
        tabs=team_tabs("casework.show_inbox"),
        clock_words=clock_words,
        today=day,
        labels=LABELS,
    )
