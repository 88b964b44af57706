"""What customers answered: rates, distributions, trend and comparisons, counted by the database, one query a block.

Counted are valid answers 有效卷 within the reader's branches, never those to a complaint that he is barred from.
`survey_figures` says what of it may be shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from app.domain.actor import Actor
from app.domain.office_time import first_moment, last_moment
from app.domain.policy import Action
from app.domain.survey_figures import DETRACTORS, PROMOTERS, NpsFigures, ScaleFigures, Share, shown_rows
from app.domain.surveys import SCALE, Question, QuestionKind, questions_of
from app.models.accounts import Account, Branch
from app.models.claims import Claim
from app.models.policies import Policy
from app.models.surveys import Survey, SurveyAnswer, SurveyInvitation, SurveyValue, SurveyVersion
from app.queries.surveys import at_or_above, counts_as_sent, of_visible_cases
from app.queries.visibility import branches_in

MOST_MONTHS = 24
MOST_ROWS = 200  # of a comparison, those with the most answers


@dataclass(frozen=True, slots=True)
class ResultFilter:
    """Which answers: of a survey (None: all), in a period, of a branch with those below, a line, an agent, a version."""

    survey_id: int | None
    since: date
    until: date
    branch_id: int | None = None
    below: bool = True
    line: str = ""
    agent_id: int | None = None
    ordinal: int | None = None


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
class QuestionResult:
    """What was answered to a question: counts by answer, `n` who answered it."""

    question: Question
    n: int
    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def share(self) -> Mapping[str, Share]:
        """Return the share of each answer; of a multiple choice they add up to more than all."""
        return {answer: Share(count, self.n) for answer, count in self.counts.items()}

    @property
    def scale(self) -> ScaleFigures:
        """Return the counts as a scale."""
        return ScaleFigures({int(answer): count for answer, count in self.counts.items()})

    @property
    def nps(self) -> NpsFigures:
        """Return the counts as an NPS."""
        return NpsFigures.of({int(answer): count for answer, count in self.counts.items()})


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
    statement = select(SurveyInvitation.state, func.count()).where(*_sent(actor, wanted))
    return Response({state: count for state, count in session.execute(statement.group_by(SurveyInvitation.state))})


def read_totals(session: Session, actor: Actor, wanted: ResultFilter) -> Totals:
    """Return all answers of the period."""
    reason = SurveyAnswer.invalid_reason
    rows = session.execute(
        select(SurveyAnswer.is_valid, reason, *_sums())
        .where(*_answered(actor, wanted))
        .group_by(SurveyAnswer.is_valid, reason)
    ).all()
    groups = [_group(row[2:]) for row in rows if row[0]]
    invalid = {row[1]: row[2] for row in rows if not row[0]}
    return Totals(groups[0] if groups else _group(()), invalid)


def read_questions(session: Session, actor: Actor, wanted: ResultFilter) -> Sequence[QuestionResult]:
    """Return what was answered to each question but texts, of all versions together, in the order of the newest."""
    versions = _versions(session, wanted)
    asked: dict[str, Question] = {}
    for version in versions:
        for question in questions_of(version.questions):
            asked.setdefault(question.key, question)
    answered = answered_within(actor, wanted)
    # Counted by the values, texts left aside: the index over them holds all that is read.
    joined = (
        select(SurveyValue.question, SurveyValue.number, SurveyValue.choice, func.count())
        .join(SurveyAnswer, SurveyAnswer.id == SurveyValue.answer_id)
        .where(*answered)
        .group_by(SurveyValue.question, SurveyValue.number, SurveyValue.choice)
    )
    counts: dict[str, dict[str, int]] = {key: {} for key in asked}
    for key, number, choice, count in session.execute(joined):
        counts.setdefault(key, {})[choice if number is None else str(number)] = count
    several = _who_chose(session, answered, [key for key, each in asked.items() if each.kind is QuestionKind.MULTIPLE])
    return [
        QuestionResult(each, several.get(key, sum(counts[key].values())), counts[key])
        for key, each in asked.items()
        if each.kind is not QuestionKind.TEXT
    ]


def read_trend(session: Session, actor: Actor, wanted: ResultFilter) -> Sequence[Compared]:
    """Return the answers by month of the office, oldest first, the last two years of the period at most."""
    months = months_of(wanted.since, wanted.until)[-MOST_MONTHS:]
    ends = [first_moment(_next_month(month)) for month in months]
    at = case(*((SurveyAnswer.answered_at < end, place) for place, end in enumerate(ends)), else_=len(ends))
    statement = (
        select(at.label("place"), *_sums())
        .where(*answered_within(actor, wanted), SurveyAnswer.answered_at >= first_moment(months[0]))
        .group_by(at)
    )
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
            select(*place, func.count(), came).where(*_sent(actor, wanted)).group_by(*place)
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


def answered_within(actor: Actor, wanted: ResultFilter) -> list[ColumnElement[bool]]:
    """Return the conditions on valid answers, for who lists them."""
    return [*_answered(actor, wanted), SurveyAnswer.is_valid.is_(True)]


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


def _versions(session: Session, wanted: ResultFilter) -> Sequence[SurveyVersion]:
    statement = select(SurveyVersion).where(SurveyVersion.survey_id == wanted.survey_id, SurveyVersion.state != "draft")
    if wanted.ordinal is not None:
        statement = statement.where(SurveyVersion.ordinal == wanted.ordinal)
    return session.scalars(statement.order_by(SurveyVersion.ordinal.desc())).all()


def _who_chose(session: Session, answered: list[ColumnElement[bool]], keys: list[str]) -> Mapping[str, int]:
    """Return how many answered each multiple choice: there an answer has several values."""
    if not keys:
        return {}
    statement = (
        select(SurveyValue.question, func.count(func.distinct(SurveyValue.answer_id)))
        .join(SurveyAnswer, SurveyAnswer.id == SurveyValue.answer_id)
        .where(*answered, SurveyValue.question.in_(keys))
        .group_by(SurveyValue.question)
    )
    return {key: count for key, count in session.execute(statement)}


def _answered(actor: Actor, wanted: ResultFilter) -> list[ColumnElement[bool]]:
    conditions = [
        *_within(actor, wanted, SurveyAnswer, SurveyAnswer.answered_at),
        of_visible_cases(actor, SurveyAnswer.invitation_id),
    ]
    if wanted.line:
        conditions.append(SurveyAnswer.line == wanted.line)
    return conditions


def _sent(actor: Actor, wanted: ResultFilter) -> list[ColumnElement[bool]]:
    conditions = [
        *_within(actor, wanted, SurveyInvitation, SurveyInvitation.made_at),
        of_visible_cases(actor, SurveyInvitation.id),
        counts_as_sent(),
    ]
    if wanted.line:
        policies = select(Policy.id).where(Policy.line == wanted.line)
        claims = select(Claim.id).join(Policy, Policy.id == Claim.policy_id).where(Policy.line == wanted.line)
        of_line: ColumnElement[bool] = SurveyInvitation.policy_id.in_(policies) | SurveyInvitation.claim_id.in_(claims)
        conditions.append(of_line)
    return conditions


def _within(actor: Actor, wanted: ResultFilter, table: Any, at: InstrumentedAttribute[datetime]) -> list[Any]:
    conditions = [
        branches_in(actor, Action.SURVEY_VIEW, table.branch_id),
        at >= first_moment(wanted.since),
        at <= last_moment(wanted.until),
    ]
    if wanted.survey_id is not None:
        conditions.append(table.survey_id == wanted.survey_id)
    if wanted.branch_id is not None:
        conditions.append(_at_branch(table.branch_id, wanted))
    if wanted.agent_id is not None:
        conditions.append(table.agent_id == wanted.agent_id)
    if wanted.ordinal is not None:
        version = select(SurveyVersion.id).where(SurveyVersion.ordinal == wanted.ordinal)
        conditions.append(table.version_id.in_(version.where(SurveyVersion.survey_id == wanted.survey_id)))
    return conditions


def _at_branch(column: InstrumentedAttribute[int], wanted: ResultFilter) -> ColumnElement[bool]:
    if not wanted.below:
        return column == wanted.branch_id
    top, under = aliased(Branch), aliased(Branch)
    return column.in_(select(under.id).join(top, at_or_above(top, under)).where(top.id == wanted.branch_id))
