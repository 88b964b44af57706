"""What agents send in, on both databases: begun, photographed, handed in, returned, sent again, accepted."""

from __future__ import annotations

from datetime import timedelta
from itertools import count

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import ChangedMeanwhile, Invalid, NotFound, WrongState
from app.domain.intake import ItemState
from app.domain.submissions import needs_retake, read_reasons, write_reasons
from app.models.customers import Customer
from app.models.evidence import Notice
from app.models.intake import IntakeBatch, IntakeFile, IntakeItem, IntakePage, Submission
from app.models.machinery import Job
from app.ports import Flaw
from app.queries.submissions import (
    SubmissionDetail,
    list_own_customers,
    paper_of_page,
    read_choices,
    read_page_image,
    read_start,
    read_submission,
)
from app.services.documents import DrawnPage, ReceivedFile
from app.services.intake_steps import pages_of
from app.services.page_work import waiting_pages
from app.services.submission_pages import Photo, add_page, keep_page, remove_page, replace_page, turn_page
from app.services.submissions import (
    NewSubmission,
    create_submission,
    note_item_done,
    note_returned,
    submit,
    withdraw,
)
from tests.cast import NOW, PEOPLE, actor
from tests.records import TODAY, make_claim, make_customer, make_policy
from tests.services.papers_in import blob

LATER, LATEST = NOW + timedelta(hours=1), NOW + timedelta(hours=2)
NUMBERS = count()


def own_customer(session: Session, agent: str = "agent", name: str = "王芳") -> int:
    """A customer whom an agent serves."""
    customer_id = make_customer(session, name)
    session.get_one(Customer, customer_id).agent_id = PEOPLE[agent][0]
    session.flush()
    return customer_id


def photo(*flaws: str, pages: int = 1) -> Photo:
    """A photograph that is in the store, with its page; more pages are drawn later."""
    name = f"photo-{next(NUMBERS)}"
    drawn = DrawnPage(1, 1200, 1600, blob(f"{name}-1"), blob(f"{name}-1s"), "") if pages == 1 else None
    file = ReceivedFile(blob(name), f"{name}.jpg", "image/jpeg" if pages == 1 else "application/pdf", pages)
    return Photo(file, drawn, tuple(Flaw(code, 1.0) for code in flaws))


def begin(session: Session, customer_id: int = 0, agent: str = "agent") -> int:
    """Begin a submission for a claim of a customer."""
    customer_id = customer_id or own_customer(session, agent)
    policy_id = make_policy(session, customer_id)
    claim_id = make_claim(session, policy_id)
    return create_submission(
        session, actor(session, agent), customer_id, NewSubmission("claim", claim_id=claim_id), now=NOW
    )


def read(session: Session, submission_id: int, agent: str = "agent") -> SubmissionDetail:
    """The submission as its agent sees it."""
    return read_submission(session, actor(session, agent), submission_id, today=TODAY)


def reasons_for(found: SubmissionDetail) -> dict[str, str]:
    """A reason for everything that is missing."""
    return {line.key: "客户外出" for line in found.missing}


def hand_in(session: Session, submission_id: int) -> Submission:
    """Hand a submission in with reasons for what is missing."""
    found = read(session, submission_id)
    return submit(
        session,
        actor(session, "agent"),
        submission_id,
        reasons_for(found),
        version=found.version,
        now=LATER,
        today=TODAY,
    )


def add(session: Session, submission_id: int, paper: str = "", *flaws: str) -> int:
    """Photograph a page of a paper."""
    page_id = add_page(session, actor(session, "agent"), submission_id, paper, photo(*flaws), now=NOW)
    assert page_id is not None
    return page_id


def item_of(session: Session, page_id: int) -> IntakeItem:
    """The paper that a page belongs to."""
    return session.get_one(IntakeItem, session.get_one(IntakePage, page_id).item_id)


def give_back(session: Session, page_id: int, why: str = "拍糊了，请重拍") -> IntakeItem:
    """Return the paper of a page to the agent, as the desk does."""
    item = item_of(session, page_id)
    session.get_one(IntakePage, page_id).refusal = why
    item.state = ItemState.RETURNED.value
    session.flush()
    note_returned(session, item, now=LATER)
    return item


def news_of(session: Session, agent: str = "agent") -> list[str]:
    """The kinds of notices that an agent got."""
    return list(session.scalars(select(Notice.kind).where(Notice.account_id == PEOPLE[agent][0]).order_by(Notice.id)))


