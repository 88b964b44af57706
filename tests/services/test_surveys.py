"""Questionnaires: drafts change, published versions never do, keys stay; each branch keeps its own."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.errors import Invalid, NotAllowed, NotFound, WrongState
from app.domain.surveys import Choice, Condition, Purpose, Question, QuestionKind, questions_of
from app.models.machinery import TrailEntry
from app.models.surveys import Survey, SurveyVersion
from app.queries.surveys import keepers_for, list_surveys, read_survey, read_version, surveys_for_branch, version_in_use
from app.services.survey_questions import move_question, put_question, remove_question
from app.services.surveys import (
    Settings,
    begin_with,
    change_settings,
    create_survey,
    drop_draft,
    publish,
    retire,
    seed_surveys,
    start_draft,
)
from tests.cast import EAST, EAST_CITY, HEAD, NOW, WEST, actor

PLEASED = Question("", QuestionKind.SCALE, "满意吗？", is_overall=True)
WHY = Question("", QuestionKind.SINGLE, "为什么？", (Choice("", "慢"), Choice("", "贵")))


def made(session: Session, *, who: str = "manager", branch_id: int = EAST, title: str = "自办问卷") -> int:
    """Make a survey without questions."""
    return create_survey(session, actor(session, who), branch_id, Purpose.OTHER, Settings(title), now=NOW)


def latest(session: Session, survey_id: int) -> SurveyVersion:
    """The newest version of a survey."""
    newest = select(SurveyVersion).where(SurveyVersion.survey_id == survey_id).order_by(SurveyVersion.ordinal.desc())
    return session.scalars(newest.limit(1)).one()


def put(session: Session, survey_id: int, question: Question) -> str:
    """Put a question into the draft from a fresh page."""
    version = latest(session, survey_id).version
    return put_question(session, actor(session, "manager"), survey_id, question, version=version, now=NOW)


def published(session: Session) -> tuple[int, str, str]:
    """A published survey and the keys of its two questions."""
    survey_id = made(session)
    keys = put(session, survey_id, PLEASED), put(session, survey_id, WHY)
    version = latest(session, survey_id).version
    publish(session, actor(session, "manager"), survey_id, version=version, now=NOW)
    return survey_id, *keys


def asked(session: Session, survey_id: int) -> tuple[Question, ...]:
    """The questions of the newest version."""
    return questions_of(latest(session, survey_id).questions)


def test_the_ready_surveys_are_those_of_the_root_and_come_once(session: Session) -> None:
    seed_surveys(session, NOW)

    rows = surveys_for_branch(session, EAST_CITY)
    assert {(row.code, row.branch_id) for row in rows} == {
        (code, HEAD) for code in ("new_policy", "claim", "complaint", "visit")
    }
    assert session.scalar(select(func.count()).select_from(Survey)) == 4
    assert all(version_in_use(session, row.id) is not None for row in rows)


def test_a_draft_is_in_use_after_it_was_published(session: Session) -> None:
    survey_id = made(session)
    put(session, survey_id, PLEASED)
    before = version_in_use(session, survey_id)

    publish(session, actor(session, "manager"), survey_id, version=2, now=NOW)

    found = version_in_use(session, survey_id)
    assert before is None
    assert found is not None
    assert (found.ordinal, found.state, found.published_by) == (1, "published", 121)
    events = session.scalars(select(TrailEntry.event).where(TrailEntry.object_kind == "survey")).all()
    assert sorted(events) == ["survey_changed", "survey_created", "survey_published"]


def test_a_published_version_never_changes(session: Session) -> None:
    survey_id, pleased, _ = published(session)
    manager, version = actor(session, "manager"), latest(session, survey_id).version

    for change in (
        lambda: put_question(session, manager, survey_id, replace(PLEASED, key=pleased), version=version, now=NOW),
        lambda: move_question(session, manager, survey_id, pleased, 1, version=version, now=NOW),
        lambda: remove_question(session, manager, survey_id, pleased, version=version, now=NOW),
        lambda: change_settings(session, manager, survey_id, Settings("新名"), version=version, now=NOW),
        lambda: publish(session, manager, survey_id, version=version, now=NOW),
    ):
        with pytest.raises(WrongState, match=r"survey\.no_draft"):
            change()


def test_the_next_version_keeps_the_keys_and_the_one_before_stays_as_it_was(session: Session) -> None:
    survey_id, pleased, why = published(session)
    first = latest(session, survey_id)
    start_draft(session, actor(session, "manager"), survey_id, now=NOW)

    put(session, survey_id, replace(PLEASED, key=pleased, text="您满意吗？"))
    put(session, survey_id, replace(WHY, key=why, choices=(Choice("c2", "太贵"), Choice("", "太远"))))
    fresh = put(session, survey_id, Question("", QuestionKind.TEXT, "还有吗？"))

    session.refresh(first)
    assert [question.text for question in questions_of(first.questions)] == ["满意吗？", "为什么？"]
    assert [question.key for question in asked(session, survey_id)] == [pleased, why, fresh]
    assert [choice.key for choice in asked(session, survey_id)[1].choices] == ["c2", "c3"]
    in_use = version_in_use(session, survey_id)
    assert in_use is not None
    assert in_use.ordinal == 1


def test_a_key_that_was_removed_is_not_given_to_another_question(session: Session) -> None:
    survey_id, _, why = published(session)
    manager = actor(session, "manager")
    start_draft(session, manager, survey_id, now=NOW)
    remove_question(session, manager, survey_id, why, version=1, now=NOW)

    assert put(session, survey_id, Question("", QuestionKind.TEXT, "还有吗？")) == "q3"


def test_a_published_question_keeps_its_kind(session: Session) -> None:
    survey_id, pleased, _ = published(session)
    start_draft(session, actor(session, "manager"), survey_id, now=NOW)

    with pytest.raises(Invalid) as refused:
        put(session, survey_id, Question(pleased, QuestionKind.NPS, "推荐吗？"))
    assert refused.value.problems == {"kind": ["question.kind_fixed"]}


def test_publishing_anew_retires_the_version_before(session: Session) -> None:
    survey_id, _, _ = published(session)
    manager = actor(session, "manager")
    start_draft(session, manager, survey_id, now=NOW)

    publish(session, manager, survey_id, version=1, now=NOW)

    assert [(row.ordinal, row.state) for row in read_survey(session, manager, survey_id).versions] == [
        (2, "published"),
        (1, "retired"),
    ]


def test_a_retired_survey_is_asked_no_more_until_it_is_published_again(session: Session) -> None:
    survey_id, _, _ = published(session)
    manager = actor(session, "manager")
    version = session.get_one(Survey, survey_id).version

    retire(session, manager, survey_id, version=version, now=NOW)

    assert version_in_use(session, survey_id) is None
    assert survey_id not in {row.id for row in surveys_for_branch(session, EAST)}
    with pytest.raises(WrongState, match=r"survey\.not_in_use"):
        retire(session, manager, survey_id, version=version + 1, now=NOW)
    start_draft(session, manager, survey_id, now=NOW)
    publish(session, manager, survey_id, version=1, now=NOW)
    assert version_in_use(session, survey_id) is not None


def test_an_older_page_changes_nothing(session: Session) -> None:
    survey_id = made(session)
    put(session, survey_id, PLEASED)

    with pytest.raises(WrongState, match=r"survey\.changed"):
        put_question(session, actor(session, "manager"), survey_id, WHY, version=1, now=NOW)
    assert len(asked(session, survey_id)) == 1


def test_a_question_stays_behind_the_one_it_depends_on(session: Session) -> None:
    survey_id = made(session)
    pleased = put(session, survey_id, PLEASED)
    why = put(session, survey_id, replace(WHY, only_if=Condition(pleased, ("1", "2"))))
    manager = actor(session, "manager")

    with pytest.raises(Invalid) as moved:
        move_question(session, manager, survey_id, why, -1, version=3, now=NOW)
    with pytest.raises(Invalid) as removed:
        remove_question(session, manager, survey_id, pleased, version=3, now=NOW)

    assert moved.value.problems == removed.value.problems == {"": ["question.others_depend"]}
    assert [question.key for question in asked(session, survey_id)] == [pleased, why]


def test_questions_change_their_places(session: Session) -> None:
    survey_id = made(session)
    pleased, why = put(session, survey_id, PLEASED), put(session, survey_id, WHY)

    move_question(session, actor(session, "manager"), survey_id, why, -1, version=3, now=NOW)

    assert [question.key for question in asked(session, survey_id)] == [why, pleased]


def test_nothing_cannot_be_published(session: Session) -> None:
    with pytest.raises(Invalid) as refused:
        publish(session, actor(session, "manager"), made(session), version=1, now=NOW)
    assert refused.value.problems == {"": ["question.none"]}


def test_a_next_draft_can_be_dropped_and_the_first_cannot(session: Session) -> None:
    manager, survey_id = actor(session, "manager"), published(session)[0]
    start_draft(session, manager, survey_id, now=NOW)

    with pytest.raises(WrongState, match=r"survey\.has_draft"):
        start_draft(session, manager, survey_id, now=NOW)
    drop_draft(session, manager, survey_id, version=1, now=NOW)

    assert latest(session, survey_id).ordinal == 1
    with pytest.raises(WrongState, match=r"survey\.first_draft"):
        drop_draft(session, manager, made(session), version=1, now=NOW)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": " "}, "title"),
        ({"greeting": "字" * 501}, "greeting"),
        ({"low_score": 6}, "low_score"),
        ({"low_nps": 11}, "low_nps"),
        ({"valid_days": 0}, "valid_days"),
    ],
)
def test_settings_have_limits(session: Session, changes: dict[str, object], field: str) -> None:
    survey_id = made(session)

    with pytest.raises(Invalid) as refused:
        typed = replace(Settings("问卷"), **changes)  # type: ignore[arg-type]
        change_settings(session, actor(session, "manager"), survey_id, typed, version=1, now=NOW)
    assert list(refused.value.problems) == [field]


def test_only_a_manager_of_the_branch_keeps_its_surveys(session: Session) -> None:
    root = surveys_for_branch(session, EAST)[0].id
    own = made(session)

    with pytest.raises(NotAllowed):
        start_draft(session, actor(session, "manager"), root, now=NOW)
    with pytest.raises(NotAllowed):
        start_draft(session, actor(session, "archivist"), own, now=NOW)
    with pytest.raises(NotFound):
        start_draft(session, actor(session, "manager_west"), own, now=NOW)
    with pytest.raises(NotAllowed):
        made(session, branch_id=HEAD)
    assert [branch_id for branch_id, _ in keepers_for(session, actor(session, "manager"))] == [EAST]


def test_a_branch_uses_its_own_surveys_and_those_above(session: Session) -> None:
    survey_id, _, _ = published(session)

    assert survey_id in {row.id for row in surveys_for_branch(session, EAST_CITY)}
    assert survey_id not in {row.id for row in surveys_for_branch(session, WEST)}
    assert survey_id not in {row.id for row in surveys_for_branch(session, HEAD)}
    seen = {who: {row.id for row in list_surveys(session, actor(session, who), now=NOW)} for who in WATCHERS}
    assert {who for who, ids in seen.items() if survey_id in ids} == {"manager", "clerk_city", "archivist_head"}


WATCHERS = ("manager", "manager_west", "clerk_city", "archivist_head", "clerk_west")


def test_a_draft_is_seen_by_those_who_make_it(session: Session) -> None:
    survey_id = made(session)
    clerk = read_survey(session, actor(session, "clerk"), survey_id)

    assert clerk.versions == ()
    with pytest.raises(NotFound):
        read_version(session, clerk)
    assert read_survey(session, actor(session, "manager"), survey_id).draft is not None


def test_a_survey_begins_from_a_ready_set_or_a_copy(session: Session) -> None:
    manager, survey_id = actor(session, "manager"), published(session)[0]

    settings, questions = begin_with(session, manager, "complaint")
    copied = begin_with(session, manager, str(survey_id))[1]

    assert (settings.title, len(questions)) == ("投诉处理满意度", 11)
    assert [question.key for question in copied] == ["q1", "q2"]
    for source in ("nothing", "12345", "x" * 30, str(made(session))):
        with pytest.raises(Invalid):
            begin_with(session, manager, source)
    with pytest.raises(Invalid):
        begin_with(session, actor(session, "manager_west"), str(survey_id))
