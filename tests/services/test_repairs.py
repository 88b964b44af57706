"""Repair orders: the paper leaves with the order, comes back with the acceptance, and cannot be lent in between."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import Invalid, NotAllowed, NotFound, WrongState
from app.domain.repairs import Damage, Finding, Grade
from app.models.documents import Document
from app.models.machinery import TrailEntry
from app.models.rounds import RepairOrder
from app.models.storage import Movement
from app.queries.repairs import RepairFilter, list_repairs, read_repair, repair_rows
from app.services import papers
from app.services.repairs import Order, Work, accept_repair, cancel_repair, finish_repair, order_repair, start_repair
from tests.cast import EAST_CITY, NOW, actor
from tests.records import make_customer, make_document

TODAY = date(2026, 11, 22)
MOULDY = Order((Finding(Damage.MILDEW, 35), Finding(Damage.TORN)), Grade.EXTREME, remark="首页霉斑")
DONE = Work("除霉、局部修裱", "皮纸", "修复所", None, None, 12_050)


def paper(session: Session, *, state: str = "filed", **fields: Any) -> int:
    """A filed paper on its shelf."""
    customer = fields.pop("customer_id", 0) or make_customer(session, **fields)
    document_id = make_document(session, customer)
    document = session.get_one(Document, document_id)
    document.state, document.archive_number = state, f"J019-KH-2026-D10-{document_id % 100_000:05d}"
    session.flush()
    return document_id


def ordered(session: Session, document_id: int = 0, who: str = "archivist") -> int:
    """Order a repair."""
    return order_repair(session, actor(session, who), document_id or paper(session), MOULDY, now=NOW)


def finished(session: Session, repair_id: int, who: str = "archivist") -> None:
    """Start and finish the work."""
    someone = actor(session, who)
    start_repair(session, someone, repair_id, "修复所", version=1, now=NOW, today=TODAY)
    finish_repair(session, someone, repair_id, DONE, version=2, now=NOW, today=TODAY)


def accept(
    session: Session, repair_id: int, who: str, *, version: int = 3, passed: bool = True, remark: str = ""
) -> None:
    """Accept or reject the work."""
    accept_repair(session, actor(session, who), repair_id, passed=passed, remark=remark, version=version, now=NOW)


def test_the_paper_goes_out_with_the_order_and_comes_back_with_the_acceptance(session: Session) -> None:
    document_id = paper(session)
    repair_id = ordered(session, document_id)
    assert session.get_one(Document, document_id).whereabouts == "repair"

    finished(session, repair_id)
    accept(session, repair_id, "manager")

    repair = session.get_one(RepairOrder, repair_id)
    moves = session.scalars(select(Movement).where(Movement.document_id == document_id)).all()
    events = session.scalars(
        select(TrailEntry.event).where(TrailEntry.object_kind == "repair").order_by(TrailEntry.sequence)
    ).all()
    assert session.get_one(Document, document_id).whereabouts == "shelf"
    assert (repair.state, repair.number, repair.cost_cents) == ("accepted", "XF2026-0001", 12_050)
    assert {(move.direction, move.reason, move.remark) for move in moves} == {
        ("out", "repair", "XF2026-0001"),
        ("in", "repair", "XF2026-0001"),
    }
    assert events == ["repair_ordered", "repair_started", "repair_finished", "repair_accepted"]


def test_numbers_follow_each_other(session: Session) -> None:
    first, second = ordered(session), ordered(session, paper(session, name="李雷"))

    numbers = [session.get_one(RepairOrder, each).number for each in (first, second)]
    assert numbers == ["XF2026-0001", "XF2026-0002"]


@pytest.mark.parametrize("place", ["loan", "transfer", "missing", "repair"])
def test_a_paper_that_is_not_on_its_shelf_cannot_be_repaired(session: Session, place: str) -> None:
    document_id = paper(session)
    session.get_one(Document, document_id).whereabouts = place
    session.flush()

    with pytest.raises(WrongState, match=f"paper.is_{place}"):
        ordered(session, document_id)
    assert session.scalars(select(RepairOrder)).all() == []


def test_a_destroyed_paper_cannot_be_repaired(session: Session) -> None:
    with pytest.raises(WrongState, match=r"paper\.destroyed"):
        ordered(session, paper(session, state="destroyed"))


def test_a_paper_under_repair_cannot_be_lent(session: Session) -> None:
    document_id = paper(session)
    papers.require_lendable(papers.lock_paper(session, document_id))
    ordered(session, document_id)

    with pytest.raises(WrongState, match=r"paper\.is_repair"):
        papers.require_lendable(papers.lock_paper(session, document_id))


def test_nobody_accepts_his_own_work(session: Session) -> None:
    repair_id = ordered(session)
    finished(session, repair_id)

    with pytest.raises(WrongState, match=r"repair\.accept_self"):
        accept(session, repair_id, "archivist")
    assert session.get_one(RepairOrder, repair_id).state == "finished"
    assert not read_repair(session, actor(session, "archivist"), repair_id).may_accept
    assert read_repair(session, actor(session, "manager"), repair_id).may_accept


def test_what_fails_goes_back_to_work_with_a_reason(session: Session) -> None:
    repair_id = ordered(session)
    finished(session, repair_id)

    with pytest.raises(Invalid):
        accept(session, repair_id, "manager", passed=False)
    accept(session, repair_id, "manager", passed=False, remark="糨糊未干")

    repair = session.get_one(RepairOrder, repair_id)
    assert repair.state == "working"
    assert session.get_one(Document, repair.document_id).whereabouts == "repair"


def test_calling_off_needs_a_reason_and_brings_the_paper_back(session: Session) -> None:
    repair_id = ordered(session)
    archivist = actor(session, "archivist")

    with pytest.raises(Invalid):
        cancel_repair(session, archivist, repair_id, " ", version=1, now=NOW)
    cancel_repair(session, archivist, repair_id, "误登", version=1, now=NOW)

    repair = session.get_one(RepairOrder, repair_id)
    assert (repair.state, session.get_one(Document, repair.document_id).whereabouts) == ("cancelled", "shelf")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"method": " "}, "method"),
        ({"ended_on": TODAY + timedelta(days=1)}, "ended_on"),
        ({"started_on": TODAY, "ended_on": TODAY - timedelta(days=1)}, "started_on"),
        ({"cost_cents": -1}, "cost_cents"),
    ],
)
def test_finishing_refuses_what_does_not_agree(session: Session, changes: dict[str, Any], field: str) -> None:
    repair_id = ordered(session)
    archivist = actor(session, "archivist")
    start_repair(session, archivist, repair_id, "修复所", version=1, now=NOW, today=TODAY)
    plain = {name: getattr(DONE, name) for name in Work.__dataclass_fields__}

    with pytest.raises(Invalid) as refused:
        work = Work(**{**plain, **changes})
        finish_repair(session, archivist, repair_id, work, version=2, now=NOW, today=TODAY)
    assert field in refused.value.problems


def test_a_step_from_an_older_page_is_refused(session: Session) -> None:
    repair_id = ordered(session)
    start_repair(session, actor(session, "archivist"), repair_id, "甲", version=1, now=NOW, today=TODAY)

    with pytest.raises(WrongState, match=r"repair\.changed"):
        start_repair(session, actor(session, "archivist"), repair_id, "乙", version=1, now=NOW, today=TODAY)


@pytest.mark.parametrize(
    ("who", "refusal"), [("archivist_west", NotFound), ("clerk", NotFound), ("manager", NotAllowed)]
)
def test_only_keepers_of_the_branch_order_repairs(session: Session, who: str, refusal: type[Exception]) -> None:
    document_id = paper(session)

    with pytest.raises(refusal):
        ordered(session, document_id, who)


def test_lists_show_what_the_reader_may_see(session: Session) -> None:
    hidden = paper(session, branch_id=EAST_CITY)
    session.get_one(Document, hidden).level = 4
    session.flush()
    secret = ordered(session, hidden, who="archivist_city")
    plain = ordered(session, paper(session, name="李雷", branch_id=EAST_CITY))

    seen = list_repairs(session, actor(session, "archivist"), RepairFilter(state="open"))

    assert [row.id for row in seen.items] == [plain]
    assert {row.id for row in list_repairs(session, actor(session, "manager"), RepairFilter()).items} == {secret, plain}
    assert list_repairs(session, actor(session, "manager"), RepairFilter(grade="slight")).total == 0
    assert list_repairs(session, actor(session, "archivist_west"), RepairFilter()).total == 0


def test_the_register_has_the_columns_of_the_form(session: Session) -> None:
    repair_id = ordered(session)
    finished(session, repair_id)
    accept(session, repair_id, "manager")

    (line,) = repair_rows(session, actor(session, "archivist"))

    assert line[1:] == [
        "霉变、撕裂",
        "特残",
        "无",
        "除霉、局部修裱",
        "皮纸",
        "修复所",
        "20261122—20261122",
        "无",
        "负责甲",
        "120.50",
        "否",
    ]
