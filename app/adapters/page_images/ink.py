"""What stands on a page: the ink on a reduced copy, light paper evened out first, and how much of it there is."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

WORK_SIDE = 1000  # longest side of the copy on which a page is looked at
PAPER_KERNEL = 31  # of that copy: larger than a stroke, smaller than a photo
_COARSE = 4
_STROKE, _FAINT = 0.86, 0.94  # of the paper's brightness: darker is ink, or may be
_COLOUR = 27  # how far from the colour of the paper a seal or a coloured note is, in LAB
_SPECK = 4  # pixels: smaller dots are grain and dust


def reduced(image: Any, side: int = WORK_SIDE) -> Any:
    """Return a copy whose longest side is `side` at most."""
    height, width = image.shape[:2]
    scale = side / max(height, width)
    if scale >= 1:
        return image
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return cv2.resize(image, size, interpolation=cv2.INTER_AREA)


def ink_of(gray: Any) -> Any:
    """Return a mask (0 or 255) of what is darker than its paper; single specks are left out."""
    return _without_specks(cv2.compare(gray, cv2.convertScaleAbs(_paper(gray), alpha=_STROKE), cv2.CMP_LT))


def _paper(gray: Any) -> Any:
    closed = cv2.morphologyEx(gray, cv2.MORPH_CLOSE, np.ones((PAPER_KERNEL, PAPER_KERNEL), np.uint8))
    # So wide a blur is the same on a small copy, and that takes a tenth of the time.
    small = cv2.resize(closed, None, fx=1 / _COARSE, fy=1 / _COARSE, interpolation=cv2.INTER_AREA)
    small = cv2.GaussianBlur(small, (0, 0), PAPER_KERNEL / 3 / _COARSE)
    return cv2.resize(small, gray.shape[1::-1], interpolation=cv2.INTER_LINEAR)


def faint_of(gray: Any) -> Any:
    """Return a mask of what is hardly darker than its paper: grain is smoothed away first."""
    soft = cv2.GaussianBlur(gray, (0, 0), 1.5)
    return _without_specks(cv2.compare(soft, cv2.convertScaleAbs(_paper(soft), alpha=_FAINT), cv2.CMP_LT))


def colour_of(image: Any) -> Any:
    """Return a mask of coloured strokes: far from the colour of the paper, as seals and notes are."""
    _, *sides = cv2.split(cv2.cvtColor(image, cv2.COLOR_BGR2LAB))
    away = cv2.add(*(cv2.absdiff(side, np.full_like(side, median_of(side))) for side in sides))
    return _without_specks((away > _COLOUR).astype(np.uint8) * 255)


def median_of(channel: Any) -> int:
    """Return the middle value of bytes, by counting them."""
    counts = np.cumsum(cv2.calcHist([channel], [0], None, [256], [0, 256]))
    return int(np.searchsorted(counts, counts[-1] / 2))


def _without_specks(mask: Any) -> Any:
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    keep = np.zeros(count, np.uint8)
    keep[1:] = np.where(stats[1:, cv2.CC_STAT_AREA] >= _SPECK, 255, 0)
    return keep[labels]
