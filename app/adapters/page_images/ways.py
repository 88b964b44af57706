"""Where a place on a page goes while the page is restored, so that what was read can be marked on the restored copy."""

from __future__ import annotations

from typing import Any

import numpy as np

EDGE = 1000  # places are told in thousandths of width and height


class Way:
    """The steps from a page as it came to its restored copy, each a matrix on places in pixels."""

    def __init__(self, image: Any) -> None:
        """Begin with the page as it came."""
        self._matrix: Any = np.linalg.inv(_in_thousandths(image))

    def step(self, matrix: Any) -> None:
        """Add a step: a 2×3 or a 3×3 matrix."""
        self._matrix = np.vstack([matrix, [0, 0, 1]])[:3] @ self._matrix

    def turn(self, image: Any, degrees: int) -> None:
        """Add a quarter turn or more, clockwise, of `image` as it was before."""
        self.step(_turn(image.shape[1], image.shape[0], degrees))

    def told(self, image: Any, turned: int) -> list[float]:
        """Return the way from the page as it came, turned by `turned`, to `image`, in thousandths of both: nine numbers."""
        whole = _in_thousandths(image) @ self._matrix @ np.linalg.inv(_turn(EDGE, EDGE, turned))
        return [float(f"{value:.9g}") for value in (whole / whole[2, 2]).flatten()]


def _in_thousandths(image: Any) -> Any:
    height, width = image.shape[:2]
    return np.diag([EDGE / width, EDGE / height, 1.0])


def _turn(width: float, height: float, degrees: int) -> Any:
    """Return a clockwise turn of a page that is so large before it."""
    turns: dict[int, Any] = {
        0: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
        90: [[0, -1, height], [1, 0, 0], [0, 0, 1]],
        180: [[-1, 0, width], [0, -1, height], [0, 0, 1]],
        270: [[0, 1, 0], [-1, 0, width], [0, 0, 1]],
    }
    return np.array(turns[degrees], float)
