"""One spelling for what people type: full-width forms, stray blanks, dashes, the country code.

Two readings are kept apart. In *text* (names, titles, addresses) only letters, digits and blanks are folded
to half width: Chinese punctuation is right as it is. In *numbers* everything is folded. Unicode's NFKC is not
used, since it also rewrites rare characters of personal names (U+F9xx) and signs like ① or ㎡.
"""

from __future__ import annotations

import re

_FULL_WIDTH = range(0xFF01, 0xFF5F)
_TO_HALF = 0xFEE0

_FOLD_ALL: dict[int, int | str | None] = {code: code - _TO_HALF for code in _FULL_WIDTH} | {0x3000: " "}
_FOLD_TEXT: dict[int, int | str | None] = {
    code: half for code, half in _FOLD_ALL.items() if half == " " or (isinstance(half, int) and chr(half).isalnum())
}
# Marks without width, byte order marks and direction overrides come along when people paste.
_INVISIBLE: dict[int, int | str | None] = dict.fromkeys(
    [0x00AD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF]
)
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−﹣－ー"), "-")
_MIDDLE_DOTS = dict.fromkeys(map(ord, "•‧∙⋅・･．●˙"), "·")

_BLANKS = re.compile(r"[\s\x00-\x1f\x7f]+")
_BETWEEN_HAN = re.compile(r"(?<=[\u3400-\u9fff\uf900-\ufaff]) (?=[\u3400-\u9fff\uf900-\ufaff])")
_BRACKETS = re.compile(r"[()\[\].]")
_EXTENSION = re.compile(r"-?(?:转|EXT|X|#)+-?")
# Without + or 00, 86 is the country code only before a whole mobile number.
_COUNTRY_CODE = re.compile(r"^(?:(?:\+|00)86-?|86-?(?=1[3-9][0-9]{9}$))")
_AREA_CODE = re.compile(r"10|[2-9]")
_SERVICE = re.compile(r"[48]00-?[0-9]{3}-?[0-9]{4}|95[0-9]{3,4}")


def fold_width(text: str) -> str:
    """Return `text` with every full-width form in half width and marks without width removed."""
    return text.translate(_FOLD_ALL | _INVISIBLE)


def clean_text(text: str) -> str:
    """Return `text` as one trimmed line: half-width letters and digits, single blanks, Chinese punctuation kept."""
    return _BLANKS.sub(" ", text.translate(_FOLD_TEXT | _INVISIBLE)).strip()


def clean_note(text: str) -> str:
    """Return `text` of several lines with each line cleaned, without empty lines at either end."""
    return "\n".join(clean_text(line) for line in text.splitlines()).strip()


def clean_name(text: str) -> str:
    """Return a name without blanks between Chinese characters and with `·` for every kind of middle dot.

    Blanks stay between Latin words: 张　三 → 张三, John  Smith → John Smith, 阿凡提•买买提 → 阿凡提·买买提.
    """
    dotted = re.sub(r"\s*·\s*", "·", clean_text(text.translate(_MIDDLE_DOTS)))
    return _BETWEEN_HAN.sub("", dotted)


def clean_number(text: str) -> str:
    """Return a number in half width, upper case, without blanks, every kind of dash as `-`."""
    return _BLANKS.sub("", fold_width(text.translate(_DASHES))).upper()


def compact_number(text: str) -> str:
    """Return a number like `clean_number` does, and without dashes: 6217-0000 0000 → 621700000000."""
    return clean_number(text).replace("-", "")


def clean_phone(text: str) -> str:
    """Return a telephone number without blanks, brackets and +86; an extension follows `-`.

    The leading 0 of an area code, which people drop after +86, comes back: +86 10 6512 3456 → 01065123456.
    """
    number = _EXTENSION.sub("-", _BRACKETS.sub("", clean_number(text)))
    domestic = _COUNTRY_CODE.sub("", number)
    lost_its_zero = domestic != number and _AREA_CODE.match(domestic) and not _SERVICE.fullmatch(domestic)
    return "0" + domestic if lost_its_zero else domestic


def clean_email(text: str) -> str:
    """Return an e-mail address without blanks, its domain in lower case."""
    local, at, domain = _BLANKS.sub("", fold_width(text)).rpartition("@")
    return local + at + domain.lower()
