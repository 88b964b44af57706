"""The report on complaints and service 投诉与服务统计报告 of a period: read once, laid out as tables for paper and workbook."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.case_words import CHANNELS, LINES, SALES_CHANNELS, UNKNOWN
from app.domain.figures import Given, Period, Rate, Tally, months_back
from app.domain.product_lines import InsuranceClass
from app.models.accounts import Branch
from app.models.cases import CaseCause
from app.ports import FigureTable
from app.queries.case_figures import (
    DIMENSIONS,
    Aftermath,
    FigureFilter,
    Repeated,
    aftermath,
    count_by_month,
    count_cases,
    count_received,
    repeated_complainants,
)
from app.queries.service_figures import ServiceFigures, service_figures

MONTHS = 12
HEADINGS = ("投诉量", "占比%", "办结量", "应办结", "按期办结率%", "平均办理天数", "重复投诉率%", "逾期未结")
TITLES = {
    "branch": "按机构",
    "line": "按险种",
    "stage": "按业务环节",
    "cause": "按原因",
    "channel": "按接收渠道",
    "sales_channel": "按销售渠道",
}
NOTES = (
    "投诉量按收到日期计，不含并入他案和不予办理的；办结指处理决定已告知投诉人，不含撤回。",
    "应办结指已办结或期限已过的；按期办结率（办理及时率）＝按期办结÷应办结；办理天数按自然日，含中止期间。",
    "亿元保费投诉量、万张保单投诉量、万人次投诉量以本单位填报的业务数据为分母，未填报的不计算。",
    "指标名称依据银行业保险业消费投诉处理管理办法和保险公司服务评价管理办法（试行）；报告按制表人的权限统计。",
)


@dataclass(frozen=True, slots=True)
class Report:
    """All figures of a period."""

    period: Period
    branch: str
    counted: Mapping[str, Mapping[str, Tally]]
    before: int  # complaints of the period before
    months: Mapping[str, Tally]
    aftermath: Aftermath
    repeated: Sequence[Repeated]
    service: ServiceFigures
    names: Mapping[str, Mapping[str, str]]  # dimension → value → what it is called

    @property
    def whole(self) -> Tally:
        """The tally of everything."""
        return self.counted["whole"].get("", Tally())


def read_report(session: Session, actor: Actor, period: Period, branch_id: int | None, *, today: date) -> Report:
    """Return the figures of a period that `actor` may see."""
    wanted = FigureFilter(period.first, period.last, branch_id)
    months = months_back(min(period.last, today), MONTHS)
    counts = count_cases(session, actor, wanted, today=today)
    return Report(
        period=period,
        branch=_branch_name(session, branch_id),
        counted={name: counts.by(name) for name in DIMENSIONS},
        before=count_received(session, actor, FigureFilter(period.before.first, period.before.last, branch_id)),
        months=_whole_year(
            months, count_by_month(session, actor, FigureFilter(months[0], period.last, branch_id), today=today)
        ),
        aftermath=aftermath(session, actor, wanted),
        repeated=repeated_complainants(session, actor, wanted, counts),
        service=service_figures(session, actor, wanted),
        names=_names(session),
    )


def tables_of(report: Report) -> list[FigureTable]:
    """Return the tables of a report, each with the figure that is drawn in its second column."""
    return [
        *(dimension_table(report, name) for name in TITLES),
        FigureTable(
            "近十二个月",
            ("月份", *HEADINGS),
            [[month, *_cells(tally, report.whole)] for month, tally in report.months.items()],
            "line",
        ),
        FigureTable("服务评价指标", ("指标", "数值", "单位"), service_rows(report)),
    ]


def dimension_table(report: Report, name: str) -> FigureTable:
    """Return one dimension, the largest group first."""
    groups = sorted(report.counted[name].items(), key=lambda item: (-item[1].received, item[0]))
    rows = [[_name(report, name, value), *_cells(tally, report.whole)] for value, tally in groups]
    return FigureTable(TITLES[name], (TITLES[name].removeprefix("按"), *HEADINGS), rows, "bar")


def head_of(report: Report) -> list[tuple[str, str]]:
    """Return the figures on top of the report."""
    whole, given = report.whole, report.service.given
    return [
        ("投诉量", f"{whole.received:,}"),
        ("上期", f"{report.before:,}"),
        ("办结率", percent(whole.end_rate)),
        ("按期办结率", percent(whole.in_time_rate)),
        ("15日内办结率", percent(whole.fifteen_rate)),
        ("平均办理天数", figure(whole.mean_days, "{:.1f}")),
        ("重复投诉率", percent(whole.repeat_rate)),
        ("群体投诉数", f"{whole.group:,}"),
        ("监管转办占比", percent(whole.forwarded_rate)),
        ("撤诉率", percent(whole.withdrawn_rate)),
        ("调解成功率", percent(whole.settled_rate)),
        ("核查维持率", percent(report.aftermath.upheld)),
        ("整改闭环率", percent(report.aftermath.remedied)),
        ("亿元保费投诉量", figure(whole.per(Given.PREMIUM, given.get(Given.PREMIUM, 0)), "{:.2f}")),
        ("万张保单投诉量", figure(whole.per(Given.POLICIES, given.get(Given.POLICIES, 0)), "{:.2f}")),
        ("万人次投诉量", figure(whole.per(Given.INSURED, given.get(Given.INSURED, 0)), "{:.2f}")),
    ]


def service_rows(report: Report) -> list[list[str | float | None]]:
    """Return the indicators of service: name, value, unit."""
    service = report.service
    of = service.claims
    lines: list[tuple[str, Rate, str]] = [
        ("电话人工接通率", service.share(Given.CALLS_ANSWERED, Given.CALLS), "%"),
        ("客服代表满意率", service.share(Given.RATED_WELL, Given.RATED), "%"),
        ("承保理赔查询异议处理率", service.share(Given.DISPUTES_SOLVED, Given.DISPUTES), "%"),
        ("财产险：立案结案率", of[InsuranceClass.PROPERTY].closed, "%"),
        ("财产险：案均报案支付周期", of[InsuranceClass.PROPERTY].report_to_payment, "天"),
        ("财产险：理赔获赔率", of[InsuranceClass.PROPERTY].paid_out, "%"),
        ("人身险：保单15日送达率", service.share(Given.DELIVERED, Given.DELIVERABLE), "%"),
        ("人身险：回访成功率", service.called_back, "%"),
        ("人身险：理赔服务时效", of[InsuranceClass.PERSONAL].papers_to_decision, "天"),
        ("人身险：理赔获赔率", of[InsuranceClass.PERSONAL].paid_out, "%"),
        ("人身险：保全时效", service.change_days, "天"),
        ("投诉件办理及时率", report.whole.in_time_rate, "%"),
    ]
    return [[name, _rounded(rate), unit] for name, rate, unit in lines]


def percent(rate: Rate) -> str:
    """Return a rate as text, a dash without a whole."""
    return figure(rate, "{:.1f}%")


def figure(rate: Rate, form: str) -> str:
    """Return the value of a rate as text, a dash without a whole."""
    return "—" if rate.value is None else form.format(rate.value)


def _cells(tally: Tally, whole: Tally) -> list[str | float | None]:
    return [
        tally.received,
        _rounded(Rate(tally.received, whole.received)),
        tally.ended,
        tally.due,
        _rounded(tally.in_time_rate),
        _rounded(tally.mean_days),
        _rounded(tally.repeat_rate),
        tally.overdue,
    ]


def _rounded(rate: Rate) -> float | None:
    return None if rate.value is None else round(rate.value, 1)


def _whole_year(months: Iterable[date], counted: Mapping[str, Tally]) -> dict[str, Tally]:
    return {f"{month:%Y-%m}": counted.get(f"{month:%Y-%m}", Tally()) for month in months}


def _branch_name(session: Session, branch_id: int | None) -> str:
    return "" if branch_id is None else session.scalar(select(Branch.name).where(Branch.id == branch_id)) or ""


def _names(session: Session) -> dict[str, Mapping[str, str]]:
    branches = {str(key): name for key, name in session.execute(select(Branch.id, Branch.name))}
    causes = {str(key): name for key, name in session.execute(select(CaseCause.id, CaseCause.name))}
    return {
        "branch": branches,
        "stage": causes,
        "cause": causes,
        "line": LINES,
        "channel": CHANNELS,
        "sales_channel": SALES_CHANNELS,
    }


def _name(report: Report, dimension: str, value: str) -> str:
    return report.names[dimension].get(value, value) or UNKNOWN
