"""What stands on a page: the ink on a reduced copy, light paper evened out first, and how much of it there is."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

WORK_SIDE = 1000  # longest side of the copy on which a page is looked at
PAPER_KERNEL = 31  # of that copy: larger than a stroke, smaller than a photo
_STROKE = 0.86  # of the paper's brightness: darker is ink
_COLOUR = 27  # how far from the colour of the paper a seal or a coloured note is, in LAB
_MARGIN = 0.02  # at the edges lie shadows, punch holes and feeder marks
BLANK_INK, BLANK_COLOUR = 0.00045, 0.00025  # shares of the page; a stamp of 8 mm is 0.0008 of A4
_CREASE, _CREASE_HEIGHT = 400, 9  # of a page of 1000: over half of its width and thin, which no line of writing is
_HOLE, _HOLE_MARGIN, _DISC = (9, 45), 0.12, 0.6  # 3 to 13 mm, near an edge, filled as a disc is; a stamp's ring is not
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
    closed = cv2.morphologyEx(gray, cv2.MORPH_CLOSE, np.ones((PAPER_KERNEL, PAPER_KERNEL), np.uint8))
    paper = cv2.GaussianBlur(closed, (0, 0), PAPER_KERNEL / 3).astype(np.float32)
    return _without_specks((gray < paper * _STROKE).astype(np.uint8) * 255)


def colour_of(image: Any) -> Any:
    """Return a mask of coloured strokes: far from the colour of the paper, as seals and notes are."""
    lab = cv2.cvtColor(image, cv2.COLOR_BGR2LAB).astype(np.int16)
    middle = [int(np.median(lab[:, :, channel])) for channel in (1, 2)]
    away = np.abs(lab[:, :, 1] - middle[0]) + np.abs(lab[:, :, 2] - middle[1])
    return _without_specks((away > _COLOUR).astype(np.uint8) * 255)


def is_blank(image: Any) -> bool:
    """Say whether nothing stands on a page; a faint seal or a pencil note is something."""
    small = reduced(image)
    gray = cv2.cvtColor(small, cv2.COLOR_BGR2GRAY)
    inside = _inside(gray.shape)
    ink, colour = _written(ink_of(gray))[inside], colour_of(small)[inside]
    return bool(np.mean(ink > 0) < BLANK_INK and np.mean(colour > 0) < BLANK_COLOUR)


def _written(ink: Any) -> Any:
    """Return the ink without what filing leaves on every sheet: a crease across it, and punch holes at its edges."""
    left = cv2.subtract(ink, cv2.dilate(_creases(ink), np.ones((7, 7), np.uint8)))
    count, labels, stats, middles = cv2.connectedComponentsWithStats(left, connectivity=8)
    height, width = ink.shape
    for label in range(1, count):
        _, _, across, down, area = stats[label]
        x, y = middles[label]
        at_edge = min(x / width, 1 - x / width, y / height, 1 - y / height) < _HOLE_MARGIN
        is_round = 0.6 < across / down < 1.7 and area > _DISC * across * down
        if at_edge and is_round and _HOLE[0] <= max(across, down) <= _HOLE[1]:
            left[labels == label] = 0
    return left


def _creases(ink: Any) -> Any:
    """Return a mask of the long thin lines; the rows of a text are as long, but as tall as its letters."""
    joined = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((3, 25), np.uint8))
    long = cv2.morphologyEx(joined, cv2.MORPH_OPEN, np.ones((1, _CREASE), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    thin = np.zeros(count, np.uint8)
    thin[1:] = np.where(stats[1:, cv2.CC_STAT_HEIGHT] <= _CREASE_HEIGHT, 255, 0)
    return cv2.bitwise_and(long, thin[labels])


def _inside(shape: tuple[int, ...]) -> tuple[slice, slice]:
    height, width = shape[:2]
    down, across = round(height * _MARGIN), round(width * _MARGIN)
    return slice(down, height - down), slice(across, width - across)


def _without_specks(mask: Any) -> Any:
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    keep = np.zeros(count, np.uint8)
    keep[1:] = np.where(stats[1:, cv2.CC_STAT_AREA] >= _SPECK, 255, 0)
    return keep[labels]
