"""Inspection by plan: a worklist that is drawn the same way every time, and what was seen of each item."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from app.domain.errors import Invalid, NotAllowed, NotFound, WrongState
from app.domain.ids import new_id
from app.domain.inspections import Look, PlanData
from app.domain.repairs import Damage, Finding
from app.domain.scan_codes import label_code
from app.models.documents import Document
from app.models.machinery import TrailEntry
from app.models.rounds import Inspection
from app.queries.inspections import list_inspections, list_plans, read_inspection, read_plan
from app.services.inspections import create_plan, end_plan, find_inspection, make_worklist, record_inspection
from tests.cast import EAST, NOW, WEST, actor
from tests.records import counted, make_customer
from tests.services.test_repairs import paper

TODAY = date(2026, 11, 22)
DATA = PlanData("三年一遍", started_on=date(2026, 1, 1))
TORN = Look("slight", (Finding(Damage.TORN),), 2, "书口撕裂")


def plan(session: Session, data: PlanData = DATA) -> int:
    """A plan of the east."""
    return create_plan(session, actor(session, "archivist"), EAST, data, now=NOW, today=TODAY)


def draw(session: Session, plan_id: int, year: int = 2026) -> int:
    """Make the worklist."""
    return make_worklist(session, actor(session, "archivist"), plan_id, year, now=NOW, today=TODAY)


def many(session: Session, count: int, **fields: object) -> list[int]:
    """Many filed papers."""
    first = session.get_one(Document, paper(session, customer_id=make_customer(session)))
    plain = {column.name: getattr(first, column.name) for column in Document.__table__.columns} | fields
    rows = [{**plain, "id": new_id(), "archive_number": f"J019-KH-2025-D10-{n:06d}"} for n in range(count - 1)]
    for start in range(0, len(rows), 500):
        session.execute(insert(Document), rows[start : start + 500])
    return [first.id, *(int(str(row["id"])) for row in rows)]


def listed(session: Session, plan_id: int) -> dict[int, date | None]:
    """The worklist: item → due day."""
    rows = session.execute(select(Inspection.document_id, Inspection.due_on).where(Inspection.plan_id == plan_id))
    return {row[0]: row[1] for row in rows}


def test_a_third_and_a_sample_are_drawn_by_a_handful_of_statements(session: Session) -> None:
    many(session, 3_000)
    plan_id = plan(session)

    with counted(session.get_bind()) as sent:
        added = draw(session, plan_id)

    # A third of them, and 5 % of the other two thirds: 1,100 give or take what dice do.
    assert 950 < added < 1_250
    assert len(sent) < 12
    assert set(listed(session, plan_id).values()) == {date(2026, 11, 30), date(2026, 12, 31)}


def test_drawn_again_it_only_adds_what_is_new(session: Session) -> None:
    many(session, 400)
    plan_id = plan(session, PlanData("每年全查", 1, 0, started_on=date(2026, 1, 1)))
    assert draw(session, plan_id) == 400
    first = listed(session, plan_id)

    assert draw(session, plan_id) == 0
    paper(session, name="李雷")
    assert draw(session, plan_id) == 1
    assert first.items() <= listed(session, plan_id).items()


def test_within_its_years_a_plan_comes_to_everything(session: Session) -> None:
    ids = many(session, 300)
    plan_id = plan(session, PlanData("两年一遍", 2, 0, started_on=date(2026, 1, 1)))

    first = draw(session, plan_id, 2026)
    second = draw(session, plan_id, 2027)

    assert first + second == 300
    assert set(listed(session, plan_id)) == set(ids)


def test_only_filed_papers_of_the_branch_are_drawn(session: Session) -> None:
    paper(session, state="destroyed")
    session.get_one(Document, paper(session, name="李雷")).whereabouts = "none"
    session.get_one(Document, paper(session, name="韩梅")).branch_id = WEST
    session.flush()
    plan_id = plan(session, PlanData("全查", 1, 0, started_on=date(2026, 1, 1)))

    assert draw(session, plan_id) == 0


@pytest.mark.parametrize("year", [2025, 2028, 0])
def test_only_this_year_and_the_next_can_be_drawn(session: Session, year: int) -> None:
    with pytest.raises(Invalid):
        draw(session, plan(session), year)


@pytest.mark.parametrize("data", [PlanData(" "), PlanData("x", 0), PlanData("x", 3, 101)])
def test_a_plan_that_makes_no_sense_is_refused(session: Session, data: PlanData) -> None:
    with pytest.raises(Invalid):
        plan(session, data)


def test_plans_are_made_by_keepers_of_the_branch(session: Session) -> None:
    plan_id = plan(session)

    with pytest.raises(NotAllowed):
        create_plan(session, actor(session, "manager"), EAST, DATA, now=NOW, today=TODAY)
    with pytest.raises(NotFound):
        make_worklist(session, actor(session, "archivist_west"), plan_id, 2026, now=NOW, today=TODAY)
    with pytest.raises(NotAllowed):
        make_worklist(session, actor(session, "manager"), plan_id, 2026, now=NOW, today=TODAY)


def test_a_plan_that_rests_draws_nothing(session: Session) -> None:
    plan_id = plan(session)
    end_plan(session, actor(session, "archivist"), plan_id, now=NOW)

    with pytest.raises(WrongState):
        draw(session, plan_id)


def test_a_scanned_item_leads_to_its_open_inspection_and_back_to_the_same(session: Session) -> None:
    document_id = paper(session)
    plan_id = plan(session, PlanData("全查", 1, 0, started_on=date(2026, 1, 1)))
    draw(session, plan_id)
    archivist = actor(session, "archivist")

    found = find_inspection(session, archivist, plan_id, label_code("document", document_id), today=TODAY)
    record_inspection(session, archivist, found, TORN, now=NOW)

    assert read_inspection(session, archivist, found).findings == TORN.findings
    assert find_inspection(session, archivist, plan_id, label_code("document", document_id), today=TODAY) == found
    events = session.scalars(select(TrailEntry.event).where(TrailEntry.object_id == document_id)).all()
    assert "item_inspected" in events


def test_an_item_out_of_turn_is_looked_at_all_the_same(session: Session) -> None:
    document_id = paper(session)
    number = session.get_one(Document, document_id).archive_number or ""
    plan_id = plan(session)

    found = find_inspection(session, actor(session, "archivist"), plan_id, number, today=TODAY)

    assert session.get_one(Inspection, found).due_on is None


@pytest.mark.parametrize("text", ["", "J019-KH-1999-Y-1", label_code("box", 4), label_code("document", 4)])
def test_what_is_no_item_of_the_branch_is_refused(session: Session, text: str) -> None:
    plan_id = plan(session)

    with pytest.raises(Invalid) as refused:
        find_inspection(session, actor(session, "archivist"), plan_id, text, today=TODAY)
    assert set(refused.value.problems) == {"code"}


@pytest.mark.parametrize(
    "look", [Look(""), Look("sound", (Finding(Damage.TORN),)), Look("severe"), Look("sound", pages=-1)]
)
def test_a_look_that_contradicts_itself_is_refused(session: Session, look: Look) -> None:
    document_id = paper(session)
    archivist = actor(session, "archivist")
    found = find_inspection(session, archivist, plan(session), label_code("document", document_id), today=TODAY)

    with pytest.raises(Invalid):
        record_inspection(session, archivist, found, look, now=NOW)
    assert session.scalar(select(func.count()).where(Inspection.done_at.is_not(None))) == 0


def test_progress_is_told_by_plan_and_year(session: Session) -> None:
    many(session, 3)
    plan_id = plan(session, PlanData("全查", 1, 0, started_on=date(2026, 1, 1)))
    draw(session, plan_id)
    archivist = actor(session, "archivist")
    first = list_inspections(session, archivist, plan_id, today=TODAY).items[0]
    record_inspection(session, archivist, first.id, TORN, now=NOW)

    (row,) = list_plans(session, archivist, today=date(2026, 12, 31))
    (year,) = read_plan(session, archivist, plan_id, today=TODAY).years

    assert (row.due, row.done) == (3, 1)
    assert (year.year, year.due, year.done, year.damaged) == (2026, 3, 1, 1)
    assert list_inspections(session, archivist, plan_id, today=TODAY).total == 2
    assert [each.id for each in list_inspections(session, archivist, plan_id, show="damaged", today=TODAY).items] == [
        first.id
    ]
    assert list_inspections(session, archivist, plan_id, show="late", today=date(2027, 1, 1)).total == 2
    assert list_plans(session, actor(session, "archivist_west"), today=TODAY) == []
