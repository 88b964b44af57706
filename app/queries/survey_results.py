"""What customers answered: rates, distributions, trend and comparisons, counted by the database, one query a block.

Counted are valid answers 有效卷 within the reader's branches, never those to a complaint that he is barred from.
`survey_figures` says what of it may be shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.office_time import first_moment
from app.domain.survey_figures import DETRACTORS, PROMOTERS, NpsFigures, ScaleFigures, Share, shown_rows
from app.domain.surveys import SCALE
from app.models.accounts import Account, Branch
from app.models.surveys import Survey, SurveyAnswer, SurveyInvitation
from app.queries.survey_filter import ResultFilter, all_answered, all_sent, answered_within

MOST_MONTHS = 24
FEWEST_MONTHS = 12
MOST_ROWS = 200  # of a comparison, those with the most answers


@dataclass(frozen=True, slots=True)
class Response:
    """What became of the invitations: all that went to somebody, by state."""

    states: Mapping[str, int]

    @property
    def answered(self) -> Share:
        """Return 回复率: those that expired or failed count as sent."""
        return Share(self.states.get("answered", 0), sum(self.states.values()))


@dataclass(frozen=True, slots=True)
class Group:
    """Answers taken together: how many, how satisfied, whether they would recommend us."""

    n: int
    overall: ScaleFigures
    nps: NpsFigures


@dataclass(frozen=True, slots=True)
class Totals:
    """All answers: the valid ones as a group, the others by why they are not."""

    group: Group
    invalid: Mapping[str, int]

    @property
    def answers(self) -> int:
        """Return valid and invalid together."""
        return self.group.n + sum(self.invalid.values())


@dataclass(frozen=True, slots=True)
class Compared:
    """A row of a comparison; rates of rows that say too much about a few are not shown."""

    key: Any
    name: str
    group: Group
    shows_rate: bool
    shows_nps: bool

    @property
    def rate(self) -> float | None:
        """Return 满意率, None where it is not shown."""
        return self.group.overall.satisfied.percent if self.shows_rate else None

    @property
    def score(self) -> float | None:
        """Return the NPS, None where it is not shown."""
        return self.group.nps.score if self.shows_nps else None


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """A line of 满意度汇总: a survey at a branch; figures that are not shown are None."""

    title: str
    branch_name: str
    sent: int
    answered: int
    answer_rate: float | None
    valid: int
    mean: float | None
    hundred: float | None
    satisfied: float | None
    delighted: float | None
    nps: float | None


def read_response(session: Session, actor: Actor, wanted: ResultFilter) -> Response:
    """Return what became of the invitations made in the period."""
    statement = select(SurveyInvitation.state, func.count()).where(*all_sent(actor, wanted))
    return Response({state: count for state, count in session.execute(statement.group_by(SurveyInvitation.state))})


def read_totals(session: Session, actor: Actor, wanted: ResultFilter) -> Totals:
    """Return all answers of the period."""
    reason = SurveyAnswer.invalid_reason
    rows = session.execute(
        select(SurveyAnswer.is_valid, reason, *_sums())
        .where(*all_answered(actor, wanted))
        .group_by(SurveyAnswer.is_valid, reason)
    ).all()
    groups = [_group(row[2:]) for row in rows if row[0]]
    invalid = {row[1]: row[2] for row in rows if not row[0]}
    return Totals(groups[0] if groups else _group(()), invalid)


def read_trend(session: Session, actor: Actor, wanted: ResultFilter) -> Sequence[Compared]:
    """Return the answers by month of the office, oldest first: those of the period, but a year at least, two at most."""
    months = months_of(min(wanted.since, _a_year_before(wanted.until)), wanted.until)[-MOST_MONTHS:]
    wanted = replace(wanted, since=max(months[0], min(wanted.since, _a_year_before(wanted.until))))
    ends = [first_moment(_next_month(month)) for month in months]
    at = case(*((SurveyAnswer.answered_at < end, place) for place, end in enumerate(ends)), else_=len(ends))
    statement = select(at.label("place"), *_sums()).where(*answered_within(actor, wanted)).group_by(at)
    found = {row[0]: _group(row[1:]) for row in session.execute(statement)}
    groups = [(month, f"{month:%Y-%m}", found.get(place, _group(()))) for place, month in enumerate(months)]
    return _compared(groups)


def compare_branches(session: Session, actor: Actor, wanted: ResultFilter) -> Sequence[Compared]:
    """Return the answers by branch, in the order of the tree."""
    statement = select(SurveyAnswer.branch_id, Branch.name, *_sums()).join(Branch, Branch.id == SurveyAnswer.branch_id)
    grouped = statement.group_by(SurveyAnswer.branch_id, Branch.name, Branch.path).order_by(Branch.path)
    return _rows(session, grouped, actor, wanted)


def compare_lines(session: Session, actor: Actor, wanted: ResultFilter) -> Sequence[Compared]:
    """Return the answers by line of business; `name` is its code."""
    grouped = select(SurveyAnswer.line, SurveyAnswer.line, *_sums()).where(SurveyAnswer.line != "")
    return _rows(session, grouped.group_by(SurveyAnswer.line).order_by(func.count().desc()), actor, wanted)


def compare_agents(session: Session, actor: Actor, wanted: ResultFilter) -> Sequence[Compared]:
    """Return the answers by whose business was judged, those with the most answers first."""
    statement = select(SurveyAnswer.agent_id, Account.full_name, *_sums())
    joined = statement.join(Account, Account.id == SurveyAnswer.agent_id)
    grouped = joined.group_by(SurveyAnswer.agent_id, Account.full_name).order_by(func.count().desc())
    return _rows(session, grouped, actor, wanted)


def summary_rows(session: Session, actor: Actor, wanted: ResultFilter) -> Sequence[SummaryRow]:
    """Return 满意度汇总: a line for each survey and branch, suppressed as the comparison on the screen is."""
    place = (SurveyInvitation.survey_id, SurveyInvitation.branch_id)
    came = func.sum(case((SurveyInvitation.state == "answered", 1), else_=0))
    sent = {
        (survey_id, branch_id): (count, answered)
        for survey_id, branch_id, count, answered in session.execute(
            select(*place, func.count(), came).where(*all_sent(actor, wanted)).group_by(*place)
        )
    }
    judged = (SurveyAnswer.survey_id, SurveyAnswer.branch_id)
    rows = session.execute(select(*judged, *_sums()).where(*answered_within(actor, wanted)).group_by(*judged)).all()
    groups = {(row[0], row[1]): _group(row[2:]) for row in rows}
    titles = {survey_id: title for survey_id, title in session.execute(select(Survey.id, Survey.title))}
    branches = session.execute(select(Branch.id, Branch.name).order_by(Branch.path)).tuples().all()
    found: list[SummaryRow] = []
    for survey_id in sorted({survey_id for survey_id, _ in (*sent, *groups)}, key=lambda key: (titles[key], key)):
        places = [
            ((survey_id, branch_id), name, groups.get((survey_id, branch_id), _group(())))
            for branch_id, name in branches
            if (survey_id, branch_id) in sent or (survey_id, branch_id) in groups
        ]
        found += [_summary(titles[survey_id], row, sent.get(row.key, (0, 0))) for row in _compared(places)]
    return found


def months_of(since: date, until: date) -> list[date]:
    """Return the first days of the months from one day to another."""
    months = [since.replace(day=1)]
    while _next_month(months[-1]) <= until:
        months.append(_next_month(months[-1]))
    return months


def _a_year_before(day: date) -> date:
    """Return the first of the eleventh month before, so that twelve months are seen."""
    return date(day.year - (day.month < FEWEST_MONTHS), day.month % FEWEST_MONTHS + 1, 1)


def _next_month(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def _summary(title: str, row: Compared, sent: tuple[int, int]) -> SummaryRow:
    overall, shown = row.group.overall, row.shows_rate
    return SummaryRow(
        title=title,
        branch_name=row.name,
        sent=sent[0],
        answered=sent[1],
        answer_rate=Share(sent[1], sent[0]).percent,
        valid=row.group.n,
        mean=overall.mean if shown else None,
        hundred=overall.hundred if shown else None,
        satisfied=overall.satisfied.percent if shown else None,
        delighted=overall.delighted.percent if shown else None,
        nps=row.score,
    )


def _sums() -> list[Any]:
    """Return what a group of answers is made of: its size, each step of the overall scale, the NPS."""
    nps = SurveyAnswer.nps
    return [
        func.count(),
        *(func.sum(case((SurveyAnswer.overall == step, 1), else_=0)) for step in SCALE),
        func.sum(case((nps >= PROMOTERS[0], 1), else_=0)),
        func.sum(case((nps <= DETRACTORS[-1], 1), else_=0)),
        func.count(nps),
    ]


def _group(sums: Sequence[Any]) -> Group:
    if not sums:
        return Group(0, ScaleFigures({}), NpsFigures(0, 0, 0))
    n, *steps = sums[: 1 + len(SCALE)]
    promoters, detractors, asked = sums[1 + len(SCALE) :]
    return Group(n, ScaleFigures(dict(zip(SCALE, steps, strict=True))), NpsFigures(promoters, detractors, asked))


def _rows(
    session: Session, statement: Select[*tuple[Any, ...]], actor: Actor, wanted: ResultFilter
) -> Sequence[Compared]:
    limited = statement.where(*answered_within(actor, wanted)).limit(MOST_ROWS)
    return _compared([(row[0], row[1], _group(row[2:])) for row in session.execute(limited)])


def _compared(groups: Sequence[tuple[Any, str, Group]]) -> Sequence[Compared]:
    rates = shown_rows([group.overall.n for _key, _name, group in groups])
    scores = shown_rows([group.nps.n for _key, _name, group in groups])
    return [
        Compared(key, name, group, shows_rate, shows_nps)
        for (key, name, group), shows_rate, shows_nps in zip(groups, rates, scores, strict=True)
    ]
