"""The address that a customer is given: the questions, the thanks, or the start of a tablet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.blueprints.answering.opened import opened_at, opened_now
from app.blueprints.answering.screen import answer_page, closed_page, screen
from app.domain.errors import Invalid, NotFound, TooManyTries, WrongState
from app.domain.surveys import Answers
from app.queries.answering import QUESTIONS, START, THANKS, Link, find_link
from app.services import attempts
from app.services.survey_answers import Given, give_answer
from app.services.survey_invitations import locked, token_hash
from app.services.survey_kiosks import start_at_kiosk
from app.web.access import public
from app.web.clock import now
from app.web.forms import stripped
from app.web.identity import client_address, settings
from app.web.sentences import SENTENCES
from app.web.transactions import writing

LONGEST_TOKEN, MOST_VALUES = 64, 20
BACK_AFTER_THANKS, BACK_AFTER_QUESTIONS, AFRESH = 10, 300, 600  # seconds on a tablet


@screen.get("/s/<token>")
@public
def show_link(token: str) -> Response:
    """Show what an address leads to."""
    return _show(token)


@screen.get("/s/<kiosk>/<token>")
@public
def show_at_kiosk(kiosk: str, token: str) -> Response:
    """Show the questions on a tablet, which goes back to its start by itself."""
    return _show(token, kiosk=kiosk)


@screen.post("/s/<token>")
@public
def send_answer(token: str) -> AnyResponse:
    """Take an answer, or begin one on a tablet."""
    return _take(token)


@screen.post("/s/<kiosk>/<token>")
@public
def send_at_kiosk(kiosk: str, token: str) -> AnyResponse:
    """Take an answer on a tablet."""
    return _take(token, kiosk=kiosk)


def _show(token: str, *, kiosk: str = "") -> Response:
    try:
        link = _find(token)
    except TooManyTries as tries:
        return closed_page(minutes=tries.minutes)
    if link is None or bool(kiosk) != bool(link.kiosk_id and link.shows != START):
        return closed_page()
    if link.shows == QUESTIONS:
        return _ask(link, token, kiosk=kiosk)
    page = answer_page(link.shows, link=link, start=_address(token))
    return _back(page, _address(kiosk or token), BACK_AFTER_THANKS if kiosk else AFRESH if link.shows == START else 0)


def _take(token: str, *, kiosk: str = "") -> AnyResponse:
    try:
        link = _find(token)
        if link is None or bool(kiosk) != bool(link.kiosk_id and link.shows != START):
            return closed_page()
        if link.shows == THANKS:
            return redirect(_address(token, kiosk), 303)
        return _start(link, token) if link.shows == START else _answer(link, token, kiosk=kiosk)
    except TooManyTries as tries:
        return closed_page(minutes=tries.minutes)
    except NotFound:
        return closed_page()


def _find(token: str) -> Link | None:
    """Return what a token leads to; only tokens that lead nowhere are counted. Raises `TooManyTries`."""
    guess = attempts.Guess(attempts.SURVEY_LINK, None, attempts.SURVEY_LINK, client_address())
    attempt = attempts.reserve(writing, guess, rules=settings().sign_in, now=now())
    with writing() as session:
        link = find_link(session, token_hash(token[:LONGEST_TOKEN]), now=now())
        if link is not None:
            attempts.succeed(session, attempt)
    return link


def _start(link: Link, kiosk: str) -> AnyResponse:
    with writing() as session:
        token = start_at_kiosk(session, link.kiosk_id, now=now())
    return redirect(_address(token, kiosk), 303)


def _answer(link: Link, token: str, *, kiosk: str) -> AnyResponse:
    guess = attempts.Guess(attempts.SURVEY_ANSWER, None, token_hash(token)[:40], client_address())
    attempt = attempts.reserve(writing, guess, rules=settings().sign_in, now=now())
    typed = _typed(link)
    try:
        with writing() as session:
            give_answer(session, None, locked(session, link.invitation_id), _given(token, typed), now=now())
            attempts.succeed(session, attempt)
    except Invalid as invalid:
        return _ask(link, token, kiosk=kiosk, typed=typed, invalid=invalid)
    except WrongState as wrong:
        # Somebody with the same link was quicker, or its time ran out just now.
        if wrong.code != "invitation.is_answered":
            return closed_page()
    return redirect(_address(token, kiosk), 303)


def _typed(link: Link) -> Answers:
    return {
        question.key: [stripped(value) for value in request.form.getlist(f"q_{question.key}")[:MOST_VALUES]]
        for question in link.questions
    }


def _given(token: str, typed: Answers) -> Given:
    at, opened = now(), opened_at(token, request.form.get("opened", ""), now())
    seconds = int((at - opened).total_seconds()) if opened is not None else None
    return Given(typed, seconds, opened, address=client_address())


def _ask(
    link: Link, token: str, *, kiosk: str, typed: Answers | None = None, invalid: Invalid | None = None
) -> Response:
    problems = _sentences(invalid.problems) if invalid is not None else {}
    known = request.form.get("opened", "") if invalid is not None else ""
    page = answer_page(
        QUESTIONS,
        422 if invalid is not None else 200,
        link=link,
        typed=typed or {},
        problems=problems,
        opened=known or opened_now(token, now()),
        action=_address(token, kiosk),
        start=_address(kiosk) if kiosk else "",
    )
    return _back(page, _address(kiosk), BACK_AFTER_QUESTIONS) if kiosk else page


def _sentences(problems: Mapping[str, Sequence[str]]) -> Mapping[str, list[Any]]:
    return {key: [SENTENCES.get(code, code) for code in codes] for key, codes in problems.items()}


def _address(token: str, kiosk: str = "") -> str:
    if kiosk:
        return url_for("answering.show_at_kiosk", kiosk=kiosk, token=token)
    return url_for("answering.show_link", token=token)


def _back(page: Response, address: str, seconds: int) -> Response:
    """Let a tablet go on to `address` by itself; nothing for 0 seconds."""
    if seconds:
        page.headers["Refresh"] = f"{seconds}; url={address}"
    return page
