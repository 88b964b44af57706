"""Is anything on a page? Creases, punch holes and dust are nothing; whatever may have been written is something."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

from .ink import colour_of, faint_of, ink_of, median_of, reduced

BLANK_INK, BLANK_COLOUR = 0.00045, 0.00025  # shares of the page; a stamp of 8 mm is 0.0008 of A4
_NO_PAPER = 80  # of 255: so dark throughout is a cover or a picture
_FAINT = 0.004  # share of the page: some lines of a slip that has faded; what shines through from behind is lighter
_MARGIN = 0.02  # at the edges lie shadows and feeder marks
_MARK = (7, 3, 14)  # pixels of a page of 1000, length, width, area: the number of a page in small print
_OUTER = 3  # pixels: what touches the edge itself is shadow
_CREASE, _CREASE_HEIGHT = 400, 9  # of a page of 1000: over half of its width and thin
_STROKE, _UNBROKEN = (
    3,
    0.6,
)  # a crease is a line: so thick and so whole; a row of print is neither, nor dots, nor a barcode
_HOLE, _HOLE_MARGIN, _DISC = (12, 45), 0.12, 0.82  # 3.5 to 13 mm, near an edge, and how much of a disc it fills
_STEP, _STEPS = 4.5, 0.006  # levels a pixel on a copy of a quarter, and the share of such: the outline of a picture


def is_blank(image: Any) -> bool:
    """Say whether nothing stands on a page; a faint seal or a pencil note is something."""
    small = reduced(image)
    gray = cv2.cvtColor(small, cv2.COLOR_BGR2GRAY)
    if median_of(gray) < _NO_PAPER:
        return False
    ink = _written(ink_of(gray))
    if _inner_share(ink) >= BLANK_INK or _has_mark(ink) or _has_picture(gray):
        return False
    return _inner_share(_written(faint_of(gray))) < _FAINT and _inner_share(colour_of(small)) < BLANK_COLOUR


def _inner_share(mask: Any) -> float:
    height, width = mask.shape
    down, across = round(height * _MARGIN), round(width * _MARGIN)
    inside = mask[down : height - down, across : width - across]
    return float(cv2.countNonZero(inside) / inside.size)


def _has_mark(ink: Any) -> bool:
    """Say whether a single stroke or sign is there, however small: dust is smaller, a rest of a crease thinner."""
    height, width = ink.shape
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    x, y, across, down, area = stats[1:].T
    longest, least, most = _MARK
    is_mark = (np.maximum(across, down) >= longest) & (np.minimum(across, down) >= least) & (area >= most)
    is_inside = (np.minimum(x, y) >= _OUTER) & (x + across <= width - _OUTER) & (y + down <= height - _OUTER)
    return bool(np.any(is_mark & is_inside))


def _has_picture(gray: Any) -> bool:
    """Say whether edges of something large and toned are there, which is no stroke: a card, a photo."""
    small = cv2.resize(gray, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    small = cv2.GaussianBlur(small, (0, 0), 1).astype(np.float32)
    across, down = (cv2.Sobel(small, -1, *order, scale=1 / 8) for order in ((1, 0), (0, 1)))
    return _inner_share((cv2.magnitude(across, down) > _STEP).astype(np.uint8)) >= _STEPS


def _written(ink: Any) -> Any:
    """Return the ink without what filing leaves on every sheet: a crease across it, and punch holes at its edges."""
    left = cv2.subtract(ink, cv2.dilate(_creases(ink), np.ones((7, 7), np.uint8)))
    _, labels, stats, middles = cv2.connectedComponentsWithStats(left, connectivity=8)
    height, width = ink.shape
    for label in np.flatnonzero(_is_round(stats)):
        x, y = middles[label]
        at_edge = min(x / width, 1 - x / width, y / height, 1 - y / height) < _HOLE_MARGIN
        if label and at_edge and _is_disc(_part(labels, stats, label)):
            left[labels == label] = 0
    return left


def _is_round(stats: Any) -> Any:
    across, down = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    size, shape = np.maximum(across, down), across / np.maximum(down, 1)
    return (size >= _HOLE[0]) & (size <= _HOLE[1]) & (shape > 0.6) & (shape < 1.7)


def _is_disc(part: Any) -> bool:
    """Say whether a piece fills the oval that its box holds and little beside it; the ring of a stamp does not."""
    height, width = part.shape
    down, across = np.ogrid[:height, :width]
    oval = ((down + 0.5) / height * 2 - 1) ** 2 + ((across + 0.5) / width * 2 - 1) ** 2 <= 1
    return bool(np.sum(part & oval) >= _DISC * np.sum(part | oval))


def _part(labels: Any, stats: Any, label: Any) -> Any:
    x, y, across, down, _ = stats[label]
    return labels[y : y + down, x : x + across] == label


def _creases(ink: Any) -> Any:
    """Return a mask of the long thin lines; a row of text is as long, but made of strokes that stand."""
    joined = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((3, 25), np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    creases = np.zeros_like(ink)
    is_thin = (stats[:, cv2.CC_STAT_HEIGHT] <= _CREASE_HEIGHT) & (stats[:, cv2.CC_STAT_WIDTH] >= _CREASE)
    for label in np.flatnonzero(is_thin):
        x, y, across, down, _ = stats[label]
        box = slice(y, y + down), slice(x, x + across)
        line = _part(labels, stats, label)
        if _is_line(line & (ink[box] > 0)):
            creases[box][line] = 255
    return creases


def _is_line(strokes: Any) -> bool:
    """Say whether there is ink from one end to the other, and no thicker than a line is."""
    there = strokes.any(axis=0)
    thick = strokes.shape[0] - strokes[::-1].argmax(axis=0) - strokes.argmax(axis=0)
    return bool(there.mean() >= _UNBROKEN and np.median(thick[there]) <= _STROKE)
