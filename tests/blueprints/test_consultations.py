"""The screens of consultations and of the answers kept ready, driven as a clerk does."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import select

from app.domain.ids import encode_id
from app.models.cases import Case
from app.models.consultations import Consultation, ReadyAnswer
from tests.cast import PEOPLE
from tests.client import Browser, Portal
from tests.records import make_claim, make_customer, make_policy

FORM = {
    "channel": "call",
    "asker": "司空照临",
    "phone": "13900000001",
    "about": "service",
    "topic": "claim",
    "question": "询问理赔需要哪些材料。",
    "answer": "已告知材料清单。",
    "result": "answered",
    "asked_at": "2026-11-22T09:00",
    "branch_id": "2",
    "idempotency_key": "one-form",
}
PROMISED = {
    "result": "follow_up",
    "follow_up_on": "2030-01-01",
    "follow_up_by": str(PEOPLE["archivist"][0]),
    "answer": "",
}


def log(portal: Portal, who: str = "clerk", **fields: Any) -> str:
    """Log a consultation and return where it leads."""
    browser = portal.browser(who)
    browser.get("/consultations/new")
    return str(browser.post("/consultations/new", {**FORM, **fields}).headers["Location"])


def stored(portal: Portal) -> Consultation:
    """The one consultation."""
    with portal.session() as session:
        return session.scalars(select(Consultation)).one()


def known(portal: Portal) -> tuple[int, int, int]:
    """A customer with a policy and a claim."""
    with portal.session() as session:
        customer = make_customer(session, mobile="13812345678")
        policy = make_policy(session, customer)
        claim = make_claim(session, policy)
        session.commit()
    return customer, policy, claim


def fill(browser: Browser, do: str, *, htmx: bool = False, **fields: Any) -> str:
    """Press one of the form's buttons."""
    return browser.post("/consultations/new/fill", {**FORM, **fields, "do": do}, status=200, htmx=htmx).text


def test_a_question_is_logged_listed_and_shown_masked(portal: Portal) -> None:
    path = log(portal)

    listed = portal.browser("clerk").get("/consultations").text
    page = portal.browser("manager").get(path).text
    for text in (listed, page):
        assert "ZX" in text
        assert "司空照临" not in text
        assert "13900000001" not in text
    assert "已告知材料清单。" in page
    assert stored(portal).result == "answered"
    portal.browser("clerk_west").get(path, status=404)


def test_the_same_form_twice_is_one_consultation(portal: Portal) -> None:
    assert log(portal) == log(portal)


def test_an_incomplete_form_comes_back_with_everything_typed(portal: Portal) -> None:
    browser = portal.browser("clerk")
    browser.get("/consultations/new")

    page = browser.post("/consultations/new", {**FORM, "question": "", "result": "follow_up"}, status=422).text

    assert "请写下咨询内容" in page
    assert "请填写跟进日期" in page
    assert 'value="司空照临"' in page
    assert "已告知材料清单。" in page


def test_somebody_is_found_while_one_types_and_chosen_by_a_button(portal: Portal) -> None:
    customer, policy, claim = known(portal)
    browser = portal.browser("clerk")
    browser.get("/consultations/new")

    found = fill(browser, "find", who="王芳", asker="", phone="")
    chosen = fill(browser, f"choose:{encode_id(customer)}", htmx=True, asker="", phone="")

    assert f'value="choose:{encode_id(customer)}"' in found
    assert "138****5678" in found
    assert "王芳" not in re.sub(r'value="王芳"', "", found)
    assert f'<option value="{policy}">' in chosen
    assert f'<option value="{claim}">' in chosen
    assert "<html" not in chosen
    fields = {"customer": encode_id(customer), "policy_id": str(policy), "asker": "", "phone": ""}
    path = browser.post("/consultations/new", {**FORM, **fields}).headers["Location"]
    assert "王*" in browser.get(path).text
    assert (stored(portal).customer_id, stored(portal).phone) == (customer, "13812345678")
    assert "没有找到" in fill(portal.browser("clerk_west"), "find", who="王芳", asker="", branch_id="4")


