"""The kinds of paper in a select: under their classes, and to be found by the first letters of their pinyin."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs

from app.domain.pinyin import initials

# The script of the page chooses what these letters begin.
BY_LETTERS = _l("可输入拼音首字母选择，如 tbd 为投保单")


def paper_choices(kinds: Iterable[tuple[int, str, str]]) -> list[Any]:
    """Return kinds of paper (id, name, class), in the order in which they come, as choices."""
    return [SelectChoice(key, name, {"data-py": initials(name)}, group) for key, name, group in kinds]


def none_first(label: str, choices: Iterable[Any]) -> list[Any]:
    """Return choices behind the one that is none of them."""
    return [SelectChoice("", label), *choices]
