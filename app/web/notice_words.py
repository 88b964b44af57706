"""What notices 通知 say; a kind that has no sentence here says its own name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

NOTICES: dict[str, Any] = {
    "missing_due": _l("%(number)s 缺“%(paper)s”，请在 %(due_on)s 前补齐。"),
    "missing_overdue": _l("%(number)s 的“%(paper)s”应在 %(due_on)s 前补齐，已逾期 %(late)s 天，请催缴。"),
    "submission_returned": _l("提交 %(number)s 有 %(count)s 页被退回，请重拍后再提交。"),
    "submission_accepted": _l("提交 %(number)s 已全部接收。"),
    "follow_up_low_score": _l("客户评分低（%(number)s），请在 %(due_on)s 前跟进。"),
    "follow_up_low_nps": _l("客户推荐意愿低（%(number)s），请在 %(due_on)s 前跟进。"),
    "follow_up_problem": _l("回访 %(number)s 发现问题，请在 %(due_on)s 前跟进。"),
    "follow_up_due": _l("跟进事项 %(number)s 将于 %(due_on)s 到期。"),
    "follow_up_late": _l("跟进事项 %(number)s 已超过 %(due_on)s 的期限。"),
    "calls_due": _l("有 %(count)s 位新契约客户的犹豫期两天内到期，请尽快回访。"),
    "recovery_code_used": _l("您的账号用恢复码登录过，还剩 %(left)s 个。若不是您本人，请马上告诉安全保密管理员。"),
    "recovery_code_used_by": _l("账号 %(user)s 用恢复码登录过，还剩 %(left)s 个，请向本人核实。"),
    "loan_to_approve": _l("借阅单 %(number)s 等待您审批。"),
    "loan_approved": _l("借阅单 %(number)s 已批准。"),
    "loan_refused": _l("借阅单 %(number)s 未获批准。"),
    "loan_ready": _l("借阅单 %(number)s 的档案已备好，请在 %(until)s 前领取。"),
    "copy_ready": _l("复印件 %(number)s 已出具，可以下载。"),
    "reading_opened": _l("电子借阅 %(number)s 已开通，可阅至 %(due)s。"),
    "reading_closed": _l("电子借阅 %(number)s 已于 %(due)s 到期关闭。"),
    "reading_revoked": _l("电子借阅 %(number)s 已被撤销，页面不能再看。"),
    "loan_given_back": _l("借阅单 %(number)s 的档案已归还登记。"),
    "loan_recalled": _l("借阅单 %(number)s 的档案被召回，请在 %(due_on)s 前归还。"),
    "loan_expired": _l("借阅单 %(number)s 的档案没有按时领取，已取消保留。"),
    "loan_reminded": _l("请归还借阅单 %(number)s 的档案，应还日期 %(due_on)s。"),
    "loan_overdue_below": _l("本机构有人逾期 %(late)s 天未还档案，借阅单 %(number)s，应还日期 %(due_on)s，请督促。"),
    "climate_alarm": _l("%(room)s 温湿度超标：%(value)s，限值 %(bound)s。"),
    "stocktake_to_approve": _l("盘点 %(number)s 有更正等待您审批。"),
    "stocktake_decided": _l("盘点 %(number)s 的更正已全部审批。"),
    "transfer_sent": _l("移交 %(number)s 已送出，请清点。"),
    "transfer_counted": _l("移交 %(number)s 已清点，请签字。"),
    "transfer_done": _l("移交 %(number)s 已办结。"),
    "transfer_cancelled": _l("移交 %(number)s 已撤销。"),
    "borrower_blocked": _l("您已被停借，原因见借阅页。"),
    "borrower_unblocked": _l("您的停借已解除。"),
    "case_to_decide": _l("投诉 %(number)s 的处理意见等待您审批。"),
    "case_returned": _l("投诉 %(number)s 的处理意见被退回，请修改。"),
    "case_decided": _l("投诉 %(number)s 已作出处理决定，请按期告知投诉人。"),
    "case_review_to_assign": _l("收到核查申请 %(number)s，请指定主办人。"),
    "case_remedy_given": _l("投诉 %(number)s 有一项整改由您负责，期限 %(due_on)s。"),
    "case_remedy_to_check": _l("投诉 %(number)s 有一项整改已完成，请复核。"),
    "case_remedy_passed": _l("投诉 %(number)s 有一项整改已复核通过。"),
    "case_remedy_back": _l("投诉 %(number)s 的整改被退回重做，期限 %(due_on)s。"),
    "consultation_follow_up": _l("咨询 %(number)s 请您在 %(due_on)s 前跟进答复。"),
    "case_registered": _l("新登记投诉 %(number)s，请指派主办人。"),
    "case_major": _l("重大投诉 %(number)s（%(persons)s 人）：请按应急预案处置，并报告上级和监管部门（第二十九条）。"),
    "case_transferred": _l("投诉 %(number)s 移送到本机构，请指派主办人。"),
    "case_merged": _l("投诉 %(other)s 并入 %(number)s，请一并办理。"),
    "case_extension_asked": _l("投诉 %(number)s 申请延期，等待您审批。"),
    "case_extension_approved": _l("投诉 %(number)s 已批准延期，请告知投诉人，告知后才生效。"),
    "case_extension_refused": _l("投诉 %(number)s 的延期没有批准，请按原期限办理。"),
    "case_without_handler": _l("投诉 %(number)s 的主办人已回避，请重新指派。"),
    "case_given": _l("投诉 %(number)s 交给您办理，%(due_on)s 到期，请先作回避声明。"),
    "cases_given": _l("%(n)s 件投诉转交给您办理，请逐件作回避声明。"),
    "case_due": _l("投诉 %(number)s（%(clock)s）%(due_on)s 到期，请按期办理。"),
    "case_overdue": _l("投诉 %(number)s（%(clock)s）已超过期限 %(due_on)s，请立即办理。"),
    "case_due_below": _l("本机构投诉 %(number)s（%(clock)s）%(due_on)s 到期，请督促。"),
    "case_overdue_below": _l("本机构投诉 %(number)s（%(clock)s）已超过期限 %(due_on)s，请督促。"),
    "duty_due": _l("服务事项“%(clock)s”%(due_on)s 到期，请按期办理。"),
    "duty_overdue": _l("服务事项“%(clock)s”已超过期限 %(due_on)s，请立即办理。"),
    "remedy_due": _l("投诉 %(number)s 的整改 %(due_on)s 到期，请按期完成。"),
    "remedy_overdue": _l("投诉 %(number)s 的整改已超过期限 %(due_on)s。"),
    "consultation_due": _l("咨询 %(number)s 请在 %(due_on)s 前跟进答复。"),
    "consultation_overdue": _l("咨询 %(number)s 的跟进已超过期限 %(due_on)s。"),
    "deputy_named": _l("%(first_on)s 至 %(last_on)s 由您代理外出人员的投诉。"),
    "deputy_released": _l("%(first_on)s 至 %(last_on)s 的代理已取消。"),
    "absence_added": _l("已为您登记外出，%(first_on)s 至 %(last_on)s。"),
    "absence_cancelled": _l("您 %(first_on)s 至 %(last_on)s 的外出登记已取消。"),
}


class _Details(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "—"


def say(kind: str, details: Mapping[str, Any]) -> str:
    """Return the sentence of a notice in the reader's language."""
    return str(NOTICES.get(kind, kind)) % _Details(details)
