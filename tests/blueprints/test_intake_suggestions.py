"""The desk with what the machine found: suggestions with their reasons, contradictions, second copies beside the old one."""

from __future__ import annotations

import re
from datetime import date

from sqlalchemy import select

from app.adapters.sorter_sklearn import LinearSorter
from app.domain.ids import encode_id
from app.models.customers import Customer
from app.models.documents import Document
from app.models.intake import IntakeItem, IntakePage, PaperType, Suggestion, Twin
from app.services.suggesting import suggest
from app.services.twin_finding import find_twins
from tests.cast import NOW, WEST
from tests.client import Portal
from tests.paper_texts import text_of
from tests.records import make_customer, make_document
from tests.services.papers_in import make_batch, make_item
from tests.services.test_suggesting import FORM, ID


def desk(portal: Portal, *texts: str, **fields: object) -> list[int]:
    """Lay papers on the desk, with all that the machine says of them."""
    with portal.session() as session:
        batch = make_batch(session)
        items = []
        for text in texts:
            item = make_item(session, batch, texts=(text,), **fields)  # type: ignore[arg-type]
            suggest(session, item, model=None, sorter=LinearSorter(), now=NOW)
            find_twins(session, item, now=NOW)
            items.append(item)
        session.commit()
    return items


def customer(portal: Portal, name: str, number: str) -> int:
    with portal.session() as session:
        made = make_customer(session, name, id_number=number)
        session.commit()
    return made


def form_of(page: str) -> dict[str, str]:
    """Return the fields of the desk's form as the page holds them."""
    named = re.findall(r'<input[^>]*name="(\w+)"[^>]*value="([^"]*)"', page)
    chosen = re.findall(r'<select[^>]*name="(\w+)"(.*?)</select>', page, re.DOTALL)
    found = dict(named)
    for name, options in chosen:
        picked = re.search(r'<option [^>]*\bselected [^>]*?value="([^"]*)"', options)
        found[name] = picked[1] if picked else ""
    return found


def test_suggestions_say_how_sure_and_why(portal: Portal) -> None:
    customer(portal, "张敏", ID)
    (item,) = desk(portal, FORM)

    page = portal.browser("archivist").get(f"/intake/items/{encode_id(item)}").text

    assert "纸上的证件号码与该客户一致" in page
    assert "校验码正确" in page
    assert ID not in page


def test_a_contradiction_is_shown_before_filing(portal: Portal) -> None:
    other = customer(portal, "李强", "11010519491231002X")
    (item,) = desk(portal, FORM, customer_id=other)

    page = portal.browser("archivist").get(f"/intake/items/{encode_id(item)}").text

    assert "与所选客户" in page
    assert ID not in page


def test_another_candidate_is_taken_by_one_press(portal: Portal) -> None:
    (item,) = desk(portal, "投保单\n投保人签名： 周小明")
    browser = portal.browser("archivist")
    with portal.session() as session:
        offer = session.scalars(select(Suggestion).where(Suggestion.field == "title")).first()
        assert offer is not None
    page = browser.get(f"/intake/items/{encode_id(item)}").text

    browser.post(f"/intake/suggestions/{encode_id(offer.id)}/take", form_of(page), status=303)

    with portal.session() as session:
        kept = session.get_one(IntakeItem, item)
        assert kept.title == offer.value
        assert "title" in kept.touched


def test_nobody_takes_what_is_not_his(portal: Portal) -> None:
    (item,) = desk(portal, FORM)
    with portal.session() as session:
        offer = session.scalars(select(Suggestion.id).where(Suggestion.field == "title")).one()

    west = portal.browser("archivist_west")
    west.get("/intake")
    west.post(f"/intake/suggestions/{encode_id(offer)}/take", {}, status=404)
    west.post(f"/intake/suggestions/{encode_id(99)}/take", {}, status=404)
    assert item


