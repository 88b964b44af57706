"""The registers of borrowing and storage: columns by hand from DOMAIN 3.8 and 3.10, count and rows, who sees nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.domain.ids import new_id
from app.domain.registers import FORMS, RegisterFilter, RegisterKind
from app.models.borrowing import LoanDecision, LoanItem, LoanRequest, LoanRule
from app.models.climate import ClimateReading, SafetyCheck, SafetyPoint
from app.models.documents import Document
from app.models.evidence import Photo, Signature
from app.models.rounds import RepairOrder, Stocktake, StocktakeLine
from app.models.storage import Movement, Place
from app.models.transfers import Transfer, TransferLine
from app.ports import StoredBlob
from app.queries.registers import count_rows, register_rows, sheet_ends
from app.services.evidence import keep_blob
from tests.cast import EAST, NOW, PEOPLE, WEST, actor
from tests.records import make_customer, make_document

ARCHIVIST, CLERK, MANAGER = (PEOPLE[name][0] for name in ("archivist", "clerk", "manager"))
NUMBER = "J019-ZY·CB·2026·D10-00001"
COLUMNS = {
    RegisterKind.LOANS: "序号 借阅日期 借阅人 部门/单位 联系电话 档号 题名 卷/件/页数 密级 利用目的 利用方式 审批人 "
    "应还日期 借阅人签字 归还日期 归还检查 经手人 备注",
    RegisterKind.USES: "序号 日期 利用者姓名 单位 证件 利用目的 利用内容 利用方式 卷(件)次 复制页数 接待人 利用效果 备注",
    RegisterKind.EFFECTS: "利用者 工作单位及电话 查阅的问题 收到的效果 日期",
    RegisterKind.MOVEMENTS: "日期 出/入 档号 题名 数量 事由 经手人 领取/交还人 备注",
    RegisterKind.CLIMATE: "日期 时间 天气 库外温度 库外湿度 库内温度 库内湿度 调控措施 调控后温度 调控后湿度 记录人 备注",
    RegisterKind.SAFETY: "日期 防火 防盗 防水 防潮 防尘 防光 防虫 防鼠 防霉 防高温 门窗 电源 消防器材有效期 发现问题 处理结果 检查人",
    RegisterKind.STOCKTAKE: "序号 档号 题名 账面位置 实际位置 账面页数 实际页数 结果 处理 盘点人 复核人",
    RegisterKind.REPAIRS: "档号 病害类型 等级 修前照片 修复方法 材料 修复人 起止日期 修后照片 验收人 费用 是否影响内容",
    RegisterKind.TRANSFER: "序号 档号 题名 责任者 日期 页数 保管期限 密级 载体 备注",
}


@pytest.mark.parametrize("kind", list(COLUMNS))
def test_a_form_has_the_columns_of_the_trade_in_their_order(kind: RegisterKind) -> None:
    assert [heading for heading, _, _ in FORMS[kind].columns] == COLUMNS[kind].split()


@pytest.mark.parametrize("kind", list(RegisterKind))
def test_the_widths_of_a_form_are_the_whole_sheet(kind: RegisterKind) -> None:
    assert round(sum(width for _, width, _ in FORMS[kind].columns), 1) == 100


def filed(session: Session, number: str = NUMBER, **fields: str) -> int:
    """Let one item of 王芳 stand in the archive of the east."""
    customer = make_customer(session, "王芳")
    document_id = make_document(session, customer, **fields)
    values = {"state": "filed", "archive_number": number, "filed_at": NOW, "filed_by": ARCHIVIST}
    session.execute(update(Document).where(Document.id == document_id).values(values))
    session.expire_all()
    return document_id


def lend(session: Session, document_id: int, **fields: object) -> LoanItem:
    """Hand one item out to the clerk, and take it back damaged."""
    rule = LoanRule(id=new_id(), effective_from=date(2026, 1, 1))
    session.add(rule)
    session.flush()
    plain = {
        "number": f"JY2026-{new_id() % 1_000_000:06d}",
        "branch_id": EAST,
        "borrower_id": CLERK,
        "borrower_branch_id": EAST,
        "rule_id": rule.id,
        "way": "lend",
        "state": "closed",
        "level": 2,
        "purpose": "claim",
        "days": 10,
        "external_name": "",
        "external_phone": "",
        "external_papers": "",
        "effect": "settled",
        "effect_note": "查清了投保经过",
        "effect_at": NOW,
        "asked_at": NOW,
    }
    request = LoanRequest(id=new_id(), **{**plain, **fields})
    session.add(request)
    session.flush()
    item = LoanItem(
        id=new_id(),
        request_id=request.id,
        document_id=document_id,
        takes_paper=True,
        state="returned",
        out_at=NOW,
        out_by=ARCHIVIST,
        due_on=date(2026, 12, 4),
        back_at=NOW,
        pages_out=2,
        condition="damaged",
        damage_note="第2页撕裂",
    )
    session.add(item)
    session.add(
        LoanDecision(
            id=new_id(), request_id=request.id, step=0, approver="manager", account_id=MANAGER, approved=True, at=NOW
        )
    )
    session.flush()
    return item


def room(session: Session, branch_id: int = EAST) -> int:
    """Return a storeroom."""
    place_id = new_id()
    session.add(Place(id=place_id, branch_id=branch_id, kind="room", code="K1", full_code="K1", path=f"/{place_id}/"))
    session.flush()
    return place_id


def sealed(session: Session, name: str) -> str:
    """Return the digest of a blob that the store is said to hold."""
    blob = StoredBlob(name * 32, name * 32, 7)
    keep_blob(session, blob, now=NOW)
    return blob.digest


def rows(session: Session, kind: RegisterKind, wanted: RegisterFilter | None = None, who: str = "manager") -> list[str]:
    """Return the rows of a register, cells joined; the count agrees with them, and each fills the form."""
    asked, person = wanted or RegisterFilter(), actor(session, who)
    found = list(register_rows(session, person, kind, asked))
    assert count_rows(session, person, kind, asked) == len(found)
    assert {len(row) for row in found} <= {len(FORMS[kind].columns)}
    return ["|".join(row) for row in found]


def nobody_of_the_west_sees_it(session: Session, kind: RegisterKind, wanted: RegisterFilter | None = None) -> None:
    """A foreign branch prints an empty sheet."""
    assert rows(session, kind, wanted, "manager_west") == []


def test_the_book_of_loans_tells_who_had_what_and_how_it_came_back(session: Session) -> None:
    item = lend(session, filed(session))
    session.add(
        Signature(
            holder_kind="loan",
            holder_id=item.request_id,
            moment="out",
            signer="业务甲",
            means="drawn",
            image_digest=sealed(session, "ab"),
            taken_at=NOW,
        )
    )
    session.flush()

    assert rows(session, RegisterKind.LOANS) == [
        f"1|20261122|业务甲|江东分公司||{NUMBER}|王芳身份证复印件|1件/2页|敏感|理赔调查|借出|负责甲|20261204|电子签名|20261122|缺损|档案甲|第2页撕裂"
    ]
    assert rows(session, RegisterKind.LOANS, RegisterFilter(since=date(2026, 11, 23))) == []
    assert rows(session, RegisterKind.LOANS, RegisterFilter(year=2025)) == []
    nobody_of_the_west_sees_it(session, RegisterKind.LOANS)


def test_a_borrower_from_outside_leaves_the_house_masked(session: Session) -> None:
    outside = {
        "external_kind": "police",
        "external_name": "张建国",
        "external_unit": "城东公安分局",
        "external_phone": "13800138000",
        "external_papers": '{"officer_1": "李卫国 警号012345", "letter": "公介字20260012"}',
    }
    lend(session, filed(session), way="read", **outside)

    (loan,) = rows(session, RegisterKind.LOANS)
    (use,) = rows(session, RegisterKind.USES)
    (effect,) = rows(session, RegisterKind.EFFECTS)

    assert "张**|城东公安分局|138****8000" in loan
    assert "|张**|城东公安分局|办案人员 李*********5；文号 公介字20260012" in use
    assert effect == "张**|城东公安分局 138****8000|理赔调查|问题已解决：查清了投保经过|20261122"
    assert not any("张建国" in row or "李卫国" in row or "13800138000" in row for row in (loan, use, effect))
    for kind in (RegisterKind.USES, RegisterKind.EFFECTS):
        nobody_of_the_west_sees_it(session, kind)


def test_a_paper_above_ones_level_is_in_nobodys_register(session: Session) -> None:
    document_id = filed(session)
    lend(session, document_id)
    session.execute(update(Document).where(Document.id == document_id).values(level=4))

    # The archivist of the province reaches the third level below only, and his own branch whole.
    assert len(rows(session, RegisterKind.LOANS, who="archivist")) == 1
    assert rows(session, RegisterKind.LOANS, who="archivist_head") == []
    assert rows(session, RegisterKind.USES, who="archivist_head") == []


def test_the_movement_book_has_what_went_out_and_came_in(session: Session) -> None:
    document_id = filed(session)
    for direction, person in (("out", "业务甲"), ("in", "张建国"), ("move", "")):
        session.add(
            Movement(
                branch_id=EAST,
                at=NOW,
                direction=direction,
                reason="loan",
                document_id=document_id,
                counterpart=person,
                account_id=ARCHIVIST,
            )
        )
    session.flush()

    found = rows(session, RegisterKind.MOVEMENTS)

    assert sorted(found) == [
        f"20261122|入|{NUMBER}|王芳身份证复印件|1件|借阅|档案甲|张**|",
        f"20261122|出|{NUMBER}|王芳身份证复印件|1件|借阅|档案甲|业务甲|",
    ]
    nobody_of_the_west_sees_it(session, RegisterKind.MOVEMENTS)


def read_climate(session: Session, place_id: int) -> Iterator[ClimateReading]:
    """A reading by hand, one of a logger beside it, and a logger's alone; one in December."""
    plain = {"place_id": place_id, "recorded_by": ARCHIVIST, "recorded_at": NOW}
    day = date(2026, 11, 2)
    for hour, half, source, temperature, humidity, exceeds in (
        (1, "am", "hand", 215, 520, ""),
        (2, "am", "logger", 900 - 600, 990, "temperature_high"),
        (7, "pm", "logger", 245, 610, "temperature_high humidity_high"),
        (8, "pm", "logger", 250, 600, ""),
    ):
        at = datetime(2026, 11, 2, hour, tzinfo=UTC)
        yield ClimateReading(
            **plain,
            measured_at=at,
            day=day,
            half=half,
            source=source,
            temperature=temperature,
            humidity=humidity,
            exceeds=exceeds,
            weather="晴" if source == "hand" else "",
        )
    yield ClimateReading(
        **plain,
        measured_at=datetime(2026, 12, 1, 1, tzinfo=UTC),
        day=date(2026, 12, 1),
        half="am",
        source="hand",
        temperature=100,
        humidity=100,
    )


