"""Names of consultations' values as screens show them, and the tones of their marks."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

from app.domain.consultations import About, Result, Topic
from app.web.case_labels import CHANNELS

ABOUTS: dict[About, Any] = {
    About.POLICY: lazy_pgettext("one", "保单"),
    About.CLAIM: lazy_pgettext("one", "赔案"),
    About.PRODUCT: _l("产品"),
    About.SERVICE: _l("服务"),
    About.OTHER: _l("其他"),
}
TOPICS: dict[Topic, Any] = {
    Topic.COVER: _l("保险责任"),
    Topic.PREMIUM: _l("交费与续期"),
    Topic.CHANGE: _l("保全变更"),
    Topic.CLAIM: lazy_pgettext("topic", "理赔"),
    Topic.COOLING_OFF: _l("犹豫期"),
    Topic.SURRENDER: _l("退保"),
    Topic.MATURITY: _l("满期与年金给付"),
    Topic.COMPLAINT: _l("投诉办理"),
    Topic.PRIVACY: lazy_pgettext("topic", "个人信息"),
    Topic.OTHER: _l("其他"),
}
RESULTS: dict[Result, Any] = {
    Result.ANSWERED: lazy_pgettext("consultation", "已答复"),
    Result.FOLLOW_UP: lazy_pgettext("consultation", "待跟进"),
    Result.PASSED_ON: lazy_pgettext("consultation", "已转交"),
    Result.COMPLAINT: lazy_pgettext("consultation", "转为投诉"),
}
RESULT_TONES = {"answered": "ok", "follow_up": "warn", "passed_on": "info", "complaint": "seal"}
FOLLOWED_UP = lazy_pgettext("consultation", "已跟进")

LABELS: dict[str, Any] = {
    "channel": CHANNELS,
    "about": ABOUTS,
    "topic": TOPICS,
    "result": RESULTS,
    "result_tone": RESULT_TONES,
}


def result_mark(result: str, *, is_open: bool) -> tuple[Any, str]:
    """Return word and tone of a result: a promise that was kept is no longer due."""
    if result == Result.FOLLOW_UP and not is_open:
        return FOLLOWED_UP, "ok"
    return RESULTS[Result(result)], RESULT_TONES[result]
