"""The forms of agents: beginning a submission, adding photographs, handing in."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectField
from wtforms.validators import InputRequired, Length, Optional

from app.blueprints.agent.labels import OFFERED
from app.web.forms import CreateForm, EditForm
from app.web.labels import choices


class BeginForm(CreateForm):
    """Which business, and which policy or claim it is about."""

    business = RadioField(_l("办什么业务"), [InputRequired(_l("请选择这次办理的业务。"))], choices=choices(OFFERED))
    about = SelectField(_l("哪张保单或赔案"), [Optional()], choices=[])


class PhotoForm(CreateForm):
    """Photographs for a paper of the checklist; `paper` is its code, nothing for the free line."""

    paper = HiddenField(validators=[Length(max=30)])


class SendForm(EditForm):
    """Handing in, or giving up."""
