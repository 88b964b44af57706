"""Where a case's main clock stands, in a few words for lists and boards."""

from __future__ import annotations

from datetime import date

from flask_babel import gettext as _

from app.web.case_labels import CLOCK_STATES, CLOCK_TONES

SOON_DAYS = 3


def clock_words(
    clock_state: str, due_on: date | None, days_over: int, today: date, *, is_over: bool = False
) -> tuple[str, str]:
    """Return the words and the tone of a clock: 剩 3 日, 今天到期, 逾期 2 日, 中止 …; days are natural ones.

    `is_over` says that nobody waits any more: then the days over are those of the end.
    """
    if is_over and clock_state == "overdue":
        return _("逾期 %(n)s 日", n=days_over), "seal"
    if due_on is None or clock_state not in {"running", "overdue"}:
        return str(CLOCK_STATES.get(clock_state, clock_state)), CLOCK_TONES.get(clock_state, "mute")  # type: ignore[call-overload]
    left = (due_on - today).days
    if clock_state == "overdue" or left < 0:
        return _("逾期 %(n)s 日", n=max(days_over, -left, 1)), "seal"
    if left == 0:
        return _("今天到期"), "seal"
    return _("剩 %(n)s 日", n=left), "warn" if left <= SOON_DAYS else "info"
