"""The screens of complaints that come in: registering, correcting, barring, and who sees nothing of it."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import select

from app.domain.ids import decode_id, encode_id
from app.models.accounts import Account
from app.models.cases import Case, CaseBar, CaseCause, CaseStatement
from app.models.customers import Customer
from tests.cast import PEOPLE
from tests.client import Portal
from tests.records import make_claim, make_customer, make_policy

NAME, PHONE = "申屠望舒", "13900000001"
FORM: dict[str, Any] = {
    "channel": "call",
    "received_at": "2026-11-20T09:00",
    "complainant_kind": "holder",
    "who": "archive",
    "name": NAME,
    "phone": PHONE,
    "persons": "1",
    "branch_id": "2",
    "request": "请退还首期保费",
    "facts": "销售时把分红说成保证收益",
    "dispute": "contract",
    "idempotency_key": "one-form-of-this-test",
}
WANG: dict[str, Any] = {"id_number": "110101199003077758", "mobile": "13900001234", "address": "南京市玄武区一号"}


def register(portal: Portal, who: str = "clerk", **fields: Any) -> str:
    """Register a complaint and return its address."""
    browser = portal.browser(who)
    browser.get("/casework/new")
    key = f"key-{len(fields)}-{sorted(fields)}"
    answer = browser.post("/casework/new", {**FORM, "idempotency_key": key, "surely_new": "y", **fields})
    return str(answer.headers["Location"])


def load(portal: Portal, path: str = "") -> tuple[Case, CaseStatement]:
    """The case behind an address, or the only one."""
    with portal.session() as session:
        wanted = select(Case).where(Case.id == decode_id(path.rpartition("/")[2])) if path else select(Case)
        case = session.scalars(wanted).one()
        return case, session.get_one(CaseStatement, case.id)


def arrange(portal: Portal) -> dict[str, int]:
    """A customer with an agent, a policy and a claim."""
    with portal.session() as session:
        customer_id = make_customer(session, **WANG)
        session.get_one(Customer, customer_id).agent_id = PEOPLE["agent"][0]
        policy_id = make_policy(session, customer_id)
        ids = {"customer": customer_id, "policy": policy_id, "claim": make_claim(session, policy_id)}
        session.commit()
    return ids


def version_in(page: str) -> str:
    """The version that a form carries."""
    found = re.search(r'name="version"[^>]*value="(\d+)"', page)
    assert found is not None
    return found[1]


def test_a_complaint_is_registered_and_stands_in_the_list(portal: Portal) -> None:
    path = register(portal)

    case, statement = load(portal)
    browser = portal.browser("clerk")
    page = browser.get("/casework?state=open&sort=due").text
    assert (case.state, statement.name, statement.phone) == ("registered", NAME, PHONE)
    assert path.endswith(encode_id(case.id))
    assert case.number in page
    assert "申屠**" in page
    assert NAME not in page
    assert "尚未指派" in page
    assert re.match(r'\s*<section id="cases"', browser.get("/casework?state=open", htmx=True).text)


def test_the_same_form_twice_is_one_complaint(portal: Portal) -> None:
    assert register(portal) == register(portal)
    load(portal)


def test_nothing_is_asked_that_the_archive_holds(portal: Portal) -> None:
    ids = arrange(portal)
    browser = portal.browser("clerk")
    page = browser.get(f"/casework/new?claim={encode_id(ids['claim'])}").text

    fields = {name: encode_id(number) for name, number in ids.items()}
    answer = browser.post("/casework/new", {**FORM, **fields, "name": "", "phone": "", "accused_agent": "y"})

    case, statement = load(portal)
    assert answer.status_code == 303
    for hidden in (WANG["id_number"], WANG["mobile"], WANG["address"], "王芳"):
        assert hidden not in page
    assert "110101********7758" in page
    assert "139****1234" in page
    assert "第十三条" in page
    assert "代理人：代理甲" in page
    assert (statement.name, statement.id_number, statement.phone) == ("王芳", WANG["id_number"], WANG["mobile"])
    assert (case.customer_id, case.policy_id, case.claim_id) == tuple(ids.values())
    with portal.session() as session:
        assert session.scalars(select(CaseBar.account_id)).all() == [PEOPLE["agent"][0]]


def test_a_number_or_a_name_finds_whom_the_form_begins_with(portal: Portal) -> None:
    ids = arrange(portal)
    browser = portal.browser("clerk")
    browser.get("/casework/new")

    by_policy = browser.post("/casework/new/find", {"text": "P2026-000123"})
    nobody = browser.post("/casework/new/find", {"text": "查无此人"}, status=422).text
    with portal.session() as session:
        make_customer(session, "王芳")
        session.commit()
    two = browser.post("/casework/new/find", {"text": "王芳"}, status=200).text

    assert by_policy.headers["Location"] == f"/casework/new?policy={encode_id(ids['policy'])}"
    assert "没有找到" in nobody
    assert two.count("/casework/new?customer=") == 2
    portal.browser("clerk_west").get(f"/casework/new?policy={encode_id(ids['policy'])}", status=404)
    browser.get("/casework/new?policy=forged", status=404)


BAD: list[tuple[dict[str, Any], str]] = [
    ({"name": ""}, "请填写投诉人姓名"),
    ({"phone": ""}, "请填写联系电话或联系地址"),
    ({"phone": "12"}, "phone-error"),
    ({"received_at": ""}, "请填写收到时间"),
    ({"received_at": " "}, "请填写收到时间"),
    ({"received_at": "2099-01-01T00:00"}, "不能晚于现在"),
    ({"received_at": "昨天"}, "请填写日期和时间"),
    ({"channel": "hotline"}, "请填写转办单号"),
    ({"channel": "smoke"}, "channel-error"),
    ({"complainant_kind": "agent"}, "授权委托书原件"),
    ({"complainant_kind": "heir"}, "继承关系证明（第十四条），"),
    ({"complainant_kind": "organisation"}, "请填写法定代表人"),
    ({"persons": "0"}, "人数至少为 1"),
    ({"persons": "很多"}, "persons-error"),
    ({"persons": "6"}, "请登记推选的代表"),
    ({"persons": "9", "representatives": "甲\n乙\n丙\n丁\n戊\n己"}, "不超过 5 名"),
    ({"amount": "abc"}, "amount-error"),
    ({"id_kind": "resident_id", "id_number": "110101199003077757"}, "最后一位与前 17 位不符"),
    ({"branch_id": "4"}, "branch_id-error"),
    ({"stage_id": "77"}, "stage_id-error"),
    ({"request": ""}, "请写明投诉请求"),
    ({"facts": ""}, "请写明主要事实"),
]


def test_a_bad_form_comes_back_with_what_was_typed(portal: Portal) -> None:
    browser = portal.browser("clerk")
    browser.get("/casework/new")

    for changes, sentence in BAD:
        page = browser.post("/casework/new", {**FORM, "grounds": "有通话录音", **changes}, status=422).text
        assert sentence in page, changes
        assert "有通话录音" in page, changes
    with portal.session() as session:
        assert session.scalars(select(Case)).all() == []


def test_an_agent_complains_with_his_papers(portal: Portal) -> None:
    register(
        portal,
        complainant_kind="agent",
        paper_authority="2026-11-01 签署",
        agent_name="钟离青",
        agent_id_number="110101199003077758",
        agent_phone="13700000001",
    )

    _case, statement = load(portal)
    assert (statement.agent_name, statement.agent_phone) == ("钟离青", "13700000001")
    assert statement.papers == '{"authority": "2026-11-01 签署"}'


def test_who_complained_before_is_shown_so_before_anything_is_kept(portal: Portal) -> None:
    path = register(portal)
    case, _statement = load(portal)
    browser = portal.browser("clerk")
    browser.get("/casework/new")

    page = browser.post("/casework/new", FORM, status=422).text
    answer = browser.post("/casework/new", {**FORM, "surely_new": "y"})

    assert "一年内投诉过 1 件" in page
    assert f'href="{path}"' in page
    assert case.number in page
    assert load(portal, answer.headers["Location"])[0].is_repeat


def test_twenty_in_person_raise_the_alarm(portal: Portal) -> None:
    register(portal, channel="visit", persons="20", representatives="甲\n乙")

    assert "重大投诉 TS" in portal.browser("manager").get("/notices").text
    assert "重大" in portal.browser("manager").get("/casework?mark=major").text
    assert "没有符合条件" in portal.browser("manager").get("/casework?mark=repeat").text


def test_a_registrar_who_is_accused_is_sent_to_the_list(portal: Portal) -> None:
    browser = portal.browser("clerk")
    browser.get("/casework/new")

    answer = browser.post("/casework/new", {**FORM, "accused_name": PEOPLE["clerk"][1]})

    assert answer.headers["Location"] == "/casework"
    assert "依规定回避" in browser.get("/casework").text


def test_who_is_barred_gets_no_row_no_count_no_page(portal: Portal) -> None:
    ids = arrange(portal)
    customer = encode_id(ids["customer"])
    path = register(portal, customer=customer, accused_number="archivist")
    case, _statement = load(portal)
    manager, barred = portal.browser("manager"), portal.browser("archivist")

    seen = manager.get(f"/customers/{customer}?class=4").text
    hidden = barred.get(f"/customers/{customer}?class=4").text

    assert case.number in seen
    assert "登记投诉" in seen
    assert case.number not in hidden
    assert "case_registered" not in hidden
    for query in ("", f"?customer={customer}", "?state=open", "?mark=major&sort=due"):
        page = barred.get(f"/casework{query}").text
        assert case.number not in page
        assert "共 1 条" not in page
    barred.get("/casework")
    found = barred.post("/casework", {"text": case.number})
    assert case.number not in barred.get(found.headers["Location"]).text.split('<section id="cases"')[1]
    for address in (path, f"{path}/edit", f"{path}/bars"):
        barred.get(address, status=404)
    barred.get("/account/sessions")
    for address in (f"{path}/edit", f"{path}/bars/declare"):
        barred.post(address, {**FORM, "version": "1", "own_reason": "x"}, status=404)


def test_a_clerk_sees_his_own_complaints_only(portal: Portal) -> None:
    mine, other = register(portal), register(portal, "manager", phone="13900000002")

    page = portal.browser("clerk").get("/casework").text

    assert mine in page
    assert other not in page
    portal.browser("clerk").get(other, status=404)
    portal.browser("clerk").get(f"{other}/bars", status=404)
    portal.browser("clerk").get(f"{other}/edit", status=404)
    portal.browser("manager_west").get(f"{mine}/bars", status=404)


def test_a_name_is_searched_sealed(portal: Portal) -> None:
    register(portal)
    case, _statement = load(portal)
    browser = portal.browser("manager")
    browser.get("/casework")

    answer = browser.post("/casework", {"text": NAME})

    assert "%" not in answer.headers["Location"]
    assert case.number in browser.get(answer.headers["Location"]).text
    assert case.number in browser.get("/casework?find=spoilt&sort=nothing&at=spoilt").text


def test_a_correction_leaves_what_is_masked_alone(portal: Portal) -> None:
    path = register(portal)
    browser = portal.browser("clerk")
    form = browser.get(f"{path}/edit").text

    bad = browser.post(f"{path}/edit", {**FORM, "name": "", "phone": "", "facts": "", "version": "1"}, status=422).text
    changed = {**FORM, "name": "", "phone": "", "facts": "另有录音", "cause_id": cause_of(portal, "A01")}
    browser.post(f"{path}/edit", {**changed, "version": version_in(form)})
    stale = browser.post(f"{path}/edit", {**changed, "place": "二楼", "version": version_in(form)}, status=409).text

    case, statement = load(portal)
    assert NAME not in form
    assert PHONE not in form
    assert "现为 申屠**，留空不改" in form
    assert "请写明主要事实" in bad
    assert "二楼" in stale
    assert NAME not in stale
    assert (statement.name, statement.phone, statement.facts) == (NAME, PHONE, "另有录音")
    assert case.stage_id is not None


def cause_of(portal: Portal, code: str) -> str:
    """The id of a cause, as a form sends it."""
    with portal.session() as session:
        return str(session.scalars(select(CaseCause.id).where(CaseCause.code == code)).one())


def test_a_closed_complaint_is_not_corrected(portal: Portal) -> None:
    path = register(portal)
    with portal.session() as session:
        session.scalars(select(Case)).one().state = "withdrawn"
        session.commit()

    browser = portal.browser("clerk")
    answer = browser.get(f"{path}/edit", status=303)
    browser.post(f"{path}/edit", {**FORM, "version": "1"}, status=303)

    assert answer.headers["Location"] == path
    assert "登记事实不能再改" in browser.get(path).text


def test_bars_are_kept_on_their_page(portal: Portal) -> None:
    path = register(portal, accused_name="档案甲")
    manager, clerk = portal.browser("manager"), portal.browser("clerk")
    manager.get(f"{path}/bars")

    empty = manager.post(f"{path}/bars", {"person": "", "relation": "relative", "reason": "配偶"}, status=422).text
    unknown = manager.post(
        f"{path}/bars", {"person": "某某", "relation": "relative", "reason": "配偶"}, status=422
    ).text
    manager.post(f"{path}/bars", {"person": "clerk", "relation": "relative", "reason": "投诉人的配偶"})
    listed = manager.get(f"{path}/bars").text
    clerk.get(f"{path}/bars", status=404)
    lift = f"{path}/bars/{encode_id(PEOPLE['clerk'][0])}/lift"
    silent = manager.post(lift, {"reason": ""}, status=422).text
    manager.post(lift, {"reason": "查无此事"})
    accused = manager.post(f"{path}/bars/{encode_id(PEOPLE['archivist'][0])}/lift", {"reason": "误登"}, status=409).text

    assert "请填写要回避的人" in empty
    assert "没有这个人" in unknown
    assert "某某" in unknown
    assert "投诉人的配偶" in listed
    assert "近亲属" in listed
    assert "请写明解除回避的理由" in silent
    assert "不能解除回避" in accused
    assert "登记回避" not in clerk.get(f"{path}/bars").text.split("<main")[1].split("自行回避")[0].replace("还没有", "")


def test_a_handler_bars_himself_and_the_manager_is_told(portal: Portal) -> None:
    path = register(portal)
    with portal.session() as session:
        case = session.scalars(select(Case)).one()
        case.handler_id = PEOPLE["clerk"][0]
        session.commit()
    clerk = portal.browser("clerk")
    clerk.get(f"{path}/bars")

    silent = clerk.post(f"{path}/bars/declare", {"own_reason": ""}, status=422).text
    answer = clerk.post(f"{path}/bars/declare", {"own_reason": "与投诉人是亲属"})

    assert "请写明理由" in silent
    assert answer.headers["Location"] == "/casework"
    clerk.get(path, status=404)
    assert load(portal)[0].handler_id is None
    assert "请重新指派" in portal.browser("manager").get("/notices").text


def test_who_dealt_with_the_policy_is_named_to_the_manager(portal: Portal) -> None:
    ids = arrange(portal)
    path = register(portal, customer=encode_id(ids["customer"]), policy=encode_id(ids["policy"]))

    page = portal.browser("manager").get(f"{path}/bars").text

    assert "可能有利害关系" in page
    assert "登记涉及保单的人" in page
    assert "可能有利害关系" not in portal.browser("clerk").get(f"{path}/bars").text


def test_the_pages_of_customer_policy_and_claim_lead_to_the_form(portal: Portal) -> None:
    ids = arrange(portal)
    browser = portal.browser("clerk")

    for kind, page in (("customer", "customers"), ("policy", "policies"), ("claim", "claims")):
        code = encode_id(ids[kind])
        assert f"/casework/new?{kind}={code}" in browser.get(f"/{page}/{code}").text
        portal.browser("agent").get(f"/{page}/{code}", status=403)


def test_an_employees_number_bars_him_alone(portal: Portal) -> None:
    with portal.session() as session:
        session.get_one(Account, PEOPLE["archivist_city"][0]).employee_number = "E-0077"
        session.commit()

    register(portal, accused_name="档案乙", accused_number="e0077")

    with portal.session() as session:
        assert session.scalars(select(CaseBar.account_id)).all() == [PEOPLE["archivist_city"][0]]
