"""The classes of one customer's file as the page shows them, with the one that is open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from app.queries.customers import CategoryCount

FIRST = "1"

GAPS: dict[str, Any] = {
    "no_id_number": _l("缺证件号码"),
    "no_birth_date": _l("缺出生日期"),
    "no_contact": _l("缺联系电话"),
    "no_address": _l("缺联系地址"),
    "no_expiry": _l("缺证件有效期"),
    "no_identity_paper": _l("缺证件复印件"),
    "id_expired": _l("证件已过期"),
    "id_expires_soon": _l("证件将到期"),
    "id_warning.old_15_digits": _l("15 位旧证，请核对新证"),
    "id_warning.century_uncertain": _l("旧证出生年代不明，请核对"),
    "id_warning.residence_permit_number": _l("号码属港澳台居民居住证，请核对证件类型"),
    "id_warning.very_old": _l("年龄超过 110 岁，请核对证件"),
    "id_warning.foreign_form": _l("不是中国护照的编号形式，请核对国籍"),
    "id_warning.old_form": _l("旧版永久居留证，请核对新证"),
    "id_warning.organisation_code": _l("信用代码中的组织机构代码校验不符，请核对"),
    "mobile_shared": _l("三位以上投保人留同一手机，请核对"),
}


@dataclass(frozen=True, slots=True)
class FileClass:
    """A line of the tree."""

    code: str
    label: str
    count: int
    level: int
    current: bool


class FileClasses:
    """The tree of classes; a class counts the items of its sub-classes, and opens to show them."""

    def __init__(self, rows: Sequence[CategoryCount], wanted: str) -> None:
        self.rows = rows
        codes = {row.code for row in rows}
        self.code = wanted if wanted in codes else FIRST if FIRST in codes else next(iter(sorted(codes)), "")

    @property
    def total(self) -> int:
        """All items of the file."""
        return sum(row.count for row in self.rows)

    @property
    def top(self) -> str:
        """The code of the open class on the first level."""
        return self.code[:1]

    @property
    def name(self) -> str:
        """The name of the open class."""
        return next((row.name for row in self.rows if row.code == self.code), "")

    @property
    def ids(self) -> list[int]:
        """The open class and all under it."""
        return [row.id for row in self.rows if self.code and row.code.startswith(self.code)]

    @property
    def lines(self) -> list[FileClass]:
        """The classes, and the sub-classes of the open one."""
        shown = [row for row in self.rows if row.parent_id is None or row.code[:1] == self.top]
        return [
            FileClass(row.code, row.name, self._count(row), 1 if row.parent_id is None else 2, row.code == self.code)
            for row in shown
        ]

    def _count(self, row: CategoryCount) -> int:
        if row.parent_id is not None:
            return row.count
        return sum(other.count for other in self.rows if other.code.startswith(row.code))
