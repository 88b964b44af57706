"""The desk by its screens: scanning, handing out, taking back, and clear answers to what cannot be."""

from __future__ import annotations

import base64
import io
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import sessionmaker

from app.config import Settings
from app.domain.ids import encode_id
from app.domain.office_time import office_day
from app.domain.scan_codes import label_code
from app.jobs.handlers import Work
from app.jobs.lending import watch_loans
from app.jobs.worker import no_beat
from app.models.borrowing import LoanItem, LoanRequest
from app.models.documents import Document
from app.models.evidence import Notice, Photo, Signature
from app.services import loan_desk
from tests.cast import actor
from tests.client import Portal
from tests.services.lending import make_loan, make_paper


def picture() -> bytes:
    """Return a small PNG."""
    buffer = io.BytesIO()
    Image.new("RGB", (60, 20), "white").save(buffer, "PNG")
    return buffer.getvalue()


def lend(portal: Portal, papers: int = 1, *, out: bool = True, **fields: Any) -> tuple[list[int], list[int]]:
    """Return papers and the items of one approved request for them, handed out already or lying ready."""
    now = datetime.now(UTC)
    with portal.session() as session:
        laid = [make_paper(session, title=f"材料{number}") for number in range(papers)]
        items = make_loan(session, laid, now=now, today=office_day(now), **fields)
        if out:
            who = actor(session, "archivist")
            loan_desk.hand_out(session, who, dict.fromkeys(items, 2), now=now, today=office_day(now))
        session.commit()
    return laid, items


def state_of(portal: Portal, item_id: int) -> LoanItem:
    """Return an item as it is now."""
    with portal.session() as session:
        return session.get_one(LoanItem, item_id)


def scan(portal: Portal, code: str, *, status: int = 200, back: bool = False) -> Any:
    """Scan a code as the archivist."""
    query = {"code": code} | ({"for": "back"} if back else {})
    return portal.browser("archivist").get("/borrowing/desk", status=status, query_string=query)


def returned(item_id: int, **fields: str) -> dict[str, str]:
    """Return the form of a return."""
    pid = encode_id(item_id)
    plain = {"take": pid, f"pages-{pid}": "2", f"condition-{pid}": "intact", "signer": "业务甲", "means": "paper"}
    return {**plain, "effect": "settled", **{name.replace("ID", pid): value for name, value in fields.items()}}


def test_a_scanned_label_of_what_lies_ready_leads_to_handing_out(portal: Portal) -> None:
    [paper], [item] = lend(portal, out=False)

    answer = scan(portal, label_code("document", paper), status=303)

    assert answer.location.endswith(f"/borrowing/desk/{encode_id(item)}/hand-out")


def test_an_archive_number_of_what_is_out_leads_to_its_return(portal: Portal) -> None:
    [paper], [item] = lend(portal)
    with portal.session() as session:
        number = str(session.get_one(Document, paper).archive_number)

    assert scan(portal, number.lower(), status=303).location.endswith(f"/{encode_id(item)}/return")


def test_a_number_of_a_request_leads_to_its_card(portal: Portal) -> None:
    _, [item] = lend(portal)
    with portal.session() as session:
        number = session.get_one(LoanRequest, state_of(portal, item).request_id).number

    assert scan(portal, number, status=303).location.endswith(f"/{encode_id(item)}/return")


def test_a_paper_on_its_shelf_shows_where_it_is(portal: Portal) -> None:
    with portal.session() as session:
        paper = make_paper(session)
        session.commit()

    assert "在库" in scan(portal, label_code("document", paper)).text


@pytest.mark.parametrize(("code", "sentence"), [("6901234567892", "条码"), ("XX-1", "没有"), ("", "请")])
def test_a_code_that_is_not_ours_is_refused_in_a_sentence(portal: Portal, code: str, sentence: str) -> None:
    assert sentence in scan(portal, code, status=422).text


@pytest.mark.parametrize(("state", "sentence"), [("destroyed", "已经销毁"), ("held", "已封存")])
def test_a_destroyed_or_sealed_paper_is_told_of(portal: Portal, state: str, sentence: str) -> None:
    with portal.session() as session:
        paper = make_paper(session, state=state)
        session.commit()

    assert sentence in scan(portal, label_code("document", paper), status=409).text


def test_the_return_of_what_is_not_out_is_refused(portal: Portal) -> None:
    [paper], [item] = lend(portal, out=False)
    browser = portal.browser("archivist")

    assert "没有借出" in scan(portal, label_code("document", paper), status=409, back=True).text
    assert "没有借出" in browser.get(f"/borrowing/desk/{encode_id(item)}/return", status=409).text
    browser.post(f"/borrowing/desk/{encode_id(item)}/return", returned(item), status=409)
    assert state_of(portal, item).state == "ready"


