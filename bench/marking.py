"""Burning the reader's mark into a page on loan: A4 at 150 dpi, text and a dark photo, the stamp fresh or of this minute."""

from __future__ import annotations

import io
from time import perf_counter

from PIL import Image, ImageDraw, ImageFont

from app.adapters.marker_pillow import FONTS, PillowMarker
from app.ports import PageMark
from bench.table import Figure, figure

SIZE = (1240, 1754)
RUNS = 40
GOAL = 150.0
LINE = "被保险人应当如实告知健康状况，投保人隐瞒真实情况的，保险人不承担给付责任。"


def run() -> list[Figure]:
    """Measure and return the figures."""
    marker, kinds = PillowMarker(), {"colour": _page("RGB"), "grey": _page("L")}
    found = []
    for kind, page in kinds.items():
        same = [_spent(marker, page, "12:00:00") for _ in range(RUNS)][1:]
        fresh = [_spent(marker, page, f"{kind} {turn}") for turn in range(RUNS)]
        found.append(figure(f"{kind} page, stamp of this minute", same, "ms", p95_goal=GOAL))
        found.append(figure(f"{kind} page, stamp made anew", fresh, "ms", p95_goal=GOAL))
    return found


def _spent(marker: PillowMarker, page: bytes, when: str) -> float:
    reader = "王小明（003217）"
    mark = PageMark((reader, f"{when}　JY2026-000123"), f"{reader}　{when}　借阅单 JY2026-000123　第 3 页")
    begun = perf_counter()
    marker.burn(page, mark)
    return (perf_counter() - begun) * 1000


def _page(mode: str) -> bytes:
    image = Image.new("RGB", SIZE, "white")
    name, number = FONTS[0]
    face, pen = ImageFont.truetype(name, 26, index=number), ImageDraw.Draw(image)
    for top in range(60, SIZE[1] - 60, 40):
        pen.text((80, top), LINE, font=face, fill="black")
    pen.rectangle((620, 1100, 1180, 1700), fill="#141428")
    file = io.BytesIO()
    image.convert(mode).save(file, "JPEG", quality=80)
    return file.getvalue()
