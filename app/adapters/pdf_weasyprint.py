"""`PdfPrinter` by WeasyPrint: registers set in child processes, piece by piece, and bound to one document.

See docs/adr/0005-pdf.md for why it is done in pieces, and what was measured.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from typing import Any

from app.adapters.pdf.plain_text import LONGEST_CELL, printable
from app.adapters.pdf.press import Limits, Press
from app.adapters.pdf.tray import Row, Tray, estimate_lines
from app.ports import (
    CaseSheet,
    CopyPage,
    CopySheet,
    FigureTable,
    Label,
    Letter,
    PrintStopped,
    RegisterSheet,
    ReportSheet,
    Spine,
    Stamp,
    SurveySlip,
)

_LINES_PER_CHUNK = 1_000  # about 28 pages: a chunk of long cells costs as much as one of many rows
LABELS_A_SHEET = 24  # 3 × 8, 70 × 37 mm
SPINES_WIDTH = 277  # mm of an A3 sheet that spines can take


class WeasyPrinter:
    """Prints registers; each call starts its own presses and ends them."""

    def __init__(
        self,
        *,
        processes: int = 1,
        rows_per_chunk: int = 250,
        memory_bytes: int = 2**30,
        cpu_seconds_per_chunk: int = 40,
        wall_seconds: float = 300,
    ) -> None:
        """`wall_seconds` is the longest wait for one answer. With two `processes` one sets while the other prints."""
        self._processes = processes
        self._rows_per_chunk = rows_per_chunk
        self._limits = Limits(memory_bytes, cpu_seconds_per_chunk, wall_seconds)

    def print_register(
        self, sheet: RegisterSheet, rows: Iterable[Sequence[str]], *, total: int, progress: Callable[[int], bool]
    ) -> tuple[bytes, int]:
        """Return the PDF and its number of pages; raises `PrintStopped`, `PrintFailed`.

        `progress` is also asked, with the same figure, about every second while a press works. `total` is not
        printed: the register counts its rows itself.
        """
        report = _Report(progress)
        with ExitStack() as stack:
            presses = _Presses(self._processes, lambda: stack.enter_context(Press(self._limits, report.repeat)))
            tray = Tray(
                _clean_rows(sheet, rows), estimate_lines([column.width for column in sheet.columns], sheet.paper)
            )
            edition = _Edition(_clean_sheet(sheet), tray, presses, report)
            edition.set_all(self._rows_per_chunk)
            return edition.bound()

    def join_copies(self, copies: Sequence[bytes]) -> bytes:
        """Return the copies one after the other; raises `PrintFailed`."""
        if len(copies) == 1:
            return copies[0]
        with Press(self._limits, lambda: None) as press:
            press.send({"do": "join"}, list(copies))
            _head, [pdf] = press.receive()
            return pdf

    def print_copy(self, sheet: CopySheet, pages: Sequence[CopyPage], *, wanted: Callable[[], bool]) -> bytes:
        """Return a PDF with a sheet for each page; raises `PrintStopped`, `PrintFailed`."""
        report = _Report(lambda _done: wanted())
        texts = {name: printable(text) for name, text in asdict(sheet).items()}
        sizes = [{"number": page.number, "width": page.width, "height": page.height} for page in pages]
        with Press(self._limits, report.repeat) as press:
            press.send({"do": "copy", "sheet": texts, "pages": sizes}, [page.image for page in pages])
            _, [pdf] = press.receive()
        return pdf

    def print_labels(self, labels: Sequence[Label], *, skip: int = 0) -> bytes:
        """Return sheets of A4 with 3 × 8 labels; raises `PrintFailed`."""
        cells = [None] * (skip % LABELS_A_SHEET) + [_clean_label(label) for label in labels]
        return self._print_form("labels", {"sheets": _in_groups(cells, LABELS_A_SHEET)})

    def print_stamps(self, stamps: Sequence[Stamp], *, skip: int = 0) -> bytes:
        """Return sheets of A4 with 3 × 8 filing stamps; raises `PrintFailed`."""
        texts = [{name: printable(text) for name, text in asdict(stamp).items()} for stamp in stamps]
        cells = [None] * (skip % LABELS_A_SHEET) + texts
        return self._print_form("stamps", {"sheets": _in_groups(cells, LABELS_A_SHEET)})

    def print_slip(self, slip: SurveySlip) -> bytes:
        """Return a slip of A6 that asks a customer; raises `PrintFailed`."""
        return self._print_form("survey_slip", {"slip": {name: printable(text) for name, text in asdict(slip).items()}})

    def print_spines(self, spines: Sequence[Spine]) -> bytes:
        """Return sheets of A3 with spines to cut out, as many beside each other as fit; raises `PrintFailed`."""
        return self._print_form("spines", {"sheets": _spine_sheets([_clean_spine(spine) for spine in spines])})

    def print_report(self, report: ReportSheet) -> bytes:
        """Return a report as PDF on A4; raises `PrintFailed`."""
        return self._print_form("report", _clean_report(report))

    def print_letter(self, letter: Letter) -> tuple[bytes, int]:
        """Return an official letter of A4 pages and their number; raises `PrintFailed`."""
        return self._print_pages("letter", {"letter": _clean_all(asdict(letter))})

    def print_case(self, sheet: CaseSheet) -> tuple[bytes, int]:
        """Return the sheet of a case on A4 pages and their number; raises `PrintFailed`."""
        return self._print_pages("case_sheet", {"sheet": _clean_all(asdict(sheet))})

    def _print_form(self, form: str, values: dict[str, Any]) -> bytes:
        with Press(self._limits, lambda: None) as press:
            press.send({"do": "form", "form": form, "values": values})
            _head, [pdf] = press.receive()
            return pdf

    def _print_pages(self, form: str, values: dict[str, Any]) -> tuple[bytes, int]:
        """Return a form that is kept for years, as PDF/A, and its number of pages."""
        with Press(self._limits, lambda: None) as press:
            press.send({"do": "paper", "form": form, "values": values})
            head, [pdf] = press.receive()
            return pdf, int(head["pages"])


def _in_groups(cells: Sequence[Any], size: int) -> list[Sequence[Any]]:
    return [cells[start : start + size] for start in range(0, len(cells), size)]


def _spine_sheets(spines: Sequence[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    sheets: list[list[dict[str, Any]]] = []
    left = 0
    for spine in spines:
        if spine["width_mm"] > left:
            sheets.append([])
            left = SPINES_WIDTH
        sheets[-1].append(spine)
        left -= spine["width_mm"]
    return sheets


def _clean_all(value: Any) -> Any:
    """Return texts at any depth as they can be printed, whole and with their line ends; numbers stay."""
    if isinstance(value, str):
        return "\n".join(_whole_lines(value))
    if isinstance(value, dict):
        return {name: _clean_all(item) for name, item in value.items()}
    return [_clean_all(item) for item in value] if isinstance(value, list | tuple) else value


def _whole_lines(text: str) -> Iterable[str]:
    """Yield the lines of a text; a line that is longer than a cell may be goes on in the next."""
    for line in text.splitlines() or [""]:
        yield from (printable(line[at : at + LONGEST_CELL]) for at in range(0, max(1, len(line)), LONGEST_CELL))


def _clean_label(label: Label) -> dict[str, Any]:
    return {"code": label.code, "title": printable(label.title), "lines": [printable(line) for line in label.lines]}


def _clean_report(report: ReportSheet) -> dict[str, Any]:
    """Return a report as texts, with the length of each row's bar in hundredths of the longest."""
    texts = ("title", "subtitle", "watermark", "made_by", "made_on")
    return {
        **{name: printable(getattr(report, name)) for name in texts},
        "head": [[printable(name), printable(value)] for name, value in report.head],
        "notes": [printable(note) for note in report.notes],
        "sections": [
            {
                "title": printable(table.title),
                "headings": [printable(heading) for heading in table.headings],
                "rows": [[_as_text(value) for value in row] for row in table.rows],
                "bars": _bars(table),
            }
            for table in report.sections
        ],
    }