@pytest.mark.parametrize("begin", ["customer", "policy", "claim"])
def test_the_address_names_what_the_question_is_about(portal: Portal, begin: str) -> None:
    ids = dict(zip(("customer", "policy", "claim"), known(portal), strict=True))

    page = portal.browser("clerk").get(f"/consultations/new?{begin}={encode_id(ids[begin])}").text

    assert encode_id(ids["customer"]) in page
    assert ("selected" in page.split('name="policy_id"')[1].split("</select>")[0]) or begin == "customer"
    portal.browser("clerk_west").get(f"/consultations/new?{begin}={encode_id(ids[begin])}", status=404)
    portal.browser("clerk").get(f"/consultations/new?{begin}=spoilt", status=404)


def test_phrases_and_answers_are_put_in_and_what_was_typed_stays(portal: Portal) -> None:
    browser = portal.browser("clerk")
    page = browser.get("/consultations/new").text
    answer = re.findall(r'value="answer:([0-9a-z]{13})"', page)[0]

    with_phrase = fill(browser, "phrase:1", question="客户张口就问：")
    with_answer = fill(browser, f"answer:{answer}", answer="")

    assert "客户张口就问：\n询问赔案办理进度。" in with_phrase.replace("\r", "")
    assert f'name="answer_id" type="hidden" value="{answer}"' in with_answer
    log(portal, answer_id=answer)
    with portal.session() as session:
        assert sum(session.scalars(select(ReadyAnswer.uses))) == 1
    for spoilt in ("phrase:99", "phrase:x", "nothing"):
        assert "询问理赔需要哪些材料。" in fill(browser, spoilt)
    browser.post("/consultations/new/fill", {**FORM, "do": "answer:spoilt"}, status=404)
    browser.post("/consultations/new/fill", {**FORM, "do": "answer:"}, status=404)


def test_answers_are_offered_by_words_and_by_topic(portal: Portal) -> None:
    browser = portal.browser("clerk")

    by_words, by_topic = fill(browser, "find", find="核查"), fill(browser, "topic", topic="surrender")

    assert "对投诉处理决定不服怎么办" in by_words
    assert "退保怎么办" in by_topic
    assert "询问退保的现金价值。" in by_topic


def test_a_promise_is_kept_on_its_page(portal: Portal) -> None:
    path = log(portal, **PROMISED)
    browser = portal.browser("archivist")
    assert "登记跟进" in browser.get(path).text

    refused = browser.post(f"{path}/follow-up", {"note": "", "version": "1"}, status=422).text
    browser.post(f"{path}/close", {"version": "1"}, status=409)
    browser.post(f"{path}/follow-up", {"note": "已电话答复。", "version": "1"})

    assert "请写明跟进情况" in refused
    page = browser.get(path).text
    assert "已跟进" in page
    assert "已电话答复。" in page
    browser.post(f"{path}/follow-up", {"note": "又一次", "version": "2"}, status=409)
    assert "ZX" not in browser.get("/consultations?open=1").text


def test_a_consultation_is_corrected_and_overtaken(portal: Portal) -> None:
    path = log(portal)
    browser = portal.browser("clerk")
    page = browser.get(f"{path}/edit").text
    assert "司空照临" not in page
    typed = {**FORM, "asker": "", "phone": "", "version": "1"}

    browser.post(f"{path}/edit", {**typed, "answer": ""}, status=422)
    browser.post(f"{path}/edit", {**typed, "answer": "补充告知时效。"})
    browser.post(f"{path}/edit", {**typed, "answer": "又改。"}, status=409)

    assert "补充告知时效。" in browser.get(path).text
    assert stored(portal).asker == "司空照临"


def test_what_was_passed_on_is_closed(portal: Portal) -> None:
    path = log(portal, result="passed_on", answer="")
    browser = portal.browser("clerk")
    browser.get(path)

    browser.post(f"{path}/close", {"version": "1"})

    assert stored(portal).closed_at is not None


