"""Numbers built like the resident's identity card 公民身份号码.

6 digits of region, 8 of the birth date, 3 of sequence (odd: male), 1 check character.
Source: GB 11643-1999 (check: ISO 7064 MOD 11-2). The old 15-digit form has a two-digit year and no check.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from app.domain.identity_facts import (
    BirthInFuture,
    ImpossibleBirthDate,
    Sex,
    UnknownProvince,
    WrongCharacters,
    WrongCheckDigit,
)

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_CHARACTERS = "10X98765432"

PROVINCES = {
    "11": "北京市",
    "12": "天津市",
    "13": "河北省",
    "14": "山西省",
    "15": "内蒙古自治区",
    "21": "辽宁省",
    "22": "吉林省",
    "23": "黑龙江省",
    "31": "上海市",
    "32": "江苏省",
    "33": "浙江省",
    "34": "安徽省",
    "35": "福建省",
    "36": "江西省",
    "37": "山东省",
    "41": "河南省",
    "42": "湖北省",
    "43": "湖南省",
    "44": "广东省",
    "45": "广西壮族自治区",
    "46": "海南省",
    "50": "重庆市",
    "51": "四川省",
    "52": "贵州省",
    "53": "云南省",
    "54": "西藏自治区",
    "61": "陕西省",
    "62": "甘肃省",
    "63": "青海省",
    "64": "宁夏回族自治区",
    "65": "新疆维吾尔自治区",
    "71": "台湾省",
    "81": "香港特别行政区",
    "82": "澳门特别行政区",
    "83": "台湾居民居住证",
}
RESIDENCE_PERMIT_PROVINCES = frozenset({"81", "82", "83"})

# Nobody alive was born longer ago; such a date is a misread digit, not a person.
_LONGEST_LIFE_YEARS = 130
_EIGHTEEN = re.compile(r"[0-9]{17}[0-9X]")
_FIFTEEN = re.compile(r"[0-9]{15}")
_CENTENARIANS = frozenset({"996", "997", "998", "999"})


@dataclass(frozen=True, slots=True)
class Reading:
    """What the digits say; `birth_date` is None where the century is unknown."""

    modern_number: str
    birth_date: date | None
    sex: Sex


def check_character(first_seventeen: str) -> str:
    """Return the check character that belongs to 17 digits."""
    total = sum(int(digit) * weight for digit, weight in zip(first_seventeen, WEIGHTS, strict=True))
    return CHECK_CHARACTERS[total % 11]


def read_eighteen(number: str, today: date, *, with_province: bool = True) -> Reading:
    """Read an 18-character number; raises `IdentityRefused` in the order in which a person would look."""
    if not _EIGHTEEN.fullmatch(number):
        raise WrongCharacters
    if with_province and number[:2] not in PROVINCES:
        raise UnknownProvince
    birth_date = _birth_date(number[6:14], today)
    if check_character(number[:17]) != number[17]:
        raise WrongCheckDigit
    return Reading(number, birth_date, _sex(number[16]))


def read_fifteen(number: str, today: date) -> Reading:
    """Read an old 15-digit number; the birth year lies in 1900–1999 except for centenarians of that time."""
    if not _FIFTEEN.fullmatch(number):
        raise WrongCharacters
    if number[:2] not in PROVINCES:
        raise UnknownProvince
    sex = _sex(number[14])
    if number[12:] in _CENTENARIANS:
        return Reading(number, None, sex)
    birth_date = _birth_date("19" + number[6:12], today)
    longer = number[:6] + "19" + number[6:]
    return Reading(longer + check_character(longer), birth_date, sex)


def _sex(digit: str) -> Sex:
    return Sex.MALE if int(digit) % 2 else Sex.FEMALE


def _birth_date(digits: str, today: date) -> date:
    try:
        born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        raise ImpossibleBirthDate from None
    if born > today:
        raise BirthInFuture
    if today.year - born.year > _LONGEST_LIFE_YEARS:
        raise ImpossibleBirthDate
    return born