def _bars(table: FigureTable) -> list[int]:
    numbers = [row[1] for row in table.rows] if table.chart else []
    values = [value if isinstance(value, (int, float)) else 0 for value in numbers]
    longest = max(values, default=0)
    return [round(100 * value / longest) if longest else 0 for value in values]


def _as_text(value: str | float | None) -> str:
    return printable(value) if isinstance(value, str) else "" if value is None else f"{value:,}"


def _clean_spine(spine: Spine) -> dict[str, Any]:
    return {name: printable(value) if isinstance(value, str) else value for name, value in asdict(spine).items()}


class _Report:
    """Tells the caller how many rows are done, and hears whether to go on."""

    def __init__(self, progress: Callable[[int], bool]) -> None:
        self._progress = progress
        self._done = 0

    def add(self, rows: int) -> None:
        """Report `rows` more; raises `PrintStopped`."""
        self._done += rows
        self.repeat()

    def repeat(self) -> None:
        """Report the same again; raises `PrintStopped`."""
        if not self._progress(self._done):
            raise PrintStopped


class _Presses:
    """Up to `most` presses, started when there is work for them."""

    def __init__(self, most: int, start: Callable[[], Press]) -> None:
        self._most = most
        self._start = start
        self._started = 0
        self._free: list[Press] = []

    def has_free(self) -> bool:
        """Say whether `take` has something to give."""
        return bool(self._free) or self._started < self._most

    def take(self) -> Press:
        """Return a press that nobody uses."""
        if not self._free:
            self._started += 1
            self._free.append(self._start())
        return self._free.pop()

    def give_back(self, press: Press) -> None:
        """Let others use `press`."""
        self._free.append(press)


