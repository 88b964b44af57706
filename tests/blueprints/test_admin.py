"""Accounts, branches, roles and resets as a browser meets them."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from app.domain.actor import Role
from app.domain.ids import encode_id
from app.models.accounts import Account, Branch, Grant, SignInReset, SignInSession
from app.models.machinery import TrailEntry
from app.services.accounts import AccountData, create_account, disable_account, grant_role
from app.web.cookies import SESSION_COOKIE
from tests.cast import EAST, PEOPLE, actor
from tests.client import Browser, Portal
from tests.house import cookie, now

CODE = re.compile(r"<code>([0-9A-Z-]{24})</code>")
ZHANG_FORM = {
    "username": "zhang.san",
    "full_name": "张三",
    "employee_number": "10086",
    "branch_id": str(EAST),
    "idempotency_key": "form-1",
}


def page_of(username: str, rest: str = "") -> str:
    """The address of somebody's account."""
    return f"/admin/accounts/{encode_id(PEOPLE[username][0])}{rest}"


def disable(portal: Portal, username: str) -> None:
    """Close somebody's account behind the screens."""
    with portal.session() as session:
        disable_account(session, actor(session, "sysadmin"), PEOPLE[username][0], "离职", now=now())
        session.commit()


def state_of(portal: Portal, username: str) -> str:
    """The state of an account."""
    with portal.session() as session:
        return session.scalars(select(Account.state).where(Account.username == username)).one()


def test_the_list_shows_people_with_roles_and_finds_by_the_beginning(portal: Portal) -> None:
    browser = portal.browser("sysadmin")

    everybody = browser.get("/admin/accounts").text
    found = browser.post("/admin/accounts", {"text": "业务乙"})
    narrowed = browser.get(found.location).text

    assert "安全保密管理员" in everybody
    assert "archivist_head" in everybody
    assert "业务乙" not in found.location
    assert "clerk_city" in narrowed
    assert "clerk_west" not in narrowed


def test_the_list_is_narrowed_without_reloading_the_page(portal: Portal) -> None:
    rows = portal.browser("auditor").get("/admin/accounts?role=manager", htmx=True).text

    assert rows.lstrip().startswith("<section")
    assert "manager_west" in rows
    assert "clerk" not in rows


def test_a_page_of_accounts_leads_to_the_next(portal: Portal) -> None:
    with portal.session() as session:
        for number in range(60):
            typed = AccountData(f"zz{number:03d}", "某某", EAST)
            create_account(session, actor(session, "sysadmin"), typed, now=now())
        session.commit()
    browser = portal.browser("sysadmin")

    first = browser.get("/admin/accounts").text
    onward = re.search(r'rel="next" href="([^"]+)"', re.sub(r"\s+", " ", first))
    assert onward
    second = browser.get(onward.group(1).replace("&amp;", "&")).text

    assert "共 76 条" in first
    assert "zz059" in second
    assert "zz059" not in first


def test_a_new_account_shows_its_code_once_and_a_resent_form_makes_no_second_one(portal: Portal) -> None:
    browser = portal.browser("sysadmin")
    browser.get("/admin/accounts/new")

    slip = browser.post("/admin/accounts/new", ZHANG_FORM, status=200)
    again = browser.post("/admin/accounts/new", ZHANG_FORM)
    after = browser.get(again.location).text

    code = CODE.search(slip.text)
    assert code
    assert "https://localhost/activate" in slip.text
    assert slip.headers["Cache-Control"] == "no-store"
    assert code.group(1) not in after
    assert "激活码只显示一次" in after
    assert not CODE.search(after)
    with portal.session() as session:
        assert session.scalars(select(Account.username).where(Account.username == "zhang.san")).all() == ["zhang.san"]


def test_the_code_lets_the_new_person_in(portal: Portal) -> None:
    browser = portal.browser("sysadmin")
    browser.get("/admin/accounts/new")
    slip = browser.post("/admin/accounts/new", ZHANG_FORM, status=200).text
    code = CODE.search(slip)
    assert code

    visitor = portal.visitor()
    visitor.get("/activate")
    typed = {"code": code.group(1), "password": "Right-Horse-7", "again": "Right-Horse-7"}

    assert visitor.post("/activate", typed).location == "/login/enrol"


def test_a_wrong_account_comes_back_with_what_was_typed(portal: Portal) -> None:
    browser = portal.browser("sysadmin")
    browser.get("/admin/accounts/new")

    page = browser.post("/admin/accounts/new", ZHANG_FORM | {"username": "clerk"}, status=422).text

    assert "这个用户名已经使用" in page
    assert 'value="张三"' in page


