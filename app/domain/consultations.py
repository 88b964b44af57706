"""Consultations 咨询: what is asked, what came of it, and when one is complete."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from app.domain.case_terms import Channel
from app.domain.contact_numbers import ContactRefused, check_phone
from app.domain.errors import Invalid
from app.domain.office_time import office_day

LONGEST_QUESTION = 2_000  # characters
LONGEST_ANSWER = 4_000
Problem = tuple[str, str]  # field, code


class About(StrEnum):
    """What a question is about 事项."""

    POLICY = "policy"  # 保单
    CLAIM = "claim"  # 理赔
    PRODUCT = "product"  # 产品
    SERVICE = "service"  # 服务
    OTHER = "other"  # 其他


class Topic(StrEnum):
    """The subject of a question, and of the answers that are kept ready 主题."""

    COVER = "cover"  # 保险责任
    PREMIUM = "premium"  # 交费、续期
    CHANGE = "change"  # 保全变更
    CLAIM = "claim"  # 理赔
    COOLING_OFF = "cooling_off"  # 犹豫期
    SURRENDER = "surrender"  # 退保
    MATURITY = "maturity"  # 满期、年金给付
    COMPLAINT = "complaint"  # 投诉办理
    PRIVACY = "privacy"  # 个人信息
    OTHER = "other"  # 其他


class Result(StrEnum):
    """What came of a question 处理结果."""

    ANSWERED = "answered"  # 已答复
    FOLLOW_UP = "follow_up"  # 待跟进
    PASSED_ON = "passed_on"  # 已转交
    COMPLAINT = "complaint"  # 转投诉


# Text blocks 常用语: the beginning of a question as it is asked most often.
PHRASES: Mapping[Topic, tuple[str, ...]] = {
    Topic.COVER: ("询问该保单的保险责任和责任免除。", "询问某项治疗或费用是否在保障范围内。", "询问等待期是多久。"),
    Topic.PREMIUM: ("询问本期保险费是否已扣款。", "要求更换扣款账户。", "询问宽限期和效力中止。"),
    Topic.CHANGE: ("要求变更联系电话或地址。", "要求变更受益人。", "询问保全需要的材料和办理时间。"),
    Topic.CLAIM: ("询问理赔需要哪些材料。", "询问赔案办理进度。", "询问赔款何时到账。", "对核定结果有疑问。"),
    Topic.COOLING_OFF: ("询问犹豫期从哪天算起、有多长。", "要求在犹豫期内解除合同。"),
    Topic.SURRENDER: ("询问退保的现金价值。", "询问退保手续和到账时间。"),
    Topic.MATURITY: ("询问满期金或年金的领取时间。", "要求变更领取账户。"),
    Topic.COMPLAINT: ("询问投诉如何提出、多久答复。", "询问已提出的投诉办理到哪一步。", "询问如何申请核查。"),
    Topic.PRIVACY: ("询问个人信息的使用范围。", "要求停止营销来电。"),
    Topic.OTHER: ("询问网点地址和营业时间。", "索取保单或发票。"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A consultation as it is written down; who asks is one of our customers or stands with a name of his own."""

    branch_id: int
    channel: Channel
    asked_at: datetime
    about: About
    topic: Topic
    question: str
    answer: str = ""
    result: Result = Result.ANSWERED
    customer_id: int | None = None
    policy_id: int | None = None
    claim_id: int | None = None
    asker: str = ""
    phone: str = ""
    product: str = ""
    answer_id: int | None = None
    follow_up_on: date | None = None
    follow_up_by: int | None = None
    follow_up_note: str = ""


def check_asked(asked: Asked, now: datetime) -> None:
    """Pass when a consultation is complete; raises `Invalid` with everything that is wrong."""
    problems: dict[str, list[str]] = {}
    for found in (_said(asked, now), _who(asked), _follow_up(asked, now)):
        for name, code in found:
            problems.setdefault(name, []).append(code)
    if problems:
        raise Invalid(problems)


def ends_at_once(result: Result) -> bool:
    """Say whether nothing remains to be done once the consultation is written down."""
    return result is Result.ANSWERED


def is_correctable(closed_at: datetime | None, logged_at: datetime, case_id: int | None, now: datetime) -> bool:
    """Say whether a consultation may be corrected: while it is open, and on the day it was logged; never as a case."""
    return case_id is None and (closed_at is None or office_day(logged_at) == office_day(now))


def _said(asked: Asked, now: datetime) -> Iterator[Problem]:
    if not asked.question.strip():
        yield "question", "consultation.question_missing"
    elif len(asked.question) > LONGEST_QUESTION:
        yield "question", "consultation.question_long"
    if asked.result is Result.ANSWERED and not asked.answer.strip():
        yield "answer", "consultation.answer_missing"
    if len(asked.answer) > LONGEST_ANSWER:
        yield "answer", "consultation.answer_long"
    if asked.asked_at > now:
        yield "asked_at", "consultation.asked_in_future"


def _who(asked: Asked) -> Iterator[Problem]:
    if asked.customer_id is None and not asked.asker.strip():
        yield "asker", "consultation.asker_missing"
    if not asked.phone.strip():
        if asked.customer_id is None and asked.result in (Result.FOLLOW_UP, Result.PASSED_ON):
            yield "phone", "consultation.phone_missing"
        return
    try:
        check_phone(asked.phone)
    except ContactRefused as refused:
        yield "phone", refused.code.value


def _follow_up(asked: Asked, now: datetime) -> Iterator[Problem]:
    if asked.result is not Result.FOLLOW_UP:
        return
    if asked.follow_up_on is None:
        yield "follow_up_on", "consultation.follow_up_day"
    elif asked.follow_up_on < office_day(asked.asked_at):
        yield "follow_up_on", "consultation.follow_up_past"
    if asked.follow_up_by is None:
        yield "follow_up_by", "consultation.follow_up_person"
