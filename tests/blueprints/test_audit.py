"""The trail as 安全审计员 reads it."""

from __future__ import annotations

import ast
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.blueprints.audit.words import FIELDS, KINDS
from app.domain.customers import Particulars
from app.domain.errors import NotFound
from app.models.accounts import SignInSession
from app.models.machinery import TrailEntry
from app.queries.audit import TrailFilter, read_trail
from app.services import trail
from app.services.audit import note_reading
from app.services.customers import create_customer, edit_customer
from tests.cast import EAST, NOW, PEOPLE, actor
from tests.client import Portal

SERVICES = Path(__file__).parents[2] / "app" / "services"
WANG = Particulars(
    name="王芳", branch_id=EAST, id_number="110101199003077758", id_never_expires=True, mobile="13800138000"
)


def keep_wang(portal: Portal) -> None:
    """A customer's file that is opened by an archivist and changed by a clerk."""
    with portal.session() as session:
        archivist, clerk, at = actor(session, "archivist"), actor(session, "clerk"), datetime.now(UTC)
        wang = create_customer(session, archivist, WANG, now=at, today=date.today())
        typed = Particulars(name="王芳", branch_id=EAST, id_never_expires=True, occupation="教师", level=3)
        edit_customer(session, archivist, wang, typed, version=1, now=at, today=date.today())
        trail.record(session, clerk, "request_refused", trail.Subject("route", label="admin.x"), now=at, refused=True)
        session.commit()


def write(session: Session, number: int, who: str = "clerk", at: datetime = NOW) -> None:
    """Some entries of the trail."""
    for _ in range(number):
        trail.record(session, actor(session, who), "customer_viewed", trail.Subject("customer", 1, "KH-1"), now=at)


def rows(text: str) -> list[int]:
    """The sequence numbers on a page, from the top."""
    return [int(number) for number in re.findall(r'id="entry-(\d+)"', text)]


@pytest.mark.parametrize("who", [name for name in PEOPLE if name != "auditor"])
def test_nobody_else_reads_the_trail(portal: Portal, who: str) -> None:
    portal.browser(who, stepped_up=True).get("/audit", status=403)


def test_entries_tell_who_where_when_what_and_how_it_ended(portal: Portal) -> None:
    keep_wang(portal)

    page = portal.browser("auditor").get("/audit").text

    for words in ("档案甲（archivist）", "江东分公司", "建立客户档案", "KH-", "被拒", "越权访问被拒", "127.0.0.1"):
        assert words in page
    assert rows(page) == sorted(rows(page), reverse=True)


def test_a_change_reads_as_before_and_after_in_words_and_without_the_customers_name(portal: Portal) -> None:
    keep_wang(portal)

    page = portal.browser("auditor").get("/audit").text

    assert re.search(r"密级</th>\s*<td class=\"was\">\s*<del>敏感</del>\s*</td>\s*<td>\s*秘密", page)
    assert "职业" in page
    assert "王芳" not in page
    assert "王*" in page
    for secret in ("110101199003077758", "13800138000"):
        assert secret not in page


@pytest.mark.parametrize(
    ("kind", "field", "value", "said"),
    [
        ("account", "valid_to", "2026-12-31T15:59:59+00:00", "2026-12-31 23:59"),
        ("branch", "kind", "outlet", "营业部"),
        ("document", "period", "D10", "定期10年"),
        ("intake_batch", "state", "checking", "质检中"),
        ("loan_request", "state", "open", "已批准"),
        ("case", "state", "registered", "待受理"),
    ],
)
def test_values_are_said_in_words(portal: Portal, kind: str, field: str, value: str, said: str) -> None:
    with portal.session() as session:
        trail.record(
            session, actor(session, "clerk"), "setting_changed", trail.Subject(kind), now=NOW, after={field: value}
        )
        session.commit()

    assert re.search(rf"<td>\s*{said}\s*</td>", portal.browser("auditor").get("/audit").text)


