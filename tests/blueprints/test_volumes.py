"""The screens of volumes: the list, proposals, moving items, closing with 备考表, checking by another, printing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

import pypdfium2
import pytest
from sqlalchemy import select

from app.adapters.pdf_weasyprint import WeasyPrinter
from app.db import db
from app.domain.ids import encode_id
from app.domain.registers import FORMS, RegisterFilter, RegisterKind
from app.models.documents import Document
from app.models.storage import Volume
from app.ports import Column, RegisterSheet
from app.queries.registers import register_rows, sheet_ends
from app.services.volumes import form_volume
from tests.blueprints.test_barred import hide
from tests.cast import NOW, actor
from tests.client import Portal
from tests.records import counted, make_customer, make_policy
from tests.services.binding import a_case, filed_paper


@dataclass
class Case:
    """A closed claim with three filed papers."""

    portal: Portal
    customer: int
    claim: int
    papers: list[int]

    def volume(self) -> Volume:
        """The one volume."""
        with self.portal.session() as session:
            return session.scalars(select(Volume)).one()

    def titles(self) -> list[str]:
        """What is bound, in order."""
        with self.portal.session() as session:
            inside = select(Document.title).where(Document.volume_id.is_not(None)).order_by(Document.volume_position)
            return list(session.scalars(inside))


@pytest.fixture
def case(portal: Portal) -> Case:
    """Arrange the case."""
    with portal.session() as session:
        customer, claim = a_case(session)
        papers = [
            filed_paper(session, customer, "住院费用清单", claim_id=claim, formed_on=date(2026, 1, 12), page_count=3),
            filed_paper(
                session, customer, "理赔申请书", "31", claim_id=claim, formed_on=date(2026, 1, 10), author="王芳"
            ),
            filed_paper(
                session,
                customer,
                "理赔决定通知书",
                "33",
                claim_id=claim,
                formed_on=date(2026, 3, 1),
                document_number="理赔〔2026〕12号",
                author="江东分公司",
            ),
        ]
        session.commit()
    return Case(portal, customer, claim, papers)


def bind(case: Case) -> str:
    """Bind what is proposed, as the archivist; return the volume's address."""
    browser = case.portal.browser("archivist")
    page = browser.get("/volumes/proposals").text
    ref = re.search(r'name="ref" value="([^"]+)"', page)
    assert ref is not None
    return str(browser.post("/volumes/proposals", {"ref": ref[1]}).headers["Location"])


def text_of(pdf: bytes) -> str:
    """The text of all pages."""
    return "\n".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf))


def test_a_proposal_becomes_a_volume_with_one_click_and_none_without(case: Case) -> None:
    browser = case.portal.browser("archivist")
    page = browser.get("/volumes/proposals").text
    assert "王*住院医疗给付案卷" in page
    with case.portal.session() as session:
        assert session.scalars(select(Volume)).all() == []

    path = bind(case)

    shown = browser.get(path).text
    assert case.titles() == ["理赔决定通知书", "理赔申请书", "住院费用清单"]
    assert "J019-ZY·LP·2026·D10-AJ00001" in shown
    assert "5–7" in shown
    assert "没有待组卷的材料" in browser.get("/volumes/proposals").text
    assert "王*住院医疗给付案卷" in browser.get("/volumes?state=open&year=2026&kind=claim").text


def test_all_of_a_page_is_bound_and_what_changed_is_told(case: Case) -> None:
    with case.portal.session() as session:
        customer, claim = a_case(session, "李雷", "C2026-000777", "P2026-000777")
        filed_paper(session, customer, "理赔申请书", "31", claim_id=claim)
        session.commit()
    browser = case.portal.browser("archivist")
    refs = re.findall(r'name="ref" value="([^"]+)"', browser.get("/volumes/proposals").text)

    answer = browser.post("/volumes/proposals", {"ref": [*dict.fromkeys(refs), "claim:abc:123"]})

    listed = browser.get(answer.headers["Location"]).text
    assert "已组成 2 卷" in listed
    assert "1 卷没有组成" in listed
    assert "组卷" in browser.post("/volumes/proposals", {"ref": refs[0]}, status=409).text
    assert "请先选择" in browser.post("/volumes/proposals", {}, status=422).text


def test_policies_are_proposed_by_group(case: Case) -> None:
    with case.portal.session() as session:
        for at in range(2):
            customer = make_customer(session, name=f"赵{at}")
            policy = make_policy(session, customer, number=f"P2026-00050{at}")
            filed_paper(session, customer, "投保单", "22", policy_id=policy)
        session.commit()
    browser = case.portal.browser("archivist")

    page = browser.get("/volumes/proposals?kind=policy").text
    ref = re.search(r'name="ref" value="(policy[^"]+)"', page)
    assert ref is not None
    path = browser.post("/volumes/proposals", {"ref": ref[1]}).headers["Location"]

    assert "投保资料（保单号P2026-000500至P2026-000501，2 份）" in page
    assert "多位客户" in browser.get(path).text


