"""Pages drawn for tests: some lines of print, as a scanner or a telephone would send them."""

from __future__ import annotations

import io
from collections.abc import Sequence
from random import Random

from PIL import Image, ImageDraw, ImageFont

FONT = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"
LINES = (
    "人身保险投保单",
    "投保人：申屠望舒",
    "保单号：P2026-000123",
    "保险金额：100000元",
    "本人已阅读并理解保险条款的全部内容",
)
PAPER = (252, 250, 246)


def printed(
    lines: Sequence[str] = LINES, *, size: tuple[int, int] = (900, 420), points: int = 30, top: int = 30
) -> Image.Image:
    """Return a page with these lines from the top."""
    page = Image.new("RGB", size, PAPER)
    pen, face = ImageDraw.Draw(page), ImageFont.truetype(FONT, points)
    for number, line in enumerate(lines):
        pen.text((60, top + number * points * 2), line, font=face, fill=(30, 30, 34))
    return page


def prose(rows: int = 30, *, size: tuple[int, int] = (1240, 1754), seed: int = 1) -> Image.Image:
    """Return a page full of print, in lines of different length."""
    rng = Random(seed)
    letters = (
        "本公司依据保险合同约定承担给付责任投保人应当按照约定支付保险费被保险人发生事故后及时通知我们并提供证明材料"
    )
    return printed(["".join(rng.choices(letters, k=rng.randrange(18, 40))) for _ in range(rows)], size=size, points=25)


def as_jpeg(image: Image.Image, quality: int = 85) -> bytes:
    """Return a page as the store keeps it."""
    kept = io.BytesIO()
    image.convert("RGB").save(kept, "JPEG", quality=quality)
    return kept.getvalue()
