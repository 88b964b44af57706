"""Importing tables: a template, the trial row by row, all or nothing."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import openpyxl
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import sessionmaker

from app.db import db
from app.domain.ids import decode_id
from app.domain.tables import COLUMNS, TableKind
from app.jobs.handlers import Work, handler_of
from app.models.claims import Claim
from app.models.customers import Customer
from app.models.documents import Document
from app.models.intake import TableImport
from app.models.policies import Policy
from tests.cast import EAST
from tests.client import Portal
from tests.records import make_customer, make_policy

CUSTOMERS = "客户类型,姓名或单位名称,所属机构代码,证件号码,出生日期,手机号码\n"
GOOD = "个人,申屠望舒,3201,11010519491231002X,1949-12-31,13800138000\n单位,城东机械有限公司,32,,,\n"


def upload(
    portal: Portal, kind: str, data: bytes, who: str = "archivist", name: str = "表.csv", status: int = 303
) -> str:
    browser = portal.browser(who)
    browser.get("/imports")
    form = {"kind": kind, "branch_id": str(EAST), "files": (io.BytesIO(data), name)}
    return str(browser.post("/imports", form, status=status).headers.get("Location", ""))


def run(portal: Portal, job: str, page: str) -> TableImport:
    """Let the worker's handler do its part, twice, and return the import."""
    tools, settings = portal.app.extensions["tools"], portal.app.extensions["baodang"]
    with portal.app.app_context():
        sessions = sessionmaker(db.engine, expire_on_commit=False)
    work = Work(sessions, tools, settings, lambda: datetime.now(UTC), lambda done, total: None, None)
    import_id = decode_id(page.rpartition("/")[2])
    for _ in range(2):
        handler_of(job)(work, {"import_id": import_id})
    with sessions() as session:
        return session.get_one(TableImport, import_id)


def count(portal: Portal, model: type) -> int:
    with portal.session() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def take(portal: Portal, page: str, version: int) -> TableImport:
    portal.browser("archivist").post(f"{page}/take", {"version": str(version)})
    return run(portal, "take_table", page)


def test_a_table_is_tried_without_a_trace_and_taken_whole(portal: Portal) -> None:
    page = upload(portal, "customers", (CUSTOMERS + GOOD).encode("gb18030"))

    tried = run(portal, "try_table", page)
    before = count(portal, Customer)
    shown = portal.browser("archivist").get(page).text
    taken = take(portal, page, tried.version)

    assert (tried.state, tried.rows, tried.good, tried.faults) == ("checked", 2, 2, [])
    assert before == 0
    assert "2 行全部没有错误" in shown
    assert taken.state == "applied"
    with portal.session() as session:
        rows = session.scalars(select(Customer).order_by(Customer.number)).all()
    assert [row.name for row in rows] == ["申屠望舒", "城东机械有限公司"]
    assert rows[0].id_number == "11010519491231002X"
    assert "已导入 2 行" in portal.browser("archivist").get(page).text


def test_what_is_wrong_is_told_row_by_row_and_nothing_is_taken(portal: Portal) -> None:
    wrong = (
        "个人,,3201,,,\n"
        "个人,王芳,9999,,,\n"
        "个人,王芳,3201,110105194912310021,昨天,\n"
        "外星人,王芳,3201,,,\n"
        "个人,李雷,3201,11010519491231002X,,\n"
        "个人,韩梅,36,,,\n"
    )
    page = upload(portal, "customers", (CUSTOMERS + GOOD + wrong).encode())

    tried = run(portal, "try_table", page)
    shown = portal.browser("archivist").get(page).text

    assert [[row, column, code] for row, column, code in tried.faults] == [
        [4, "姓名或单位名称", "import.empty"],
        [5, "所属机构代码", "import.no_branch"],
        [6, "出生日期", "import.day"],
        [7, "客户类型", "import.choice"],
        [8, "证件号码", "import.twice"],
        [9, "", "import.not_allowed"],
    ]
    assert (tried.rows, tried.good) == (8, 2)
    assert "不是日期，请写成 2026-05-01 的样子" in shown
    assert "全部导入" not in shown
    portal.browser("archivist").post(f"{page}/take", {"version": str(tried.version)}, status=409)
    assert count(portal, Customer) == 0


