"""The versions of what the sorter learnt: shown with their figures, asked for, put back with a reason."""

from __future__ import annotations

from sqlalchemy import select

from app.models.intake import SorterModel
from app.models.machinery import Job, TrailEntry
from app.services.learning import Learnt, Material, Sample, keep_version
from tests.cast import NOW
from tests.client import Portal
from tests.services.papers_in import blob
from tests.services.test_learning import confirm


def learnt(portal: Portal, *accuracies: float) -> None:
    """Keep a version for each accuracy, the one before at nine of ten."""
    material = Material((Sample("a", "a"),) * 24, (Sample("b", "b"),) * 6, None, 30)
    with portal.session() as session:
        for at, share in enumerate(accuracies):
            keep_version(session, material, Learnt(b"", share, 0.9), blob(f"model{at}"), now=NOW)
        session.commit()


def states(portal: Portal) -> list[str]:
    with portal.session() as session:
        return list(session.scalars(select(SorterModel.state).order_by(SorterModel.number)))


def test_versions_are_shown_and_the_one_before_put_back_with_a_reason(portal: Portal) -> None:
    head = portal.browser("archivist_head", stepped_up=True)
    assert "还没有学习过" in head.get("/completeness/sorter").text
    learnt(portal, 0.9, 0.95, 0.5)

    page = head.get("/completeness/sorter").text
    assert "95.0%" in page and "未启用" in page and "恢复上一版" in page
    assert "恢复上一版" not in portal.browser("archivist").get("/completeness/sorter").text
    portal.browser("archivist", stepped_up=True).post(
        "/completeness/sorter/back", {"version": "2", "reason": "x"}, status=403
    )
    assert "请写明原因" in head.post("/completeness/sorter/back", {"version": "2"}, status=422).text
    head.post("/completeness/sorter/back", {"version": "1", "reason": "分错"}, status=422)
    assert states(portal) == ["former", "in_force", "refused"]

    head.post("/completeness/sorter/back", {"version": "2", "reason": "体检报告常被分错"}, status=303)

    assert states(portal) == ["in_force", "former", "refused"]
    with portal.session() as session:
        entry = session.scalars(select(TrailEntry).where(TrailEntry.event == "sorter_put_back")).one()
    assert entry.reason == "体检报告常被分错"
    head.post("/completeness/sorter/back", {"version": "1", "reason": "再退"}, status=422)


def test_a_lesson_is_asked_for_once_there_is_something_to_learn(portal: Portal) -> None:
    head = portal.browser("archivist_head", stepped_up=True)
    head.post("/completeness/sorter/learn", {}, status=422)
    with portal.session() as session:
        confirm(session, 30)
        session.commit()

    head.post("/completeness/sorter/learn", {}, status=303)
    head.post("/completeness/sorter/learn", {}, status=303)

    with portal.session() as session:
        assert len(session.scalars(select(Job).where(Job.kind == "learn_sorting")).all()) == 1
