"""The address of an invitation or a tablet, as it is shown once: as text, as QR code, as SMS, as a printed slip."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request, url_for

from app.domain.office_time import office_day
from app.domain.printed_words import SURVEY_SLIP_GREETING, survey_message
from app.domain.registers import day_in_letters
from app.ports import SurveySlip
from app.queries.survey_invitations import InvitationDetail
from app.web.identity import settings

DOT, QUIET = 8, 4  # pixels of a module in the file, white modules around


@dataclass(frozen=True, slots=True)
class ShownLink:
    """An address with its QR code as a data address, and the text of an SMS."""

    token: str
    address: str
    picture: str
    width: int
    message: str = ""


def address_of(token: str) -> str:
    """Return the address behind which a token is answered."""
    base = settings().public_url or request.host_url.rstrip("/")
    return f"{base}{url_for('answering.show_link', token=token)}"


def shown_link(token: str, message: str = "") -> ShownLink:
    """Return what a page shows of a token."""
    import segno

    address = address_of(token)
    code = segno.make(address, error="m", micro=False)
    picture = code.png_data_uri(scale=DOT, border=QUIET, dark="#000", light="#fff")
    return ShownLink(token, address, picture, int(code.symbol_size(DOT // 2, QUIET)[0]), message)


def the_link(invitation: InvitationDetail, token: str) -> ShownLink:
    """Return what a page shows of an invitation's link."""
    until = day_in_letters(office_day(invitation.expires_at))
    return shown_link(token, survey_message(invitation.branch_name, address_of(token), until))


def slip_of(invitation: InvitationDetail, token: str) -> SurveySlip:
    """Return the slip of an invitation; nothing on it tells of the customer."""
    return SurveySlip(
        title=invitation.title,
        greeting=invitation.greeting or SURVEY_SLIP_GREETING,
        address=address_of(token),
        number=invitation.number,
        until=day_in_letters(office_day(invitation.expires_at)),
        unit=invitation.branch_name,
    )
