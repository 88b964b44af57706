"""The policy, cell by cell: role × action × relation × level × state against a table written down here by hand.

The expectation is written from the duties of each role, not from the code: change one only with the other.
"""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from app.domain.actor import ADMINISTRATORS, Actor, HeldRole, Role
from app.domain.policy import ALL_STATES, POLICY, WITHOUT_ROLE, Action, Target, may, may_ever
from app.domain.policy_table import policy_as_markdown

ME, SOMEBODY = 9, 10
MINE, BELOW, ELSEWHERE = 1, 2, 3

# Four digits: the highest level of own, branch, below, other things. A word after them limits the states.
EVERYTHING = "4444"
ARCHIVE_READ = {"clerk": "0220", "archivist": "0430", "manager": "0440"}
ARCHIVE_WRITE = {"clerk": "0200", "archivist": "0430"}
EVERYBODY = dict.fromkeys((role.value for role in Role), EVERYTHING)
EXPECTED: dict[str, dict[str, str]] = {
    "account.self": EVERYBODY,
    "home.view": EVERYBODY,
    "search.use": dict.fromkeys(("clerk", "archivist", "manager"), EVERYTHING),
    "customer.list": ARCHIVE_READ,
    "customer.view": ARCHIVE_READ,
    "customer.create": ARCHIVE_WRITE,
    "customer.edit": ARCHIVE_WRITE,
    "customer.reveal": {"clerk": "0200", "archivist": "0430", "manager": "0440"},
    "policy.view": ARCHIVE_READ,
    "policy.edit": ARCHIVE_WRITE,
    "claim.view": ARCHIVE_READ,
    "claim.edit": ARCHIVE_WRITE,
    "document.view": {"clerk": "0220", "archivist": "0430", "manager": "0440"},
    "document.pages": {
        "clerk": "0220 kept",
        "archivist": "0430 kept",
        "manager": "0440 kept",
    },
    "document.receive": {"clerk": "0200 open", "archivist": "0430 open"},
    "document.edit": {"clerk": "0200 received", "archivist": "0430 open"},
    "document.file": {"archivist": "0430 catalogued"},
    "document.original": {"archivist": "0430 kept"},
    "loan.ask": {"clerk": "0332", "archivist": "0443", "manager": "0443"},
    "loan.view": {"clerk": "4000", "archivist": "4430", "manager": "4440"},
    "loan.approve": {"manager": "0440"},
    "loan.desk": {"archivist": "0430"},
    "loan.rules": {"archivist": "0400"},
    "reading.open": dict.fromkeys(("clerk", "archivist", "manager"), "4000"),
    "copy.certify": {"archivist": "0430"},
    "storage.view": {"archivist": "0430", "manager": "0440"},
    "storage.edit": {"archivist": "0430"},
    "storage.rules": {"archivist": "0400"},
    "climate.record": {"archivist": "0430"},
    "round.run": {"archivist": "0430"},
    "round.approve": {"manager": "0440"},
    "repair.run": {"archivist": "0430"},
    "repair.accept": {"archivist": "0430", "manager": "0440"},
    "transfer.run": {"archivist": "0430"},
    "transfer.sign": {"archivist": "0430", "manager": "0440"},
    "consultation.view": {"clerk": "0220", "archivist": "0430", "manager": "0440"},
    "consultation.edit": {"clerk": "0200", "archivist": "0430", "manager": "0440"},
    "answer.edit": {"archivist": "0400", "manager": "0400"},
    "case.view": {"clerk": "4000", "archivist": "4430", "manager": "4440"},
    "case.register": {"clerk": "0400", "archivist": "0400", "manager": "0440"},
    "case.handle": {"clerk": "4000", "archivist": "4000", "manager": "4440"},
    "case.assign": {"manager": "0440"},
    "case.approve": {"manager": "0440"},
    "case.figures": {"archivist": "0430", "manager": "0440"},
    "case.rules": {"manager": "0400"},
    "survey.view": {"clerk": "0200", "archivist": "0430", "manager": "0440"},
    "survey.edit": {"manager": "0400"},
    "survey.send": {"clerk": "0200", "archivist": "0430", "manager": "0400"},
    "follow_up.do": {"clerk": "4200", "archivist": "4400", "manager": "4440"},
    "intake.view": {"clerk": "0200", "archivist": "0430", "manager": "0440"},
    "intake.receive": ARCHIVE_WRITE,
    "intake.work": ARCHIVE_WRITE,
    "intake.check": {"archivist": "0430", "manager": "0440"},
    "intake.rules": {"archivist": "0400"},
    "table.import": {"archivist": "0430"},
    "submission.make": {"agent": "2000"},
    "missing.view": {"clerk": "0220", "archivist": "0430", "manager": "0440"},
    "missing.edit": ARCHIVE_WRITE,
    "missing.waive": {"manager": "0440"},
    "volume.view": {"clerk": "0220", "archivist": "0430", "manager": "0440"},
    "volume.bind": {"archivist": "0430"},
    "volume.check": {"archivist": "0430", "manager": "0440"},
    "register.print": {"archivist": "0430", "manager": "0440"},
    "export.fetch": {"archivist": EVERYTHING, "manager": EVERYTHING},
    "ledger.view": {"archivist": "0430", "manager": "0440"},
    "catalogue.rules": {"archivist": "0400"},
    "branch.view": {role: cell for role, cell in EVERYBODY.items() if role != "agent"},
    "branch.edit": {"sysadmin": EVERYTHING},
    "account.view": dict.fromkeys(("sysadmin", "secadmin", "auditor"), EVERYTHING),
    "account.create": {"sysadmin": EVERYTHING},
    "account.disable": dict.fromkeys(("sysadmin", "secadmin"), EVERYTHING),
    "grant.view": dict.fromkeys(("secadmin", "auditor"), EVERYTHING),
    "grant.change": {"secadmin": EVERYTHING},
    "account.reset": {"secadmin": EVERYTHING},
    "account.reset_confirm": {"secadmin": EVERYTHING, "manager": "0440"},
    "trail.read": {"auditor": EVERYTHING},
}
STATES = {
    "": ALL_STATES,
    "kept": {"received", "catalogued", "filed", "held"},
    "open": {"received", "catalogued"},
    "received": {"received"},
    "catalogued": {"catalogued"},
}
RELATIONS = ("own", "branch", "below", "other")


