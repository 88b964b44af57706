"""The life of a complaint 投诉 and of its re-examination 核查: the only steps that there are, and their diagram.

registered 待受理 → accepted 办理中 → proposed 待审批 → decided 待告知 → notified 已告知 → closed 办结 → filed 已归档.
A complaint may instead be declined 不予办理, withdrawn 撤回 or merged 合并 into another. Clocks are a matter of
`domain.deadlines`: `EVENTS` says which step is an event of which kind. Source: 银行业保险业消费投诉处理管理办法 (令2020年第3号).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum

from app.domain.deadlines.events import EventKind
from app.domain.errors import WrongState


class CaseKind(StrEnum):
    """A complaint, or the re-examination of a decision by the branch above (Art. 20)."""

    COMPLAINT = "complaint"
    REVIEW = "review"


class CaseState(StrEnum):
    """Where a case stands."""

    REGISTERED = "registered"  # 待受理
    ACCEPTED = "accepted"  # 办理中
    DECLINED = "declined"  # 不予办理，待告知
    PROPOSED = "proposed"  # 处理意见待审批
    DECIDED = "decided"  # 待告知
    NOTIFIED = "notified"  # 已告知，待溯源整改
    CLOSED = "closed"  # 办结
    FILED = "filed"  # 已归档
    WITHDRAWN = "withdrawn"  # 撤回
    MERGED = "merged"  # 并入他案


class CaseStep(StrEnum):
    """What can be done with a case."""

    ACCEPT = "accept"
    DECLINE = "decline"
    TRANSFER = "transfer"  # to another branch
    CLASSIFY = "classify"  # 情况复杂
    PAUSE = "pause"
    RESUME = "resume"
    ASK_EXTENSION = "ask_extension"
    APPROVE_EXTENSION = "approve_extension"
    REFUSE_EXTENSION = "refuse_extension"
    NOTICE_EXTENSION = "notice_extension"
    AGREE_NOTICE = "agree_notice"  # a day agreed with the complainant
    MERGE_IN = "merge_in"  # another case comes into this one
    NEW_FACTS = "new_facts"
    PROPOSE = "propose"
    RETURN = "return"  # the proposal goes back
    DECIDE = "decide"
    NOTIFY = "notify"
    DELIVER = "deliver"
    ASK_REVIEW = "ask_review"
    WITHDRAW = "withdraw"
    MERGE = "merge"  # into another case
    CLOSE = "close"
    FILE = "file"


_S, _D = CaseState, CaseStep
_OPEN = (_S.REGISTERED, _S.ACCEPTED, _S.PROPOSED, _S.DECIDED)
_TOLD = (_S.NOTIFIED, _S.CLOSED, _S.FILED)


def _stays(states: tuple[CaseState, ...], *steps: CaseStep) -> dict[tuple[CaseState, CaseStep], CaseState]:
    return {(state, step): state for state in states for step in steps}


# What a case goes to. A step that is not here is not allowed; what stays in its state is still written down.
STEPS: Mapping[tuple[CaseState, CaseStep], CaseState] = {
    (_S.REGISTERED, _D.ACCEPT): _S.ACCEPTED,
    **_stays((_S.REGISTERED, _S.ACCEPTED), _D.TRANSFER, _D.MERGE_IN),
    **_stays((_S.ACCEPTED,), _D.CLASSIFY, _D.PAUSE, _D.ASK_EXTENSION),
    **_stays((_S.ACCEPTED, _S.PROPOSED), _D.RESUME, _D.APPROVE_EXTENSION, _D.REFUSE_EXTENSION, _D.NOTICE_EXTENSION),
    **_stays((_S.ACCEPTED, _S.PROPOSED, _S.DECIDED, _S.DECLINED), _D.AGREE_NOTICE),
    (_S.REGISTERED, _D.NEW_FACTS): _S.REGISTERED,
    **{(state, _D.NEW_FACTS): _S.ACCEPTED for state in (_S.ACCEPTED, _S.PROPOSED, _S.DECIDED)},
    (_S.ACCEPTED, _D.PROPOSE): _S.PROPOSED,
    (_S.PROPOSED, _D.RETURN): _S.ACCEPTED,
    (_S.PROPOSED, _D.DECIDE): _S.DECIDED,
    (_S.DECIDED, _D.NOTIFY): _S.NOTIFIED,
    **{(state, _D.DECLINE): _S.DECLINED for state in (_S.REGISTERED, _S.ACCEPTED)},
    (_S.DECLINED, _D.NOTIFY): _S.CLOSED,
    **{(state, _D.WITHDRAW): _S.WITHDRAWN for state in (*_OPEN, _S.DECLINED)},
    **{(state, _D.MERGE): _S.MERGED for state in (_S.REGISTERED, _S.ACCEPTED)},
    **_stays(_TOLD, _D.DELIVER, _D.ASK_REVIEW),
    (_S.NOTIFIED, _D.CLOSE): _S.CLOSED,
    (_S.CLOSED, _D.FILE): _S.FILED,
    (_S.WITHDRAWN, _D.FILE): _S.FILED,
}
# A re-examination knows no pause, no extension, no second re-examination (Art. 20).
REVIEW_STEPS = frozenset(
    {_D.ACCEPT, _D.PROPOSE, _D.RETURN, _D.DECIDE, _D.NOTIFY, _D.DELIVER, _D.WITHDRAW, _D.CLOSE, _D.FILE}
)

OPEN_STATES = frozenset({*_OPEN, _S.DECLINED})  # somebody still waits for an answer
WORKING_STATES = OPEN_STATES | {_S.NOTIFIED}  # something is still to be done
FILED_AFTER = frozenset({_S.CLOSED, _S.WITHDRAWN})

_K = EventKind
EVENTS: Mapping[CaseStep, EventKind] = {
    _D.ACCEPT: _K.ACCEPTED,
    _D.DECLINE: _K.DECLINED,
    _D.TRANSFER: _K.TRANSFERRED,
    _D.CLASSIFY: _K.CLASSIFIED_COMPLEX,
    _D.PAUSE: _K.PAUSE_BEGUN,
    _D.RESUME: _K.PAUSE_ENDED,
    _D.ASK_EXTENSION: _K.EXTENSION_ASKED,
    _D.APPROVE_EXTENSION: _K.EXTENSION_APPROVED,
    _D.REFUSE_EXTENSION: _K.EXTENSION_REFUSED,
    _D.NOTICE_EXTENSION: _K.EXTENSION_NOTICED,
    _D.AGREE_NOTICE: _K.NOTICE_AGREED,
    _D.MERGE_IN: _K.MERGED,
    _D.NEW_FACTS: _K.NEW_FACTS,
    _D.DECIDE: _K.DECIDED,
    _D.NOTIFY: _K.NOTIFIED,
    _D.DELIVER: _K.DELIVERED,
    _D.ASK_REVIEW: _K.REVIEW_ASKED,
    _D.WITHDRAW: _K.WITHDRAWN,
    _D.MERGE: _K.MERGED_INTO,
}
REVIEW_EVENTS: Mapping[CaseStep, EventKind] = {
    _D.DECIDE: _K.REVIEW_DECIDED,
    _D.NOTIFY: _K.REVIEW_NOTIFIED,
    _D.WITHDRAW: _K.WITHDRAWN,
}


def next_state(kind: str, current: str, step: CaseStep) -> CaseState:
    """Return where `step` leads; raises `WrongState` with `case.<state>_<step>` when it is not allowed."""
    following = STEPS.get((CaseState(current), step))
    if following is None or (kind == CaseKind.REVIEW and step not in REVIEW_STEPS):
        raise WrongState(f"case.{current}_{step.value}")
    return following


def steps_from(kind: str, current: str) -> tuple[CaseStep, ...]:
    """Return what can be done with a case now, in the order of `CaseStep`."""
    known = REVIEW_STEPS if kind == CaseKind.REVIEW else frozenset(CaseStep)
    return tuple(step for step in CaseStep if (CaseState(current), step) in STEPS and step in known)


def event_of(kind: str, step: CaseStep) -> EventKind | None:
    """Return the event that a step is for the clocks of its case, None when they don't care."""
    return (REVIEW_EVENTS if kind == CaseKind.REVIEW else EVENTS).get(step)


def diagram() -> str:
    """Return the machine as a Mermaid state diagram; steps that stay where they are are left out."""
    return "\n".join(["stateDiagram-v2", *_lines(), ""])


def _lines() -> Iterator[str]:
    yield f"    [*] --> {CaseState.REGISTERED.value}"
    for (before, step), after in STEPS.items():
        if before is not after:
            yield f"    {before.value} --> {after.value}: {step.value}"
    for state in CaseState:
        if not any(before is state and after is not state for (before, _), after in STEPS.items()):
            yield f"    {state.value} --> [*]"
