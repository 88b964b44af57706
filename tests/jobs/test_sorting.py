"""The nightly lesson: learnt once from what was confirmed, taken into use, and pages of old documents printed."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import sessionmaker

from app.adapters.sorter_sklearn import LinearSorter
from app.db import db
from app.jobs.handlers import SCHEDULE, Work, handler_of
from app.jobs.sorting import learn_sorting
from app.models.intake import PagePrint, SorterModel
from app.services.learning import model_in_force
from tests.client import Portal
from tests.paper_texts import text_of
from tests.services.test_learning import confirm


def work_of(portal: Portal) -> Work:
    """What the worker would hand to the job."""
    with portal.app.app_context():
        sessions = sessionmaker(db.engine, expire_on_commit=False)
    tools = portal.app.extensions["tools"]
    return Work(sessions, tools, None, lambda: datetime.now(UTC), lambda _done, _total: None, None)  # type: ignore[arg-type]


def test_a_night_s_lesson_is_learnt_once_and_used(portal: Portal) -> None:
    with portal.session() as session:
        confirm(session, 40)
        session.commit()

    learn_sorting(work_of(portal), {})
    learn_sorting(work_of(portal), {})

    with portal.session() as session:
        version = session.scalars(select(SorterModel)).one()
        model = model_in_force(session, portal.app.extensions["tools"].files)
        printed = session.scalar(select(func.count(PagePrint.holder_id.distinct())))
    assert version.state == "in_force"
    assert version.accuracy == 1.0
    assert model is not None
    assert LinearSorter().rank(model, [text_of("complaint", 77)])[0][0][0] == "complaint"
    assert printed == 40


def test_a_night_without_news_does_nothing(portal: Portal) -> None:
    learn_sorting(work_of(portal), {})

    with portal.session() as session:
        assert session.scalars(select(SorterModel)).all() == []


def test_it_is_a_job_of_every_day() -> None:
    assert SCHEDULE["learn_sorting"] == 24 * 3600
    assert handler_of("learn_sorting") is learn_sorting
