"""The registers that the house prints: their columns exactly as the trade has them (DOMAIN 3.10), their filters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

# More rows than this is a bulk export: a fresh code is asked for.
BULK_ROWS = 1000
MOST_ROWS = 100_000


class RegisterKind(StrEnum):
    """The registers that can be printed."""

    FILED_ITEMS = "filed_items"  # 归档文件目录
    CUSTOMERS = "customers"  # 客户档案登记簿


@dataclass(frozen=True, slots=True)
class RegisterForm:
    """A register as a form: its title, its columns with their share of the width in per cent, who signs."""

    title: str
    columns: tuple[tuple[str, float, str], ...]
    signatures: tuple[str, ...] = ("制表人", "审核人", "机构负责人", "日期")


FORMS: Mapping[RegisterKind, RegisterForm] = {
    RegisterKind.FILED_ITEMS: RegisterForm(
        "归档文件目录",
        (
            ("序号", 5, "center"),
            ("档号", 21, "left"),
            ("文号", 10, "left"),
            ("责任者", 12, "left"),
            ("题名", 27, "left"),
            ("日期", 8, "center"),
            ("密级", 5, "center"),
            ("页数", 5, "right"),
            ("备注", 7, "left"),
        ),
    ),
    RegisterKind.CUSTOMERS: RegisterForm(
        "客户档案登记簿",
        (
            ("序号", 5, "center"),
            ("客户号", 13, "left"),
            ("姓名 / 单位名称", 15, "left"),
            ("类型", 6, "center"),
            ("证件号码", 17, "left"),
            ("所属机构", 12, "left"),
            ("保单数", 6, "right"),
            ("赔案数", 6, "right"),
            ("件数", 6, "right"),
            ("建档日期", 9, "center"),
            ("备注", 5, "left"),
        ),
    ),
}


@dataclass(frozen=True, slots=True)
class RegisterFilter:
    """What a register is narrowed to; it is printed on it."""

    branch_id: int | None = None
    year: int | None = None  # of formation, of opening for customers
    category: str = ""  # a class or sub-class, items only
    period: str = ""  # items only
    filed_from: date | None = None
    filed_to: date | None = None

    def as_dict(self) -> dict[str, str | int | None]:
        """Return the filter as JSON can hold it."""
        return {
            "branch_id": self.branch_id,
            "year": self.year,
            "category": self.category,
            "period": self.period,
            "filed_from": self.filed_from.isoformat() if self.filed_from else None,
            "filed_to": self.filed_to.isoformat() if self.filed_to else None,
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, str | int | None]) -> RegisterFilter:
        """Return the filter that `as_dict` wrote."""
        branch, year = values.get("branch_id"), values.get("year")
        return cls(
            int(branch) if branch is not None else None,
            int(year) if year is not None else None,
            str(values.get("category") or ""),
            str(values.get("period") or ""),
            _day(values.get("filed_from")),
            _day(values.get("filed_to")),
        )


def _day(value: str | int | None) -> date | None:
    return date.fromisoformat(str(value)) if value else None


def day_in_catalogue(day: date | None) -> str:
    """Return a date as catalogues write it: 20261122."""
    return day.strftime("%Y%m%d") if day else ""


def day_in_letters(day: date) -> str:
    """Return a date as letters write it: 2026年11月22日."""
    return f"{day.year}年{day.month}月{day.day}日"
