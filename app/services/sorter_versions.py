"""What the sorter learnt, version by version: learning at once, and going back to the version before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.errors import Invalid, WrongState
from app.domain.normal import clean_text
from app.models.intake import Confirmation, SorterModel
from app.services import trail
from app.services.completeness_rules import require_may_change
from app.services.jobs import enqueue
from app.services.learning import FEWEST

_JOB = "learn_sorting"
MOST_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Versions:
    """The newest versions, and what there is to learn from."""

    rows: tuple[SorterModel, ...]
    confirmations: int
    fresh: int  # confirmations since the last lesson
    in_force: SorterModel | None
    before: SorterModel | None  # to which one may go back
    fewest: int = FEWEST

    @property
    def may_learn(self) -> bool:
        """Say whether a lesson now would have anything to learn from."""
        return self.confirmations >= self.fewest and self.fresh > 0


def versions_of(session: Session) -> Versions:
    """Return what was learnt so far, newest first."""
    rows = tuple(session.scalars(select(SorterModel).order_by(SorterModel.number.desc()).limit(MOST_SHOWN)))
    count = select(func.count()).select_from(Confirmation)
    fresh = count.where(Confirmation.confirmed_at > rows[0].trained_at) if rows else count
    used = _in_force(session)
    before = _before(session, used) if used else None
    return Versions(rows, session.scalar(count) or 0, session.scalar(fresh) or 0, used, before)


def learn_now(session: Session, actor: Actor, *, now: datetime) -> None:
    """Ask for a lesson in the background; raises `NotAllowed`, and `WrongState` where there is nothing to learn."""
    require_may_change(session, actor)
    if not versions_of(session).may_learn:
        raise WrongState("sorter.nothing_new")
    enqueue(session, _JOB, {}, now=now, actor=actor, unique_key=_JOB)
    trail.record(session, actor, "sorter_lesson_asked", trail.Subject("sorter", None, ""), now=now)


def go_back(session: Session, actor: Actor, reason: str, *, seen: int, now: datetime) -> SorterModel:
    """Take the version before into use again and return it; the one in use stays as a former one.

    `seen` is the number of the version that was in use when the page was shown. Raises `NotAllowed`, `Invalid` without a
    reason, `WrongState` when another version is in use by now or there is none before.
    """
    require_may_change(session, actor)
    said = clean_text(reason)[:200]
    if not said:
        raise Invalid.field("reason", "sorter.reason")
    used = session.scalar(select(SorterModel).where(SorterModel.state == "in_force").with_for_update())
    if used is None or used.number != seen:
        raise WrongState("sorter.changed")
    before = _before(session, used)
    if before is None:
        raise WrongState("sorter.first")
    used.state, before.state = "former", "in_force"
    session.flush()
    subject = trail.Subject("sorter", before.id, str(before.number))
    numbers = {"number": str(used.number)}, {"number": str(before.number)}
    trail.record(session, actor, "sorter_put_back", subject, now=now, before=numbers[0], after=numbers[1], reason=said)
    return before


def _in_force(session: Session) -> SorterModel | None:
    return session.scalar(select(SorterModel).where(SorterModel.state == "in_force"))


def _before(session: Session, used: SorterModel) -> SorterModel | None:
    return session.scalar(
        select(SorterModel)
        .where(SorterModel.state == "former", SorterModel.number < used.number)
        .order_by(SorterModel.number.desc())
        .limit(1)
    )
