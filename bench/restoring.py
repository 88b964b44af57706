"""Restoring pages: skew, light and ink before and after, which way up, blank ones, and how photographs are judged."""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterable
from datetime import date
from random import Random

import numpy as np
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

from app.adapters.pagetool_opencv import OpenCvPageTool
from app.cli.demo.ageing import Condition, wear
from app.cli.demo.contracts import invent_facts
from app.cli.demo.forms import KINDS
from app.cli.demo.pages import PAPER, draw_document
from app.ports import RestoredPage
from bench.pages import as_jpeg
from bench.table import Figure, figure

CODES = ("application", "claim_request", "invoice", "notice", "policy_copy", "charge_list", "lawyer_letter", "check_up")
SKEWS = (-5.0, -2.0, 0.7, 2.0)
OLD = Condition(yellow=0.6, noise=0.6, holes=True, fold=True)
PHOTO = Condition(noise=0.3, shadow=0.6, photo=True)
GRID = 24


def run() -> list[Figure]:
    """Measure and return the figures."""
    tool, pages = OpenCvPageTool(), [_form(code) for code in CODES]
    try:
        return [
            *_straight(tool, pages),
            *_kept(tool, pages),
            *_upright(tool, pages),
            *_blank(tool),
            *_judged(tool, pages),
        ]
    finally:
        tool.restorers.close()
        tool.judges.close()


def _form(code: str) -> Image.Image:
    serials = (serial for serial in range(1000) if KINDS[code].fits(invent_facts(Random(serial), serial, on=_ON)))
    serial = next(serials)
    return draw_document(code, invent_facts(Random(serial), serial, on=_ON), Random(serial), dpi=200)[0]


_ON = date(2026, 11, 1)


def _restored(tool: OpenCvPageTool, images: Iterable[Image.Image]) -> list[RestoredPage]:
    return [page for page in tool.restore(map(as_jpeg, images)) if isinstance(page, RestoredPage)]


def _opened(page: RestoredPage) -> Image.Image:
    return Image.open(io.BytesIO(page.image)).convert("RGB")


def _straight(tool: OpenCvPageTool, pages: list[Image.Image]) -> list[Figure]:
    askew = [(page, SKEWS[at % len(SKEWS)]) for at, page in enumerate(pages)]
    worn = [
        wear(page.rotate(-by, Image.Resampling.BICUBIC, fillcolor=PAPER), Random(at), OLD)
        for at, (page, by) in enumerate(askew)
    ]
    list(tool.restore([as_jpeg(worn[0])]))  # the child starts once
    begun = time.perf_counter()
    found = _restored(tool, worn)
    seconds = (time.perf_counter() - begun) / len(worn)
    again = _restored(tool, map(_opened, found))
    return [
        figure("restoring a page of A4 at 200 dpi, wall", [seconds], "s"),
        figure("skew as it came", [abs(by) for _, by in askew], "°"),
        figure("skew told wrongly by", [abs(page.skew - by) for page, (_, by) in zip(found, askew, strict=True)], "°"),
        figure("skew left after restoring", [abs(page.skew) for page in again], "°"),
        # A row of print darkens its cells, so that a page has some of its own.
        figure("unevenness of paper before it was worn", [_unevenness(page) for page in pages], "levels"),
        figure("unevenness of paper as it came", [_unevenness(page) for page in worn], "levels"),
        figure("unevenness of paper restored", [_unevenness(_opened(page)) for page in found], "levels"),
    ]


def _unevenness(page: Image.Image) -> float:
    """Return how much the paper's level varies over the page: the deviation of the lightest in each cell."""
    grey = np.asarray(page.convert("L").resize((GRID * 40, GRID * 40)), np.float32)[40:-40, 40:-40]
    cells = grey.reshape(GRID - 2, 40, GRID - 2, 40).transpose(0, 2, 1, 3).reshape(-1, 1600)
    return float(np.percentile(cells, 90, axis=1).std())


def _kept(tool: OpenCvPageTool, pages: list[Image.Image]) -> list[Figure]:
    """Return how much of ink, seals and pencil is there afterwards; worn pages that lie straight, so that pixels meet."""
    noted = [_with_pencil(page) for page in pages]
    found = [_opened(page) for page in _restored(tool, (wear(page, Random(7), OLD) for page in noted))]
    met = [
        (np.asarray(a, np.int16), np.asarray(b, np.int16))
        for a, b in zip(noted, found, strict=True)
        if a.size == b.size
    ]
    return [
        figure("pages of the same size afterwards", [len(met)], f"of {len(pages)}"),
        figure("dark ink kept", [_share(_dark, *pair) for pair in met], "%"),
        figure("red of seals kept", [share for pair in met if (share := _share(_red, *pair)) >= 0], "%"),
        figure("pencil kept", [_share(_pencil, *pair) for pair in met], "%"),
    ]