def test_a_submission_shows_the_checklist_of_its_business(session: Session) -> None:
    found = read(session, begin(session))

    assert found.number.startswith("TJ2026-") and found.state == "draft"
    assert found.missing and found.lines[-1].key == "free"
    assert all(line.hint for line in found.missing)


def test_only_ones_own_customers_are_there_to_begin_with(session: Session) -> None:
    mine, other = own_customer(session), own_customer(session, "agent_other", "李强")
    agent = actor(session, "agent")

    assert [row.id for row in list_own_customers(session, agent).items] == [mine]
    assert list_own_customers(session, agent, "李").items == []
    assert list_own_customers(session, agent, "王").items[0].name == "王*"
    with pytest.raises(NotFound):
        read_choices(session, agent, other)
    with pytest.raises(NotFound):
        create_submission(session, agent, other, NewSubmission("other"), now=NOW)


@pytest.mark.parametrize("who", ["clerk", "archivist", "manager", "sysadmin"])
def test_nobody_else_sends_anything_in(session: Session, who: str) -> None:
    customer_id = own_customer(session)

    with pytest.raises(NotFound):
        create_submission(session, actor(session, who), customer_id, NewSubmission("other"), now=NOW)


def test_a_policy_or_claim_of_somebody_else_is_not_there(session: Session) -> None:
    mine, other = own_customer(session), own_customer(session, "agent_other", "李强")
    policy_id = make_policy(session, other)
    claim_id = make_claim(session, policy_id)
    agent = actor(session, "agent")

    for typed in (NewSubmission("servicing", policy_id=policy_id), NewSubmission("claim", claim_id=claim_id)):
        with pytest.raises(NotFound):
            create_submission(session, agent, mine, typed, now=NOW)
    with pytest.raises(Invalid, match="about"):
        create_submission(session, agent, mine, NewSubmission("servicing"), now=NOW)
    with pytest.raises(Invalid, match="business"):
        create_submission(session, agent, mine, NewSubmission("payroll"), now=NOW)


def test_pages_are_added_replaced_and_removed_while_it_is_a_draft(session: Session) -> None:
    submission_id, agent = begin(session), actor(session, "agent")
    first, second = (
        add(session, submission_id, "claim_request"),
        add(session, submission_id, "claim_request", "blurred"),
    )

    fresh = replace_page(session, agent, second, photo(), now=NOW)
    line = next(line for line in read(session, submission_id).lines if line.key == "claim_request")
    assert [page.id for page in line.pages] == [first, fresh] and not line.pages[1].flaw
    remove_page(session, agent, first, now=NOW)

    line = next(line for line in read(session, submission_id).lines if line.key == "claim_request")
    assert [(page.id, page.number) for page in line.pages] == [(fresh, 1)]
    assert session.get(IntakePage, second) is None  # nobody but its agent ever saw it
    assert len(session.scalars(select(IntakeFile.id)).all()) == 1
    with pytest.raises(NotFound):
        add_page(session, agent, submission_id, "no_such_paper", photo(), now=NOW)
    with pytest.raises(Invalid, match="files"):
        replace_page(session, agent, fresh, photo(pages=3), now=NOW)


def test_a_poor_page_asks_to_be_taken_again_until_it_is_kept_all_the_same(session: Session) -> None:
    submission_id, agent = begin(session), actor(session, "agent")
    page_id = add(session, submission_id, "claim_request", "sideways", "dark", "blurred")

    before = read(session, submission_id).lines[0].pages[0]
    keep_page(session, agent, page_id, now=NOW)
    keep_page(session, agent, page_id, now=NOW)
    turn_page(session, agent, page_id, blob("turned"), 270 + 180, now=NOW)

    after = read(session, submission_id).lines[0].pages[0]
    assert (before.flaw, after.flaw, after.kept, after.turned) == ("blurred", "", True, 90)
    assert needs_retake(["sideways", "skewed"]) == ""


def test_a_file_of_many_pages_is_drawn_by_a_job_and_counts_as_there(session: Session) -> None:
    submission_id = begin(session)

    assert add_page(session, actor(session, "agent"), submission_id, "invoice", photo(pages=30), now=NOW) is None

    line = next(line for line in read(session, submission_id).lines if line.key == "invoice")
    assert (line.waiting, line.is_started) == (1, True)
    assert session.scalars(select(Job.kind).where(Job.kind == "draw_file")).all() == ["draw_file"]
    assert hand_in(session, submission_id).state == "submitted"


def test_more_pages_than_a_submission_holds_are_refused(session: Session) -> None:
    with pytest.raises(Invalid, match="files"):
        add_page(session, actor(session, "agent"), begin(session), "", photo(pages=301), now=NOW)


