"""The screens of service duties and of the clocks of claims."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from app.domain.ids import encode_id
from app.models.clocks import ClockEvent, ServiceDuty
from tests.cast import PEOPLE
from tests.client import Browser, Portal
from tests.records import make_claim, make_customer, make_policy

FORM = {
    "rule": "change_done",
    "begun_on": "2026-11-02",
    "owner": "",
    "note": "变更受益人",
    "idempotency_key": "one-form",
}


def arrange(portal: Portal) -> tuple[str, str, str]:
    """A customer with a policy and a claim whose papers have come; return their ids."""
    with portal.session() as session:
        customer = make_customer(session)
        policy = make_policy(session, customer)
        claim = make_claim(session, policy, materials_received_on=date(2026, 9, 3))
        session.commit()
    return encode_id(customer), encode_id(policy), encode_id(claim)


@pytest.fixture
def clerk(portal: Portal) -> Browser:
    """A clerk of the east."""
    return portal.browser("clerk")


def test_a_duty_is_registered_from_its_policy_once(portal: Portal, clerk: Browser) -> None:
    _, policy, _ = arrange(portal)
    assert f"/duties/new?policy={policy}" in clerk.get(f"/policies/{policy}").text
    clerk.get(f"/duties/new?policy={policy}")

    refused = clerk.post("/duties/new", {**FORM, "policy": policy, "begun_on": ""}, status=422).text
    first = clerk.post("/duties/new", {**FORM, "policy": policy}).headers["Location"]
    again = clerk.post("/duties/new", {**FORM, "policy": policy}).headers["Location"]

    assert "请填写起算日期" in refused
    assert "变更受益人" in refused
    assert first == again
    assert "保全处理" in clerk.get(f"/policies/{policy}").text
    page = clerk.get("/duties").text
    assert first in page
    assert "王*" in page
    assert "王芳" not in page
    assert "2026-11-09" in clerk.get("/duties?state=overdue", htmx=True).text
    assert first not in clerk.get("/duties?state=done&rule=change_done&owner=mine&branch=2").text


def test_a_duty_may_stand_under_a_customer_alone(portal: Portal, clerk: Browser) -> None:
    customer, _, _ = arrange(portal)
    clerk.get(f"/duties/new?customer={customer}")

    location = clerk.post("/duties/new", {**FORM, "customer": customer, "rule": "misleading_sale"}).headers["Location"]

    assert "回访问题件解决" in clerk.get(location).text
    clerk.get("/duties/new", status=404)
    clerk.get("/duties/new?policy=garbage", status=404)


def test_a_duty_is_paused_assigned_and_done(portal: Portal, clerk: Browser) -> None:
    _, policy, _ = arrange(portal)
    clerk.get(f"/duties/new?policy={policy}")
    path = clerk.post("/duties/new", {**FORM, "policy": policy}).headers["Location"]

    clerk.get(path)
    unproved = clerk.post(
        f"{path}/progress", {"version": "1", "happened": "pause_begun", "day": "2026-11-03"}, status=409
    ).text
    clerk.post(f"{path}/progress", {"version": "1", "happened": "pause_begun", "day": "2026-11-03", "proof": "TJ-1"})
    clerk.post(f"{path}/progress", {"version": "1", "happened": "done", "day": "2026-11-04"}, status=409)
    clerk.post(f"{path}/progress", {"version": "2", "happened": "nonsense", "day": "2026-11-04"}, status=422)
    clerk.post(f"{path}/assign", {"version": "2", "owner": encode_id(PEOPLE["archivist"][0])})
    clerk.post(f"{path}/assign", {"version": "3", "owner": "garbage"}, status=422)
    clerk.post(f"{path}/void", {"version": "3", "reason": ""}, status=422)
    clerk.post(f"{path}/progress", {"version": "3", "happened": "done", "day": "2026-11-05"})
    over = clerk.post(f"{path}/void", {"version": "4", "reason": "错"}, status=409).text

    assert "请附上中止的凭证" in unproved
    assert "已经办完" in over
    with portal.session() as session:
        duty = session.scalars(select(ServiceDuty)).one()
        assert (duty.state, duty.owner_id) == ("done", PEOPLE["archivist"][0])


def test_who_may_not_see_the_customer_does_not_see_the_duty(portal: Portal, clerk: Browser) -> None:
    _, policy, _ = arrange(portal)
    clerk.get(f"/duties/new?policy={policy}")
    path = clerk.post("/duties/new", {**FORM, "policy": policy}).headers["Location"]

    west, manager = portal.browser("clerk_west"), portal.browser("manager")

    west.get(path, status=404)
    west.post(f"{path}/void", {"version": "1", "reason": "x"}, status=404)
    assert path not in west.get("/duties").text
    assert "登记进展" not in manager.get(path).text
    manager.get(f"/duties/new?policy={policy}", status=403)


def test_what_happened_to_a_claim_is_noted_and_struck_out_on_its_page(portal: Portal, clerk: Browser) -> None:
    _, _, claim = arrange(portal)
    path = f"/claims/{claim}"
    page = clerk.get(path).text
    event = {"happened": "supplements_asked", "day": "2026-09-07", "proof": "BZ-1", "idempotency_key": "a"}

    clerk.post(f"{path}/clock-events", event)
    clerk.post(f"{path}/clock-events", event)
    twice = clerk.post(f"{path}/clock-events", {**event, "idempotency_key": "b"}, status=422).text
    refused = {"happened": "refusal_sent", "day": "2026-09-08", "idempotency_key": "c"}
    early = clerk.post(f"{path}/clock-events", refused, status=422).text
    clerk.post(f"{path}/clock-events", {**refused, "happened": "decided", "idempotency_key": "d"}, status=422)
    with portal.session() as session:
        noted = session.scalars(select(ClockEvent.id).where(ClockEvent.kind == "supplements_asked")).one()
    strike = f"{path}/clock-events/{encode_id(noted)}/strike"
    clerk.post(strike, {"reason": ""}, status=422)
    clerk.post(strike, {"reason": "录错了"})
    clerk.post(strike, {"reason": "录错了"}, status=404)

    assert "人身险理赔核定" in page
    assert "逾期" in page
    assert "上一次补充通知的资料还没有收到" in twice
    assert "请先填写核定日期和拒赔结论" in early
    assert "BZ-1" not in clerk.get(path).text


def test_an_edit_that_contradicts_what_was_noted_is_told_in_the_form(portal: Portal, clerk: Browser) -> None:
    _, _, claim = arrange(portal)
    path = f"/claims/{claim}"
    clerk.get(path)
    clerk.post(f"{path}/clock-events", {"happened": "supplements_asked", "day": "2026-09-07", "idempotency_key": "a"})
    typed = {"number": "C2026-000456", "kind": "inpatient", "amount_claimed": "18600", "version": "1"}
    typed |= {"reported_on": "2026-09-02", "materials_received_on": "", "outcome": "", "refusal_reason": ""}

    page = clerk.post(f"{path}/edit", typed, status=422).text

    assert "还没有登记收到的日期" in page
