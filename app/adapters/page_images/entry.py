"""Where the child begins that works on page images."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

from .wire import JUDGE, KEEP_UPRIGHT, RESTORE, pack

JPEG_QUALITY, THUMBNAIL, THUMBNAIL_QUALITY = 82, 240, 70
MOST_PIXELS = 60_000_000


def main() -> None:
    """Work on pages until nobody asks."""
    import_module("warm.serve").serve(_load)


def _load() -> Callable[[bytes], bytes]:
    import cv2
    import numpy as np

    from .judging import judge
    from .restoring import restore
    from .upright import HeadFinder

    cv2.setNumThreads(1)
    heads = HeadFinder()

    def answer(request: bytes) -> bytes:
        letter, data = request[:1], request[1:]
        try:
            image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR) if data else None
        except cv2.error:
            image = None
        if image is None:
            return pack({"failed": "damaged"})
        if image.shape[0] * image.shape[1] > MOST_PIXELS:
            return pack({"failed": "too_large"})
        try:
            return _judged(image) if letter == JUDGE else _restored(image, letter == KEEP_UPRIGHT)
        except MemoryError:
            return pack({"failed": "too_costly"})

    def _judged(image: Any) -> bytes:
        return pack({"flaws": judge(image)})

    def _restored(image: Any, is_upright: bool = False) -> bytes:
        done = restore(image, None if is_upright else heads)
        height, width = done.image.shape[:2]
        scale = min(1.0, THUMBNAIL / max(height, width))
        small = cv2.resize(done.image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        head = {
            "width": width,
            "height": height,
            "turned": done.turned,
            "skew": done.skew,
            "blank": done.blank,
            "flaws": done.flaws,
            "way": done.way,
        }
        return pack(head, _jpeg(done.image, JPEG_QUALITY), _jpeg(small, THUMBNAIL_QUALITY))

    def _jpeg(image: Any, quality: int) -> bytes:
        return bytes(cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])[1])

    blank = np.full((400, 300, 3), 250, np.uint8)
    cv2.putText(blank, "P2026", (20, 200), cv2.FONT_HERSHEY_SIMPLEX, 2, (0, 0, 0), 3)
    _judged(blank)
    _restored(blank)
    answer(RESTORE + _jpeg(blank, JPEG_QUALITY))
    return answer
