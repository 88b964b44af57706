"""What becomes of a page that was worked on by machine: done, or for a person to look at, with the reason."""

from __future__ import annotations

from enum import StrEnum

UNSURE_BELOW = 0.75  # the reader's own score, weighted by characters


class WorkState(StrEnum):
    """Where the work on a page stands."""

    WAITING = "waiting"
    DONE = "done"
    MANUAL = "manual"


class WorkNote(StrEnum):
    """Why a person has to look at a page; the first four are `ports.PageFailed`'s."""

    DAMAGED = "damaged"
    TOO_LARGE = "too_large"
    TOO_COSTLY = "too_costly"
    DIED = "died"
    UNSURE = "unsure"  # it was read, but hardly
    NO_TEXT = "no_text"  # there is something on it, and nothing was read


BY_HAND = "by_hand"  # the note of a page that waits because a person put it upright: no machine turns it further
LAYER = "layer"  # the reader of a page whose PDF told its text
_FAILURES = {note.value: note for note in (WorkNote.DAMAGED, WorkNote.TOO_LARGE, WorkNote.TOO_COSTLY, WorkNote.DIED)}


def note_of_failure(reason: str) -> WorkNote:
    """Return the note for why nothing could be done with a page; what nobody knows counts as damage."""
    return _FAILURES.get(reason, WorkNote.DAMAGED)


def judge_reading(text: str, score: float) -> WorkNote | None:
    """Return why a person has to look at what was read on a page that is not blank, None when it may stand."""
    if not text.strip():
        return WorkNote.NO_TEXT
    return WorkNote.UNSURE if score < UNSURE_BELOW else None