def test_items_are_moved_taken_out_and_put_in(case: Case) -> None:
    path, browser = bind(case), case.portal.browser("archivist")
    browser.get(path)
    fees, request, decision = (encode_id(paper) for paper in case.papers)

    browser.post(f"{path}/items/{decision}/move", {"version": "1", "way": "down"})
    browser.post(f"{path}/items/{fees}/move", {"version": "2", "position": "1"})
    assert case.titles() == ["住院费用清单", "理赔申请书", "理赔决定通知书"]
    browser.post(f"{path}/items/{request}/remove", {"version": "3"})
    assert case.titles() == ["住院费用清单", "理赔决定通知书"]
    with case.portal.session() as session:
        number = session.get_one(Document, case.papers[1]).archive_number
    browser.post(f"{path}/items", {"version": "4", "code": number})
    browser.post(f"{path}/order", {"version": "5"})
    browser.post(f"{path}/order", {"version": "6", "order": "kept"})
    browser.post(f"{path}/title", {"version": "7", "title": "王*住院医疗案卷"})

    assert case.titles() == ["理赔决定通知书", "理赔申请书", "住院费用清单"]
    assert "王*住院医疗案卷" in browser.get(path).text


@pytest.mark.parametrize(
    ("way", "fields", "status", "sentence"),
    [
        ("items/{item}/move", {"version": "1", "position": "x"}, 422, "从 1 起的顺序号"),
        ("items/{item}/move", {"version": "1", "position": "0"}, 422, "从 1 起的顺序号"),
        ("items/{item}/move", {"version": "9", "way": "up"}, 409, "刚被他人改动"),
        ("items/{nothing}/move", {"version": "1", "way": "up"}, 404, ""),
        ("items/{nothing}/remove", {"version": "1"}, 404, ""),
        ("items", {"version": "1", "code": ""}, 422, "add"),
        ("items", {"version": "1", "code": "6901234567892"}, 422, "6901234567892"),
        ("title", {"version": "1", "title": " "}, 422, "请填写案卷题名"),
        ("title", {"version": "", "title": "新"}, 409, "刚被他人改动"),
        ("order", {"version": "nonsense"}, 409, "刚被他人改动"),
        ("close", {"version": "1", "condition_note": ""}, 422, "请填写本卷情况说明"),
        ("close", {"version": "1", "condition_note": "长" * 501}, 422, "长长长"),
        ("check", {"version": "1"}, 409, "还在整理"),
        ("reopen", {"version": "1", "reason": ""}, 422, "请写明拆卷的原因"),
        ("reopen", {"version": "1", "reason": "改"}, 409, "还在整理"),
    ],
)
def test_bad_input_gets_a_sentence_and_changes_nothing(
    case: Case, way: str, fields: dict[str, str], status: int, sentence: str
) -> None:
    path, browser = bind(case), case.portal.browser("archivist")
    browser.get(path)
    before = case.titles()

    step = way.format(item=encode_id(case.papers[0]), nothing=encode_id(4242))
    page = browser.post(f"{path}/{step}", fields, status=status).text

    assert sentence in page
    assert case.titles() == before
    assert case.volume().version == 1


def test_a_volume_is_closed_checked_by_another_and_opened_again(case: Case) -> None:
    path = bind(case)
    archivist, manager = case.portal.browser("archivist"), case.portal.browser("manager")

    page = archivist.get(path).text
    archivist.post(f"{path}/close", {"version": "1", "condition_note": "本卷共 3 件，7 页。", "see_also": ""})
    own = archivist.post(f"{path}/check", {"version": "2"}, status=409).text
    waiting = manager.get(path).text
    manager.post(f"{path}/check", {"version": "2"})
    checked = archivist.get(path).text
    fixed = archivist.post(f"{path}/order", {"version": "3"}, status=409).text
    manager.post(f"{path}/reopen", {"version": "3", "reason": "页号有误"})

    assert "本卷共 3 件，7 页。文件齐全完整，无缺损。" in page
    assert "请另一位同事检查" in own
    assert "检查合格" in waiting
    assert "已检查" in checked
    assert "移到" not in checked
    assert "不再改动" in fixed
    assert case.volume().state == "open"


