"""The fields of a record of telling 告知记录, for every form that needs one."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import Length, Optional

from app.domain.deadlines import Channel
from app.services.case_notifications import Telling
from app.web.case_labels import TOLD_BY
from app.web.forms import BaseForm, stripped
from app.web.moment_fields import MomentField, this_minute

# What counts as told, for each way of telling (办法 Art. 21).
COUNTS_WHEN: dict[Channel, Any] = {
    Channel.IN_PERSON: _l("当面递交：期限内交到本人手中，凭证填签收单号"),
    Channel.POST: _l("邮寄：期限内寄出，凭证填邮件号"),
    Channel.MESSAGE: _l("短信、电子邮件：期限内发出，凭证填发送记录号"),
    Channel.PHONE: _l("电话：期限内拨打，凭证填录音编号"),
    Channel.UNREACHABLE: _l("无法联系：至少试两次，在说明里每次写一行时间和方式，凭证填通话或邮件记录号"),
}


class TellingFields(BaseForm):
    """How, when and to whom something was told, with its proof."""

    told_channel = RadioField(
        _l("告知方式"),
        [Optional()],
        choices=list(TOLD_BY.items()),
        description=_l("怎样算告知（办法第二十一条）见下方说明"),
        validate_choice=False,
    )
    told_at = MomentField(_l("告知时间"), [Optional()], default=this_minute)
    told_receiver = StringField(
        _l("告知对象"), [Optional(), Length(max=60)], filters=[stripped], description=_l("不填为投诉人本人")
    )
    told_proof = StringField(
        _l("告知凭证"),
        [Optional(), Length(max=120)],
        filters=[stripped],
        description=_l("签收单、邮件、短信或录音的编号"),
    )
    told_note = TextAreaField(
        _l("告知说明"), [Optional(), Length(max=500)], filters=[stripped], description=_l("无法联系的，每次联系写一行")
    )

    def telling(self) -> Telling:
        """Return what was typed."""
        return Telling(
            channel=self.told_channel.data or "",
            told_at=self.told_at.data,
            receiver=self.told_receiver.data or "",
            proof=self.told_proof.data or "",
            note=self.told_note.data or "",
        )