def test_an_account_is_closed_with_a_reason_and_opened_again_without_its_roles(portal: Portal) -> None:
    browser = portal.browser("sysadmin")
    browser.get(page_of("clerk"))

    empty = browser.post(page_of("clerk", "/disable"), {"reason": " "}, status=422).text
    browser.post(page_of("clerk", "/disable"), {"reason": "离职"})
    twice = browser.post(page_of("clerk", "/disable"), {"reason": "离职"}, status=409).text
    slip = browser.post(page_of("clerk", "/enable"), status=200).text
    resent = browser.post(page_of("clerk", "/enable"), status=409).text

    assert "请填写原因" in empty
    assert "这个账号已停用" in twice
    assert CODE.search(slip)
    assert not CODE.search(resent)
    assert state_of(portal, "clerk") == "pending"
    assert "已收回" in browser.get(page_of("clerk")).text


def test_a_closed_account_is_out_at_once(portal: Portal) -> None:
    clerk = portal.browser("clerk")
    clerk.get("/customers")
    disable(portal, "clerk")

    assert clerk.get("/customers", status=303).location == "/login"


def test_a_code_is_given_again_only_without_roles(portal: Portal) -> None:
    browser = portal.browser("sysadmin")
    browser.get("/admin/accounts/new")
    browser.post("/admin/accounts/new", ZHANG_FORM, status=200)
    with portal.session() as session:
        zhang = session.scalars(select(Account.id).where(Account.username == "zhang.san")).one()
    address = f"/admin/accounts/{encode_id(zhang)}"

    assert "重发激活码" in browser.get(address).text
    assert CODE.search(browser.post(f"{address}/activation-code", status=200).text)
    with portal.session() as session:
        grant_role(session, actor(session, "secadmin"), zhang, Role.CLERK, EAST, now=now())
        session.commit()
    assert "重发激活码" not in browser.get(address).text
    assert "须经安全保密管理员" in browser.post(f"{address}/activation-code", status=409).text


@pytest.mark.parametrize("who", ["secadmin", "auditor"])
def test_others_look_at_accounts_but_do_not_create_them(portal: Portal, who: str) -> None:
    browser = portal.browser(who, stepped_up=True)

    page = browser.get(page_of("clerk")).text

    assert "启用账号" not in page
    assert "新建账号" not in browser.get("/admin/accounts").text
    browser.get("/admin/accounts/new", status=403)
    browser.post(page_of("clerk", "/enable"), status=403)
    browser.post(page_of("clerk", "/activation-code"), status=403)


def test_nobody_signs_in_as_somebody_else(portal: Portal) -> None:
    """Whatever an administrator does to an account, his own session stays his and nobody gets one of another's."""
    sysadmin = portal.browser("sysadmin")
    kept = cookie(sysadmin, SESSION_COOKIE)
    sysadmin.get(page_of("clerk"))
    sysadmin.post(page_of("clerk", "/disable"), {"reason": "离职"})
    sysadmin.post(page_of("clerk", "/enable"), status=200)
    for rest in ("/switch", "/become", "/impersonate", "/login", "/session", "/password", "/totp"):
        sysadmin.get(page_of("clerk", rest), status=404)
        sysadmin.post(page_of("clerk", rest), status=404)

    assert cookie(sysadmin, SESSION_COOKIE) == kept
    assert "系统甲" in sysadmin.get("/account/sessions").text
    with portal.session() as session:
        owners = set(session.scalars(select(SignInSession.account_id).where(SignInSession.ended_at.is_(None))))
        held = session.scalars(
            select(Grant.id).where(Grant.account_id == PEOPLE["clerk"][0], Grant.revoked_at.is_(None))
        ).all()
    assert owners == {PEOPLE["sysadmin"][0]}
    assert held == []


def test_no_page_of_an_account_holds_anything_to_sign_in_with(portal: Portal) -> None:
    with portal.session() as session:
        clerk = session.get_one(Account, PEOPLE["clerk"][0])
        clerk.password_hash, clerk.totp_secret = "$argon2id$canary", "CANARYSEED"
        session.commit()

    for who in ("sysadmin", "secadmin", "auditor"):
        page = portal.browser(who).get(page_of("clerk")).text
        assert "CANARYSEED" not in page
        assert "argon2id" not in page


