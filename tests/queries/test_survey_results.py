"""Results counted by the database: what counts, what does not, and that parts agree with the whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.ids import new_id
from app.domain.surveys import QuestionKind
from app.models.cases import CaseBar
from app.models.surveys import Survey, SurveyAnswer, SurveyInvitation, SurveyKiosk, SurveyValue
from app.queries.survey_comments import read_comments
from app.queries.survey_filter import ResultFilter
from app.queries.survey_questions import read_questions
from app.queries.survey_results import (
    compare_agents,
    compare_branches,
    compare_lines,
    months_of,
    read_response,
    read_totals,
    read_trend,
    summary_rows,
)
from tests.cast import EAST, EAST_CITY, NOW, PEOPLE, WEST, actor
from tests.services.casework import make_case
from tests.survey_answers import add_answers

PERIOD = ResultFilter(None, date(2026, 1, 1), date(2026, 11, 22))


def of(session: Session, code: str) -> ResultFilter:
    """The whole year of a ready survey."""
    return replace(PERIOD, survey_id=session.scalars(select(Survey.id).where(Survey.code == code)).one())


def test_what_was_sent_counts_unless_it_was_taken_back_or_asked_by_a_tablet(session: Session) -> None:
    add_answers(session, "claim", EAST, 36, now=NOW, overall=[5], nps=[10], unanswered=9)
    wanted, manager = of(session, "claim"), actor(session, "manager")
    rows = session.scalars(select(SurveyInvitation).where(SurveyInvitation.state == "expired")).all()
    kiosk = SurveyKiosk(
        id=new_id(),
        survey_id=rows[0].survey_id,
        branch_id=EAST,
        name="一号窗口",
        token_hash="0" * 64,
        made_at=NOW,
        expires_at=NOW + timedelta(days=1),
    )
    session.add(kiosk)
    session.flush()
    rows[0].state, rows[1].state, rows[2].kiosk_id = "revoked", "failed", kiosk.id
    session.flush()

    response = read_response(session, manager, wanted)

    assert response.states == {"answered": 36, "expired": 6, "failed": 1}
    assert (response.answered.part, response.answered.whole) == (36, 43)


def test_invalid_answers_are_told_apart_and_count_nowhere_else(session: Session) -> None:
    add_answers(session, "claim", EAST, 30, now=NOW, overall=[5, 3], nps=[9, 2])
    add_answers(session, "claim", EAST, 4, now=NOW, overall=[1], nps=[0], invalid="fast")
    wanted, manager = of(session, "claim"), actor(session, "manager")

    totals = read_totals(session, manager, wanted)
    overall = next(row for row in read_questions(session, manager, wanted) if row.question.key == "overall")

    assert (totals.answers, totals.group.n, totals.invalid) == (34, 30, {"fast": 4})
    assert (totals.group.nps.promoters, totals.group.nps.detractors, totals.group.nps.n) == (15, 15, 30)
    assert overall.counts == {"5": 15, "3": 15}
    assert overall.scale.satisfied.percent == 50


def test_no_answers_are_no_figures(session: Session) -> None:
    wanted, manager = of(session, "claim"), actor(session, "manager")

    assert read_totals(session, manager, wanted).answers == 0
    assert read_response(session, manager, wanted).answered.whole == 0
    assert {row.n for row in read_questions(session, manager, wanted)} == {0}
    assert [row.group.n for row in read_trend(session, manager, wanted)] == [0] * 12
    assert not summary_rows(session, manager, PERIOD)


def test_months_are_those_of_the_office(session: Session) -> None:
    """17:00 on the last of October in UTC is the first of November in the office."""
    late = NOW.replace(month=10, day=31, hour=17)
    add_answers(session, "claim", EAST, 2, now=late, ago=timedelta(), overall=[5], nps=[10])
    add_answers(session, "claim", EAST, 3, now=late, ago=timedelta(hours=2), overall=[5], nps=[10])

    trend = read_trend(session, actor(session, "manager"), of(session, "claim"))

    assert {row.name: row.group.n for row in trend if row.group.n} == {"2026-10": 3, "2026-11": 2}
    assert [f"{month:%Y-%m}" for month in months_of(date(2025, 11, 30), date(2026, 2, 1))] == [
        "2025-11",
        "2025-12",
        "2026-01",
        "2026-02",
    ]


def test_parts_add_up_to_the_whole(session: Session) -> None:
    add_answers(session, "claim", EAST, 40, now=NOW, overall=[5, 4], nps=[9], line="life", agent_id=131)
    add_answers(session, "claim", EAST_CITY, 35, now=NOW, overall=[2], nps=[3], line="health", agent_id=132)
    add_answers(session, "claim", WEST, 50, now=NOW, overall=[1], nps=[0])
    wanted, manager = of(session, "claim"), actor(session, "manager")

    parts = [compare(session, manager, wanted) for compare in (compare_branches, compare_lines, compare_agents)]

    assert [{row.name: row.group.n for row in rows} for rows in parts] == [
        {"江东分公司": 40, "城东支公司": 35},
        {"life": 40, "health": 35},
        {"代理甲": 40, "代理乙": 35},
    ]
    assert [row.rate for row in parts[0]] == [100, 0]
    assert read_totals(session, manager, wanted).group.n == 75
    assert read_totals(session, manager, replace(wanted, branch_id=EAST)).group.n == 75
    assert read_totals(session, manager, replace(wanted, branch_id=EAST, below=False)).group.n == 40
    assert read_totals(session, manager, replace(wanted, branch_id=WEST)).group.n == 0
    assert read_totals(session, manager, replace(wanted, line="health")).group.n == 35
    assert read_totals(session, manager, replace(wanted, agent_id=132)).group.n == 35
    assert read_totals(session, manager, replace(wanted, ordinal=1)).group.n == 75
    assert read_totals(session, manager, replace(wanted, ordinal=2)).group.n == 0
    assert read_totals(session, manager, replace(wanted, until=date(2026, 11, 21))).group.n == 0


def test_a_multiple_choice_has_shares_of_those_who_answered(session: Session) -> None:
    add_answers(session, "visit", EAST, 30, now=NOW, overall=[5], nps=[10])
    answers = session.scalars(select(SurveyAnswer)).all()
    session.add_all(
        SurveyValue(id=new_id(), answer_id=answer.id, version_id=answer.version_id, question="business", choice=choice)
        for place, answer in enumerate(answers)
        for choice in (("asking", "buying") if place % 3 else ("asking",))
    )
    session.flush()

    rows = read_questions(session, actor(session, "manager"), of(session, "visit"))

    business = rows[0]
    assert business.question.kind is QuestionKind.MULTIPLE
    assert (business.n, business.counts) == (30, {"asking": 30, "buying": 20})
    assert business.share["asking"].percent == 100


def test_the_summary_hides_what_the_comparison_hides(session: Session) -> None:
    add_answers(session, "claim", EAST, 60, now=NOW, overall=[5, 3], nps=[9], unanswered=20)
    add_answers(session, "claim", EAST_CITY, 5, now=NOW, overall=[1], nps=[0])
    add_answers(session, "visit", EAST_CITY, 30, now=NOW, overall=[4], nps=[7])

    rows = summary_rows(session, actor(session, "manager"), PERIOD)

    assert [(row.title, row.branch_name, row.sent, row.answered, row.valid) for row in rows] == [
        ("柜面服务满意度", "城东支公司", 30, 30, 30),
        ("理赔服务满意度", "江东分公司", 80, 60, 60),
        ("理赔服务满意度", "城东支公司", 5, 5, 5),
    ]
    assert [(row.mean, row.satisfied, row.nps) for row in rows] == [(4, 100, 0), (None, None, None), (None, None, None)]
    assert [row.answer_rate for row in rows] == [100, 75, None]


def test_a_barred_complaint_is_in_no_figure(session: Session) -> None:
    case = make_case(session, actor(session, "archivist"))
    session.add(CaseBar(case_id=case.id, account_id=PEOPLE["manager"][0], relation="relative", barred_at=NOW))
    session.flush()
    add_answers(session, "complaint", EAST, 30, now=NOW, overall=[5], nps=[10], comments=["谢谢"])
    add_answers(session, "complaint", EAST, 1, now=NOW, overall=[1], nps=[0], comments=["不公"], case_id=case.id)
    wanted = of(session, "complaint")

    seen = {}
    for who in ("manager", "archivist"):
        reader = actor(session, who)
        seen[who] = (
            read_response(session, reader, wanted).answered.whole,
            read_totals(session, reader, wanted).group.n,
            max(row.n for row in read_questions(session, reader, wanted)),
            sum(row.group.n for row in read_trend(session, reader, wanted)),
            compare_branches(session, reader, wanted)[0].group.n,
            compare_agents(session, reader, wanted)[0].group.n,
            summary_rows(session, reader, PERIOD)[0].sent,
            len(read_comments(session, reader, wanted, "不公").items),
        )

    assert seen["manager"] == (30,) * 7 + (0,)
    assert seen["archivist"] == (31,) * 7 + (1,)


def test_comments_are_the_newest_first_and_say_when_there_are_more(session: Session) -> None:
    add_answers(session, "claim", EAST, 51, now=NOW, overall=[5], nps=[10], comments=["很好"])
    add_answers(session, "claim", EAST, 1, now=NOW, overall=[5], nps=[10], comments=["早先的话"], ago=timedelta(days=9))
    wanted, manager = of(session, "claim"), actor(session, "manager")

    newest, found = read_comments(session, manager, wanted), read_comments(session, manager, wanted, "早先")

    assert (len(newest.items), newest.is_cut) == (50, True)
    assert ([comment.text for comment in found.items], found.searched, found.is_cut) == (["早先的话"], 52, False)
    assert found.items[0].question == "您还有什么意见或建议？"
    assert not read_comments(session, manager, wanted, "！！").items
