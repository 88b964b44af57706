"""What no page of ours sends: each answer is a page in plain words, nothing is kept of it, and nothing breaks.

Files that must not come in, stale and resent forms and wrong identity numbers stand with the screens that they belong to.
"""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from app.models.machinery import TrailEntry
from tests.client import BASE, Browser, Portal

LISTS = (
    "/customers",
    "/policies",
    "/claims",
    "/documents",
    "/documents/numbers",
    "/storage/boxes",
    "/storage/movements",
    "/storage/transfers",
    "/duties",
    "/casework",
)
ODD_QUERIES = (
    *("at=garbage", "at=", "at=W10", "at=WzAsWzk5OTk5OTk5OTk5OTk5OTk5OTk5LDFdXQ", "at=a&at=b", "sort=;drop", "sort=", "sort=name&sort=x"),
    *("page=-1", "page=0", "page=99999999999999999999", "page=x", "kind[]=x", "kind=&kind=person", "kind=__class__", "class=%00"),
    *("level=null", "level=NaN", "level=-4", "branch=99999999999999999999", "branch=x", "branch=%D9%A3", "state=nowhere", "find=garbage"),
    *("find=" + "A" * 6_000, "from=2026-02-30", "to=9999-99-99", "from=%E4%BB%8A%E5%A4%A9", "%ff%fe=%ff", "=", "&&&", "q[$ne]=1", "%"),
)  # fmt: skip


def reads_well(answer: TestResponse) -> None:
    """A refusal says in Chinese what to do, on a page of ours."""
    assert "data-message" in answer.text
    assert any("\u4e00" <= character <= "\u9fff" for character in answer.text)
    assert "Traceback" not in answer.text


@pytest.fixture
def archivist(portal: Portal) -> Browser:
    """An archivist's browser that has opened a page."""
    browser = portal.browser("archivist")
    browser.get("/account/sessions")
    return browser


@pytest.mark.parametrize("htmx", [False, True], ids=["page", "fragment"])
@pytest.mark.parametrize("path", LISTS)
def test_an_odd_query_shows_the_list_as_if_it_were_not_there(archivist: Browser, path: str, *, htmx: bool) -> None:
    for query in ODD_QUERIES:
        archivist.get(f"{path}?{query}", htmx=htmx)


@pytest.mark.parametrize(
    "query", ["q=", "q=%00", "q=" + "x" * 5_000, "s=garbage", "q=a&kind=x&page=-5", "q[]=a", "q=%ff", "q=*%3F%22("]
)
def test_an_odd_question_finds_nothing_and_says_so(archivist: Browser, query: str) -> None:
    assert "empty-title" in archivist.get(f"/search?{query}").text


@pytest.mark.parametrize(
    "path",
    [
        *("/customers/1", "/customers/0000000000001", "/customers/zzzzzzzzzzzzz", "/customers/0000000000000", "/customers/ABCDEFGHJKMNP"),
        *("/documents/%ff%fe", "/documents/%00", "/policies/..%2f..%2fetc%2fpasswd", "/claims/" + "a" * 3_000, "/%E6%B2%A1%E6%9C%89"),
        *("/registers/0000000000001/file", "/registers/x/file", "/static/../wsgi.py", "/static/%2e%2e/wsgi.py", "/.env", "/customers/"),
    ],
)  # fmt: skip
def test_an_address_of_nothing_is_a_page_that_does_not_exist(archivist: Browser, path: str) -> None:
    reads_well(archivist.get(path, status=404))


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_another_method_than_the_pages_use_is_refused(archivist: Browser, method: str) -> None:
    headers = {"X-CSRF-Token": archivist.token}

    answer = archivist.client.open("/customers", method=method, base_url=BASE, headers=headers)

    assert answer.status_code == 405
    assert answer.allow.as_set() == {"get", "head", "options", "post"}
    reads_well(answer)