def test_a_paper_is_handed_out_with_a_drawn_signature(portal: Portal) -> None:
    [paper], [item] = lend(portal, out=False)
    browser, pid = portal.browser("archivist"), encode_id(item)
    browser.get(f"/borrowing/desk/{pid}/hand-out")
    drawing = "data:image/png;base64," + base64.b64encode(picture()).decode()
    form = {"take": pid, f"pages-{pid}": "2", "signer": "业务甲", "means": "drawn", "signature": drawing}

    browser.post(f"/borrowing/desk/{pid}/hand-out", {**form, "idempotency_key": "one"})
    browser.post(f"/borrowing/desk/{pid}/hand-out", {**form, "idempotency_key": "one"})
    browser.post(f"/borrowing/desk/{pid}/hand-out", {**form, "idempotency_key": "two"}, status=409)

    assert state_of(portal, item).state == "out"
    with portal.session() as session:
        assert session.get_one(Document, paper).whereabouts == "loan"
        [signature] = session.query(Signature).all()
    assert signature.means == "drawn"
    assert browser.get(f"/borrowing/desk/signatures/{encode_id(signature.id)}.jpg").mimetype == "image/jpeg"
    browser.get(f"/borrowing/desk/{pid}")
    assert "档案借阅交接单" in browser.get(f"/borrowing/desk/{pid}/slip").text


@pytest.mark.parametrize("drawing", ["", "data:image/png;base64,####", "data:image/png;base64,AAAA", "x" * 500_000])
def test_a_drawing_that_is_none_leaves_nothing_behind(portal: Portal, drawing: str) -> None:
    _, [item] = lend(portal, out=False)
    pid = encode_id(item)
    form = {"take": pid, f"pages-{pid}": "7", "signer": "业务甲", "means": "drawn", "signature": drawing}

    answer = portal.browser("archivist").post(f"/borrowing/desk/{pid}/hand-out", form, status=422)

    assert "没有收到签字" in answer.text
    assert 'value="7"' in answer.text
    assert state_of(portal, item).state == "ready"


def test_some_of_a_request_come_back_and_the_rest_stays_out(portal: Portal) -> None:
    _, [first, second] = lend(portal, 2)

    portal.browser("archivist").post(f"/borrowing/desk/{encode_id(first)}/return", returned(first))

    assert (state_of(portal, first).state, state_of(portal, second).state) == ("returned", "out")
    with portal.session() as session:
        request = session.get_one(LoanRequest, state_of(portal, first).request_id)
    assert (request.state, request.effect) == ("open", "settled")


def test_a_return_with_damage_keeps_note_and_photo_and_offers_a_repair(portal: Portal) -> None:
    _, [item] = lend(portal)
    pid = encode_id(item)
    browser = portal.browser("archivist")
    browser.get(f"/borrowing/desk/{pid}/return")
    form = returned(item, **{"condition-ID": "damaged", "damage_note-ID": "第 1 页撕裂"})
    sent = {**form, f"photos-{pid}": (io.BytesIO(picture()), "p.png")}

    answer = browser.post(f"/borrowing/desk/{pid}/return", sent, content_type="multipart/form-data")

    assert answer.location.endswith(f"/borrowing/desk/{pid}")
    page = browser.get(f"/borrowing/desk/{pid}").text
    assert "第 1 页撕裂" in page
    assert f"loan={pid}" in page
    with portal.session() as session:
        [photo] = session.query(Photo).all()
    browser.get(f"/borrowing/desk/photos/{encode_id(photo.id)}.jpg")


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"pages-ID": "1"}, "页数比借出时少"),
        ({"pages-ID": "两页"}, "请填写清点的页数"),
        ({"pages-ID": "-1"}, "请填写清点的页数"),
        ({"condition-ID": "damaged"}, "请写明缺损情况"),
        ({"condition-ID": "burnt"}, "请选择归还检查的结果"),
        ({"take": ""}, "刚有变化"),
        ({"signer": ""}, "请填写签字人姓名"),
    ],
)
def test_a_return_that_cannot_be_is_asked_again_with_what_was_typed(
    portal: Portal, fields: dict[str, str], sentence: str
) -> None:
    _, [item] = lend(portal)
    form = returned(item, **{"damage_note-ID": "", **fields, "effect_note": "查到签字页"})

    answer = portal.browser("archivist").post(f"/borrowing/desk/{encode_id(item)}/return", form, status=422)

    assert sentence in answer.text
    assert "查到签字页" in answer.text
    assert state_of(portal, item).state == "out"


