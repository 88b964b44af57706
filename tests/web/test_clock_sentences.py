"""Every code by which clocks refuse has its sentence."""

from __future__ import annotations

import re
from pathlib import Path

from app.domain.deadlines import CODES, wording
from app.domain.deadlines.seeds import SEED_RULES
from app.web.clock_phrases import PHRASES, RULE_WORDS, say_clock
from app.web.cookies import LANGUAGE_COOKIE
from app.web.sentences import SENTENCES
from tests.client import BASE, Portal
from tests.web.test_translations import source, texts
from tests.web.words import CATALOGUE, read

APP = Path(__file__).resolve().parents[2] / "app"
SOURCES = (
    *("domain/deadlines/calendar_file.py", "services/clocks.py", "services/calendar.py", "services/clock_rules.py"),
    *("services/case_causes.py", "services/claim_clocks.py", "services/claim_events.py", "services/duties.py"),
)
PLACE = re.compile(r"\{\w+\}")
CODE = re.compile(r'"((?:clock|calendar|clock_rule|cause|duty|claim_event)\.\w+)"')


def test_every_code_of_the_engine_has_a_sentence() -> None:
    assert {code for code in CODES if code not in SENTENCES} == set()


def test_every_code_of_the_services_has_a_sentence() -> None:
    found = {code for source in SOURCES for code in CODE.findall((APP / source).read_text("utf-8"))}

    assert {"clock.in_future", "clock.strike_without_reason", "calendar.columns"} <= found
    assert {code for code in found if code not in SENTENCES} == set()


def test_every_phrase_of_the_engine_has_its_words() -> None:
    assert set(wording.PHRASES) == set(PHRASES)


def test_every_rule_that_is_shipped_has_its_words() -> None:
    shipped = {text for rule in SEED_RULES for text in (rule.title, rule.from_text, rule.until_text)}

    assert shipped == set(RULE_WORDS)


def test_a_translated_phrase_has_the_places_of_the_phrase() -> None:
    english = {source(message): texts(message)[0] for message in read(CATALOGUE) if message.context == "deadline"}

    assert {phrase for phrase in PHRASES if set(PLACE.findall(phrase)) != set(PLACE.findall(english[phrase]))} == set()


def test_a_text_of_the_office_is_said_as_it_is(portal: Portal) -> None:
    with portal.app.test_request_context("/", base_url=BASE, headers={"Cookie": f"{LANGUAGE_COOKIE}=en"}):
        assert say_clock("{due}到期，已逾期{over}") == "Was due {due}, overdue by {over}"
        assert say_clock("本单位自定的时限") == "本单位自定的时限"
