"""Numbers that pass every check and belong to nobody.

Identity and credit codes use county code 98, which no county ever had; mobiles use segments that were never allotted;
bank cards an issuer number that no bank has. Sources of the check digits: GB 11643-1999, GB 32100-2015, Luhn.
"""

from __future__ import annotations

from datetime import date
from random import Random

NOWHERE = "98"  # a county code outside of GB/T 2260
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_WEIGHTS = tuple(pow(3, i, 31) for i in range(17))
_UNALLOTTED_MOBILES = ("161", "163", "164", "168", "169", "179")
_UNISSUED_CARDS = "629998"


def identity_number(rng: Random, city_code: str, born: date, *, female: bool) -> str:
    """Return an 18-character identity number of somebody born on `born` in a county that does not exist."""
    order = rng.randrange(500) * 2 + (0 if female else 1)
    body = f"{city_code}{NOWHERE}{born:%Y%m%d}{order:03d}"
    return body + identity_check(body)


def identity_check(body: str) -> str:
    """Return the check character of the first 17 digits (GB 11643)."""
    return "10X98765432"[sum(w * (ord(d) - 48) for w, d in zip(_ID_WEIGHTS, body, strict=True)) % 11]


def credit_code(rng: Random, city_code: str) -> str:
    """Return an 18-character 统一社会信用代码 of a company, its organisation code with a right check too."""
    subject = f"{rng.randrange(10**8):08d}"
    body = f"91{city_code}{NOWHERE}{subject}{_organisation_check(subject)}"
    total = sum(w * _CREDIT_ALPHABET.index(c) for w, c in zip(_CREDIT_WEIGHTS, body, strict=True))
    return body + _CREDIT_ALPHABET[(31 - total % 31) % 31]


def _organisation_check(subject: str) -> str:
    total = sum(w * int(d) for w, d in zip((3, 7, 9, 10, 5, 8, 4, 2), subject, strict=True))
    return "0123456789X"[(11 - total % 11) % 11]


def mobile_number(rng: Random) -> str:
    """Return an 11-digit mobile of a segment that nobody can own."""
    return f"{rng.choice(_UNALLOTTED_MOBILES)}{rng.randrange(10**8):08d}"


def landline_number(rng: Random) -> str:
    """Return a landline with the exchange 000, which is never given out."""
    return f"0{rng.randrange(310, 999)}-8000{rng.randrange(10**4):04d}"


def bank_card_number(rng: Random) -> str:
    """Return a 19-digit card number with a right Luhn digit."""
    body = f"{_UNISSUED_CARDS}{rng.randrange(10**12):012d}"
    digits = [int(d) for d in reversed(body)]
    total = sum(d if i % 2 else (d * 2 if d < 5 else d * 2 - 9) for i, d in enumerate(digits))
    return f"{body}{-total % 10}"
