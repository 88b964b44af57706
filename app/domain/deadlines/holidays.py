"""Official holidays to begin with: 2025 and 2026, as the State Council's yearly notices give them.

Later years are read from a file (`calendar_file`) once their notice is out, usually in November of the year before;
until then a year has weekends only, and whoever counts working days in it is told. Checked against the package
chinesecalendar 1.11.0 (MIT), which holds the same days.
"""

from __future__ import annotations

from datetime import date, timedelta

from app.domain.deadlines.calendar_file import CalendarRow

_NOTICE = "国务院办公厅关于{year}年部分节假日安排的通知"
# Name, first and last day off, weekend days that are worked for it.
_HOLIDAYS: tuple[tuple[str, date, date, tuple[date, ...]], ...] = (
    ("元旦", date(2025, 1, 1), date(2025, 1, 1), ()),
    ("春节", date(2025, 1, 28), date(2025, 2, 4), (date(2025, 1, 26), date(2025, 2, 8))),
    ("清明节", date(2025, 4, 4), date(2025, 4, 6), ()),
    ("劳动节", date(2025, 5, 1), date(2025, 5, 5), (date(2025, 4, 27),)),
    ("端午节", date(2025, 5, 31), date(2025, 6, 2), ()),
    ("国庆节、中秋节", date(2025, 10, 1), date(2025, 10, 8), (date(2025, 9, 28), date(2025, 10, 11))),
    ("元旦", date(2026, 1, 1), date(2026, 1, 3), (date(2026, 1, 4),)),
    ("春节", date(2026, 2, 15), date(2026, 2, 23), (date(2026, 2, 14), date(2026, 2, 28))),
    ("清明节", date(2026, 4, 4), date(2026, 4, 6), ()),
    ("劳动节", date(2026, 5, 1), date(2026, 5, 5), (date(2026, 5, 9),)),
    ("端午节", date(2026, 6, 19), date(2026, 6, 21), ()),
    ("中秋节", date(2026, 9, 25), date(2026, 9, 27), ()),
    ("国庆节", date(2026, 10, 1), date(2026, 10, 7), (date(2026, 9, 20), date(2026, 10, 10))),
)


def _rows() -> list[CalendarRow]:
    rows = []
    for name, first, last, worked in _HOLIDAYS:
        basis = _NOTICE.format(year=first.year)
        off = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        rows += [CalendarRow(day, False, name, basis) for day in off]
        rows += [CalendarRow(day, True, f"{name}调休上班", basis) for day in worked]
    return sorted(rows, key=lambda row: row.day)


SEED_CALENDAR = tuple(_rows())
