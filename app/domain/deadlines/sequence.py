"""Which event may follow which: what cannot have happened is refused, what happened too late is not.

A late extension, pause or classification is a fact: it may be written down and has no effect (`judge` says so). A
notice before a decision, or an extension that nobody asked for, is a mistake and raises `WrongState` with its code.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from app.domain.deadlines.events import Channel, Event, EventKind, Ground, in_order
from app.domain.errors import WrongState

_K = EventKind

OPENERS = frozenset({_K.RECEIVED, _K.CLAIMED, _K.BEGUN, _K.MATERIALS_COMPLETE, _K.REVIEW_ASKED})
ONCE = frozenset(
    {
        *(_K.RECEIVED, _K.CLAIMED, _K.BEGUN, _K.ACCEPTED, _K.DECLINED, _K.DECIDED, _K.NOTIFIED, _K.DELIVERED),
        *(_K.CLASSIFIED_COMPLEX, _K.REVIEW_ASKED, _K.REVIEW_DECIDED, _K.REVIEW_NOTIFIED),
        *(_K.CLAIM_ALLOWED, _K.CLAIM_REFUSED, _K.REFUSAL_SENT, _K.DONE),
    }
)
# What a kind needs before it (any of), and the code when it is missing.
NEEDS: Mapping[EventKind, tuple[frozenset[EventKind], str]] = {
    _K.EXTENSION_ASKED: (frozenset({_K.CLASSIFIED_COMPLEX}), "clock.extension_before_complex"),
    _K.EXTENSION_APPROVED: (frozenset({_K.EXTENSION_ASKED}), "clock.extension_not_asked"),
    _K.EXTENSION_REFUSED: (frozenset({_K.EXTENSION_ASKED}), "clock.extension_not_asked"),
    _K.EXTENSION_NOTICED: (frozenset({_K.EXTENSION_APPROVED}), "clock.extension_not_approved"),
    _K.NOTIFIED: (frozenset({_K.DECIDED, _K.DECLINED}), "clock.notified_before_decided"),
    _K.DELIVERED: (frozenset({_K.NOTIFIED}), "clock.delivered_before_notified"),
    _K.REVIEW_DECIDED: (frozenset({_K.REVIEW_ASKED}), "clock.review_not_asked"),
    _K.REVIEW_NOTIFIED: (frozenset({_K.REVIEW_DECIDED}), "clock.review_not_decided"),
    _K.SUPPLEMENTS_RECEIVED: (frozenset({_K.SUPPLEMENTS_ASKED}), "clock.supplements_not_asked"),
    _K.RESULT_NOTIFIED: (frozenset({_K.CLAIM_ALLOWED, _K.CLAIM_REFUSED}), "clock.result_before_decided"),
    _K.REFUSAL_SENT: (frozenset({_K.CLAIM_REFUSED}), "clock.refusal_before_decided"),
    _K.AGREED: (frozenset({_K.CLAIM_ALLOWED}), "clock.agreed_before_decided"),
    _K.PAID: (frozenset({_K.AGREED}), "clock.paid_before_agreed"),
}
# What cannot stand beside something that went before and is not used up.
EXCLUDES: Mapping[EventKind, tuple[frozenset[EventKind], str]] = {
    _K.EXTENSION_ASKED: (frozenset({_K.EXTENSION_ASKED, _K.EXTENSION_APPROVED}), "clock.extension_open"),
    _K.SUPPLEMENTS_ASKED: (frozenset({_K.SUPPLEMENTS_ASKED}), "clock.supplements_open"),
    _K.DECIDED: (frozenset({_K.DECLINED}), "clock.already_declined"),
    _K.DECLINED: (frozenset({_K.DECIDED}), "clock.already_decided"),
    _K.CLAIM_ALLOWED: (frozenset({_K.CLAIM_REFUSED}), "clock.already_decided"),
    _K.CLAIM_REFUSED: (frozenset({_K.CLAIM_ALLOWED}), "clock.already_decided"),
}
USES_UP: Mapping[EventKind, EventKind] = {
    _K.EXTENSION_APPROVED: _K.EXTENSION_ASKED,
    _K.EXTENSION_REFUSED: _K.EXTENSION_ASKED,
    _K.EXTENSION_NOTICED: _K.EXTENSION_APPROVED,
    _K.SUPPLEMENTS_RECEIVED: _K.SUPPLEMENTS_ASKED,
}
# New facts begin a new round: what was decided before is decided again.
ROUND = frozenset({_K.CLASSIFIED_COMPLEX, _K.EXTENSION_ASKED, _K.EXTENSION_APPROVED, _K.DECIDED, _K.DECLINED})
CLOSING = frozenset({_K.WITHDRAWN, _K.MERGED_INTO})
AFTER_NOTICE = frozenset({_K.DELIVERED, _K.REVIEW_ASKED, _K.REVIEW_DECIDED, _K.REVIEW_NOTIFIED})
# Fields without which a kind says nothing. The complainant must be told of outside experts (Art. 18 ¶2); who agrees to
# mediation knows of it (Art. 23).
FIELDS: Mapping[EventKind, tuple[tuple[str, str], ...]] = {
    _K.CLASSIFIED_COMPLEX: (("by", "clock.complex_by_nobody"), ("reason", "clock.complex_without_reason")),
    _K.EXTENSION_APPROVED: (("by", "clock.extension_by_nobody"), ("authority", "clock.extension_without_authority")),
    _K.EXTENSION_NOTICED: (("notice", "clock.extension_without_notice"),),
    _K.DECLINED: (("exception", "clock.declined_without_exception"),),
    _K.NOTIFIED: (("channel", "clock.notified_without_channel"), ("proof", "clock.notified_without_proof")),
    _K.MERGED: (("other_received", "clock.merged_without_receipt"),),
    _K.NOTICE_AGREED: (("agreed_on", "clock.agreed_without_day"), ("proof", "clock.agreed_without_proof")),
    _K.PAUSE_BEGUN: (("ground", "clock.pause_without_ground"), ("proof", "clock.pause_without_proof")),
    _K.PAUSE_ENDED: (("ground", "clock.pause_without_ground"), ("proof", "clock.pause_without_proof")),
}
TOLD_OF = frozenset({Ground.APPRAISAL, Ground.TESTING, Ground.ASSESSMENT})


# All codes that this package refuses with: the web has a sentence for each.
CODES = frozenset(
    {
        *("clock.nothing_received", "clock.already_closed", "clock.review_before_notified"),
        *("clock.pause_twice", "clock.pause_not_begun", "clock.pause_without_notice"),
        *("clock.agreed_in_the_past", "clock.merged_before_received"),
        *("clock.extension_used_up", "clock.merged_outside_period"),
        *(f"clock.{kind}_twice" for kind in ONCE),
        *(code for _, code in (*NEEDS.values(), *EXCLUDES.values())),
        *(code for fields in FIELDS.values() for _, code in fields),
    }
)


def check_sequence(events: Iterable[Event]) -> None:
    """Pass when the events can have happened in their order; raises `WrongState` with the code of the first that cannot."""
    seen: set[EventKind] = set()
    running: set[tuple[Ground | None, str]] = set()
    for event in in_order(events):
        _check_place(event, seen)
        _check_fields(event)
        _check_pause(event, running)
        if event.kind is _K.NEW_FACTS:
            seen -= ROUND
        seen.discard(USES_UP.get(event.kind, event.kind))
        seen.add(event.kind)


def _refuse_if(is_wrong: bool, code: str) -> None:
    if is_wrong:
        raise WrongState(code)


def _check_place(event: Event, seen: set[EventKind]) -> None:
    kind = event.kind
    _refuse_if(not seen and kind not in OPENERS, "clock.nothing_received")
    _refuse_if(bool(seen & CLOSING), "clock.already_closed")
    _refuse_if(_K.NOTIFIED in seen and kind not in AFTER_NOTICE | {_K.NOTIFIED}, "clock.already_closed")
    _refuse_if(kind in ONCE and kind in seen, f"clock.{kind}_twice")
    excluded, code = EXCLUDES.get(kind, (frozenset(), ""))
    _refuse_if(bool(seen & excluded), code)
    needed, code = NEEDS.get(kind, (frozenset(), ""))
    _refuse_if(bool(needed) and not seen & needed, code)
    _refuse_if(kind is _K.REVIEW_ASKED and bool(seen) and _K.NOTIFIED not in seen, "clock.review_before_notified")


def _check_fields(event: Event) -> None:
    for name, code in FIELDS.get(event.kind, ()):
        _refuse_if(not getattr(event, name), code)
    if event.kind is _K.PAUSE_BEGUN:
        _refuse_if(event.ground in TOLD_OF and not event.notice, "clock.pause_without_notice")
    if event.kind is _K.NOTICE_AGREED and event.agreed_on is not None:
        _refuse_if(event.agreed_on < event.day, "clock.agreed_in_the_past")
    if event.kind is _K.MERGED and event.other_received is not None:
        _refuse_if(event.other_received > event.moment, "clock.merged_before_received")


def _check_pause(event: Event, running: set[tuple[Ground | None, str]]) -> None:
    key = (event.ground, event.about)
    if event.kind is _K.PAUSE_BEGUN:
        _refuse_if(key in running, "clock.pause_twice")
        running.add(key)
    if event.kind is _K.PAUSE_ENDED:
        _refuse_if(key not in running, "clock.pause_not_begun")
        running.discard(key)


def is_told_at_once(channel: Channel | None) -> bool:
    """Say whether who is told by this channel has the decision the same day; a letter arrives later."""
    return channel in (Channel.IN_PERSON, Channel.MESSAGE, Channel.PHONE)
