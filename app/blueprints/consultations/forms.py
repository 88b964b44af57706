"""The forms of a consultation: logging and correcting it, keeping its promise; and of an answer kept ready."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session
from wtforms import DateField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from app.domain.actor import Actor
from app.domain.case_terms import Channel
from app.domain.consultations import About, Asked, Result, Topic
from app.domain.errors import NotFound
from app.domain.ids import decode_id, encode_id
from app.domain.policy import Action
from app.queries.askers import Affairs, colleagues, read_affairs
from app.queries.branches import branches_for
from app.services.ready_answers import TypedAnswer
from app.web.case_labels import CHANNELS
from app.web.clock import now
from app.web.consultation_labels import ABOUTS, RESULTS, TOPICS
from app.web.forms import BaseForm, CreateForm, EditForm, number_or_none, stripped
from app.web.labels import choices
from app.web.moment_fields import MomentField, this_minute

NONE = ("", _l("无"))
QUIET = {"autocomplete": "off"}


class AskedFields(BaseForm):
    """Everything that is kept of a consultation but its branch and customer."""

    channel = SelectField(_l("渠道"), choices=choices(CHANNELS), default=Channel.CALL.value)
    asker = StringField(_l("咨询人姓名"), [Length(max=60)], filters=[stripped], render_kw=QUIET)
    phone = StringField(_l("电话"), [Length(max=40)], filters=[stripped], render_kw={**QUIET, "inputmode": "tel"})
    policy_id = SelectField(_l("保单"), choices=[NONE], coerce=number_or_none)
    claim_id = SelectField(_l("赔案"), choices=[NONE], coerce=number_or_none)
    about = SelectField(_l("事项"), choices=choices(ABOUTS), default=About.SERVICE.value)
    topic = SelectField(_l("主题"), choices=choices(TOPICS), default=Topic.CLAIM.value)
    product = StringField(_l("产品"), [Length(max=120)], filters=[stripped], render_kw=QUIET)
    question = TextAreaField(_l("咨询内容"), [Length(max=2000)], filters=[stripped], render_kw={"rows": "3"})
    answer = TextAreaField(_l("答复"), [Length(max=4000)], filters=[stripped], render_kw={"rows": "5"})
    answer_id = HiddenField()
    result = RadioField(_l("处理结果"), choices=choices(RESULTS), default=Result.ANSWERED.value)
    follow_up_on = DateField(_l("跟进日期"), [Optional()])
    follow_up_by = SelectField(_l("跟进人"), choices=[NONE], coerce=number_or_none)
    asked_at = MomentField(_l("咨询时间"), [InputRequired(_l("请填写咨询时间。"))], default=this_minute)

    def offer_affairs(self, affairs: Affairs | None) -> None:
        """Fill policies and claims with those of the customer."""
        self.policy_id.choices = [NONE, *(affairs.policies if affairs else ())]
        self.claim_id.choices = [NONE, *(affairs.claims if affairs else ())]

    def offer_colleagues(self, session: Session, branch_id: int) -> None:
        """Fill who may follow up."""
        self.follow_up_by.choices = [NONE, *colleagues(session, branch_id)]

    def asked(self, branch_id: int, customer_id: int | None) -> Asked:
        """Return what was typed."""
        return Asked(
            branch_id=branch_id,
            channel=Channel(self.channel.data),
            asked_at=self.asked_at.data or now(),
            about=About(self.about.data),
            topic=Topic(self.topic.data),
            question=self.question.data or "",
            answer=self.answer.data or "",
            result=Result(self.result.data),
            customer_id=customer_id,
            policy_id=self.policy_id.data,
            claim_id=self.claim_id.data,
            asker=self.asker.data or "",
            phone=self.phone.data or "",
            product=self.product.data or "",
            answer_id=id_or_none(self.answer_id.data),
            follow_up_on=self.follow_up_on.data,
            follow_up_by=self.follow_up_by.data,
        )


class NewConsultationForm(CreateForm, AskedFields):
    """Logging a consultation; `customer` is the chosen one, `who` what he is looked for by, `find` words for an answer."""

    customer = HiddenField()
    who = StringField(
        _l("查找客户"),
        [Length(max=100)],
        filters=[stripped],
        description=_l("姓名开头、手机、证件号、保单号或赔案号；新客户直接填下面的姓名和电话"),
        render_kw={**QUIET, "spellcheck": "false"},
    )
    find = StringField(_l("查找标准答复"), [Length(max=100)], filters=[stripped], render_kw=QUIET)
    branch_id = SelectField(_l("办理机构"), coerce=int)

    def offer(self, session: Session, actor: Actor) -> Affairs | None:
        """Fill every list of choices and return the chosen customer's affairs; raises `NotFound` for a hidden one."""
        homes = branches_for(session, actor, Action.CONSULTATION_EDIT)
        self.branch_id.choices = [(branch_id, name) for branch_id, name in homes]
        ids = [branch_id for branch_id, _ in homes]
        if self.branch_id.data not in ids:
            self.branch_id.data = actor.branch_id if actor.branch_id in ids else ids[0]
        customer_id = id_or_none(self.customer.data)
        affairs = read_affairs(session, actor, customer_id) if customer_id is not None else None
        self.offer_affairs(affairs)
        self.offer_colleagues(session, self.branch_id.data)
        return affairs

    def choose(self, customer_id: int | None) -> None:
        """Take a customer, or none; what belonged to another one goes."""
        self.customer.data = encode_id(customer_id) if customer_id is not None else ""
        self.policy_id.data = self.claim_id.data = None
        self.who.data = ""

    def values(self) -> Asked:
        """Return what was typed, at the branch that was chosen."""
        return self.asked(self.branch_id.data, id_or_none(self.customer.data))