def test_what_is_missing_needs_a_reason(session: Session) -> None:
    submission_id, agent = begin(session), actor(session, "agent")
    with pytest.raises(Invalid) as nothing:
        submit(session, agent, submission_id, {}, version=1, now=LATER, today=TODAY)
    add(session, submission_id, "")
    found = read(session, submission_id)
    reasons = reasons_for(found)
    key = found.missing[0].key

    with pytest.raises(Invalid) as without:
        submit(session, agent, submission_id, reasons | {key: " "}, version=2, now=LATER, today=TODAY)
    with pytest.raises(Invalid) as too_long:
        submit(session, agent, submission_id, reasons | {key: "长" * 61}, version=2, now=LATER, today=TODAY)
    with pytest.raises(ChangedMeanwhile):
        submit(session, agent, submission_id, reasons, version=1, now=LATER, today=TODAY)
    sent = submit(session, agent, submission_id, reasons, version=2, now=LATER, today=TODAY)

    assert nothing.value.problems == {"": ["submission.empty"]}
    assert without.value.problems == {f"reason-{key}": ["submission.reason_missing"]}
    assert too_long.value.problems == {f"reason-{key}": ["submission.reason_long"]}
    assert read_reasons(sent.note) == {line.name: "客户外出" for line in found.missing}
    assert read(session, submission_id).lines[0].reason == "客户外出"
    assert read_reasons(write_reasons({"身份证：正面": "", "发票": "周五补"})) == {"发票": "周五补"}


def test_handing_in_lays_the_papers_on_the_desk_of_the_customers_branch(session: Session) -> None:
    submission_id = begin(session)
    page_id = add(session, submission_id, "claim_request")
    assert not waiting_pages(session, 10)

    sent = hand_in(session, submission_id)

    item, batch = item_of(session, page_id), session.get_one(IntakeBatch, sent.batch_id)
    assert (item.state, item.batch_id, batch.source, batch.branch_id) == (
        "waiting",
        batch.id,
        "agent",
        sent.branch_id,
    )
    assert session.scalars(select(IntakeFile.batch_id)).one() == batch.id
    assert [page.id for page in waiting_pages(session, 10)] == [page_id]
    assert "work_pages" in session.scalars(select(Job.kind)).all()
    with pytest.raises(WrongState, match="submitted_submit"):
        submit(session, actor(session, "agent"), submission_id, {}, version=sent.version, now=LATER, today=TODAY)
    for change in (remove_page, keep_page):
        with pytest.raises(WrongState, match="not_open"):
            change(session, actor(session, "agent"), page_id, now=LATER)


def test_after_a_return_only_the_refused_page_is_sent_again(session: Session) -> None:
    submission_id, agent = begin(session), actor(session, "agent")
    good, poor = add(session, submission_id, "claim_request"), add(session, submission_id, "claim_request")
    hand_in(session, submission_id)
    item = give_back(session, poor)

    start = read_start(session, agent, now=LATER)
    assert [(page.number, page.reason) for page in start.returned[0].refused] == [(2, "拍糊了，请重拍")]
    for change in (remove_page, keep_page):
        with pytest.raises(WrongState, match="page_fixed"):
            change(session, agent, good, now=LATEST)
    with pytest.raises(WrongState, match="page_fixed"):
        replace_page(session, agent, good, photo(), now=LATEST)
    with pytest.raises(WrongState, match="page_fixed"):
        remove_page(session, agent, poor, now=LATEST)
    with pytest.raises(WrongState, match="paper_sent"):
        add_page(session, agent, submission_id, "claim_request", photo(), now=LATEST)
    version = read(session, submission_id).version
    with pytest.raises(Invalid) as left:
        submit(session, agent, submission_id, {}, version=version, now=LATEST, today=TODAY)
    fresh = replace_page(session, agent, poor, photo("dark"), now=LATEST)
    sent = submit(session, agent, submission_id, {}, version=version + 1, now=LATEST, today=TODAY)

    assert left.value.problems == {"": ["submission.refused_left"]}
    assert [page.id for page in pages_of(session, item.id)] == [good, fresh]
    assert session.get_one(IntakePage, fresh).replaces_id == poor
    assert (item.state, sent.state, news_of(session)) == ("waiting", "submitted", ["submission_returned"])


