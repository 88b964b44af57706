"""Lending at the desk on both databases: the line, handing out, coming back, and what happens meanwhile."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.errors import Invalid, NotFound, WrongState
from app.domain.loan_terms import Inspection
from app.models.borrowing import LoanItem, LoanRequest
from app.models.documents import Document
from app.models.evidence import Notice
from app.models.storage import Movement
from app.services import loan_desk, loan_reminders
from app.services.loan_queue import call_next
from app.services.settings import REMINDER_DAYS, change_setting
from tests.cast import NOW, PEOPLE, actor
from tests.records import TODAY
from tests.services.lending import make_loan, make_paper

HURT = Inspection(2, "damaged", "第 1 页撕裂")


def state(session: Session, item_id: int) -> str:
    """Return the state of an item."""
    return session.get_one(LoanItem, item_id).state


def lent(session: Session, number: int = 1) -> tuple[list[int], list[int]]:
    """Return papers and the items of one request, handed out."""
    laid = [make_paper(session) for _ in range(number)]
    items = make_loan(session, laid)
    loan_desk.hand_out(session, actor(session, "archivist"), dict.fromkeys(items, 2), now=NOW, today=TODAY)
    return laid, items


def give_back(session: Session, item_id: int, seen: Inspection = Inspection(2)) -> None:  # noqa: B008
    """Take an item back."""
    loan_desk.give_back(session, actor(session, "archivist"), {item_id: seen}, now=NOW, today=TODAY)


def test_the_first_in_line_is_called_and_told(session: Session) -> None:
    paper = make_paper(session)
    [first] = make_loan(session, [paper])
    [second] = make_loan(session, [paper], "manager")

    assert (state(session, first), state(session, second)) == ("ready", "waiting")
    assert session.get_one(LoanItem, first).ready_until == date(2026, 11, 25)
    told = session.scalars(select(Notice).where(Notice.kind == "loan_ready")).one()
    assert told.account_id == PEOPLE["clerk"][0]


def test_a_reservation_for_later_does_not_hold_up_the_line(session: Session) -> None:
    paper = make_paper(session)
    [later] = make_loan(session, [paper], wanted_from=TODAY + timedelta(days=9))
    [soon] = make_loan(session, [paper], "manager")

    assert (state(session, later), state(session, soon)) == ("waiting", "ready")


@pytest.mark.parametrize("fields", [{"state": "held"}, {"state": "destroyed"}, {"whereabouts": "repair"}])
def test_nobody_is_called_for_a_paper_that_may_not_leave(session: Session, fields: dict[str, str]) -> None:
    [item] = make_loan(session, [make_paper(session, **fields)])

    assert state(session, item) == "waiting"


def test_a_paper_that_was_sealed_meanwhile_is_not_handed_out(session: Session) -> None:
    paper = make_paper(session)
    [item] = make_loan(session, [paper])
    session.get_one(Document, paper).state = "held"

    with pytest.raises(WrongState, match="sealed"):
        loan_desk.hand_out(session, actor(session, "archivist"), {item: 2}, now=NOW, today=TODAY)


def test_handing_out_moves_the_paper_and_sets_its_day(session: Session) -> None:
    [paper], [item] = lent(session)

    out = session.get_one(LoanItem, item)
    assert (out.state, out.due_on, out.pages_out) == ("out", date(2026, 12, 4), 2)
    assert session.get_one(Document, paper).whereabouts == "loan"
    assert session.scalars(select(Movement.direction).where(Movement.document_id == paper)).all() == ["out"]


def test_the_days_of_a_loan_pass_over_official_holidays(session: Session) -> None:
    [item] = make_loan(session, [make_paper(session)], days=3)

    loan_desk.hand_out(session, actor(session, "archivist"), {item: 2}, now=NOW, today=date(2026, 2, 12))

    # A Thursday; Friday and the Saturday worked for the Spring Festival count, then it is the 24th.
    assert session.get_one(LoanItem, item).due_on == date(2026, 2, 24)


def test_a_lent_paper_cannot_be_lent_again(session: Session) -> None:
    [paper], [item] = lent(session)
    [other] = make_loan(session, [paper], "manager")
    who = actor(session, "archivist")

    for wanted in (item, other):
        with pytest.raises(WrongState):
            loan_desk.hand_out(session, who, {wanted: 2}, now=NOW, today=TODAY)


def test_a_return_calls_the_next_and_closes_the_request(session: Session) -> None:
    [paper], [item] = lent(session)
    [waiting] = make_loan(session, [paper], "manager")

    give_back(session, item)

    assert (state(session, item), state(session, waiting)) == ("returned", "ready")
    assert session.get_one(Document, paper).whereabouts == "shelf"
    assert session.get_one(LoanRequest, session.get_one(LoanItem, item).request_id).state == "closed"


def test_a_request_stays_open_until_its_last_paper_is_back(session: Session) -> None:
    _, [first, second] = lent(session, 2)
    request = session.get_one(LoanRequest, session.get_one(LoanItem, first).request_id)

    give_back(session, first)
    half = request.state
    give_back(session, second)

    assert (half, request.state) == ("open", "closed")


def test_what_came_back_hurt_waits_for_a_decision(session: Session) -> None:
    [paper], [item] = lent(session)
    [waiting] = make_loan(session, [paper], "manager")

    give_back(session, item, HURT)
    held_back = state(session, waiting)
    early = loan_reminders.papers_to_call(session, now=NOW, today=TODAY)
    late = loan_reminders.papers_to_call(session, now=NOW + timedelta(days=2), today=TODAY)

    assert held_back == "waiting"
    assert (list(early), list(late)) == ([], [paper])
    assert loan_desk.call_waiting(session, actor(session, "archivist"), paper, now=NOW, today=TODAY)
    assert state(session, waiting) == "ready"


def test_fewer_pages_than_went_out_are_not_intact(session: Session) -> None:
    _, [item] = lent(session)

    with pytest.raises(Invalid):
        give_back(session, item, Inspection(1))


def test_the_desk_of_another_branch_reaches_nothing(session: Session) -> None:
    _, [item] = lent(session)
    west = actor(session, "archivist_west")

    with pytest.raises(NotFound):
        loan_desk.give_back(session, west, {item: Inspection(2)}, now=NOW, today=TODAY)
    with pytest.raises(NotFound):
        loan_desk.renew(session, actor(session, "clerk_city"), item, now=NOW, today=TODAY)
    with pytest.raises(NotFound):
        loan_desk.recall(session, west, item, "", now=NOW, today=TODAY)


def test_a_renewal_adds_the_days_once(session: Session) -> None:
    _, [item] = lent(session)
    clerk = actor(session, "clerk")

    day = loan_desk.renew(session, clerk, item, now=NOW, today=TODAY)

    assert day == date(2026, 12, 18)
    with pytest.raises(WrongState, match="no_renewals"):
        loan_desk.renew(session, clerk, item, now=NOW, today=TODAY)


@pytest.mark.parametrize(
    ("code", "today", "waits", "recalled", "on_site"),
    [
        ("overdue", TODAY + timedelta(days=30), False, False, False),
        ("waited_for", TODAY, True, False, False),
        ("recalled", TODAY, False, True, False),
        ("on_site", TODAY, False, False, True),
    ],
)
def test_a_renewal_is_refused_when_it_cannot_be(
    session: Session, code: str, today: date, waits: bool, recalled: bool, on_site: bool
) -> None:
    [paper], [item] = lent(session)
    held = session.get_one(LoanItem, item)
    held.recalled_at = NOW if recalled else None
    session.get_one(LoanRequest, held.request_id).on_site_only = on_site
    if waits:
        make_loan(session, [paper], "manager")

    with pytest.raises(WrongState, match=f"desk.{code}$"):
        loan_desk.renew(session, actor(session, "clerk"), item, now=NOW, today=today)


def test_a_recall_shortens_the_loan_and_tells_the_borrower(session: Session) -> None:
    _, [item] = lent(session)
    who = actor(session, "archivist")

    day = loan_desk.recall(session, who, item, "急用", now=NOW, today=TODAY)

    assert day == date(2026, 11, 24)
    assert session.scalar(select(func.count()).where(Notice.kind == "loan_recalled")) == 1
    with pytest.raises(WrongState, match="recalled_already"):
        loan_desk.recall(session, who, item, "", now=NOW, today=TODAY)


def test_a_lost_paper_is_missing_until_it_is_found(session: Session) -> None:
    [paper], [item] = lent(session)
    [waiting] = make_loan(session, [paper], "manager")
    who = actor(session, "archivist")

    loan_desk.lose(session, who, item, "途中遗失", now=NOW)
    missing = session.get_one(Document, paper).whereabouts
    call_next(session, paper, now=NOW, today=TODAY)
    still = state(session, waiting)
    loan_desk.find(session, who, item, now=NOW, today=TODAY)

    assert (missing, still) == ("missing", "waiting")
    assert (state(session, item), state(session, waiting)) == ("returned", "ready")
    moves = session.scalars(select(Movement.direction).where(Movement.document_id == paper)).all()
    assert sorted(moves) == ["in", "move", "out"]


def test_what_is_not_fetched_goes_to_the_next(session: Session) -> None:
    paper = make_paper(session)
    [first] = make_loan(session, [paper])
    [second] = make_loan(session, [paper], "manager")
    later = TODAY + timedelta(days=4)

    with pytest.raises(WrongState, match="still_kept"):
        loan_desk.expire(session, first, now=NOW, today=TODAY)
    assert list(loan_reminders.items_to_expire(session, today=later)) == [first]
    loan_desk.expire(session, first, now=NOW, today=later)

    assert (state(session, first), state(session, second)) == ("expired", "ready")


def test_each_step_of_reminding_is_sent_once_and_the_head_hears_from_the_second(session: Session) -> None:
    _, [item] = lent(session)
    due_on = session.get_one(LoanItem, item).due_on
    assert due_on is not None
    sent = []

    for late in (-2, -1, 0, 1, 1, 6, 7, 15, 40):
        today = due_on + timedelta(days=late)
        offered = item in loan_reminders.items_to_remind(session, today=today)
        assert loan_reminders.remind(session, item, now=NOW, today=today) == offered
        sent += [late] if offered else []

    assert sent == [-1, 1, 7, 15]
    kinds = select(Notice.kind, func.count()).where(Notice.kind.like("loan_%")).group_by(Notice.kind)
    told = {kind: number for kind, number in session.execute(kinds)}
    assert (told["loan_reminded"], told["loan_overdue_below"]) == (4, 3)
    assert session.get_one(LoanItem, item).reminders == 4


def test_after_a_standstill_only_the_latest_step_is_sent(session: Session) -> None:
    _, [item] = lent(session)
    change_setting(session, REMINDER_DAYS, "-3 2 5", "本公司规定", version=0, now=NOW)
    today = TODAY + timedelta(days=60)

    assert loan_reminders.remind(session, item, now=NOW, today=today)
    assert not loan_reminders.remind(session, item, now=NOW, today=today)

    assert session.scalar(select(func.count()).where(Notice.kind == "loan_reminded")) == 1


def test_a_reservation_is_called_on_its_day(session: Session) -> None:
    paper, day = make_paper(session), TODAY + timedelta(days=9)
    [item] = make_loan(session, [paper], wanted_from=day)

    assert list(loan_reminders.papers_to_call(session, now=NOW, today=TODAY)) == []
    assert list(loan_reminders.papers_to_call(session, now=NOW, today=day)) == [paper]
    call_next(session, paper, now=NOW, today=day)

    assert state(session, item) == "ready"