def test_the_sheet_of_a_month_has_a_row_each_half_day_and_its_own_figures(session: Session) -> None:
    place_id = room(session)
    session.add_all(read_climate(session, place_id))
    session.flush()
    wanted = RegisterFilter(room_id=place_id, month="2026-11")

    assert rows(session, RegisterKind.CLIMATE, wanted) == [
        "20261102|上午|晴|||21.5|52.0||||档案甲|",
        "20261102|下午||||24.5|61.0||||记录仪|超标",
    ]
    foot = sheet_ends(session, actor(session, "manager"), RegisterKind.CLIMATE, wanted).foot
    assert foot == (
        "温度（℃）：最高 24.5，最低 21.5，平均 23.0",
        "湿度（%RH）：最高 61.0，最低 52.0，平均 56.5",
        "超标次数：1 次",
    )
    nobody_of_the_west_sees_it(session, RegisterKind.CLIMATE, wanted)


def test_a_safety_check_puts_each_point_under_its_name(session: Session) -> None:
    place_id = room(session)
    for code, label in (("t_fire", "防火"), ("t_damp", "防潮（水）"), ("t_power", "电源"), ("t_gas", "防有害气体")):
        session.merge(SafetyPoint(code=code, label=label))
    session.flush()
    session.add(
        SafetyCheck(
            place_id=place_id,
            day=date(2026, 11, 5),
            results={"t_fire": "ok", "t_damp": "fault", "t_power": "fault", "t_gas": "fault"},
            found="插座松动",
            handled="已换",
            checked_by=ARCHIVIST,
            checked_at=NOW,
        )
    )
    session.flush()
    wanted = RegisterFilter(room_id=place_id, year=2026)

    (row,) = rows(session, RegisterKind.SAFETY, wanted)

    cells = dict(zip(COLUMNS[RegisterKind.SAFETY].split(), row.split("|"), strict=True))
    assert (cells["防火"], cells["电源"], cells["防盗"]) == ("√", "×", "")
    assert (cells["防潮"], cells["防水"], cells["防虫"]) == ("×", "×", "")
    assert cells["发现问题"] == "插座松动；防有害气体"
    nobody_of_the_west_sees_it(session, RegisterKind.SAFETY, wanted)


