"""Handing over 移交: kinds, the life of a handing over, who of its two sides does what.

draft 拟稿 → sent 已移交待清点 → counted 已清点待签字 → done 已办结; until it is done it can be called off, and everything
comes back to the shelf it came from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from app.domain.errors import Invalid, WrongState

LONGEST = {"witness": 60, "nature": 40, "years": 40, "note": 500, "equipment": 4000}


class TransferKind(StrEnum):
    """What is handed over."""

    BRANCH = "branch"  # papers, from branch to branch
    POST = "post"  # 岗位交接: what a leaving keeper answers for; nothing moves


class TransferState(StrEnum):
    """Where a handing over stands."""

    DRAFT = "draft"
    SENT = "sent"
    COUNTED = "counted"
    DONE = "done"
    CANCELLED = "cancelled"


class TransferStep(StrEnum):
    """What can be done with one."""

    SEND = "send"  # by the giver: the papers leave the shelf
    COUNT = "count"  # by the receiver: everything was looked at
    RECOUNT = "recount"  # the receiver looks again, before anybody has signed
    FINISH = "finish"  # signed by both: the papers are the receiver's
    CANCEL = "cancel"


class LineState(StrEnum):
    """Where one paper of a handing over stands."""

    LISTED = "listed"
    MOVING = "moving"
    RECEIVED = "received"
    ABSENT = "absent"
    DROPPED = "dropped"


class Side(StrEnum):
    """Who signs: the moments of the signatures."""

    GIVER = "giver"
    RECEIVER = "receiver"
    WITNESS = "witness"


_S, _D = TransferState, TransferStep
STEPS: Mapping[tuple[TransferState, TransferStep], TransferState] = {
    (_S.DRAFT, _D.SEND): _S.SENT,
    (_S.DRAFT, _D.CANCEL): _S.CANCELLED,
    (_S.SENT, _D.COUNT): _S.COUNTED,
    (_S.SENT, _D.CANCEL): _S.CANCELLED,
    (_S.COUNTED, _D.RECOUNT): _S.SENT,
    (_S.COUNTED, _D.FINISH): _S.DONE,
    (_S.COUNTED, _D.CANCEL): _S.CANCELLED,
}
OPEN_STATES = (_S.DRAFT, _S.SENT, _S.COUNTED)


def next_state(current: str, step: TransferStep) -> TransferState:
    """Return where `step` leads; raises `WrongState` with `transfer.is_<current>` when it is not allowed."""
    following = STEPS.get((TransferState(current), step))
    if following is None:
        raise WrongState(f"transfer.is_{current}")
    return following


@dataclass(frozen=True, slots=True)
class TransferHead:
    """The head of 交接文据 as it is typed; `from_account_id` and `to_account_id` are of a post."""

    kind: TransferKind
    from_branch_id: int
    to_branch_id: int
    from_account_id: int | None = None
    to_account_id: int | None = None
    witness: str = ""
    nature: str = ""
    years: str = ""
    note: str = ""
    equipment: str = ""


def check_head(typed: TransferHead) -> TransferHead:
    """Return the head tidied; raises `Invalid`. Papers go to another branch, a post to another person of the branch."""
    texts: dict[str, Any] = {name: str(getattr(typed, name)).strip() for name in LONGEST}
    problems = {name: ["transfer.too_long"] for name, text in texts.items() if len(text) > LONGEST[name]}
    if not texts["nature"]:
        problems["nature"] = ["transfer.nature_missing"]
    if typed.kind is TransferKind.BRANCH and typed.from_branch_id == typed.to_branch_id:
        problems["to_branch_id"] = ["transfer.same_branch"]
    if typed.kind is TransferKind.POST and not typed.to_account_id:
        problems["to_account_id"] = ["transfer.receiver_missing"]
    elif typed.kind is TransferKind.POST and typed.to_account_id == typed.from_account_id:
        problems["to_account_id"] = ["transfer.same_person"]
    if problems:
        raise Invalid(problems)
    if typed.kind is TransferKind.POST:
        return replace(typed, **texts, to_branch_id=typed.from_branch_id)
    return replace(typed, **(texts | {"equipment": ""}), to_account_id=None)


def required_sides(witness: str) -> tuple[Side, ...]:
    """Return who must have signed before a handing over is done."""
    return (Side.GIVER, Side.RECEIVER, Side.WITNESS) if witness else (Side.GIVER, Side.RECEIVER)


@dataclass(frozen=True, slots=True)
class PaperFilter:
    """Which papers of a branch are put on the list at once; empty means no limit."""

    category: str = ""
    year: int | None = None
    period: str = ""
    box: str = ""

    @property
    def is_empty(self) -> bool:
        """True when nothing narrows it: the whole branch."""
        return not (self.category or self.year or self.period or self.box)
