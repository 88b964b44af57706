"""What an agent sends in 代理人提交: draft 草稿 → submitted 已提交 → accepted 已接收, or returned 退回 for the pages that were refused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from app.domain.errors import WrongState


class SubmissionState(StrEnum):
    """Where a submission stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"


class SubmissionStep(StrEnum):
    """What can be done with a submission."""

    SUBMIT = "submit"
    RETURN = "return"
    ACCEPT = "accept"
    WITHDRAW = "withdraw"


_S, _T = SubmissionState, SubmissionStep
STEPS: Mapping[tuple[SubmissionState, SubmissionStep], SubmissionState] = {
    (_S.DRAFT, _T.SUBMIT): _S.SUBMITTED,
    (_S.RETURNED, _T.SUBMIT): _S.SUBMITTED,
    (_S.SUBMITTED, _T.RETURN): _S.RETURNED,
    (_S.RETURNED, _T.RETURN): _S.RETURNED,  # a further page of it
    (_S.SUBMITTED, _T.ACCEPT): _S.ACCEPTED,
    (_S.DRAFT, _T.WITHDRAW): _S.WITHDRAWN,
    (_S.RETURNED, _T.WITHDRAW): _S.WITHDRAWN,
}


def next_submission_state(current: str, step: SubmissionStep) -> SubmissionState:
    """Return where `step` leads; raises `WrongState` with `submission.<state>_<step>`."""
    following = STEPS.get((SubmissionState(current), step))
    if following is None:
        raise WrongState(f"submission.{current}_{step.value}")
    return following


CHANGEABLE = frozenset({SubmissionState.DRAFT, SubmissionState.RETURNED})  # its agent may still work on it
MOST_PAGES = 300
LONGEST_REASON = 60
RETAKE = ("blurred", "dark", "glare", "cut", "small", "blank")  # what photographing again mends
KEPT = "kept"  # a mark beside the flaws of a page: its agent wants it used all the same


def write_reasons(reasons: Mapping[str, str]) -> str:
    """Return why papers are missing 缺件说明 as people read it: a line for each paper, its name first."""
    return "\n".join(f"{name}：{reason}" for name, reason in reasons.items() if reason)


def read_reasons(note: str) -> dict[str, str]:
    """Return for each paper, by its name, why it is missing: the opposite of `write_reasons`."""
    return {name: reason for name, _, reason in (line.partition("：") for line in note.splitlines()) if reason}


def needs_retake(flaws: Iterable[str]) -> str:
    """Return which of a page's flaws its agent should mend first, nothing when it is good or kept all the same."""
    found = set(flaws)
    return "" if KEPT in found else next((code for code in RETAKE if code in found), "")
