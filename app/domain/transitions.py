"""Which state may follow which: the one check behind every status machine."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

State = TypeVar("State", bound=StrEnum)


class TransitionRefused(ValueError):
    """A thing in state `current` cannot come into state `target`."""

    def __init__(self, current: StrEnum, target: StrEnum) -> None:
        super().__init__(f"{current.value} to {target.value}")
        self.current = current
        self.target = target


def require_transition(table: Mapping[State, frozenset[State]], current: State, target: State) -> None:
    """Pass when `target` may follow `current`; staying as it is is no transition; raises `TransitionRefused`."""
    if target != current and target not in table[current]:
        raise TransitionRefused(current, target)
