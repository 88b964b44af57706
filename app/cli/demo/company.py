"""The invented company: a head office, three branches, and two people for every role in each."""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass
from datetime import datetime
from random import Random

from sqlalchemy.orm import Session

from app.cli.demo.names import invent_name
from app.domain.actor import ADMINISTRATORS, Role
from app.domain.ids import new_id
from app.models.accounts import Account
from app.services import passwords, totp
from app.services.accounts import grant_role
from app.services.branches import BranchData, create_branch

# name, code, kind, fonds, index of the parent
BRANCHES = (
    ("总公司", "0001", "head", "J001", None),
    ("江东分公司", "3200", "province", "J019", 0),
    ("城东支公司", "3201", "city", "J020", 1),
    ("江西分公司", "3600", "province", "J021", 0),
)
PLACES = {"总公司": "hq", "江东分公司": "jd", "城东支公司": "cd", "江西分公司": "jx"}
BUSINESS = (Role.CLERK, Role.ARCHIVIST, Role.MANAGER, Role.AGENT)
PER_ROLE = 2


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """What one needs to sign in as somebody invented."""

    username: str
    password: str
    totp_secret: str
    role: str
    branch: str


@dataclass(frozen=True, slots=True)
class Company:
    """The branches by name, their people by role, and how to sign in as everybody."""

    branches: dict[str, int]
    fonds: dict[int, str]
    agents: dict[int, list[int]]
    archivists: dict[int, list[int]]
    clerks: dict[int, list[int]]
    managers: dict[int, list[int]]
    accounts: list[DemoAccount]

    def as_json(self) -> list[dict[str, str]]:
        """Return the accounts for demo-accounts.json."""
        return [asdict(account) for account in self.accounts]


def found_company(session: Session, rng: Random, *, now: datetime) -> Company:
    """Write branches and accounts with passwords and TOTP seeds of their own, and return them."""
    company = Company({}, {}, {}, {}, {}, {}, [])
    for name, code, kind, fonds, parent in BRANCHES:
        parent_id = None if parent is None else company.branches[BRANCHES[parent][0]]
        typed = BranchData(name, code, kind, fonds, f"安禾保险{name}", parent_id)
        branch_id = create_branch(session, None, typed, now=now)
        company.branches[name], company.fonds[branch_id] = branch_id, fonds
    for name, branch_id in company.branches.items():
        for role in BUSINESS:
            _employ(session, rng, company, role, name, branch_id, now=now)
    for role in sorted(ADMINISTRATORS):
        _employ(session, rng, company, role, "总公司", company.branches["总公司"], now=now)
    return company


def _employ(
    session: Session, rng: Random, company: Company, role: Role, branch: str, branch_id: int, *, now: datetime
) -> None:
    for number in range(1, PER_ROLE + 1):
        username = f"{role.value}-{PLACES[branch]}{number}"
        # A weak secret of a demo would be a habit: even here each is random.
        password = f"Demo-{secrets.token_hex(5)}"
        secret = totp.new_secret()
        account = Account(
            id=new_id(),
            username=username,
            full_name=invent_name(rng, female=rng.random() < 0.5),
            employee_number=f"{rng.randrange(10_000, 99_999)}",
            branch_id=branch_id,
            state="active",
            password_hash=passwords.hash_password(password),
            password_changed_at=now,
            totp_secret=secret,
            totp_enrolled_at=now,
            created_at=now,
        )
        session.add(account)
        session.flush()
        grant_role(session, None, account.id, role, branch_id, now=now)
        company.accounts.append(DemoAccount(username, password, secret, role.value, branch))
        people = {
            Role.AGENT: company.agents,
            Role.ARCHIVIST: company.archivists,
            Role.CLERK: company.clerks,
            Role.MANAGER: company.managers,
        }.get(role)
        if people is not None:
            people.setdefault(branch_id, []).append(account.id)
