"""How much a volume may hold: the limits of the house, with their basis."""

from __future__ import annotations

from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import BooleanField, HiddenField, IntegerField, StringField
from wtforms.validators import InputRequired, Length

from app.blueprints.volumes.screen import screen
from app.domain.errors import ChangedMeanwhile, Invalid
from app.domain.policy import Action
from app.domain.volumes import DOUBLE_SIDED, MEASURE_DEFAULTS, MEASURE_RANGES
from app.services.batch_checks import require_may_change
from app.services.settings import in_force
from app.services.volume_measure import change_measure
from app.web.access import requires
from app.web.clock import now
from app.web.conflicts import conflict_page
from app.web.forms import BaseForm, stripped
from app.web.identity import the_actor
from app.web.sentences import SENTENCES
from app.web.transactions import reading, writing


class MeasureForm(BaseForm):
    """The limits; `seen` are the versions that the page was made from."""

    volume_most_pages = IntegerField(_l("每卷页数不超过"), [InputRequired(_l("请填写页数。"))])
    volume_most_mm = IntegerField(_l("每卷厚度不超过（毫米）"), [InputRequired(_l("请填写厚度。"))])
    volume_mm_per_100_sheets = IntegerField(_l("每百张纸厚（毫米）"), [InputRequired(_l("请填写厚度。"))])
    volume_double_sided = BooleanField(_l("双面：两页算一张"))
    basis = StringField(_l("依据"), [InputRequired(_l("请写明依据。")), Length(max=200)], filters=[stripped])
    seen = HiddenField()

    def values(self) -> dict[str, int]:
        """Return what was typed, by the names of the settings."""
        return {name: int(self[name].data or 0) for name in MEASURE_DEFAULTS}

    def versions(self) -> dict[str, int]:
        """Return the versions that the user saw; 0, which fits what was never changed, for spoilt ones."""
        texts = str(self.seen.data or "").split(",")
        numbers = [int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0 for text in texts]
        return dict(zip(MEASURE_DEFAULTS, [*numbers, 0, 0, 0, 0], strict=False))


@screen.route("/volumes/measure", methods=["GET", "POST"])
@requires(Action.INTAKE_RULES)
def edit_measure() -> Response:
    """Change the limits; the head office's archivist decides."""
    require_may_change(reading(), the_actor())
    form = MeasureForm.from_request()
    if request.method != "POST":
        form = _as_in_force()
    elif form.validate():
        try:
            with writing() as session:
                change_measure(
                    session, the_actor(), form.values(), form.basis.data or "", versions=form.versions(), now=now()
                )
            flash(_("已保存，待组卷的清单按新的限度计算。"), "ok")
            return redirect(url_for(".list_proposals"), 303)
        except Invalid as invalid:
            form.blame(invalid, SENTENCES)
        except ChangedMeanwhile as conflict:
            again = url_for(".edit_measure")
            return make_response(conflict_page(conflict, form, reload_href=again, keep_action=request.path))
    page = render_template("volumes/edit_measure.html", form=form, ranges=MEASURE_RANGES)
    return make_response(page, 422 if form.errors else 200)


def _as_in_force() -> MeasureForm:
    rows = {name: in_force(reading(), name) for name in MEASURE_DEFAULTS}
    data: dict[str, Any] = {}
    data.update({name: int(row.value) for name, row in rows.items()})
    data[DOUBLE_SIDED] = bool(data[DOUBLE_SIDED])
    seen = ",".join(str(row.version) for row in rows.values())
    return MeasureForm(data={**data, "basis": next(iter(rows.values())).basis, "seen": seen})
