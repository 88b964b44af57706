"""The home page: what each role sees there, inside what it may see at all."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from app.db import db
from app.domain.claims import ClaimStatus
from app.domain.policies import PolicyStatus
from app.models.accounts import Account, Grant
from app.models.documents import Document
from app.models.policies import Policy
from app.web.clock import today
from tests.cast import EAST_CITY, PEOPLE
from tests.client import Portal
from tests.records import counted, make_claim, make_customer, make_document, make_policy

TILE = re.compile(
    r'<li class="tile[^"]*">\s*(?:<a href="([^"]*)">|<span>)([^<]*)</(?:a|span)>\s*<b class="num">([^<]*)</b>'
)


def tiles(portal: Portal, who: str) -> dict[str, str]:
    """The figures of a role by their words."""
    page = portal.browser(who).get("/").text
    return {label: value for _href, label, value in TILE.findall(page)}


def furnish(portal: Portal) -> None:
    """Two customers in the east, one of them the agent's, one secret, one in the west, with contracts and papers."""
    soon, past = today() + timedelta(days=10), today() - timedelta(days=3)
    with portal.session() as session:
        mine = make_customer(session, id_expires_on=soon)
        agents = make_customer(session, "李雷", branch_id=EAST_CITY, agent_id=PEOPLE["agent"][0], id_expires_on=past)
        secret = make_customer(session, "赵一", level=4)
        policy_id = make_policy(session, mine, number="P2026-000001")
        make_policy(session, agents, number="P2026-000002")
        make_policy(session, secret, number="P2026-000003")
        make_policy(session, mine, number="P2026-000004", status=PolicyStatus.PENDING)
        make_claim(session, policy_id)
        make_claim(
            session,
            policy_id,
            number="C2026-2",
            status=ClaimStatus.CLOSED,
            outcome="zero",
            closed_on=today() - timedelta(days=400),
            reported_on=None,
        )
        make_document(session, mine, "clerk", title="业务员收的材料")
        filed = make_document(session, mine, title="已著录的材料")
        make_document(session, agents, title="代理人客户的材料")
        session.execute(update(Document).where(Document.id == filed).values(state="catalogued"))
        session.commit()


def test_business_roles_see_figures_inside_their_reach(portal: Portal) -> None:
    furnish(portal)

    assert tiles(portal, "archivist") == {
        "客户": "3",
        "有效保单": "3",
        "未结赔案": "1",
        "待编目": "2",
        "已著录待归档": "1",
        "证件 60 天内到期": "1",
    }
    assert tiles(portal, "clerk")["客户"] == "2"
    assert tiles(portal, "clerk")["有效保单"] == "2"
    assert tiles(portal, "manager")["客户"] == "3"
    assert tiles(portal, "clerk_west") == dict.fromkeys(tiles(portal, "clerk_west"), "0")


def test_an_agent_has_a_start_page_of_his_own(portal: Portal) -> None:
    furnish(portal)

    assert portal.browser("agent").get("/", status=303).location == "/agent"


def test_every_figure_leads_to_a_list_of_as_many(portal: Portal) -> None:
    furnish(portal)
    browser = portal.browser("archivist")

    for href, label, value in TILE.findall(browser.get("/").text):
        page = browser.get(href.replace("&amp;", "&")).text
        assert f"共 {value} 条" in page, label


def test_what_i_received_and_what_is_due_stand_there_masked(portal: Portal) -> None:
    furnish(portal)
    with portal.session() as session:
        session.execute(
            update(Policy).where(Policy.number == "P2026-000001").values(expires_on=today() + timedelta(days=5))
        )
        session.commit()

    clerk = portal.browser("clerk").get("/").text

    assert "业务员收的材料" in clerk
    assert "已著录的材料" not in clerk
    assert "王* 证件到期" in clerk
    assert "王* 保单满期" in clerk
    assert clerk.index("保单满期") < clerk.index("证件到期")
    assert "另有 1 份已过期" in clerk
    assert "王芳" not in clerk


def test_the_page_costs_the_same_however_much_there_is(portal: Portal) -> None:
    browser = portal.browser("archivist")
    with portal.app.app_context():
        engine = db.engine
    browser.get("/")

    with counted(engine) as for_nothing:
        browser.get("/")
    furnish(portal)
    with counted(engine) as for_something:
        browser.get("/")

    assert len(for_something) == len(for_nothing)


def test_counting_says_more_than_when_it_stops(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.queries.counting.bounded_count.__defaults__", (1,))
    monkeypatch.setattr("app.blueprints.home.tiles.MOST_COUNTED", 1)
    furnish(portal)

    assert tiles(portal, "archivist")["有效保单"] == "1+"
    assert tiles(portal, "archivist")["客户"] == "3"


def test_the_system_administrator_sees_accounts_and_no_customers(portal: Portal) -> None:
    furnish(portal)
    with portal.session() as session:
        session.execute(update(Account).where(Account.username == "agent_other").values(state="disabled"))
        session.execute(update(Account).where(Account.username == "clerk_city").values(state="pending"))
        session.commit()

    page = portal.browser("sysadmin").get("/").text

    assert tiles(portal, "sysadmin") == {
        "使用中的账号": str(len(PEOPLE) - 2),
        "待激活": "1",
        "已停用": "1",
    }
    assert "王*" not in page
    assert "客户档案门户" not in page
    assert 'href="/customers"' not in page


def test_the_security_administrator_sees_accounts_without_roles(portal: Portal) -> None:
    with portal.session() as session:
        ended = datetime.now(UTC) - timedelta(days=1)
        session.execute(update(Grant).where(Grant.account_id == PEOPLE["clerk"][0]).values(valid_to=ended))
        session.commit()

    assert tiles(portal, "secadmin")["未授权的账号"] == "2"


def test_the_auditor_sees_todays_entries_and_refusals(portal: Portal) -> None:
    portal.browser("clerk").get("/documents/numbers", status=403)
    portal.browser("agent").get("/policies/new", status=403)

    figures = tiles(portal, "auditor")

    assert figures["今日拒绝"] == "2"
    assert int(figures["今日审计记录"]) >= 2


def test_somebody_without_roles_is_told_whom_to_ask(portal: Portal) -> None:
    page = portal.browser("newcomer").get("/").text

    assert "您的账号还没有角色" in page
    assert "安全甲" in page
    assert "安全乙" in page
    assert TILE.findall(page) == []


def test_without_a_session_one_is_sent_to_the_sign_in(portal: Portal) -> None:
    assert portal.visitor().get("/", status=303).headers["Location"] == "/login"


def test_a_reader_of_another_branch_sees_nothing_due_there(portal: Portal) -> None:
    furnish(portal)

    page = portal.browser("manager_west").get("/").text

    assert "没有即将到期的证件或保单" in page