def test_what_is_wrong_stands_on_the_page_with_a_way_out(case: Case) -> None:
    path = bind(case)
    with case.portal.session() as session:
        session.get_one(Document, case.papers[0]).page_count = 250
        session.get_one(Document, case.papers[1]).page_count = 0
        session.commit()

    page = case.portal.browser("archivist").get(path).text

    for sentence in ("有 1 件没有页数", "重新编页", "超过每卷 200 页", "超过每卷 20 毫米"):
        assert sentence in page
    assert "立卷（卷内备考表）" not in page


def test_who_may_only_look_sees_no_buttons_and_other_branches_nothing(case: Case) -> None:
    path = bind(case)
    clerk = case.portal.browser("clerk")

    page = clerk.get(path).text

    assert "理赔申请书" in page
    assert "移到" not in page
    assert "待组卷" not in clerk.get("/volumes").text
    clerk.get("/volumes/proposals", status=403)
    clerk.get(f"{path}/note-sheet.pdf", status=403)
    clerk.post(f"{path}/close", {"version": "1", "condition_note": "齐全"}, status=403)
    clerk_west = case.portal.browser("clerk_west")
    clerk_west.get(path, status=404)
    case.portal.browser("archivist_west").post(f"{path}/order", {"version": "1"}, status=404)
    case.portal.browser("agent").get("/volumes", status=403)


def test_an_item_above_ones_level_is_counted_and_never_named(case: Case) -> None:
    path = bind(case)
    with case.portal.session() as session:
        session.get_one(Document, case.papers[0]).level = 4
        session.commit()

    page = case.portal.browser("clerk").get(path).text

    assert "另有 1 件超出您的密级" in page
    assert "住院费用清单" not in page


def test_a_volume_with_a_paper_of_a_complaint_is_not_there_for_who_is_barred(case: Case) -> None:
    hidden = hide(case.portal, case.customer)
    with case.portal.session() as session:
        paper = filed_paper(session, case.customer, "投诉处理意见", "42", case_id=hidden.case_id)
        plain = filed_paper(session, case.customer, "投诉登记表", "42")
        volume = form_volume(session, actor(session, "archivist"), [plain, paper], "投诉案卷", now=NOW)
        session.commit()
    manager, path = case.portal.browser("manager"), f"/volumes/{encode_id(volume)}"

    manager.get(path, status=404)
    assert "投诉案卷" not in manager.get("/volumes").text
    manager.get(f"{path}/label.pdf", status=404)
    assert "投诉案卷" in case.portal.browser("archivist").get("/volumes").text


def test_the_list_narrows_pages_and_costs_the_same(case: Case) -> None:
    with case.portal.session() as session:
        for at in range(55):
            customer = make_customer(session, name=f"客户{at}")
            paper = filed_paper(session, customer, f"材料{at}", "11", page_count=1)
            form_volume(session, actor(session, "archivist"), [paper], f"客户{at}材料", now=NOW)
        session.commit()
        asked = encode_id(customer)
    browser = case.portal.browser("clerk")

    with case.portal.app.app_context():
        engine = db.engine
    with counted(engine) as sent:
        first = browser.get("/volumes").text
    following = re.search(r'rel="next"\s+href="([^"]+)"', first)
    assert following is not None
    second = browser.get(following[1].replace("&amp;", "&")).text

    assert sum("FROM volumes" in statement for statement in sent) == 2  # the page, and how many there are
    assert first.count('<td class="main">') == 50
    assert second.count('<td class="main">') == 5
    assert browser.get(f"/volumes?customer={asked}").text.count('<td class="main">') == 1
    assert "没有符合条件" in browser.get("/volumes?series=ZZ&year=1999&branch=99&period=D10&number=J0").text
    assert browser.get("/volumes?year=abc&branch=x&customer=%00&state=nonsense&at=zz").status_code == 200
    fragment = browser.get("/volumes?kind=claim", htmx=True).text
    assert re.match(r'\s*<section id="volumes"', fragment)


