"""Identifiers of records: random, so that nobody can count or guess them, and short enough to read out.

An identifier is a positive number below 2**62 (it fits every database's signed 64-bit integer). In an
address it is written as 13 characters of Crockford's base 32 in lower case, which has no i, l, o and u.
Each number has exactly one spelling, so one record has exactly one address.
"""

from __future__ import annotations

import secrets

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_VALUE_OF = {character: value for value, character in enumerate(_ALPHABET)}
_LENGTH = 13
_BITS_A_CHARACTER = 5
_LIMIT = 1 << 62


def new_id() -> int:
    """Return a fresh random identifier, at least 1 and below 2**62."""
    return secrets.randbelow(_LIMIT - 1) + 1


def encode_id(identifier: int) -> str:
    """Return the 13-character spelling of `identifier`; raises `ValueError` outside 1 … 2**62 - 1."""
    if not 0 < identifier < _LIMIT:
        raise ValueError("identifier out of range")
    shifts = range((_LENGTH - 1) * _BITS_A_CHARACTER, -1, -_BITS_A_CHARACTER)
    return "".join(_ALPHABET[identifier >> shift & 31] for shift in shifts)


def decode_id(text: str) -> int:
    """Return the identifier spelled by `text`; raises `ValueError` on anything but its one spelling."""
    if len(text) != _LENGTH or any(character not in _VALUE_OF for character in text):
        raise ValueError("not an identifier")
    identifier = 0
    for character in text:
        identifier = identifier << _BITS_A_CHARACTER | _VALUE_OF[character]
    if not 0 < identifier < _LIMIT:
        raise ValueError("identifier out of range")
    return identifier
