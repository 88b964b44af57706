"""Places on a page, turned with it and led over to another image of it."""

from __future__ import annotations

import pytest

from app.domain.page_places import led_over, turned_box, turned_way

PLAIN = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0)
LOWER = (1.0, 0.0, 0.0, 0.0, 1.0, 50.0, 0.0, 0.0, 1.0)


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_box_and_its_way_turn_together(degrees: int) -> None:
    box = (100, 200, 300, 250)

    first_led = turned_box((100, 250, 300, 300), degrees)

    assert led_over(box, LOWER) == (100, 250, 300, 300)
    assert led_over(turned_box(box, degrees), turned_way(LOWER, degrees)) == first_led
    assert turned_box(turned_box(box, degrees), 360 - degrees) == box


def test_what_lies_beyond_the_other_image_is_nowhere() -> None:
    assert led_over((0, 960, 100, 990), LOWER) is None
    assert led_over((0, 900, 100, 990), LOWER) == (0, 950, 100, 1000)
    assert led_over((0, 0, 100, 100), (*PLAIN[:6], 0.0, 0.0, -1.0)) is None
