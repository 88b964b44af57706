"""Asking for papers, deciding and withdrawing, on both databases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.domain.errors import Invalid, NotAllowed, NotFound, WrongState
from app.domain.ids import new_id
from app.domain.loan_requests import External, Wish
from app.models.accounts import Grant
from app.models.borrowing import BorrowerBlock, CartItem, LoanDecision, LoanEvent, LoanItem, LoanRequest
from app.models.documents import Document
from app.models.evidence import Notice
from app.models.machinery import TrailEntry
from app.models.storage import Box
from app.queries.carts import read_cart
from app.queries.loans import MINE, OF_BRANCH, TO_APPROVE, LoanFilter, count_loans, list_loans, loan_figures
from app.services import carts
from app.services.documents import catalogue_document, file_document
from app.services.loan_decisions import approvers_of, decide
from app.services.loan_judging import judge
from app.services.loan_requests import ask_for, withdraw
from tests.cast import EAST, EAST_CITY, HEAD, NOW, PEOPLE, WEST, actor
from tests.records import TODAY, make_customer, make_document

LEND = Wish("lend", "business")
POLICE = External(
    "police", "赵六", "城东公安分局", "", {"officer_1": "赵六 001", "officer_2": "孙七 002", "letter": "〔2026〕1号"}
)


def keep(session: Session, count: int = 1, *, branch_id: int = EAST, **fields: Any) -> list[tuple[int, str]]:
    """File papers of one customer and return ids and archive numbers."""
    keeper = actor(session, {WEST: "archivist_west", HEAD: "archivist_head"}.get(branch_id, "archivist"))
    customer_id = fields.pop("customer_id", 0) or make_customer_at(session, branch_id)
    made = []
    for _ in range(count):
        document_id = make_document(session, customer_id, keeper.username, **fields)
        catalogue_document(session, keeper, document_id, now=NOW, today=TODAY)
        session.get_one(Document, document_id).catalogued_by = PEOPLE["clerk"][0]
        made.append((document_id, file_document(session, keeper, document_id, now=NOW, today=TODAY)))
    return made


def make_customer_at(session: Session, branch_id: int) -> int:
    """Open a file at any branch."""
    if branch_id in (EAST, EAST_CITY):
        return make_customer(session, branch_id=branch_id)
    from app.domain.customers import Particulars
    from app.services.customers import create_customer

    who = actor(session, "archivist_west" if branch_id == WEST else "archivist_head")
    typed = Particulars(name="李四", branch_id=branch_id)
    return create_customer(session, who, typed, surely_new=True, now=NOW, today=TODAY)


def put(session: Session, who: str, made: Sequence[tuple[int, str]]) -> None:
    """Put papers into somebody's cart by their numbers."""
    for _, number in made:
        carts.add_by_code(session, actor(session, who), number, now=NOW)


def ask(
    session: Session, made: Sequence[tuple[int, str]], who: str = "clerk", wish: Wish = LEND, **changes: Any
) -> list[LoanRequest]:
    """Ask for papers as a member of the cast."""
    put(session, who, made)
    ids = [document_id for document_id, _ in made]
    found = ask_for(session, actor(session, who), ids, replace(wish, **changes), now=NOW, today=TODAY)
    return [session.get_one(LoanRequest, request_id) for request_id in found]


def decided(session: Session, request: LoanRequest, who: str, *, approved: bool = True, reason: str = "") -> None:
    """Decide on a request as a member of the cast."""
    decide(
        session,
        actor(session, who),
        request.id,
        approved=approved,
        reason=reason,
        version=request.version,
        now=NOW,
        today=TODAY,
    )


def items_of(session: Session, request: LoanRequest) -> list[LoanItem]:
    """The items of a request."""
    session.flush()
    return list(session.scalars(select(LoanItem).where(LoanItem.request_id == request.id).order_by(LoanItem.id)))


def promote(session: Session, who: str, branch_id: int = HEAD, role: str = "manager") -> None:
    """Give somebody an office at a branch."""
    account_id = PEOPLE[who][0]
    session.add(Grant(account_id=account_id, track="business", role=role, branch_id=branch_id, valid_from=NOW))
    session.flush()


