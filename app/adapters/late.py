"""Adapters that are loaded when they are first asked: most processes never draw a page or write a workbook."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import Any, TypeVar, cast

Tool = TypeVar("Tool")


class _Late:
    """Stands for what `make` returns, and makes it once."""

    def __init__(self, make: Callable[[], object]) -> None:
        self._make, self._making = make, Lock()
        self._made: object = None

    def __getattr__(self, name: str) -> Any:
        with self._making:
            if self._made is None:
                self._made = self._make()
        return getattr(self._made, name)


def when_asked(make: Callable[[], Tool]) -> Tool:
    """Return what behaves as the tool that `make` returns, without loading it before it is used."""
    return cast("Tool", _Late(make))
