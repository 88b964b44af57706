"""A sheet of paper as a list of marks in millimetres: what the press put on it, and what people added later."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from app.cli.demo.fonts import Face

WIDTH, HEIGHT = 210.0, 297.0

Colour = tuple[int, int, int]
BLACK: Colour = (38, 38, 42)
RED: Colour = (196, 32, 38)
BLUE: Colour = (28, 70, 140)
GREEN: Colour = (22, 96, 66)
BROWN: Colour = (150, 62, 40)


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line; `weight` in mm."""

    x: float
    y: float
    to_x: float
    to_y: float
    weight: float = 0.2


@dataclass(frozen=True, slots=True)
class Panel:
    """A filled rectangle; `level` 0 is full ink and 255 bare paper; an outline where `outline` is asked for."""

    x: float
    y: float
    width: float
    height: float
    level: int
    radius: float = 0
    outline: bool = False


@dataclass(frozen=True, slots=True)
class Text:
    """A line of text; `y` is its middle, `size` in points, `anchor` l, m or r; `level` as in `Panel`.

    `colour` None means the ink of the press, or the pen of the hand for the handwritten faces.
    """

    x: float
    y: float
    text: str
    size: float
    face: Face = Face.SONG
    anchor: str = "l"
    level: int = 0
    colour: Colour | None = None
    by: int = 0  # 0: who filled in the form; 1, 2 …: others who signed


@dataclass(frozen=True, slots=True)
class Seal:
    """A red stamp: a ring with a name around and a label below the star, or a square one of a person's name."""

    x: float
    y: float
    diameter: float
    around: str
    label: str = ""
    square: bool = False


@dataclass(frozen=True, slots=True)
class Bars:
    """A barcode, interleaved two of five."""

    x: float
    y: float
    width: float
    height: float
    digits: str


@dataclass(frozen=True, slots=True)
class Curve:
    """A line through points; `level` is that of a printed one, `colour` None the ink of the press."""

    points: tuple[tuple[float, float], ...]
    weight: float = 0.3
    colour: Colour | None = None
    level: int = 30


Mark = Rule | Panel | Text | Seal | Bars | Curve


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page. `printed` is the blank form, the same for all of a kind; `written` is what this customer added."""

    printed: tuple[Mark, ...]
    written: tuple[Mark, ...]
    ink: Colour
    hand: int

    def text(self) -> str:
        """Return the words of the page in reading order, one line a row; words on stamps are left out."""
        texts = [m for m in self.printed + self.written if isinstance(m, Text) and m.text.strip()]
        return "\n".join(" ".join(t.text for t in sorted(row, key=lambda t: t.x)) for row in _rows(texts))


def _rows(texts: Iterable[Text]) -> list[list[Text]]:
    ordered = sorted(texts, key=lambda t: t.y)
    rows = [[t] for t in ordered[:1]]
    for above, text in pairwise(ordered):
        if text.y - above.y > 2:
            rows.append([])
        rows[-1].append(text)
    return rows