class ChangeConsultationForm(EditForm, AskedFields):
    """Correcting a consultation; name and phone left empty stay."""


class FollowUpForm(EditForm):
    """How a promise was kept."""

    note = TextAreaField(_l("跟进情况"), [Length(max=1000)], filters=[stripped], render_kw={"rows": "3"})


class AnswerFields(BaseForm):
    """An answer that is kept ready."""

    topic = SelectField(_l("主题"), choices=choices(TOPICS))
    question = StringField(
        _l("客户会怎么问"), [InputRequired(_l("请写下客户会怎么问。")), Length(max=200)], filters=[stripped]
    )
    answer = TextAreaField(
        _l("标准答复"),
        [InputRequired(_l("请写下标准答复。")), Length(max=4000)],
        filters=[stripped],
        render_kw={"rows": "8"},
    )
    basis = StringField(
        _l("依据"), [Length(max=200)], filters=[stripped], description=_l("法规条文、合同条款或内部规定的名称和条号")
    )
    keywords = StringField(
        _l("关键词"), [Length(max=200)], filters=[stripped], description=_l("客户可能用的别的说法，用空格分开")
    )
    valid_until = DateField(_l("有效期至"), [Optional()], description=_l("不填为长期有效；过期后不再推荐给登记人"))

    def typed(self) -> TypedAnswer:
        """Return what was typed."""
        return TypedAnswer(
            Topic(self.topic.data),
            self.question.data or "",
            self.answer.data or "",
            self.basis.data or "",
            self.keywords.data or "",
            self.valid_until.data,
        )


class NewAnswerForm(CreateForm, AnswerFields):
    """Writing an answer."""

    branch_id = SelectField(_l("适用机构（含下级）"), coerce=int)

    def offer(self, session: Session, actor: Actor) -> None:
        """Fill the branches that the actor may write answers for."""
        homes = branches_for(session, actor, Action.ANSWER_EDIT)
        self.branch_id.choices = [(branch_id, name) for branch_id, name in homes]


class ChangeAnswerForm(EditForm, AnswerFields):
    """Changing an answer."""


def id_or_none(text: Any) -> int | None:
    """Return the id behind a public one, None for nothing; raises `NotFound` for a spoilt one."""
    if not text:
        return None
    try:
        return decode_id(str(text))
    except ValueError as error:
        raise NotFound from error
