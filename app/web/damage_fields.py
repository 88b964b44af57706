"""Form fields for what is wrong with a paper: the kinds of damage, and the area of those that are measured."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField, SelectMultipleField
from wtforms.validators import NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app.domain.repairs import Damage, Finding
from app.web.damage_labels import DAMAGES
from app.web.forms import BaseForm
from app.web.labels import choices


def _area(label: Any) -> IntegerField:
    return IntegerField(
        label,
        [Optional(), NumberRange(1, 100, _l("面积请填 1 至 100 的整数。"))],
        render_kw={"inputmode": "numeric", "autocomplete": "off"},
    )


class DamageFields(BaseForm):
    """Kinds by tick, areas in per cent of the sheet; an area that is filled in ticks its kind."""

    damages = SelectMultipleField(
        _l("病害类型"),
        choices=choices(DAMAGES),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    mildew = _area(_l("霉变面积（%）"))
    insects = _area(_l("虫蛀面积（%）"))
    stain = _area(_l("污染面积（%）"))
    incomplete = _area(_l("残缺面积（%）"))
    stuck = _area(_l("粘连面积（%）"))
    firm = BooleanField(_l("粘连已板结，揭不开"))

    def findings(self) -> tuple[Finding, ...]:
        """Return what was ticked or measured, in the order of the list."""
        ticked, firm = set(self.damages.data or []), bool(self.firm.data)
        found = []
        for damage in Damage:
            percent = self[damage.value].data if damage.value in self else None
            hard = firm and damage is Damage.STUCK
            if damage.value in ticked or percent is not None or hard:
                found.append(Finding(damage, percent, hard))
        return tuple(found)
