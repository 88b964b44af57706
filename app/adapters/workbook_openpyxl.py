"""`WorkbookWriter` by openpyxl: a sheet for each table, with a chart of its first numbers."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.chart import BarChart, LineChart, Reference
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from app.adapters.pdf.plain_text import printable
from app.ports import FigureTable

LONGEST_TITLE = 31  # what Excel takes
FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
HEAD = PatternFill("solid", fgColor="E8EEF4")
CHART_WIDTH, CHART_HEIGHT = 18, 9  # cm
MOST_BARS = 20
WIDEST = 40


class OpenpyxlWriter:
    """Writes workbooks in memory; nothing of a template is read."""

    def write(self, title: str, tables: Sequence[FigureTable]) -> bytes:
        """Return an xlsx with a sheet for each table; a text never becomes a formula."""
        book = Workbook()
        book.remove(book.active)
        book.properties.title, book.properties.creator = printable(title), "保档"
        for table in tables:
            _fill(book.create_sheet(_sheet_title(book, table.title)), table)
        out = BytesIO()
        book.save(out)
        return out.getvalue()


def _sheet_title(book: Any, title: str) -> str:
    """Return a title that Excel takes and that no other sheet has."""
    wanted = printable(title).translate(FORBIDDEN)[:LONGEST_TITLE] or "表"
    taken = {name.casefold() for name in book.sheetnames}
    if wanted.casefold() not in taken:
        return wanted
    return next(
        name
        for number in range(2, len(taken) + 3)
        if (name := f"{wanted[: LONGEST_TITLE - 4]} {number}").casefold() not in taken
    )


def _fill(sheet: Any, table: FigureTable) -> None:
    sheet.append([_cell(sheet, heading) for heading in table.headings])
    for cell in sheet[1]:
        cell.font, cell.fill = Font(bold=True), HEAD
        cell.alignment = Alignment(wrap_text=True, vertical="center")
    for row in table.rows:
        sheet.append([_cell(sheet, value) for value in row])
    sheet.freeze_panes = "A2"
    for place, heading in enumerate(table.headings, 1):
        texts = [heading, *(str(row[place - 1]) for row in table.rows if row[place - 1] is not None)]
        width = max((sum(2 if ord(letter) > 0x2E7F else 1 for letter in text) for text in texts), default=8)
        sheet.column_dimensions[get_column_letter(place)].width = min(WIDEST, width + 2)
    if table.chart and table.rows:
        _draw(sheet, table)


def _cell(sheet: Any, value: str | float | None) -> Any:
    """Return a cell; what begins like a formula stays the text that it is."""
    if not isinstance(value, str):
        return Cell(sheet, value=value)
    cell = Cell(sheet, value=printable(value))
    cell.data_type, cell.quotePrefix = "s", value.startswith(("=", "+", "-", "@"))
    return cell


def _draw(sheet: Any, table: FigureTable) -> None:
    chart = LineChart() if table.chart == "line" else BarChart()
    if isinstance(chart, BarChart):
        chart.type, chart.gapWidth = "bar", 60
        chart.y_axis.majorGridlines = None
        chart.x_axis.scaling.orientation = "maxMin"
    last = 1 + min(len(table.rows), MOST_BARS)
    chart.add_data(Reference(sheet, min_col=2, min_row=1, max_row=last), titles_from_data=True)
    chart.set_categories(Reference(sheet, min_col=1, min_row=2, max_row=last))
    chart.title, chart.legend = printable(table.title), None
    # Recent versions of Excel hide axes that are not said to stay.
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.width, chart.height = CHART_WIDTH, CHART_HEIGHT
    sheet.add_chart(chart, f"{get_column_letter(len(table.headings) + 2)}2")
