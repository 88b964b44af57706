"""The screens of claims: list, one claim, registering, changing, moving from node to node."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import func, select

from app.db import db
from app.domain.ids import encode_id
from app.models.claims import Claim
from app.models.machinery import TrailEntry
from tests.cast import EAST_CITY
from tests.client import Portal
from tests.records import counted, make_claim, make_customer, make_policy

KEY = re.compile(r'name="idempotency_key" type="hidden" value="([^"]+)"')
TOKEN = re.compile(r"[A-Za-z0-9_\-]{86}==")
FORM = {
    "number": "C2026-000777",
    "report_number": "BA2026-1",
    "kind": "inpatient",
    "amount_claimed": "1.86万",
    "occurred_on": "2026-09-01",
    "reported_on": "2026-09-02",
    "outcome": "",
    "refusal_reason": "",
    "amount_paid": "",
    "summary": "住院 12 天",
    "status": "reported",
    "idempotency_key": "one-form",
}


def arrange(portal: Portal, **fields: str) -> tuple[int, int]:
    """Write a policy with a claim and return both ids."""
    with portal.session() as session:
        policy_id = make_policy(session)
        claim_id = make_claim(session, policy_id, **fields)
        session.commit()
    return policy_id, claim_id


def load(portal: Portal, claim_id: int) -> Claim:
    """The row as it lies in the database."""
    with portal.session() as session:
        return session.get_one(Claim, claim_id)


def test_the_list_shows_names_masked_and_leads_to_the_claim(portal: Portal) -> None:
    _, claim_id = arrange(portal)

    page = portal.browser("clerk").get("/claims").text

    assert f"/claims/{encode_id(claim_id)}" in page
    assert "P2026-000123" in page
    assert "王*" in page
    assert "王芳" not in page


def test_the_list_asks_the_database_the_same_number_of_questions_for_one_claim_and_for_fifty(portal: Portal) -> None:
    policy_id, _ = arrange(portal)
    browser = portal.browser("clerk")
    with portal.app.app_context():
        engine = db.engine
    browser.get("/claims")

    with counted(engine) as for_one:
        browser.get("/claims")
    with portal.session() as session:
        for value in range(60):
            make_claim(session, policy_id, number=f"C{value:07d}")
        session.commit()
    with counted(engine) as for_fifty:
        page = browser.get("/claims").text

    assert page.count('class="main"') == 50
    assert len(for_fifty) == len(for_one)
    assert sum("FROM claims" in statement for statement in for_fifty) == 2


def test_filters_leave_what_fits_with_and_without_htmx(portal: Portal) -> None:
    arrange(portal)
    browser = portal.browser("clerk")

    assert "C2026-000456" in browser.get("/claims?status=open").text
    assert "没有符合条件的赔案" in browser.get("/claims?status=closed").text
    fragment = browser.get("/claims?kind=inpatient", htmx=True).text
    assert fragment.lstrip().startswith('<section id="claims"')
    assert "C2026-000456" in fragment


def test_a_number_that_is_looked_for_never_stands_in_the_address(portal: Portal) -> None:
    arrange(portal)
    browser = portal.browser("clerk")
    browser.get("/claims")

    found = browser.post("/claims", {"text": "c2026"})

    assert "2026" not in found.headers["Location"]
    assert "C2026-000456" in browser.get(found.headers["Location"]).text


def test_registering_makes_one_claim_however_often_the_form_is_sent(portal: Portal) -> None:
    policy_id, _ = arrange(portal)
    browser = portal.browser("clerk")
    key = KEY.search(browser.get(f"/claims/new?policy={encode_id(policy_id)}").text)
    assert key
    form = {**FORM, "policy": encode_id(policy_id), "idempotency_key": key[1]}

    first = browser.post("/claims/new", form)
    second = browser.post("/claims/new", form)

    with portal.session() as session:
        made = session.scalars(select(Claim).where(Claim.number == "C2026-000777")).one()
    assert first.headers["Location"] == second.headers["Location"] == f"/claims/{encode_id(made.id)}"
    assert (made.policy_id, made.amount_claimed, made.amount_paid) == (policy_id, 1_860_000, None)


def test_only_kinds_of_the_policys_class_are_offered(portal: Portal) -> None:
    policy_id, _ = arrange(portal)

    page = portal.browser("clerk").get(f"/claims/new?policy={encode_id(policy_id)}").text

    assert "住院医疗" in page
    assert "车损" not in page


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"number": ""}, "请填写赔案号"),
        ({"number": "c2026-000456"}, "这个赔案号已经登记过"),
        ({"kind": "motor_damage"}, "kind-error"),
        ({"amount_claimed": "很多"}, "金额写法不对"),
        ({"reported_on": "2026-08-01"}, "报案日期早于出险日期"),
        ({"reported_on": "2099-01-01"}, "日期晚于今天"),
        ({"outcome": "refused"}, "拒赔必须选择拒赔原因"),
        ({"outcome": "full", "amount_paid": "100"}, "还没有核定日期就登记了赔款"),
        ({"status": "closed"}, "请填写结案日期"),
        ({"closed_on": "2026-10-01"}, "赔案还没有结案"),
    ],
)
def test_what_was_typed_stays_when_something_is_wrong(portal: Portal, changes: dict[str, str], sentence: str) -> None:
    policy_id, _ = arrange(portal)
    browser = portal.browser("clerk")
    browser.get("/claims")

    page = browser.post("/claims/new", {**FORM, **changes, "policy": encode_id(policy_id)}, status=422).text

    assert sentence in page
    assert "error-summary" in page
    assert "住院 12 天" in page
    assert f'value="{changes.get("amount_claimed", "1.86万")}"' in page


def test_a_refusal_is_kept_with_its_reason(portal: Portal) -> None:
    _, claim_id = arrange(portal)
    path, browser = f"/claims/{encode_id(claim_id)}", portal.browser("clerk")
    browser.get(f"{path}/edit")
    refusal = {"outcome": "refused", "refusal_reason": "waiting_period", "decided_on": "2026-09-20"}

    browser.post(f"{path}/edit", {**FORM, **refusal, "version": "1"})

    page = browser.get(path).text
    assert "拒赔" in page
    assert "等待期内" in page


def test_a_case_is_moved_on_and_closed_with_day_and_outcome(portal: Portal) -> None:
    _, claim_id = arrange(portal)
    path, browser = f"/claims/{encode_id(claim_id)}", portal.browser("clerk")
    browser.get(path)

    browser.post(f"{path}/status", {"version": "1", "status": "opened"})
    back = browser.post(f"{path}/status", {"version": "2", "status": "reported"}, status=422).text
    early = browser.post(f"{path}/status", {"version": "2", "status": "closed"}, status=422).text
    browser.post(f"{path}/edit", {**FORM, "outcome": "zero", "version": "2"})
    browser.post(f"{path}/status", {"version": "3", "status": "closed", "closed_on": "2026-10-01"})

    row = load(portal, claim_id)
    assert "请按办理顺序变更" in back
    assert "请填写结案日期" in early
    assert "结案须有结论" in early
    assert (row.status, str(row.closed_on)) == ("closed", "2026-10-01")


def test_a_stale_form_gets_both_texts(portal: Portal) -> None:
    _, claim_id = arrange(portal)
    path, browser = f"/claims/{encode_id(claim_id)}", portal.browser("clerk")
    browser.get(f"{path}/edit")
    browser.post(f"{path}/edit", {**FORM, "amount_claimed": "88", "version": "1"})

    edited = browser.post(f"{path}/edit", {**FORM, "amount_claimed": "99", "version": "1"}, status=409).text
    moved = browser.post(f"{path}/status", {"version": "1", "status": "opened"}, status=409).text

    assert "99.00" in edited
    assert "88.00" in edited
    assert "立案" in moved
    assert load(portal, claim_id).amount_claimed == 8_800


def test_looking_at_a_claim_goes_into_the_trail(portal: Portal) -> None:
    _, claim_id = arrange(portal)

    portal.browser("manager").get(f"/claims/{encode_id(claim_id)}")

    with portal.session() as session:
        entry = session.scalars(select(TrailEntry).where(TrailEntry.event == "claim_viewed")).one()
    assert (entry.object_id, entry.object_label) == (claim_id, "C2026-000456")


def test_a_claim_of_another_branch_is_byte_for_byte_one_that_does_not_exist(portal: Portal) -> None:
    policy_id, claim_id = arrange(portal)
    browser = portal.browser("clerk_west")

    hidden = browser.get(f"/claims/{encode_id(claim_id)}", status=404)
    missing = browser.get("/claims/0000000000001", status=404)

    assert TOKEN.sub("", hidden.text) == TOKEN.sub("", missing.text)
    browser.get(f"/claims/new?policy={encode_id(policy_id)}", status=404)
    for path in ("status", "edit"):
        answer = browser.post(f"/claims/{encode_id(claim_id)}/{path}", {**FORM, "version": "1"}, status=404)
        assert TOKEN.sub("", answer.text) == TOKEN.sub("", missing.text)


def test_a_claim_of_a_branch_below_can_be_read_but_not_changed(portal: Portal) -> None:
    with portal.session() as session:
        policy_id = make_policy(session, make_customer(session, branch_id=EAST_CITY))
        claim_id = make_claim(session, policy_id)
        session.commit()
    path, browser = f"/claims/{encode_id(claim_id)}", portal.browser("clerk")

    page = browser.get(path).text

    assert "变更环节" not in page
    assert "修改赔案" not in page
    browser.get(f"{path}/edit", status=403)
    browser.post(f"{path}/status", {"version": "1", "status": "opened"}, status=403)
    browser.post("/claims/new", {**FORM, "policy": encode_id(policy_id)}, status=403)


@pytest.mark.parametrize("who", ["manager", "agent", "auditor", "newcomer"])
def test_who_may_not_edit_claims_is_refused_and_noted(portal: Portal, who: str) -> None:
    policy_id, claim_id = arrange(portal)
    browser = portal.browser(who)

    browser.get(f"/claims/{encode_id(claim_id)}/edit", status=403)
    browser.get(f"/claims/new?policy={encode_id(policy_id)}", status=403)

    with portal.session() as session:
        refused = select(func.count()).select_from(TrailEntry).where(TrailEntry.outcome == "refused")
        assert session.scalar(refused) == 2
