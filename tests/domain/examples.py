"""How many examples the property tests of the domain draw: enough to find a hole, few enough to run always."""

from __future__ import annotations

from datetime import date

from hypothesis import settings
from hypothesis import strategies as st

from app.domain.resident_ids import PROVINCES, check_character

few = settings(max_examples=40, deadline=None)
TODAY = date(2026, 11, 22)


@st.composite
def resident_ids(draw: st.DrawFn) -> str:
    """Draw a valid resident's number of somebody born between 1920 and `TODAY`."""
    province = draw(st.sampled_from(sorted(PROVINCES)))
    region = draw(st.integers(0, 9999))
    born = draw(st.dates(date(1920, 1, 1), TODAY))
    sequence = draw(st.integers(0, 999))
    seventeen = f"{province}{region:04d}{born:%Y%m%d}{sequence:03d}"
    return seventeen + check_character(seventeen)