def test_what_others_changed_meanwhile_stops_the_whole_table(portal: Portal) -> None:
    page = upload(portal, "customers", (CUSTOMERS + GOOD).encode())
    tried = run(portal, "try_table", page)
    with portal.session() as session:
        make_customer(session, "申屠望舒", id_number="11010519491231002X")
        session.commit()

    refused = take(portal, page, tried.version)

    assert refused.state == "refused"
    assert refused.faults == [[2, "姓名或单位名称", "import.same_person"]]
    assert count(portal, Customer) == 1


def test_policies_claims_and_catalogue_rows_hang_on_what_is_there(portal: Portal) -> None:
    with portal.session() as session:
        customer_id = make_customer(session)
        make_policy(session, customer_id)
        number = session.get_one(Customer, customer_id).number
        session.commit()
    tables = {
        "policies": "投保人客户号,保单号,险种,产品名称,保险期间,销售渠道,保单状态,交费方式,保险费（元）\n"
        f"{number},P2026-000999,健康保险,住院医疗保险,短期,直销,有效,趸交,1200.50\n",
        "claims": "保单号,赔案号,赔案类型,赔案状态,申请金额（元）,报案日期\n"
        "P2026-000123,C2026-000777,住院医疗,报案,3500,2026/9/2\n",
        "catalogue": f"客户号,类别代码,题名,责任者,日期,页数,保单号\n{number},22,王芳住院医疗保险投保单,王芳,20260501,2,P2026-000123\n",
    }

    for kind, table in tables.items():
        page = upload(portal, kind, table.encode())
        tried = run(portal, "try_table", page)
        assert tried.faults == [], kind
        assert take(portal, page, tried.version).state == "applied"

    with portal.session() as session:
        policy = session.scalars(select(Policy).where(Policy.number == "P2026-000999")).one()
        claim = session.scalars(select(Claim)).one()
        document = session.scalars(select(Document)).one()
    assert (policy.premium, policy.line) == (120_050, "health")
    assert claim.amount_claimed == 350_000
    assert (document.title, document.state, document.policy_id is not None) == (
        "王芳住院医疗保险投保单",
        "received",
        True,
    )


@pytest.mark.parametrize("kind", list(TableKind))
def test_a_template_comes_back_with_its_own_example(portal: Portal, kind: TableKind) -> None:
    sent = portal.browser("archivist").get(f"/imports/templates/{kind.value}")
    book = openpyxl.load_workbook(io.BytesIO(sent.get_data()))
    assert [cell.value.rstrip("*") for cell in book.worksheets[0][1]] == [column.heading for column in COLUMNS[kind]]

    page = upload(portal, kind.value, sent.get_data(), name="模板.xlsx")
    tried = run(portal, "try_table", page)

    assert not {fault[2] for fault in tried.faults} & {"import.day", "import.amount", "import.choice", "import.empty"}


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"PK\x03\x04 no zip at all", "文件打不开"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "旧的 xls 格式"),
        (b"\x00\x01\x02", "文件打不开"),
        ("姓名,颜色\n王芳,红\n".encode(), "没有这一列"),
        (CUSTOMERS.encode(), "表格里没有数据行"),
        ((CUSTOMERS + "个人,王芳,3201,,,\n" * 2001).encode(), "超过 2,000 行"),
    ],
)
def test_a_file_that_is_no_table_is_told_in_a_sentence(portal: Portal, data: bytes, sentence: str) -> None:
    page = upload(portal, "customers", data)

    run(portal, "try_table", page)

    assert sentence in portal.browser("archivist").get(page).text
    assert count(portal, Customer) == 0


def test_imports_are_the_archivists_of_the_branch(portal: Portal) -> None:
    page = upload(portal, "customers", (CUSTOMERS + GOOD).encode())

    portal.browser("archivist_west").get(page, status=404)
    portal.browser("clerk").get("/imports", status=403)
    portal.browser("archivist").get("/imports/templates/nonsense", status=404)
    upload(portal, "nonsense", GOOD.encode(), status=422)
    browser = portal.browser("archivist")
    browser.get("/imports")
    assert (
        "请选择填好的表格" in browser.post("/imports", {"kind": "customers", "branch_id": str(EAST)}, status=422).text
    )
    browser.post(f"{page}/drop")
    assert "已放弃" in browser.get(page).text
    browser.post(f"{page}/take", {"version": "1"}, status=409)
