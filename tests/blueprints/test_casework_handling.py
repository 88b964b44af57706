"""The page of a case and the steps of handling it, driven as people do."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from app.blueprints.casework import handling_forms, outcome_forms
from app.domain.ids import encode_id
from app.models.cases import Case, CaseBar, CaseNotification
from app.models.clocks import ClockEvent
from app.models.machinery import TrailEntry
from tests.blueprints.casework_browsing import arrange, typed
from tests.cast import EAST_CITY, PEOPLE, WEST
from tests.client import Portal

CLERK = PEOPLE["clerk"][0]
TOKEN = re.compile(r"[\w=-]{80,}")  # of forms: another on every page
TOLD = {"told_channel": "phone", "told_proof": "LY-20261122-07", "told_receiver": "", "told_note": ""}
EXPERT = {"ground": "appraisal", "about": "笔迹鉴定", "proof": "JD-2026-12"}
ROUTES = {
    "accept": {"declares": "y"},
    "declare": {"declares": "y"},
    "decline": {"exception": "not_ours", "reason": "他司"},
    "withdraw": {"by": "本人", "proof": "CH-1"},
    "transfer": {"branch_id": str(WEST), "reason": "误收"},
    "classify": {"reason": "复杂"},
    "pause": {**EXPERT, **TOLD},
    "resume": {"pause": "appraisal|", "proof": "BG-1"},
    "new-facts": {"reason": "录音"},
    "agree-notice": {"agreed_on": "2030-01-01", "proof": "YD-1"},
    "merge": {"direction": "into", "other": "TS2026-000001", "reason": "同一"},
    "strike": {"event": encode_id(7), "reason": "误记"},
    "tell": {"about": "accepted", **TOLD},
    "extension": {"authority": "superior", "reason": "排期"},
    "extension/decide": {"verdict": "approve", "answer": "同意"},
    "extension/tell": TOLD,
    "reveal": {"field": "phone", "reason": "联系投诉人"},
}


def act(
    portal: Portal, who: str, path: str, name: str, *, ago: timedelta = timedelta(), status: int = 303, **fields: Any
) -> Any:
    """Take a step with the version and the moment that the page shows."""
    browser = portal.browser(who)
    sent = typed(browser.get(path).text, before=ago)
    sent["told_at"] = sent["moment"]
    return browser.post(f"{path}/{name}", {**sent, **ROUTES.get(name, {}), **fields}, status=status)


def load(portal: Portal, case_id: int) -> Case:
    """The case as it is now."""
    with portal.session() as session:
        return session.get_one(Case, case_id)


def bar(portal: Portal, case_id: int, who: str) -> None:
    """Bar somebody."""
    with portal.session() as session:
        session.add(
            CaseBar(case_id=case_id, account_id=PEOPLE[who][0], relation="interest", barred_at=datetime.now(UTC))
        )
        session.commit()


def test_the_page_shows_the_register_masked_and_the_clock_with_its_articles(portal: Portal) -> None:
    path, _ = arrange(portal)

    page = portal.browser("clerk").get(path).text

    with portal.session() as session:
        seen = session.scalars(select(TrailEntry.event).where(TrailEntry.object_kind == "case")).all()
    assert "申屠**" in page
    assert "申屠望舒" not in page
    assert "139****0001" in page
    assert "clock-bar" in page
    assert "第十八条" in page
    assert "case_viewed" in seen


def test_a_case_goes_from_acceptance_to_an_extension_that_works(portal: Portal) -> None:
    path, case_id = arrange(
        portal, "clerk_city", branch_id=EAST_CITY, received_at=datetime.now(UTC) - timedelta(days=10)
    )
    due = load(portal, case_id).due_on
    assert due is not None
    hours = timedelta(hours=1)

    act(portal, "clerk_city", path, "accept", ago=9 * hours)
    act(portal, "clerk_city", path, "pause", ago=timedelta(days=4))
    paused = portal.browser("clerk_city").get(path).text
    act(portal, "clerk_city", path, "resume", ago=timedelta(days=1), pause="appraisal|笔迹鉴定")
    assert load(portal, case_id).due_on == due + timedelta(days=3)
    act(portal, "clerk_city", path, "classify", ago=5 * hours)
    act(portal, "clerk_city", path, "extension", ago=4 * hours)
    listed = portal.browser("manager").get("/casework/approvals").text
    act(portal, "manager", path, "extension/decide", ago=3 * hours)
    assert not load(portal, case_id).is_extended
    act(portal, "clerk_city", path, "extension/tell")

    case, page = load(portal, case_id), portal.browser("clerk_city").get(path).text
    assert "恢复计时" in paused
    assert "clock-paused" in paused
    assert case.number in listed
    assert (case.is_complex, case.is_extended, case.due_on) == (True, True, due + timedelta(days=3 + 15 + 30))
    assert "LY-20261122-07" in page
    assert "笔迹鉴定" in page
    assert case.number not in portal.browser("manager").get("/casework/approvals").text


BAD: list[tuple[str, dict[str, Any], str, str]] = [
    ("pause", {"told_proof": "", "about": "车损鉴定"}, "请填写告知凭证的编号", "车损鉴定"),
    ("pause", {"ground": "", "about": "车损鉴定"}, "请选择一项", "车损鉴定"),
    ("pause", {"told_channel": "unreachable", "told_note": "打过一次"}, "至少写明两次", "打过一次"),
    ("classify", {"moment": "昨天", "reason": "多家机构"}, "2026-11-22 09:30", "多家机构"),
    ("classify", {"moment": "2099-01-01T00:00", "reason": "多家机构"}, "moment-error", "多家机构"),
    ("classify", {"moment": "0001-01-01T00:00", "reason": "多家机构"}, "moment-error", "多家机构"),
    ("decline", {"exception": "", "reason": "不想办"}, "请选择一项", "不想办"),
    ("decline", {"exception": "other", "reason": "不想办"}, "请从列表中选择", "不想办"),
    ("transfer", {"branch_id": "", "reason": "误收了"}, "另一个机构", "误收了"),
    ("transfer", {"branch_id": "x", "reason": "误收了"}, "branch_id-error", "误收了"),
    ("merge", {"other": "TS1999-000001"}, "没有这个编号的投诉", "TS1999-000001"),
    ("agree-notice", {"agreed_on": "2020-01-01", "proof": "YD-9"}, "agreed_on-error", "YD-9"),
    ("agree-notice", {"agreed_on": "soon", "proof": "YD-9"}, "agreed_on-error", "YD-9"),
    ("withdraw", {"by": "", "proof": "CH-9"}, "由谁撤回", "CH-9"),
    ("tell", {"about": "decision", "told_note": "说明文字"}, "请从列表中选择", "说明文字"),
    ("strike", {"event": "spoilt", "reason": "写错了"}, "请从列表中选择", "写错了"),
]


def test_bad_forms_come_back_with_what_was_typed(portal: Portal) -> None:
    path, case_id = arrange(portal, handler_id=CLERK)
    before, browser = load(portal, case_id).version, portal.browser("clerk")
    sent = typed(browser.get(path).text)

    for name, fields, sentence, kept in BAD:
        form = {**sent, "told_at": sent["moment"], **ROUTES[name], **fields}
        page = browser.post(f"{path}/{name}", form, status=422).text
        assert sentence in page, (name, fields)
        assert kept in page, (name, fields)

    assert load(portal, case_id).version == before


def test_who_was_overtaken_reads_why_and_can_send_again_what_he_typed(portal: Portal) -> None:
    path, case_id = arrange(portal, handler_id=CLERK)

    page = act(portal, "clerk", path, "classify", status=409, version="999", reason="须向三家机构核实")

    assert "刚刚有变化" in page.text
    assert "须向三家机构核实" in page.text
    act(portal, "clerk", path, "classify", **typed(page.text), reason="须向三家机构核实")
    assert load(portal, case_id).is_complex


def test_a_step_that_the_state_does_not_allow_says_so_and_loses_nothing(portal: Portal) -> None:
    path, _ = arrange(portal)

    page = act(portal, "clerk", path, "classify", status=409, reason="须向三家机构核实").text

    assert "待受理" in page
    assert "须向三家机构核实" in page


def test_a_mistaken_pause_is_struck_out(portal: Portal) -> None:
    path, case_id = arrange(portal, handler_id=CLERK)
    act(portal, "clerk", path, "pause")
    with portal.session() as session:
        event = session.scalars(select(ClockEvent).where(ClockEvent.kind == "pause_begun")).one()

    act(portal, "clerk", path, "strike", event=encode_id(event.id), reason="登记在了别的案件")

    page = portal.browser("clerk").get(path).text
    assert load(portal, case_id).clock_state == "running"
    assert "登记在了别的案件" in page
    assert "<del>" in page


def test_two_complaints_of_one_person_are_merged_from_the_page(portal: Portal) -> None:
    path, case_id = arrange(portal, handler_id=CLERK)
    other_path, other_id = arrange(portal)

    act(portal, "clerk", other_path, "merge", other=load(portal, case_id).number)

    assert load(portal, other_id).merged_into_id == case_id
    assert load(portal, other_id).number in portal.browser("clerk").get(path).text


def test_a_telling_of_its_own_stands_in_the_table(portal: Portal) -> None:
    path, _ = arrange(portal, handler_id=CLERK)

    act(portal, "clerk", path, "tell", told_receiver="申屠望舒")

    with portal.session() as session:
        row = session.scalars(select(CaseNotification)).one()
    assert (row.about, row.receiver) == ("accepted", "申屠望舒")
    assert "LY-20261122-07" in portal.browser("clerk").get(path).text


def test_who_hands_a_case_on_and_sees_it_no_more_goes_to_the_list(portal: Portal) -> None:
    path, case_id = arrange(portal, "manager", handler_id=CLERK)

    answer = act(portal, "clerk", path, "transfer", branch_id=str(WEST))

    assert answer.headers["Location"] == "/casework"
    portal.browser("clerk").get(path, status=404)
    assert load(portal, case_id).branch_id == WEST
    portal.browser("manager_west").get(path)


def test_a_masked_value_is_shown_for_a_reason(portal: Portal) -> None:
    path, _ = arrange(portal, handler_id=CLERK)
    browser = portal.browser("clerk")
    browser.get(path)

    refused = browser.post(f"{path}/reveal", {"field": "phone"}, status=422).text
    shown = browser.post(f"{path}/reveal", {"field": "phone", "reason": "联系投诉人"}, status=200).text
    fragment = browser.post(f"{path}/reveal", {"field": "name", "reason": "联系投诉人"}, status=200, htmx=True).text
    browser.post(f"{path}/reveal", {"field": "decision", "reason": "联系投诉人"}, status=404)

    assert "请选择查看事由" in refused
    assert "13900000001" in shown
    assert "申屠望舒" in fragment


def test_who_is_barred_gets_the_page_of_a_case_that_does_not_exist(portal: Portal) -> None:
    path, case_id = arrange(portal, handler_id=CLERK)
    bar(portal, case_id, "manager")
    browser = portal.browser("manager")

    def answer(at: str, name: str) -> str:
        if not name:
            return TOKEN.sub("", browser.get(at, status=404).text)
        sent = {"version": "1", "moment": "2026-11-22T09:30", "told_at": "2026-11-22T09:30", **ROUTES[name]}
        return TOKEN.sub("", browser.post(f"{at}/{name}", sent, status=404).text)

    nowhere = f"/casework/{encode_id(case_id + 1)}"
    for name in ("", *ROUTES):
        assert answer(path, name) == answer(nowhere, name), name


def test_who_only_looks_is_offered_nothing_and_refused(portal: Portal) -> None:
    path, _ = arrange(portal, handler_id=CLERK)

    page = portal.browser("archivist").get(path).text

    assert "/pause" not in page
    assert "/reveal" not in page
    portal.browser("archivist_west").get(path, status=404)
    act(portal, "archivist", path, "classify", status=403)


def test_no_two_forms_of_the_page_have_one_name() -> None:
    talk = {"note", "attach"}

    assert not set(handling_forms.FORMS) & set(outcome_forms.FORMS)
    assert not talk & {*handling_forms.FORMS, *outcome_forms.FORMS}


def test_the_empty_list_of_approvals_says_what_would_stand_there(portal: Portal) -> None:
    assert "没有等您审批的事项" in portal.browser("manager").get("/casework/approvals").text
    portal.browser("clerk").get("/casework/approvals", status=403)


def test_an_agreed_day_is_on_the_page(portal: Portal) -> None:
    path, _ = arrange(portal, handler_id=CLERK)
    day = date.today() + timedelta(days=5)

    act(portal, "clerk", path, "agree-notice", agreed_on=day.isoformat())

    assert day.isoformat() in portal.browser("clerk").get(path).text
