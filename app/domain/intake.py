"""The life of papers at the desk 收集整编: of an item, and of the batch it came in; the only steps that there are.

An item: draft 草稿 (an agent's, not handed in) → waiting 待识别 → ready 待整理 → catalogued 待质检 → passed 已归档. It may be returned
退回 to its agent, dropped 弃置 (and taken back), or come back for rework 返工. A batch: open 整理中 → checking 质检中 → accepted
已验收, by way of rework 返工 when the sample was not good enough. Source: DA/T 31-2017, sampling of clause 12.1.2.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from enum import StrEnum

from app.domain.errors import WrongState


class ItemState(StrEnum):
    """Where an item stands."""

    DRAFT = "draft"
    WAITING = "waiting"
    READY = "ready"
    RETURNED = "returned"
    CATALOGUED = "catalogued"
    REWORK = "rework"
    PASSED = "passed"
    DROPPED = "dropped"


class ItemStep(StrEnum):
    """What can be done with an item."""

    SUBMIT = "submit"  # its agent hands it in
    WORKED = "worked"  # the machine has done what it can
    RETURN = "return"  # to its agent, with the reason on each page
    ACCEPT = "accept"  # a person has catalogued it
    DROP = "drop"
    TAKE_BACK = "take_back"  # what was dropped
    REWORK = "rework"  # the checker was not content
    PASS = "pass"  # noqa: S105 (no password: the item passes)


_I, _T = ItemState, ItemStep
ITEM_STEPS: Mapping[tuple[ItemState, ItemStep], ItemState] = {
    (_I.DRAFT, _T.SUBMIT): _I.WAITING,
    (_I.RETURNED, _T.SUBMIT): _I.WAITING,
    (_I.WAITING, _T.WORKED): _I.READY,
    (_I.WAITING, _T.RETURN): _I.RETURNED,
    (_I.READY, _T.RETURN): _I.RETURNED,
    (_I.READY, _T.ACCEPT): _I.CATALOGUED,
    (_I.REWORK, _T.ACCEPT): _I.CATALOGUED,
    (_I.WAITING, _T.DROP): _I.DROPPED,
    (_I.READY, _T.DROP): _I.DROPPED,
    (_I.RETURNED, _T.DROP): _I.DROPPED,  # its agent will not send it again
    (_I.DROPPED, _T.TAKE_BACK): _I.READY,
    (_I.CATALOGUED, _T.REWORK): _I.REWORK,
    (_I.CATALOGUED, _T.PASS): _I.PASSED,
}
AT_THE_DESK = frozenset({_I.WAITING, _I.READY, _I.REWORK})  # somebody still has to work on it
EDITABLE = frozenset({_I.WAITING, _I.READY, _I.REWORK})
BACK_OFFICE = frozenset(_I) - {_I.DRAFT}  # what an agent has not handed in is nobody else's


class BatchState(StrEnum):
    """Where a batch stands."""

    OPEN = "open"
    CHECKING = "checking"
    REWORK = "rework"
    ACCEPTED = "accepted"


class BatchStep(StrEnum):
    """What can be done with a batch."""

    HAND_IN = "hand_in"
    FAIL = "fail"
    ACCEPT = "accept"
    TAKE_BACK = "take_back"  # before anything was checked


_B, _P = BatchState, BatchStep
BATCH_STEPS: Mapping[tuple[BatchState, BatchStep], BatchState] = {
    (_B.OPEN, _P.HAND_IN): _B.CHECKING,
    (_B.REWORK, _P.HAND_IN): _B.CHECKING,
    (_B.CHECKING, _P.TAKE_BACK): _B.OPEN,
    (_B.CHECKING, _P.FAIL): _B.REWORK,
    (_B.CHECKING, _P.ACCEPT): _B.ACCEPTED,
}


class Source(StrEnum):
    """By which way papers came."""

    UPLOAD = "upload"
    FOLDER = "folder"
    AGENT = "agent"
    IMPORT = "import"


class Business(StrEnum):
    """What papers are sent in for."""

    APPLICATION = "application"  # 投保
    SERVICING = "servicing"  # 保全
    CLAIM = "claim"  # 理赔
    SERVICE = "service"  # 客户服务
    OTHER = "other"


class Defect(StrEnum):
    """What a checker may find in a sample; DOMAIN: 模糊/歪斜/黑边/缺页/顺序错/折角/透印, and what is wrong in the catalogue."""

    BLURRED = "blurred"
    SKEWED = "skewed"
    BORDER = "border"
    PAGE_MISSING = "page_missing"
    ORDER = "order"
    FOLDED = "folded"
    SHOWS_THROUGH = "shows_through"
    DESCRIPTION = "description"
    WRONG_CLASS = "wrong_class"
    WRONG_CUSTOMER = "wrong_customer"


def next_item_state(current: str, step: ItemStep) -> ItemState:
    """Return where `step` leads an item; raises `WrongState` with `intake.<state>_<step>`."""
    following = ITEM_STEPS.get((ItemState(current), step))
    if following is None:
        raise WrongState(f"intake.{current}_{step.value}")
    return following


def next_batch_state(current: str, step: BatchStep) -> BatchState:
    """Return where `step` leads a batch; raises `WrongState` with `batch.<state>_<step>`."""
    following = BATCH_STEPS.get((BatchState(current), step))
    if following is None:
        raise WrongState(f"batch.{current}_{step.value}")
    return following


def sample_size(population: int, rate: int) -> int:
    """Return how many of `population` items are looked at, at `rate` per cent: at least one, where there is one."""
    return min(population, math.ceil(population * rate / 100)) if population else 0


def passes(sample: int, bad: int, pass_rate: int) -> bool:
    """Say whether a sample is good enough: at least `pass_rate` per cent of it without a defect."""
    return sample == 0 or (sample - bad) * 100 >= pass_rate * sample
