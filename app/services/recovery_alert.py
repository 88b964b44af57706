"""Telling of a recovery code 恢复码 that was used: its owner, and everybody who could answer a theft."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.domain.actor import Actor, Role
from app.domain.ids import encode_id
from app.models.accounts import Account, Grant
from app.services.notices import notify


def tell_of_recovery_code(session: Session, owner: Actor, left: int, *, now: datetime) -> None:
    """Tell the owner how many codes are left, and each 安全保密管理员 whose account it was."""
    notify(session, owner.account_id, "recovery_code_used", now=now, path="/account/sessions", details={"left": left})
    path = f"/admin/accounts/{encode_id(owner.account_id)}"
    details: dict[str, str | int] = {"user": owner.username, "left": left}
    for account_id in _security_administrators(session, but=owner.account_id, now=now):
        notify(session, account_id, "recovery_code_used_by", now=now, path=path, details=details)


def _security_administrators(session: Session, *, but: int, now: datetime) -> list[int]:
    held = (
        select(Grant.account_id)
        .join(Account, Account.id == Grant.account_id)
        .where(
            Grant.role == Role.SECADMIN.value,
            Grant.revoked_at.is_(None),
            Grant.valid_from <= now,
            or_(Grant.valid_to.is_(None), Grant.valid_to > now),
            Account.state == "active",
            Account.id != but,
        )
    )
    return list(session.scalars(held.distinct()))
