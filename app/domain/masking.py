"""Masked forms of personal data: what people see until they ask, with a reason, for the whole.

Two rules above all: never show more than the form allows, and never fail. What is too short or
does not look like what it should be is hidden whole; nothing typed stays nothing.
"""

from __future__ import annotations

import re
from enum import StrEnum

from app.domain.address_masking import mask_address
from app.domain.identity_facts import IdKind
from app.domain.normal import clean_email, clean_name, clean_phone, compact_number

__all__ = [
    "COMPOUND_SURNAMES",
    "HIDDEN_HEALTH",
    "IdMask",
    "income_band",
    "mask_address",
    "mask_author",
    "mask_bank_card",
    "mask_email",
    "mask_health",
    "mask_id_number",
    "mask_identity",
    "mask_income",
    "mask_landline",
    "mask_mobile",
    "mask_name",
    "mask_phone",
]

HIDDEN_HEALTH = "已隐藏(敏感)"

# 复姓 in use; a name of only these two characters is read as a simple surname with one given character.
_SURNAMES = (
    "欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 "
    "赫连 澹台 皇甫 宗政 濮阳 公冶 太叔 申屠 公孙 慕容 仲孙 钟离 长孙 宇文 "
    "司徒 鲜于 司空 闾丘 子车 亓官 司寇 巫马 公西 颛孙 壤驷 公良 漆雕 乐正 "
    "宰父 谷梁 拓跋 夹谷 轩辕 令狐 段干 百里 呼延 东郭 南门 羊舌 微生 公户 "
    "公玉 梁丘 左丘 东门 西门 第五 淳于 单于 叱干 欧陽 諸葛 尉遲 東方 長孫 "
    "鮮于 司馬 宇文 鍾離 "
)
COMPOUND_SURNAMES = frozenset(_SURNAMES.split())

_LONGEST_ROW = 32
_HIDDEN_AT_LEAST = 4
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_LANDLINE = re.compile(r"(010|02[0-9]|0[3-9][0-9]{2})-?([0-9]{7,8})(?:-[0-9]{1,6})?")
_EMAIL_DOMAIN = re.compile(r"[0-9a-z](?:[0-9a-z\-]{0,62}\.)+[a-z]{2,24}")


class IdMask(StrEnum):
    """Where an identity number will be seen."""

    LIST = "list"  # inside: 110101********0011
    EXPORT = "export"  # on paper and in files that leave: 1****************1


def mask_name(name: str | None, *, is_organisation: bool = False) -> str:
    """Return 张*, 王**, 欧阳*; the name of an organisation is not personal and is returned as it is."""
    if is_organisation:
        return name or ""
    cleaned = clean_name(name or "")
    shown = 2 if len(cleaned) > 2 and cleaned[:2] in COMPOUND_SURNAMES else 1
    return cleaned[:shown] + _stars(len(cleaned) - shown) if len(cleaned) > 1 else _stars(len(cleaned))


def mask_author(author: str, customer: str, *, is_organisation: bool) -> str:
    """Return an author 责任者; who signed is the customer himself as a rule, and he is named as elsewhere, masked."""
    return author if author != customer else mask_name(customer, is_organisation=is_organisation)


def mask_id_number(number: str | None, mask: IdMask = IdMask.LIST) -> str:
    """Return an identity number without birth date, sequence and more; shorter documents show less."""
    compact = compact_number(number or "")
    if mask is IdMask.EXPORT:
        return _keep(compact, 1, 1)
    if re.fullmatch(r"[0-9]{17}[0-9X]", compact):
        return _keep(compact, 6, 4)
    # The last four of an old 15-digit number would begin with a digit of the birthday.
    return _keep(compact, 6, 3) if re.fullmatch(r"[0-9]{15}", compact) else _keep(compact, 1, 2)


def mask_identity(kind: IdKind, number: str | None, mask: IdMask = IdMask.LIST) -> str:
    """Return the number of a document by its kind; the credit code of an organisation is public."""
    return number or "" if kind is IdKind.USCC else mask_id_number(number, mask)


def mask_mobile(number: str | None) -> str:
    """Return 138****1234."""
    cleaned = clean_phone(number or "").replace("-", "")
    return _keep(cleaned, 3, 4) if _MOBILE.fullmatch(cleaned) else _stars(len(cleaned))


def mask_landline(number: str | None) -> str:
    """Return 010-******12: the area code and the last two digits, an extension not at all."""
    cleaned = clean_phone(number or "")
    match = _LANDLINE.fullmatch(cleaned)
    return f"{match[1]}-{_keep(match[2], 0, 2)}" if match else _stars(len(cleaned))


def mask_phone(number: str | None) -> str:
    """Return a number of either sort by its own rule."""
    cleaned = clean_phone(number or "")
    return mask_mobile(cleaned) if _MOBILE.fullmatch(cleaned.replace("-", "")) else mask_landline(cleaned)


def mask_bank_card(number: str | None, *, with_bank: bool = False) -> str:
    """Return **** **** **** 0004, or 621700*********0004 where the bank must be recognised."""
    compact = compact_number(number or "")
    if not re.fullmatch(r"[0-9]{12,32}", compact):
        return _stars(len(compact))
    if with_bank and len(compact) >= 6 + _HIDDEN_AT_LEAST + 4:
        return _keep(compact, 6, 4)
    return f"**** **** **** {compact[-4:]}"


def mask_email(address: str | None) -> str:
    """Return z***@163.com; a local part of one character is hidden with the rest."""
    cleaned = clean_email(address or "")
    if not cleaned:
        return ""
    local, _at, domain = cleaned.rpartition("@")
    if not _EMAIL_DOMAIN.fullmatch(domain):
        return "***"
    return f"{local[:1] if len(local) > 1 else ''}***@{domain}"


def mask_income(cents: int | None) -> str:
    """Return the band of a yearly income in words: 10–20万."""
    if cents is None or cents < 0:
        return ""
    low, high = income_band(cents)
    if high is None:
        return f"{low}万以上"
    return f"{low}–{high}万" if low else f"{high}万以下"


def income_band(cents: int) -> tuple[int, int | None]:
    """Return the band of an income in 万元, lower end included; the last has no upper end."""
    edges = (0, 5, 10, 20, 30, 50, 100)
    reached = [edge for edge in edges if cents >= edge * 1_000_000]
    low = reached[-1] if reached else 0
    return low, next((edge for edge in edges if edge > low), None)


def mask_health(text: str | None) -> str:
    """Return the same words for any health data."""
    return HIDDEN_HEALTH if (text or "").strip() else ""


def _keep(text: str, head: int, tail: int) -> str:
    """Return `text` with its middle hidden, or hidden whole when the middle is shorter than four characters."""
    hidden = len(text) - head - tail
    if hidden < _HIDDEN_AT_LEAST:
        return _stars(len(text))
    return text[:head] + _stars(hidden) + text[len(text) - tail :]


def _stars(count: int) -> str:
    return "*" * min(count, _LONGEST_ROW)
