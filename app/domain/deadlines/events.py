"""What happens to a case, as far as its clocks care: frozen events with a moment, put into one order.

Moments are aware; the day of a moment is the office's (China time). A moment is the one that the law looks at: a
letter counts when it is handed over or posted, a message when it is sent, a call when it is dialled (办法 Art. 21), a
request for supplements when it reaches the claimant (司法解释二 Art. 15).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from app.domain.office_time import office_day


class EventKind(StrEnum):
    """What happened. At one and the same moment events count in the order in which they stand here."""

    # complaints 投诉
    RECEIVED = "received"  # 收到投诉
    ACCEPTED = "accepted"  # 受理
    TRANSFERRED = "transferred"  # 内部移送
    MERGED = "merged"  # 同一投诉并入本案
    NEW_FACTS = "new_facts"  # 提出新的事实和理由
    CLASSIFIED_COMPLEX = "classified_complex"  # 认定情况复杂
    EXTENSION_ASKED = "extension_asked"  # 申请延期
    EXTENSION_APPROVED = "extension_approved"  # 批准延期
    EXTENSION_REFUSED = "extension_refused"  # 不批准延期
    EXTENSION_NOTICED = "extension_noticed"  # 告知投诉人延期
    NOTICE_AGREED = "notice_agreed"  # 与投诉人约定告知日
    DECLINED = "declined"  # 不予办理
    DECIDED = "decided"  # 作出处理决定
    NOTIFIED = "notified"  # 告知投诉人
    DELIVERED = "delivered"  # 投诉人收到决定
    WITHDRAWN = "withdrawn"  # 撤回
    MERGED_INTO = "merged_into"  # 并入他案
    REVIEW_ASKED = "review_asked"  # 收到核查申请
    REVIEW_DECIDED = "review_decided"  # 作出核查决定
    REVIEW_NOTIFIED = "review_notified"  # 告知核查决定

    # claims 理赔
    CLAIMED = "claimed"  # 首次收到索赔请求和资料
    LIST_SENT = "list_sent"  # 书面告知所需资料
    CLAIM_ALLOWED = "claim_allowed"  # 核定属于保险责任
    CLAIM_REFUSED = "claim_refused"  # 核定不属于保险责任
    RESULT_NOTIFIED = "result_notified"  # 通知核定结果
    REFUSAL_SENT = "refusal_sent"  # 发出拒赔通知书
    AGREED = "agreed"  # 达成赔付协议
    ADVANCE_PAID = "advance_paid"  # 先予支付
    PAID = "paid"  # 支付

    # services 服务时限
    BEGUN = "begun"  # 起算
    DONE = "done"  # 办完

    # all
    MATERIALS_COMPLETE = "materials_complete"  # 资料收齐
    SUPPLEMENTS_ASKED = "supplements_asked"  # 补充通知送达
    SUPPLEMENTS_RECEIVED = "supplements_received"  # 补充材料收到
    PAUSE_BEGUN = "pause_begun"  # 中止开始
    PAUSE_ENDED = "pause_ended"  # 中止结束


class Ground(StrEnum):
    """Why time is not counted 中止事由."""

    APPRAISAL = "appraisal"  # 鉴定
    TESTING = "testing"  # 检测
    ASSESSMENT = "assessment"  # 评估
    MEDIATION = "mediation"  # 调解
    SUPPLEMENT = "supplement"  # 补充材料
    MEDICAL_EXAM = "medical_exam"  # 体检


class DeclineGround(StrEnum):
    """Why a complaint is not dealt with 不予办理."""

    NOT_ENTITLED = "not_entitled"  # 非投诉人、法定代理人、受托人提出 (Art. 18 ¶4)
    NOT_A_COMPLAINT = "not_a_complaint"  # 咨询、建议、举报等 (Art. 2)
    NOT_OURS = "not_ours"  # 非本公司产品或服务 (Art. 11)


class Authority(StrEnum):
    """Who may approve an extension (Art. 18 ¶1)."""

    SUPERIOR = "superior"  # 上级机构
    HEAD_OFFICE = "head_office"  # 总公司高级管理人员


class Channel(StrEnum):
    """How somebody was told 告知方式 (Art. 21)."""

    IN_PERSON = "in_person"  # 当面递交
    POST = "post"  # 邮寄
    MESSAGE = "message"  # 短信、电子邮件
    PHONE = "phone"  # 电话
    UNREACHABLE = "unreachable"  # 无法联系


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened at a moment; which of the other fields are needed depends on the kind (`sequence`)."""

    kind: EventKind
    moment: datetime
    ground: Ground | None = None  # of a pause
    about: str = ""  # which of several pauses of one ground; the other case of a merger
    by: str = ""  # who classified or approved
    reason: str = ""
    proof: str = ""  # reference to the paper that proves it
    notice: str = ""  # reference to the record of telling 告知记录
    authority: Authority | None = None
    exception: DeclineGround | None = None
    channel: Channel | None = None
    other_received: datetime | None = None  # when the merged complaint was received
    agreed_on: date | None = None  # until when to be told, as agreed

    def __post_init__(self) -> None:
        """Raise `ValueError` for a moment without zone: nobody could say on which day it was."""
        for moment in (self.moment, self.other_received):
            if moment is not None and moment.tzinfo is None:
                raise ValueError("a moment without zone")

    @property
    def day(self) -> date:
        """The day of the event in the office."""
        return office_day(self.moment)


_RANK = {kind: rank for rank, kind in enumerate(EventKind)}


def _place(event: Event) -> tuple[datetime, int, str, str]:
    return event.moment, _RANK[event.kind], event.ground or "", event.about


def in_order(events: Iterable[Event]) -> tuple[Event, ...]:
    """Return the events by moment; those of one moment by kind, so that it does not matter how they were stored."""
    return tuple(sorted(events, key=_place))
