"""The sheet in a photograph: its four corners where they are sure, and the sheet cut out and laid flat."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

_SIDE = 600
_SMALLEST, _LARGEST = 0.35, 0.965  # of the photograph
_CORNER = 18.0  # degrees that a corner may be off a right angle
_CONTRAST = 35  # between the sheet and what lies around it


def corners_of(image: Any) -> Any | None:
    """Return the four corners of a sheet on a darker ground (top left, top right, bottom right, bottom left), or None."""
    height, width = image.shape[:2]
    scale = _SIDE / max(height, width)
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    gray = cv2.GaussianBlur(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), (0, 0), 2)
    closed = cv2.morphologyEx(gray, cv2.MORPH_CLOSE, np.ones((15, 15), np.uint8))
    _, light = cv2.threshold(closed, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    contours, _ = cv2.findContours(light, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    if not contours:
        return None
    largest = max(contours, key=cv2.contourArea)
    share = cv2.contourArea(largest) / light.size
    if not _SMALLEST < share < _LARGEST:
        return None
    outline = cv2.approxPolyDP(cv2.convexHull(largest), 0.02 * cv2.arcLength(largest, True), True)
    if len(outline) != 4:
        return None
    corners = _in_order(outline.reshape(4, 2).astype(np.float32))
    if not _is_sure(corners, gray, share):
        return None
    return corners / scale


def cut_out(image: Any, corners: Any) -> Any:
    """Return the sheet laid flat, in about the size it has in the photograph."""
    way, size = way_flat(corners)
    return cv2.warpPerspective(image, way, size, flags=cv2.INTER_LINEAR)


def way_flat(corners: Any) -> tuple[Any, tuple[int, int]]:
    """Return where each place of the photograph goes when the sheet is laid flat (a 3×3 matrix), and its size then."""
    top, right, bottom, left = (float(np.linalg.norm(corners[i] - corners[(i + 1) % 4])) for i in range(4))
    width, height = round(max(top, bottom)), round(max(left, right))
    flat = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    return cv2.getPerspectiveTransform(corners.astype(np.float32), flat), (width, height)


def _in_order(points: Any) -> Any:
    total, difference = points.sum(axis=1), points[:, 1] - points[:, 0]
    order = [total.argmin(), difference.argmin(), total.argmax(), difference.argmax()]
    return points[order]


def _is_sure(corners: Any, gray: Any, share: float) -> bool:
    if len({tuple(corner) for corner in corners.tolist()}) < 4:
        return False
    for index in range(4):
        before, after = corners[index - 1] - corners[index], corners[(index + 1) % 4] - corners[index]
        cosine = float(before @ after / (np.linalg.norm(before) * np.linalg.norm(after)))
        if abs(np.degrees(np.arccos(np.clip(cosine, -1, 1))) - 90) > _CORNER:
            return False
    inside = np.zeros(gray.shape, np.uint8)
    cv2.fillConvexPoly(inside, corners.astype(np.int32), 255)
    if abs(cv2.contourArea(corners) / gray.size - share) > 0.06:
        return False
    around = gray[inside == 0]
    return bool(around.size) and float(np.median(gray[inside > 0])) - float(np.median(around)) > _CONTRAST
