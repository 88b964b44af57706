"""The form of a complaint that comes in, and the one that corrects it (DOMAIN 2.3)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session
from wtforms import BooleanField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from app.blueprints.casework.choices import cause_choices, stage_choices
from app.domain.actor import Actor
from app.domain.case_registration import Registration
from app.domain.case_terms import Channel, ComplainantKind, Dispute, Paper
from app.domain.ids import decode_id, encode_id
from app.domain.policy import Action
from app.queries.branches import branches_for
from app.queries.case_intake import Origin
from app.web.amounts import AmountField
from app.web.case_labels import CHANNELS, COMPLAINANT_KINDS, DISPUTES, LINES, SALES_CHANNELS
from app.web.case_sentences import SENTENCES
from app.web.forms import BaseForm, CreateForm, EditForm, number_or_none, stripped
from app.web.labels import CLAIM_KINDS, ID_KINDS, choices
from app.web.moment_fields import MomentField, this_minute

PLAIN = {"autocomplete": "off", "spellcheck": "false"}
CHOOSE = ("", _l("请选择"))
NONE = ("", _l("无"))
NOT_KNOWN = ("", _l("暂不确定"))
ARCHIVE, OTHER = "archive", "typed"
MOST_PERSONS = 100_000


def _text(label: Any, most: int, *, hint: Any = "") -> StringField:
    return StringField(label, [Optional(), Length(max=most)], filters=[stripped], render_kw=PLAIN, description=hint)


def _long(label: Any, hint: Any = "", rows: int = 4) -> TextAreaField:
    return TextAreaField(
        label, [Optional(), Length(max=4000)], filters=[stripped], description=hint, render_kw={"rows": rows}
    )


class RegistrationFields(BaseForm):
    """What is known of a complaint when it comes in."""

    channel = SelectField(_l("接收渠道"), choices=choices(CHANNELS), default=Channel.CALL.value)
    received_at = MomentField(
        _l("收到时间"),
        [InputRequired(SENTENCES["case.received_missing"])],
        default=this_minute,
        description=_l("办理期限从收到次日起算（第十八条）"),
    )
    forward_number = _text(_l("转办单号"), 60, hint=_l("12378、监管局转办必填"))
    place = _text(_l("接待地点"), 80, hint=_l("来访时填写"))
    complainant_kind = SelectField(
        _l("投诉人类型"), choices=choices(COMPLAINANT_KINDS), default=ComplainantKind.HOLDER.value
    )
    name = _text(_l("姓名或单位名称"), 120)
    id_kind = SelectField(_l("证件类型"), choices=[NONE, *choices(ID_KINDS)], default="")
    id_number = _text(_l("证件号码"), 40)
    phone = _text(_l("联系电话"), 40)
    address = _text(_l("联系地址"), 200)
    legal_representative = _text(_l("法定代表人"), 60)
    paper_authority = _text(_l("授权委托书"), 120, hint=_l("查验原件后填写编号或签署日期（第十四条）"))
    paper_kinship = _text(_l("继承关系证明"), 120, hint=_l("如公证书、户籍证明的名称和编号（第十四条）"))
    agent_name = _text(_l("受托人姓名"), 60)
    agent_id_number = _text(_l("受托人身份证号码"), 40)
    agent_phone = _text(_l("受托人电话"), 40)
    persons = IntegerField(
        _l("人数"),
        [InputRequired(_l("请填写人数，一人填 1。")), NumberRange(1, MOST_PERSONS, _l("人数至少为 1。"))],
        default=1,
        description=_l("20 人以上集体来访为重大投诉（第二十九条）"),
        render_kw={"inputmode": "numeric"},
    )
    representatives = TextAreaField(
        _l("代表"),
        [Optional(), Length(max=400)],
        filters=[stripped],
        description=_l("共同投诉时一行一名，不超过 5 名（第十二条）"),
        render_kw={"rows": 3},
    )
    policy = SelectField(_l("涉及保单"), default="")
    claim = SelectField(_l("涉及赔案"), default="")
    line = SelectField(_l("险种"), choices=[NOT_KNOWN, *choices(LINES)], default="")
    sales_channel = SelectField(_l("销售渠道"), choices=[NOT_KNOWN, *choices(SALES_CHANNELS)], default="")
    partner = _text(_l("合作机构"), 120, hint=_l("如代理银行、经纪公司"))
    amount = AmountField(_l("涉及金额（元）"), [Optional()], render_kw={"inputmode": "decimal"})
    accused_branch_id = SelectField(_l("被投诉机构"), coerce=number_or_none)
    accused_agent = BooleanField(_l("被投诉的是该客户的代理人"))
    accused_name = _text(_l("被投诉人员"), 60, hint=_l("姓名；登记后此人自动回避，看不到这件投诉"))
    accused_number = _text(_l("工号"), 32, hint=_l("工号或用户名，有同名的人时请填写"))
    request = _long(_l("投诉请求"), _l("投诉人要求怎么办"), rows=2)
    facts = _long(_l("主要事实"), _l("什么时间、什么人、发生了什么"), rows=6)
    grounds = _long(_l("依据"), _l("投诉人提出的理由和材料"), rows=2)
    stage_id = SelectField(_l("业务环节"), coerce=number_or_none)
    cause_id = SelectField(_l("原因"), coerce=number_or_none)
    dispute = SelectField(_l("投诉性质"), choices=choices(DISPUTES), default=Dispute.CONTRACT.value)
    is_violation = BooleanField(_l("涉嫌违法违规"))
    is_major = BooleanField(_l("重大投诉：灾害事故、公共卫生事件引起，或监管部门指定（第二十九条）"))

    def validate_received_at(self, field: MomentField) -> None:
        """Refuse blanks: nothing was typed."""
        if field.data is None and not field.errors:
            raise ValidationError(str(SENTENCES["case.received_missing"]))

    def offer(self, session: Session, actor: Actor, origin: Origin, *, keep: Collection[int | None] = ()) -> None:
        """Fill the choices that depend on the customer and the house; causes to `keep` stay though they are retired."""
        every = branches_for(session, actor, Action.BRANCH_VIEW)
        self.accused_branch_id.choices = [("", _("未指明")), *every]
        self.stage_id.choices = [("", _("暂不确定")), *stage_choices(session, keep=keep)]
        self.cause_id.choices = [("", _("暂不确定")), *cause_choices(session, keep=keep)]
        self.policy.choices = [NONE, *_policies(origin)]
        self.claim.choices = [NONE, *_claims(origin)]

    def values(self, origin: Origin) -> dict[str, Any]:
        """Return what was typed, as fields of a `Registration`."""
        plain = (
            *("name", "id_kind", "id_number", "phone", "address", "legal_representative"),
            *("agent_name", "agent_id_number", "agent_phone", "forward_number", "place", "partner"),
            *("accused_name", "accused_number", "request", "facts", "grounds", "line", "sales_channel", "dispute"),
        )
        customer = origin.customer
        return {
            **{name: self[name].data or "" for name in plain},
            **{name: self[name].data for name in ("amount", "accused_branch_id", "stage_id", "cause_id")},
            **{name: bool(self[name].data) for name in ("is_violation", "is_major")},
            "channel": Channel(self.channel.data),
            "complainant_kind": ComplainantKind(self.complainant_kind.data),
            "received_at": self.received_at.data,
            "persons": self.persons.data or 1,
            "papers": {
                Paper.AUTHORITY.value: self.paper_authority.data or "",
                Paper.KINSHIP.value: self.paper_kinship.data or "",
            },
            "representatives": tuple(line for line in (self.representatives.data or "").splitlines() if line.strip()),
            "customer_id": customer.id if customer else None,
            "policy_id": _id(self.policy.data),
            "claim_id": _id(self.claim.data),
            "accused_account_id": customer.agent_id if customer and self.accused_agent.data else None,
        }


class NewCaseForm(CreateForm, RegistrationFields):
    """Registering a complaint."""

    branch_id = SelectField(_l("办理机构"), coerce=number_or_none)
    who = RadioField(
        _l("投诉人"),
        choices=[(ARCHIVE, _l("该客户本人或其受托人")), (OTHER, _l("其他人（继承人、被保险人等）"))],
        default=ARCHIVE,
    )
    surely_new = BooleanField(_l("已看过以前的投诉，这是另一件或再次投诉，照样登记"))

    def offer(self, session: Session, actor: Actor, origin: Origin, *, keep: Collection[int | None] = ()) -> None:
        """Fill the choices, the branches in which the reader may register among them."""
        super().offer(session, actor, origin, keep=keep)
        self.homes = list(branches_for(session, actor, Action.CASE_REGISTER))
        self.branch_id.choices = [*self.homes]

    def propose(self, actor: Actor, origin: Origin) -> None:
        """Put in what the house knows already."""
        reached = [branch_id for branch_id, _name in self.homes]
        self.branch_id.data = actor.branch_id if actor.branch_id in reached else next(iter(reached), None)
        self.policy.data = encode_id(origin.policy_id) if origin.policy_id else ""
        self.claim.data = encode_id(origin.claim_id) if origin.claim_id else ""
        self.line.data, self.sales_channel.data = origin.line, origin.sales_channel
        if origin.customer and origin.customer.is_organisation:
            self.complainant_kind.data = ComplainantKind.ORGANISATION.value
        if origin.question:
            self.channel.data = origin.question.channel
            self.received_at.data = origin.question.asked_at
            self.facts.data = origin.question.question

    def registration(self, origin: Origin) -> Registration:
        """Return the complaint as it was typed."""
        himself = self.who.data == ARCHIVE and self.complainant_kind.data != ComplainantKind.HEIR
        return Registration(
            **self.values(origin),
            branch_id=self.branch_id.data,
            consultation_id=origin.question.id if origin.question else None,
            from_archive=origin.customer is not None and himself,
        )


class ChangeCaseForm(EditForm, RegistrationFields):
    """Correcting what was registered; masked fields left empty stay as they are."""

    drop_identity = BooleanField(_l("删去证件号码"))
    drop_phone = BooleanField(_l("删去联系电话"))
    drop_address = BooleanField(_l("删去联系地址"))

    def cleared(self) -> frozenset[str]:
        """Return the masked fields that shall be emptied."""
        named = {"id_number": self.drop_identity, "phone": self.drop_phone, "address": self.drop_address}
        return frozenset(name for name, field in named.items() if field.data)

    def registration(self, origin: Origin, branch_id: int) -> Registration:
        """Return the complaint as it was typed."""
        return Registration(**self.values(origin), branch_id=branch_id)


def _policies(origin: Origin) -> Iterable[tuple[str, str]]:
    return [(encode_id(each.id), f"{each.number} {each.product}") for each in origin.policies]


def _claims(origin: Origin) -> Iterable[tuple[str, str]]:
    return [(encode_id(each.id), f"{each.number} {CLAIM_KINDS[each.kind]}") for each in origin.claims]  # type: ignore[index]


def _id(text: str | None) -> int | None:
    return decode_id(text) if text else None
