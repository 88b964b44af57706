"""What figures are called on screens; printed reports have their own words."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from app.domain.figures import Given, PeriodKind
from app.web.case_labels import CHANNELS, LINES, SALES_CHANNELS

PERIODS: dict[PeriodKind, Any] = {
    PeriodKind.MONTH: _l("月"),
    PeriodKind.QUARTER: _l("季度"),
    PeriodKind.YEAR: _l("年"),
}
DIMENSIONS: dict[str, Any] = {
    "branch": _l("按机构"),
    "stage": _l("按业务环节"),
    "cause": _l("按原因"),
    "line": _l("按险种"),
    "channel": _l("按接收渠道"),
    "sales_channel": _l("按销售渠道"),
}
VALUES: dict[str, dict[Any, Any]] = {"line": LINES, "channel": CHANNELS, "sales_channel": SALES_CHANNELS}
GIVEN: dict[Given, Any] = {
    Given.PREMIUM: _l("保费收入（元）"),
    Given.POLICIES: _l("保单件数"),
    Given.INSURED: _l("承保人次"),
    Given.CALLS: _l("电话转人工数"),
    Given.CALLS_ANSWERED: _l("人工接通数"),
    Given.RATED: _l("客服代表被评价次数"),
    Given.RATED_WELL: _l("其中满意次数"),
    Given.DISPUTES: _l("承保理赔查询异议数"),
    Given.DISPUTES_SOLVED: _l("其中已处理数"),
    Given.DELIVERABLE: _l("应送达保单数"),
    Given.DELIVERED: _l("其中15日内送达数"),
}