@dataclass(slots=True)
class _Edition:
    """One register on its way through the presses."""

    sheet: dict[str, Any]
    tray: Tray
    presses: _Presses
    report: _Report
    pieces: list[bytes] = field(default_factory=list)
    printing: deque[tuple[Press, int]] = field(default_factory=deque)
    pages: int = 0
    set_rows: int = 0
    opening: bool = True

    def set_all(self, rows_per_chunk: int) -> None:
        """Set every row; afterwards all pieces are printed."""
        size = 1
        closing = False
        while not closing:
            rows = self._next_rows(size * rows_per_chunk, size * _LINES_PER_CHUNK)
            closing = self.tray.is_empty()
            kept = self._set(rows, closing)
            self.tray.lay_back(rows[kept:])
            # Nothing kept: the rows do not fill a page yet, so more of them are needed.
            size = 1 if kept else size + 1
        while self.printing:
            self._collect()

    def bound(self) -> tuple[bytes, int]:
        """Return the register as one document, and its number of pages."""
        if len(self.pieces) == 1:
            return self.pieces[0], self.pages
        press = self.presses.take()
        press.send({"do": "bind"}, self.pieces)
        head, [pdf] = press.receive()
        return pdf, int(head["pages"])

    def _next_rows(self, most_rows: int, most_lines: int) -> list[Row]:
        """Return the rows of the next chunk; a short rest is taken along."""
        rows = self.tray.take(most_rows * 6 // 5, most_lines)
        if not self.tray.is_empty():
            self.tray.lay_back(rows[most_rows:])
            del rows[most_rows:]
        return rows

    def _set(self, rows: list[Row], closing: bool) -> int:
        """Have `rows` set by the next free press; return how many of them stay."""
        if not self.presses.has_free():
            self._collect()
        press = self.presses.take()
        piece = {"sheet": self.sheet, "rows": rows, "opening": self.opening, "closing": closing}
        press.send({"do": "set", "piece": piece | {"total": self.set_rows + len(rows)}})
        kept = int(press.receive()[0]["kept"])
        if not kept and not closing:
            self.presses.give_back(press)
            return 0
        self.printing.append((press, kept))
        self.set_rows += kept
        self.opening = False
        return kept

    def _collect(self) -> None:
        press, rows = self.printing.popleft()
        head, [pdf] = press.receive()
        self.pieces.append(pdf)
        self.pages += int(head["pages"])
        self.presses.give_back(press)
        self.report.add(rows)


def _clean_sheet(sheet: RegisterSheet) -> dict[str, Any]:
    texts = {name: value for name, value in asdict(sheet).items() if name != "columns"}
    columns = [{**asdict(column), "heading": printable(column.heading)} for column in sheet.columns]
    return {name: _clean(value) for name, value in texts.items()} | {"columns": columns}


def _clean(value: str | Sequence[str]) -> str | list[str]:
    return printable(value) if isinstance(value, str) else [printable(text) for text in value]


def _clean_rows(sheet: RegisterSheet, rows: Iterable[Sequence[str]]) -> Iterable[Row]:
    for row in rows:
        if len(row) != len(sheet.columns):
            raise ValueError(f"a row has {len(row)} cells, the register {len(sheet.columns)} columns")
        yield [printable(cell) for cell in row]
