"""The screens of borrowing: the cart, asking, deciding, the rules, blocks, notices."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select, update

from app.db import db
from app.domain.ids import encode_id
from app.domain.scan_codes import label_code
from app.models.borrowing import BorrowerBlock, CartItem, LoanItem, LoanRequest, LoanRule
from app.models.documents import Document
from app.models.evidence import Notice
from app.models.machinery import TrailEntry
from app.services.boxes import BoxData, create_box
from tests.cast import EAST, NOW, PEOPLE, actor
from tests.client import Browser, Portal
from tests.records import counted
from tests.services.test_loan_requests import keep

KEY = re.compile(r'name="idempotency_key" type="hidden" value="([^"]+)"')
FORM = {"way": "lend", "for": "", "purpose": "business", "idempotency_key": "one-form"}


def arrange(portal: Portal, count: int = 1, **fields: Any) -> list[tuple[int, str]]:
    """File papers of one customer and return ids and archive numbers."""
    with portal.session() as session:
        made = keep(session, count, **fields)
        session.commit()
    return made


def fill_cart(browser: Browser, *numbers: str) -> None:
    """Put papers into the cart by their numbers."""
    for number in numbers:
        browser.post("/borrowing/cart", {"code": number})


def ask(portal: Portal, who: str = "clerk", **changes: Any) -> tuple[Browser, str, list[int]]:
    """Ask for one paper and return the browser, the page of the request and the ids of papers."""
    made = arrange(portal)
    browser = portal.browser(who)
    fill_cart(browser, made[0][1])
    form = {**FORM, "items": [encode_id(made[0][0])], **changes}
    return browser, browser.post("/borrowing/new", form).headers["Location"], [made[0][0]]


def stored(portal: Portal) -> LoanRequest:
    """The only request there is."""
    with portal.session() as session:
        return session.scalars(select(LoanRequest)).one()


def test_a_paper_goes_from_its_page_into_the_cart_and_shows_its_rule_before_asking(portal: Portal) -> None:
    [(document_id, number)] = arrange(portal)
    browser = portal.browser("clerk")
    assert "加入借阅车" in browser.get(f"/documents/{encode_id(document_id)}").text

    browser.post("/borrowing/cart", {"document": encode_id(document_id)})
    page = browser.get("/borrowing/new").text

    assert number in page
    assert "10 天" in page
    assert "负责甲" in page
    assert "可申请" in page
    assert "一般 10 个工作日" not in page
    assert "只在阅档室使用" in browser.get("/borrowing/new?way=read").text
    assert "还没有扫描件" in browser.get("/borrowing/new?way=electronic").text


def test_a_whole_file_comes_into_the_cart_from_the_page_of_its_customer(portal: Portal) -> None:
    made = arrange(portal, 3)
    with portal.session() as session:
        customer_id = session.get_one(Document, made[0][0]).customer_id
    browser = portal.browser("clerk")
    assert "整户加入借阅车" in browser.get(f"/customers/{encode_id(customer_id)}").text

    browser.post("/borrowing/cart", {"customer": encode_id(customer_id)})

    page = browser.get("/borrowing/new").text
    assert all(number in page for _, number in made)
    assert "整户" in page


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "请输入档号"),
        ("6901234567892", "这是别处的条码"),
        ("https://example.com/x", "这是别处的条码"),
        ("J019-XX·2026-D10-99999", "没有这个号码"),
        (label_code("document", 4242), "没有这个号码"),
        (label_code("place", 4242), "不是可借的档案"),
        ("D-ABC-X", "没有这个号码"),
        ("x" * 500, "没有这个号码"),
    ],
)
def test_what_is_no_number_of_ours_is_refused_in_plain_words(portal: Portal, typed: str, says: str) -> None:
    page = portal.browser("clerk").post("/borrowing/cart", {"code": typed}, status=422).text

    assert says in page


@pytest.mark.parametrize(("state", "says"), [("destroyed", "销毁"), ("held", "封存"), ("catalogued", "归档")])
def test_what_cannot_be_lent_does_not_come_into_the_cart(portal: Portal, state: str, says: str) -> None:
    [(document_id, number)] = arrange(portal)
    with portal.session() as session:
        session.execute(update(Document).where(Document.id == document_id).values(state=state))
        session.commit()

    page = portal.browser("clerk").post("/borrowing/cart", {"code": number}, status=409).text

    assert says in page


def test_a_paper_that_may_be_asked_for_but_not_seen_is_shown_without_its_title(portal: Portal) -> None:
    [(document_id, number)] = arrange(portal, level=3)
    browser = portal.browser("clerk")
    browser.post("/borrowing/cart", {"document": encode_id(document_id)}, status=404)

    fill_cart(browser, number)
    page = browser.get("/borrowing/new").text

    assert "题名批准后可见" in page
    assert number in page
    assert "身份证复印件" not in page
    assert "王*" not in page


def test_asking_makes_one_request_however_often_the_form_is_sent(portal: Portal) -> None:
    [(document_id, number)] = arrange(portal)
    browser = portal.browser("clerk")
    fill_cart(browser, number)
    key = KEY.search(browser.get("/borrowing/new").text)
    assert key
    form = {**FORM, "items": [encode_id(document_id)], "idempotency_key": key[1]}

    first, second = browser.post("/borrowing/new", form), browser.post("/borrowing/new", form)

    request = stored(portal)
    assert first.headers["Location"] == second.headers["Location"] == f"/borrowing/{encode_id(request.id)}"
    assert (request.days, request.approvers, request.branch_id) == (10, "manager", EAST)
    assert "借阅车是空的" in browser.get("/borrowing/new").text
    with portal.session() as session:
        assert session.scalar(select(func.count()).select_from(CartItem)) == 0


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"items": []}, "请至少勾选一件"),
        ({"items": [encode_id(4242)]}, "借阅车的内容已经变化"),
        ({"items": ["garbage"]}, "借阅车的内容已经变化"),
        ({"purpose": ""}, "请选择利用目的"),
        ({"purpose": "other"}, "请写明用途"),
        ({"days": "11"}, "超过规则允许的天数"),
        ({"days": "-1"}, "天数应为正数"),
        ({"wanted_from": "2020-01-01"}, "预约日期早于今天"),
        ({"wanted_from": "2099-01-01"}, "180 天以后"),
        ({"way": "steal"}, "请选择利用方式"),
        ({"for": "court", "external_name": "张三"}, "请登记办案人员一"),
        ({"for": "court", "officer_1": "张三 1", "officer_2": "张三 1"}, "不能是同一人"),
        ({"for": "heir", "external_name": "张三", "identity": "1"}, "借出"),
        ({"for": "appraisal", "external_name": "张三"}, "封装袋号"),
    ],
)
def test_a_wrong_wish_is_refused_and_everything_typed_is_kept(
    portal: Portal, changes: dict[str, Any], says: str
) -> None:
    [(document_id, number)] = arrange(portal)
    browser = portal.browser("clerk")
    fill_cart(browser, number)
    form = {**FORM, "items": [encode_id(document_id)], "purpose_note": "", **changes}

    page = browser.post("/borrowing/new", form, status=422).text

    assert says in page
    assert number in page
    assert str(changes.get("external_name", "")) in page
    with portal.session() as session:
        assert session.scalar(select(func.count()).select_from(LoanRequest)) == 0


def test_too_many_at_once_are_told_of_before_asking(portal: Portal) -> None:
    made = arrange(portal, 11)
    browser = portal.browser("clerk")
    fill_cart(browser, *(number for _, number in made))

    assert "超过同时最多 10 件" in browser.get("/borrowing/new").text
    form = {**FORM, "items": [encode_id(document_id) for document_id, _ in made]}
    assert "超过同时可借的件数" in browser.post("/borrowing/new", form, status=422).text


def test_an_empty_cart_is_nothing_to_ask_for(portal: Portal) -> None:
    browser = portal.browser("clerk")

    assert "请至少勾选一件" in browser.post("/borrowing/new", FORM, status=422).text


def test_the_manager_approves_and_the_paper_lies_ready(portal: Portal) -> None:
    clerk, location, _ = ask(portal)
    manager = portal.browser("manager")
    assert "待我审批" in manager.get("/").text
    assert stored(portal).number in manager.get("/borrowing?tab=approve").text
    assert "等待您审批" in manager.get("/notices").text
    page = manager.get(location).text
    assert 'data-key="a"' in page
    assert 'data-key="r"' in page

    manager.post(f"{location}/approve", {"version": "1", "reason": ""})

    assert stored(portal).state == "open"
    page = clerk.get(location).text
    assert "待领取" in page
    assert "批准" in page
    assert "已批准" in clerk.get("/notices").text
    assert stored(portal).number not in manager.get("/borrowing?tab=approve").text


def test_refusing_needs_its_reason(portal: Portal) -> None:
    clerk, location, _ = ask(portal)
    manager = portal.browser("manager")

    assert "请写明驳回原因" in manager.post(f"{location}/refuse", {"version": "1", "reason": " "}, status=422).text
    manager.post(f"{location}/refuse", {"version": "1", "reason": "用途不明"})

    assert stored(portal).state == "refused"
    assert "用途不明" in clerk.get(location).text


def test_nobody_approves_his_own_request_and_nobody_without_the_office(portal: Portal) -> None:
    manager, location, _ = ask(portal, "manager")

    assert "不能审批自己的申请" in manager.post(f"{location}/approve", {"version": "1"}, status=409).text
    portal.browser("manager_west").post(f"{location}/approve", {"version": "1"}, status=404)
    portal.browser("clerk").post(f"{location}/approve", {"version": "1"}, status=403)
    assert stored(portal).state == "asked"


def test_a_decision_on_an_older_view_is_not_taken(portal: Portal) -> None:
    _, location, _ = ask(portal)
    manager = portal.browser("manager")

    for version in ("2", "0", "x", ""):
        assert "刚有变化" in manager.post(f"{location}/approve", {"version": version}, status=409).text
    manager.post(f"{location}/approve", {"version": "1"})
    assert "已经办过" in manager.post(f"{location}/approve", {"version": "3"}, status=409).text


def test_one_withdraws_ones_own_request_and_nobody_elses(portal: Portal) -> None:
    clerk, location, _ = ask(portal)
    portal.browser("clerk_city").post(f"{location}/withdraw", status=404)
    portal.browser("archivist").post(f"{location}/withdraw", status=403)

    clerk.post(f"{location}/withdraw")

    assert stored(portal).state == "withdrawn"
    assert "没有可以撤回的" in clerk.post(f"{location}/withdraw", status=409).text


def test_what_somebody_from_outside_showed_is_kept_sealed_and_shown_masked(portal: Portal) -> None:
    clerk, location, _ = ask(
        portal,
        **{
            "for": "police",
            "external_name": "赵六",
            "external_unit": "城东公安分局",
            "external_phone": "13812345678",
            "officer_1": "赵六 警号 001234",
            "officer_2": "孙七 警号 005678",
            "letter": "东公调〔2026〕12号",
        },
    )

    page = clerk.get(location).text

    assert "城东公安分局" in page
    assert "东公调〔2026〕12号" in page
    assert "赵六" not in page
    assert "13812345678" not in page
    assert stored(portal).external_name == "赵六"
    assert stored(portal).approvers == "manager upper"


def test_the_lists_ask_the_database_the_same_number_of_questions_for_one_loan_and_for_fifty(portal: Portal) -> None:
    browser, _, _ = ask(portal)
    with portal.app.app_context():
        engine = db.engine
    browser.get("/borrowing")

    with counted(engine) as for_one:
        browser.get("/borrowing")
    with portal.session() as session:
        first = session.scalars(select(LoanRequest)).one()
        plain = {
            c.name: getattr(first, c.name) for c in LoanRequest.__table__.columns if c.name not in ("id", "number")
        }
        session.add_all(LoanRequest(number=f"JY2025-{value:06d}", **plain) for value in range(60))
        session.commit()
    with counted(engine) as for_fifty:
        page = browser.get("/borrowing").text

    assert page.count('class="main"') == 50
    assert len(for_fifty) == len(for_one)


def test_filters_leave_what_fits_with_and_without_htmx(portal: Portal) -> None:
    browser, _, _ = ask(portal)
    number = stored(portal).number

    assert number in browser.get(f"/borrowing?state=asked&way=lend&number={number[:6]}").text
    assert "没有符合条件的借阅单" in browser.get("/borrowing?way=copy").text
    fragment = browser.get("/borrowing?number=jy", htmx=True).text
    assert fragment.lstrip().startswith('<section id="loans"')
    assert number in fragment
    assert "没有符合条件" in browser.get("/borrowing?from=2099-01-01").text


def test_others_see_a_request_only_where_the_policy_says_so(portal: Portal) -> None:
    _, location, _ = ask(portal)

    portal.browser("archivist").get(location)
    for who in ("clerk_city", "manager_west", "archivist_west"):
        portal.browser(who).get(location, status=404)
    for who in ("agent", "auditor"):
        portal.browser(who).get(location, status=403)


def test_the_matrix_is_read_by_all_and_changed_by_the_head_office(portal: Portal) -> None:
    with portal.session() as session:
        rule = session.scalars(select(LoanRule).where(LoanRule.level == 4, LoanRule.way == "")).one()
    assert "机密档案只在阅档室阅览" in portal.browser("clerk").get("/borrowing/rules").text
    path = f"/borrowing/rules/{encode_id(rule.id)}/edit"
    portal.browser("archivist", stepped_up=True).get(path, status=403)
    head = portal.browser("archivist_head", stepped_up=True)
    assert "机密" in head.get(path).text
    form = {
        "version": "1",
        "allowed": "y",
        "approvers": "upper",
        "days": "2",
        "renewals": "0",
        "most_at_once": "3",
        "block_overdue_days": "1",
        "on_site_only": "y",
        "basis": "本公司〔2026〕8号",
        "effective_from": "2026-11-01",
        "active": "y",
    }

    head.post(path, form)

    with portal.session() as session:
        changed = session.get_one(LoanRule, rule.id)
        entry = session.scalars(select(TrailEntry).where(TrailEntry.event == "loan_rules_changed")).one()
    assert (changed.days, changed.approvers, changed.version, changed.level) == (2, "upper", 2, 4)
    assert entry.before["days"] == "1"
    assert "刚才" in head.post(path, {**form, "days": "3"}, status=409).text
    assert "请写明依据" in head.post(path, {**form, "basis": ""}, status=422).text
    assert "1 至 365" in head.post(path, {**form, "version": "2", "days": "999"}, status=422).text


def test_the_days_of_all_rules_are_read_by_all_and_changed_by_the_head_office(portal: Portal) -> None:
    path = "/borrowing/rules/days/loan_reminder_days"
    shown = portal.browser("clerk").get("/borrowing/rules").text
    assert "3 个工作日" in shown
    assert "到期前 1 天，逾期第 1、7、15 天" in shown
    portal.browser("archivist", stepped_up=True).get(path, status=403)
    head = portal.browser("archivist_head", stepped_up=True)
    assert "-1 1 7 15" in head.get(path).text
    form = {"version": "0", "value": "-2, 1，5", "basis": "本公司〔2026〕9号"}

    refused = head.post(path, {**form, "value": "7 1"}, status=422).text
    head.post(path, form)

    assert "请从小到大填写" in refused
    assert "本公司〔2026〕9号" in refused
    assert "到期前 2 天，逾期第 1、5 天" in portal.browser("clerk").get("/borrowing/rules").text
    assert "刚才" in head.post(path, {**form, "value": "3"}, status=409).text
    head.get("/borrowing/rules/days/retention_floor_years", status=404)


def test_a_rule_is_added_once_for_a_case(portal: Portal) -> None:
    head = portal.browser("archivist_head", stepped_up=True)
    page = head.get("/borrowing/rules/new").text
    key = KEY.search(page)
    assert key
    form = {
        "idempotency_key": key[1],
        "role": "clerk",
        "category": "14",
        "level": "3",
        "way": "lend",
        "allowed": "y",
        "approvers": "manager",
        "days": "3",
        "renewals": "0",
        "most_at_once": "2",
        "block_overdue_days": "1",
        "basis": "本公司规定",
        "effective_from": date.today().isoformat(),
        "active": "y",
    }

    head.post("/borrowing/rules/new", form)
    head.post("/borrowing/rules/new", form)
    again = head.post("/borrowing/rules/new", {**form, "idempotency_key": "another"}, status=422).text

    assert "已有一条同样情形" in again
    assert "业务人员 · 健康信息 · 秘密 · 借出" in head.get("/borrowing/rules").text


def test_somebody_who_is_blocked_is_told_so_and_cannot_ask(portal: Portal) -> None:
    desk = portal.browser("archivist")
    form = {"idempotency_key": "block", "username": "clerk", "reason": "多次逾期", "until": ""}
    for wrong, says in (
        ({"username": "nobody"}, "没有这个用户名"),
        ({"username": "clerk_west"}, "没有这个用户名"),
        ({"username": "archivist"}, "不能给自己"),
        ({"reason": ""}, "请写明原因"),
        ({"until": "2020-01-01"}, "早于今天"),
    ):
        assert says in desk.post("/borrowing/blocks", {**form, **wrong}, status=422).text

    desk.post("/borrowing/blocks", form)
    desk.post("/borrowing/blocks", form)

    [(document_id, number)] = arrange(portal)
    clerk = portal.browser("clerk")
    fill_cart(clerk, number)
    page = clerk.get("/borrowing/new").text
    assert "您已被停借：多次逾期" in page
    refused = clerk.post("/borrowing/new", {**FORM, "items": [encode_id(document_id)]}, status=422).text
    assert "您已被停借" in refused
    with portal.session() as session:
        block = session.scalars(select(BorrowerBlock)).one()
    portal.browser("archivist_west").post(f"/borrowing/blocks/{encode_id(block.id)}/lift", status=404)
    desk.post(f"/borrowing/blocks/{encode_id(block.id)}/lift")
    assert "已经解除" in desk.post(f"/borrowing/blocks/{encode_id(block.id)}/lift", status=409).text
    clerk.post("/borrowing/new", {**FORM, "items": [encode_id(document_id)]})


def test_notices_are_ones_own_and_lead_inside_only(portal: Portal) -> None:
    _, location, _ = ask(portal)
    manager, clerk = portal.browser("manager"), portal.browser("clerk")
    with portal.session() as session:
        notice = session.scalars(select(Notice).where(Notice.account_id == PEOPLE["manager"][0])).one()
        session.add(
            Notice(account_id=PEOPLE["manager"][0], kind="odd", details={}, path="//evil", created_at=notice.created_at)
        )
        session.commit()
        odd = session.scalars(select(Notice).where(Notice.kind == "odd")).one()
    assert "通知 <b>2</b>" in manager.get("/").text

    assert clerk.post(f"/notices/{encode_id(notice.id)}/open").headers["Location"] == "/notices"
    with portal.session() as session:
        assert session.get_one(Notice, notice.id).read_at is None
    assert manager.post(f"/notices/{encode_id(notice.id)}/open").headers["Location"] == location
    assert manager.post(f"/notices/{encode_id(odd.id)}/open").headers["Location"] == "/notices"
    manager.post("/notices/read")
    assert "通知 <b>" not in manager.get("/").text


def test_things_are_taken_out_of_the_cart_one_by_one_or_all(portal: Portal) -> None:
    made = arrange(portal, 3)
    browser = portal.browser("clerk")
    fill_cart(browser, *(number for _, number in made))

    browser.post("/borrowing/cart/remove", {"drop": encode_id(made[0][0]), "way": "copy"})
    assert made[0][1] not in browser.get("/borrowing/new").text
    browser.post("/borrowing/cart/remove", {"drop": "garbage"}, status=404)
    browser.post("/borrowing/cart/remove", {"drop": "all"})

    assert "借阅车是空的" in browser.get("/borrowing/new").text


def test_a_whole_box_comes_into_the_cart_from_its_page(portal: Portal) -> None:
    found = arrange(portal, 2)
    keeper = portal.browser("archivist")
    with portal.session() as session:
        box = create_box(session, actor(session, "archivist"), EAST, BoxData(), now=NOW)
        session.execute(update(Document).where(Document.id.in_([paper for paper, _ in found])).values(box_id=box))
        session.commit()
    assert "整盒加入借阅车" in keeper.get(f"/storage/boxes/{encode_id(box)}").text

    keeper.post("/borrowing/cart", {"box": encode_id(box)})

    page = keeper.get("/borrowing/new").text
    assert all(number in page for _, number in found)


def test_what_waits_for_a_decision_opens_first(portal: Portal) -> None:
    _, location, _ = ask(portal)
    manager = portal.browser("manager")

    page = manager.get("/borrowing").text

    assert location in page
    assert location not in manager.get("/borrowing?tab=mine").text


def test_the_item_on_its_way_is_shown_where_it_is(portal: Portal) -> None:
    clerk, location, ids = ask(portal)
    with portal.session() as session:
        session.execute(update(LoanItem).values(state="out", due_on=date(2026, 1, 5)))
        session.execute(update(LoanRequest).values(state="open"))
        session.execute(update(Document).where(Document.id == ids[0]).values(whereabouts="loan"))
        session.commit()

    page = clerk.get("/borrowing").text

    assert "借出 1" in page
    assert "2026-01-05" in page
    assert "逾期" in page
    page = clerk.get(location).text
    assert "逾期" in page
    assert "/renew" in page
    assert "/borrowing/desk/" in portal.browser("archivist").get(location).text
    assert "其中 1 件已逾期" in clerk.get("/").text
