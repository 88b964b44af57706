"""What the forms of handling are called and where they are sent, in the order in which the page shows them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

from app.blueprints.casework.telling_fields import COUNTS_WHEN


@dataclass(frozen=True, slots=True)
class StepWords:
    """A form on the page: its title, its button, its route; `first` stands open, as the step that comes next."""

    title: Any
    button: Any
    endpoint: str
    first: bool = False
    tone: str = ""
    told: Any = ""  # above the fields of telling


STEPS: dict[str, StepWords] = {
    "declare": StepWords(_l("回避声明"), _l("声明无需回避"), "casework.declare_case", first=True),
    "accept": StepWords(
        lazy_pgettext("case step", "受理"), lazy_pgettext("case step", "受理"), "casework.accept_case", True
    ),
    "decide_extension": StepWords(_l("审批延期"), _l("提交审批意见"), "casework.decide_extension", first=True),
    "notice_extension": StepWords(
        _l("告知投诉人延期"),
        _l("记录告知"),
        "casework.notice_extension",
        first=True,
        told=_l("延期已批准，告知投诉人后才生效。"),
    ),
    "resume": StepWords(_l("恢复计时"), _l("恢复计时"), "casework.resume_case", first=True),
    "classify": StepWords(_l("认定情况复杂"), _l("认定情况复杂"), "casework.classify_case"),
    "pause": StepWords(
        _l("中止计时"),
        _l("中止计时"),
        "casework.pause_case",
        told=_l("鉴定、检测、评估应当告知投诉人（办法第十八条第二款）；调解不必填写。"),
    ),
    "ask_extension": StepWords(_l("申请延期"), _l("提交延期申请"), "casework.ask_extension"),
    "new_facts": StepWords(_l("新的事实和理由"), _l("记录新的事实和理由"), "casework.add_new_facts"),
    "agree_notice": StepWords(_l("约定告知日"), _l("记录约定"), "casework.agree_notice"),
    "tell": StepWords(_l("补记告知"), _l("保存告知记录"), "casework.tell_complainant"),
    "merge": StepWords(_l("合并投诉"), _l("合并"), "casework.merge_case"),
    "transfer": StepWords(_l("移送其他机构"), _l("移送"), "casework.transfer_case"),
    "decline": StepWords(_l("不予办理"), _l("决定不予办理"), "casework.decline_case", tone="seal"),
    "withdraw": StepWords(_l("投诉人撤回"), _l("登记撤回"), "casework.withdraw_case", tone="seal"),
    "strike": StepWords(_l("划去误记"), _l("划去"), "casework.strike_event", tone="seal"),
}
HANDLING: dict[str, Any] = {"steps": STEPS, "counts_when": COUNTS_WHEN}
