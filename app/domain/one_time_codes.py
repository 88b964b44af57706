"""Codes on paper: for activation and for a lost phone. Random, easy to read out and to type, used once.

Written in Crockford's base 32 (no I, L, O, U) in groups of four: K7QP-3M9X-… Whoever reads one may take 0 for O, or
1 for I or L, write small letters and leave out the dashes.
"""

from __future__ import annotations

import secrets

from app.domain.normal import fold_width

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 20  # 5 bits a character: 100 bits
GROUP = 4
_LOOKALIKES = str.maketrans("OIL", "011")


def new_code() -> str:
    """Return a random code of 100 bits, without dashes."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def read_code(text: str) -> str:
    """Return what somebody typed as a code without dashes; empty when it cannot be one."""
    plain = "".join(character for character in fold_width(text).upper() if character.isalnum())
    code = plain.translate(_LOOKALIKES)
    return code if len(code) == LENGTH and set(code) <= set(ALPHABET) else ""


def in_groups(text: str, mark: str = "-") -> str:
    """Return `text` in groups of four, parted by `mark`."""
    return mark.join(text[start : start + GROUP] for start in range(0, len(text), GROUP))
