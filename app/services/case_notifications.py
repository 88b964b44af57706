"""Records of telling 告知记录 (办法 Art. 21): who was told of what, how, when, and the proof that is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.case_terms import NoticeAbout
from app.domain.cases import OPEN_STATES
from app.domain.deadlines import Channel
from app.domain.errors import Invalid, WrongState
from app.domain.ids import encode_id, new_id
from app.domain.normal import clean_note, clean_text
from app.domain.office_time import office_day
from app.models.cases import Case, CaseNotification
from app.services import trail
from app.services.case_handling import begin_step
from app.services.case_steps import case_subject, statement_of

TRIES = 2  # before somebody counts as out of reach
# Told by themselves; the rest is told in the step that it is about.
APART = (NoticeAbout.ACCEPTED, NoticeAbout.PAUSE, NoticeAbout.OTHER)


@dataclass(frozen=True, slots=True)
class Telling:
    """A telling as it is typed; without a receiver the complainant himself was told."""

    channel: str = ""
    told_at: datetime | None = None
    receiver: str = ""
    proof: str = ""
    note: str = ""
    delivered_on: date | None = None
    file_id: int | None = None


def record_notification(
    session: Session,
    actor: Actor,
    case: Case,
    about: NoticeAbout,
    channel: Channel | str,
    told_at: datetime | None,
    receiver: str,
    proof: str,
    *,
    now: datetime,
    note: str = "",
    delivered_on: date | None = None,
    file_id: int | None = None,
    prefix: str = "",
) -> CaseNotification:
    """Write down that somebody was told, and return the record; the caller holds the case's lock.

    A letter counts when posted, a message when sent, a call when dialled; who cannot be reached by two tries is excused
    (Art. 21). Raises `Invalid` for `told_at`, and for `channel`, `proof`, `note`, `delivered_on` behind `prefix`.
    """
    telling = Telling(str(channel), told_at, receiver, proof, note, delivered_on, file_id)
    moment = _checked_moment(telling, prefix, now=now)
    row = CaseNotification(
        id=new_id(),
        case_id=case.id,
        about=about.value,
        channel=Channel(channel).value,
        told_at=moment,
        receiver=clean_text(receiver)[:100] or statement_of(session, case).name,
        proof=clean_text(proof)[:120],
        note=clean_note(note),
        delivered_on=delivered_on,
        file_id=file_id,
        told_by=actor.account_id,
        recorded_at=now,
    )
    session.add(row)
    session.flush()
    after = {"about": row.about, "channel": row.channel}
    trail.record(session, actor, "case_told", case_subject(case), now=now, after=after)
    return row


def tell(
    session: Session, actor: Actor, case_id: int, about: str, telling: Telling, *, version: int, now: datetime
) -> None:
    """Write down a telling that belongs to no step of a case; sent twice, the second finds the case changed."""
    case = begin_step(session, actor, case_id, version=version)
    if about not in APART:
        raise Invalid.field("about", "case.choice")
    if case.state not in OPEN_STATES:
        raise WrongState("case.not_open")
    record_telling(session, actor, case, NoticeAbout(about), telling, now=now)
    case.version += 1
    case.updated_at = now
    session.flush()


def record_telling(
    session: Session, actor: Actor, case: Case, about: NoticeAbout, telling: Telling, *, now: datetime
) -> CaseNotification:
    """Do as `record_notification` for what a form brings; problems are named as its fields are."""
    return record_notification(
        session,
        actor,
        case,
        about,
        telling.channel,
        telling.told_at,
        telling.receiver,
        telling.proof,
        now=now,
        note=telling.note,
        delivered_on=telling.delivered_on,
        file_id=telling.file_id,
        prefix="told_",
    )


def notice_of(row: CaseNotification) -> str:
    """Return the reference by which an event of a clock names a record of telling."""
    return encode_id(row.id)


def _checked_moment(telling: Telling, prefix: str, *, now: datetime) -> datetime:
    """Return when somebody was told; raises `Invalid` with everything that is wrong with the telling."""
    moment = telling.told_at
    problems: dict[str, list[str]] = {}
    if telling.channel not in set(Channel):
        problems[f"{prefix}channel"] = ["told.channel_missing"]
    if moment is not None and moment > now:
        problems["told_at"] = ["clock.in_future"]
    if not telling.proof.strip():
        problems[f"{prefix}proof"] = ["told.proof_missing"]
    tries = [line for line in telling.note.splitlines() if line.strip()]
    if telling.channel == Channel.UNREACHABLE and len(tries) < TRIES:
        problems[f"{prefix}note"] = ["told.two_tries"]
    if telling.delivered_on is not None and telling.delivered_on > office_day(now):
        problems[f"{prefix}delivered_on"] = ["told.delivered_in_future"]
    if moment is None:
        problems["told_at"] = ["told.moment_missing"]
    if problems or moment is None:
        raise Invalid(problems)
    return moment
