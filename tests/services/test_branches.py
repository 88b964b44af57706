"""The tree of branches, on both databases."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.domain.errors import ChangedMeanwhile, Invalid, NotAllowed, NotFound
from app.models.accounts import Branch
from app.services.branches import BranchData, create_branch, edit_branch
from tests.cast import EAST, EAST_CITY, HEAD, NOW, actor
from tests.phones import events

NORTH = BranchData("江北分公司", "37", "province", "J022", "保档江北分公司", HEAD)


def create(session: Session, typed: BranchData = NORTH, who: str = "sysadmin") -> int:
    """Add a branch as a member of the cast."""
    return create_branch(session, actor(session, who), typed, now=NOW)


def edit(session: Session, typed: BranchData, version: int = 1, who: str = "sysadmin", branch_id: int = EAST) -> None:
    """Change a branch as a member of the cast."""
    edit_branch(session, actor(session, who), branch_id, typed, version=version, now=NOW)


def east(**changes: Any) -> BranchData:
    """江东分公司 as its form sends it."""
    return replace(BranchData("江东分公司", "32", "province", "J019", "保档江东分公司"), **changes)


def test_a_new_branch_stands_under_its_parent_and_is_reached_by_who_works_above(session: Session) -> None:
    branch_id = create(session, replace(NORTH, parent_id=EAST))

    assert session.get_one(Branch, branch_id).path == f"/1/2/{branch_id}/"
    assert branch_id in actor(session, "manager").held[0].below
    assert (events(session, "branch_created")[0].after or {})["code"] == "37"


def test_what_is_wrong_with_a_branch_is_said_field_by_field(session: Session) -> None:
    with pytest.raises(Invalid) as refused:
        create(session, BranchData(" ", "32", "village", "19", "", 999))

    assert refused.value.problems == {
        "name": ["branch.name_missing"],
        "code": ["branch.code_taken"],
        "fonds_code": ["branch.fonds_code"],
        "kind": ["branch.kind"],
        "parent_id": ["branch.parent"],
    }


def test_there_is_one_head_office(session: Session) -> None:
    with pytest.raises(Invalid) as refused:
        create(session, replace(NORTH, parent_id=None))

    assert refused.value.problems == {"parent_id": ["branch.parent"]}


def test_the_tree_is_six_deep_and_no_deeper(session: Session) -> None:
    parent = EAST_CITY
    for level in range(4, 7):
        parent = create(session, replace(NORTH, code=f"x{level}", kind="outlet", parent_id=parent))

    with pytest.raises(Invalid):
        create(session, replace(NORTH, code="x7", kind="outlet", parent_id=parent))
    edit(session, replace(NORTH, code="x6", name="改名"), branch_id=parent)


@pytest.mark.parametrize("who", ["clerk", "manager", "secadmin", "auditor", "archivist_head"])
def test_only_the_system_administrator_changes_the_tree(session: Session, who: str) -> None:
    with pytest.raises(NotAllowed):
        create(session, who=who)
    with pytest.raises(NotAllowed):
        edit(session, east(name="改名"), who=who)


def test_a_change_keeps_the_place_and_leaves_the_difference(session: Session) -> None:
    edit(session, east(name="江东省分公司"))

    branch = session.get_one(Branch, EAST)
    entry = events(session, "branch_changed")[0]
    assert (branch.name, branch.parent_id, branch.path, branch.version) == ("江东省分公司", HEAD, "/1/2/", 2)
    assert (entry.before, entry.after) == ({"name": "江东分公司"}, {"name": "江东省分公司"})


def test_the_head_office_can_be_changed_though_nothing_is_above_it(session: Session) -> None:
    edit(session, BranchData("总部", "00", "head", "J001", "保档总公司"), branch_id=HEAD)

    assert session.get_one(Branch, HEAD).name == "总部"


def test_who_was_overtaken_gets_both_texts_and_a_branch_that_is_not_there_is_not_found(session: Session) -> None:
    edit(session, east(name="江东省分公司"))

    with pytest.raises(ChangedMeanwhile) as overtaken:
        edit(session, east(name="江东大区"), version=1)
    with pytest.raises(NotFound):
        edit(session, east(), branch_id=999)

    difference = overtaken.value.differences[0]
    assert (difference.yours, difference.theirs) == ("江东大区", "江东省分公司")