def test_asking_writes_request_items_trail_and_tells_the_approver(session: Session) -> None:
    made = keep(session, 2)

    [request] = ask(session, made)

    assert request.number == "JY2026-000001"
    assert (request.state, request.approvers, request.days, request.renewals_left) == ("asked", "manager", 10, 1)
    assert [item.state for item in items_of(session, request)] == ["asked", "asked"]
    assert [name for _, name in approvers_of(session, request, now=NOW)] == ["负责甲"]
    assert session.scalars(select(Notice.account_id).where(Notice.kind == "loan_to_approve")).all() == [
        PEOPLE["manager"][0]
    ]
    entry = session.scalars(select(TrailEntry).where(TrailEntry.event == "loan_asked")).one()
    assert entry.object_label == request.number
    assert session.scalars(select(CartItem.id)).all() == []


def test_papers_of_two_branches_make_two_requests(session: Session) -> None:
    made = [*keep(session), *keep(session, branch_id=WEST)]

    requests = ask(session, made)

    assert {request.branch_id: request.approvers for request in requests} == {EAST: "manager", WEST: "manager upper"}


def test_a_mixed_request_takes_the_strictest_of_its_rules(session: Session) -> None:
    made = [*keep(session), *keep(session, level=4)]

    [request] = ask(session, made, "archivist")

    assert (request.level, request.approvers, request.on_site_only, request.days) == (4, "manager upper", True, 1)


def test_the_last_approval_puts_the_papers_in_line_and_calls_the_first(session: Session) -> None:
    [request] = ask(session, keep(session))

    decided(session, request, "manager")

    [item] = items_of(session, request)
    assert (request.state, item.state, item.queued_at) == ("open", "ready", NOW)
    steps = session.scalars(select(LoanEvent.step).where(LoanEvent.item_id == item.id).order_by(LoanEvent.ordinal))
    assert steps.all() == ["approve", "call"]


def test_the_second_in_line_waits_until_the_first_withdraws(session: Session) -> None:
    made = keep(session)
    [first] = ask(session, made)
    decided(session, first, "manager")
    [second] = ask(session, made, "archivist")
    decided(session, second, "manager")
    assert [item.state for item in items_of(session, second)] == ["waiting"]

    withdraw(session, actor(session, "clerk"), first.id, now=NOW, today=TODAY)

    assert first.state == "withdrawn"
    assert [item.state for item in items_of(session, second)] == ["ready"]


def test_a_rule_without_approvers_opens_at_once(session: Session) -> None:
    [request] = ask(session, keep(session), "archivist", Wish("read", "business"))

    assert (request.state, request.on_site_only, request.approvers) == ("open", True, "")
    assert [item.state for item in items_of(session, request)] == ["ready"]


def test_a_chain_of_two_needs_two_people_the_second_from_above(session: Session) -> None:
    promote(session, "manager_west")
    [request] = ask(session, keep(session, level=4), "archivist")

    decided(session, request, "manager")
    assert (request.state, request.steps_done) == ("asked", 1)
    with pytest.raises(WrongState, match="decided_before"):
        decided(session, request, "manager")
    decided(session, request, "manager_west")

    assert request.state == "open"
    assert [d.approver for d in session.scalars(select(LoanDecision).order_by(LoanDecision.step))] == [
        "manager",
        "upper",
    ]


def test_the_step_of_the_upper_branch_is_not_for_the_branch_itself(session: Session) -> None:
    promote(session, "manager_west", EAST)
    [request] = ask(session, keep(session, level=4), "archivist")
    decided(session, request, "manager")

    with pytest.raises(WrongState, match="upper_only"):
        decided(session, request, "manager_west")
    assert approvers_of(session, request, now=NOW) == []


def test_the_root_takes_another_manager_for_its_second_step(session: Session) -> None:
    promote(session, "manager")
    promote(session, "manager_west")
    [request] = ask(session, keep(session, branch_id=HEAD, level=4), "archivist_head")

    decided(session, request, "manager")
    decided(session, request, "manager_west")

    assert request.state == "open"


def test_nobody_decides_on_his_own_request(session: Session) -> None:
    [request] = ask(session, keep(session), "manager")

    with pytest.raises(WrongState, match=r"loan_request\.own"):
        decided(session, request, "manager")
    assert approvers_of(session, request, now=NOW) == []


