"""The phone's codes: making a secret, finding the step that a code belongs to, and spending it once."""

from __future__ import annotations

import hmac
from datetime import datetime

import pyotp
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.domain.sign_in import is_code
from app.domain.totp import acceptable_steps
from app.models.accounts import Account

SECRET_CHARACTERS = 32  # base 32: 160 bits
ISSUER = "保档"


def new_secret() -> str:
    """Return a random secret of 160 bits in base 32."""
    return pyotp.random_base32(SECRET_CHARACTERS)


def code_of_step(secret: str, step: int) -> str:
    """Return the six digits that a phone shows during `step`."""
    return pyotp.TOTP(secret).generate_otp(step)


def phone_link(secret: str, username: str) -> str:
    """Return the otpauth address that the QR code carries."""
    return pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name=ISSUER)


def matching_step(secret: str, code: str, *, now: datetime) -> int | None:
    """Return the newest acceptable step that `code` belongs to; None for a wrong code and for anything but six digits."""
    if not is_code(code):
        return None
    fitting = (step for step in acceptable_steps(now) if hmac.compare_digest(code_of_step(secret, step), code))
    return next(fitting, None)


def spend(session: Session, account_id: int, code: str, *, now: datetime) -> bool:
    """Take a code of an active account's phone; False when it is wrong or its step, or a later one, was taken before.

    The update is the guard: of any number of simultaneous tries with one code, one changes the row.
    """
    secret = session.scalar(select(Account.totp_secret).where(Account.id == account_id))
    step = matching_step(secret, code, now=now) if secret else None
    if step is None:
        return False
    taken = session.scalar(
        update(Account)
        .where(Account.id == account_id, Account.state == "active", Account.totp_last_step < step)
        .values(totp_last_step=step)
        .returning(Account.id)
    )
    return taken is not None
