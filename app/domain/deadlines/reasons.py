"""Why a day is or is not counted, and what changed a clock."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Reason(StrEnum):
    """What one step of an explanation rests on; the first group fills the bar, the second marks a day on it."""

    FIRST_DAY = "first_day"  # 当日不计入
    COUNTED = "counted"  # 计入
    REST_DAY = "rest_day"  # 非工作日不计入
    PAUSED = "paused"  # 中止期间不计入
    RECOUNTED = "recounted"  # 重新计算前的日子不再计入
    AGREED = "agreed"  # 约定的告知期
    OVERDUE = "overdue"  # 逾期

    ACCEPTED = "accepted"
    TRANSFERRED = "transferred"  # 移送不影响期限
    MERGED = "merged"  # 合并, the earliest receipt counts
    NEW_FACTS = "new_facts"  # 重新计算
    NEW_FACTS_LATE = "new_facts_late"
    BEGUN_AGAIN = "begun_again"  # 资料重新收齐
    COMPLEX = "complex"
    COMPLEX_LATE = "complex_late"
    EXTENSION_ASKED = "extension_asked"
    EXTENSION_APPROVED = "extension_approved"  # without effect until told
    EXTENSION_REFUSED = "extension_refused"
    EXTENDED = "extended"
    EXTENSION_LATE = "extension_late"
    NOTICE_AGREED = "notice_agreed"
    NOTICE_AGREED_LATE = "notice_agreed_late"
    PAUSE_LATE = "pause_late"
    NO_PAUSE = "no_pause"  # the rule knows no such ground
    ASKED_AGAIN = "asked_again"  # 一次性: the second request stops nothing
    DECLINED = "declined"  # decided not to deal with it, to be told
    DECIDED = "decided"
    DONE = "done"
    DONE_LATE = "done_late"
    WITHDRAWN = "withdrawn"
    MERGED_INTO = "merged_into"
    DECLINED_TOLD = "declined_told"
    LAPSED = "lapsed"  # 权利期满
    CARRIED = "carried"  # 可顺延至
    CALENDAR_MISSING = "calendar_missing"


# 民法典 governs every period unless its own rule says otherwise (Art. 204).
COMMON_ARTICLES: Mapping[Reason, str] = {
    Reason.FIRST_DAY: "民法典第二百零一条第一款",
    Reason.CARRIED: "民法典第二百零三条第一款",
}
