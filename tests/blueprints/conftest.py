"""Fixtures of screens."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.config import Settings
from tests.house import House


@pytest.fixture
def house(settings: Settings) -> Iterator[House]:
    """The portal of this test, whose people can sign in."""
    house = House(settings)
    yield house
    house.portal.close()
