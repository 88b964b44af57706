"""Seed rows of the clocks of claims. Source: 保险法 (2015) Art. 22–25, 司法解释（二） Art. 15, 基本服务规定 Art. 23–26,
交强险条例 Art. 28–29.

保险法 Art. 23 asks for a prompt decision 及时 without a number for a simple case; thirty days is the outer limit. The
time for supplements is excluded from the thirty days only, as the interpretation says: not from the five working days,
not from the sixty days of Art. 25.
"""

from __future__ import annotations

from datetime import date

from app.domain.deadlines.events import EventKind, Ground
from app.domain.deadlines.reasons import Reason
from app.domain.deadlines.rules import Article, ClockRule, RuleKind, Term, Unit

_K = EventKind
INSURANCE_LAW = ("中华人民共和国保险法（2015年修正）", date(2015, 4, 24))
LIFE_SERVICE = ("人身保险业务基本服务规定（保监会令2010年第4号）", date(2010, 5, 1))
COMPULSORY_MOTOR = ("机动车交通事故责任强制保险条例（2019年修订）", date(2019, 3, 2))
NOT_GROUP = "不适用于团体人身保险（第三十二条）"

SUPPLEMENT = frozenset({Ground.SUPPLEMENT})
DECISIONS = frozenset({_K.CLAIM_ALLOWED, _K.CLAIM_REFUSED})
_EXCLUDED = "保险法司法解释（二）第十五条"
SUPPLEMENTS = (
    Article(Reason.PAUSED, _EXCLUDED, Ground.SUPPLEMENT),
    Article(Reason.PAUSE_LATE, _EXCLUDED, Ground.SUPPLEMENT),
    Article(Reason.NO_PAUSE, _EXCLUDED, Ground.SUPPLEMENT),
    Article(Reason.ASKED_AGAIN, "保险法第二十二条第二款", Ground.SUPPLEMENT),
)


def _claim(
    code: str,
    title: str,
    term: Term,
    law: tuple[str, date],
    article: str,
    starts_by: EventKind,
    ends_by: frozenset[EventKind],
    texts: tuple[str, str],
    *,
    complex_term: Term | None = None,
    reminders: tuple[int, ...] = (),
    restarts: bool = False,
    scope: str = "",
) -> ClockRule:
    return ClockRule(
        *(code, RuleKind.CLAIM, title, term, law[0] + article, law[1], frozenset({starts_by}), ends_by, *texts),
        complex_term=complex_term,
        once=SUPPLEMENT,
        restarts=restarts,
        reminders=reminders,
        scope=scope,
        articles=SUPPLEMENTS,
    )


CLAIM_RULES = (
    _claim(
        "claim_decision",
        "理赔核定",
        Term(30, pauses=SUPPLEMENT),
        INSURANCE_LAW,
        "第二十三条第一款",
        _K.CLAIMED,
        DECISIONS,
        ("首次收到索赔请求和有关证明、资料", "作出核定"),
        reminders=(5, 3, 1),
        scope="合同另有约定的除外；情形不复杂的应当及时核定",
    ),
    _claim(
        "claim_payment",
        "赔付",
        Term(10),
        INSURANCE_LAW,
        "第二十三条第一款",
        _K.AGREED,
        frozenset({_K.PAID}),
        ("达成赔偿或者给付保险金的协议", "履行赔偿或者给付义务"),
        reminders=(5, 3, 1),
        scope="合同另有约定的按约定",
    ),
    _claim(
        "claim_refusal_notice",
        "拒赔通知",
        Term(3),
        INSURANCE_LAW,
        "第二十四条",
        _K.CLAIM_REFUSED,
        frozenset({_K.REFUSAL_SENT}),
        ("作出不属于保险责任的核定", "发出拒绝赔偿或者拒绝给付保险金通知书并说明理由"),
        reminders=(1,),
    ),
    _claim(
        "claim_advance",
        "先予支付",
        Term(60),
        INSURANCE_LAW,
        "第二十五条",
        _K.CLAIMED,
        frozenset({_K.ADVANCE_PAID, _K.AGREED, _K.PAID, _K.CLAIM_REFUSED}),
        ("收到索赔请求和有关证明、资料", "按可以确定的数额先予支付（数额已确定或者拒赔的除外）"),
        reminders=(5, 3, 1),
    ),
    _claim(
        "life_claim_decision",
        "人身险理赔核定",
        Term(5, Unit.WORKING_DAYS),
        LIFE_SERVICE,
        "第二十三条",
        _K.CLAIMED,
        DECISIONS,
        ("收到赔偿或者给付保险金的请求", "作出核定"),
        complex_term=Term(30, pauses=SUPPLEMENT),
        reminders=(3, 1),
        scope=f"合同另有约定的除外；{NOT_GROUP}",
    ),
    _claim(
        "life_claim_refusal_notice",
        "人身险拒赔通知",
        Term(3),
        LIFE_SERVICE,
        "第二十四条",
        _K.CLAIM_REFUSED,
        frozenset({_K.REFUSAL_SENT}),
        ("作出不属于保险责任的核定", "发出拒绝赔偿或者拒绝给付保险金通知书并说明理由"),
        reminders=(1,),
        scope=NOT_GROUP,
    ),
    _claim(
        "life_claim_payment",
        "人身险赔付",
        Term(10),
        LIFE_SERVICE,
        "第二十六条",
        _K.AGREED,
        frozenset({_K.PAID}),
        ("达成赔偿或者给付保险金的协议", "履行赔偿或者给付义务"),
        reminders=(5, 3, 1),
        scope=f"合同另有约定的按约定；{NOT_GROUP}",
    ),
    _claim(
        "mtpl_list",
        "交强险告知所需资料",
        Term(1),
        COMPULSORY_MOTOR,
        "第二十八条",
        _K.CLAIMED,
        frozenset({_K.LIST_SENT}),
        ("收到赔偿申请", "书面告知需要提供的证明和资料"),
    ),
    _claim(
        "mtpl_decision",
        "交强险核定",
        Term(5),
        COMPULSORY_MOTOR,
        "第二十九条",
        _K.MATERIALS_COMPLETE,
        frozenset({_K.RESULT_NOTIFIED, _K.REFUSAL_SENT}),
        ("收到证明和资料", "作出核定并通知结果"),
        reminders=(3, 1),
        restarts=True,
    ),
    _claim(
        "mtpl_payment",
        "交强险赔付",
        Term(10),
        COMPULSORY_MOTOR,
        "第二十九条",
        _K.AGREED,
        frozenset({_K.PAID}),
        ("达成赔偿保险金的协议", "赔偿保险金"),
        reminders=(5, 3, 1),
    ),
)
