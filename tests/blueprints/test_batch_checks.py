"""Checking a batch on its screens: handed in, another person looks at a sample, accepted or sent back."""

from __future__ import annotations

from sqlalchemy import select

from app.domain.ids import encode_id
from app.models.customers import Customer
from app.models.intake import BatchCheck, CheckedItem, IntakeBatch, IntakeItem
from app.services.batch_checks import begin_check, hand_in
from tests.cast import NOW, actor
from tests.client import Portal
from tests.records import make_customer
from tests.services.papers_in import make_batch, make_item
from tests.services.test_batch_checks import accept


def arrange(portal: Portal, count: int = 2) -> tuple[int, list[int]]:
    with portal.session() as session:
        batch, customer = make_batch(session), session.get_one(Customer, make_customer(session))
        items = [make_item(session, batch, customer_id=customer.id) for _ in range(count)]
        for number, item_id in enumerate(items):
            accept(session, item_id, customer, number, "archivist")
        session.commit()
    return batch, items


def begun(portal: Portal) -> tuple[str, str, int]:
    """Return the page of a begun check, the address of its one item, and the batch."""
    batch, _ = arrange(portal)
    with portal.session() as session:
        hand_in(session, actor(session, "archivist"), batch, now=NOW)
        check = begin_check(session, actor(session, "manager"), batch, now=NOW)
        item = session.scalars(select(CheckedItem.item_id).where(CheckedItem.check_id == check)).one()
        session.commit()
    page = f"/intake/checks/{encode_id(check)}"
    return page, f"{page}/items/{encode_id(item)}", batch


def test_a_batch_goes_from_desk_to_checker_to_archive(portal: Portal) -> None:
    batch, _ = arrange(portal)
    path = f"/intake/batches/{encode_id(batch)}"
    desk, checker = portal.browser("archivist"), portal.browser("manager")

    assert "送检" in desk.get(path).text
    desk.post(f"{path}/hand-in")
    assert "由您自己" not in checker.get(path).text
    page = checker.post(f"{path}/check").headers["Location"]
    shown = checker.get(page).text
    with portal.session() as session:
        item = session.scalars(select(CheckedItem.item_id)).one()
    checker.post(f"{page}/items/{encode_id(item)}", {"verdict": "good"})
    checker.post(f"{page}/end", {"note": "清楚"})

    assert "投保单" in shown
    with portal.session() as session:
        assert session.get_one(IntakeBatch, batch).state == "accepted"
        assert session.scalars(select(BatchCheck)).one().outcome == "passed"
    assert "合格" in checker.get(path).text


def test_a_verdict_without_a_defect_is_asked_for_again_and_keeps_what_was_typed(portal: Portal) -> None:
    page, item, batch = begun(portal)
    checker = portal.browser("manager")
    checker.get(page)

    refused = checker.post(item, {"verdict": "bad", "note": "第 2 页看不清"}, status=422).text
    checker.post(item, {"verdict": "bad", "defects": ["blurred", "border"], "note": "第 2 页看不清"})
    checker.post(f"{page}/end", {"note": ""})

    assert "不合格的请至少勾选一项缺陷" in refused
    assert 'value="第 2 页看不清"' in refused
    with portal.session() as session:
        assert session.get_one(IntakeBatch, batch).state == "rework"
        states = sorted(session.scalars(select(IntakeItem.state)))
    assert states == ["catalogued", "rework"]
    assert "模糊" in checker.get(page).text


def test_nobody_else_judges_ends_or_sees_it(portal: Portal) -> None:
    page, item, batch = begun(portal)
    other = portal.browser("archivist_head")
    other.get(page)

    other.post(item, {"verdict": "good"}, status=403)
    other.post(f"{page}/end", {}, status=403)
    portal.browser("manager_west").get(page, status=404)
    portal.browser("clerk").get(page, status=403)
    checker = portal.browser("manager")
    checker.get(page)
    assert "样本还没有全部查完" in checker.post(f"{page}/end", {}, status=409).text
    assert "这一轮质检已经开始" in checker.post(f"/intake/batches/{encode_id(batch)}/check", status=409).text
    assert "须由另一人质检" in _own(portal)


def _own(portal: Portal) -> str:
    batch, _ = arrange(portal, 1)
    desk, path = portal.browser("archivist"), f"/intake/batches/{encode_id(batch)}"
    desk.get(path)
    desk.post(f"{path}/hand-in")
    return desk.post(f"{path}/check", status=409).text


def test_the_rates_are_changed_at_the_head_office(portal: Portal) -> None:
    head = portal.browser("archivist_head", stepped_up=True)
    page = head.get("/intake/check-rates")
    assert 'value="10"' in page.text

    form = {"rate": "3", "pass_rate": "95", "basis": "本机构规定", "version": "0", "pass_version": "0"}
    assert "5 至 100" in head.post("/intake/check-rates", form, status=422).text
    head.post("/intake/check-rates", {**form, "rate": "25"})
    assert 'value="25"' in head.get("/intake/check-rates").text
    head.post("/intake/check-rates", {**form, "rate": "30"}, status=409)
    portal.browser("archivist", stepped_up=True).get("/intake/check-rates", status=403)