@pytest.mark.parametrize(
    ("token", "headers"),
    [
        ("", {}),
        ("forged", {}),
        ("A" * 86 + "==", {}),
        ("令牌", {}),
        (None, {"Origin": "https://elsewhere.example"}),
        (None, {"Origin": "null"}),
        (None, {"Sec-Fetch-Site": "cross-site"}),
    ],
)
@pytest.mark.parametrize("path", ["/customers/new", "/documents/new", "/registers", "/logout", "/account/language"])
def test_a_forged_form_is_turned_away_before_it_is_read(
    portal: Portal, archivist: Browser, path: str, token: str | None, headers: dict[str, str]
) -> None:
    sent = {"csrf_token": archivist.token if token is None else token, "locale": "en", "name": "王芳"}

    answer = archivist.client.post(path, base_url=BASE, data=sent, headers=headers)

    assert answer.status_code == 403
    reads_well(answer)
    archivist.get("/account/sessions")
    assert refusals(portal) == 1


def test_a_token_of_somebody_elses_page_is_worth_nothing(portal: Portal, archivist: Browser) -> None:
    stranger = portal.browser("clerk_west")
    stranger.get("/account/sessions")

    answer = archivist.client.post("/registers", base_url=BASE, data={"csrf_token": stranger.token})

    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", b'{"name": [null, {"$ne": 1}]}'),
        ("text/plain", b"name=x"),
        ("multipart/form-data", b"no boundary"),
        ("multipart/form-data; boundary=b", b"--b\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nendless"),
        ("multipart/form-data; boundary=b", b"--b\r\nContent-Disposition: form-data\r\n\r\nnameless\r\n--b--"),
        ("application/x-www-form-urlencoded", b"name=%ff%fe&branch_id[]=1&level=null&=&&&" + b"x=1&" * 600),
        ("application/x-www-form-urlencoded; charset=utf-7", b"+AGE-=1"),
    ],
)  # fmt: skip
def test_a_body_that_is_no_form_of_ours_comes_back_with_what_is_missing(
    archivist: Browser, kind: str, body: bytes
) -> None:
    headers = {"X-CSRF-Token": archivist.token, "Content-Type": kind}

    answer = archivist.client.post("/customers/new", base_url=BASE, data=body, headers=headers)

    assert 400 <= answer.status_code < 500
    assert "error-summary" in answer.text or "data-message" in answer.text


@pytest.mark.parametrize(
    "changed",
    [
        {"branch_id": "x"},
        {"branch_id": "99999999999999999999"},
        {"level": "null"},
        {"level": ["1", "4"], "name": ["甲", "乙"]},
        {"kind": "robot"},
        {"id_kind": "__class__"},
        {"birth_date": "2026-02-30"},
        {"annual_income": "九" * 30},
        {"name": "\x00"},
        {"name": "\u202e\u200b"},
        {"name": "名" * 5_000},
        {"remark": "\x00" * 10},
        {"email": "a\r\nBcc: b@c"},
    ],
)
def test_a_spoilt_field_never_breaks_the_form(archivist: Browser, changed: dict[str, Any]) -> None:
    archivist.get("/customers/new")
    sent = {"csrf_token": archivist.token, "name": "王芳", "kind": "person", "branch_id": "2", "level": "2"}

    answer = archivist.client.post("/customers/new", base_url=BASE, data=sent | changed)

    assert answer.status_code in (303, 422)
    if answer.status_code == 422:
        archivist.check_page("/customers/new", answer.text)
        assert "error-summary" in answer.text


@pytest.mark.parametrize(
    "changed",
    [
        {"filed_from": "0001-01-01"},
        {"filed_to": "9999-12-31"},
        {"filed_from": "2026-02-30"},
        {"filed_from": "2026-05-02", "filed_to": "2026-05-01"},
        {"year": "99999"},
        {"year": "二〇二六"},
        {"branch_id": "99999999999999999999"},
        {"register": "payroll"},
        {"category": "ZZ"},
    ],
)
def test_a_register_that_cannot_be_is_explained(portal: Portal, changed: dict[str, str]) -> None:
    manager = portal.browser("manager")
    manager.get("/registers")

    answer = manager.post("/registers", {"register": "filed_items", "branch_id": ""} | changed, status=422)

    assert "error-summary" in answer.text


def refusals(portal: Portal) -> int:
    """How many refusals stand in the trail."""
    with portal.session() as session:
        return session.scalar(select(func.count()).select_from(TrailEntry).where(TrailEntry.outcome == "refused")) or 0
