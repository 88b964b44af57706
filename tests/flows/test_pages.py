"""Every page that somebody can reach, at a PC and on a telephone, by day and by night: nothing stands in anybody's way."""

from __future__ import annotations

from typing import Any

import pytest

from app.domain.ids import encode_id
from tests.flows.office import Office
from tests.flows.staff import PC, PHONE, Staff

pytestmark = pytest.mark.browser

ANY_DOCUMENT = """
    select documents.id, documents.customer_id from documents join branches on branches.id = documents.branch_id
    where branches.name = '城东支公司' and documents.level <= 3 and documents.state = ? and documents.current_version > 0
"""
ANY = {
    "policy": "select policies.id from policies join customers on customers.id = policies.customer_id",
    "claim": "select claims.id from claims join customers on customers.id = claims.customer_id",
}
OF_BRANCH = (
    " join branches on branches.id = customers.branch_id where branches.name = '城东支公司' and customers.level <= 3"
)
SEES = {
    "archivist-cd1": (
        *("/customers/new", "/customers/{customer}", "/customers/{customer}?class=2", "/customers/{customer}?class=3"),
        *("/customers/{customer}/edit", "/documents/new?customer={customer}", "/documents/numbers", "/search?q=保险"),
        *(
            "/documents/{received}",
            "/documents/{received}/edit",
            "/documents/{received}/versions/new",
            "/documents/{filed}",
        ),
        *("/policies/new?customer={customer}", "/policies/{policy}", "/policies/{policy}/edit"),
        *(
            "/claims/new?policy={policy}",
            "/claims/{claim}",
            "/claims/{claim}/edit",
            "/account/sessions",
            "/account/password",
        ),
    ),
    "archivist-jd1": (
        *("/consultations/new", "/consultations/answers"),
        *("/borrowing/new", "/borrowing/rules", "/borrowing/blocks", "/borrowing/desk?tab=out", "/notices", "/reading"),
        *("/storage/places/new", "/storage/places/{room}", "/storage/boxes", "/storage/boxes/new"),
        *("/storage/boxes/{box}", "/storage/boxing", "/storage/shelving", "/storage/movements", "/storage/find?code=X"),
        *("/storage/climate/{room}", "/storage/climate/checks", "/storage/rounds/new", "/storage/transfers/new"),
    ),
    "manager-jx1": ("/account/sessions",),
    "agent-cd1": (),
    "sysadmin-hq1": (
        "/admin/accounts/new",
        "/admin/accounts/{account}",
        "/admin/branches/new",
        "/admin/branches/{branch}/edit",
    ),
    "secadmin-hq1": (
        "/admin/accounts/{account}",
        "/admin/resets",
        "/admin/grants/new",
        "/admin/accounts/{account}/reset",
    ),
    "auditor-hq1": ("/admin/grants",),
}


@pytest.fixture(scope="module")
def things(office: Office) -> dict[str, str]:
    """One of everything that has a page, by its id in addresses."""
    received, customer = office.rows(ANY_DOCUMENT, "received")[0]
    found = {"received": received, "customer": customer, "filed": office.rows(ANY_DOCUMENT, "filed")[0][0]}
    found |= {name: office.rows(statement + OF_BRANCH)[0][0] for name, statement in ANY.items()}
    found["account"] = office.rows("select id from accounts where username = 'clerk-jx2'")[0][0]
    here = "join branches on branches.id = branch_id where branches.name = '江东分公司'"
    found["room"] = office.rows(f"select places.id from places {here} and places.kind = 'room'")[0][0]  # noqa: S608
    found["box"] = office.rows(f"select boxes.id from boxes {here} and place_id is not null")[0][0]  # noqa: S608
    found["branch"] = office.rows("select id from branches where name = '城东支公司'")[0][0]
    return {name: encode_id(number) for name, number in found.items()}


@pytest.mark.parametrize("screen", [PC, PHONE], ids=["pc", "telephone"])
@pytest.mark.parametrize("username", list(SEES))
def test_no_page_has_a_barrier(staff: Staff, things: dict[str, str], username: str, screen: dict[str, Any]) -> None:
    desk = staff.desk(username, screen)
    desk.go("/")
    menu = desk.page.eval_on_selector_all(".menu a", "links => links.map(link => link.pathname)")
    assert menu

    home = "/agent" if username.startswith("agent") else "/"
    if username == "archivist-cd1":
        menu = []  # that of archivist-jd1
    for path in dict.fromkeys((home, *menu, *(path.format_map(things) for path in SEES[username]))):
        answer = desk.go(path)
        assert answer.status == 200, f"{path}: {answer.status}"
        assert (
            answer.url.endswith(("/account/step-up", path.encode("ascii", "ignore").decode().split("?")[0]))
            or "?" in path
        )
        desk.look()


@pytest.mark.parametrize("screen", [PC, PHONE], ids=["pc", "telephone"])
def test_the_menu_and_what_opens_beside_buttons_have_no_barrier(
    staff: Staff, things: dict[str, str], screen: dict[str, Any]
) -> None:
    desk = staff.desk("archivist-cd1", screen)
    desk.go(f"/documents/{things['filed']}")

    for summary in desk.page.locator("main details > summary:visible, header details > summary:visible").all():
        summary.click()
        desk.look()
        summary.click()
    if screen is PHONE:
        desk.page.click(".menu-switch summary")
        desk.look()


def test_the_english_screens_have_no_barrier(staff: Staff, things: dict[str, str]) -> None:
    desk = staff.desk("manager-jx2", PHONE)
    desk.go("/")
    desk.page.click(".me summary")
    desk.page.click(".me button[lang=en]")
    desk.page.wait_for_url("**/")

    for path in ("/", "/customers", "/documents", "/registers", "/search?q=a", "/account/sessions"):
        desk.go(path)
        desk.look()
    assert desk.page.locator("html").get_attribute("lang") == "en"
    desk.page.click(".me summary")
    desk.page.click(".me button[lang=zh-CN]")
    desk.page.wait_for_url("**/account/sessions")
