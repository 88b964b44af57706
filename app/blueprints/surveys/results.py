"""Results of a survey: rates, distributions, trend, comparisons and comments of a period."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.blueprints.surveys.screen import screen
from app.domain.policy import Action
from app.domain.surveys import SMALL_SAMPLE
from app.queries import survey_results as queries
from app.queries.branches import agents_for, branches_for
from app.queries.survey_comments import SEARCHED, read_comments
from app.queries.survey_filter import ResultFilter
from app.queries.survey_questions import read_questions
from app.queries.surveys import read_survey
from app.web.access import requires
from app.web.arguments import day_argument, number_argument
from app.web.clock import today
from app.web.forms import stripped
from app.web.fragments import is_fragment
from app.web.identity import the_actor
from app.web.labels import PRODUCT_LINES
from app.web.sealed_query import open_query, seal_query
from app.web.survey_labels import LABELS
from app.web.transactions import reading

EARLIEST = date(2000, 1, 1)
LATELY = timedelta(days=90)
KEPT = ("since", "until", "branch", "below", "line", "agent", "version")


@screen.get("/surveys/<id:survey_id>/results")
@requires(Action.SURVEY_VIEW)
def show_results(survey_id: int) -> str:
    """Show what was answered, within the reader's branches; htmx gets all below the filters."""
    session, actor = reading(), the_actor()
    survey = read_survey(session, actor, survey_id)
    wanted, words = _wanted(survey_id), open_query(request.args.get("words"))
    return render_template(
        "surveys/_results.html" if is_fragment() else "surveys/show_results.html",
        survey=survey,
        wanted=wanted,
        words=words,
        response=queries.read_response(session, actor, wanted),
        totals=queries.read_totals(session, actor, wanted),
        questions=read_questions(session, actor, wanted),
        trend=queries.read_trend(session, actor, wanted),
        by_branch=queries.compare_branches(session, actor, wanted),
        by_line=queries.compare_lines(session, actor, wanted),
        by_agent=queries.compare_agents(session, actor, wanted),
        comments=read_comments(session, actor, wanted, words),
        kept=_kept(wanted),
        active=sum(bool(request.args.get(name)) for name in KEPT),
        branches=branches_for(session, actor, Action.SURVEY_VIEW),
        agents=agents_for(session, actor, Action.SURVEY_VIEW),
        lines=PRODUCT_LINES,
        small=SMALL_SAMPLE,
        searched=SEARCHED,
        labels=LABELS,
    )


@screen.post("/surveys/<id:survey_id>/results/comments")
@requires(Action.SURVEY_VIEW)
def search_comments(survey_id: int) -> Response:
    """Look for words in the comments; they are sealed in the address, for they may be somebody's name."""
    kept: dict[str, Any] = {name: stripped(request.form[name]) for name in KEPT if request.form.get(name)}
    words = seal_query(stripped(request.form.get("words")))
    address = url_for(".show_results", survey_id=survey_id, **kept, words=words or None, _anchor="comments")
    return redirect(address, 303)


def _wanted(survey_id: int) -> ResultFilter:
    """Return the filter that the address asks for; ninety days up to today unless it says something else."""
    until = _within(day_argument("until") or today())
    since = _within(day_argument("since") or until - LATELY)
    version = number_argument("version")
    return ResultFilter(
        survey_id=survey_id,
        since=min(since, until),
        until=max(since, until),
        branch_id=number_argument("branch"),
        below=request.args.get("below") != "no",
        line=stripped(request.args.get("line"))[:32],
        agent_id=number_argument("agent"),
        ordinal=version if version and version < 10_000 else None,
    )


def _kept(wanted: ResultFilter) -> dict[str, str]:
    """Return the filter as it stands in an address."""
    texts = {
        "since": wanted.since.isoformat(),
        "until": wanted.until.isoformat(),
        "branch": wanted.branch_id or "",
        "below": "" if wanted.below else "no",
        "line": wanted.line,
        "agent": wanted.agent_id or "",
        "version": wanted.ordinal or "",
    }
    return {name: str(text) for name, text in texts.items() if text}


def _within(day: date) -> date:
    """Return a day that answers can be of: nobody answers tomorrow, nor before there were surveys."""
    return min(max(day, EARLIEST), today())
