"""Every code by which clocks refuse has its sentence."""

from __future__ import annotations

import re
from pathlib import Path

from app.domain.deadlines import CODES
from app.web.sentences import SENTENCES

APP = Path(__file__).resolve().parents[2] / "app"
SOURCES = (
    *("domain/deadlines/calendar_file.py", "services/clocks.py", "services/calendar.py", "services/clock_rules.py"),
    *("services/case_causes.py", "services/claim_clocks.py", "services/claim_events.py", "services/duties.py"),
)
CODE = re.compile(r'"((?:clock|calendar|clock_rule|cause|duty|claim_event)\.\w+)"')


def test_every_code_of_the_engine_has_a_sentence() -> None:
    assert {code for code in CODES if code not in SENTENCES} == set()


def test_every_code_of_the_services_has_a_sentence() -> None:
    found = {code for source in SOURCES for code in CODE.findall((APP / source).read_text("utf-8"))}

    assert {"clock.in_future", "clock.strike_without_reason", "calendar.columns"} <= found
    assert {code for code in found if code not in SENTENCES} == set()
