"""What a phone needs to be bound: the secret as a picture to scan and as text to type."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.one_time_codes import in_groups
from app.services.totp import phone_link

DOT = 8  # pixels of a module in the file; shown at half of it, so that it is sharp on every screen
QUIET = 4  # modules around the code that stay white


@dataclass(frozen=True, slots=True)
class PhoneCard:
    """The QR code as a data address with its width on the screen, and the secret in groups of four."""

    picture: str
    width: int
    secret: str


def phone_card(secret: str, username: str) -> PhoneCard:
    """Return what the page of enrolment shows."""
    import segno

    code = segno.make(phone_link(secret, username), error="m", micro=False)
    picture = code.png_data_uri(scale=DOT, border=QUIET, dark="#000", light="#fff")
    width = int(code.symbol_size(DOT // 2, QUIET)[0])
    return PhoneCard(picture, width, in_groups(secret, " "))