def test_a_retaken_page_that_is_removed_brings_the_refused_one_back(session: Session) -> None:
    submission_id, agent = begin(session), actor(session, "agent")
    page_id = add(session, submission_id)
    hand_in(session, submission_id)
    give_back(session, page_id)

    again = replace_page(session, agent, page_id, photo("blurred"), now=LATEST)
    better = replace_page(session, agent, again, photo(), now=LATEST)
    assert session.get_one(IntakePage, better).replaces_id == page_id
    remove_page(session, agent, better, now=LATEST)

    line = read(session, submission_id).lines[-1]
    assert [(page.id, page.refusal) for page in line.pages] == [(page_id, "拍糊了，请重拍")]


def test_a_page_sent_the_second_time_is_fixed_when_another_comes_back(session: Session) -> None:
    submission_id, agent = begin(session), actor(session, "agent")
    one, two = add(session, submission_id), add(session, submission_id)
    hand_in(session, submission_id)
    give_back(session, one)
    fresh = replace_page(session, agent, one, photo(), now=LATER + timedelta(minutes=1))
    version = read(session, submission_id).version
    submit(session, agent, submission_id, {}, version=version, now=LATER + timedelta(minutes=2), today=TODAY)
    give_back(session, two)

    with pytest.raises(WrongState, match="page_fixed"):
        replace_page(session, agent, fresh, photo(), now=LATEST)
    with pytest.raises(WrongState, match="page_fixed"):
        remove_page(session, agent, fresh, now=LATEST)


def test_it_is_accepted_with_its_last_paper_and_the_agent_is_told(session: Session) -> None:
    submission_id = begin(session)
    one, two = (
        item_of(session, add(session, submission_id)),
        item_of(session, add(session, submission_id, "claim_request")),
    )
    hand_in(session, submission_id)

    one.state = "dropped"
    note_item_done(session, one, now=LATER)
    between = session.get_one(Submission, submission_id).state
    two.state = "dropped"
    note_item_done(session, two, now=LATER)
    note_item_done(session, two, now=LATER)

    assert (between, session.get_one(Submission, submission_id).state) == ("submitted", "accepted")
    assert news_of(session) == ["submission_accepted"]
    agent = actor(session, "agent")
    assert read_start(session, agent, now=LATER).accepted[0].id == submission_id
    assert not read_start(session, agent, now=LATER + timedelta(days=91)).accepted


def test_a_draft_that_is_given_up_leaves_no_page_behind(session: Session) -> None:
    submission_id, agent = begin(session), actor(session, "agent")
    add(session, submission_id)

    with pytest.raises(ChangedMeanwhile):
        withdraw(session, agent, submission_id, version=1, now=LATER)
    withdraw(session, agent, submission_id, version=2, now=LATER)

    assert not session.scalars(select(IntakePage.id)).all() and not session.scalars(select(IntakeFile.id)).all()
    assert read_start(session, agent, now=LATER).drafts == ()
    with pytest.raises(WrongState, match="withdrawn_withdraw"):
        withdraw(session, agent, submission_id, version=3, now=LATER)


def test_papers_that_came_back_are_dropped_when_the_agent_gives_up(session: Session) -> None:
    submission_id = begin(session)
    item = item_of(session, add(session, submission_id))
    hand_in(session, submission_id)
    give_back(session, session.scalars(select(IntakePage.id)).one())

    version = read(session, submission_id).version
    withdraw(session, actor(session, "agent"), submission_id, version=version, now=LATEST)

    assert (item.state, session.get_one(Submission, submission_id).state) == ("dropped", "withdrawn")


def test_another_agent_and_a_former_one_see_nothing_of_it(session: Session) -> None:
    submission_id = begin(session)
    page_id, other = add(session, submission_id), actor(session, "agent_other")

    def all_refuse(who: str) -> None:
        agent = actor(session, who)
        with pytest.raises(NotFound):
            read_submission(session, agent, submission_id, today=TODAY)
        with pytest.raises(NotFound):
            read_page_image(session, agent, page_id)
        with pytest.raises(NotFound):
            paper_of_page(session, agent, page_id)
        with pytest.raises(NotFound):
            remove_page(session, agent, page_id, now=NOW)
        with pytest.raises(NotFound):
            add_page(session, agent, submission_id, "", photo(), now=NOW)
        with pytest.raises(NotFound):
            withdraw(session, agent, submission_id, version=2, now=NOW)

    all_refuse("agent_other")
    all_refuse("archivist")
    customer = session.get_one(Customer, session.get_one(Submission, submission_id).customer_id)
    customer.agent_id = other.account_id
    session.flush()
    all_refuse("agent")
    all_refuse("agent_other")  # what his predecessor photographed is not his either
    assert not read_start(session, actor(session, "agent"), now=NOW).drafts
