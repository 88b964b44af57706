"""Pages of printed Chinese whose words are known, as scanners and telephones deliver them: A4 at 200 dpi, in several faces."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from app.cli.demo.photo import photograph

WIDTH, HEIGHT = 1654, 2339
FACES = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc",
    "/usr/share/fonts/truetype/arphic/uming.ttc",
    "/usr/share/fonts/truetype/arphic/ukai.ttc",
)
PHRASES = (
    "投保人应当如实告知被保险人的健康状况", "本合同自保险费交清之日起生效", "被保险人因意外伤害导致身故或者伤残的",
    "保险人按照合同约定给付保险金", "申请人应当提供身份证件和关系证明", "医疗费用发票原件及费用清单",
    "出险日期为二〇二六年九月二日", "经核定属于保险责任范围", "请在十五日的犹豫期内仔细阅读条款",
    "受益人变更须经被保险人书面同意", "本人授权贵公司从指定账户划扣保险费", "现金价值与退保损失说明",
)  # fmt: skip
LINES, POINTS = 34, 29
INK = (34, 34, 38)


@dataclass(frozen=True, slots=True)
class Known:
    """A page and the words on it, in reading order without breaks."""

    image: Image.Image
    words: str


def faces() -> list[str]:
    """Return the faces of this machine among those that are tried."""
    return [face for face in FACES if Path(face).exists()]


def page(serial: int) -> Known:
    """Return a page of prose with numbers in it; the same serial gives the same page."""
    rng = Random(serial)
    found = faces()
    face = ImageFont.truetype(found[serial % len(found)], POINTS)
    image = Image.new("RGB", (WIDTH, HEIGHT), (253, 253, 251))
    pen, words = ImageDraw.Draw(image), []
    for number in range(LINES):
        line = _line(rng)
        pen.text((150, 170 + number * 60), line, font=face, fill=INK)
        words.append(line)
    return Known(image, "".join(words))


def _line(rng: Random) -> str:
    parts = [rng.choice(PHRASES)]
    if rng.random() < 0.3:
        parts.append(f"保单号P{rng.randrange(2019, 2027)}-{rng.randrange(10**6):06d}")
    elif rng.random() < 0.3:
        parts.append(f"金额{rng.randrange(10, 99999)}.{rng.randrange(100):02d}元")
    elif rng.random() < 0.6:
        parts.append(rng.choice(PHRASES)[:10])
    return "，".join(parts)


def clean(image: Image.Image, _rng: Random) -> Image.Image:
    """A page out of a good scanner."""
    return image


def yellowed(image: Image.Image, rng: Random) -> Image.Image:
    """Yellowed paper with grain, 2° askew."""
    turned = image.rotate(2, Image.Resampling.BICUBIC, fillcolor=(253, 253, 251))
    return _grained(turned, (0.97, 0.92, 0.78), 10, rng)


def faded(image: Image.Image, rng: Random) -> Image.Image:
    """Ink faded to half, strong grain."""
    pale = Image.blend(image, Image.new("RGB", image.size, (250, 246, 236)), 0.5)
    return _grained(pale.filter(ImageFilter.GaussianBlur(0.8)), (0.98, 0.96, 0.9), 16, rng)


def telephone(image: Image.Image, rng: Random) -> Image.Image:
    """Photographed on a desk, seen from aside, with the shadow of a hand."""
    photo = photograph(image, rng)
    shade = Image.new("L", photo.size, 255)
    ImageDraw.Draw(shade).polygon([(0, 0), (1000, 0), (300, 1500), (0, 1500)], fill=140)
    softened = np.asarray(shade.filter(ImageFilter.GaussianBlur(90)), np.float32) / 255
    pixels = np.asarray(photo, np.float32) * softened[..., None]
    return Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(0.6))


CONDITIONS: Mapping[str, Callable[[Image.Image, Random], Image.Image]] = {
    "clean": clean,
    "yellowed, grain, 2° askew": yellowed,
    "faded, strong grain": faded,
    "telephone with shadow": telephone,
}


def as_jpeg(image: Image.Image) -> bytes:
    """Return a page as the store keeps it."""
    kept = io.BytesIO()
    image.convert("RGB").save(kept, "JPEG", quality=85)
    return kept.getvalue()


def _grained(image: Image.Image, tint: tuple[float, float, float], grain: float, rng: Random) -> Image.Image:
    pixels = np.asarray(image, np.float32) * np.array(tint, np.float32)
    noise = np.random.default_rng(rng.getrandbits(32)).normal(0, grain, pixels.shape[:2])
    return Image.fromarray((pixels + noise[..., None]).clip(0, 255).astype(np.uint8))
