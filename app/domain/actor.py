"""Who acts: the account behind a request or job, with its roles as they are at this moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Role(StrEnum):
    """What somebody is in the house. The last three are 三员 and exclude each other and all the rest."""

    CLERK = "clerk"  # 业务人员
    ARCHIVIST = "archivist"  # 档案管理员
    MANAGER = "manager"  # 机构负责人
    AGENT = "agent"  # 代理人
    SYSADMIN = "sysadmin"  # 系统管理员
    SECADMIN = "secadmin"  # 安全保密管理员
    AUDITOR = "auditor"  # 安全审计员


ADMINISTRATORS = frozenset({Role.SYSADMIN, Role.SECADMIN, Role.AUDITOR})


@dataclass(frozen=True, slots=True)
class HeldRole:
    """A role held at a branch; `below` are the ids of all branches under it."""

    role: Role
    branch_id: int
    below: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who has signed in, as every layer below the web sees him."""

    account_id: int
    username: str
    full_name: str
    branch_id: int
    branch_name: str
    held: tuple[HeldRole, ...]
    address: str = ""
    session_id: int | None = None
    stepped_up_at: datetime | None = None
    locale: str = "zh"
    barred: frozenset[int] = frozenset()  # cases that he may neither see nor touch 回避
    stands_for: frozenset[int] = frozenset()  # accounts that he is the deputy of today

    @property
    def roles(self) -> frozenset[Role]:
        """All roles held anywhere."""
        return frozenset(held.role for held in self.held)

    @property
    def is_administrator(self) -> bool:
        """True for one of 三员."""
        return bool(self.roles & ADMINISTRATORS)

    def stepped_up(self, now: datetime, within: timedelta) -> bool:
        """True when a code was given less than `within` ago."""
        return self.stepped_up_at is not None and now - self.stepped_up_at <= within
