"""Rules of signing in: how long a session lives, how often one may guess, what a password must be.

A password is only the first stage; everybody gives a code of six digits as well. Guesses are counted per account
and stage, written down before they are checked; only the code stage is ever locked, so that nobody can lock a
colleague out by typing wrong passwords. The defaults (5 in 15 minutes, 20 a day:
2.2 % chance to guess a code in a year of nonstop trying) and GB/T 22239-2019 8.1.4.1.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

CODE = re.compile(r"[0-9]{6}")
MIN_PASSWORD = 10
MAX_PASSWORD = 128


@dataclass(frozen=True, slots=True)
class SignInRules:
    """Durations and limits of the sign-in; every one can be set in config.toml (durations in seconds)."""

    idle: timedelta = timedelta(minutes=15)
    idle_administrator: timedelta = timedelta(minutes=10)
    absolute: timedelta = timedelta(hours=12)
    absolute_administrator: timedelta = timedelta(hours=8)
    half_session: timedelta = timedelta(minutes=10)
    step_up: timedelta = timedelta(minutes=5)
    activation: timedelta = timedelta(days=7)
    reset_request: timedelta = timedelta(days=1)  # how long a reset that was asked for waits for its second person
    password_age: timedelta = timedelta(days=90)
    window: timedelta = timedelta(minutes=15)
    tries_in_window: int = 5
    tries_in_day: int = 20
    password_tries_in_window: int = 10
    address_tries_in_window: int = 60
    sessions: int = 2
    sessions_administrator: int = 1

    def idle_for(self, *, administrator: bool) -> timedelta:
        """How long a session may rest."""
        return self.idle_administrator if administrator else self.idle

    def absolute_for(self, *, administrator: bool) -> timedelta:
        """How long a session may live at all."""
        return self.absolute_administrator if administrator else self.absolute

    def sessions_for(self, *, administrator: bool) -> int:
        """How many sessions one account may have at once."""
        return self.sessions_administrator if administrator else self.sessions


def is_code(text: str) -> bool:
    """Say whether `text` is six ASCII digits: full-width ones would open a way around the replay guard."""
    return CODE.fullmatch(text) is not None


def password_problems(password: str, username: str) -> list[str]:
    """Return what is wrong with a new password: short, long, classes, username."""
    problems = []
    if len(password) < MIN_PASSWORD:
        problems.append("password_short")
    if len(password) > MAX_PASSWORD:
        problems.append("password_long")
    if sum(bool(re.search(kind, password)) for kind in (r"[a-z]", r"[A-Z]", r"[0-9]", r"[^a-zA-Z0-9]")) < 3:
        problems.append("password_classes")
    if username and username.lower() in password.lower():
        problems.append("password_username")
    return problems
