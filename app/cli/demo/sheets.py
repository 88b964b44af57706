"""A sheet of paper as a list of marks in millimetres: what the press put on it, and what people added later."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from app.cli.demo.fonts import Face

WIDTH, HEIGHT = 210.0, 297.0
_SAME_ROW = 2  # mm between two lines that are read as one

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

    def rows(self) -> list[list[Text]]:
        """Return the texts of the page in reading order, row by row; words on stamps are left out."""
        texts = sorted(
            (m for m in self.printed + self.written if isinstance(m, Text) and m.text.strip()), key=lambda t: t.y
        )
        rows = [texts[:1]]
        for above, text in pairwise(texts):
            if text.y - above.y > _SAME_ROW:
                rows.append([])
            rows[-1].append(text)
        return [sorted(row, key=lambda t: t.x) for row in rows]

    def text(self) -> str:
        """Return the words of the page, one line a row."""
        return "\n".join(" ".join(text.text for text in row) for row in self.rows())