def test_a_stocktaking_lists_what_the_books_have_and_then_what_they_dont(session: Session) -> None:
    document_id, place_id = filed(session), room(session)
    stocktake = Stocktake(
        id=new_id(),
        number="PD2026-0001",
        branch_id=EAST,
        place_id=place_id,
        started_by=ARCHIVIST,
        started_at=NOW,
        approved_by=MANAGER,
    )
    session.add(stocktake)
    session.flush()
    session.add_all(
        [
            StocktakeLine(stocktake_id=stocktake.id, scanned="X-9", found_place="K1", result="not_in_books"),
            StocktakeLine(
                stocktake_id=stocktake.id,
                document_id=document_id,
                book_place="K1 · 盒 1",
                found_place="K1 · 盒 2",
                book_pages=2,
                found_pages=1,
                found_by=CLERK,
                result="misplaced",
                correction="approved",
            ),
        ]
    )
    session.flush()
    wanted = RegisterFilter(thing_id=stocktake.id)

    assert rows(session, RegisterKind.STOCKTAKE, wanted) == [
        f"1|{NUMBER}|王芳身份证复印件|K1 · 盒 1|K1 · 盒 2|2|1|错位|已更正|业务甲|负责甲",
        "2|X-9|||K1|||账外||档案甲|负责甲",
    ]
    nobody_of_the_west_sees_it(session, RegisterKind.STOCKTAKE, wanted)


