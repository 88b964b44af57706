"""A form laid out from top to bottom: letterhead, grids, tables, questions, signatures; it breaks pages by itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from app.cli.demo.fonts import Face
from app.cli.demo.measures import BOTTOM, LEFT, POINT, RIGHT, TOP, fit, frame, measure, steps, wrap
from app.cli.demo.sheets import BLACK, HEIGHT, WIDTH, Bars, Colour, Curve, Mark, Panel, Rule, Seal, Sheet, Text

_SPRAWL = 1.12  # a hand needs more room than type of the same size

Cell = tuple[str, str] | tuple[str, str, float]


class Paper:
    """Builds the sheets of one paper. `filled` is the face of values: a hand, or a printer's type."""

    def __init__(self, code: str, *, filled: Face = Face.HAND, ink: Colour = BLACK, hand: int = 0) -> None:
        self.code = code
        self.filled = filled
        self.ink = ink
        self.hand = hand
        self.y = TOP
        self._pages: list[tuple[list[Mark], list[Mark]]] = [([], [])]

    # --- marks ---------------------------------------------------------------------------------

    def print(self, *marks: Mark) -> None:
        """Add to the blank form."""
        self._pages[-1][0].extend(marks)

    def write(self, *marks: Mark) -> None:
        """Add what is particular to this customer."""
        self._pages[-1][1].extend(marks)

    def value(
        self, x: float, y: float, text: str, width: float, *, anchor: str = "l", size: float = 0, lines: int = 2
    ) -> None:
        """Fill in `text` so that it fits `width` mm: a little smaller, then on two lines, then smaller still."""
        points = size or (12.0 if self.by_hand else 9.5)
        room = width / _SPRAWL if self.by_hand else width
        if measure(text, points * 0.8) <= room or text.isascii():
            lines = 1  # a number is never broken
        points = min(
            points * (0.82 if lines == 2 else 1), fit(text, points, room * lines * (0.96 if lines == 2 else 1))
        )
        x += {"l": 0, "m": width / 2, "r": width}[anchor]
        pieces = [text] if lines == 1 else wrap(text, points, room)
        for index, line in enumerate(pieces):
            down = (index - (len(pieces) - 1) / 2) * points * POINT * 1.12
            self.write(Text(x, y + down, line, points, self.filled, anchor))

    @property
    def by_hand(self) -> bool:
        return self.filled in (Face.HAND, Face.LIGHT_HAND)

    # --- flow ----------------------------------------------------------------------------------

    def space(self, height: float) -> None:
        """Leave `height` mm free."""
        self.y += height

    def room(self, height: float) -> None:
        """Begin a new page unless `height` mm are left on this one."""
        if self.y + height > BOTTOM:
            self.turn()

    def turn(self) -> None:
        """Begin a new page."""
        self._pages.append(([], []))
        self.y = TOP

    def sheets(self, pages: int | None = None) -> tuple[Sheet, ...]:
        """Return the pages, numbered; asked for more than there are, ruled continuation pages follow."""
        while pages is not None and len(self._pages) < pages:
            self.turn()
            self._continuation()
        kept = self._pages[:pages]
        return tuple(
            Sheet(tuple(printed) + self._foot(number, len(kept)), tuple(written), self.ink, self.hand)
            for number, (printed, written) in enumerate(kept, 1)
        )

    def _continuation(self) -> None:
        self.title("附  页", size=14)
        self.paragraph("（此页用于粘贴单证或补充说明，骑缝处请加盖经办人章）", size=9)
        self.print(Panel(LEFT, self.y + 2, RIGHT - LEFT, BOTTOM - self.y - 6, 255, outline=True))
        self.print(*(Rule(LEFT + 6, y, RIGHT - 6, y, 0.1) for y in steps(self.y + 16, BOTTOM - 12, 11)))

    def _foot(self, number: int, count: int) -> tuple[Mark, ...]:
        y = HEIGHT - 13
        return (
            Text(LEFT, y, self.code, 7.5, Face.SONG, level=60),
            Text(WIDTH / 2, y, f"第 {number} 页  共 {count} 页", 8, Face.SONG, "m", level=40),
            Text(RIGHT, y, "样本 · 合成数据", 7, Face.HEI, "r", level=110),
        )

    # --- heads ---------------------------------------------------------------------------------

    def letterhead(self, name: str, *, aside: str = "", colour: Colour | None = None) -> None:
        """Put the issuer on top with its mark and a double rule."""
        y = self.y + 5
        self.print(
            Panel(LEFT, y - 4.5, 9, 9, 70, radius=2), Text(LEFT + 4.5, y, name[0], 15, Face.BOLD_HEI, "m", level=255)
        )
        self._head(Text(LEFT + 12, y, name, 13, Face.BOLD_HEI, colour=colour))
        if aside:
            self.print(Text(RIGHT, y + 1, aside, 8, Face.HEI, "r", level=50))
        self.print(Rule(LEFT, y + 6, RIGHT, y + 6, 0.7), Rule(LEFT, y + 7.1, RIGHT, y + 7.1, 0.2))
        self.y = y + 11

    def _head(self, text: Text) -> None:
        """Names of issuers vary, and a second colour is no part of the blank: both are drawn with the values."""
        self.write(text)

    def title(self, text: str, *, size: float = 18, face: Face = Face.BOLD_HEI, colour: Colour | None = None) -> None:
        """Centre a heading."""
        height = size * POINT * 1.9
        mark = Text(WIDTH / 2, self.y + height / 2, text, size, face, "m", colour=colour)
        (self.write if colour else self.print)(mark)
        self.y += height

    def numbered(self, label: str, number: str, *, barcode: bool = False) -> None:
        """Put a number at the right, with a barcode above where asked."""
        if barcode:
            digits = "".join(c for c in number if c.isdigit())
            self.write(Bars(RIGHT - 52, self.y, 52, 8, digits[: len(digits) // 2 * 2]))
            self.y += 10
        self.print(Text(RIGHT - 54, self.y + 2.5, f"{label}：", 9, Face.HEI, "r"))
        self.write(Text(RIGHT - 53, self.y + 2.5, number, 10, Face.TYPE))
        self.y += 7

    def section(self, text: str) -> None:
        """Put a bar with a heading across the page."""
        self.room(24)
        self.print(Panel(LEFT, self.y, RIGHT - LEFT, 6.4, 205), Text(LEFT + 2, self.y + 3.2, text, 10, Face.BOLD_HEI))
        self.y += 6.4

    # --- bodies --------------------------------------------------------------------------------

    def rows(self, *rows: Sequence[Cell], label: float = 24, height: float = 8.4) -> None:
        """Rule a grid of labels and values; the third item of a cell is its share of the width."""
        for row in rows:
            self.room(height)
            self._row(row, label, height)
            self.y += height

    def _row(self, row: Sequence[Cell], label: float, height: float) -> None:
        shares = [cell[2] if len(cell) == 3 else 1.0 for cell in row]
        x, unit, middle = LEFT, (RIGHT - LEFT) / sum(shares), self.y + height / 2
        for cell, share in zip(row, shares, strict=True):
            width = share * unit
            self.print(Panel(x, self.y, label, height, 240), *frame(x, self.y, width, height))
            self.print(Rule(x + label, self.y, x + label, self.y + height))
            self.print(Text(x + label / 2, middle, cell[0], fit(cell[0], 9, label - 2), Face.HEI, "m"))
            self.value(x + label + 1.8, middle, cell[1], width - label - 3)
            x += width

    def box(self, label: str, text: str, *, height: float = 30, size: float = 0) -> None:
        """Rule a large field with its label on top and running text inside."""
        self.room(height)
        self.print(*frame(LEFT, self.y, RIGHT - LEFT, height), Text(LEFT + 2, self.y + 3.6, label, 9, Face.BOLD_HEI))
        points = size or (11.5 if self.by_hand else 9.5)
        step = points * POINT * 1.55
        for index, line in enumerate(wrap(text, points, (RIGHT - LEFT - 9) / (_SPRAWL if self.by_hand else 1))):
            self.write(Text(LEFT + 4, self.y + 10 + index * step, line, points, self.filled))
        self.y += height

    def choice(self, label: str, options: Sequence[str], chosen: str, *, width: float = 28) -> None:
        """Rule a row of tick boxes with one ticked."""
        self.room(8.4)
        self.print(*frame(LEFT, self.y, RIGHT - LEFT, 8.4), Panel(LEFT + 0.2, self.y + 0.2, width - 0.2, 8, 240))
        self.print(Text(LEFT + width / 2, self.y + 4.2, label, fit(label, 9, width - 2), Face.HEI, "m"))
        step = (RIGHT - LEFT - width - 4) / len(options)
        for index, option in enumerate(options):
            self.tick(LEFT + width + 3 + index * step, self.y + 4.2, option, chosen=option == chosen)
        self.y += 8.4

    def tick(self, x: float, y: float, text: str, *, chosen: bool) -> None:
        """Print a small square with its text, and tick it."""
        self.print(Panel(x, y - 1.5, 3, 3, 255, outline=True), Text(x + 4, y, text, 9, Face.SONG))
        if chosen:
            self.write(Text(x + 0.2, y - 0.4, "√", 13, Face.HAND))

    def paragraph(
        self, text: str, *, size: float = 9.5, face: Face = Face.SONG, indent: bool = True, own: bool = False
    ) -> None:
        """Set running text; `own` says that it speaks of this customer, so that it is no part of the blank."""
        step = size * POINT * 1.6
        for line in wrap(("　　" if indent else "") + text, size, RIGHT - LEFT):
            self.room(step)
            (self.write if own else self.print)(Text(LEFT, self.y + step / 2, line, size, face))
            self.y += step

    # --- ends ----------------------------------------------------------------------------------

    def signatures(self, *signers: tuple[str, str], on: date | None = None, height: float = 13) -> None:
        """Print labels with lines, each signed by hand; `on` is written below as the date."""
        self.room(height + (9 if on else 0))
        step = (RIGHT - LEFT) / len(signers)
        for index, (label, name) in enumerate(signers):
            self._signature(LEFT + index * step, label, name, index + 1, step)
        self.y += height
        if on is not None:
            self.print(Text(RIGHT - 46, self.y + 2, "日期：", 9, Face.SONG, "r"))
            self.write(
                Text(RIGHT - 45, self.y + 2, f"{on.year}年{on.month}月{on.day}日", 12, Face.HAND, by=len(signers))
            )
            self.y += 8

    def _signature(self, x: float, label: str, name: str, by: int, step: float) -> None:
        if not label:
            return
        y = self.y + 7
        start = x + measure(f"{label}：", 9) + 1
        self.print(Text(x, y, f"{label}：", 9, Face.SONG), Rule(start, y + 3.4, x + step - 6, y + 3.4, 0.15))
        if name:
            self.write(Text(start + 3, y - 0.6, name, 17 if len(name) < 5 else 13, Face.HAND, by=by))

    def seal(self, around: str, label: str, *, x: float = RIGHT - 28, up: float = 8, diameter: float = 40) -> None:
        """Stamp over what has just been laid out, its middle `up` mm above the present line."""
        self.write(Seal(x, min(self.y - up, BOTTOM - 10), diameter, around, label))

    def name_seal(self, name: str, *, x: float, up: float = 4) -> None:
        """Put a person's small square stamp."""
        self.write(Seal(x, self.y - up, 11, name, square=True))

    def curve(
        self, points: Iterable[tuple[float, float]], *, weight: float = 0.3, colour: Colour | None = None
    ) -> None:
        """Draw a line of this customer's: a cardiogram, a sketch."""
        self.write(Curve(tuple(points), weight, colour))
