"""Agents' screens, through the real sandbox: own customers, photographs judged on the spot, handing in, nothing of the back office."""

from __future__ import annotations

import re
from functools import cache
from io import BytesIO
from typing import Any

import pytest
from PIL import Image, ImageDraw, ImageFilter
from sqlalchemy import select, update

from app.domain.ids import encode_id
from app.domain.policy import Action
from app.models.accounts import SignInSession
from app.models.customers import Customer
from app.models.intake import IntakeFile, IntakeItem, IntakePage, Submission
from app.services.submissions import note_returned
from tests.adapters.made_files import pdf_of_pages
from tests.cast import NOW, PEOPLE
from tests.client import Browser, Portal
from tests.records import make_claim, make_customer, make_policy

NEW = {"business": "claim", "about": "", "idempotency_key": "one"}


@cache
def sheet(radius: float = 0.0) -> bytes:
    """A photograph of a written page on a table; `radius` blurs it."""
    desk = Image.new("RGB", (1500, 2000), (92, 74, 60))
    paper = Image.new("RGB", (1240, 1754), (236, 233, 226))
    pen = ImageDraw.Draw(paper)
    for row in range(34):
        for column in range(38 - row % 5):
            left, top = 100 + column * 27, 120 + row * 44
            pen.line((left, top + 4, left + 18, top + 4), fill=(40, 40, 48), width=3)
            pen.line((left + 9, top, left + 9, top + 24), fill=(40, 40, 48), width=3)
            pen.rectangle((left + 2, top + 10, left + 16, top + 18), outline=(40, 40, 48), width=2)
    desk.paste(paper, (130, 120))
    made = desk.filter(ImageFilter.GaussianBlur(radius)) if radius else desk
    out = BytesIO()
    made.save(out, "JPEG", quality=88)
    return out.getvalue()


def shot(data: bytes, name: str = "image.jpg", key: str = "k1", paper: str = "claim_request") -> dict[str, Any]:
    """The form of one photograph."""
    return {"files": (BytesIO(data), name), "idempotency_key": key, "paper": paper}


def arrange(portal: Portal) -> tuple[str, Browser]:
    """An agent with a submission for a claim of his customer, and its address."""
    with portal.session() as session:
        customer_id = make_customer(session, "王芳")
        session.get_one(Customer, customer_id).agent_id = PEOPLE["agent"][0]
        claim_id = make_claim(session, make_policy(session, customer_id))
        session.commit()
    browser = portal.browser("agent")
    path = f"/agent/customers/{encode_id(customer_id)}/new"
    browser.get(path)
    answer = browser.post(path, {**NEW, "about": f"claim-{encode_id(claim_id)}"})
    return str(answer.location), browser


def pages_in(portal: Portal) -> list[IntakePage]:
    """Every page that was photographed."""
    with portal.session() as session:
        return list(session.scalars(select(IntakePage).order_by(IntakePage.position, IntakePage.id)))


def fields_of(text: str) -> dict[str, str]:
    """What handing in sends: the version, and a reason for everything that asks for one."""
    reasons = re.findall(r'name="(reason-[a-z_]+)"', text)
    version = re.search(r'name="version"[^>]*value="(\d+)"', text)
    assert version is not None
    return {"version": version[1], **dict.fromkeys(reasons, "客户外出")}


def give_back(portal: Portal, why: str = "第 1 页拍糊了") -> None:
    """Return the first page as the desk does."""
    with portal.session() as session:
        page = session.scalars(select(IntakePage).order_by(IntakePage.position)).first()
        assert page is not None
        item = session.get_one(IntakeItem, page.item_id)
        page.refusal, item.state = why, "returned"
        session.flush()
        note_returned(session, item, now=NOW)
        session.commit()


def test_an_agent_starts_at_his_own_page_and_sees_two_lines_in_the_rail(portal: Portal) -> None:
    browser = portal.browser("agent")

    assert browser.get("/", status=303).location == "/agent"
    page = browser.get("/agent").text

    rail = page[page.index('class="rail"') : page.index('class="topbar"')]
    assert re.findall(r'<a href="([^"]+)"', rail) == ["/agent", "/agent/customers"]
    assert "还没有提交过材料" in page and "新提交" in page and 'role="search"' not in page


def test_the_back_office_is_closed_to_agents(portal: Portal) -> None:
    _, browser = arrange(portal)
    with portal.session() as session:
        customer_id = encode_id(session.scalars(select(Submission.customer_id)).one())
    closed = 0

    for rule in portal.app.url_map.iter_rules():
        access = getattr(portal.app.view_functions[rule.endpoint], "access", None)
        if "GET" not in (rule.methods or ()) or rule.arguments or not isinstance(access, Action):
            continue
        if access not in (Action.SELF, Action.HOME, Action.SUBMISSION_MAKE):
            browser.get(rule.rule, status=403)
            closed += 1
    browser.get(f"/customers/{customer_id}", status=403)
    browser.post("/search", {"q": "王芳"}, status=403)

    assert closed > 40