def test_only_managers_who_reach_the_papers_decide(session: Session) -> None:
    [request] = ask(session, keep(session))

    with pytest.raises(NotFound):
        decided(session, request, "manager_west")
    with pytest.raises(NotAllowed):
        decided(session, request, "archivist")


def test_a_refusal_needs_its_reason_and_ends_every_item(session: Session) -> None:
    [request] = ask(session, keep(session, 2))
    with pytest.raises(Invalid) as refused:
        decided(session, request, "manager", approved=False)
    assert refused.value.problems == {"reason": ["loan.refuse_reason"]}

    decided(session, request, "manager", approved=False, reason="用途不明")

    assert request.state == "refused"
    assert {item.state for item in items_of(session, request)} == {"refused"}


def test_what_was_sealed_meanwhile_is_refused_when_the_rest_is_approved(session: Session) -> None:
    made = keep(session, 2)
    [request] = ask(session, made)
    session.execute(update(Document).where(Document.id == made[0][0]).values(state="held"))

    decided(session, request, "manager")

    states = {item.document_id: item.state for item in items_of(session, request)}
    assert states == {made[0][0]: "refused", made[1][0]: "ready"}


def test_somebody_overdue_or_blocked_cannot_ask(session: Session) -> None:
    made = keep(session, 2)
    [request] = ask(session, made[:1])
    session.execute(update(LoanItem).values(state="out", due_on=TODAY - timedelta(days=1)))
    with pytest.raises(Invalid) as overdue:
        ask(session, made[1:])
    assert overdue.value.problems == {"items": ["loan.overdue"]}

    session.execute(update(LoanItem).values(state="returned"))
    block = BorrowerBlock(
        account_id=request.borrower_id, branch_id=EAST, reason="x", blocked_by=1, blocked_at=NOW, until=TODAY
    )
    session.add(block)
    session.flush()
    with pytest.raises(Invalid) as blocked:
        ask(session, made[1:])
    assert blocked.value.problems == {"items": ["loan.blocked"]}

    block.until = TODAY - timedelta(days=1)
    session.flush()
    assert ask(session, made[1:])


def test_nobody_has_more_in_hand_than_the_rule_allows_a_whole_file_counting_as_one(session: Session) -> None:
    made = keep(session, 11)
    with pytest.raises(Invalid) as many:
        ask(session, made)
    assert many.value.problems == {"items": ["loan.too_many"]}

    clerk = actor(session, "clerk")
    carts.empty(session, clerk)
    carts.add_file(session, clerk, session.get_one(Document, made[0][0]).customer_id, now=NOW)
    assert ask_for(session, clerk, [document_id for document_id, _ in made], LEND, now=NOW, today=TODAY)


def test_the_same_paper_is_not_asked_for_twice_by_one_person(session: Session) -> None:
    made = keep(session)
    ask(session, made)

    with pytest.raises(Invalid) as again:
        ask(session, made)

    assert again.value.problems == {"items": ["loan.asked_already"]}


def test_ids_that_are_not_in_the_cart_are_refused(session: Session) -> None:
    [(document_id, _)] = keep(session)

    for ids, code in (([], "loan.cart_empty"), ([document_id], "loan.cart_changed"), ([4242], "loan.cart_changed")):
        with pytest.raises(Invalid) as refused:
            ask_for(session, actor(session, "clerk"), ids, LEND, now=NOW, today=TODAY)
        assert refused.value.problems == {"items": [code]}


def test_people_from_outside_come_by_a_clerk_or_archivist_and_his_debts_are_not_theirs(session: Session) -> None:
    made = keep(session, 2)
    ask(session, made[:1])
    session.execute(update(LoanItem).values(state="out", due_on=TODAY - timedelta(days=9)))

    [request] = ask(session, made[1:], wish=Wish("lend", "justice", external=POLICE))

    assert (request.external_kind, request.approvers) == ("police", "manager upper")
    with pytest.raises(NotAllowed):
        ask(session, made[1:], "manager", Wish("read", "justice", external=POLICE))


def test_a_customer_asks_for_his_own_papers_only(session: Session) -> None:
    made = [*keep(session), *keep(session)]
    customer = External("customer", "王芳", papers={"identity": "110101199003077758"})

    with pytest.raises(Invalid) as refused:
        ask(session, made, wish=Wish("read", "data_right", external=customer))

    assert refused.value.problems == {"items": ["loan.one_customer"]}


