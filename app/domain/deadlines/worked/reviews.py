"""Re-examination 核查: 办法 Art. 20. The complainant has 30 days from receipt, the superior 30 days from the application."""

from __future__ import annotations

from app.domain.deadlines.events import Channel
from app.domain.deadlines.standing import State
from app.domain.deadlines.worked.story import Case, K, at, event, on, received, settled

_REVIEW = "第二十条"
_R = received("2026-03-03")
_TOLD = (_R, *settled("2026-03-16"))
_POSTED = (_R, *settled("2026-03-16", Channel.POST))

REVIEW_CASES = (
    Case(
        "短信告知决定：当日收到，三十日内可申请",
        "review_request",
        _TOLD,
        at("2026-03-20"),
        State.RUNNING,
        on("2026-04-15"),
        "2026-03-16投诉人收到处理决定，当日不计入（民法典第二百零一条第一款）。",
        _REVIEW,
    ),
    Case(
        "邮寄的决定尚未送达：申请期未起算",
        "review_request",
        _POSTED,
        at("2026-03-20"),
        State.NOT_STARTED,
        None,
        "尚未起算：投诉人收到处理决定之后起算。",
        _REVIEW,
    ),
    Case(
        "邮寄的决定自送达起算",
        "review_request",
        (*_POSTED, event(K.DELIVERED, "2026-03-19", proof="回执1")),
        at("2026-03-20"),
        State.RUNNING,
        on("2026-04-18"),
        "2026-04-18到期，已用1日，剩余29日。",
        _REVIEW,
    ),
    Case(
        "最后一日申请核查",
        "review_request",
        (*_TOLD, event(K.REVIEW_ASKED, "2026-04-15")),
        at("2026-04-16"),
        State.MET,
        on("2026-04-15"),
        "2026-04-15完成，期限至2026-04-15，未逾期。",
        _REVIEW,
    ),
    Case(
        "逾期申请核查",
        "review_request",
        (*_TOLD, event(K.REVIEW_ASKED, "2026-04-16")),
        at("2026-04-17"),
        State.STOPPED,
        on("2026-04-15"),
        "2026-04-16投诉人书面申请核查，已超过期限（银行业保险业消费投诉处理管理办法（银保监会令2020年第3号）第二十条）。",
        _REVIEW,
    ),
    Case(
        "期满未申请",
        "review_request",
        _TOLD,
        at("2026-04-20"),
        State.STOPPED,
        on("2026-04-15"),
        "期限至2026-04-15，期满未行使。",
        _REVIEW,
    ),
    Case(
        "核查三十日，自收到申请起",
        "review",
        (*_TOLD, event(K.REVIEW_ASKED, "2026-04-10")),
        at("2026-04-20"),
        State.RUNNING,
        on("2026-05-10"),
        "2026-05-10到期，已用10日，剩余20日。",
        _REVIEW,
    ),
    Case(
        "核查决定按时作出并告知",
        "review",
        (
            *_TOLD,
            event(K.REVIEW_ASKED, "2026-04-10"),
            event(K.REVIEW_DECIDED, "2026-05-08"),
            event(K.REVIEW_NOTIFIED, "2026-05-10"),
        ),
        at("2026-05-20"),
        State.MET,
        on("2026-05-10"),
        "2026-05-10完成，期限至2026-05-10，未逾期。",
        _REVIEW,
    ),
    Case(
        "核查决定作出而未告知，逾期",
        "review",
        (*_TOLD, event(K.REVIEW_ASKED, "2026-04-10"), event(K.REVIEW_DECIDED, "2026-05-08")),
        at("2026-05-12"),
        State.OVERDUE,
        on("2026-05-10"),
        "2026-05-10到期，已逾期2日。",
        _REVIEW,
    ),
    Case(
        "核查不改变原投诉是否按期",
        "complaint",
        (*_TOLD, event(K.REVIEW_ASKED, "2026-04-10")),
        at("2026-04-20"),
        State.MET,
        on("2026-03-18"),
        "2026-03-16完成，期限至2026-03-18，未逾期。",
        "第十八条",
    ),
    Case(
        "未申请核查时核查期限未起算",
        "review",
        _TOLD,
        at("2026-04-20"),
        State.NOT_STARTED,
        None,
        "尚未起算：收到核查申请之后起算。",
        _REVIEW,
    ),
    Case(
        "核查另立子案，只记核查的事",
        "review",
        (event(K.REVIEW_ASKED, "2028-02-01"),),
        at("2028-02-29"),
        State.RUNNING,
        on("2028-03-02"),
        "2028-03-02到期，已用28日，剩余2日。",
        _REVIEW,
    ),
)