def test_a_second_copy_is_shown_and_dropped(portal: Portal) -> None:
    first, second = desk(portal, text_of("claim_request", 1), text_of("claim_request", 1))
    browser = portal.browser("archivist")

    page = browser.get(f"/intake/items/{encode_id(second)}").text
    assert "同一页再次扫描" in page
    with portal.session() as session:
        old = session.scalars(select(IntakePage.id).where(IntakePage.item_id == first)).one()
    assert f'<img src="/intake/pages/{encode_id(old)}.jpg"' in page
    with portal.session() as session:
        batch = session.get_one(IntakeItem, second).batch_id or 0
    listed = browser.get(f"/intake/batches/{encode_id(batch)}?flag=twin").text
    assert encode_id(second) in listed
    assert f"/intake/items/{encode_id(first)}" in page
    with portal.session() as session:
        twin = session.scalars(select(Twin.id)).one()
    browser.post(f"/intake/twins/{encode_id(twin)}/decide", {"decision": "drop"}, status=303)

    with portal.session() as session:
        assert session.get_one(IntakeItem, second).state == "dropped"
        assert session.get_one(IntakeItem, first).state == "ready"


def test_a_decision_that_there_is_not_is_refused(portal: Portal) -> None:
    desk(portal, text_of("claim_request", 1), text_of("claim_request", 1))
    with portal.session() as session:
        twin = session.scalars(select(Twin.id)).one()
    browser = portal.browser("archivist")
    browser.get("/intake")

    browser.post(f"/intake/twins/{encode_id(twin)}/decide", {"decision": "burn"}, status=400)
    answer = browser.post(f"/intake/twins/{encode_id(twin)}/decide", {"decision": "new_version"}, status=409)
    assert "不能作为它的新版本" in answer.text
    west = portal.browser("archivist_west")
    west.get("/intake")
    west.post(f"/intake/twins/{encode_id(twin)}/decide", {"decision": "keep"}, status=404)


def test_a_twin_of_another_branch_is_not_shown(portal: Portal) -> None:
    (item,) = desk(portal, text_of("claim_request", 1))
    with portal.session() as session:
        batch = make_batch(session, "archivist_west", WEST)
        other = make_item(session, batch, "archivist_west", texts=("甲",))
        session.add(Twin(item_id=item, kind="same_file", other_item_id=other, score=1.0))
        mine = session.get_one(IntakeItem, item).batch_id or 0
        session.commit()

    page = portal.browser("archivist").get(f"/intake/items/{encode_id(item)}").text

    listed = portal.browser("archivist").get(f"/intake/batches/{encode_id(mine)}?flag=twin").text

    assert 'id="twin-1"' not in page
    assert encode_id(item) not in listed
    assert encode_id(other) not in page


def test_a_customer_whom_the_paper_contradicts_is_accepted_only_after_a_second_look(portal: Portal) -> None:
    customer(portal, "李强", "11010519491231002X")
    (item,) = desk(portal, FORM)
    browser = portal.browser("archivist")
    path = f"/intake/items/{encode_id(item)}"
    fields = form_of(browser.get(path).text)

    first = browser.post(f"{path}/accept", {**fields, "customer": "李强"}, status=422).text

    assert "纸上的信息与所选客户不一致" in first
    assert "与所选客户 李" in first
    assert ID not in first
    browser.post(f"{path}/accept", {**form_of(first), "customer": "李强"}, status=303)
    with portal.session() as session:
        assert session.get_one(IntakeItem, item).state == "catalogued"


def test_the_form_already_there_is_told_once_the_customer_is_known(portal: Portal) -> None:
    owner = customer(portal, "张敏", ID)
    with portal.session() as session:
        item = make_item(session, make_batch(session), texts=("空",))
        kind = session.scalars(select(PaperType.id).where(PaperType.code == "survey")).one()
        document = session.get_one(Document, make_document(session, owner, formed_on=date(2026, 9, 3)))
        document.paper_type_id = kind
        number = session.get_one(Customer, owner).number
        session.commit()
    browser = portal.browser("archivist")
    path = f"/intake/items/{encode_id(item)}"
    fields = form_of(browser.get(path).text)

    typed = {**fields, "customer": number, "paper_type_id": str(kind), "formed_on": "2026-09-03"}
    browser.post(f"{path}/save", typed, status=303)

    assert "该客户同一天已有同类单证" in browser.get(path).text