def test_the_cart_takes_boxes_and_leaves_out_what_may_not_be_asked_for(session: Session) -> None:
    made = [*keep(session, 2), *keep(session, level=4)]
    box = Box(id=new_id(), branch_id=EAST, number="J019-H-0001", fonds_code="J019", created_at=NOW)
    session.add(box)
    session.flush()
    session.execute(update(Document).where(Document.id.in_([each for each, _ in made])).values(box_id=box.id))
    session.execute(update(Document).where(Document.id == made[0][0]).values(state="held"))
    clerk = actor(session, "clerk")

    added = carts.add_by_code(session, clerk, "j019-h-0001", now=NOW)

    # The clerk asks up to level 3; what is sealed is left out and told of.
    assert (added.added, added.left_out) == (1, 1)
    [row] = read_cart(session, clerk)
    assert (row.document_id, row.asked_as, row.asked_label) == (made[1][0], "box", "J019-H-0001")
    assert carts.add_by_code(session, clerk, "J019-H-0001", now=NOW) == carts.Added(0, 1, 1)


def test_what_one_may_not_even_ask_for_looks_like_nothing(session: Session) -> None:
    [(_, number)] = keep(session, branch_id=WEST, level=3)

    with pytest.raises(Invalid) as refused:
        carts.add_by_code(session, actor(session, "clerk"), number, now=NOW)

    assert refused.value.problems == {"code": ["cart.unknown"]}


def test_a_paper_that_is_out_offers_its_scan_and_a_missing_one_is_only_told_of(session: Session) -> None:
    made = keep(session)
    clerk = actor(session, "clerk")
    put(session, "clerk", made)
    for where, blocks in (("loan", ()), ("missing", ("loan.paper_missing",)), ("none", ("loan.no_paper",))):
        session.execute(update(Document).values(whereabouts=where))
        [found] = judge(session, clerk, read_cart(session, clerk), "lend", external=False, today=TODAY)
        assert found.blocks == blocks
        assert not found.offers_scan
        [scanned] = judge(
            session,
            clerk,
            [replace(row, has_scan=True) for row in read_cart(session, clerk)],
            "lend",
            external=False,
            today=TODAY,
        )
        assert scanned.offers_scan


def test_the_tabs_hold_what_is_ones_own_what_waits_for_one_and_what_the_branch_keeps(session: Session) -> None:
    [request] = ask(session, keep(session))
    clerk, manager, west = (actor(session, who) for who in ("clerk", "manager", "manager_west"))

    assert [row.number for row in list_loans(session, clerk, LoanFilter(MINE)).items] == [request.number]
    assert [row.items for row in list_loans(session, manager, LoanFilter(TO_APPROVE)).items] == [1]
    assert [row.id for row in list_loans(session, manager, LoanFilter(OF_BRANCH)).items] == [request.id]
    assert count_loans(session, manager).to_approve == 1
    assert list_loans(session, west, LoanFilter(OF_BRANCH)).items == []
    assert list_loans(session, west, LoanFilter(TO_APPROVE)).items == []
    assert list_loans(session, clerk, LoanFilter(OF_BRANCH)).total == 1  # has no branch: his own
    session.execute(update(LoanItem).values(state="out", due_on=date(2026, 11, 23)))
    session.execute(update(LoanRequest).values(state="open"))
    late = loan_figures(session, clerk, today=date(2026, 11, 24), until=date(2026, 11, 27))
    assert (late.to_approve, late.due, late.late) == (None, 1, 1)
    assert loan_figures(session, clerk, today=TODAY, until=TODAY).due == 0


def test_only_the_borrower_withdraws_and_only_what_is_not_handed_out(session: Session) -> None:
    [request] = ask(session, keep(session))
    with pytest.raises(NotAllowed):
        withdraw(session, actor(session, "archivist"), request.id, now=NOW, today=TODAY)
    session.execute(update(LoanItem).values(state="out"))

    with pytest.raises(WrongState, match="nothing_to_withdraw"):
        withdraw(session, actor(session, "clerk"), request.id, now=NOW, today=TODAY)