_NOTE = (1100, 60, 1500, 130)


def _with_pencil(page: Image.Image) -> Image.Image:
    noted = page.copy()
    pen = ImageDraw.Draw(noted)
    for step in range(0, 380, 24):
        pen.line((1110 + step, 120, 1120 + step, 70, 1130 + step, 118), fill=(190, 190, 188), width=3)
    return noted


def _dark(pixels: np.ndarray) -> np.ndarray:
    return pixels.max(axis=2) < 150


def _red(pixels: np.ndarray) -> np.ndarray:
    return pixels[..., 0] - pixels[..., 1:].max(axis=2) > 60


def _pencil(pixels: np.ndarray) -> np.ndarray:
    left, top, right, bottom = _NOTE
    marks = np.zeros(pixels.shape[:2], bool)
    marks[top:bottom, left:right] = pixels[top:bottom, left:right].max(axis=2) < 232
    return marks


def _share(of: Callable[[np.ndarray], np.ndarray], before: np.ndarray, after: np.ndarray) -> float:
    """Return how many of a hundred such pixels have one of their kind within two pixels; -1 where there are none."""
    wanted, there = of(before), of(after)
    near = np.asarray(Image.fromarray(there.astype(np.uint8) * 255).filter(ImageFilter.MaxFilter(5))) > 0
    return 100 * float(near[wanted].mean()) if wanted.any() else -1.0


def _upright(tool: OpenCvPageTool, pages: list[Image.Image]) -> list[Figure]:
    turned = [(page.rotate(by, expand=True), by) for page in pages for by in (0, 90, 180, 270)]
    found = _restored(tool, (image for image, _ in turned))
    right = sum(page.turned == by for page, (_, by) in zip(found, turned, strict=True))
    return [figure("pages put upright rightly", [100 * right / len(turned)], "%")]


def _blank(tool: OpenCvPageTool) -> list[Figure]:
    empty = Image.new("RGB", (1654, 2339), PAPER)
    sealed = empty.copy()
    ImageDraw.Draw(sealed).ellipse((900, 1500, 1160, 1760), outline=(240, 180, 180), width=9)
    blanks = [wear(empty, Random(seed), OLD) for seed in range(4)]
    others = [wear(page, Random(seed), OLD) for seed in range(2) for page in (_with_pencil(empty), sealed)]
    told = [page.blank for page in _restored(tool, [*blanks, *others])]
    return [
        figure("blank pages told", [100 * sum(told[:4]) / 4], "%"),
        figure("pages with only pencil or a faint seal called blank", [100 * sum(told[4:]) / 4], "%"),
    ]


BAD: dict[str, Callable[[Image.Image], Image.Image]] = {
    "blurred": lambda page: page.filter(ImageFilter.GaussianBlur(4)),
    "dark": lambda page: ImageEnhance.Brightness(page).enhance(0.35),
    "small": lambda page: page.resize((560, 792)),
    "cut": lambda page: page.crop((330, 160, page.width, page.height)),
    "sideways": lambda page: page.rotate(90, expand=True),
}


def _judged(tool: OpenCvPageTool, pages: list[Image.Image]) -> list[Figure]:
    good = [wear(page, Random(at), PHOTO) for at, page in enumerate(pages)]
    spent: list[float] = []

    def codes(image: Image.Image) -> set[str]:
        data = as_jpeg(image)
        begun = time.perf_counter()
        found = {flaw.code for flaw in tool.judge(data)}
        spent.append((time.perf_counter() - begun) * 1000)
        return found

    falsely = [codes(image) for image in good]
    told = {code: [code in codes(spoil(image)) for image in good[:4]] for code, spoil in BAD.items()}
    return [
        figure("good photographs with a flaw told", [100 * sum(map(bool, falsely)) / len(good)], "%"),
        *(figure(f"{code} photographs told", [100 * sum(found) / len(found)], "%") for code, found in told.items()),
        figure("judging a photograph", spent[1:], "ms", p95_goal=300.0),
    ]
