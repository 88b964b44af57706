"""Ready questionnaires 现成问卷: the call-back on a new policy with the confirmations that the law asks for, and
short ones after a claim, after a complaint, after a visit (DOMAIN 7).

The seven confirmations are those of 人身保险业务基本服务规定 Art. 15; the question about the recording is that of
保险销售行为可回溯管理暂行办法 Art. 11. Who denies one of them has a problem that somebody must solve 问题件.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.surveys import Choice, Condition, Purpose, Question, QuestionKind

ART_15 = "人身保险业务基本服务规定第十五条"
ART_11 = "保险销售行为可回溯管理暂行办法第十一条"
_YES, _NO = "yes", "no"


@dataclass(frozen=True, slots=True)
class ReadySurvey:
    """A questionnaire that comes with the product; `code` is that of its row."""

    code: str
    title: str
    purpose: Purpose
    greeting: str
    thanks: str
    questions: tuple[Question, ...]


def _confirmed(key: str, text: str, basis: str, *, only_if: Condition | None = None) -> Question:
    """A confirmation: who says no has a problem."""
    answers = (Choice(_YES, "是"), Choice(_NO, "否", is_problem=True))
    return Question(key, QuestionKind.SINGLE, text, answers, only_if=only_if, basis=basis)


def _fact(key: str, text: str, *, basis: str = "") -> Question:
    """A yes or no on which later questions depend."""
    return Question(key, QuestionKind.SINGLE, text, (Choice(_YES, "是"), Choice(_NO, "否")), basis=basis)


def _scale(key: str, text: str, *, is_overall: bool = False, only_if: Condition | None = None) -> Question:
    return Question(key, QuestionKind.SCALE, text, is_overall=is_overall, only_if=only_if)


_NPS = Question("nps", QuestionKind.NPS, "您有多大可能把我们推荐给亲友？")
_OVERALL = _scale("overall", "总体来说，您对我们这次的服务满意吗？", is_overall=True)
_COMMENT = Question("comment", QuestionKind.TEXT, "您还有什么意见或建议？", required=False)
_THANKS = "感谢您的回答。您的意见会用来改进我们的服务。"


def _if_yes(question: str) -> Condition:
    return Condition(question, (_YES,))


NEW_POLICY = ReadySurvey(
    "new_policy",
    "新契约回访",
    Purpose.NEW_POLICY,
    "您好，您最近在我公司投保了人身保险。为了保护您的权益，想与您核对几个问题，大约需要三分钟；电话回访会录音。",
    "感谢您的配合。犹豫期内如有疑问，可以随时联系我们。",
    (
        _confirmed("holder", "请问您是投保人本人吗？", f"{ART_15}第（一）项"),
        _confirmed(
            "signed", "您是否购买了这份保险，投保单和投保提示书是否由投保人、被保险人本人签名？", f"{ART_15}第（二）项"
        ),
        _confirmed("read", "您是否已经阅读并理解产品说明书和投保提示的内容？", f"{ART_15}第（三）项"),
        _confirmed("cover", "您是否知悉保险责任、责任免除和保险期间？", f"{ART_15}第（四）项"),
        _confirmed("surrender", "您是否知悉退保可能受到损失？", f"{ART_15}第（五）项"),
        _confirmed("cooling_off", "您是否知悉犹豫期的起算时间、期间以及享有的权利？", f"{ART_15}第（六）项"),
        _fact("is_regular", "这份保险是否为期交（分期缴费）？", basis=f"{ART_15}第（七）项"),
        _confirmed("premiums", "您是否知悉缴费期间和缴费频率？", f"{ART_15}第（七）项", only_if=_if_yes("is_regular")),
        _fact("is_new_kind", "这份保险是否为分红、万能、投资连结等新型产品？", basis=ART_15),
        _confirmed(
            "uncertain",
            "您是否知悉保单利益具有不确定性，演示的利益不代表实际收益？",
            ART_15,
            only_if=_if_yes("is_new_kind"),
        ),
        _fact("is_recorded", "投保时是否录音录像（双录）？", basis=ART_11),
        _confirmed(
            "recording", "录音录像是否为您本人，所作回答是否是您真实的意思？", ART_11, only_if=_if_yes("is_recorded")
        ),
        _scale("explained", "您对销售人员的讲解满意吗？"),
        _OVERALL,
        _NPS,
        _COMMENT,
    ),
)

CLAIM = ReadySurvey(
    "claim",
    "理赔服务满意度",
    Purpose.CLAIM,
    "您好，您的理赔申请已经办结。请用一分钟告诉我们您的感受。",
    _THANKS,
    (
        _scale("reporting", "您对报案和客服接通、接待态度满意吗？"),
        _scale("papers", "您对所需材料是否一次说清满意吗？"),
        _scale("speed", "您对理赔的快慢满意吗？"),
        _scale("informed", "您对理赔进度和结果的告知满意吗？"),
        _scale("result", "您对理赔结果满意吗？"),
        _OVERALL,
        _NPS,
        _COMMENT,
    ),
)

COMPLAINT = ReadySurvey(
    "complaint",
    "投诉处理满意度",
    Purpose.COMPLAINT,
    "您好，您的投诉已经处理完毕。请告诉我们处理过程是否公平、清楚。",
    _THANKS,
    (
        Question(
            "channel",
            QuestionKind.SINGLE,
            "您是通过哪种方式投诉的？",
            (
                Choice("phone", "电话"),
                Choice("counter", "到柜面或营业场所"),
                Choice("letter", "信函"),
                Choice("online", "网站、公众号或 App"),
                Choice("regulator", "12378 或监管部门转来"),
                Choice("other", "其他"),
            ),
        ),
        _scale("transparent", "您对投诉办法和流程的公开透明满意吗？"),
        _fact("acknowledged", "我们是否及时告诉您投诉已经受理？"),
        _scale("progress", "您对处理进展的告知满意吗？"),
        _scale("time_limits", "您对办理时限是否说清楚满意吗？"),
        _scale("reasons", "您对处理决定的理由是否说清楚满意吗？"),
        _fact("knows_review", "您是否知道对处理决定有异议时，可以申请核查？"),
        _scale("fair", "您对处理是否公平满意吗？"),
        _OVERALL,
        _NPS,
        _COMMENT,
    ),
)

VISIT = ReadySurvey(
    "visit",
    "柜面服务满意度",
    Purpose.VISIT,
    "您好，请为今天的柜面服务评分。",
    _THANKS,
    (
        Question(
            "business",
            QuestionKind.MULTIPLE,
            "您今天办理了哪些业务？",
            (
                Choice("buying", "投保或缴费"),
                Choice("changing", "保全（变更、退保、复效等）"),
                Choice("claiming", "理赔"),
                Choice("asking", "咨询"),
                Choice("complaining", "投诉"),
                Choice("other", "其他"),
            ),
        ),
        _scale("waiting", "您对等候时间满意吗？"),
        _scale("manner", "您对工作人员的态度满意吗？"),
        _scale("skill", "您对办理的快慢和准确满意吗？"),
        _OVERALL,
        _NPS,
        _COMMENT,
    ),
)

READY: Mapping[str, ReadySurvey] = {ready.code: ready for ready in (NEW_POLICY, CLAIM, COMPLAINT, VISIT)}
