"""Has this page come before? Two scans of one page read nearly alike; two filled copies of one form differ in what was filled in.

A blank form makes two copies of it look alike to the eye and to a plain count of words, so what many pages share counts little
(weights by rarity) and the numbers of both are compared one by one. A page without text is compared by its picture.

Nothing here is kept: what is stored of a page are `prints`, made with a key that comes from outside.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from hashlib import blake2b
from math import log

from app.domain.folding import fold

LENGTH = 3  # characters of a shingle
BANDS, ROWS = 12, 4
MOST_NUMBERS = 8  # by which a page is found again
_ENOUGH_NUMBERS = 3
_LONG_NUMBER = 8  # digits of a number by which pages are found
_LONGEST = 20_000
_ENOUGH_TEXT = 30  # shingles
# A misread character spoils three shingles and one number, and other copies of an unknown form share most shingles:
# numbers count twice. Chosen on copies that the bench does not use.
_BY_NUMBERS = 2 / 3
_SAME, _MARGIN = 0.5, 0.1
_STRANGE_FORM, _KNOWN_FORM = 0.12, 8  # pages among which the blank form is known
_SAME_WORDS, _STRANGE_WORDS = 0.57, 0.2
_FEW_DIGITS = 10
_MISREAD = 0.6  # what a number counts that differs in one place where readers err
_SAME_PICTURE, _LIKE_PICTURE = 4, 10  # bits of 64
_NO_WORD = re.compile(r"[\W_]+")
_ALIKE = str.maketrans("oqdil|!zsbg", "00011112589")
_DATE = re.compile(r"([0-9]{4})[年\-./]([0-9]{1,2})[月\-./]([0-9]{1,2})日?")
_AMOUNT_COMMA = re.compile(r"(?<=[0-9]),(?=[0-9]{3})")
_TOKEN = re.compile(r"[a-z0-9|!]+(?:\.[0-9]{2}(?![0-9]))?")
_LIKE_A_DATE = re.compile(r"(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])")
_PRIME = (1 << 61) - 1


class Verdict(StrEnum):
    """What two pages are to one another."""

    SAME = "same"
    UNSURE = "unsure"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What a page is compared by: its shingles, its numbers, and a hash of its picture where somebody made one."""

    shingles: frozenset[str]
    numbers: tuple[str, ...]
    picture: int | None = None

    @property
    def has_text(self) -> bool:
        return len(self.shingles) >= _ENOUGH_TEXT


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two pages are (0..1), how far their numbers agree (0..1), and what follows."""

    score: float
    numbers_score: float
    verdict: Verdict


class Weights:
    """How much a shingle or a number says: the fewer pages hold it, the more. Without pages, all say the same."""

    def __init__(self, background: Iterable[Fingerprint] = ()) -> None:
        self._pages: Counter[str] = Counter()
        self._numbers: Counter[str] = Counter()
        self.count = 0
        for print_ in background:
            self.count += 1
            self._pages.update(print_.shingles)
            self._numbers.update(set(print_.numbers))

    @property
    def needed(self) -> float:
        """Return from which likeness on two pages are the same: less is enough where the blank form is known."""
        return _SAME + _STRANGE_FORM * self._strangeness

    @property
    def needed_of_words(self) -> float:
        """Return from which likeness on two pages are the same that have hardly a number."""
        return _SAME_WORDS + _STRANGE_WORDS * self._strangeness

    @property
    def _strangeness(self) -> float:
        return max(0.0, 1 - self.count / _KNOWN_FORM)

    def of(self, shingle: str) -> float:
        """Return the weight of a shingle."""
        return log((self.count + 2) / (self._pages[shingle] + 1))

    def is_printed(self, number: str) -> bool:
        """Say whether a number belongs to the blank form, as a service line does."""
        return self._numbers[number] >= max(3, self.count * 0.3)


def fingerprint(text: str, picture: int | None = None) -> Fingerprint:
    """Return what a page is compared by; `picture` is a perceptual hash of 64 bits."""
    folded = fold(text[:_LONGEST])
    bare = _NO_WORD.sub("", folded)
    shingles = frozenset(bare[at : at + LENGTH] for at in range(len(bare) - LENGTH + 1))
    return Fingerprint(shingles, tuple(_numbers(folded)), picture)


def compare(one: Fingerprint, other: Fingerprint, weights: Weights) -> Likeness:
    """Return how alike two pages are."""
    if not one.has_text or not other.has_text:
        return _by_picture(one, other)
    score = _jaccard(one.shingles, other.shingles, weights)
    if _is_poor(one, weights) and _is_poor(other, weights):
        return Likeness(score, 0.0, _verdict(score, weights.needed_of_words))
    numbers = _agreement(one.numbers, other.numbers, weights)
    return Likeness(score, numbers, _verdict(score * (1 - _BY_NUMBERS) + numbers * _BY_NUMBERS, weights.needed))


def prints(page: Fingerprint, seal: Callable[[str], str]) -> tuple[str, ...]:
    """Return by what a page is found again among hundreds of thousands; `seal` is a keyed hash.

    Its long numbers, since a page scanned twice keeps most of them and other copies of the form have none of them; for a page
    poor in numbers the bands of a MinHash of its words as well.
    """
    longs = sorted({number for number in page.numbers if _finds(number)}, key=lambda number: (-len(number), number))
    found = [seal(f"n{number}") for number in longs[:MOST_NUMBERS]]
    if len(found) < _ENOUGH_NUMBERS and page.has_text:
        found += [seal(f"b{band}:{rows}") for band, rows in enumerate(_bands(page.shingles))]
    return tuple(found)


def _verdict(likeness: float, needed: float) -> Verdict:
    return Verdict.SAME if likeness >= needed else Verdict.UNSURE if likeness >= needed - _MARGIN else Verdict.OTHER


def _is_poor(page: Fingerprint, weights: Weights) -> bool:
    return sum(len(number) for number in page.numbers if not weights.is_printed(number)) < _FEW_DIGITS


def _finds(number: str) -> bool:
    digits = sum(map(str.isdigit, number))
    return digits >= _LONG_NUMBER and not _LIKE_A_DATE.fullmatch(number)


def _bands(shingles: frozenset[str]) -> list[str]:
    """Return the bands of a MinHash; pages of which more than half is alike share one nearly always."""
    hashes = [int.from_bytes(blake2b(shingle.encode(), digest_size=7).digest(), "big") for shingle in shingles]
    lowest = [min((factor * value + shift) % _PRIME for value in hashes) for factor, shift in _permutations()]
    return ["-".join(f"{value:x}" for value in lowest[at : at + ROWS]) for at in range(0, len(lowest), ROWS)]


@cache
def _permutations() -> tuple[tuple[int, int], ...]:
    """Return fixed factors and shifts: prints made in different years must meet."""

    def draw(name: str) -> int:
        return int.from_bytes(blake2b(name.encode(), digest_size=7).digest(), "big") | 1

    return tuple((draw(f"factor{at}"), draw(f"shift{at}")) for at in range(BANDS * ROWS))


def _jaccard(one: frozenset[str], other: frozenset[str], weights: Weights) -> float:
    shared = sum(map(weights.of, one & other))
    whole = shared + sum(map(weights.of, one ^ other))
    return shared / whole if whole else 0.0


def _numbers(folded: str) -> list[str]:
    """Return the numbers of a text from four digits on, dates as eight digits, look-alike letters as digits."""
    dated = _DATE.sub(lambda date: f" {date[1]}{date[2]:0>2}{date[3]:0>2} ", _AMOUNT_COMMA.sub("", folded))
    found = []
    for token in _TOKEN.findall(dated):
        if sum(map(str.isdigit, token)) * 2 >= len(token):
            mended = token.translate(_ALIKE)
            if sum(map(str.isdigit, mended)) >= 4:
                found.append(mended)
    return found


def _agreement(one: tuple[str, ...], other: tuple[str, ...], weights: Weights) -> float:
    """Return the share of numbers that both pages have, as each of them sees it; 0 where there are none to compare."""
    mine = [number for number in one if not weights.is_printed(number)]
    theirs = [number for number in other if not weights.is_printed(number)]
    if not mine or not theirs:
        return 0.0
    return (_found(mine, theirs) + _found(theirs, mine)) / 2


def _found(numbers: list[str], among: list[str]) -> float:
    there = set(among)
    total = sum(map(len, numbers))
    return (
        sum(len(n) * (1.0 if n in there else _MISREAD * any(_differs_once(n, o) for o in there)) for n in numbers)
        / total
    )


def _differs_once(one: str, other: str) -> bool:
    if len(one) < 8:
        return False
    if len(one) == len(other):
        return sum(map(str.__ne__, one, other)) == 1
    short, long = sorted((one, other), key=len)
    if len(long) - len(short) != 1:
        return False
    at = next((i for i, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    return short[at:] == long[at + 1 :]


def _by_picture(one: Fingerprint, other: Fingerprint) -> Likeness:
    if one.picture is None or other.picture is None:
        return Likeness(0.0, 0.0, Verdict.OTHER)
    apart = (one.picture ^ other.picture).bit_count()
    verdict = Verdict.SAME if apart <= _SAME_PICTURE else Verdict.UNSURE if apart <= _LIKE_PICTURE else Verdict.OTHER
    return Likeness(1 - apart / 64, 0.0, verdict)
