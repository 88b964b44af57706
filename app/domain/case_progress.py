"""What the events of a case leave open: pauses that run, an extension that is asked or approved, a classification."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from app.domain.deadlines import Event, EventKind, in_order


class Extension(StrEnum):
    """How far an extension has come in the present round."""

    NONE = "none"
    ASKED = "asked"
    APPROVED = "approved"  # to be told
    TOLD = "told"


@dataclass(frozen=True, slots=True)
class Progress:
    """What a case has open."""

    is_complex: bool = False
    extension: Extension = Extension.NONE
    pauses: tuple[Event, ...] = ()  # the beginnings of those that still run


_K = EventKind
_EXTENSION = {
    _K.EXTENSION_ASKED: Extension.ASKED,
    _K.EXTENSION_APPROVED: Extension.APPROVED,
    _K.EXTENSION_REFUSED: Extension.NONE,
    _K.EXTENSION_NOTICED: Extension.TOLD,
}


def progress_of(events: Iterable[Event]) -> Progress:
    """Return what events leave open; new facts begin a new round, in which only pauses go on."""
    is_complex, extension = False, Extension.NONE
    running: dict[tuple[str, str], Event] = {}
    for event in in_order(events):
        extension = _EXTENSION.get(event.kind, extension)
        if event.kind is _K.CLASSIFIED_COMPLEX:
            is_complex = True
        elif event.kind is _K.NEW_FACTS:
            is_complex, extension = False, Extension.NONE
        elif event.kind is _K.PAUSE_BEGUN:
            running[pause_key(event)] = event
        elif event.kind is _K.PAUSE_ENDED:
            running.pop(pause_key(event), None)
    return Progress(is_complex, extension, tuple(running.values()))


def pause_key(event: Event) -> tuple[str, str]:
    """Return what tells one pause from another: its ground, and which of several of it."""
    return event.ground.value if event.ground else "", event.about
