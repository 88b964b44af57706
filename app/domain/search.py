"""What a question means, and when a text answers it: the one reading of text for index, database and screen.

Text is folded first (full width, letter case, invisible marks, radicals out of PDFs) and then falls into two
sorts of pieces:

* *Chinese*, which has no blanks between words: found by every single character and every pair of neighbours.
  Blanks, line breaks and middle dots between two Chinese characters mean nothing (姓　名, 阿凡提·买买提).
* *Runs* of letters and digits, found whole. Runs glued to Chinese are pieces of their own. Runs joined by one
  hyphen, dot, slash or underline form a chain such as the archive number J019-ZY·CB·2024·D30-00318: found whole,
  by neighbours, by each run, and typed without any mark in between. A telephone or card number written in groups
  counts as one run, so that its groups are not to be found (nor to be read in an index) one by one.

`tokens_of` says what an index has to hold; `understand` says which of these a question needs; `matches` is the
exact answer for one record; `highlight_spans` says where. All four agree, and tests hold them to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from operator import add

from app.domain.folding import fold, fold_with_origin

MAX_QUESTION = 100  # characters; a pasted page is no question
_MAX_RUN = 64  # characters of a run that count; the rest of a longer one is ignored on both sides
SECRET_DIGITS = 8  # from here on a number says who somebody is
_MIN_COMPACT = 6  # shorter chains typed without marks would meet strangers: 2-1 and 21
_MIN_GROUPED = 10  # digits from which a chain of nothing but digits is one number

_HAN = (
    "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3031-\u3035\u3038-\u303b\u3040-\u318f\u31a0-\u31bf\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7ff\uf900-\ufaff\U0001b000-\U0001b16f\U00020000-\U0003ffff"
    "\ue000-\uf8ff\U000f0000-\U0010ffff"  # private use: rare characters of names in older systems
)
_RUN = rf"[^\W_{_HAN}]+"
# Never possessive groups: Python before 3.11.5 (Debian 12 has 3.11.2) steps wrong out of them.
_CHAIN = rf"{_RUN}(?:[-_·./]{_RUN})*"
# 138 1234 5678 and 6222 0212 3456 7890 123: groups that are one number.
_GROUPED = rf"(?:1[3-9]\d \d{{4}} \d{{4}}|62\d\d(?: \d{{4}}){{3}}(?: \d{{3}})?)(?!{_RUN})"


def _pieces(gap: str) -> re.Pattern[str]:
    chinese = f"[{_HAN}]+(?:{gap}[{_HAN}]+)*"
    return re.compile(f"(?P<grouped>{_GROUPED})|(?P<chain>{_CHAIN})|(?P<chinese>{chinese})")


_IN_TEXT = _pieces("[ ·]+")
_IN_QUESTION = _pieces("·+")  # here a blank parts two words
_GAP = re.compile("[ ·]+")
_JOINT = re.compile("[-_·./ ]")
_BETWEEN_JOINTS = re.compile("[^-_·./ ]+")
_DATE = r"(?:19|20)\d\d(?:[-./]\d{1,2}){0,2}"
_PERIOD = re.compile(rf"{_DATE}(?:-{_DATE})?|\d+\.\d+")  # dates, spans of dates, decimals


class PartKind(StrEnum):
    """What sort of thing one part of a question is."""

    CHARACTER = "character"
    PHRASE = "phrase"
    WORD = "word"
    IDENTIFIER = "identifier"


class Unclear(StrEnum):
    """Why a question cannot be asked."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    ONLY_MARKS = "only_marks"


@dataclass(frozen=True, slots=True)
class Part:
    """One thing asked for. An index finds candidates that hold all tokens of any one reading."""

    kind: PartKind
    text: str  # folded; the runs of a chain are joined by "-"
    readings: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Question:
    """All parts must be found; without parts, `unclear` says why."""

    parts: tuple[Part, ...]
    unclear: Unclear | None = None


def needs_blinding(token: str) -> bool:
    """Say whether a token is a number (8 digits or more) that must not lie in clear in an index."""
    return len(token) >= SECRET_DIGITS and sum(map(str.isdigit, token)) >= SECRET_DIGITS


@dataclass(frozen=True, slots=True)
class _Chain:
    """One or more runs joined by marks."""

    runs: tuple[str, ...]
    joined: str  # typed without marks; empty where that would mean too much
    one_number: bool  # its groups alone mean nothing

    @classmethod
    def read(cls, written: str) -> _Chain:
        runs = tuple(run[:_MAX_RUN] for run in _JOINT.split(written))
        compact = "".join(runs)
        speaks = _MIN_COMPACT <= len(compact) <= _MAX_RUN and any(map(str.isdigit, compact))
        if len(runs) == 1 or not speaks:
            return cls(runs, "", one_number=False)
        digits = compact.removesuffix("x")
        grouped = digits.isdecimal() and len(digits) >= _MIN_GROUPED and not _PERIOD.fullmatch(written)
        return cls(runs, compact, grouped)

    def found_by(self) -> list[str]:
        """Return the runs by which the chain is found one by one, with the spelling without marks."""
        runs = [run for run in self.runs if needs_blinding(run)] if self.one_number else list(self.runs)
        return [*runs, self.joined] if self.joined else runs

    def neighbours(self) -> list[str]:
        """Return each run with the next: the pairs by which a part of a chain is found."""
        return [f"{left}-{right}" for left, right in pairwise(self.runs)]


