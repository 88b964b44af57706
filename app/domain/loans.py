"""The life of one lent paper: the only steps that there are, and the diagram that tells of them.

asked 待审批 → waiting 等候 (for its turn in line, or for the day it was reserved for) → ready 待领取 (kept at the desk)
→ out 借出 → returned 已归还. An electronic loan goes from waiting to out by itself and closes by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum

from app.domain.errors import WrongState


class LoanState(StrEnum):
    """Where one item of a request stands."""

    ASKED = "asked"
    WAITING = "waiting"
    READY = "ready"
    OUT = "out"
    RETURNED = "returned"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    LOST = "lost"


class LoanStep(StrEnum):
    """What can be done with an item."""

    APPROVE = "approve"  # the last approver of the chain agreed
    REFUSE = "refuse"
    WITHDRAW = "withdraw"  # by the borrower, before anything is handed out
    CALL = "call"  # it is the next in line and lies ready
    EXPIRE = "expire"  # was not fetched in time
    HAND_OUT = "hand_out"
    OPEN = "open"  # electronic: the pages can be read
    RENEW = "renew"
    RECALL = "recall"
    REMIND = "remind"
    GIVE_BACK = "give_back"
    CLOSE = "close"  # electronic: its time ran out
    REVOKE = "revoke"  # electronic: withdrawn at once
    LOSE = "lose"
    FIND = "find"  # a lost paper came back


_S, _D = LoanState, LoanStep
# What an item goes to. A step that is not here is not allowed; what stays in its state is still written down.
STEPS: Mapping[tuple[LoanState, LoanStep], LoanState] = {
    (_S.ASKED, _D.APPROVE): _S.WAITING,
    (_S.ASKED, _D.REFUSE): _S.REFUSED,
    (_S.ASKED, _D.WITHDRAW): _S.WITHDRAWN,
    (_S.WAITING, _D.WITHDRAW): _S.WITHDRAWN,
    (_S.WAITING, _D.CALL): _S.READY,
    (_S.WAITING, _D.OPEN): _S.OUT,
    (_S.READY, _D.WITHDRAW): _S.WITHDRAWN,
    (_S.READY, _D.EXPIRE): _S.EXPIRED,
    (_S.READY, _D.HAND_OUT): _S.OUT,
    (_S.OUT, _D.RENEW): _S.OUT,
    (_S.OUT, _D.RECALL): _S.OUT,
    (_S.OUT, _D.REMIND): _S.OUT,
    (_S.OUT, _D.GIVE_BACK): _S.RETURNED,
    (_S.OUT, _D.CLOSE): _S.RETURNED,
    (_S.OUT, _D.REVOKE): _S.RETURNED,
    (_S.OUT, _D.LOSE): _S.LOST,
    (_S.LOST, _D.FIND): _S.RETURNED,
}
ELECTRONIC_ONLY = frozenset({_D.OPEN, _D.CLOSE, _D.REVOKE})
PAPER_ONLY = frozenset({_D.CALL, _D.EXPIRE, _D.HAND_OUT, _D.RECALL, _D.GIVE_BACK, _D.LOSE, _D.FIND})

OPEN_STATES = frozenset({_S.ASKED, _S.WAITING, _S.READY, _S.OUT, _S.LOST})
PROMISED_STATES = frozenset({_S.READY, _S.OUT})  # a paper may have one item in these


def next_state(current: str, step: LoanStep, *, takes_paper: bool) -> LoanState:
    """Return where `step` leads; raises `WrongState` with `loan.<state>_<step>` when it is not allowed."""
    wrong_kind = step in (ELECTRONIC_ONLY if takes_paper else PAPER_ONLY)
    following = STEPS.get((LoanState(current), step))
    if following is None or wrong_kind:
        raise WrongState(f"loan.{current}_{step.value}")
    return following


def steps_from(current: str, *, takes_paper: bool) -> tuple[LoanStep, ...]:
    """Return what can be done with an item now, in the order of `LoanStep`."""
    barred = ELECTRONIC_ONLY if takes_paper else PAPER_ONLY
    return tuple(step for step in LoanStep if (LoanState(current), step) in STEPS and step not in barred)


def diagram() -> str:
    """Return the machine as a Mermaid state diagram."""
    return "\n".join(["stateDiagram-v2", *_lines(), ""])


def _lines() -> Iterator[str]:
    yield f"    [*] --> {LoanState.ASKED.value}"
    for (before, step), after in STEPS.items():
        mark = " (electronic)" if step in ELECTRONIC_ONLY else ""
        yield f"    {before.value} --> {after.value}: {step.value}{mark}"
    for state in LoanState:
        if not any(before is state for before, _ in STEPS):
            yield f"    {state.value} --> [*]"
