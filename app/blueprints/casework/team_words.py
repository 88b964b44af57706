"""Words that the screens of the team share, and the row of tabs that leads from one to the other."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.domain.due_groups import DueGroup

GROUPS: dict[DueGroup, Any] = {
    DueGroup.OVERDUE: _l("已逾期"),
    DueGroup.TODAY: _l("今天到期"),
    DueGroup.SOON: _l("三天内到期"),
    DueGroup.LATER: _l("以后到期"),
    DueGroup.PAUSED: _l("中止计时"),
}
GROUP_TONES = {
    DueGroup.OVERDUE: "seal",
    DueGroup.TODAY: "warn",
    DueGroup.SOON: "warn",
    DueGroup.LATER: "info",
    DueGroup.PAUSED: "mute",
}


def team_tabs(current: str) -> list[dict[str, Any]]:
    """Return the views of the team's work, the one at hand marked."""
    views = (
        ("casework.show_inbox", _("我的待办")),
        ("casework.show_board", _("看板")),
        ("casework.show_calendar", _("日历")),
        ("casework.list_absences", _("外出与代理")),
        ("casework.list_cases", _("全部投诉")),
    )
    return [{"label": label, "href": url_for(name), "current": name == current} for name, label in views]
