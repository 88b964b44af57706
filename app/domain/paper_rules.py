"""Which kind of paper a text is, told from words alone: what serves from the first day, before anything was learnt.

Words at the head name a paper; words in its body betray it. A misread character in a long title is forgiven. Every answer
says which words decided.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from app.domain.folding import fold
from app.domain.paper_types import SEED, PaperTypeSeed

_HEAD = 8  # lines in which a title stands
_UPPER = 20
_LONGEST_LINE = 30  # a title stands by itself, not in a sentence
_AFTER_TITLE = re.compile(r"(?:副本|正本|复印件|样[本张]|电子|客户联|留存联|[0-9a-z]{1,8}|第.页|页|共.页)*")
_NO_WORD = re.compile(r"[\W_]+")
_FOREIGN_TO_TITLES = re.compile(r"[:：]|号$")
_FORGIVING = 5  # titles from this length may have a character wrong
_TITLE, _MISREAD_TITLE = 3.0, 2.0
_WORD, _MISREAD_WORD = 0.5, 0.3
_DOUBT = 1.2  # evidence weaker than this leaves more doubt than faith
_ENOUGH = 0.02


@dataclass(frozen=True, slots=True)
class Guess:
    """A kind of paper that a text may be, how sure (0..1), and the words that say so, weightiest first."""

    code: str
    score: float
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Line:
    text: str  # word characters only
    weight: float
    is_title: bool


def guess(text: str, seeds: Iterable[PaperTypeSeed] = SEED) -> list[Guess]:
    """Return the kinds that `text` may be, likeliest first; empty when nothing speaks for any."""
    lines = _lines(text)
    body = "".join(line.text for line in lines)
    found = {seed.code: _evidence(seed, lines, body) for seed in seeds}
    total = sum(weight**2 for weight, _ in found.values()) + _DOUBT**2
    guesses = [Guess(code, weight**2 / total, why) for code, (weight, why) in found.items()]
    return sorted((one for one in guesses if one.score > _ENOUGH), key=lambda one: (-one.score, one.code))


def _lines(text: str) -> list[_Line]:
    kept = [fold(raw) for raw in text.splitlines() if raw.strip()]
    return [_Line(bare, _weight(at), _may_be_title(raw, bare)) for at, raw in enumerate(kept) if (bare := _bare(raw))]


def _bare(text: str) -> str:
    return _NO_WORD.sub("", text)


def _weight(at: int) -> float:
    return 1.0 if at < _HEAD else 0.6 if at < _UPPER else 0.35


def _may_be_title(raw: str, bare: str) -> bool:
    return len(bare) <= _LONGEST_LINE and not _FOREIGN_TO_TITLES.search(raw.strip())


def _evidence(seed: PaperTypeSeed, lines: list[_Line], body: str) -> tuple[float, tuple[str, ...]]:
    """Return the weight of all that speaks for a kind, and the words."""
    title, named = max(_titles(seed, lines), default=(0.0, ""))
    reasons: dict[str, float] = defaultdict(float, {named: title} if named else {})
    for word in _bared(seed.words):
        reasons[word] += _WORD * _rarity(word) if word in body else _MISREAD_WORD * _nearly(word, body)
    ordered = sorted(((weight, word) for word, weight in reasons.items() if weight), reverse=True)
    return sum(weight for weight, _ in ordered), tuple(word for _, word in ordered)


def _titles(seed: PaperTypeSeed, lines: list[_Line]) -> Iterator[tuple[float, str]]:
    """Yield for each line that may be a title of this kind how much it weighs; longer titles say more."""
    for line in lines:
        if not line.is_title:
            continue
        for title in _bared(seed.titles):
            strength = _title_strength(title, line.text)
            if strength:
                yield line.weight * strength * (0.8 + len(title) / 25), title


def _title_strength(title: str, line: str) -> float:
    at = line.rfind(title)
    if at >= 0:
        ends = _AFTER_TITLE.fullmatch(line, at + len(title)) is not None
        return _TITLE if ends else _TITLE / 3 if len(title) >= _FORGIVING else 0.0
    if len(title) >= _FORGIVING and abs(len(line) - len(title)) <= _FORGIVING and _nearly(title, line):
        return _MISREAD_TITLE
    return 0.0


def _nearly(word: str, text: str) -> bool:
    """Say whether `word`, of five characters or more, stands in `text` with one character wrong.

    Either half must then be there untouched, which is quick to look for.
    """
    if len(word) < _FORGIVING:
        return False
    half = len(word) // 2
    return _beside(word, text, word[:half], 0) or _beside(word, text, word[half:], half)


def _beside(word: str, text: str, half: str, offset: int) -> bool:
    at = text.find(half)
    while at >= 0:
        window = text[max(0, at - offset) : at - offset + len(word)] if at >= offset else ""
        if len(window) == len(word) and sum(map(str.__ne__, window, word)) <= 1:
            return True
        at = text.find(half, at + 1)
    return False


@lru_cache(maxsize=512)
def _bared(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(_bare(fold(word)) for word in words)


def _rarity(word: str) -> float:
    """Return how much a word counts: one that several kinds share says less."""
    return 1 / _sharing().get(word, 1)


@lru_cache(maxsize=1)
def _sharing() -> dict[str, int]:
    count: dict[str, int] = defaultdict(int)
    for seed in SEED:
        for word in _bared(seed.words):
            count[word] += 1
    return dict(count)
