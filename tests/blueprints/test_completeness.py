"""The screens of completeness: the panel, answers, filing without, waivers, letters, the register, rules and kinds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from app.domain.ids import encode_id
from app.domain.office_time import office_day
from app.models.claims import Claim
from app.models.completeness import CompletenessRule, MissingPaper, SupplementNotice
from app.models.intake import PaperType
from app.queries.completeness import checklist
from app.services.paper_type_changes import TypedKind
from tests.client import Browser, Portal
from tests.records import make_claim
from tests.services.test_missing import answer_all, bring, owe, paper, wish

TODAY = office_day(datetime.now(UTC))  # the portal goes by the clock on the wall
DUE = (TODAY + timedelta(days=10)).isoformat()
REASON = "客户在外地，约定寄来"


def arrange(portal: Portal, *, answered: bool = False) -> int:
    """A claim for a stay in hospital."""
    with portal.session() as session:
        claim = make_claim(session)
        if answered:
            answer_all(session, claim)
        session.commit()
    return claim


def at(claim: int, rest: str = "") -> str:
    return f"/completeness/claims/{encode_id(claim)}{rest}"


def kind(portal: Portal, code: str) -> str:
    with portal.session() as session:
        return encode_id(paper(session, code))


def stored(portal: Portal) -> list[MissingPaper]:
    with portal.session() as session:
        return list(session.scalars(select(MissingPaper).order_by(MissingPaper.id)))


def head(portal: Portal) -> Browser:
    return portal.browser("archivist_head", stepped_up=True)


def test_the_page_of_a_claim_says_what_is_missing_with_the_way_to_get_it(portal: Portal) -> None:
    claim = arrange(portal)

    page = portal.browser("archivist").get(f"/claims/{encode_id(claim)}").text

    assert "单证齐全" in page and "0 / " in page
    assert "理赔申请书" in page and "保险法第二十二条" in page
    assert "paper=claim_request" in page
    assert "条件：住过院" in page


def test_the_page_of_a_policy_has_its_checklists(portal: Portal) -> None:
    claim = arrange(portal)
    with portal.session() as session:
        policy = encode_id(session.get_one(Claim, claim).policy_id)
    browser = portal.browser("archivist")

    assert "投保提示书" in browser.get(f"/policies/{policy}").text
    assert "保全变更申请书" in browser.get(f"/completeness/policies/{policy}?business=servicing").text
    browser.get(f"/completeness/policies/{policy}?business=claim", status=404)
    browser.get(f"/completeness/policies/{policy}?business=%00", status=404)


def test_an_answer_is_kept_and_leads_back_to_where_it_was_given(portal: Portal) -> None:
    claim = arrange(portal)
    with portal.session() as session:
        found = checklist(session, business="claim", claim_id=claim, today=TODAY)
    line = next(one for one in found.asked if one.code == "discharge_summary")
    browser = portal.browser("clerk")
    browser.get(f"/claims/{encode_id(claim)}")

    answer = browser.post(at(claim, "/answers"), {"rule": encode_id(line.rule_id), "holds": "yes", "from": "page"})

    assert answer.headers["Location"].endswith(f"/claims/{encode_id(claim)}#papers")
    assert "条件：住过院" not in browser.get(f"/claims/{encode_id(claim)}").text.split("出院小结")[0][-200:]
    assert "请回答" in browser.post(at(claim, "/answers"), {"rule": encode_id(line.rule_id)}, status=422).text
    browser.post(at(claim, "/answers"), {"rule": "zzz", "holds": "yes"}, status=404)
    portal.browser("clerk_west").post(
        at(claim, "/answers"), {"rule": encode_id(line.rule_id), "holds": "no"}, status=404
    )


def test_filing_without_papers_opens_their_lines_once(portal: Portal) -> None:
    claim = arrange(portal)
    browser = portal.browser("archivist")
    with portal.session() as session:
        papers = [str(paper(session, code)) for code in ("bank_card", "claim_request")]
    form = {"papers": papers, "reason": REASON, "due_on": DUE, "idempotency_key": "once"}

    browser.post(at(claim, "/without"), form)
    browser.post(at(claim, "/without"), form)

    assert [(row.state, row.due_on.isoformat()) for row in stored(portal)] == [("open", DUE)] * 2
    page = browser.get("/completeness/missing").text
    assert "银行卡复印件" in page and REASON in page and "C2026-000456" in page and "王芳" not in page
    assert "没有欠件" in portal.browser("archivist_west").get("/completeness/missing").text


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"reason": ""}, "请写明原因"),
        ({"reason": "长" * 201}, "200"),
        ({"due_on": "2020-01-01"}, "应补日期应在今天以后"),
        ({"due_on": "不是日子"}, REASON),
        ({"papers": []}, "仍然缺少的单证"),
        ({"papers": ["999"]}, REASON),
        ({"papers": ["x"]}, REASON),
    ],
)
def test_what_cannot_be_kept_is_said_and_nothing_is_lost(portal: Portal, changed: dict[str, Any], said: str) -> None:
    claim = arrange(portal)
    with portal.session() as session:
        papers = [str(paper(session, "bank_card"))]
    form = {"papers": papers, "reason": REASON, "due_on": DUE, "idempotency_key": "k", **changed}

    page = portal.browser("archivist").post(at(claim, "/without"), form, status=422).text

    assert said in page
    assert stored(portal) == []


def test_a_waiver_goes_to_the_manager_who_decides(portal: Portal) -> None:
    claim = arrange(portal)
    archivist, manager = portal.browser("archivist"), portal.browser("manager")
    asked = {"paper": kind(portal, "diagnosis_certificate"), "reason": "医院已撤并"}

    assert "请写明原因" in archivist.post(at(claim, "/waivers"), {**asked, "reason": " "}, status=422).text
    archivist.post(at(claim, "/waivers"), asked)
    [row] = stored(portal)
    path = f"/completeness/missing/{encode_id(row.id)}/waiver"
    assert "医院已撤并" in manager.get("/completeness/missing?state=waiver").text
    archivist.post(path, {"version": "1", "verdict": "granted"}, status=403)
    assert "请写明原因" in manager.post(path, {"version": "1", "verdict": "refused"}, status=422).text
    assert "刚刚有变化" in manager.post(path, {"version": "9", "verdict": "granted"}, status=409).text
    manager.post(path, {"version": "1", "verdict": "granted"})

    assert [row.state for row in stored(portal)] == ["waived"]
    assert "没有待审批" in manager.post(path, {"version": "2", "verdict": "granted"}, status=422).text


def test_a_day_is_moved_with_a_reason(portal: Portal) -> None:
    claim = arrange(portal)
    with portal.session() as session:
        [missing] = owe(session, claim, "bank_card")
        session.commit()
    browser, path = portal.browser("archivist"), f"/completeness/missing/{encode_id(missing)}/due"
    later = (TODAY + timedelta(days=30)).isoformat()

    browser.get("/completeness/missing")
    assert "请写明原因" in browser.post(path, {"version": "1", "due_on": later}, status=422).text
    assert "一年以内" in browser.post(path, {"version": "1", "due_on": "2036-01-01", "reason": "x"}, status=422).text
    browser.post(path, {"version": "1", "due_on": later, "reason": "快递延误"})

    assert stored(portal)[0].due_on.isoformat() == later


def test_one_letter_lists_everything_is_kept_and_told_of(portal: Portal) -> None:
    claim = arrange(portal, answered=True)
    browser = portal.browser("archivist")

    browser.post(at(claim, "/letters"), {"due_on": DUE, "idempotency_key": "one"})

    with portal.session() as session:
        notice = session.scalars(select(SupplementNotice)).one()
    pdf = browser.get(f"/completeness/letters/{encode_id(notice.id)}.pdf")
    assert pdf.data[:4] == b"%PDF" and notice.blob_digest
    assert notice.number in browser.get(at(claim)).text
    portal.browser("archivist_west").get(f"/completeness/letters/{encode_id(notice.id)}.pdf", status=404)
    again = browser.post(at(claim, "/letters"), {"due_on": DUE, "idempotency_key": "two"}, status=422)
    assert "已经发过补件通知" in again.text
    told = f"/completeness/letters/{encode_id(notice.id)}/told"
    assert "请选择" in browser.post(told, {"told_on": "", "told_how": "post"}, status=422).text
    browser.post(told, {"told_on": TODAY.isoformat(), "told_how": "pigeon"}, status=422)
    browser.post(told, {"told_on": TODAY.isoformat(), "told_how": "post"})
    assert "邮寄" in browser.get(at(claim)).text


def test_a_letter_is_not_written_before_every_question_is_answered(portal: Portal) -> None:
    claim = arrange(portal)

    page = portal.browser("archivist").post(at(claim, "/letters"), {"due_on": DUE}, status=422).text

    assert "还有条件没有确认" in page


def test_the_register_is_narrowed_sorted_and_paged(portal: Portal) -> None:
    claim = arrange(portal)
    with portal.session() as session:
        owe(session, claim, "bank_card", due_on=TODAY + timedelta(days=3))
        owe(session, claim, "claim_request")
        wish(session, claim, "diagnosis_certificate")
        bring(session, claim, "identity_card")
        session.commit()
    browser = portal.browser("manager")

    assert browser.get("/completeness/missing").text.count('data-label="缺件原因"') == 3
    assert browser.get("/completeness/missing?state=overdue").text.count('data-label="缺件原因"') == 0
    assert browser.get("/completeness/missing?state=waiver").text.count('data-label="缺件原因"') == 1
    assert (
        browser.get(f"/completeness/missing?before={TODAY + timedelta(days=5)}").text.count('data-label="缺件原因"')
        == 1
    )
    assert browser.get("/completeness/missing?business=application").text.count('data-label="缺件原因"') == 0
    assert "理赔申请书" in browser.get("/completeness/missing?sort=due_desc&state=all", htmx=True).text
    for odd in ("state=%00", "branch=x", "before=never", "sort=x", "at=zzz", "business=x"):
        browser.get(f"/completeness/missing?{odd}")


NEW_RULE = {
    "business": "claim",
    "line": "",
    "customer_kind": "",
    "channel": "",
    "claim_kind": "inpatient",
    "need": "conditional",
    "condition": "索赔金额 >= 1万",
    "condition_words": "索赔满一万元",
    "form": "original",
    "copies": "1",
    "hint": "",
    "basis": "本公司理赔〔2026〕3号",
    "effective_from": TODAY.isoformat(),
    "idempotency_key": "rule",
}


def rule_form(portal: Portal, **changed: str) -> dict[str, str]:
    with portal.session() as session:
        return {**NEW_RULE, "paper_type_id": str(paper(session, "lawyer_letter")), **changed}


def test_a_new_rule_is_tried_first_and_then_asks_for_its_paper(portal: Portal) -> None:
    claim = arrange(portal)
    browser = head(portal)

    tried = browser.post(
        "/completeness/rules/new", rule_form(portal, number="C2026-000456", **{"try": "1"}), status=200
    )
    browser.post("/completeness/rules/new", rule_form(portal))

    assert "需要这份单证" in tried.text and "索赔金额：18600" in tried.text
    page = portal.browser("archivist").get(at(claim)).text
    assert "律师函" in page and "索赔满一万元" in page
    assert "本公司理赔〔2026〕3号" in browser.get("/completeness/rules?business=claim&claim_kind=inpatient").text


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"condition": "索赔金额 >="}, "第 8 个字符处：条件没有写完"),
        ({"condition": "身高 > 3"}, "第 1 个字符“身高”处：条件里有不认识的项目"),
        ({"condition": "line = motr"}, "第 8 个字符“motr”处"),
        ({"condition": ""}, "请写明条件"),
        ({"condition_words": ""}, "请用一句话说明条件"),
        ({"basis": " "}, "请写明依据"),
        ({"copies": "0"}, "份数应为 1 至 9"),
        ({"effective_from": "2020-01-01"}, "施行日期不能早于今天"),
        ({"business": "application"}, "只有理赔业务"),
        ({"need": "required"}, "必备单证不设条件"),
        ({"paper_type_id": "x"}, "单证"),
        ({"line": "submarine"}, "险种"),
        ({"number": "无此号", "try": "1"}, "没有找到这个号码"),
    ],
)
def test_a_rule_that_cannot_be_kept_says_why(portal: Portal, changed: dict[str, str], said: str) -> None:
    page = head(portal).post("/completeness/rules/new", rule_form(portal, **changed), status=422).text

    assert said in page
    with portal.session() as session:
        assert session.scalar(select(func.count()).where(CompletenessRule.basis == NEW_RULE["basis"])) == 0


def test_a_changed_rule_is_a_new_one_and_the_old_keeps_its_text(portal: Portal) -> None:
    browser = head(portal)
    browser.post("/completeness/rules/new", rule_form(portal))
    with portal.session() as session:
        old = session.scalars(select(CompletenessRule).where(CompletenessRule.basis == NEW_RULE["basis"])).one()
    path = f"/completeness/rules/{encode_id(old.id)}/edit"
    later = (TODAY + timedelta(days=1)).isoformat()
    form = rule_form(portal, basis="本公司理赔〔2026〕9号", version="1", effective_from=later)

    assert "本公司理赔〔2026〕3号" in browser.get(path).text
    browser.post(path, form)

    with portal.session() as session:
        kept = session.get_one(CompletenessRule, old.id)
        assert (kept.basis, kept.effective_to) == (NEW_RULE["basis"], TODAY)
    assert "将施行" in browser.get("/completeness/rules?business=claim").text
    assert "已经停用或被新规则取代" in browser.post(path, {**form, "version": "2"}, status=422).text
    browser.post(path, {**form, "version": "1"}, status=409)


def test_a_rule_that_is_switched_off_asks_no_more(portal: Portal) -> None:
    claim = arrange(portal)
    browser = head(portal)
    with portal.session() as session:
        line = next(
            one
            for one in checklist(session, business="claim", claim_id=claim, today=TODAY).lines
            if one.code == "bank_card"
        )
    path = f"/completeness/rules/{encode_id(line.rule_id)}/off"

    browser.post(path, {"version": "9"}, status=409)
    browser.post(path, {"version": "1"})

    assert "银行卡复印件" not in portal.browser("archivist").get(at(claim)).text
    assert "银行卡复印件" in browser.get("/completeness/rules?business=claim&past=1").text
    assert "已停用" in browser.post(path, {"version": "2"}, status=422).text


def test_the_house_keeps_the_rules_and_everybody_else_reads_them(portal: Portal) -> None:
    east = portal.browser("archivist", stepped_up=True)

    assert "此处只能查看" in east.get("/completeness/rules").text
    east.post("/completeness/rules/new", rule_form(portal), status=403)
    assert "此处只能查看" in portal.browser("manager").get("/completeness/types").text
    for odd in ("business=x", "line=%00", "claim_kind=x", "past=2"):
        east.get(f"/completeness/rules?{odd}")


def test_a_kind_of_paper_is_added_and_changed(portal: Portal) -> None:
    browser = head(portal)
    with portal.session() as session:
        category = str(session.scalars(select(PaperType.category_id).where(PaperType.code == "notice")).one())
    form = {"name": "反欺诈提示函", "code": "fraud_letter", "business": "claim", "category_id": category, "active": "y"}

    browser.post("/completeness/types/new", {**form, "title_pattern": "{name}反欺诈提示函", "idempotency_key": "t"})

    with portal.session() as session:
        made = session.scalars(select(PaperType).where(PaperType.code == "fraud_letter")).one()
    path = f"/completeness/types/{encode_id(made.id)}/edit"
    assert "反欺诈提示函" in browser.get(path).text
    browser.post(path, {**form, "name": "反欺诈告知函", "version": "1"})
    assert "反欺诈告知函" in browser.get("/completeness/types").text
    assert "只能使用" in browser.post(path, {**form, "title_pattern": "{age}", "version": "2"}, status=422).text
    assert "只能使用" in browser.post(path, {**form, "title_pattern": "{name", "version": "2"}, status=422).text
    assert "同名" in browser.post("/completeness/types/new", {**form, "name": "投保单", "code": "x1"}, status=422).text
    assert (
        "代码由小写字母"
        in browser.post("/completeness/types/new", {**form, "name": "新", "code": "A B"}, status=422).text
    )


def test_a_kind_that_rules_ask_for_stays_in_use(portal: Portal) -> None:
    with portal.session() as session:
        row = session.scalars(select(PaperType).where(PaperType.code == "notice")).one()
    form = {"name": row.name, "business": row.business, "category_id": str(row.category_id), "version": "1"}

    page = head(portal).post(f"/completeness/types/{encode_id(row.id)}/edit", form, status=422).text

    assert "还有现行规则要求" in page
    assert TypedKind(row.name, row.business, row.category_id).active


@pytest.mark.parametrize(
    ("name", "value", "status"),
    [
        ("missing_due_days", "20", 303),
        ("missing_due_days", "0", 422),
        ("missing_due_days", "三十", 422),
        ("missing_reminder_days", "-3 0 3", 303),
        ("missing_reminder_days", "3 0", 422),
        ("missing_reminder_days", "² 3", 422),
        ("missing_other", "1", 404),
    ],
)
def test_the_days_are_set_with_a_basis(portal: Portal, name: str, value: str, status: int) -> None:
    form = {"value": value, "basis": "本公司单证〔2026〕1号", "version": "0"}

    head(portal).post(f"/completeness/rules/days/{name}", form, status=status)


def test_what_came_overdue_says_for_how_long(portal: Portal) -> None:
    claim = arrange(portal)
    with portal.session() as session:
        [missing] = owe(session, claim, "bank_card")
        session.get_one(MissingPaper, missing).due_on = TODAY - timedelta(days=10)
        session.commit()

    page = portal.browser("archivist").get("/completeness/missing?state=overdue").text

    assert "逾期 10 天" in page
