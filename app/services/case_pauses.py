"""Pauses of a case 中止 (办法 Art. 18 ¶2, 23), and striking out what was written down by mistake."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.case_progress import pause_key, progress_of
from app.domain.case_terms import NoticeAbout
from app.domain.cases import OPEN_STATES, CaseStep
from app.domain.deadlines import Event, EventKind, Ground
from app.domain.deadlines.sequence import TOLD_OF
from app.domain.errors import Invalid, NotFound, WrongState
from app.domain.normal import clean_note, clean_text
from app.models.clocks import ClockEvent
from app.queries.clocks import events_of
from app.services.case_handling import begin_step, keep_marks, required
from app.services.case_notifications import Telling, notice_of, record_telling
from app.services.case_steps import judge_again, note_change, take_step
from app.services.clocks import CASE, strike_event

# What a complaint can be paused for; supplements and examinations stop nothing in one.
GROUNDS = (Ground.APPRAISAL, Ground.TESTING, Ground.ASSESSMENT, Ground.MEDIATION)
# Events that change no state of their case: whatever else was a mistake is mended by the step that follows.
STRIKABLE = frozenset(
    {
        *(EventKind.PAUSE_BEGUN, EventKind.PAUSE_ENDED, EventKind.CLASSIFIED_COMPLEX),
        *(EventKind.NOTICE_AGREED, EventKind.EXTENSION_NOTICED),
    }
)


def pause(
    session: Session,
    actor: Actor,
    case_id: int,
    *,
    ground: str,
    about: str,
    proof: str,
    telling: Telling,
    at: datetime,
    version: int,
    now: datetime,
) -> None:
    """中止: take time out for outside experts or mediation, with its proof.

    The complainant is told of experts by a record of telling (Art. 18 ¶2); who agrees to mediation knows of it (Art.
    23). Raises `Invalid`, also for the fields of the telling.
    """
    case = begin_step(session, actor, case_id, version=version)
    if ground not in GROUNDS:
        raise Invalid.field("ground", "clock.pause_without_ground")
    paper = required(proof, "proof", "clock.pause_without_proof", most=120)
    why, notice = Ground(ground), ""
    if why in TOLD_OF:
        notice = notice_of(record_telling(session, actor, case, NoticeAbout.PAUSE, telling, now=now))
    event = Event(EventKind.PAUSE_BEGUN, at, ground=why, about=clean_text(about)[:60], proof=paper, notice=notice)
    take_step(session, actor, case, CaseStep.PAUSE, now=now, event=event)


def resume(
    session: Session, actor: Actor, case_id: int, *, pause: str, proof: str, at: datetime, version: int, now: datetime
) -> None:
    """恢复: count again, with the proof of the end; `pause` names one that runs by the id of `pause_name`."""
    case = begin_step(session, actor, case_id, version=version)
    running = {pause_name(event): event for event in progress_of(events_of(session, CASE, case.id)).pauses}
    if pause not in running:
        raise Invalid.field("pause", "clock.pause_not_begun")
    paper = required(proof, "proof", "clock.pause_without_proof", most=120)
    begun = running[pause]
    event = Event(EventKind.PAUSE_ENDED, at, ground=begun.ground, about=begun.about, proof=paper)
    take_step(session, actor, case, CaseStep.RESUME, now=now, event=event)


def pause_name(event: Event) -> str:
    """Return the name by which a form chooses a pause."""
    return "|".join(pause_key(event))


def strike_case_event(
    session: Session, actor: Actor, case_id: int, event_id: int, *, reason: str, version: int, now: datetime
) -> None:
    """划去: strike out an event that was written down by mistake; the line and the reason stay in the history.

    Only for events that change no state (`STRIKABLE`) of a case that still waits for its answer. Raises `NotFound` for
    an event of another case, `WrongState` when what is left would make no sense.
    """
    case = begin_step(session, actor, case_id, version=version)
    said = required(reason, "reason", "clock.strike_without_reason", most=200)
    event = session.get(ClockEvent, event_id)
    if event is None or (event.holder_kind, event.holder_id) != (CASE, case.id):
        raise NotFound
    if event.kind not in STRIKABLE or case.state not in OPEN_STATES:
        raise WrongState("case.not_strikable")
    kind = strike_event(session, actor, event_id, said, now=now)
    judge_again(session, case, now=now)
    keep_marks(session, case, now=now)
    note_change(
        session, actor, case, "case_event_struck", now=now, before={"event": kind.value}, reason=clean_note(said)
    )
