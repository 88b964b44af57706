"""What stands on our labels, and what a hand scanner has just typed.

A label carries a letter for the kind of thing, its id in base 36 and a check character after ISO 7064 MOD 37,36
(GB/T 17710): short enough for Code 128, plain ASCII, and a slip of the reader is noticed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

KINDS: Mapping[str, str] = {
    "D": "document",
    "V": "volume",
    "B": "box",
    "P": "place",
    "L": "loan",
    "C": "customer",
}
_LETTER = {kind: letter for letter, kind in KINDS.items()}
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_OURS = re.compile(rf"([{''.join(KINDS)}])-?([0-9A-Z]{{1,13}})-?([0-9A-Z])")


@dataclass(frozen=True, slots=True)
class Scan:
    """What was read: a thing of ours by `kind` and `id`, or `text` to be looked up as a number."""

    text: str
    kind: str = ""
    id: int = 0

    @property
    def is_label(self) -> bool:
        """True when one of our labels was read."""
        return bool(self.kind)


def label_code(kind: str, thing_id: int) -> str:
    """Return the code on the label of a thing: `D-1Y2P0IJ32E8E-7`."""
    body = _LETTER[kind] + _base36(thing_id)
    return f"{body[0]}-{body[1:]}-{_check_character(body)}"


def read_scan(text: str) -> Scan:
    """Return what a scanner typed; what is no label of ours comes back as text, upper case, without blanks around."""
    typed = "".join(character for character in text if character.isprintable()).strip()
    folded = typed.upper()
    match = _OURS.fullmatch(folded)
    if match and _check_character(match[1] + match[2]) == match[3]:
        return Scan(folded, KINDS[match[1]], int(match[2], 36))
    return Scan(folded)


def looks_foreign(text: str) -> bool:
    """Say whether a code is of a kind that other houses print (EAN, UPC, ISBN, links): never a number of ours."""
    return bool(re.fullmatch(r"\d{8}|\d{12,14}|97[89]\d{10}", text)) or "://" in text


def _base36(number: int) -> str:
    digits = ""
    while True:
        number, rest = divmod(number, 36)
        digits = _DIGITS[rest] + digits
        if not number:
            return digits


def _check_character(body: str) -> str:
    product = 36
    for character in body:
        product = (product + _DIGITS.index(character)) % 36 or 36
        product = product * 2 % 37
    return _DIGITS[(37 - product) % 36]
