"""The forms of the desk: handing out and taking back, each for several papers of one request at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from app.domain.errors import Invalid
from app.domain.ids import encode_id
from app.domain.loan_terms import Inspection
from app.queries.desk_cards import CardItem
from app.web.forms import CreateForm, stripped
from app.web.sentences import SENTENCES

DRAWN, PAPER = "drawn", "paper"
EFFECTS: dict[str, Any] = {
    "settled": _l("问题已解决"),
    "evidence": _l("作为证据或依据"),
    "reference": _l("供工作参考"),
    "nothing": _l("没有查到所需内容"),
    "later": _l("暂不清楚，以后补登"),
}
CONDITIONS: dict[str, Any] = {"intact": _l("完好"), "damaged": _l("破损"), "short": _l("缺页")}
TAKEN = "take"


class SignedForm(CreateForm):
    """Who signs, and how."""

    signer = StringField(
        _l("签字人"),
        [InputRequired(_l("请填写签字人姓名。")), Length(max=60)],
        filters=[stripped],
        render_kw={"autocomplete": "off"},
    )
    means = RadioField(
        _l("签字方式"), choices=[(PAPER, _l("已在打印单上签字")), (DRAWN, _l("在屏幕上签字"))], default=PAPER
    )
    signature = HiddenField()


class HandOutForm(SignedForm):
    """Handing out."""


class ReturnForm(SignedForm):
    """Taking back, with what came of the use."""

    effect = SelectField(_l("利用效果"), choices=list(EFFECTS.items()), default="later")
    effect_note = TextAreaField(_l("效果说明"), [Optional(), Length(max=500)], filters=[stripped])


class Lines:
    """What was typed for each paper: fields are named `pages-<id of the item>`; wrong ones have a sentence."""

    def __init__(self, items: Sequence[CardItem], chosen: int) -> None:
        self.items = {item.id: item for item in items}
        self.sent = request.method == "POST"
        self.chosen = set(request.form.getlist(TAKEN)) if self.sent else {encode_id(chosen)}
        self.problems: dict[str, str] = {}

    def takes(self, item_id: int) -> bool:
        """Say whether a paper is ticked."""
        return encode_id(item_id) in self.chosen

    def text(self, name: str, item_id: int, default: object = "") -> str:
        """Return what stands in a field."""
        found = request.form.get(f"{name}-{encode_id(item_id)}") if self.sent else None
        return str("" if default is None else default) if found is None else found

    def problem(self, name: str, item_id: int) -> str:
        """Return what is wrong with a field."""
        return self.problems.get(f"{name}-{encode_id(item_id)}", "")

    def pages(self) -> Mapping[int, int]:
        """Return the pages of the ticked papers; raises `Invalid` when none is ticked or a number is none."""
        return {item_id: self._number(item_id) for item_id in self._taken()}

    def inspections(self) -> Mapping[int, Inspection]:
        """Return what was seen of the ticked papers; raises `Invalid`."""
        return {
            item_id: Inspection(
                self._number(item_id), self.text("condition", item_id, "intact"), self.text("damage_note", item_id)
            )
            for item_id in self._taken()
        }

    def blame(self, item_id: int, invalid: Invalid) -> None:
        """Put what is wrong with one paper beside its fields."""
        for name, codes in invalid.problems.items():
            self.problems[f"{name}-{encode_id(item_id)}"] = str(SENTENCES.get(codes[0], codes[0]))

    def _taken(self) -> list[int]:
        taken = [item_id for item_id in self.items if self.takes(item_id)]
        if not taken or len(taken) != len(self.chosen):
            raise Invalid.field("", "desk.none_taken" if not self.chosen else "desk.changed")
        return taken

    def _number(self, item_id: int) -> int:
        typed = self.text("pages", item_id).strip()
        if not (typed.isascii() and typed.isdigit() and len(typed) < 6):
            invalid = Invalid.field("pages", "desk.pages")
            self.blame(item_id, invalid)
            raise invalid
        return int(typed)
