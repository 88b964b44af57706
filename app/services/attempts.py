"""Tries at a password or a code: written down and committed before they are checked, counted, and bounded.

Only failures are counted, and a try that is still being checked is one of them, so that twenty at once are no way
around the limit. A later success does not erase them, neither does a new sign-in. Passwords are bounded per account
and address and per address alone: who types wrong ones elsewhere locks nobody out. Codes are bounded per account,
wherever they come from; only who knows the password can use them up.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.errors import TooManyTries
from app.domain.ids import new_id
from app.domain.sign_in import SignInRules
from app.models.accounts import Account, SignInAttempt
from app.services import trail

# Opens a transaction that writes, and commits it at the end: what is done in two steps has to be two of them.
Writing = Callable[[], AbstractContextManager[Session]]

DAY = timedelta(days=1)
KEPT = timedelta(days=2)
PASSWORD, CODE, ENROLMENT, ACTIVATION, THROTTLED = "password", "totp", "enrol", "activate", "throttled"
VERIFICATION = "verify"  # of a certified copy, by anybody: only what leads nowhere counts
SURVEY_LINK = "survey"  # opening a survey's address, by anybody: only what leads nowhere counts
SURVEY_ANSWER = "answer"  # sending an answer: only what is refused counts, under the token that it came by
_FAILURES = {VERIFICATION: "copy_check_failed", SURVEY_LINK: "survey_link_failed", SURVEY_ANSWER: "survey_link_failed"}


@dataclass(frozen=True, slots=True)
class Guess:
    """What is tried, on which account, from where; `name` is a user name, or a fingerprint of an unknown one."""

    stage: str
    account_id: int | None
    name: str
    address: str

    @property
    def counted_as(self) -> str:
        """What its failures are counted under."""
        return str(self.account_id) if self.account_id else self.name


@dataclass(frozen=True, slots=True)
class Budget:
    """So many failures within so long, of these stages; of one account, from one address, or both."""

    stages: tuple[str, ...]
    tries: int
    within: timedelta
    counted_as: str | None = None
    address: str | None = None


def budgets(guess: Guess, rules: SignInRules) -> tuple[Budget, ...]:
    """Return the budgets that a guess draws on, the widest first."""
    own = (guess.stage,)
    if guess.stage in {CODE, ENROLMENT}:
        return (
            Budget(own, rules.tries_in_day, DAY, counted_as=guess.counted_as),
            Budget(own, rules.tries_in_window, rules.window, counted_as=guess.counted_as),
        )
    if guess.stage == SURVEY_ANSWER:
        return (Budget(own, rules.tries_in_day, rules.window, counted_as=guess.counted_as),)
    if guess.stage in {VERIFICATION, SURVEY_LINK}:
        return (Budget(own, rules.address_tries_in_window, rules.window, address=guess.address),)
    here = Budget((PASSWORD, ACTIVATION), rules.address_tries_in_window, rules.window, address=guess.address)
    if guess.stage == ACTIVATION:
        return (here,)
    return (here, Budget(own, rules.password_tries_in_window, rules.window, guess.counted_as, guess.address))


def reserve(writing: Writing, guess: Guess, *, rules: SignInRules, now: datetime) -> int:
    """Write a try down, committed, and return its id; raises `TooManyTries` when a budget is used up."""
    with writing() as session:
        # Tries at one account wait for each other here, so that none overlooks another's row.
        session.execute(select(Account.id).where(Account.id == (guess.account_id or 0)).with_for_update())
        used_up, wait = _longest_wait(session, budgets(guess, rules), now=now)
        if used_up is None:
            return _write_down(session, guess, now=now)
        _note_throttled(session, guess, used_up, now=now)
    raise TooManyTries(max(1, math.ceil(wait / timedelta(minutes=1))))


def succeed(session: Session, attempt_id: int) -> None:
    """Note that a try was right."""
    session.execute(update(SignInAttempt).where(SignInAttempt.id == attempt_id).values(succeeded=True))


def note_failure(session: Session, guess: Guess, reason: str, *, now: datetime, actor: Actor | None = None) -> None:
    """Write a failed try into the trail: who or what fingerprint, where from, why; never what was typed."""
    kind = "account" if guess.account_id else "visitor"
    subject = trail.Subject(kind, guess.account_id, guess.name)
    event = _FAILURES.get(guess.stage, "sign_in_failed")
    trail.record(session, actor, event, subject, now=now, reason=reason, refused=True, address=guess.address)


def forget_old(session: Session, *, now: datetime) -> None:
    """Drop tries that no budget counts any more."""
    session.execute(delete(SignInAttempt).where(SignInAttempt.at < now - KEPT))


def _longest_wait(session: Session, drawn_on: Sequence[Budget], *, now: datetime) -> tuple[Budget | None, timedelta]:
    waits = [(budget, _wait(session, budget, now=now)) for budget in drawn_on]
    used_up = [(budget, wait) for budget, wait in waits if wait > timedelta(0)]
    return max(used_up, key=lambda pair: pair[1], default=(None, timedelta(0)))


def _wait(session: Session, budget: Budget, *, now: datetime) -> timedelta:
    """Return how long until a budget allows another try: until the oldest failure that fills it is old enough."""
    failures = select(SignInAttempt.at).where(
        SignInAttempt.stage.in_(budget.stages),
        SignInAttempt.succeeded.is_(False),
        SignInAttempt.at > now - budget.within,
    )
    if budget.counted_as is not None:
        failures = failures.where(SignInAttempt.subject == budget.counted_as)
    if budget.address is not None:
        failures = failures.where(SignInAttempt.address == budget.address)
    filling = session.scalar(failures.order_by(SignInAttempt.at.desc()).offset(budget.tries - 1).limit(1))
    return timedelta(0) if filling is None else filling + budget.within - now


def _write_down(session: Session, guess: Guess, *, now: datetime) -> int:
    attempt = SignInAttempt(
        id=new_id(), subject=guess.counted_as, stage=guess.stage, address=guess.address, at=now, succeeded=False
    )
    session.add(attempt)
    session.flush()
    return attempt.id


def _note_throttled(session: Session, guess: Guess, used_up: Budget, *, now: datetime) -> None:
    """Write one entry for all throttled tries of a budget's time: the trail must not be flooded."""
    mark, address = f"{guess.stage}:{used_up.counted_as or ''}", used_up.address or ""
    marked = select(SignInAttempt.id).where(
        SignInAttempt.subject == mark,
        SignInAttempt.stage == THROTTLED,
        SignInAttempt.address == address,
        SignInAttempt.at > now - used_up.within,
    )
    if session.scalar(marked.limit(1)) is not None:
        return
    session.add(SignInAttempt(subject=mark, stage=THROTTLED, address=address, at=now, succeeded=True))
    note_failure(session, guess, "too_many_tries", now=now)
