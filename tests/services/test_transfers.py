"""Handing over papers between branches and posts, on both databases."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.domain.errors import ChangedMeanwhile, Invalid, NotAllowed, NotFound, WrongState
from app.domain.ids import new_id
from app.domain.scan_codes import label_code
from app.domain.transfers import PaperFilter, Side, TransferHead, TransferKind
from app.models.borrowing import LoanItem, LoanRequest, LoanRule
from app.models.documents import Document
from app.models.evidence import Notice
from app.models.machinery import OutboxEntry, TrailEntry
from app.models.rounds import RepairOrder
from app.models.storage import Box, Movement
from app.models.transfers import Transfer, TransferLine
from app.queries.transfers import list_transfers, read_transfer
from app.services import transfers as services
from app.services.transfer_lines import add_matching, add_thing, count_paper, drop_barred, drop_line, mark_absent
from tests.cast import EAST, NOW, PEOPLE, WEST, actor
from tests.records import make_customer, make_document

ARCHIVIST, WESTERN = PEOPLE["archivist"][0], PEOPLE["archivist_west"][0]


def filed(session: Session, serial: int = 1, customer: int = 0, **fields: Any) -> int:
    """Let an item stand in the archive of the east."""
    document_id = make_document(session, customer or make_customer(session))
    values = {"state": "filed", "archive_number": f"J019-ZY·CB·2026·D10-{serial:05d}", "filed_at": NOW, **fields}
    session.execute(update(Document).where(Document.id == document_id).values(values))
    session.expire_all()
    return document_id


def draft(session: Session, **fields: Any) -> int:
    """Draft a handing over from the east to the west."""
    plain: dict[str, Any] = {
        "kind": TransferKind.BRANCH,
        "from_branch_id": EAST,
        "to_branch_id": WEST,
        "nature": "机构撤并",
        "years": "2026",
    }
    return services.create_transfer(session, actor(session, "archivist"), TransferHead(**{**plain, **fields}), now=NOW)


def listed(session: Session, transfer_id: int, document_id: int) -> None:
    """Put one item on the list."""
    add_thing(session, actor(session, "archivist"), transfer_id, "document", document_id, now=NOW)


def sent(session: Session, *papers: int, **fields: Any) -> int:
    """Send a handing over of these items."""
    transfer_id = draft(session, **fields)
    for paper in papers:
        listed(session, transfer_id, paper)
    services.send_transfer(session, actor(session, "archivist"), transfer_id, now=NOW)
    return transfer_id


def counted(session: Session, transfer_id: int, *papers: int, rest_absent: str = "") -> None:
    """Let the west count these items, and say that all is counted."""
    receiver = actor(session, "archivist_west")
    for paper in papers:
        count_paper(session, receiver, transfer_id, label_code("document", paper), None)
    services.finish_counting(session, receiver, transfer_id, rest_absent=rest_absent, now=NOW)


def signed(session: Session, transfer_id: int) -> None:
    """Let both sides sign on paper."""
    for who, side in (("archivist", Side.GIVER), ("archivist_west", Side.RECEIVER)):
        services.sign_transfer(session, actor(session, who), transfer_id, side, who, None, now=NOW)


def paper(session: Session, document_id: int) -> Document:
    """Return an item as it lies in the database."""
    session.expire_all()
    return session.get_one(Document, document_id)


def line_of(session: Session, transfer_id: int, document_id: int) -> TransferLine:
    """Return the line of one item."""
    session.expire_all()
    return session.scalars(
        select(TransferLine).where(TransferLine.transfer_id == transfer_id, TransferLine.document_id == document_id)
    ).one()


def refused(session: Session, transfer_id: int, document_id: int) -> str:
    """Return why an item cannot be listed."""
    with pytest.raises(WrongState) as wrong:
        listed(session, transfer_id, document_id)
    return wrong.value.code


def lend(session: Session, document_id: int, state: str) -> None:
    """Promise a paper to the clerk."""
    rule = LoanRule(id=new_id(), effective_from=date(2026, 1, 1))
    request = LoanRequest(
        id=new_id(),
        number=f"JY2026-{new_id() % 10**6:06d}",
        branch_id=EAST,
        borrower_id=PEOPLE["clerk"][0],
        borrower_branch_id=EAST,
        rule_id=rule.id,
        way="lend",
        state="open",
        level=2,
        purpose="work",
        days=10,
        external_name="",
        external_phone="",
        external_papers="",
        asked_at=NOW,
    )
    session.add(rule)
    session.flush()
    session.add(request)
    session.flush()
    session.add(LoanItem(request_id=request.id, document_id=document_id, takes_paper=True, state=state))
    session.flush()


def test_received_papers_belong_to_the_other_branch_and_keep_their_number(session: Session) -> None:
    box = Box(id=new_id(), branch_id=EAST, number="0001", fonds_code="J019", created_at=NOW)
    session.add(box)
    session.flush()
    document_id = filed(session, box_id=box.id)
    transfer_id = sent(session, document_id)
    assert paper(session, document_id).whereabouts == "transfer"

    counted(session, transfer_id, document_id)
    signed(session, transfer_id)
    services.finish_transfer(session, actor(session, "archivist_west"), transfer_id, now=NOW)

    moved = paper(session, document_id)
    assert (moved.branch_id, moved.whereabouts, moved.box_id) == (WEST, "shelf", None)
    assert moved.archive_number == "J019-ZY·CB·2026·D10-00001"
    book = session.execute(
        select(Movement.branch_id, Movement.direction).where(Movement.document_id == document_id).order_by(Movement.id)
    ).all()
    assert sorted(tuple(row) for row in book) == [(EAST, "out"), (WEST, "in")]
    assert session.scalar(select(OutboxEntry.id).where(OutboxEntry.key == f"document-{document_id}")) is not None
    assert session.get_one(Transfer, transfer_id).state == "done"


def test_numbers_run_by_the_year_and_each_step_is_in_the_trail(session: Session) -> None:
    first, second = sent(session, filed(session)), draft(session)

    assert session.get_one(Transfer, first).number == "YJ2026-0001"
    assert session.get_one(Transfer, second).number == "YJ2026-0002"
    events = session.scalars(
        select(TrailEntry.event).where(TrailEntry.object_id == first).order_by(TrailEntry.sequence)
    )
    assert list(events) == ["transfer_drafted", "transfer_listed", "transfer_sent"]
    assert session.get_one(Transfer, first).package["quantities"] == {"volumes": 0, "items": 1, "pages": 2, "bytes": 0}


def test_the_receiving_keeper_is_told_and_the_giver_when_it_is_counted(session: Session) -> None:
    document_id = filed(session)
    transfer_id = sent(session, document_id)
    counted(session, transfer_id, document_id)

    told = session.execute(select(Notice.account_id, Notice.kind)).all()
    assert (WESTERN, "transfer_sent") in told
    assert (ARCHIVIST, "transfer_counted") in told


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"state": "destroyed"}, "paper.destroyed"),
        ({"state": "held"}, "paper.sealed"),
        ({"whereabouts": "loan"}, "paper.is_loan"),
        ({"whereabouts": "repair"}, "paper.is_repair"),
        ({"whereabouts": "missing"}, "paper.is_missing"),
        ({"whereabouts": "none"}, "paper.is_none"),
        ({"branch_id": 3}, "transfer.elsewhere"),
    ],
)
def test_what_is_not_on_the_shelf_of_the_branch_cannot_be_listed(
    session: Session, fields: dict[str, Any], code: str
) -> None:
    assert refused(session, draft(session), filed(session, **fields)) == code


def test_a_paper_promised_to_a_borrower_or_ordered_for_repair_stays(session: Session) -> None:
    ready, hurt = filed(session, 1), filed(session, 2)
    lend(session, ready, "ready")
    session.add(
        RepairOrder(
            number="XF2026-0001",
            branch_id=EAST,
            document_id=hurt,
            grade="slight",
            ordered_by=ARCHIVIST,
            ordered_at=NOW,
        )
    )
    session.flush()
    transfer_id = draft(session)

    assert refused(session, transfer_id, ready) == "transfer.promised"
    assert refused(session, transfer_id, hurt) == "transfer.in_repair"


def test_a_paper_stands_on_one_open_list_only(session: Session) -> None:
    document_id = filed(session)
    first, second = draft(session), draft(session)
    listed(session, first, document_id)

    assert refused(session, first, document_id) == "transfer.listed_here"
    assert refused(session, second, document_id) == "transfer.listed_elsewhere"
    drop_line(session, actor(session, "archivist"), first, line_of(session, first, document_id).id, now=NOW)
    listed(session, second, document_id)
    assert refused(session, first, document_id) == "transfer.listed_elsewhere"


def test_a_line_that_was_taken_off_can_be_listed_again(session: Session) -> None:
    document_id, transfer_id = filed(session), draft(session)
    listed(session, transfer_id, document_id)
    drop_line(session, actor(session, "archivist"), transfer_id, line_of(session, transfer_id, document_id).id, now=NOW)

    listed(session, transfer_id, document_id)

    assert line_of(session, transfer_id, document_id).state == "listed"


def test_a_filter_lists_all_that_fits_and_leaves_the_rest(session: Session) -> None:
    customer = make_customer(session)
    papers = [filed(session, serial, customer) for serial in range(1, 7)]
    lend(session, papers[0], "ready")
    session.execute(update(Document).where(Document.id == papers[1]).values(formed_on=date(2020, 1, 1)))
    transfer_id = draft(session)

    added = add_matching(session, actor(session, "archivist"), transfer_id, PaperFilter(year=2026), now=NOW)

    assert added == 4
    ordinals = session.scalars(
        select(TransferLine.ordinal).where(TransferLine.transfer_id == transfer_id).order_by(TransferLine.ordinal)
    )
    assert list(ordinals) == [1, 2, 3, 4]
    with pytest.raises(WrongState, match="nothing_fits"):
        add_matching(session, actor(session, "archivist"), transfer_id, PaperFilter(year=2026), now=NOW)


def test_a_paper_that_was_lent_since_keeps_the_list_from_being_sent(session: Session) -> None:
    stays, goes = filed(session, 1), filed(session, 2)
    transfer_id = draft(session)
    listed(session, transfer_id, stays)
    listed(session, transfer_id, goes)
    lend(session, stays, "ready")
    archivist = actor(session, "archivist")

    with pytest.raises(WrongState, match="barred"):
        services.send_transfer(session, archivist, transfer_id, now=NOW)
    assert paper(session, goes).whereabouts == "shelf"

    assert drop_barred(session, archivist, transfer_id, now=NOW) == 1
    services.send_transfer(session, archivist, transfer_id, now=NOW)
    assert (paper(session, stays).whereabouts, paper(session, goes).whereabouts) == ("shelf", "transfer")


def test_an_empty_list_is_not_sent(session: Session) -> None:
    with pytest.raises(WrongState, match="empty"):
        services.send_transfer(session, actor(session, "archivist"), draft(session), now=NOW)


def test_only_what_was_sent_can_be_counted(session: Session) -> None:
    other, document_id = filed(session, 1), filed(session, 2)
    transfer_id = sent(session, document_id)
    receiver = actor(session, "archivist_west")

    for code in (label_code("document", other), "J019-ZY·CB·2026·D10-00001", "6901234567892", "nonsense"):
        with pytest.raises(WrongState, match="not_sent"):
            count_paper(session, receiver, transfer_id, code, None)
    with pytest.raises(Invalid):
        count_paper(session, receiver, transfer_id, "", None)
    with pytest.raises(Invalid):
        count_paper(session, receiver, transfer_id, label_code("document", document_id), -1)

    line = count_paper(session, receiver, transfer_id, "j019-zy.cb.2026.d10-00002", 1, remark="缺第2页")
    assert (line.state, line.pages_received, line.remark) == ("received", 1, "缺第2页")


def test_counting_ends_when_every_paper_was_looked_at(session: Session) -> None:
    came, lost = filed(session, 1), filed(session, 2)
    transfer_id = sent(session, came, lost)
    receiver = actor(session, "archivist_west")
    count_paper(session, receiver, transfer_id, label_code("document", came), None)

    with pytest.raises(WrongState, match="uncounted"):
        services.finish_counting(session, receiver, transfer_id, now=NOW)
    with pytest.raises(Invalid):
        mark_absent(session, receiver, transfer_id, line_of(session, transfer_id, lost).id, " ")
    mark_absent(session, receiver, transfer_id, line_of(session, transfer_id, lost).id, "箱内未见")
    services.finish_counting(session, receiver, transfer_id, now=NOW)

    assert read_transfer(session, receiver, transfer_id).counts["absent"] == 1


def test_absent_papers_are_missing_at_the_giver_or_back_on_his_shelf(session: Session) -> None:
    came, lost, stayed = (filed(session, serial) for serial in (1, 2, 3))
    transfer_id = sent(session, came, lost, stayed)
    counted(session, transfer_id, came, rest_absent="箱内未见")
    signed(session, transfer_id)

    services.finish_transfer(
        session,
        actor(session, "archivist"),
        transfer_id,
        back_on_shelf=[line_of(session, transfer_id, stayed).id],
        now=NOW,
    )

    places = {one: (paper(session, one).branch_id, paper(session, one).whereabouts) for one in (came, lost, stayed)}
    assert places == {came: (WEST, "shelf"), lost: (EAST, "missing"), stayed: (EAST, "shelf")}


@pytest.mark.parametrize("stage", ["draft", "sent", "counted"])
def test_calling_it_off_brings_everything_back(session: Session, stage: str) -> None:
    document_id, giver = filed(session), actor(session, "archivist")
    transfer_id = draft(session) if stage == "draft" else sent(session, document_id)
    if stage == "draft":
        listed(session, transfer_id, document_id)
    if stage == "counted":
        counted(session, transfer_id, document_id)

    with pytest.raises(Invalid):
        services.cancel_transfer(session, giver, transfer_id, "", now=NOW)
    services.cancel_transfer(session, giver, transfer_id, "对方库房未就绪", now=NOW)

    assert (paper(session, document_id).branch_id, paper(session, document_id).whereabouts) == (EAST, "shelf")
    assert line_of(session, transfer_id, document_id).state == "dropped"
    listed(session, draft(session), document_id)
    with pytest.raises(WrongState, match="is_cancelled"):
        services.cancel_transfer(session, giver, transfer_id, "又一次", now=NOW)


def test_nothing_ends_before_both_sides_and_the_witness_have_signed(session: Session) -> None:
    document_id = filed(session)
    transfer_id = sent(session, document_id, witness="监交甲")
    giver, receiver = actor(session, "archivist"), actor(session, "archivist_west")
    with pytest.raises(WrongState, match="is_sent"):
        services.sign_transfer(session, giver, transfer_id, Side.GIVER, "档案甲", None, now=NOW)
    counted(session, transfer_id, document_id)
    signed(session, transfer_id)

    with pytest.raises(WrongState, match="unsigned"):
        services.finish_transfer(session, giver, transfer_id, now=NOW)
    with pytest.raises(WrongState, match="signed_already"):
        services.sign_transfer(session, giver, transfer_id, Side.GIVER, "档案甲", None, now=NOW)
    with pytest.raises(WrongState, match="signed_already"):
        services.recount(session, receiver, transfer_id, now=NOW)
    services.sign_transfer(session, receiver, transfer_id, Side.WITNESS, "监交甲", None, now=NOW)
    services.finish_transfer(session, giver, transfer_id, now=NOW)


def test_nobody_signs_for_both_sides_nor_for_the_other(session: Session) -> None:
    document_id = filed(session)
    transfer_id = sent(session, document_id)
    counted(session, transfer_id, document_id)
    head = actor(session, "archivist_head")

    with pytest.raises(NotAllowed):
        services.sign_transfer(
            session, actor(session, "archivist_west"), transfer_id, Side.GIVER, "冒名", None, now=NOW
        )
    services.sign_transfer(session, head, transfer_id, Side.GIVER, "档案总", None, now=NOW)
    with pytest.raises(WrongState, match="both_sides"):
        services.sign_transfer(session, head, transfer_id, Side.RECEIVER, "档案总", None, now=NOW)


def test_a_foreign_branch_sees_nothing_and_the_receiver_nothing_of_a_draft(session: Session) -> None:
    transfer_id = draft(session)
    for who in ("archivist_west", "archivist_city"):
        with pytest.raises(NotFound):
            read_transfer(session, actor(session, who), transfer_id)
        with pytest.raises(NotFound):
            services.send_transfer(session, actor(session, who), transfer_id, now=NOW)
    assert list_transfers(session, actor(session, "archivist_west"), direction="incoming").total == 0

    listed(session, transfer_id, filed(session))
    services.send_transfer(session, actor(session, "archivist"), transfer_id, now=NOW)

    assert list_transfers(session, actor(session, "archivist_west"), direction="incoming").total == 1
    with pytest.raises(NotFound):
        read_transfer(session, actor(session, "archivist_city"), transfer_id)
    with pytest.raises(NotAllowed):
        services.cancel_transfer(session, actor(session, "archivist_west"), transfer_id, "不要", now=NOW)
    with pytest.raises(NotAllowed):
        services.finish_counting(session, actor(session, "archivist"), transfer_id, now=NOW)


@pytest.mark.parametrize("who", ["clerk", "agent", "manager", "sysadmin", "archivist_west"])
def test_who_does_not_keep_the_branch_drafts_nothing(session: Session, who: str) -> None:
    head = TransferHead(TransferKind.BRANCH, EAST, WEST, nature="机构撤并")

    with pytest.raises(NotAllowed):
        services.create_transfer(session, actor(session, who), head, now=NOW)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"nature": " "}, "nature"),
        ({"to_branch_id": EAST}, "to_branch_id"),
        ({"to_branch_id": 4242}, "to_branch_id"),
        ({"note": "长" * 501}, "note"),
        ({"kind": TransferKind.POST}, "to_account_id"),
        ({"kind": TransferKind.POST, "from_account_id": ARCHIVIST, "to_account_id": ARCHIVIST}, "to_account_id"),
        ({"kind": TransferKind.POST, "to_account_id": PEOPLE["clerk"][0]}, "to_account_id"),
    ],
)
def test_a_head_that_cannot_be_is_refused(session: Session, fields: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as invalid:
        draft(session, **fields)

    assert field in invalid.value.problems


def test_a_draft_is_changed_from_the_version_that_was_seen(session: Session) -> None:
    transfer_id, archivist = draft(session), actor(session, "archivist")
    head = TransferHead(TransferKind.BRANCH, EAST, WEST, nature="机构撤并", years="2024—2026")

    services.edit_transfer(session, archivist, transfer_id, head, version=1, now=NOW)

    assert session.get_one(Transfer, transfer_id).years == "2024—2026"
    with pytest.raises(ChangedMeanwhile):
        services.edit_transfer(
            session,
            archivist,
            transfer_id,
            TransferHead(TransferKind.BRANCH, EAST, WEST, nature="别的"),
            version=1,
            now=NOW,
        )


def test_a_leaving_keeper_hands_over_everything_he_answers_for(session: Session) -> None:
    # The head office's archivist takes the post in the east as well.
    from app.models.accounts import Grant

    successor = PEOPLE["archivist_head"][0]
    session.add(
        Grant(
            account_id=successor, track="business", role="archivist", branch_id=EAST, valid_from=NOW.replace(year=2020)
        )
    )
    lent, shelved = filed(session, 1, whereabouts="loan"), filed(session, 2)
    lend(session, lent, "out")
    giver = actor(session, "archivist")
    transfer_id = draft(
        session,
        kind=TransferKind.POST,
        from_account_id=ARCHIVIST,
        to_account_id=successor,
        nature="岗位调动",
        equipment="库房钥匙 K1\n温湿度记录仪 2 台",
    )
    with pytest.raises(WrongState, match="post_has_no_papers"):
        listed(session, transfer_id, shelved)
    # Before it is sent he sees, and prints, what it is now.
    before = read_transfer(session, giver, transfer_id).package
    assert ["钥匙与设备", "温湿度记录仪 2 台", "1", "", ""] in before

    services.send_transfer(session, giver, transfer_id, now=NOW)
    receiver = actor(session, "archivist_head")
    with pytest.raises(NotAllowed):
        services.finish_counting(session, giver, transfer_id, now=NOW)
    services.finish_counting(session, receiver, transfer_id, now=NOW)
    services.sign_transfer(session, giver, transfer_id, Side.GIVER, "档案甲", None, now=NOW)
    services.sign_transfer(session, receiver, transfer_id, Side.RECEIVER, "档案总", None, now=NOW)
    services.finish_transfer(session, receiver, transfer_id, now=NOW)

    lines = read_transfer(session, receiver, transfer_id).package
    assert ["档案", "已归档实物", "1件", "借出", "2页"] in lines
    assert ["钥匙与设备", "温湿度记录仪 2 台", "1", "", ""] in lines
    assert any(line[0] == "在借档案" and line[1].endswith("00001") for line in lines)
    assert paper(session, shelved).branch_id == EAST
    assert session.scalar(select(func.count()).select_from(Movement)) == 0
