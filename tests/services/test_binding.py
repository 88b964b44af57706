"""Binding on both databases: what is proposed, what is bound, in which order, page by page, closed and checked by two."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.claims import ClaimOutcome
from app.domain.errors import DomainError, Invalid, NotAllowed, NotFound, WrongState
from app.domain.volumes import Measure
from app.models.claims import Claim
from app.models.customers import Customer
from app.models.documents import Document
from app.models.machinery import TrailEntry
from app.models.storage import Volume
from app.queries.claim_proposals import ClaimFilter, propose_claims
from app.queries.policy_proposals import groups_to_bind, propose_policies
from app.queries.volume_measure import measure_of
from app.queries.volumes import VolumeFilter, condition_of, list_volumes, read_volume
from app.services.binding_proposals import bind_proposal
from app.services.volume_items import add_item, arrange_by_rule, move_item, remove_item, rename_volume
from app.services.volume_steps import check_volume, close_volume, reopen_volume
from app.services.volumes import form_volume
from tests.cast import EAST_CITY, NOW, actor
from tests.records import make_customer, make_policy
from tests.services.binding import a_case, closed_claim, filed_paper


def proposals(session: Session, who: str = "archivist", **wanted: Any) -> list[Any]:
    """The claims that would be bound."""
    found = propose_claims(session, actor(session, who), ClaimFilter(**wanted), measure_of(session))
    return list(found.items)


def bound(session: Session, who: str = "archivist") -> Volume:
    """A case of three papers, bound by the rule."""
    customer_id, claim_id = a_case(session)
    filed_paper(session, customer_id, "住院费用清单", claim_id=claim_id, formed_on=date(2026, 1, 12), page_count=3)
    filed_paper(session, customer_id, "理赔申请书", "31", claim_id=claim_id, formed_on=date(2026, 1, 10))
    filed_paper(
        session, customer_id, "理赔决定通知书", "33", "decision_notice", claim_id=claim_id, formed_on=date(2026, 3, 1)
    )
    [proposal] = proposals(session, who)
    return session.get_one(Volume, bind_proposal(session, actor(session, who), proposal.ref, now=NOW))


def inside(session: Session, volume: Volume) -> list[tuple[str, int | None, int | None, int | None]]:
    """What stands in a volume, with places and pages."""
    session.expire_all()
    rows = session.execute(
        select(Document.title, Document.volume_position, Document.first_page, Document.last_page)
        .where(Document.volume_id == volume.id)
        .order_by(Document.volume_position)
    )
    return [tuple(row) for row in rows]


def titles(session: Session, volume: Volume) -> list[str]:
    """What stands in a volume, in its order."""
    return [row[0] for row in inside(session, volume)]


def ids(session: Session, volume: Volume) -> list[int]:
    """The items of a volume in their order."""
    statement = select(Document.id).where(Document.volume_id == volume.id).order_by(Document.volume_position)
    return list(session.scalars(statement))


# --- what is proposed ------------------------------------------------------------------------------


def test_a_closed_claim_is_one_volume_of_the_year_of_closing_with_its_decision_first(session: Session) -> None:
    volume = bound(session)

    assert inside(session, volume) == [
        ("理赔决定通知书", 1, 1, 2),
        ("理赔申请书", 2, 3, 4),
        ("住院费用清单", 3, 5, 7),
    ]
    assert (volume.kind, volume.year, volume.page_count, volume.thickness_mm) == ("claim", 2026, 7, 1)
    assert volume.number == "J019-ZY·LP·2026·D10-AJ00001"
    assert volume.title == "王*住院医疗给付案卷（赔案号C2026-000456）"
    assert proposals(session) == []


def test_a_claim_of_two_years_goes_to_the_year_of_closing_and_stays_whole(session: Session) -> None:
    customer_id, claim_id = a_case(session)
    filed_paper(session, customer_id, "理赔申请书", claim_id=claim_id, formed_on=date(2025, 12, 30))
    refusal = filed_paper(session, customer_id, "身份证复印件", "11", claim_id=claim_id)
    session.get_one(Document, refusal).period = "D30"
    session.flush()

    [proposal] = proposals(session)

    assert (proposal.group.year, proposal.group.series, proposal.group.period) == (2026, "LP", "D30")
    assert len(proposal.items) == 2


def test_a_lawsuit_puts_the_judgment_first(session: Session) -> None:
    customer_id = make_customer(session)
    policy_id = make_policy(session, customer_id)
    claim_id = closed_claim(session, policy_id, outcome=ClaimOutcome.LITIGATED.value)
    filed_paper(session, customer_id, "理赔决定通知书", "33", claim_id=claim_id)
    filed_paper(session, customer_id, "法院裁判文书", "52", "court_ruling", claim_id=claim_id)
    filed_paper(session, customer_id, "总公司关于本案的批复", "34", claim_id=claim_id)

    [proposal] = proposals(session)

    assert [item.title for item in proposal.items] == ["总公司关于本案的批复", "法院裁判文书", "理赔决定通知书"]


def test_a_thick_claim_is_several_volumes_and_no_item_is_split(session: Session) -> None:
    customer_id, claim_id = a_case(session)
    for day, pages in ((1, 120), (2, 70), (3, 30), (4, 260)):
        filed_paper(
            session, customer_id, f"病历{day}", claim_id=claim_id, formed_on=date(2026, 1, day), page_count=pages
        )

    found = proposals(session)

    assert [[item.page_count for item in proposal.items] for proposal in found] == [[120, 70], [30], [260]]
    assert [proposal.title[-5:] for proposal in found] == ["）（卷一）", "）（卷二）", "）（卷三）"]


def test_what_is_not_filed_lent_or_of_a_complaint_is_not_proposed(session: Session) -> None:
    customer_id, claim_id = a_case(session)
    filed_paper(session, customer_id, "理赔申请书", claim_id=claim_id)
    lent = filed_paper(session, customer_id, "病历", claim_id=claim_id)
    session.get_one(Document, lent).whereabouts = "loan"
    open_ = filed_paper(session, customer_id, "发票", claim_id=claim_id)
    session.get_one(Document, open_).state = "catalogued"
    session.flush()

    [proposal] = proposals(session)

    assert [item.title for item in proposal.items] == ["理赔申请书"]
    assert (proposal.waiting, proposal.hidden) == (2, 0)


def test_an_open_claim_is_not_proposed(session: Session) -> None:
    customer_id = make_customer(session)
    claim_id = closed_claim(session, make_policy(session, customer_id))
    filed_paper(session, customer_id, "理赔申请书", claim_id=claim_id)
    session.get_one(Claim, claim_id).status = "assessing"
    session.flush()

    assert proposals(session) == []


def test_policies_share_volumes_by_number_and_years_are_not_mixed(session: Session) -> None:
    who, measure = actor(session, "archivist"), Measure(most_pages=10)
    customers = [make_customer(session, name=name) for name in ("王芳", "李雷", "韩梅")]
    for at, customer_id in enumerate(customers):
        policy_id = make_policy(session, customer_id, number=f"P2026-00010{at}")
        filed_paper(
            session, customer_id, "保险单", "21", policy_id=policy_id, page_count=3, formed_on=date(2026, 1, 12)
        )
        filed_paper(session, customer_id, "投保单", "22", policy_id=policy_id, page_count=2)
        filed_paper(session, customer_id, "旧投保单", "22", policy_id=policy_id, formed_on=date(2025, 1, 1))

    groups = groups_to_bind(session, who)
    wanted = next(row.group for row in groups if row.group.year == 2026)
    found, following = propose_policies(session, who, wanted, measure)

    assert {(row.group.year, row.papers) for row in groups} == {(2026, 6), (2025, 3)}
    assert [[item.title for item in proposal.items] for proposal in found] == [
        ["投保单", "保险单", "投保单", "保险单"],
        ["投保单", "保险单"],
    ]
    assert following == ""
    assert found[0].title == "投保资料（保单号P2026-000100至P2026-000101，2 份）"
    assert found[1].title == "韩*住院医疗保险投保资料（保单号P2026-000102）"


def test_a_volume_of_several_customers_has_no_customer_and_the_highest_level(session: Session) -> None:
    who = actor(session, "archivist")
    for at, (name, level) in enumerate((("王芳", 2), ("李雷", 3))):
        customer_id = make_customer(session, name=name)
        policy_id = make_policy(session, customer_id, number=f"P2026-00010{at}")
        filed_paper(session, customer_id, "投保单", "22", policy_id=policy_id, level=level)
    [row] = groups_to_bind(session, who)
    [proposal], _ = propose_policies(session, who, row.group, measure_of(session))

    volume = session.get_one(Volume, bind_proposal(session, who, proposal.ref, now=NOW))

    assert (volume.kind, volume.customer_id, volume.level) == ("policy", None, 3)
    assert [row.id for row in list_volumes(session, actor(session, "clerk"), VolumeFilter()).items] == []
    assert [row.id for row in list_volumes(session, who, VolumeFilter()).items] == [volume.id]


def test_what_changed_since_it_was_shown_is_not_bound(session: Session) -> None:
    customer_id, claim_id = a_case(session)
    filed_paper(session, customer_id, "理赔申请书", claim_id=claim_id)
    [shown] = proposals(session)
    filed_paper(session, customer_id, "病历", claim_id=claim_id)

    for ref in (shown.ref, "claim:zzz:0", "policy:1:2:3", "", "policy:a:CB:9999:D10:b:c"):
        with pytest.raises(WrongState, match="proposal_changed"):
            bind_proposal(session, actor(session, "archivist"), ref, now=NOW)


def test_a_claim_with_papers_above_ones_level_is_left_to_who_may_see_them(session: Session) -> None:
    customer_id = make_customer(session, branch_id=EAST_CITY)
    claim_id = closed_claim(session, make_policy(session, customer_id))
    filed_paper(session, customer_id, "理赔申请书", claim_id=claim_id)
    filed_paper(session, customer_id, "调查报告", claim_id=claim_id, level=4)

    [proposal] = proposals(session)

    assert (proposal.hidden, [item.title for item in proposal.items]) == (1, ["理赔申请书"])
    with pytest.raises(WrongState, match="proposal_hidden"):
        bind_proposal(session, actor(session, "archivist"), proposal.ref, now=NOW)
    [whole] = proposals(session, "archivist_city")
    assert (whole.hidden, len(whole.items)) == (0, 2)


@pytest.mark.parametrize("who", ["clerk", "manager", "archivist_west"])
def test_who_does_not_bind_gets_nothing_to_bind(session: Session, who: str) -> None:
    customer_id, claim_id = a_case(session)
    filed_paper(session, customer_id, "理赔申请书", claim_id=claim_id)
    [proposal] = proposals(session)

    assert proposals(session, who) == []
    with pytest.raises((NotAllowed, WrongState)):
        bind_proposal(session, actor(session, who), proposal.ref, now=NOW)


# --- order and pages -------------------------------------------------------------------------------


def test_items_are_moved_by_hand_and_pages_follow_without_gaps(session: Session) -> None:
    volume, who = bound(session), actor(session, "archivist")
    first, second, third = ids(session, volume)

    move_item(session, who, volume.id, third, 1, version=volume.version, now=NOW)
    move_item(session, who, volume.id, first, 99, version=volume.version, now=NOW)

    assert ids(session, volume) == [third, second, first]
    assert [row[1:] for row in inside(session, volume)] == [(1, 1, 3), (2, 4, 5), (3, 6, 7)]
    arrange_by_rule(session, who, volume.id, version=volume.version, now=NOW)
    assert ids(session, volume) == [first, second, third]


def test_items_come_and_go_while_a_volume_is_open(session: Session) -> None:
    volume, who = bound(session), actor(session, "archivist")
    _, second, _ = ids(session, volume)
    customer_id = session.get_one(Document, second).customer_id
    late = filed_paper(session, customer_id, "补充发票", claim_id=volume.claim_id, page_count=4)

    remove_item(session, who, volume.id, second, version=volume.version, now=NOW)
    add_item(session, who, volume.id, late, version=volume.version, now=NOW)

    assert titles(session, volume) == ["理赔决定通知书", "住院费用清单", "补充发票"]
    assert volume.page_count == 9
    out = session.get_one(Document, second)
    assert (out.volume_id, out.volume_position, out.first_page, out.last_page) == (None, None, None, None)
    with pytest.raises(NotFound):
        remove_item(session, who, volume.id, second, version=volume.version, now=NOW)


def test_what_does_not_belong_into_a_volume_stays_out(session: Session) -> None:
    volume, who = bound(session), actor(session, "archivist")
    customer_id = session.get_one(Document, ids(session, volume)[0]).customer_id
    strange = filed_paper(session, customer_id, "别案病历")
    lent = filed_paper(session, customer_id, "借出的病历", claim_id=volume.claim_id)
    session.get_one(Document, lent).whereabouts = "loan"
    session.flush()

    with pytest.raises(Invalid) as refused:
        add_item(session, who, volume.id, strange, version=volume.version, now=NOW)
    assert refused.value.problems == {"items": ["volume.other_claim"]}
    with pytest.raises(Invalid):
        add_item(session, who, volume.id, ids(session, volume)[0], version=volume.version, now=NOW)
    with pytest.raises(WrongState, match="is_loan"):
        add_item(session, who, volume.id, lent, version=volume.version, now=NOW)


def test_another_year_does_not_come_into_a_volume_of_policies(session: Session) -> None:
    who, customer_id = actor(session, "archivist"), make_customer(session)
    policy_id = make_policy(session, customer_id)
    first = filed_paper(session, customer_id, "投保单", "22", policy_id=policy_id)
    old = filed_paper(session, customer_id, "旧单", "22", policy_id=policy_id, formed_on=date(2024, 1, 1))
    volume = session.get_one(Volume, form_volume(session, who, [first], "投保资料", now=NOW))

    with pytest.raises(Invalid) as refused:
        add_item(session, who, volume.id, old, version=volume.version, now=NOW)

    assert volume.kind == "policy"
    assert refused.value.problems == {"items": ["volume.mixed"]}


def test_a_step_from_an_older_page_is_refused(session: Session) -> None:
    volume, who = bound(session), actor(session, "archivist")
    seen = volume.version
    rename_volume(session, who, volume.id, "别的题名", version=seen, now=NOW)

    with pytest.raises(WrongState, match=r"volume\.changed"):
        move_item(session, who, volume.id, ids(session, volume)[0], 2, version=seen, now=NOW)


# --- closing ---------------------------------------------------------------------------------------


def test_a_volume_is_closed_by_one_and_checked_by_another(session: Session) -> None:
    volume = bound(session)
    binder, manager = actor(session, "archivist"), actor(session, "manager")

    close_volume(session, binder, volume.id, "本卷共 3 件，7 页。", "AJ00002", version=volume.version, now=NOW)
    with pytest.raises(WrongState, match="check_self"):
        check_volume(session, binder, volume.id, version=volume.version, now=NOW)
    check_volume(session, manager, volume.id, version=volume.version, now=NOW)

    assert (volume.state, volume.closed_by, volume.checked_by) == ("closed", binder.account_id, manager.account_id)
    detail = read_volume(session, binder, volume.id, measure_of(session))
    assert (detail.state, detail.closed_by, detail.checked_by) == ("checked", "档案甲", "负责甲")
    events = session.scalars(
        select(TrailEntry.event).where(TrailEntry.object_kind == "volume").order_by(TrailEntry.sequence)
    ).all()
    assert events == ["volume_formed", "volume_closed", "volume_checked"]


def test_a_closed_volume_stays_as_it_is_until_it_is_opened_with_a_reason(session: Session) -> None:
    volume, who = bound(session), actor(session, "archivist")
    [first, *_] = ids(session, volume)
    close_volume(session, who, volume.id, "齐全", "", version=volume.version, now=NOW)

    for change in (
        lambda: move_item(session, who, volume.id, first, 2, version=volume.version, now=NOW),
        lambda: remove_item(session, who, volume.id, first, version=volume.version, now=NOW),
        lambda: arrange_by_rule(session, who, volume.id, version=volume.version, now=NOW),
        lambda: rename_volume(session, who, volume.id, "新题名", version=volume.version, now=NOW),
        lambda: close_volume(session, who, volume.id, "再立", "", version=volume.version, now=NOW),
    ):
        with pytest.raises(WrongState, match="is_closed"):
            change()
    with pytest.raises(Invalid):
        reopen_volume(session, who, volume.id, " ", version=volume.version, now=NOW)
    reopen_volume(session, who, volume.id, "漏装发票", version=volume.version, now=NOW)

    assert (volume.state, volume.closed_by, volume.checked_at) == ("open", None, None)
    entry = session.scalars(select(TrailEntry).where(TrailEntry.event == "volume_reopened")).one()
    assert (entry.reason, entry.before) == ("漏装发票", {"closed_by": 111, "checked_by": None})


def test_a_volume_without_page_counts_is_not_closed(session: Session) -> None:
    volume, who = bound(session), actor(session, "archivist")
    session.get_one(Document, ids(session, volume)[1]).page_count = 0
    session.flush()

    with pytest.raises(WrongState, match="pages_missing"):
        close_volume(session, who, volume.id, "齐全", "", version=volume.version, now=NOW)
    with pytest.raises(Invalid):
        close_volume(session, who, volume.id, "  ", "", version=volume.version, now=NOW)
    for item in ids(session, volume):
        remove_item(session, who, volume.id, item, version=volume.version, now=NOW)
    with pytest.raises(WrongState, match=r"volume\.empty"):
        close_volume(session, who, volume.id, "空", "", version=volume.version, now=NOW)


def test_the_note_tells_of_copies(session: Session) -> None:
    volume, who = bound(session), actor(session, "archivist")
    session.get_one(Document, ids(session, volume)[1]).is_original = False
    session.flush()

    condition = condition_of(session, read_volume(session, who, volume.id, measure_of(session)))

    assert (condition.items, condition.pages, list(condition.copies)) == (3, 7, [2])


@pytest.mark.parametrize(
    ("who", "refusal"), [("clerk", NotAllowed), ("manager", NotAllowed), ("archivist_west", NotFound)]
)
def test_who_may_not_bind_changes_nothing(session: Session, who: str, refusal: type[DomainError]) -> None:
    volume = bound(session)
    someone = actor(session, who)

    with pytest.raises(refusal):
        rename_volume(session, someone, volume.id, "新题名", version=volume.version, now=NOW)
    with pytest.raises(refusal):
        close_volume(session, someone, volume.id, "齐全", "", version=volume.version, now=NOW)


# --- who sees it -----------------------------------------------------------------------------------


def test_an_item_that_rose_above_ones_level_is_counted_and_not_named(session: Session) -> None:
    volume, clerk = bound(session), actor(session, "clerk")
    session.get_one(Document, ids(session, volume)[2]).level = 4
    session.flush()

    detail = read_volume(session, clerk, volume.id, measure_of(session))

    assert (detail.hidden, detail.count, [item.title for item in detail.items]) == (
        1,
        3,
        ["理赔决定通知书", "理赔申请书"],
    )
    session.get_one(Customer, volume.customer_id).level = 4
    session.flush()
    volume_level = volume.level
    arrange_by_rule(session, actor(session, "archivist"), volume.id, version=volume.version, now=NOW)
    assert volume_level < volume.level == 4
    with pytest.raises(NotFound):
        read_volume(session, clerk, volume.id, measure_of(session))
