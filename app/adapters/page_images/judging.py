"""What is wrong with a photograph of a paper, so that it is taken again while the paper is still at hand."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

from .blank import is_blank
from .ink import ink_of, median_of, reduced
from .sheet import corners_of, cut_out
from .upright import lies_on_its_side

SMALLEST_SIDE = 800  # pixels across the paper: below, print of 9 points has less than 12 pixels on A4
DARKEST = 105  # of 255: how light the paper must be
BLURRED = 0.30  # how steep the strokes' edges must be, of the contrast there is
GLARE_SHARE = 0.012  # of the page: a lamp of 3 cm on A4
GLARE_ABOVE = 25  # a lamp is so much lighter than the paper around it
_AT_EDGE = 0.006  # of the photograph: a corner of the sheet so near its edge lies outside of it
_NEAR_EDGE = 10  # of `_SIDE`: print keeps more distance from the edge of a sheet that is whole
_READ_SIDE, _SIDE = 1600, 1200  # the size in which print is read, and one in which it is still told from paper
CUT_SHARE = 0.02  # of an edge that ink touches
Found = list[tuple[str, float]]


def judge(image: Any) -> Found:
    """Return what is wrong, worst first: code and how much."""
    corners = corners_of(image)
    sheet = image if corners is None else cut_out(image, corners)
    # Each copy is made from the next larger one.
    read = reduced(sheet, _READ_SIDE)
    if is_blank(read):
        return [("blank", 1.0)]
    sharp = cv2.cvtColor(read, cv2.COLOR_BGR2GRAY)
    gray = reduced(sharp, _SIDE)
    found: Found = []
    # Most of a sheet is paper.
    paper = float(median_of(gray))
    if paper < DARKEST:
        found.append(("dark", round(paper, 1)))
    if (edge := _steepness(sharp)) < BLURRED:
        found.append(("blurred", round(edge, 3)))
    if (glare := _glare(gray, paper)) > GLARE_SHARE:
        found.append(("glare", round(glare, 4)))
    if (across := min(sheet.shape[:2])) < SMALLEST_SIDE:
        found.append(("small", float(across)))
    ink = ink_of(gray)
    if (cut := _cut(ink) if corners is None else _cut_at(image, corners)) > CUT_SHARE:
        found.append(("cut", round(cut, 4)))
    if lies_on_its_side(ink):
        found.append(("sideways", 90.0))
    return found


def _steepness(gray: Any) -> float:
    """Return how steep the edges of strokes are: 1.0 when light turns to dark from one pixel to the next.

    Looked at in the size in which print is read: a larger photograph may be softer for each pixel.
    """
    smooth = cv2.GaussianBlur(gray.astype(np.float32), (0, 0), 0.6)
    slope = np.maximum(np.abs(np.diff(smooth, axis=0))[:, :-1], np.abs(np.diff(smooth, axis=1))[:-1])
    contrast = cv2.morphologyEx(gray, cv2.MORPH_GRADIENT, np.ones((9, 9), np.uint8))[:-1, :-1]
    strokes = contrast > max(30.0, float(np.percentile(contrast[::3, ::3], 90)) * 0.6)
    if np.count_nonzero(strokes) < 200:
        return 1.0
    steep = cv2.dilate(slope, np.ones((9, 9), np.uint8))
    return float(np.median(steep[strokes] / contrast[strokes]))


def _glare(gray: Any, paper: float) -> float:
    """Return which share of the page is burnt out: quite white, without anything on it, lighter than the paper."""
    if paper > 255 - GLARE_ABOVE:
        return 0.0
    burnt = (gray >= 252).astype(np.uint8)
    burnt = cv2.morphologyEx(burnt, cv2.MORPH_OPEN, np.ones((9, 9), np.uint8))
    return float(burnt.mean())


def _cut(ink: Any) -> float:
    """Return the largest share of an edge of the photograph that ink touches."""
    return max(float(np.mean(strip.max(axis=0) > 0)) for strip in _strips(ink, 2))


def _cut_at(image: Any, corners: Any) -> float:
    """Return the same for the edges over which the sheet runs: around the others lies a desk, whose grain is no ink."""
    height, width = image.shape[:2]
    x, y = corners[:, 0] / width, corners[:, 1] / height
    over = (y[:2].max() < _AT_EDGE, y[2:].min() > 1 - _AT_EDGE, x[[0, 3]].max() < _AT_EDGE, x[1:3].min() > 1 - _AT_EDGE)
    if not any(over):
        return 0.0
    ink = ink_of(cv2.cvtColor(reduced(image, _SIDE), cv2.COLOR_BGR2GRAY))
    strips = _strips(ink, _NEAR_EDGE)
    return max(
        (float(np.mean(strip.max(axis=0) > 0)) for strip, runs in zip(strips, over, strict=True) if runs), default=0.0
    )


def _strips(ink: Any, depth: int) -> tuple[Any, ...]:
    """Return the strips along the edges: top, bottom, left, right."""
    return ink[:depth], ink[-depth:], ink[:, :depth].T, ink[:, -depth:].T
