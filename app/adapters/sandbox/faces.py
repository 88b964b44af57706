"""Where Debian puts Chinese fonts; they are opened before the disk is taken away."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

_DEBIAN = Path("/usr/share/fonts")
# File, number of the simplified Chinese face in the collection.
SERIF = (("opentype/noto/NotoSerifCJK-Regular.ttc", 2), ("truetype/arphic/uming.ttc", 0))
SANS = (
    ("opentype/noto/NotoSansCJK-Regular.ttc", 2),
    ("truetype/wqy/wqy-microhei.ttc", 0),
    ("truetype/wqy/wqy-zenhei.ttc", 0),
)


def first_installed(candidates: Sequence[tuple[str, int]]) -> tuple[Path, int] | None:
    """Return the first of these fonts that is there, or None."""
    for name, number in candidates:
        if (_DEBIAN / name).is_file():
            return _DEBIAN / name, number
    return None
