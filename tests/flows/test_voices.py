"""What customers say: a question that becomes a complaint and goes through all that the law knows; a low score that comes back."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from app.domain.ids import encode_id
from app.domain.office_time import CHINA
from tests.flows.desk import Desk
from tests.flows.office import Office
from tests.flows.staff import PHONE, Staff
from tests.flows.steps import WORKER_MILLISECONDS

pytestmark = pytest.mark.browser

# Customers of a branch, those whom nobody has complained for or asked yet first.
CUSTOMER = """
    select customers.id, customers.number from customers
    join branches on branches.id = customers.branch_id
    where branches.name = '城东支公司' and customers.level <= 2 and customers.kind = 'person'
      and customers.id not in (select customer_id from survey_invitations where purpose = 'visit')
    order by (select count(*) from cases where customer_id = customers.id), customers.number
"""


def take(page: Page, form_action: str, **typed: str) -> None:
    """Send the form of one step as its user does: unfold it, fill it in, press its button."""
    form = page.locator(f"form[action$='/{form_action}']")
    if not form.is_visible():
        page.locator("details", has=form).locator("> summary").click()
    for name, value in typed.items():
        fill(form, name, value)
    form.locator("button[type=submit], button:not([type])").last.click()
    page.wait_for_load_state()
    expect(page.locator(".error-summary")).to_have_count(0)


def fill(form: Locator, name: str, value: str) -> None:
    """Give a field its value, whatever kind of control it is."""
    field = form.locator(f"[name={name}]")
    kind = field.first.get_attribute("type")
    if kind in ("radio", "checkbox"):
        form.locator(f"[name={name}][value='{value}']").check()
    elif field.first.evaluate("field => field.tagName") == "SELECT":
        field.select_option(value)
    else:
        field.fill(value)


def days_ago(days: int) -> str:
    """Return a moment of the office as a form writes it."""
    return f"{datetime.now(CHINA) - timedelta(days=days):%Y-%m-%dT%H:%M}"


def standing(page: Page) -> str:
    """Return what the page says of its main clock."""
    return page.locator("#clocks").text_content() or ""


def ask_and_complain(clerk: Desk, customer_id: int) -> str:
    """Log a question, turn it into a complaint without typing again, and return the complaint's address."""
    page = clerk.page
    clerk.go(f"/consultations/new?customer={encode_id(customer_id)}")
    clerk.look()
    page.select_option("#topic", "surrender")
    page.fill("#question", "退保金额比业务员说的少一半，要求说明。")
    page.check("[name=result][value=complaint]")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile(r"/casework/new\?consultation=|/consultations/(?!new)\w+$"))
    if "/casework/new" not in page.url:
        page.click("a:has-text('转为投诉')")
    clerk.look()
    expect(page.locator("main")).to_contain_text("退保金额比业务员说的少一半")
    page.fill("#received_at", days_ago(3))
    page.fill("#request", "请求退还差额。")
    page.fill("#facts", "签单时没有讲明退保损失。")
    page.click(".form-foot button")
    page.wait_for_url(re.compile(r"/casework/(?!new)\w+$"))
    return page.url