def test_customers_are_masked_and_found_without_a_name_in_the_address(portal: Portal) -> None:
    _, browser = arrange(portal)
    with portal.session() as session:
        make_customer(session, "李强")
        session.commit()

    page = browser.get("/agent/customers").text
    found = browser.post("/agent/customers", {"text": "王"})

    assert "王*" in page and "王芳" not in page and "李" not in page
    assert "find=" in found.location and "王*" in browser.get(found.location).text
    nobody = browser.post("/agent/customers", {"text": "李"})
    assert "没有这位客户" in browser.get(nobody.location).text
    assert browser.post("/agent/customers", {"text": ""}).location == "/agent/customers"


def test_a_business_has_to_be_chosen_and_a_policy_where_it_needs_one(portal: Portal) -> None:
    path, browser = arrange(portal)
    with portal.session() as session:
        customer_id = encode_id(session.scalars(select(Submission.customer_id)).one())
    begin = f"/agent/customers/{customer_id}/new"

    for typed in ({"business": ""}, {"business": "payroll"}, {"business": "claim", "about": "policy-zzz"}):
        browser.post(begin, {**NEW, "idempotency_key": "two", **typed}, status=422)
    missing = browser.post(begin, {**NEW, "idempotency_key": "three", "business": "servicing"}, status=422)
    again = browser.post(begin, {**NEW, "business": "claim"})

    assert "哪张保单" in missing.text
    assert again.location == path  # the form of the first time, sent once more


def test_a_good_photograph_is_taken_and_a_blurred_one_says_how_to_retake(portal: Portal) -> None:
    path, browser = arrange(portal)

    good = browser.post(f"{path}/pages", shot(sheet()), status=201, htmx=True)
    poor = browser.post(f"{path}/pages", shot(sheet(9.0), key="k2"), status=201, htmx=True)
    part = browser.get(f"{path}?paper=claim_request", htmx=True).text

    assert good.text == "已收到" and "把手机放稳" in poor.text
    assert "第 2 页：有点糊" in part and "仍然使用" in part and 'hx-swap-oob="true"' in part
    page = pages_in(portal)[1]
    kept = browser.post(f"/agent/pages/{encode_id(page.id)}/keep", htmx=True, status=200).text
    assert "您选择仍然使用" in kept and "有点糊" not in kept
    image = browser.get(f"/agent/pages/{encode_id(page.id)}.jpg")
    assert image.data[:2] == b"\xff\xd8" and image.headers["Cache-Control"] == "no-store"
    assert browser.get(f"/agent/pages/{encode_id(page.id)}/thumbnail.jpg").data[:2] == b"\xff\xd8"


def test_a_page_is_replaced_turned_and_removed(portal: Portal) -> None:
    path, browser = arrange(portal)
    browser.post(f"{path}/pages", shot(sheet(9.0)))
    first = encode_id(pages_in(portal)[0].id)

    browser.post(f"/agent/pages/{first}/replace", shot(sheet(), key="again"), status=201, htmx=True)
    fresh = encode_id(pages_in(portal)[0].id)
    browser.post(f"/agent/pages/{first}/replace", shot(sheet(), key="late"), status=404)
    assert browser.post(f"/agent/pages/{fresh}/turn").location == f"{path}#paper-claim_request"
    assert pages_in(portal)[0].turned == 180
    assert browser.get(f"/agent/pages/{fresh}.jpg").data[:2] == b"\xff\xd8"
    browser.post(f"/agent/pages/{fresh}/remove", htmx=True, status=200)

    assert not pages_in(portal)


def test_a_photograph_sent_twice_is_one_page(portal: Portal) -> None:
    path, browser = arrange(portal)

    for _ in range(2):
        browser.post(f"{path}/pages", shot(sheet()), status=201, htmx=True)

    assert len(pages_in(portal)) == 1


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"", "a.jpg", "0 字节"),
        (b"MZ\x90\x00 not a picture", "a.jpg", "只收照片"),
        (sheet()[:2000], "a.jpg", "打不开"),
    ],
)
def test_bad_files_are_refused_in_words_and_leave_nothing(portal: Portal, data: bytes, name: str, words: str) -> None:
    path, browser = arrange(portal)

    told = browser.post(f"{path}/pages", shot(data, name), status=422, htmx=True)
    shown = browser.post(f"{path}/pages", shot(data, name, key="k2"), status=422)

    assert words in told.text and "data-message" in told.text and words in shown.text
    assert not pages_in(portal)


def test_thirty_files_in_one_request_are_too_many_and_none_is_none(portal: Portal) -> None:
    path, browser = arrange(portal)
    many = {**shot(sheet()), "files": [(BytesIO(sheet()), f"{n}.jpg") for n in range(30)]}

    assert "分几次" in browser.post(f"{path}/pages", many, status=422).text
    assert "先拍照" in browser.post(f"{path}/pages", {"paper": "", "idempotency_key": "k"}, status=422).text
    browser.post(f"{path}/pages", shot(sheet(), paper="no_such"), status=404)
    browser.post(f"{path}/pages", shot(sheet(), paper="x" * 300), status=404)

    assert not pages_in(portal)