def test_the_tree_is_open_to_the_house_and_changed_by_one(portal: Portal) -> None:
    sysadmin, clerk = portal.browser("sysadmin"), portal.browser("clerk")
    form = {"parent_id": str(EAST), "name": "河西营业部", "code": "320102", "kind": "outlet", "fonds_code": "j020"}

    assert "新增机构" not in clerk.get("/admin/branches").text
    clerk.get("/admin/branches/new", status=403)
    portal.browser("agent").get("/admin/branches", status=403)
    sysadmin.get("/admin/branches/new")
    wrong = sysadmin.post("/admin/branches/new", form, status=422).text
    for _ in range(2):
        sysadmin.post("/admin/branches/new", form | {"fonds_name": "河西", "idempotency_key": "b-1"})

    assert "请填写全宗名称" in wrong
    assert sysadmin.get("/admin/branches").text.count("河西营业部") == 1


def test_who_was_overtaken_at_a_branch_sees_both_texts_in_words(portal: Portal) -> None:
    browser = portal.browser("sysadmin")
    address = f"/admin/branches/{encode_id(EAST)}/edit"
    form = {"code": "32", "fonds_code": "J019", "fonds_name": "保档江东分公司", "version": "1"}
    browser.get(address)
    browser.post(address, form | {"name": "江东省分公司", "kind": "province"})

    conflict = browser.post(address, form | {"name": "江东大区", "kind": "city"}, status=409).text
    browser.post(address, form | {"name": "江东大区", "kind": "city", "version": "2"})

    for text in ("江东大区", "江东省分公司", "支公司", "分公司"):
        assert text in conflict
    with portal.session() as session:
        assert session.get_one(Branch, EAST).name == "江东大区"


def test_a_role_asks_for_a_fresh_code_and_comes_back_to_the_form(portal: Portal) -> None:
    stale = portal.browser("secadmin")
    address = page_of("newcomer", "/grants/new")

    assert stale.get(address, status=303).location == "/account/step-up"
    assert stale.post("/admin/grants/new", {"username": "newcomer"}).location == "/account/step-up"
    assert 'value="newcomer"' in portal.browser("secadmin", stepped_up=True).get(address).text


def test_a_role_is_granted_once_however_often_the_form_is_sent_and_taken_back(portal: Portal) -> None:
    browser = portal.browser("secadmin", stepped_up=True)
    form = {"username": "newcomer", "role": "clerk", "branch_id": str(EAST), "valid_to": "2999-12-31"}
    browser.get("/admin/grants/new")
    for _ in range(2):
        browser.post("/admin/grants/new", form | {"idempotency_key": "g-1"})
    with portal.session() as session:
        grant = session.scalars(select(Grant).where(Grant.account_id == PEOPLE["newcomer"][0])).one()
    address = f"/admin/grants/{encode_id(grant.id)}/revoke"

    assert grant.valid_to == datetime(2999, 12, 31, 15, 59, 59, tzinfo=UTC)
    assert "2999-12-31" in browser.get("/admin/grants").text
    assert "新人甲" in browser.get(address).text
    browser.post(address)
    browser.post(address, status=404)
    assert "已收回" in browser.get("/admin/grants?state=ended").text


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"username": "nobody.there"}, "没有这个用户名"),
        ({"username": "secadmin"}, "不能给自己授权"),
        ({"username": "clerk"}, "已有此角色"),
        ({"username": "sysadmin"}, "互相排斥"),
        ({"valid_to": "2020-01-01"}, "有效期应晚于今天"),
        ({"valid_from": "2020-01-01"}, "开始日期不能早于今天"),
        ({"valid_from": "2999-12-31", "valid_to": "2999-12-30"}, "结束应晚于开始"),
        ({"branch_id": "99"}, "有 1 处需要改正"),
    ],
)
def test_a_role_that_cannot_be_is_explained(portal: Portal, changed: dict[str, str], sentence: str) -> None:
    browser = portal.browser("secadmin", stepped_up=True)
    browser.get("/admin/grants/new")

    form = {"username": "newcomer", "role": "clerk", "branch_id": str(EAST)} | changed

    assert sentence in browser.post("/admin/grants/new", form, status=422).text


def test_the_last_security_administrator_stays_and_the_page_says_why(portal: Portal) -> None:
    disable(portal, "secadmin_other")
    sysadmin = portal.browser("sysadmin")
    sysadmin.get(page_of("secadmin"))

    page = sysadmin.post(page_of("secadmin", "/disable"), {"reason": "离职"}, status=409).text

    assert "最后一位安全保密管理员" in page


