"""Fixtures for the scripts: a house of its own for each test, and the supervisor's modules."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "script"))

from tests.script.house import House  # noqa: E402


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """The real scripts around a portal of ten lines."""
    house = House(tmp_path / "house")
    yield house
    house.close()
