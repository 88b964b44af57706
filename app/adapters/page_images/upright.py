"""How a page lies: on its side, upside down, askew."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np

STEEPEST = 10.0  # degrees that are put straight
ON_ITS_SIDE = 1.3  # how many times fewer pieces must be left when letters are joined downwards
_LETTER_GAP = 7  # of a page of 1000: joins letters of a line, not lines
_FEW_STROKES = 0.004  # of the page: a seal alone or a line of pencil does not tell how the page lies
_LINE_HEIGHT = 48
_LINES_ASKED, _FEWEST_LINES = 9, 3
_SURE = 0.85
_MODEL = "ch_ppocr_mobile_v2.0_cls_mobile.onnx"


def skew_of(ink: Any) -> float:
    """Return by how many degrees the lines of a page fall to the right (clockwise positive), 0.0 where that is unclear."""
    small = ink if max(ink.shape) <= 700 else cv2.resize(ink, None, fx=0.7, fy=0.7, interpolation=cv2.INTER_AREA)
    if np.count_nonzero(small) < _FEW_STROKES * small.size:
        return 0.0
    level, coarse = _edge(small, 0.0), _best(small, np.arange(-STEEPEST, STEEPEST + 0.1, 0.5))
    fine = _best(small, np.arange(coarse - 0.5, coarse + 0.51, 0.1))
    if abs(fine) > STEEPEST or _edge(small, fine) < level * 1.03:
        return 0.0
    return round(float(fine), 2)


def lies_on_its_side(ink: Any) -> bool:
    """Say whether the lines of text run from top to bottom."""
    text = _without_rules(ink)
    if np.count_nonzero(text) < 400:
        return False
    return _pieces(text, (1, _LETTER_GAP)) > ON_ITS_SIDE * _pieces(text, (_LETTER_GAP, 1))


def straightened(image: Any, degrees: float) -> Any:
    """Return the page turned back by `degrees`, its corners filled with the paper at its edge."""
    height, width = image.shape[:2]
    turn = way_straight((width, height), degrees)
    return cv2.warpAffine(image, turn, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)


def way_straight(size: tuple[int, int], degrees: float) -> Any:
    """Return where each place of a page (width, height) goes when it is turned back by `degrees`: a 2×3 matrix."""
    return cv2.getRotationMatrix2D((size[0] / 2, size[1] / 2), degrees, 1.0)


class HeadFinder:
    """Tells by some lines of text which way is up, with the small model that rapidocr's package holds."""

    def __init__(self) -> None:
        import onnxruntime
        import rapidocr

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        model = Path(rapidocr.__file__).parent / "models" / _MODEL
        self._session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        self._input = self._session.get_inputs()[0].name

    def is_upside_down(self, image: Any, ink: Any) -> bool:
        """Say whether the page stands on its head; False where too few lines tell."""
        lines = _lines(image, ink)
        if len(lines) < _FEWEST_LINES:
            return False
        found = self._session.run(None, {self._input: np.stack(lines)})[0]
        turned = found[:, 1]
        sure = np.mean(turned > _SURE), np.mean(turned < 1 - _SURE)
        return bool(sure[0] >= 0.6 and sure[0] > 2 * sure[1])


def _lines(image: Any, ink: Any) -> list[Any]:
    """Return the widest lines of text as the model wants them: 48 high, 192 wide, values about zero."""
    scale = image.shape[1] / ink.shape[1]
    joined = cv2.dilate(_without_rules(ink), np.ones((3, 15), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    boxes = [(int(x), int(y), int(w), int(h)) for x, y, w, h, _ in stats[1:] if 8 <= h <= 45 and w >= 3 * h]
    boxes.sort(key=lambda box: -box[2])
    return [_as_line(image, box, scale) for box in boxes[:_LINES_ASKED]]


def _as_line(image: Any, box: tuple[int, int, int, int], scale: float) -> Any:
    x, y, w, h = (round(value * scale) for value in box)
    crop = image[y : y + h, x : x + min(w, h * 4)]
    width = min(192, max(1, round(crop.shape[1] * _LINE_HEIGHT / crop.shape[0])))
    line = np.zeros((3, _LINE_HEIGHT, 192), np.float32)
    resized = cv2.resize(crop, (width, _LINE_HEIGHT)).astype(np.float32)
    line[:, :, :width] = (resized.transpose(2, 0, 1) / 255 - 0.5) / 0.5
    return line


def _without_rules(ink: Any) -> Any:
    """Take out the long straight lines of forms: they run both ways and tell nothing."""
    across = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, 60), np.uint8))
    down = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((60, 1), np.uint8))
    return cv2.subtract(cv2.subtract(ink, across), down)


def _pieces(text: Any, kernel: tuple[int, int]) -> int:
    """Return in how many pieces the ink falls when gaps as wide as `kernel` (down, across) are closed."""
    closed = cv2.morphologyEx(text, cv2.MORPH_CLOSE, np.ones(kernel, np.uint8))
    return int(cv2.connectedComponents(closed)[0])


def _best(ink: Any, angles: Any) -> float:
    return float(max(angles, key=lambda angle: _edge(ink, float(angle))))


def _edge(ink: Any, angle: float) -> float:
    turned = straightened_mask(ink, angle)
    return float(np.square(np.diff(turned.sum(axis=1, dtype=np.float64))).sum())


def straightened_mask(ink: Any, angle: float) -> Any:
    """Return a mask turned back by `angle`, with nothing in its corners."""
    height, width = ink.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    return cv2.warpAffine(ink, turn, (width, height), flags=cv2.INTER_NEAREST)
