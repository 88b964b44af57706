"""What is owed: checklists, answers, filing without, waivers that nobody grants himself, papers that come, letters, reminders."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.completeness import LineState
from app.domain.errors import ChangedMeanwhile, Invalid, NotAllowed, NotFound, WrongState
from app.domain.ids import new_id
from app.domain.intake import Business
from app.domain.register_forms import FORMS, RegisterKind
from app.domain.registers import RegisterFilter
from app.models.claims import Claim
from app.models.clocks import ClockEvent
from app.models.completeness import CompletenessRule, MissingPaper, SupplementNotice
from app.models.documents import Document
from app.models.evidence import Notice
from app.models.intake import PaperType
from app.models.policies import Party
from app.queries.completeness import (
    Checklist,
    ChecklistLine,
    checklist,
    checklists_of_claims,
    checklists_of_policies,
)
from app.queries.register_rows.missing_papers import READER
from app.queries.supplements import letter_of
from app.services.conditions import answer_condition
from app.services.missing import (
    ask_waiver,
    decide_waiver,
    file_without,
    move_due,
    note_received,
    open_missing,
)
from app.services.missing_watch import papers_to_remind, remind
from app.services.supplements import note_told, write_notice
from tests.cast import NOW, actor
from tests.records import TODAY, counted, make_claim, make_customer, make_document, make_policy

CLAIM = Business.CLAIM.value


def listed(session: Session, claim_id: int) -> Checklist:
    return checklist(session, business=CLAIM, claim_id=claim_id, today=TODAY)


def line_of(session: Session, claim_id: int, code: str) -> ChecklistLine:
    return next(line for line in listed(session, claim_id).lines if line.code == code)


def paper(session: Session, code: str) -> int:
    return session.scalars(select(PaperType.id).where(PaperType.code == code)).one()


def bring(session: Session, claim_id: int, code: str) -> Document:
    """Receive a paper of a claim."""
    claim = session.get_one(Claim, claim_id)
    document_id = make_document(session, claim.customer_id, claim_id=claim_id, policy_id=claim.policy_id)
    document = session.get_one(Document, document_id)
    document.paper_type_id = paper(session, code)
    session.flush()
    return document


def answer_all(session: Session, claim_id: int, *, holds: bool = False) -> None:
    for line in listed(session, claim_id).asked:
        answer_condition(
            session, actor(session, "archivist"), line.rule_id, claim_id=claim_id, holds=holds, now=NOW, today=TODAY
        )


def owe(session: Session, claim_id: int, *codes: str, due_on: date | None = None) -> list[int]:
    return file_without(
        session,
        actor(session, "archivist"),
        claim_id=claim_id,
        business=CLAIM,
        paper_type_ids=[paper(session, code) for code in codes],
        reason="客户在外地，约定寄来",
        due_on=due_on,
        now=NOW,
        today=TODAY,
    )


def wish(session: Session, claim_id: int, code: str, who: str = "archivist") -> int:
    return ask_waiver(
        session,
        actor(session, who),
        claim_id=claim_id,
        business=CLAIM,
        paper_type_id=paper(session, code),
        reason="医院已撤并，无法补开",
        now=NOW,
        today=TODAY,
    )


def test_a_claim_says_what_is_there_and_what_is_missing(session: Session) -> None:
    claim = make_claim(session)
    before = listed(session, claim)
    document = bring(session, claim, "claim_request")

    after = listed(session, claim)

    assert before.there == 0
    assert (after.there, after.needed) == (1, before.needed)
    assert line_of(session, claim, "claim_request").documents == (document.id,)
    assert line_of(session, claim, "bank_card").state is LineState.MISSING
    assert line_of(session, claim, "discharge_summary").state is LineState.ASK
    assert line_of(session, claim, "refusal_notice").state is LineState.NOT_NEEDED
    assert {line.basis for line in after.lines} - {""}


def test_an_identity_card_counts_for_every_claim_and_policy_of_the_customer(session: Session) -> None:
    customer = make_customer(session)
    policy = make_policy(session, customer, line="life")
    claim = make_claim(session, policy)
    card = session.get_one(Document, make_document(session, customer))
    card.paper_type_id = paper(session, "identity_card")
    session.flush()

    found = checklist(session, business=Business.APPLICATION, policy_id=policy, today=TODAY)

    assert next(line for line in found.lines if line.code == "identity_card").state is LineState.THERE
    assert line_of(session, claim, "identity_card").state is LineState.THERE
    assert line_of(session, claim, "claim_request").state is LineState.MISSING


def test_a_checklist_takes_few_selects_however_much_it_asks(session: Session) -> None:
    claim = make_claim(session)
    bring(session, claim, "claim_request")
    session.expire_all()

    with counted(session.get_bind().engine) as sent:
        listed(session, claim)

    assert len(sent) <= 6


def test_a_list_of_claims_is_judged_in_as_many_selects_as_one(session: Session) -> None:
    claim = make_claim(session)
    other = make_claim(session, session.get_one(Claim, claim).policy_id, number="C2026-000457")
    bring(session, claim, "claim_request")
    [missing] = owe(session, other, "bank_card")
    session.get_one(MissingPaper, missing).state = "waived"
    session.flush()
    session.expire_all()

    with counted(session.get_bind().engine) as sent:
        found = checklists_of_claims(session, [claim, other], TODAY)

    assert len(sent) <= 6
    assert found == {claim: listed(session, claim), other: listed(session, other)}
    assert (found[claim].there, found[other].there) == (1, 0)
    assert found[other].needed == found[claim].needed - 1


def test_a_list_of_policies_counts_what_is_about_their_people(session: Session) -> None:
    customer = make_customer(session)
    policy = make_policy(session, customer, line="life")
    other = make_policy(session, make_customer(session, name="王二"), number="P2026-000777", line="life")
    card = session.get_one(Document, make_document(session, customer))
    card.paper_type_id = paper(session, "identity_card")
    session.flush()

    found = checklists_of_policies(session, [policy, other], TODAY)

    assert (found[policy].there, found[other].there) == (1, 0)


def test_a_request_of_last_year_does_not_stand_for_the_servicing_of_today(session: Session) -> None:
    customer = make_customer(session)
    policy = make_policy(session, customer, line="life")
    request = session.get_one(Document, make_document(session, customer, policy_id=policy))
    request.paper_type_id = paper(session, "change_request")
    standing = []
    for day in (TODAY - timedelta(days=61), TODAY - timedelta(days=60), None):
        request.formed_on = day
        session.flush()
        found = checklist(session, business="servicing", policy_id=policy, today=TODAY)
        standing.append(next(bool(line.documents) for line in found.lines if line.code == "change_request"))

    assert standing == [False, True, True]


def test_two_copies_that_are_asked_for_are_owed_until_both_are_there(session: Session) -> None:
    claim = make_claim(session)
    row = session.get_one(CompletenessRule, line_of(session, claim, "bank_card").rule_id)
    row.copies = 2
    [missing] = owe(session, claim, "bank_card")
    first = bring(session, claim, "bank_card")

    assert note_received(session, first, now=NOW) == []
    owed = line_of(session, claim, "bank_card")
    assert (owed.state, owed.short, len(owed.documents)) == (LineState.OWED, 1, 1)

    assert note_received(session, bring(session, claim, "bank_card"), now=NOW) == [missing]
    assert line_of(session, claim, "bank_card").state is LineState.THERE


def test_a_copy_does_not_stand_for_the_original(session: Session) -> None:
    claim = make_claim(session)
    session.get_one(CompletenessRule, line_of(session, claim, "claim_request").rule_id).form = "original"
    document = bring(session, claim, "claim_request")
    document.is_original = False
    session.flush()

    before = line_of(session, claim, "claim_request")
    document.is_original = True
    session.flush()

    assert (before.state, before.is_copy_only) == (LineState.MISSING, True)
    assert line_of(session, claim, "claim_request").state is LineState.THERE


def test_the_card_of_an_insured_closes_what_is_owed_on_the_policy_of_another(session: Session) -> None:
    holder, insured = make_customer(session), make_customer(session, name="王二")
    policy = make_policy(session, holder, line="life")
    session.add(Party(id=new_id(), policy_id=policy, customer_id=insured, role="insured"))
    session.flush()
    [missing] = file_without(
        session,
        actor(session, "archivist"),
        policy_id=policy,
        business="application",
        paper_type_ids=[paper(session, "identity_card")],
        reason="原件补办中",
        now=NOW,
        today=TODAY,
    )
    card = session.get_one(Document, make_document(session, insured))
    card.paper_type_id = paper(session, "identity_card")

    assert note_received(session, card, now=NOW) == [missing]


def test_figures_decide_what_they_can(session: Session) -> None:
    customer = make_customer(session, birth_date=date(2015, 1, 2))
    policy = make_policy(session, customer, line="life", term_kind="long", channel="bank")

    found = checklist(session, business=Business.APPLICATION, policy_id=policy, today=TODAY)

    states = {line.code: line.state for line in found.lines}
    assert states["household_register"] is LineState.MISSING
    assert states["double_record"] is LineState.MISSING
    assert states["needs_analysis"] is LineState.MISSING
    assert states["risk_assessment"] is LineState.NOT_NEEDED
    assert states["consent"] is LineState.ASK


def test_an_answer_decides_and_may_be_changed(session: Session) -> None:
    claim = make_claim(session)
    rule = line_of(session, claim, "discharge_summary").rule_id
    who = actor(session, "clerk")

    answer_condition(session, who, rule, claim_id=claim, holds=True, now=NOW, today=TODAY)
    said = line_of(session, claim, "discharge_summary")
    answer_condition(session, who, rule, claim_id=claim, holds=False, now=NOW + timedelta(minutes=1), today=TODAY)

    assert (said.state, said.answer) == (LineState.MISSING, True)
    assert line_of(session, claim, "discharge_summary").state is LineState.NOT_NEEDED


def test_what_figures_answer_is_not_asked(session: Session) -> None:
    claim = make_claim(session)
    rule = line_of(session, claim, "refusal_notice").rule_id

    with pytest.raises(WrongState, match=r"completeness\.not_asked"):
        answer_condition(session, actor(session, "clerk"), rule, claim_id=claim, holds=True, now=NOW, today=TODAY)


def test_another_branch_neither_sees_nor_answers(session: Session) -> None:
    claim = make_claim(session)
    rule = line_of(session, claim, "discharge_summary").rule_id

    with pytest.raises(NotFound):
        answer_condition(session, actor(session, "clerk_west"), rule, claim_id=claim, holds=True, now=NOW, today=TODAY)
    with pytest.raises(NotAllowed):
        answer_condition(session, actor(session, "manager"), rule, claim_id=claim, holds=True, now=NOW, today=TODAY)


def test_filing_without_a_paper_opens_a_line_until_a_day(session: Session) -> None:
    claim = make_claim(session)

    [missing] = owe(session, claim, "bank_card")

    row = session.get_one(MissingPaper, missing)
    assert (row.state, row.due_on, row.reason) == ("open", TODAY + timedelta(days=10), "客户在外地，约定寄来")
    assert line_of(session, claim, "bank_card").state is LineState.OWED
    assert [one.id for one in open_missing(session, claim_id=claim)] == [missing]


@pytest.mark.parametrize("code", ["claim_request", "refusal_notice", "discharge_summary"])
def test_only_what_is_missing_can_be_owed(session: Session, code: str) -> None:
    claim = make_claim(session)
    bring(session, claim, "claim_request")

    with pytest.raises(Invalid):
        owe(session, claim, code)
    assert open_missing(session, claim_id=claim) == []


def test_nothing_is_owed_twice_nor_without_reason_nor_until_yesterday(session: Session) -> None:
    claim = make_claim(session)
    owe(session, claim, "bank_card")

    with pytest.raises(Invalid):
        owe(session, claim, "bank_card")
    with pytest.raises(Invalid):
        owe(session, claim, "claim_request", due_on=TODAY - timedelta(days=1))


def test_a_paper_that_comes_closes_what_was_owed(session: Session) -> None:
    claim = make_claim(session)
    [missing] = owe(session, claim, "bank_card")
    other = make_claim(session, session.get_one(Claim, claim).policy_id, number="C2026-000457")
    [still] = owe(session, other, "bank_card")
    document = bring(session, claim, "bank_card")

    closed = note_received(session, document, now=NOW)

    row = session.get_one(MissingPaper, missing)
    assert closed == [missing]
    assert (row.state, row.document_id) == ("received", document.id)
    assert session.get_one(MissingPaper, still).state == "open"
    assert note_received(session, document, now=NOW) == []


def test_an_identity_card_closes_what_is_owed_of_it_anywhere(session: Session) -> None:
    claim = make_claim(session)
    [missing] = owe(session, claim, "identity_card")
    document = session.get_one(Document, make_document(session, session.get_one(Claim, claim).customer_id))
    document.paper_type_id = paper(session, "identity_card")

    note_received(session, document, now=NOW)

    assert session.get_one(MissingPaper, missing).state == "received"


def test_a_manager_grants_a_waiver_and_the_paper_is_no_longer_needed(session: Session) -> None:
    claim = make_claim(session)
    needed = listed(session, claim).needed
    missing = wish(session, claim, "diagnosis_certificate")
    asked = line_of(session, claim, "diagnosis_certificate").state

    decide_waiver(session, actor(session, "manager"), missing, granted=True, version=1, now=NOW)

    assert asked is LineState.WAIVER
    assert line_of(session, claim, "diagnosis_certificate").state is LineState.WAIVED
    assert listed(session, claim).needed == needed - 1


def test_nobody_grants_his_own_waiver(session: Session) -> None:
    claim = make_claim(session)
    missing = wish(session, claim, "diagnosis_certificate")
    session.get_one(MissingPaper, missing).waiver_asked_by = actor(session, "manager").account_id
    session.flush()

    with pytest.raises(WrongState, match=r"missing\.own_waiver"):
        decide_waiver(session, actor(session, "manager"), missing, granted=True, version=1, now=NOW)
    with pytest.raises(NotAllowed):
        decide_waiver(session, actor(session, "archivist"), missing, granted=True, version=1, now=NOW)


def test_a_refused_waiver_is_owed_as_before(session: Session) -> None:
    claim = make_claim(session)
    [missing] = owe(session, claim, "diagnosis_certificate")
    assert wish(session, claim, "diagnosis_certificate") == missing
    manager = actor(session, "manager")

    with pytest.raises(Invalid):
        decide_waiver(session, manager, missing, granted=False, version=2, now=NOW)
    decide_waiver(session, manager, missing, granted=False, reason="可以补开", version=2, now=NOW)

    assert line_of(session, claim, "diagnosis_certificate").state is LineState.OWED
    with pytest.raises(ChangedMeanwhile):
        decide_waiver(session, manager, missing, granted=True, version=2, now=NOW)
    with pytest.raises(WrongState):
        decide_waiver(session, manager, missing, granted=True, version=3, now=NOW)


def test_a_letter_waits_until_every_question_is_answered(session: Session) -> None:
    claim = make_claim(session)

    with pytest.raises(WrongState, match=r"supplement\.not_answered"):
        letter(session, claim)


def test_a_letter_lists_everything_and_a_second_one_needs_a_reason(session: Session) -> None:
    claim = make_claim(session)
    answer_all(session, claim)
    owe(session, claim, "bank_card")
    bring(session, claim, "claim_request")

    notice = session.get_one(SupplementNotice, letter(session, claim))

    names = [line.name for line in listed(session, claim).missing]
    assert [row[0] for row in notice.papers] == names
    assert "银行卡复印件" in names and "理赔申请书" not in names
    assert open_missing(session, claim_id=claim)[0].notice_id == notice.id
    with pytest.raises(Invalid):
        letter(session, claim)
    assert session.get_one(SupplementNotice, letter(session, claim, "客户补报了住院")).again_reason == "客户补报了住院"
    laid = letter_of(session, notice)
    assert laid.number == notice.number and "王芳" in laid.addressee
    assert any("银行卡复印件（复印件，1份）" in paper for paper in laid.parts[0].paragraphs)


def test_a_letter_with_nothing_missing_is_not_written(session: Session) -> None:
    claim = make_claim(session)
    answer_all(session, claim)
    for line in listed(session, claim).missing:
        bring(session, claim, line.code)

    assert listed(session, claim).is_complete
    with pytest.raises(WrongState, match=r"supplement\.nothing_missing"):
        letter(session, claim)


def test_telling_is_noted_once_and_stops_the_clock_of_the_claim(session: Session) -> None:
    claim = make_claim(session, materials_received_on=TODAY - timedelta(days=2))
    answer_all(session, claim)
    notice = letter(session, claim)
    who = actor(session, "archivist")

    stopped = note_told(session, who, notice, TODAY, "post", now=NOW)

    event = session.scalars(select(ClockEvent).where(ClockEvent.kind == "supplements_asked")).one()
    assert stopped and event.holder_id == claim
    assert event.proof == session.get_one(SupplementNotice, notice).number
    with pytest.raises(WrongState):
        note_told(session, who, notice, TODAY, "post", now=NOW)


@pytest.mark.parametrize(("day", "how"), [(TODAY + timedelta(days=1), "post"), (None, "post"), (TODAY, "pigeon")])
def test_telling_has_a_day_and_a_way(session: Session, day: date | None, how: str) -> None:
    claim = make_claim(session)
    answer_all(session, claim)
    notice = letter(session, claim)

    with pytest.raises(Invalid):
        note_told(session, actor(session, "archivist"), notice, day, how, now=NOW)


def test_reminders_come_once_at_each_step_to_archivists_and_agent(session: Session) -> None:
    customer = make_customer(session, agent_id=131)
    claim = make_claim(session, make_policy(session, customer))
    [missing] = owe(session, claim, "bank_card", due_on=TODAY + timedelta(days=7))
    given = []

    for passed in range(30):
        day = TODAY + timedelta(days=passed)
        if missing in papers_to_remind(session, today=day) and remind(session, missing, now=NOW, today=day):
            given.append(passed - 7)
        assert not remind(session, missing, now=NOW, today=day)

    told = session.scalars(select(Notice).where(Notice.kind.in_(("missing_due", "missing_overdue")))).all()
    assert given == [-7, -1, 0, 7, 15]
    assert {notice.account_id for notice in told} == {111, 131}
    assert [notice.kind for notice in told if notice.account_id == 131].count("missing_overdue") == 2
    assert "王芳" not in str([notice.details for notice in told])


def test_a_moved_day_is_reminded_of_anew(session: Session) -> None:
    claim = make_claim(session)
    [missing] = owe(session, claim, "bank_card", due_on=TODAY)
    assert remind(session, missing, now=NOW, today=TODAY)
    who = actor(session, "archivist")

    move_due(session, who, missing, TODAY + timedelta(days=1), "快递延误", version=1, now=NOW, today=TODAY)

    assert remind(session, missing, now=NOW, today=TODAY)


def letter(session: Session, claim_id: int, again: str = "") -> int:
    return write_notice(
        session,
        actor(session, "archivist"),
        claim_id=claim_id,
        business=CLAIM,
        again_reason=again,
        now=NOW,
        today=TODAY,
    )


def test_the_register_prints_a_line_for_each_owed_paper(session: Session) -> None:
    claim = make_claim(session)
    owe(session, claim, "bank_card", due_on=TODAY)
    owe(session, claim, "claim_request")
    note_received(session, bring(session, claim, "claim_request"), now=NOW + timedelta(days=12))

    lines = list(READER.rows(session, actor(session, "archivist"), RegisterFilter()))

    assert {len(line) for line in lines} == {len(FORMS[RegisterKind.MISSING_PAPERS].columns) - 1}
    assert lines[0][:7] == ["王*", "C2026-000456", "理赔", "银行卡复印件", "复", "客户在外地，约定寄来", "20261122"]
    assert lines[1][7:10] == ["2", "已补齐", "档案甲"]
    assert READER.count(session, actor(session, "archivist"), RegisterFilter()) == 2
    assert list(READER.rows(session, actor(session, "archivist_west"), RegisterFilter())) == []


def test_receiving_a_paper_closes_what_was_owed_of_it(session: Session) -> None:
    claim = make_claim(session)
    [missing] = owe(session, claim, "bank_card")
    row = session.get_one(Claim, claim)

    document = make_document(
        session, row.customer_id, claim_id=claim, policy_id=row.policy_id, paper_type_id=paper(session, "bank_card")
    )

    kept = session.get_one(MissingPaper, missing)
    assert (kept.state, kept.document_id, kept.closed_by) == ("received", document, 111)