def test_a_pdf_of_several_pages_is_drawn_later_and_one_of_one_page_at_once(portal: Portal) -> None:
    path, browser = arrange(portal)

    browser.post(f"{path}/pages", shot(pdf_of_pages(3), "a.pdf"))
    browser.post(f"{path}/pages", shot(pdf_of_pages(1), "b.pdf", key="k2", paper=""))

    assert "页面稍后显示" in browser.get(path).text
    with portal.session() as session:
        assert sorted(session.scalars(select(IntakeFile.state))) == ["done", "waiting"]
    page = pages_in(portal)[0]
    wrong = browser.post(
        f"/agent/pages/{encode_id(page.id)}/replace", shot(pdf_of_pages(2), "c.pdf", key="k3"), status=422
    )
    assert "只选一张照片" in wrong.text


def test_what_is_missing_needs_a_reason_which_is_kept_when_something_else_is_wrong(portal: Portal) -> None:
    path, browser = arrange(portal)
    fields = fields_of(browser.get(path).text)
    browser.post(f"{path}/pages", shot(sheet()))

    stale = browser.post(f"{path}/send", fields, status=409).text
    fields = fields_of(browser.get(path).text)
    one = sorted(fields)[0]
    refused = browser.post(f"{path}/send", {**fields, one: ""}, status=422).text

    assert "客户外出" in stale and "又改动了" in stale
    assert "为什么缺" in refused and "客户外出" in refused and 'aria-invalid="true"' in refused
    assert browser.post(f"{path}/send", {**fields, "version": "x"}, status=409)
    assert browser.post(f"{path}/send", fields).location == "/agent"
    sent = browser.get(path).text
    assert "等待接收" in sent and "缺件说明" in sent and 'type="file"' not in sent
    assert "已经提交过了" in browser.post(f"{path}/send", fields_of(refused) | {"version": "3"}, status=409).text


def test_nothing_is_not_handed_in(portal: Portal) -> None:
    path, browser = arrange(portal)

    assert "还没有拍任何一页" in browser.post(f"{path}/send", fields_of(browser.get(path).text), status=422).text


def test_a_returned_page_is_told_on_the_start_page_and_only_it_is_sent_again(portal: Portal) -> None:
    path, browser = arrange(portal)
    for key in ("k1", "k2"):
        browser.post(f"{path}/pages", shot(sheet(), key=key, paper="bank_card"))
    browser.post(f"{path}/send", fields_of(browser.get(path).text))
    give_back(portal)

    start = browser.get("/agent").text
    page = browser.get(path).text

    assert "有 1 页被退回" in start and "第 1 页拍糊了" in start and "退回，请重拍" in start
    assert "退回 1 页" in page and page.count("/replace") == 1 and "/remove" not in page
    assert page.index("退回 1 页") < page.index("待拍")
    refused, other = (encode_id(one.id) for one in pages_in(portal))
    browser.post(f"/agent/pages/{other}/replace", shot(sheet(), key="k3"), status=409)
    assert "标红" in browser.post(f"{path}/send", fields_of(page), status=422).text
    browser.post(f"/agent/pages/{refused}/replace", shot(sheet(), key="k4"))
    browser.post(f"{path}/send", fields_of(browser.get(path).text))
    assert "等待接收" in browser.get(path).text


def test_a_draft_is_given_up(portal: Portal) -> None:
    path, browser = arrange(portal)
    browser.post(f"{path}/pages", shot(sheet()))

    browser.post(f"{path}/withdraw", {"version": "1"}, status=409)
    browser.post(f"{path}/withdraw", {"version": "2"})

    assert not pages_in(portal) and "已放弃" in browser.get(path).text


def test_another_agents_submission_is_not_there(portal: Portal) -> None:
    path, browser = arrange(portal)
    browser.post(f"{path}/pages", shot(sheet()))
    page = encode_id(pages_in(portal)[0].id)
    other = portal.browser("agent_other")

    for address in (path, f"/agent/pages/{page}.jpg", f"/agent/pages/{page}/thumbnail.jpg"):
        other.get(address, status=404)
    for address in ("send", "withdraw", "pages"):
        other.post(f"{path}/{address}", {"version": "2"}, status=404)
    for act in ("keep", "turn", "remove", "replace"):
        other.post(f"/agent/pages/{page}/{act}", shot(sheet(), key=act), status=404)
    assert "王" not in other.get("/agent").text
    portal.browser("archivist").get(path, status=403)
    assert len(pages_in(portal)) == 1


def test_an_ended_session_loses_nothing_of_a_draft(portal: Portal) -> None:
    path, browser = arrange(portal)
    browser.post(f"{path}/pages", shot(sheet()))
    with portal.session() as session:
        session.execute(update(SignInSession).values(ended_at=NOW))
        session.commit()

    browser.post(f"{path}/pages", shot(sheet(), key="k2"), status=401, htmx=True)

    assert "草稿" in portal.browser("agent").get("/agent").text
    assert len(pages_in(portal)) == 1