def test_a_question_becomes_a_complaint_and_goes_its_whole_way(staff: Staff, office: Office) -> None:
    customer_id, _number = office.rows(CUSTOMER)[0]
    clerk, head, upper = (staff.desk(name) for name in ("clerk-cd1", "manager-cd1", "manager-jd1"))
    address = ask_and_complain(clerk, customer_id)
    page = clerk.page

    take(page, "accept", declares="y")
    expect(page.locator("main")).to_contain_text("办理中")
    clerk.look()
    take(
        page,
        "pause",
        moment=days_ago(2),
        ground="appraisal",
        about="笔迹",
        proof="鉴定委托书 7 号",
        told_channel="phone",
        told_at=days_ago(2),
        told_proof="录音 0071",
    )
    assert "中止中；如" in standing(page)
    take(page, "resume", moment=days_ago(1), proof="鉴定意见书 7 号")
    assert "1日不计入" in standing(page)
    take(page, "classify", reason="涉及笔迹鉴定和三份合同。")
    take(page, "extension", authority="superior", reason="等待合作银行的影像资料。")
    upper.go("/casework/approvals")
    upper.look()
    upper.go(address)
    take(upper.page, "extension/decide", verdict="approve", answer="同意，请及时告知。")
    clerk.go(address)
    take(page, "extension/tell", told_channel="message", told_proof="短信 8812")
    assert "再延长30日" in standing(page)

    take(page, "findings", finding="经调阅录音，未讲明退保损失。", opinion="同意退还。")
    take(page, "propose", outcome="granted", decision="十日内退还差额。", decision_basis="合同第五条；办法第十八条。")
    head.go(address)
    head.look()
    take(head.page, "decide", answer="同意")
    clerk.go(address)
    letter = clerk.context.request.get(f"{address}/letter/decision.pdf")
    assert letter.body().startswith(b"%PDF")
    take(page, "notify", told_channel="in_person", told_proof="签收单 31 号")
    assert "未逾期" in standing(page)
    clerk.look()

    take(page, "ask-review", request="对赔付金额有异议。", proof="核查申请书 5 号")
    other = staff.desk("manager-jd2")
    other.go("/casework")
    expect(other.page.locator("main")).to_contain_text(re.compile(r"HC\d{4}-\d{6}"))

    clerk.go(address)
    stage, cause = office.rows(
        "select parents.id, causes.id from case_causes causes join case_causes parents on parents.id = causes.parent_id "
        "where parents.code = 'F' order by causes.code"
    )[0]
    take(page, "root-cause", root_cause="退保提示不在话术中。", stage_id=str(stage), cause_id=str(cause))
    owner = clerk_id(office, "clerk-cd1")
    tomorrow = f"{datetime.now(CHINA) + timedelta(days=1):%Y-%m-%d}"
    take(page, "remedies", measure="修订销售话术。", owner_id=owner, due_on=tomorrow)
    page.click("#mending td.main a")
    take(page, "finish", result="已修订并培训。")
    head.go(page.url)
    take(head.page, "check", verdict="pass")
    clerk.go(address)
    take(page, "close")
    for _ in range(60):
        # What is filed is secret: the head of the branch reads it, the handler reads that it was.
        head.go(address)
        if head.page.locator("#filing a").count():
            break
        head.page.wait_for_timeout(WORKER_MILLISECONDS / 60)
    expect(head.page.locator("#filing")).to_contain_text("·TS·")
    clerk.go(address)
    expect(page.locator("#filing")).to_contain_text("已归档")
    clerk.look()


def clerk_id(office: Office, username: str) -> str:
    """Return the key of an account as forms choose it."""
    return str(office.rows("select id from accounts where username = ?", username)[0][0])


def test_a_customer_answers_on_a_phone_and_the_low_score_comes_back_as_a_task(staff: Staff, office: Office) -> None:
    customer_id, number = office.rows(CUSTOMER)[-1]
    clerk, head, customer = staff.desk("clerk-cd1"), staff.desk("manager-cd1"), staff.visitor(PHONE)
    survey_id = office.rows("select id from surveys where code = 'visit'")[0][0]
    clerk.go(f"/surveys/invitations/new?survey={encode_id(survey_id)}&customer={encode_id(customer_id)}")
    clerk.look()
    clerk.page.check("[name=means][value=link]")
    clerk.page.click(".form-foot button")
    clerk.page.wait_for_load_state()
    link = re.search(r"https://[^\s\"'<>]+/s/[\w-]+", clerk.page.content())
    assert link is not None
    clerk.look()

    customer.go(re.sub(r"^https://[^/]+", "", link[0]))
    customer.look()
    page = customer.page
    for group in page.locator("fieldset.ask").all():
        choice = group.locator("input[type=radio], input[type=checkbox]")
        if choice.count():
            choice.first.check()
    page.locator("textarea").last.fill("等了一个小时没人理。")
    page.locator("main form button, form button").last.click()
    page.wait_for_load_state()
    expect(page.locator("body")).to_contain_text("谢")
    customer.look()
    assert number not in page.content()

    head.go("/surveys/follow-ups")
    head.look()
    expect(head.page.locator("main")).to_contain_text("评分低")
    # Sorted by the day they are due: what came just now is the last.
    head.page.locator("main td.main a").last.click()
    expect(head.page.locator("main")).to_contain_text("等了一个小时没人理")
    head.look()
    head.go("/notices")
    expect(head.page.locator("main")).to_contain_text("评分低")