def test_a_paper_is_renewed_recalled_lost_and_found(portal: Portal) -> None:
    _, [item] = lend(portal)
    pid, browser = encode_id(item), portal.browser("archivist")
    before = state_of(portal, item).due_on

    browser.post(f"/borrowing/desk/{pid}/renew")
    renewed = state_of(portal, item).due_on
    assert "续借次数已用完" in browser.post(f"/borrowing/desk/{pid}/renew", status=409).text
    browser.post(f"/borrowing/desk/{pid}/recall", {"reason": "急用"})
    recalled = state_of(portal, item).due_on
    browser.post(f"/borrowing/desk/{pid}/lose", {"reason": "途中遗失"})
    browser.get(f"/borrowing/desk/{pid}")
    browser.get("/borrowing/desk?tab=lost")
    browser.post(f"/borrowing/desk/{pid}/find")

    assert isinstance(before, date)
    assert isinstance(renewed, date)
    assert isinstance(recalled, date)
    assert recalled < before < renewed
    assert state_of(portal, item).state == "returned"


def test_a_borrower_renews_his_own_paper_and_nobody_elses(portal: Portal) -> None:
    _, [item] = lend(portal)

    portal.browser("clerk_city").post(f"/borrowing/items/{encode_id(item)}/renew", status=404)
    portal.browser("clerk").post(f"/borrowing/items/{encode_id(item)}/renew")

    assert state_of(portal, item).renewals == 1


@pytest.mark.parametrize("tab", ["ready", "out", "overdue", "queue", "lost", "nonsense"])
def test_each_list_opens_is_narrowed_and_turned(portal: Portal, tab: str) -> None:
    [paper], _ = lend(portal)
    lend(portal, out=False)
    with portal.session() as session:
        make_loan(session, [paper], "manager", called=False)
        session.commit()
    browser = portal.browser("archivist")

    browser.get(f"/borrowing/desk?tab={tab}")
    browser.get(f"/borrowing/desk?tab={tab}&number=JY&way=lend&sort=desc&at=spoilt&branch=2", htmx=True)


def test_the_late_are_listed_first_and_the_queue_names_who_waits(portal: Portal) -> None:
    [paper], [item] = lend(portal)
    lend(portal)
    with portal.session() as session:
        session.get_one(LoanItem, item).due_on = office_day(datetime.now(UTC)) - timedelta(days=8)
        make_loan(session, [paper], "manager", called=False)
        session.commit()
    browser = portal.browser("archivist")

    out, line = browser.get("/borrowing/desk?tab=out").text, browser.get("/borrowing/desk?tab=queue").text

    assert "逾期 8 天" in out.split("</tr>")[1]
    assert "负责甲" in line


def test_the_desk_of_another_branch_sees_nothing_of_it(portal: Portal) -> None:
    [paper], [item] = lend(portal)
    browser, pid = portal.browser("archivist_west"), encode_id(item)

    for path in (f"/borrowing/desk/{pid}", f"/borrowing/desk/{pid}/return", f"/borrowing/desk/{pid}/slip"):
        browser.get(path, status=404)
    browser.get("/borrowing/desk", status=422, query_string={"code": label_code("document", paper)})
    browser.post(f"/borrowing/desk/{pid}/recall", {"reason": "x"}, status=404)


def test_the_next_in_line_is_called_by_hand_after_a_return_with_damage(portal: Portal) -> None:
    [paper], [item] = lend(portal)
    with portal.session() as session:
        [waiting] = make_loan(session, [paper], "manager")
        session.commit()
    browser, pid = portal.browser("archivist"), encode_id(item)
    browser.post(
        f"/borrowing/desk/{pid}/return", returned(item, **{"condition-ID": "short", "damage_note-ID": "缺第 2 页"})
    )
    assert state_of(portal, waiting).state == "waiting"

    browser.get(f"/borrowing/desk/{pid}")
    browser.post(f"/borrowing/desk/papers/{encode_id(paper)}/call")

    assert state_of(portal, waiting).state == "ready"


def test_the_calendar_reminds_and_gives_up_keeping_by_itself_and_once(portal: Portal, settings: Settings) -> None:
    _, [item] = lend(portal)
    _, [ready] = lend(portal, out=False)
    with portal.session() as session:
        sessions = sessionmaker(session.get_bind(), expire_on_commit=False)
    later = datetime.now(UTC) + timedelta(days=60)
    work = Work(sessions, portal.app.extensions["tools"], settings, lambda: later, no_beat, None)

    watch_loans(work, {})
    watch_loans(work, {})

    assert (state_of(portal, item).reminders, state_of(portal, ready).state) == (4, "expired")
    with portal.session() as session:
        kinds = sorted(session.scalars(select(Notice.kind).where(Notice.kind != "loan_ready")))
    assert kinds == ["loan_expired", "loan_overdue_below", "loan_reminded"]


def test_the_page_of_a_request_offers_its_borrower_to_renew(portal: Portal) -> None:
    _, [item] = lend(portal)

    page = portal.browser("clerk").get(f"/borrowing/{encode_id(state_of(portal, item).request_id)}").text

    assert f"/borrowing/items/{encode_id(item)}/renew" in page
