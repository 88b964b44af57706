"""What an agent sends in 代理人提交: draft 草稿 → submitted 已提交 → accepted 已接收, or returned 退回 for the pages that were refused."""

from __future__ import annotations

from collections.abc import Mapping
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
