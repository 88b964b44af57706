"""Even light: paper becomes white where it was shaded or yellowed, colours stay; grain goes; dark borders are covered."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

PAPER = 247  # what paper becomes; not 255, so that light pencil does not drown
MOST_GAIN = 2.4
_REDUCED = 8  # the paper is looked for on a copy of an eighth
_PHOTO = 43  # of that copy: larger than a photo of a person on an identity card
_GRAIN = 5.0
_BORDER_DARK, _BORDER_DEEPEST = 75, 0.05


def flattened(image: Any) -> Any:
    """Return the page with its paper evened out, channel by channel: yellow and shadow go, seals stay red."""
    height, width = image.shape[:2]
    size = (max(1, width // _REDUCED), max(1, height // _REDUCED))
    small = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    kernel = min(_PHOTO, 2 * (min(size) // 4) + 1)
    paper = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((kernel, kernel), np.uint8))
    paper = cv2.GaussianBlur(paper, (0, 0), max(1.0, kernel / 4)).astype(np.float32)
    # Where even the lightest nearby is dark there is no paper: a desk, a photo. It is not made light by force.
    gain: Any = np.clip(PAPER / np.maximum(paper, 1), 0.9, MOST_GAIN)
    gain = cv2.resize(gain, (width, height), interpolation=cv2.INTER_LINEAR)
    return cv2.multiply(image.astype(np.float32), gain).clip(0, 255).astype(np.uint8)


def grain_of(gray: Any) -> float:
    """Return how grainy a page is: the usual difference of neighbours where nothing stands."""
    blurred = cv2.medianBlur(gray, 3)
    return float(np.median(np.abs(gray.astype(np.int16) - blurred)[gray > 120])) if np.any(gray > 120) else 0.0


def calmed(image: Any, grain: float) -> Any:
    """Return the page with its grain lessened; a page without any is left alone."""
    if grain < _GRAIN:
        return image
    return cv2.bilateralFilter(image, 5, 18 + 3 * grain, 3)


def deepened(image: Any) -> Any:
    """Return the page with faded ink made darker: the darkest hundredth becomes nearly black."""
    gray = cv2.cvtColor(image[::4, ::4], cv2.COLOR_BGR2GRAY)
    dark = float(np.percentile(gray, 1))
    if dark < 60 or dark > 190:
        return image
    steps = np.arange(256, dtype=np.float32)
    curve = np.where(steps < PAPER, 30 + (steps - dark) * (PAPER - 30) / (PAPER - dark), steps)
    return cv2.LUT(image, curve.clip(0, 255).astype(np.uint8))


def border_of(gray: Any) -> Any:
    """Return a mask of dark borders that a scanner leaves: dark, joined to the edge, no deeper than a twentieth."""
    height, width = gray.shape[:2]
    dark = (gray < _BORDER_DARK).astype(np.uint8)
    deep, across = max(2, round(height * _BORDER_DEEPEST)), max(2, round(width * _BORDER_DEEPEST))
    edge = np.zeros_like(dark)
    edge[:deep], edge[-deep:], edge[:, :across], edge[:, -across:] = 1, 1, 1, 1
    count, labels, stats, _ = cv2.connectedComponentsWithStats(dark & edge, connectivity=4)
    mask = np.zeros_like(dark)
    for label in range(1, count):
        x, y, w, h, area = stats[label]
        touches = x == 0 or y == 0 or x + w == width or y + h == height
        # A strip along an edge, filled: letters that touch the edge are neither.
        if touches and max(w / width, h / height) > 0.3 and area > 0.5 * w * h:
            mask[labels == label] = 255
    return cv2.dilate(mask, np.ones((3, 3), np.uint8)) if mask.any() else mask


def without_border(image: Any, mask: Any) -> Any:
    """Return the page with the border covered by paper."""
    if not mask.any():
        return image
    full = cv2.resize(mask, (image.shape[1], image.shape[0]), interpolation=cv2.INTER_NEAREST)
    covered = image.copy()
    covered[full > 0] = PAPER
    return covered
