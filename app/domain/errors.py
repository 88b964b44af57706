"""What can go wrong, in the words of the house; `web.errors` knows which page each becomes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class DomainError(Exception):
    """Base of everything that a service refuses with."""


class NotFound(DomainError):
    """No such thing, or none that this actor may see: both look the same."""


class NotAllowed(DomainError):
    """The actor may see the thing but not do this to it."""


class StepUpNeeded(DomainError):
    """A fresh code is needed first."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of two versions, as texts."""

    field: str
    yours: str
    theirs: str


class ChangedMeanwhile(DomainError):
    """Somebody else saved first; both texts are kept."""

    def __init__(self, differences: Sequence[Difference], version: int) -> None:
        super().__init__("changed meanwhile")
        self.differences = tuple(differences)
        self.version = version


class Invalid(DomainError):
    """What was typed cannot be accepted: `problems` maps a field ('' for the whole) to codes, kept in order."""

    def __init__(self, problems: dict[str, list[str]]) -> None:
        super().__init__(f"invalid: {', '.join(sorted(problems))}")
        self.problems = problems

    @classmethod
    def field(cls, name: str, code: str) -> Invalid:
        """One problem of one field."""
        return cls({name: [code]})


class WrongState(DomainError):
    """The thing is in a state in which this cannot be done; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class TooManyTries(DomainError):
    """Slow down; `minutes` says for how long."""

    def __init__(self, minutes: int) -> None:
        super().__init__(f"wait {minutes} min")
        self.minutes = minutes