def ask(portal: Portal, username: str = "clerk", who: str = "secadmin") -> Browser:
    """Ask for a reset on the screen."""
    browser = portal.browser(who, stepped_up=True)
    browser.get(page_of(username, "/reset"))
    browser.post(page_of(username, "/reset"), {"reason": "手机丢失，本人到场"})
    return browser


def reset_address(portal: Portal, step: str) -> str:
    """The address of a step of the one reset that there is."""
    with portal.session() as session:
        return f"/admin/resets/{encode_id(session.scalars(select(SignInReset.id)).one())}/{step}"


@pytest.mark.parametrize("who", ["secadmin_other", "manager"])
def test_two_people_reset_a_sign_in_and_only_the_second_sees_the_code(portal: Portal, who: str) -> None:
    asker = ask(portal)
    second = portal.browser(who, stepped_up=True)

    assert "确认重置" not in asker.get("/admin/resets").text
    asker.post(reset_address(portal, "confirm"), status=403)
    assert state_of(portal, "clerk") == "active"
    assert "手机丢失，本人到场" in second.get("/admin/resets").text
    slip = second.post(reset_address(portal, "confirm"), status=200).text
    resent = second.post(reset_address(portal, "confirm"), status=409).text

    assert CODE.search(slip)
    assert not CODE.search(resent)
    assert "已经处理过" in resent
    assert state_of(portal, "clerk") == "pending"


def test_a_reset_asks_for_fresh_codes_of_both(portal: Portal) -> None:
    ask(portal)

    assert portal.browser("secadmin").get(page_of("agent", "/reset"), status=303).location == "/account/step-up"
    manager = portal.browser("manager")
    assert manager.post(reset_address(portal, "confirm")).location == "/account/step-up"
    assert state_of(portal, "clerk") == "active"


def test_who_may_not_decide_does_not_see_it_or_reach_it(portal: Portal) -> None:
    ask(portal)
    west = portal.browser("manager_west", stepped_up=True)
    himself = portal.browser("clerk", stepped_up=True)

    assert "手机丢失" not in west.get("/admin/resets").text
    west.post(reset_address(portal, "confirm"), status=404)
    himself.post(reset_address(portal, "confirm"), status=403)


def test_a_wish_is_turned_down_with_a_reason_or_taken_back(portal: Portal) -> None:
    asker = ask(portal)
    second = portal.browser("secadmin_other", stepped_up=True)
    second.get("/admin/resets")

    assert "请填写原因" in second.post(reset_address(portal, "refuse"), {"reason": ""}, status=422).text
    second.post(reset_address(portal, "withdraw"), status=403)
    asker.post(reset_address(portal, "withdraw"))
    second.post(reset_address(portal, "refuse"), {"reason": "未核实"}, status=409)
    assert "已撤回" in second.get("/admin/resets").text


def test_a_wish_without_reason_or_twice_is_explained(portal: Portal) -> None:
    browser = ask(portal)

    assert "请填写原因" in browser.post(page_of("agent", "/reset"), {"reason": ""}, status=422).text
    assert "已有一份重置申请" in browser.post(page_of("clerk", "/reset"), {"reason": "再来"}, status=409).text
    browser.post(page_of("secadmin", "/reset"), {"reason": "自己"}, status=403)


def test_a_manager_finds_the_resets_in_his_menu(portal: Portal) -> None:
    assert 'href="/admin/resets"' in portal.browser("manager").get("/account/sessions").text
    assert 'href="/admin/resets"' not in portal.browser("clerk").get("/account/sessions").text


def test_the_menu_marks_the_place_that_a_page_belongs_to(portal: Portal) -> None:
    page = re.sub(r"\s+", " ", portal.browser("secadmin", stepped_up=True).get("/admin/grants/new").text)

    assert re.search(r'href="/admin/grants" aria-current="page"', page)
    assert len(re.findall(r'aria-current="page"> <span>', page)) == 1


def test_each_step_leaves_its_trace(portal: Portal) -> None:
    ask(portal)
    portal.browser("manager", stepped_up=True).post(reset_address(portal, "confirm"), status=200)

    with portal.session() as session:
        told = session.scalars(select(TrailEntry.event).order_by(TrailEntry.sequence)).all()
    assert told == ["sign_in_reset_asked", "sign_in_reset"]
