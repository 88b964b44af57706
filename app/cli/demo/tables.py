"""Ruled tables on a paper: lists that go on over pages, and questions to be ticked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.cli.demo.fonts import Face
from app.cli.demo.measures import BOTTOM, LEFT, RIGHT, fit, frame, lefts, wrap
from app.cli.demo.paper import Paper
from app.cli.demo.sheets import Mark, Panel, Rule, Text


def table(
    paper: Paper,
    heads: Sequence[str],
    shares: Sequence[float],
    rows: Iterable[Sequence[str]],
    *,
    size: float = 8.5,
    height: float = 6,
    numeric: int = 0,
) -> None:
    """Rule a table, its head repeated on each page; the last `numeric` columns are set to the right."""
    unit = (RIGHT - LEFT) / sum(shares)
    widths = [share * unit for share in shares]
    paper.room(height * 4)
    _table_head(paper, heads, widths, height + 1, size)
    for row in rows:
        if paper.y + height > BOTTOM:
            paper.turn()
            _table_head(paper, heads, widths, height + 1, size)
        _table_row(paper, row, widths, height, size, numeric)


def _table_head(paper: Paper, heads: Sequence[str], widths: Sequence[float], height: float, size: float) -> None:
    paper.print(Panel(LEFT, paper.y, RIGHT - LEFT, height, 228), *_row_frame(paper, widths, height))
    for x, width, head in zip(lefts(widths), widths, heads, strict=True):
        paper.print(
            Text(x + width / 2, paper.y + height / 2, head, fit(head, size + 0.3, width - 1), Face.BOLD_HEI, "m")
        )
    paper.y += height


def _table_row(
    paper: Paper, row: Sequence[str], widths: Sequence[float], height: float, size: float, numeric: int
) -> None:
    paper.print(*_row_frame(paper, widths, height))
    for index, (x, width, text) in enumerate(zip(lefts(widths), widths, row, strict=True)):
        anchor = "r" if index >= len(row) - numeric else "l"
        paper.value(x + 1.2, paper.y + height / 2, text, width - 2.4, anchor=anchor, size=size, lines=1)
    paper.y += height


def _row_frame(paper: Paper, widths: Sequence[float], height: float) -> list[Mark]:
    cuts = (Rule(x, paper.y, x, paper.y + height) for x in lefts(widths)[1:])
    return [*frame(LEFT, paper.y, RIGHT - LEFT, height), *cuts]


def questions(paper: Paper, items: Iterable[tuple[str, bool]], *, heads: tuple[str, str] = ("是", "否")) -> None:
    """Rule a table of questions to be answered by a tick under one of two heads."""
    _question_head(paper, heads)
    for number, (text, answer) in enumerate(items, 1):
        lines = wrap(f"{number}. {text}", 9, RIGHT - LEFT - 34)
        height = 3 + 4.4 * len(lines)
        if paper.y + height > BOTTOM:
            paper.turn()
            _question_head(paper, heads)
        _question(paper, lines, height, answer)


def _question_head(paper: Paper, heads: tuple[str, str]) -> None:
    paper.room(20)
    paper.print(Panel(LEFT, paper.y, RIGHT - LEFT, 7, 230), *_question_frame(paper, 7))
    paper.print(Text(LEFT + 70, paper.y + 3.5, "询 问 事 项", 9, Face.BOLD_HEI, "m"))
    paper.print(
        *(
            Text(x, paper.y + 3.5, h, 9, Face.BOLD_HEI, "m")
            for x, h in zip((RIGHT - 22.5, RIGHT - 7.5), heads, strict=True)
        )
    )
    paper.y += 7


def _question(paper: Paper, lines: Sequence[str], height: float, answer: bool) -> None:
    paper.print(*_question_frame(paper, height))
    for index, line in enumerate(lines):
        paper.print(Text(LEFT + 2, paper.y + 3.7 + index * 4.4, line, 9, Face.SONG))
    paper.write(Text(RIGHT - (22.5 if answer else 7.5), paper.y + height / 2, "√", 14, Face.HAND, "m"))
    paper.y += height


def _question_frame(paper: Paper, height: float) -> list[Mark]:
    cuts = (Rule(x, paper.y, x, paper.y + height) for x in (RIGHT - 30, RIGHT - 15))
    return [*frame(LEFT, paper.y, RIGHT - LEFT, height), *cuts]
