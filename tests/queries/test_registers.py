"""The rows of registers: what the filter leaves, by the office's calendar, with the names of people masked."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.domain.registers import RegisterFilter, RegisterKind
from app.models.customers import Customer
from app.models.documents import Document
from app.queries.registers import count_rows, register_rows
from tests.cast import actor
from tests.records import make_customer, make_document

# Half past midnight in the office, still the day before in UTC.
FILED_AT = datetime(2026, 11, 22, 16, 30, tzinfo=UTC)


def file_one(session: Session, **fields: str) -> None:
    """Let one item of 王芳 stand in the archive."""
    document_id = make_document(session, make_customer(session, "王芳"), **fields)
    filed = {"state": "filed", "archive_number": "J019-ZY·CB·2026·D10-00001", "filed_at": FILED_AT}
    session.execute(update(Document).where(Document.id == document_id).values(filed))
    session.expire_all()


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        (RegisterFilter(), 1),
        (RegisterFilter(filed_from=date(2026, 11, 23)), 1),
        (RegisterFilter(filed_from=date(2026, 11, 24)), 0),
        (RegisterFilter(filed_to=date(2026, 11, 22)), 0),
        (RegisterFilter(filed_to=date(2026, 11, 23)), 1),
    ],
)
def test_days_of_filing_are_days_of_the_office(session: Session, wanted: RegisterFilter, count: int) -> None:
    file_one(session)

    assert count_rows(session, actor(session, "manager"), RegisterKind.FILED_ITEMS, wanted) == count


def test_a_customer_belongs_to_the_year_of_the_offices_calendar(session: Session) -> None:
    customer_id = make_customer(session)
    new_year = datetime(2025, 12, 31, 16, 30, tzinfo=UTC)
    session.execute(update(Customer).where(Customer.id == customer_id).values(created_at=new_year))
    manager = actor(session, "manager")

    rows = list(register_rows(session, manager, RegisterKind.CUSTOMERS, RegisterFilter(year=2026)))

    assert [row[9] for row in rows] == ["20260101"]
    assert count_rows(session, manager, RegisterKind.CUSTOMERS, RegisterFilter(year=2025)) == 0


def test_the_customers_name_leaves_the_house_masked_also_as_author(session: Session) -> None:
    file_one(session, author="王芳")

    (row,) = register_rows(session, actor(session, "manager"), RegisterKind.FILED_ITEMS, RegisterFilter())

    assert row[3] == "王*"


def test_an_author_who_is_not_the_customer_is_named(session: Session) -> None:
    file_one(session, author="江东省人民医院")

    (row,) = register_rows(session, actor(session, "manager"), RegisterKind.FILED_ITEMS, RegisterFilter())

    assert row[3] == "江东省人民医院"
