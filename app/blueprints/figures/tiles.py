"""The figures on top of the page, and the indicators of service, as they are said on screens."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from app.domain.figures import Given, Rate
from app.domain.product_lines import InsuranceClass
from app.queries.casework_report import Report, figure, percent


def tiles_of(report: Report) -> list[dict[str, Any]]:
    """Return the tiles of a report."""
    whole, given = report.whole, report.service.given

    def per(name: Given) -> str:
        return figure(whole.per(name, given.get(name, 0)), "{:.2f}")

    return [
        {"label": _("投诉量"), "value": whole.received, "hint": _("上期 %(n)s", n=f"{report.before:,}")},
        {"label": _("办结率"), "value": percent(whole.end_rate)},
        {
            "label": _("按期办结率"),
            "value": percent(whole.in_time_rate),
            "tone": "seal" if whole.overdue else "",
            "hint": _("逾期未结 %(n)s 件", n=f"{whole.overdue:,}") if whole.overdue else "",
        },
        {"label": _("15日内办结率"), "value": percent(whole.fifteen_rate)},
        {"label": _("平均办理天数"), "value": figure(whole.mean_days, "{:.1f}")},
        {"label": _("重复投诉率"), "value": percent(whole.repeat_rate)},
        {"label": _("群体投诉数"), "value": whole.group},
        {"label": _("监管转办占比"), "value": percent(whole.forwarded_rate)},
        {"label": _("撤诉率"), "value": percent(whole.withdrawn_rate)},
        {"label": _("调解成功率"), "value": percent(whole.settled_rate)},
        {"label": _("核查维持率"), "value": percent(report.aftermath.upheld)},
        {"label": _("整改闭环率"), "value": percent(report.aftermath.remedied)},
        {"label": _("亿元保费投诉量"), "value": per(Given.PREMIUM)},
        {"label": _("万张保单投诉量"), "value": per(Given.POLICIES)},
        {"label": _("万人次投诉量"), "value": per(Given.INSURED)},
    ]


def service_lines(report: Report) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the indicators of service by class of insurance: name and value."""
    service = report.service
    personal, property_ = service.claims[InsuranceClass.PERSONAL], service.claims[InsuranceClass.PROPERTY]
    complaints = (_("投诉件办理及时率"), percent(report.whole.in_time_rate))
    answered = (_("电话人工接通率"), percent(service.share(Given.CALLS_ANSWERED, Given.CALLS)))
    return [
        (
            _("财产险"),
            [
                answered,
                (_("客服代表满意率"), percent(service.share(Given.RATED_WELL, Given.RATED))),
                (_("承保理赔查询异议处理率"), percent(service.share(Given.DISPUTES_SOLVED, Given.DISPUTES))),
                (_("立案结案率"), percent(property_.closed)),
                (_("案均报案支付周期"), _in_days(property_.report_to_payment)),
                (_("理赔获赔率"), percent(property_.paid_out)),
                complaints,
            ],
        ),
        (
            _("人身险"),
            [
                answered,
                (_("保单15日送达率"), percent(service.share(Given.DELIVERED, Given.DELIVERABLE))),
                (_("回访成功率"), percent(service.called_back)),
                (_("理赔服务时效"), _in_days(personal.papers_to_decision)),
                (_("理赔获赔率"), percent(personal.paid_out)),
                (_("保全时效"), _in_days(service.change_days)),
                complaints,
            ],
        ),
    ]


def _in_days(rate: Rate) -> str:
    return "—" if rate.value is None else _("%(n)s 天", n=f"{rate.value:.1f}")
