"""Alarms of climate: they open, go on and end with the readings, one open alarm a room and kind."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.climate import Breach, BreachKind, Sample, show_tenths
from app.domain.errors import Invalid, NotAllowed, NotFound
from app.domain.ids import encode_id, new_id
from app.domain.normal import clean_text
from app.domain.policy import Action, Target, may
from app.models.accounts import Account, Grant
from app.models.climate import ClimateAlarm, ClimateReading
from app.models.storage import Place
from app.queries.climate_rows import Room
from app.queries.visibility import branches_in
from app.services import trail
from app.services.notices import notify

# A limit that is broken again so soon goes on with the alarm before: values that waver are one alarm, one notice.
REST = timedelta(hours=6)
Judged = tuple[Sample, tuple[Breach, ...]]


def follow(session: Session, room: Room, judged: Sequence[Judged], *, now: datetime) -> None:
    """Carry the room's alarms on with readings in order of time.

    What is older than the room's latest other reading is history: it is told in the sheet and opens nothing.
    """
    if not judged:
        return
    latest = _latest_but(session, room.id, [sample.at for sample, _ in judged])
    state = _State(session, room, now)
    for sample, broken in judged:
        if latest is None or sample.at >= latest:
            state.take(sample, broken)
    session.flush()


def see_to_alarm(session: Session, actor: Actor, alarm_id: int, note: str, *, now: datetime) -> int:
    """Write down that somebody has seen to an alarm and what was done; return the room.

    Raises `NotFound`, `NotAllowed`, `Invalid` without a note.
    """
    row = session.execute(
        select(ClimateAlarm, Place)
        .join(Place, Place.id == ClimateAlarm.place_id)
        .where(ClimateAlarm.id == alarm_id, branches_in(actor, Action.STORAGE_VIEW, Place.branch_id))
        .with_for_update(of=ClimateAlarm)
    ).first()
    if row is None:
        raise NotFound
    alarm, place = row
    if not may(actor, Action.CLIMATE_RECORD, Target(place.branch_id)):
        raise NotAllowed(Action.CLIMATE_RECORD)
    text = clean_text(note)[:200]
    if not text:
        raise Invalid.field("note", "climate.note_missing")
    before = {"note": alarm.note} if alarm.note else {}
    alarm.seen_by, alarm.seen_at, alarm.note = actor.account_id, now, text
    session.flush()
    after = {"kind": alarm.kind, "note": text}
    trail.record(
        session,
        actor,
        "climate_alarm_seen",
        trail.Subject("place", place.id, place.full_code),
        now=now,
        before=before,
        after=after,
    )
    return int(place.id)


class _State:
    """The alarms of a room while readings go by."""

    def __init__(self, session: Session, room: Room, now: datetime) -> None:
        self.session, self.room, self.now = session, room, now
        newest = (
            select(func.max(ClimateAlarm.began_at)).where(ClimateAlarm.place_id == room.id).group_by(ClimateAlarm.kind)
        )
        rows = session.scalars(
            select(ClimateAlarm)
            .where(ClimateAlarm.place_id == room.id)
            .where(or_(ClimateAlarm.ended_at.is_(None), ClimateAlarm.began_at.in_(newest)))
            .order_by(ClimateAlarm.began_at)
            .with_for_update()
        )
        self.last = {BreachKind(alarm.kind): alarm for alarm in rows}

    def take(self, sample: Sample, broken: Sequence[Breach]) -> None:
        """Open and carry on what is broken, end what is not."""
        kinds = {breach.kind for breach in broken}
        for kind, alarm in self.last.items():
            if alarm.ended_at is None and kind not in kinds and sample.at >= alarm.began_at:
                alarm.ended_at = sample.at
        for breach in broken:
            known = self.last.get(breach.kind)
            if known is None or (known.ended_at is not None and sample.at - known.ended_at >= REST):
                self._open(sample, breach)
                continue
            if sample.at < known.began_at:
                continue
            known.ended_at = None
            # The reading that opened it was corrected, or a later one is worse.
            if sample.at == known.began_at or _is_worse(breach, known):
                known.worst, known.bound = breach.value, breach.bound

    def _open(self, sample: Sample, breach: Breach) -> None:
        alarm = ClimateAlarm(
            id=new_id(),
            place_id=self.room.id,
            kind=breach.kind.value,
            began_at=sample.at,
            worst=breach.value,
            bound=breach.bound,
        )
        # The one before must be ended in the database before the next one opens: only one may be open.
        self.session.flush()
        self.session.add(alarm)
        self.session.flush()
        self.last[breach.kind] = alarm
        for account_id in _keepers(self.session, self.room.branch_id, self.now):
            notify(
                self.session,
                account_id,
                "climate_alarm",
                now=self.now,
                path=f"/storage/climate/{encode_id(self.room.id)}",
                details={
                    "room": self.room.title,
                    "kind": breach.kind.value,
                    "value": show_tenths(breach.value),
                    "bound": show_tenths(breach.bound),
                },
            )


def _is_worse(breach: Breach, alarm: ClimateAlarm) -> bool:
    return abs(breach.value - breach.bound) > abs(alarm.worst - alarm.bound)


def _latest_but(session: Session, place_id: int, moments: Sequence[datetime]) -> datetime | None:
    """Return the room's latest reading that is not one of those at hand."""
    row = session.execute(
        select(ClimateReading.measured_at)
        .where(ClimateReading.place_id == place_id)
        .where(or_(ClimateReading.measured_at < moments[0], ClimateReading.measured_at > moments[-1]))
        .order_by(ClimateReading.measured_at.desc())
        .limit(1)
    ).first()
    return row[0] if row else None


def _keepers(session: Session, branch_id: int, now: datetime) -> Sequence[int]:
    """Return the archivists of a branch."""
    return session.scalars(
        select(Grant.account_id)
        .join(Account, Account.id == Grant.account_id)
        .where(Grant.branch_id == branch_id, Grant.role == "archivist", Account.state == "active")
        .where(Grant.revoked_at.is_(None), Grant.valid_from <= now)
        .where(or_(Grant.valid_to.is_(None), Grant.valid_to > now))
        .distinct()
    ).all()