def test_the_trail_is_narrowed_by_person_without_his_name_in_the_address(portal: Portal) -> None:
    keep_wang(portal)
    browser = portal.browser("auditor")
    browser.get("/audit")

    found = browser.post("/audit", {"text": "业务甲"})
    page = browser.get(found.location).text

    assert "clerk" not in found.location
    assert len(rows(page)) == 1
    assert "越权访问被拒" in page


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("event=customer_changed", 1),
        ("outcome=refused", 1),
        ("kind=customer", 2),
        (f"branch={EAST}", 3),
        ("branch=999", 0),
        ("since=2999-01-01", 0),
        ("until=2000-01-02", 0),
        ("since=garbage&until=0001-01-01", 4),
        ("event=nothing", 0),
    ],
)
def test_the_trail_is_narrowed_by(portal: Portal, query: str, expected: int) -> None:
    keep_wang(portal)

    page = portal.browser("auditor").get(f"/audit?{query}", htmx=True).text

    assert len(rows(page)) == expected


def test_pages_follow_each_other_without_gap_or_double(portal: Portal) -> None:
    with portal.session() as session:
        write(session, 120)
        session.commit()
    browser = portal.browser("auditor")

    seen, address = [], "/audit"
    while address:
        text = re.sub(r"\s+", " ", browser.get(address).text)
        seen += rows(text)
        onward = re.search(r'rel="next" href="([^"]+)"', text)
        address = onward.group(1).replace("&amp;", "&") if onward else ""

    assert seen == list(range(121, 0, -1))


def test_reading_the_trail_stands_in_the_trail_once_in_ten_minutes_of_a_session(portal: Portal) -> None:
    browser = portal.browser("auditor")
    for _ in range(3):
        browser.get("/audit?event=signed_in")
    with portal.session() as session:
        long_ago = datetime.now(UTC) - timedelta(minutes=11)
        first = session.scalars(select(TrailEntry)).one()
        session.execute(update(SignInSession).values(last_seen_at=datetime.now(UTC)))
        session.commit()
    portal.browser("auditor").get("/audit")

    with portal.session() as session:
        entries = session.scalars(select(TrailEntry).where(TrailEntry.event == "trail_read")).all()
    assert first.after == {"event": "signed_in"}
    assert len(entries) == 2
    assert entries[0].session_id != entries[1].session_id
    assert long_ago < first.at


def test_after_ten_minutes_it_is_another_reading(session: Session) -> None:
    auditor = actor(session, "auditor")
    for minutes in (0, 5, 9, 11, 12):
        note_reading(session, auditor, {}, now=NOW + timedelta(minutes=minutes))

    assert len(session.scalars(select(TrailEntry).where(TrailEntry.event == "trail_read")).all()) == 2


def test_who_may_not_read_gets_nothing_out_of_the_query_either(session: Session) -> None:
    with pytest.raises(NotFound):
        read_trail(session, actor(session, "secadmin"), TrailFilter())


def test_counting_stops_where_nobody_reads_the_number(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.queries.audit.COUNT_TO", 5)
    write(session, 9)

    page = read_trail(session, actor(session, "auditor"), TrailFilter())

    assert page.total == 6
    assert len(page.items) == 9


def constants(tree: ast.Module) -> dict[str, str]:
    """The words that a module names at its top: HOLDER = "repair"."""
    return {
        target.id: str(line.value.value)
        for line in tree.body
        if isinstance(line, ast.Assign) and isinstance(line.value, ast.Constant)
        for target in line.targets
        if isinstance(target, ast.Name)
    }


def test_every_kind_of_thing_and_every_field_that_is_recorded_has_a_word() -> None:
    kinds, fields = set(), set()
    for path in SERVICES.glob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        named = constants(tree)
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
        for call in calls:
            if ast.unparse(call.func) == "trail.Subject" and call.args:
                kind = ast.unparse(call.args[0])
                kinds.add(named.get(kind, kind.strip("'")))
            literal = [word.value for word in call.keywords if word.arg in {"before", "after"}]
            keys = [key for value in literal if isinstance(value, ast.Dict) for key in value.keys]
            fields |= {str(key.value) for key in keys if isinstance(key, ast.Constant)}

    assert kinds - {"kind"} <= set(KINDS)
    assert fields <= set(FIELDS)
