"""The forms of handing over: its head, counting a paper, signing."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session
from wtforms import HiddenField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from app.blueprints.transfers.labels import KINDS, SIDES
from app.domain.actor import Actor
from app.domain.policy import Action
from app.domain.transfers import LONGEST, PaperFilter, Side, TransferHead, TransferKind
from app.queries.branches import branch_tree, branches_for
from app.queries.documents import category_choices
from app.queries.periods import period_choices
from app.queries.transfers import keepers_of
from app.services.transfer_lines import MOST_PAGES
from app.web.clock import now
from app.web.forms import BaseForm, CreateForm, EditForm, number_or_none, stripped
from app.web.ready_words import spoken, spoken_choices


class HeadFields(BaseForm):
    """The head of 交接文据."""

    kind = SelectField(_l("移交种类"), choices=[(kind.value, label) for kind, label in KINDS.items()])
    from_branch_id = SelectField(_l("移交单位"), coerce=number_or_none)
    to_branch_id = SelectField(_l("接收单位"), coerce=number_or_none)
    from_account_id = SelectField(_l("移交人"), coerce=number_or_none)
    to_account_id = SelectField(_l("接收人"), coerce=number_or_none)
    nature = StringField(
        _l("移交性质"),
        [InputRequired(_l("请填写移交性质，如“机构撤并”。")), Length(max=LONGEST["nature"])],
        filters=[stripped],
        description=_l("如：定期移交、机构撤并、岗位调动、离职"),
    )
    years = StringField(
        _l("档案所属年度"),
        [Optional(), Length(max=LONGEST["years"])],
        filters=[stripped],
        description=_l("如：2024—2026"),
    )
    witness = StringField(
        _l("监交人"),
        [Optional(), Length(max=LONGEST["witness"])],
        filters=[stripped],
        description=_l("填写后须由监交人签字"),
    )
    note = TextAreaField(_l("移交说明"), [Optional(), Length(max=LONGEST["note"])], filters=[stripped])
    equipment = TextAreaField(
        _l("钥匙与设备"),
        [Optional(), Length(max=LONGEST["equipment"])],
        filters=[stripped],
        description=_l("每行一项，如“K1 库房钥匙 2 把”"),
    )

    def offer_choices(self, session: Session, actor: Actor) -> None:
        """Fill branches and people."""
        own = branches_for(session, actor, Action.TRANSFER_RUN)
        keepers = keepers_of(session, *(branch_id for branch_id, _ in own), now=now())
        self.from_branch_id.choices = list(own)
        self.to_branch_id.choices = [("", _l("请选择")), *((row.id, row.name) for row in branch_tree(session, actor))]
        self.from_account_id.choices = [("", _l("本人")), *keepers]
        self.to_account_id.choices = [("", _l("请选择")), *keepers]

    def head(self) -> TransferHead:
        """Return what was typed; of a post the giver is oneself when nobody else is named."""
        kind = TransferKind(self.kind.data)
        from_branch = self.from_branch_id.data or 0
        return TransferHead(
            kind=kind,
            from_branch_id=from_branch,
            to_branch_id=(self.to_branch_id.data or 0) if kind is TransferKind.BRANCH else from_branch,
            from_account_id=self.from_account_id.data if kind is TransferKind.POST else None,
            to_account_id=self.to_account_id.data if kind is TransferKind.POST else None,
            witness=self.witness.data or "",
            nature=self.nature.data or "",
            years=self.years.data or "",
            note=self.note.data or "",
            equipment=self.equipment.data or "",
        )


class NewTransferForm(CreateForm, HeadFields):
    """Drafting a handing over."""


class ChangeTransferForm(EditForm, HeadFields):
    """Changing the head of a draft."""


class PaperFilterForm(BaseForm):
    """Which papers are put on the list at once."""

    category = SelectField(_l("类别"))
    year = IntegerField(_l("年度"), [Optional(), NumberRange(1900, 2999, _l("请填写四位年度，如 2026。"))])
    period = SelectField(_l("保管期限"))
    box = StringField(_l("盒号"), [Optional(), Length(max=40)], filters=[stripped])

    def offer_choices(self, session: Session) -> None:
        """Fill classes and periods."""
        everything = ("", _l("全部"))
        choices = category_choices(session)
        classes = dict.fromkeys((row.code[:1], row.class_name) for row in choices)
        fine = ((row.code, spoken(f"{row.class_name} › {row.name}")) for row in choices)
        self.category.choices = [everything, *spoken_choices(classes), *fine]
        self.period.choices = [everything, *spoken_choices(period_choices(session))]

    def wanted(self) -> PaperFilter:
        """Return what was chosen."""
        return PaperFilter(
            self.category.data or "", self.year.data, self.period.data or "", (self.box.data or "").upper()
        )


class CountForm(BaseForm):
    """Counting one paper."""

    code = StringField(_l("档号或标签"), filters=[stripped])
    pages = IntegerField(
        _l("实收页数"),
        [Optional(), NumberRange(0, MOST_PAGES, _l("页数应在 0 到 10,000 之间。"))],
        description=_l("不填即与移交页数相同"),
    )
    remark = StringField(_l("备注"), [Optional(), Length(max=200)], filters=[stripped])


class SignForm(BaseForm):
    """Signing for one side."""

    side = SelectField(_l("签字方"), choices=[(side.value, label) for side, label in SIDES.items()])
    signer = StringField(
        _l("签字人姓名"), [InputRequired(_l("请填写签字人姓名。")), Length(max=60)], filters=[stripped]
    )
    drawing = HiddenField()

    def offer_sides(self, *sides: Side) -> None:
        """Leave the sides for which the reader may take a signature."""
        self.side.choices = [(side.value, SIDES[side]) for side in sides]
