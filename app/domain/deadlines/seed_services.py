"""Seed rows of the service limits. Source: 人身保险业务基本服务规定 (保监会令2010年第4号); 保险法 Art. 16, 47.

Each is one duty with one clock: it begins with `BEGUN` (or `MATERIALS_COMPLETE`) and is over with `DONE`. The call-back
回访 of Art. 15 must fall within the cooling-off period, whose length is the contract's: it gets a row of its own where
it is known. Group life business is not covered (Art. 32).
"""

from __future__ import annotations

from app.domain.deadlines.events import EventKind, Ground
from app.domain.deadlines.reasons import Reason
from app.domain.deadlines.rules import NO_GROUNDS, Article, ClockRule, RuleKind, Term, Unit
from app.domain.deadlines.seed_claims import INSURANCE_LAW, LIFE_SERVICE, NOT_GROUP

BEGUN, COMPLETE = EventKind.BEGUN, EventKind.MATERIALS_COMPLETE
EXAM = frozenset({Ground.MEDICAL_EXAM})
_EXAM = "基本服务规定第二十条第二款"


def _service(
    code: str,
    title: str,
    days: int,
    article: str,
    texts: tuple[str, str],
    *,
    starts_by: EventKind = BEGUN,
    pauses: frozenset[Ground] = NO_GROUNDS,
) -> ClockRule:
    law, since = LIFE_SERVICE
    return ClockRule(
        *(code, RuleKind.SERVICE, title, Term(days, Unit.WORKING_DAYS, pauses), law + article, since),
        *(frozenset({starts_by}), frozenset({EventKind.DONE}), *texts),
        restarts=starts_by is COMPLETE,
        reminders=(3, 1) if days > 2 else (1,),
        scope=NOT_GROUP,
        articles=(
            Article(Reason.PAUSED, _EXAM, Ground.MEDICAL_EXAM),
            Article(Reason.PAUSE_LATE, _EXAM, Ground.MEDICAL_EXAM),
        ),
    )


SERVICE_RULES = (
    _service(
        *("application_defects", "投保资料补正告知", 5, "第十条"),
        ("收到投保资料", "一次性告知需要补正或者补充的内容"),
    ),
    _service(
        *("exam_notice", "体检生调通知", 5, "第十一条第一款"),
        ("收到符合要求的投保资料", "通知投保人体检或者生存调查"),
        starts_by=COMPLETE,
    ),
    _service(
        *("policy_delivery", "合同制作送达", 15, "第十一条第二款"),
        ("收到符合要求的投保资料", "完成保险合同制作并送达投保人"),
        starts_by=COMPLETE,
    ),
    _service(
        *("underwriting_result", "核保结果告知", 15, "第十二条"),
        ("收到体检报告或者生存调查报告", "告知核保结果，同意承保的送达合同"),
    ),
    _service(
        *("misleading_sale", "回访问题件解决", 15, "第十八条"),
        ("发现销售误导等问题", "由销售人员以外的人员解决"),
    ),
    _service(
        *("change_acceptance", "保全受理", 2, "第十九条第一款"),
        ("收到资料齐全的保全申请", "完成受理"),
        starts_by=COMPLETE,
    ),
    _service(
        *("change_defects", "保全补正通知", 5, "第十九条第二款"),
        ("收到保全申请", "一次性通知补正"),
    ),
    _service(
        *("change_done", "保全处理", 5, "第二十条第一款"),
        ("同意保全", "处理完毕"),
        pauses=EXAM,
    ),
    _service(
        *("change_done_premium", "涉及缴费的保全处理", 5, "第二十条第一款"),
        ("投保人缴纳足额保险费", "处理完毕"),
        pauses=EXAM,
    ),
    _service(
        *("lapse_notice", "效力中止通知", 10, "第二十一条第二款"),
        ("保险合同效力中止", "发出效力中止通知"),
    ),
    ClockRule(
        *("surrender_value", RuleKind.SERVICE, "退还现金价值", Term(30)),
        f"{INSURANCE_LAW[0]}第四十七条",
        INSURANCE_LAW[1],
        starts_by=frozenset({BEGUN}),
        ends_by=frozenset({EventKind.DONE}),
        from_text="收到解除合同通知",
        until_text="退还保险单的现金价值",
        reminders=(5, 3, 1),
    ),
    ClockRule(
        *("rescission", RuleKind.RIGHT, "行使合同解除权", Term(30)),
        f"{INSURANCE_LAW[0]}第十六条第三款",
        INSURANCE_LAW[1],
        starts_by=frozenset({BEGUN}),
        ends_by=frozenset({EventKind.DONE}),
        from_text="知道有解除事由",
        until_text="行使合同解除权",
        reminders=(5, 3, 1),
        scope="自合同成立之日起超过二年的，不得解除",
    ),
)