def test_a_repair_is_told_with_its_photos_and_its_cost(session: Session) -> None:
    order = RepairOrder(
        id=new_id(),
        number="XF2026-0001",
        branch_id=EAST,
        document_id=filed(session),
        state="accepted",
        damages=[{"kind": "mildew", "percent": 25}, {"kind": "torn"}],
        grade="severe",
        method="局部修裱",
        materials="宣纸",
        repairer="修复甲",
        cost_cents=12_345,
        started_on=date(2026, 11, 1),
        ended_on=date(2026, 11, 9),
        accepted_by=MANAGER,
        ordered_by=ARCHIVIST,
        ordered_at=NOW,
    )
    session.add(order)
    digest = sealed(session, "cd")
    for moment in ("before", "before", "after"):
        session.add(
            Photo(
                holder_kind="repair",
                holder_id=order.id,
                moment=moment,
                image_digest=digest,
                thumbnail_digest=digest,
                taken_at=NOW,
            )
        )
    session.flush()

    assert rows(session, RegisterKind.REPAIRS) == [
        f"{NUMBER}|霉变25%、撕裂|严重|2张|局部修裱|宣纸|修复甲|20261101—20261109|1张|负责甲|123.45|否"
    ]
    nobody_of_the_west_sees_it(session, RegisterKind.REPAIRS)


def test_both_sides_of_a_handing_over_print_the_same_sheet(session: Session) -> None:
    document_id = filed(session, author="王芳")
    transfer = Transfer(
        id=new_id(),
        number="YJ2026-0001",
        kind="branch",
        from_branch_id=EAST,
        to_branch_id=WEST,
        from_account_id=ARCHIVIST,
        witness="监交甲",
        nature="机构撤并",
        years="2026",
        created_at=NOW,
    )
    session.add(transfer)
    session.flush()
    session.add(
        TransferLine(
            transfer_id=transfer.id,
            document_id=document_id,
            ordinal=1,
            state="received",
            pages_sent=2,
            pages_received=1,
        )
    )
    session.add(
        Signature(
            holder_kind="transfer",
            holder_id=transfer.id,
            moment="giver",
            signer="档案甲",
            means="drawn",
            image_digest=sealed(session, "ef"),
            taken_at=NOW,
        )
    )
    session.flush()
    wanted = RegisterFilter(thing_id=transfer.id)

    for who in ("manager", "manager_west"):
        (row,) = rows(session, RegisterKind.TRANSFER, wanted, who)
        ends = sheet_ends(session, actor(session, who), RegisterKind.TRANSFER, wanted)

        assert row.startswith(f"1|{NUMBER}|王芳身份证复印件|王*|20260501|2|")
        assert row.endswith("|敏感|纸质|实收1页")
        assert "移交单位：江东分公司" in ends.head
        assert "数量：0 卷 1 件 2 页 0 字节" in ends.head
        assert ends.signed == ("档案甲（电子签名 20261122）", "", "", "")
    assert rows(session, RegisterKind.TRANSFER, wanted, "archivist_city") == []


def test_a_register_of_many_rows_is_read_in_batches_without_a_gap(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.queries.register_rows.reading.BATCH", 2)
    document_id = filed(session)
    for minute in range(5):
        at = NOW.replace(minute=minute)
        session.add(
            Movement(
                branch_id=EAST, at=at, direction="in", reason="scan", document_id=document_id, remark=f"第{minute}次"
            )
        )
    session.flush()

    assert [row[-3:] for row in rows(session, RegisterKind.MOVEMENTS)] == [f"第{n}次" for n in range(5)]
