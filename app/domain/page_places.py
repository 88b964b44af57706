"""Places on a page, in thousandths of its width and height: turned with it, and led over to another image of it."""

from __future__ import annotations

from collections.abc import Sequence

EDGE = 1000
Corners = tuple[int, int, int, int]  # left, top, right, bottom
_WHOLE, _QUARTER = 360, 90
# A clockwise quarter turn and its opposite, as 3×3 matrices row by row.
_ON = (0.0, -1.0, float(EDGE), 1.0, 0.0, 0.0, 0.0, 0.0, 1.0)
_BACK = (0.0, 1.0, 0.0, -1.0, 0.0, float(EDGE), 0.0, 0.0, 1.0)


def turned_box(box: Corners, degrees: int) -> Corners:
    """Return where a box stands after its page was turned clockwise by quarters."""
    left, top, right, bottom = box
    for _ in range(degrees % _WHOLE // _QUARTER):
        left, top, right, bottom = EDGE - bottom, left, EDGE - top, right
    return left, top, right, bottom


def turned_way(way: Sequence[float], degrees: int) -> tuple[float, ...]:
    """Return the way from one image to another after both were turned clockwise by quarters."""
    turned = tuple(way)
    for _ in range(degrees % _WHOLE // _QUARTER):
        turned = _product(_ON, _product(turned, _BACK))
    return turned


def led_over(box: Corners, way: Sequence[float]) -> Corners | None:
    """Return the smallest box around `box` on the image to which `way` leads; None for one that lies beyond it."""
    left, top, right, bottom = box
    corners = [_led(x, y, way) for x, y in ((left, top), (right, top), (right, bottom), (left, bottom))]
    if None in corners:
        return None
    across, down = zip(*(corner for corner in corners if corner), strict=True)
    left, right = (min(max(round(edge), 0), EDGE) for edge in (min(across), max(across)))
    top, bottom = (min(max(round(edge), 0), EDGE) for edge in (min(down), max(down)))
    return (left, top, right, bottom) if left < right and top < bottom else None


def _led(x: float, y: float, way: Sequence[float]) -> tuple[float, float] | None:
    across, down, depth = (a * x + b * y + c for a, b, c in (way[0:3], way[3:6], way[6:9]))
    return (across / depth, down / depth) if depth > 0 else None


def _product(first: Sequence[float], second: Sequence[float]) -> tuple[float, ...]:
    return tuple(
        sum(first[3 * row + step] * second[3 * step + column] for step in range(3))
        for row in range(3)
        for column in range(3)
    )
