"""Seed rows of the clocks of complaints. Source: 银行业保险业消费投诉处理管理办法 (令2020年第3号), in force 2020-03-01.

Days are natural days but for the regulator's seven working days (Art. 43). The rule is under revision (2025): a new
text becomes new rows with their own dates.
"""

from __future__ import annotations

from datetime import date

from app.domain.deadlines.events import EventKind, Ground
from app.domain.deadlines.reasons import Reason
from app.domain.deadlines.rules import Article, ClockRule, RuleKind, Term, Unit

_K = EventKind
LAW = "银行业保险业消费投诉处理管理办法（银保监会令2020年第3号）"
SINCE = date(2020, 3, 1)
EXPERTS = frozenset({Ground.APPRAISAL, Ground.TESTING, Ground.ASSESSMENT})
PAUSES = EXPERTS | {Ground.MEDIATION}

_PERIOD, _EXPERTS, _AGAIN = "办法第十八条第一款", "办法第十八条第二款", "办法第十八条第三款"
ARTICLES = (
    *(Article(Reason.PAUSED, _EXPERTS, ground) for ground in sorted(EXPERTS)),
    Article(Reason.PAUSED, "办法第二十三条", Ground.MEDIATION),
    *(Article(Reason.PAUSE_LATE, _EXPERTS, ground) for ground in sorted(EXPERTS)),
    Article(Reason.PAUSE_LATE, "办法第二十三条", Ground.MEDIATION),
    Article(Reason.NO_PAUSE, "办法第十八条第二款、第二十三条"),
    *(Article(reason, _AGAIN) for reason in (Reason.MERGED, Reason.MERGED_INTO, Reason.NEW_FACTS)),
    *(Article(reason, _AGAIN) for reason in (Reason.NEW_FACTS_LATE, Reason.RECOUNTED)),
    *(Article(reason, "办法第十八条第四款") for reason in (Reason.DECLINED, Reason.DECLINED_TOLD)),
    Article(Reason.WITHDRAWN, "办法第十五条"),
    Article(Reason.ACCEPTED, "办法第十一条"),
    Article(Reason.TRANSFERRED, "办法第九条"),
    Article(Reason.DECIDED, _PERIOD),
    *(Article(reason, "办法第二十一条第五款") for reason in (Reason.NOTICE_AGREED, Reason.NOTICE_AGREED_LATE)),
    Article(Reason.AGREED, "办法第二十一条第五款"),
    *(Article(reason, "办法第十八条第一款、第二十一条") for reason in (Reason.DONE, Reason.DONE_LATE)),
    Article(Reason.COUNTED, "办法第十八条第一款、第四十三条"),
    *(
        Article(reason, _PERIOD)
        for reason in (
            *(Reason.COMPLEX, Reason.COMPLEX_LATE, Reason.EXTENSION_ASKED, Reason.EXTENSION_APPROVED),
            *(Reason.EXTENSION_REFUSED, Reason.EXTENDED, Reason.EXTENSION_LATE, Reason.OVERDUE),
        )
    ),
)

COMPLAINT_RULES = (
    ClockRule(
        "complaint",
        RuleKind.COMPLAINT,
        "投诉处理",
        Term(15, pauses=PAUSES),
        f"{LAW}第十八条",
        SINCE,
        starts_by=frozenset({_K.RECEIVED}),
        ends_by=frozenset({_K.NOTIFIED}),
        from_text="收到投诉",
        until_text="作出处理决定并告知投诉人",
        complex_term=Term(30, pauses=PAUSES),
        extension=30,
        extension_times=1,
        reminders=(5, 3, 1),
        articles=ARTICLES,
    ),
    ClockRule(
        "review_request",
        RuleKind.RIGHT,
        "申请核查",
        Term(30),
        f"{LAW}第二十条",
        SINCE,
        starts_by=frozenset({_K.NOTIFIED, _K.DELIVERED}),
        ends_by=frozenset({_K.REVIEW_ASKED}),
        from_text="投诉人收到处理决定",
        until_text="投诉人书面申请核查",
        scope="仅对分支机构的处理结果",
    ),
    ClockRule(
        "review",
        RuleKind.REVIEW,
        "核查",
        Term(30),
        f"{LAW}第二十条",
        SINCE,
        starts_by=frozenset({_K.REVIEW_ASKED}),
        ends_by=frozenset({_K.REVIEW_NOTIFIED}),
        from_text="收到核查申请",
        until_text="作出核查决定并告知投诉人",
        reminders=(5, 3, 1),
        scope="由作出决定的分支机构的上级机构办理",
        articles=(Article(Reason.WITHDRAWN, "办法第十五条"),),
    ),
    ClockRule(
        "regulator_forwarding",
        RuleKind.SERVICE,
        "监管转送",
        Term(7, Unit.WORKING_DAYS),
        f"{LAW}第三十三条",
        SINCE,
        starts_by=frozenset({_K.BEGUN}),
        ends_by=frozenset({_K.DONE}),
        from_text="监管机构收到投诉",
        until_text="转送被投诉机构并告知投诉人",
        scope="监管机构的时限，供核对转办件",
        articles=(Article(Reason.REST_DAY, "办法第四十三条第二款"),),
    ),
    ClockRule(
        "complaint_reply_warning",
        RuleKind.WARNING,
        "投诉答复内部预警",
        Term(10, Unit.WORKING_DAYS),
        "人身保险业务基本服务规定（保监会令2010年第4号）第二十九条",
        date(2010, 5, 1),
        starts_by=frozenset({_K.ACCEPTED}),
        ends_by=frozenset({_K.NOTIFIED}),
        from_text="受理投诉",
        until_text="明确答复投诉人",
        reminders=(3, 1),
        scope="与办法不一致的以办法为准（办法第四十五条），仅作内部预警；不适用于团体人身保险",
        articles=(
            Article(Reason.WITHDRAWN, "办法第十五条"),
            Article(Reason.MERGED_INTO, "办法第十八条第三款"),
        ),
    ),
)
