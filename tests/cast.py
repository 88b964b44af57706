"""The cast: a small company and its people, the same in every test.

总公司 ─ 江东分公司 (EAST) ─ 城东支公司 (EAST_CITY); 总公司 ─ 江西分公司 (WEST). Everybody's name says what he is.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.models.accounts import Account, Branch, Grant
from app.queries.actors import actor_of_account

NOW = datetime(2026, 11, 22, 1, 30, tzinfo=UTC)  # 09:30 in the office
HEAD, EAST, EAST_CITY, WEST = 1, 2, 3, 4

# username → (id, full name, role, branch)
PEOPLE: dict[str, tuple[int, str, str, int]] = {
    "clerk": (101, "业务甲", "clerk", EAST),
    "clerk_city": (102, "业务乙", "clerk", EAST_CITY),
    "clerk_west": (103, "业务丙", "clerk", WEST),
    "archivist": (111, "档案甲", "archivist", EAST),
    "archivist_city": (112, "档案乙", "archivist", EAST_CITY),
    "archivist_west": (113, "档案丙", "archivist", WEST),
    "archivist_head": (114, "档案总", "archivist", HEAD),
    "manager": (121, "负责甲", "manager", EAST),
    "manager_west": (122, "负责乙", "manager", WEST),
    "agent": (131, "代理甲", "agent", EAST_CITY),
    "agent_other": (132, "代理乙", "agent", EAST_CITY),
    "sysadmin": (141, "系统甲", "sysadmin", HEAD),
    "secadmin": (142, "安全甲", "secadmin", HEAD),
    "secadmin_other": (143, "安全乙", "secadmin", HEAD),
    "auditor": (144, "审计甲", "auditor", HEAD),
    "newcomer": (151, "新人甲", "", EAST),
}

# One of each role, and who keeps the rules of the house: what the others may do differs by branch only.
ONE_OF_EACH = (
    *("clerk", "archivist", "archivist_head", "manager", "agent"),
    *("sysadmin", "secadmin", "auditor", "newcomer"),
)


def add_cast(session: Session) -> None:
    """Write branches, accounts and grants."""
    session.add_all(
        [
            branch(HEAD, None, "00", "总公司", "head", "J001"),
            branch(EAST, HEAD, "32", "江东分公司", "province", "J019"),
            branch(EAST_CITY, EAST, "3201", "城东支公司", "city", "J020"),
            branch(WEST, HEAD, "36", "江西分公司", "province", "J021"),
        ]
    )
    session.flush()
    for username, (account_id, full_name, role, branch_id) in PEOPLE.items():
        track = role if role in {"sysadmin", "secadmin", "auditor"} else "business" if role else None
        session.add(
            Account(
                id=account_id,
                username=username,
                full_name=full_name,
                branch_id=branch_id,
                track=track,
                state="active",
                created_at=NOW,
            )
        )
        session.flush()
        if role:
            session.add(
                Grant(
                    account_id=account_id,
                    track=track,
                    role=role,
                    branch_id=branch_id,
                    valid_from=datetime(2020, 1, 1, tzinfo=UTC),
                )
            )
    session.flush()


def branch(branch_id: int, parent_id: int | None, code: str, name: str, kind: str, fonds: str) -> Branch:
    """Return a branch; paths follow the four ids above."""
    path = {HEAD: "/1/", EAST: "/1/2/", EAST_CITY: "/1/2/3/", WEST: "/1/4/"}[branch_id]
    return Branch(
        id=branch_id,
        parent_id=parent_id,
        code=code,
        name=name,
        kind=kind,
        fonds_code=fonds,
        fonds_name=f"保档{name}",
        path=path,
    )


def actor(session: Session, username: str) -> Actor:
    """Return a member of the cast with its rights."""
    found = actor_of_account(session, PEOPLE[username][0], now=NOW)
    assert found is not None
    return found