def tokens_of(text: str) -> set[str]:
    """Return everything by which `text` is to be found."""
    found: set[str] = set()
    for piece in _IN_TEXT.finditer(fold(text)):
        if piece.lastgroup == "chinese":
            compact = _GAP.sub("", piece.group())
            found.update(compact)
            found.update(map(add, compact, compact[1:]))
        else:
            chain = _Chain.read(piece.group())
            found.update(chain.found_by())
            if not chain.one_number:
                found.update(chain.neighbours())
    return found


def understand(text: str) -> Question:
    """Return what is asked: words parted by blanks or by a change of script are all wanted.

    No character has a meaning of its own: `*`, `?`, quotes and brackets only part words.
    """
    typed = text.strip()
    folded = fold(typed[: MAX_QUESTION + 1]).strip()
    if not folded:
        return Question((), Unclear.EMPTY)
    if len(typed) > MAX_QUESTION or len(folded) > MAX_QUESTION:
        return Question((), Unclear.TOO_LONG)
    parts = tuple(dict.fromkeys(map(_part, _IN_QUESTION.finditer(folded))))
    return Question(parts, None if parts else Unclear.ONLY_MARKS)


def _part(piece: re.Match[str]) -> Part:
    if piece.lastgroup == "chinese":
        return _chinese_part(_GAP.sub("", piece.group()))
    chain = _Chain.read(piece.group())
    kind = PartKind.IDENTIFIER if any(map(str.isdigit, piece.group())) else PartKind.WORD
    apart = tuple(chain.neighbours()) or chain.runs
    return Part(kind, "-".join(chain.runs), (apart, (chain.joined,)) if chain.joined else (apart,))


def _chinese_part(compact: str) -> Part:
    if len(compact) == 1:
        return Part(PartKind.CHARACTER, compact, ((compact,),))
    return Part(PartKind.PHRASE, compact, (tuple(dict.fromkeys(map(add, compact, compact[1:]))),))


def matches(question: Question, *texts: str) -> bool:
    """Say whether every part of `question` stands in at least one of `texts`; no parts, no match."""
    searched = "".join(map(_searched, texts))
    return bool(question.parts) and all(any(form in searched for form in _forms(part)) for part in question.parts)


def _searched(text: str) -> str:
    """Return `text` with Chinese pieces closed up and every chain between hyphens, one a line."""
    lines: list[str] = []
    for piece in _IN_TEXT.finditer(fold(text)):
        if piece.lastgroup == "chinese":
            lines.append(_GAP.sub("", piece.group()))
            continue
        chain = _Chain.read(piece.group())
        lines += [f"-{run}-" for run in chain.found_by()]
        if not chain.one_number:
            lines.append(f"-{'-'.join(chain.runs)}-")
    return "\n".join([*lines, ""])


def _forms(part: Part) -> list[str]:
    """Return the spellings of which one must stand in a searched text."""
    if part.kind in {PartKind.CHARACTER, PartKind.PHRASE}:
        return [part.text]
    return [f"-{'-'.join(wanted)}-" for wanted in _wanted_runs(part)]


def highlight_spans(question: Question, text: str) -> list[tuple[int, int]]:
    """Return where the parts stand in `text`: (start, end) in its own characters, in order, not overlapping."""
    folded, origin = fold_with_origin(text)
    spans: list[tuple[int, int]] = []
    for piece in _IN_TEXT.finditer(folded):
        inside = _chinese_spans if piece.lastgroup == "chinese" else _chain_spans
        spans += [(origin[start][0], origin[end - 1][1]) for start, end in inside(question, piece)]
    return _merged(spans)


def _chinese_spans(question: Question, piece: re.Match[str]) -> Iterator[tuple[int, int]]:
    written = piece.group()
    places = [piece.start() + at for at, character in enumerate(written) if character not in " ·"]
    compact = _GAP.sub("", written)
    for part in question.parts:
        at = compact.find(part.text)
        while at >= 0:
            yield places[at], places[at + len(part.text) - 1] + 1
            at = compact.find(part.text, at + 1)


def _chain_spans(question: Question, piece: re.Match[str]) -> Iterator[tuple[int, int]]:
    chain = _Chain.read(piece.group())
    places = [
        (piece.start() + run.start(), piece.start() + run.end()) for run in _BETWEEN_JOINTS.finditer(piece.group())
    ]
    for wanted in (wanted for part in question.parts for wanted in _wanted_runs(part)):
        if wanted == (chain.joined,):
            yield places[0][0], places[-1][1]
        for at in _places_of(wanted, chain):
            yield places[at][0], places[at + len(wanted) - 1][1]


def _wanted_runs(part: Part) -> list[tuple[str, ...]]:
    if part.kind in {PartKind.CHARACTER, PartKind.PHRASE}:
        return []
    return [tuple(part.text.split("-")), *part.readings[1:]]


def _places_of(wanted: tuple[str, ...], chain: _Chain) -> Iterator[int]:
    if chain.one_number and not (len(wanted) == 1 and needs_blinding(wanted[0])):
        return
    for at in range(len(chain.runs) - len(wanted) + 1):
        if chain.runs[at : at + len(wanted)] == wanted:
            yield at


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