def holder(role: Role) -> Actor:
    """Somebody who holds one role at MINE, with BELOW under it."""
    return Actor(ME, "me", "我", MINE, "本机构", (HeldRole(role, MINE, frozenset({BELOW})),))


def target(relation: str, level: int, state: str) -> Target:
    """A thing in one relation to `holder`; own things lie in another branch, so that only the relation counts."""
    branch = {"own": ELSEWHERE, "branch": MINE, "below": BELOW, "other": ELSEWHERE}[relation]
    return Target(branch, level, ME if relation == "own" else SOMEBODY, state)


def expected(role: Role, action: Action, relation: str, level: int, state: str) -> bool:
    """Read a cell of the table above; what is nobody's own may still be reached as `other`."""
    cell = EXPECTED[action.value].get(role.value)
    if cell is None:
        return False
    digits, _, states = cell.partition(" ")
    reach = dict(zip(RELATIONS, map(int, digits), strict=True))
    highest = max(reach[relation], reach["other"])
    return level <= highest and state in STATES[states]


@pytest.mark.parametrize("action", list(Action))
def test_every_cell_is_as_the_table_says(action: Action) -> None:
    cells = itertools.product(Role, RELATIONS, range(1, 5), sorted(ALL_STATES))

    wrong = [
        (role.value, relation, level, state)
        for role, relation, level, state in cells
        if may(holder(role), action, target(relation, level, state)) != expected(role, action, relation, level, state)
    ]

    assert wrong == []


def test_every_action_stands_in_the_table() -> None:
    assert set(EXPECTED) == {action.value for action in Action}
    assert set(POLICY) == set(Action)


def test_who_holds_no_role_may_only_mind_his_own_account() -> None:
    nobody = Actor(ME, "me", "我", MINE, "本机构", ())

    assert {action for action in Action if may_ever(nobody, action)} == WITHOUT_ROLE
    assert {Action.SELF, Action.HOME} == WITHOUT_ROLE


@pytest.mark.parametrize("role", sorted(ADMINISTRATORS))
def test_no_administrator_reaches_any_archive(role: Role) -> None:
    archive = [
        action
        for action in Action
        if action.value.split(".")[0]
        in {
            *("customer", "policy", "claim", "document", "search"),
            *("loan", "reading", "copy", "storage", "climate", "round", "repair", "transfer"),
        }
    ]

    assert archive
    assert not [action for action in archive if may_ever(holder(role), action)]


def test_the_auditor_changes_nothing() -> None:
    changing = {"create", "edit", "disable", "change", "reset", "reset_confirm", "file", "receive", "rules"}

    allowed = [action for action in Action if may_ever(holder(Role.AUDITOR), action)]

    assert not [action for action in allowed if action.value.split(".")[1] in changing]


def test_who_creates_accounts_cannot_give_them_power() -> None:
    assert not may_ever(holder(Role.SYSADMIN), Action.GRANT_CHANGE)
    assert not may_ever(holder(Role.SECADMIN), Action.ACCOUNT_CREATE)


def test_two_roles_add_up() -> None:
    both = Actor(ME, "me", "我", MINE, "本机构", (HeldRole(Role.CLERK, MINE), HeldRole(Role.MANAGER, ELSEWHERE)))

    assert may(both, Action.CUSTOMER_VIEW, Target(MINE, 2))
    assert not may(both, Action.CUSTOMER_VIEW, Target(MINE, 3))
    assert may(both, Action.CUSTOMER_VIEW, Target(ELSEWHERE, 4))


def test_the_printed_table_is_the_policy() -> None:
    printed = Path(__file__).parents[2] / "docs" / "policy.md"

    assert printed.read_text("utf-8") == policy_as_markdown(), "run: flask policy print > docs/policy.md"