def test_printed_catalogue_has_the_columns_of_the_form_and_ends_with_the_last_pages(case: Case) -> None:
    bind(case)
    kind, wanted = RegisterKind.VOLUME_ITEMS, RegisterFilter(thing_id=case.volume().id)
    with case.portal.session() as session:
        who = actor(session, "archivist")
        rows, ends = list(register_rows(session, who, kind, wanted)), sheet_ends(session, who, kind, wanted)
    form = FORMS[kind]
    sheet = RegisterSheet(
        title=form.title,
        fonds="J019 保档江东分公司",
        filters=[],
        columns=[Column(*column) for column in form.columns],
        signatures=form.signatures,
        watermark="",
        made_by="档案甲",
        made_on="2026年11月22日",
        head=ends.head,
        foot=ends.foot,
        signed=ends.signed,
    )
    pdf, pages = WeasyPrinter().print_register(sheet, rows, total=len(rows), progress=lambda _done: True)

    text = text_of(pdf).replace(" ", "")
    assert [column[0] for column in form.columns] == [
        "顺序号",
        "文号",
        "责任者",
        "题名",
        "日期",
        "密级",
        "页号",
        "备注",
    ]
    assert rows == [
        ["1", "理赔〔2026〕12号", "江东分公司", "理赔决定通知书", "20260301", "敏感", "1", "纸质"],
        ["2", "", "王*", "理赔申请书", "20260110", "敏感", "3", "纸质"],
        ["3", "", "王*", "住院费用清单", "20260112", "敏感", "5-7", "纸质"],
    ]
    assert pages == 1
    for words in ("卷内文件目录", "理赔〔2026〕12号", "住院费用清单", "5-7", "共3件，7页。"):
        assert words in text


def test_note_sheet_cover_stamps_and_label_are_printed(case: Case) -> None:
    path, browser = bind(case), case.portal.browser("archivist")
    browser.get(path)
    browser.post(f"{path}/close", {"version": "1", "condition_note": "第 2 件为复制件。", "see_also": "AJ00009"})
    case.portal.browser("manager").post(f"{path}/check", {"version": "2"})

    note, cover = (text_of(browser.get(f"{path}/{name}.pdf").data) for name in ("note-sheet", "cover"))
    stamps, label = (text_of(browser.get(f"{path}/{name}.pdf?skip=30").data) for name in ("stamps", "label"))

    for words in ("卷内备考表", "第 2 件为复制件。", "档案甲", "负责甲", "立卷时间", "检查时间", "互见号", "AJ00009"):
        assert words in note
    for words in ("案卷封面", "保档江东分公司", "理赔记录类", "20260110-20260301", "定期10年", "AJ00001"):
        assert words in cover
    for words in ("全宗号", "J019", "件号", "机构（问题）", "保管期限", "页数", "定期10年"):
        assert words in stamps
    assert stamps.count("全宗号") == 3
    assert "AJ00001" in label
    assert "王" not in label


def test_the_head_office_sets_how_much_a_volume_holds(case: Case) -> None:
    with case.portal.session() as session:
        session.get_one(Document, case.papers[0]).page_count = 60
        session.commit()
    head, path = case.portal.browser("archivist_head", stepped_up=True), "/volumes/measure"
    form = {"volume_most_pages": "50", "volume_most_mm": "20", "volume_mm_per_100_sheets": "10", "basis": "本单位规定"}
    page = head.get(path).text

    wrong = head.post(path, {**form, "volume_most_pages": "5"}, status=422).text
    head.post(path, {**form, "seen": "0,0,0,0"})
    stale = head.post(path, {**form, "volume_most_pages": "70", "seen": "0,0,0,0"}, status=409).text

    assert 'value="200"' in page
    assert "请填写范围内的整数" in wrong
    assert "本单位规定" in stale
    proposed = case.portal.browser("archivist").get("/volumes/proposals").text
    assert "卷二" in proposed
    assert "超过 50 页" in proposed
    case.portal.browser("archivist", stepped_up=True).get(path, status=403)


def test_the_directories_are_ordered_as_registers(case: Case) -> None:
    path, browser = bind(case), case.portal.browser("archivist")
    page = browser.get(path).text
    address = re.search(r'href="(/registers\?[^"]*volume_items[^"]*)"', page)
    assert address is not None

    form = browser.get(address[1].replace("&amp;", "&")).text
    plain = dict.fromkeys(("room_id", "stocktake_id", "transfer_id", "handover_id", "volume_id", "branch_id"), "")
    plain |= {"category": "", "period": ""}
    browser.post("/registers", {**plain, "register": "volume_items", "volume_id": str(case.volume().id)})
    browser.post("/registers", {**plain, "register": "volumes", "year": "2026"})
    empty = browser.post("/registers", {**plain, "register": "volume_items"}, status=422).text

    assert f'selected value="{case.volume().id}"' in form
    assert "请选择一个案卷" in empty
    with case.portal.session() as session:
        lines = list(
            register_rows(session, actor(session, "archivist"), RegisterKind.VOLUMES, RegisterFilter(year=2026))
        )
    assert lines == [
        [
            "1",
            "J019-ZY·LP·2026·D10-AJ00001",
            "王*住院医疗给付案卷（赔案号C2026-000456）",
            "20260110-20260301",
            "7",
            "定期10年",
            "未立卷",
        ]
    ]