def test_a_consultation_becomes_a_complaint_without_typing_again(portal: Portal) -> None:
    path = log(portal, "manager", result="complaint", answer="")
    assert path.startswith("/casework/new?consultation=")
    browser = portal.browser("manager")
    page = browser.get(path).text
    assert "询问理赔需要哪些材料。" in page

    fields = dict(re.findall(r'<input[^>]*name="([^"]+)"[^>]*type="hidden"[^>]*value="([^"]*)"', page))
    asked = stored(portal)
    typed = {
        **fields,
        "consultation": encode_id(asked.id),
        "branch_id": "2",
        "channel": "call",
        "received_at": "2026-11-22T09:00",
        "complainant_kind": "holder",
        "name": "司空照临",
        "phone": "13900000001",
        "request": "尽快答复。",
        "facts": "问了三次没有答复。",
        "dispute": "contract",
        "persons": "1",
        "idempotency_key": "case",
    }
    browser.post("/casework/new", typed)

    with portal.session() as session:
        case = session.scalars(select(Case)).one()
    assert (stored(portal).case_id, case.consultation_id) == (case.id, asked.id)
    shown = browser.get(f"/consultations/{encode_id(asked.id)}").text
    assert case.number in shown


def test_the_list_is_found_by_name_filtered_and_sorted(portal: Portal) -> None:
    log(portal)
    log(portal, asker="赵一二", topic="surrender", idempotency_key="two")
    browser = portal.browser("clerk")
    browser.get("/consultations")

    sealed = browser.post("/consultations", {"text": "司空照临"}).headers["Location"]

    assert "司空" not in sealed
    assert browser.get(sealed, htmx=True).text.count("ZX") == 1
    assert browser.get("/consultations?topic=surrender&channel=call&result=answered&branch=2").text.count("ZX") == 1
    assert "没有符合条件" in browser.get("/consultations?from=2030-01-01").text
    for sort in ("asked", "asked_asc", "number", "number_desc", "due", "spoilt"):
        browser.get(f"/consultations?sort={sort}")


def test_a_customer_s_file_shows_his_consultations(portal: Portal) -> None:
    customer, policy, claim = known(portal)
    path = log(portal, customer=encode_id(customer), policy_id=str(policy))
    browser = portal.browser("clerk")

    file = browser.get(f"/customers/{encode_id(customer)}?class=4").text

    assert path in file
    for page in (f"/customers/{encode_id(customer)}", f"/policies/{encode_id(policy)}", f"/claims/{encode_id(claim)}"):
        assert "/consultations/new?" in browser.get(page).text


ANSWER = {
    "topic": "surrender",
    "question": "现金价值在哪里查？",
    "answer": "在合同的现金价值表里查。",
    "basis": "保险合同",
    "keywords": "退保 金额",
    "valid_until": "",
    "branch_id": "2",
    "idempotency_key": "answer",
}


def test_an_answer_is_written_found_changed_and_retired(portal: Portal) -> None:
    browser = portal.browser("manager")
    browser.get("/consultations/answers/new")
    browser.post("/consultations/answers/new", {**ANSWER, "answer": ""}, status=422)
    path = browser.post("/consultations/answers/new", ANSWER).headers["Location"]

    sealed = browser.post("/consultations/answers", {"text": "现金价值表 金额"}).headers["Location"]
    assert path in browser.get(sealed).text
    browser.get(f"{path}/edit")
    browser.post(f"{path}/edit", {**ANSWER, "version": "1", "valid_until": "2020-01-01"})
    assert "已过期" in browser.get(path).text
    browser.post(f"{path}/edit", {**ANSWER, "version": "1", "basis": "别的"}, status=409)
    browser.post(f"{path}/edit", {**ANSWER, "version": "2", "question": ""}, status=422)
    browser.post(f"{path}/retire", {"version": "2", "active": ""})
    assert "已停用" in browser.get(path).text
    assert path in browser.get("/consultations/answers?state=retired", htmx=True).text
    assert path not in browser.get("/consultations/answers?topic=surrender").text
    browser.get("/consultations/answers?page=999")
    portal.browser("clerk").get(path)
    portal.browser("clerk").get(f"{path}/edit", status=403)
    portal.browser("manager_west").get(path, status=404)
