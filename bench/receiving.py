"""Papers a minute, from the upload until they lie on the desk: the real worker, store and sandbox, on two cores.

What is sent in: pages of printed Chinese as a scanner makes them, clean, and yellowed with grain and 2° askew; and PDFs with
a text of their own. A page that came out empty or unsure is told apart; it is no success.
"""

from __future__ import annotations

import io
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import numpy as np
from PIL import Image
from sqlalchemy import Engine, create_engine, func, select
from sqlalchemy.orm import Session

from app import build_engine, build_tools
from app.cli.demo.contracts import invent_facts
from app.cli.demo.forms import KINDS
from app.cli.demo.pages import draw_document
from app.cli.demo.textpdf import as_text_pdf
from app.config import Settings, load_settings
from app.db import begin_write
from app.domain.intake import Source
from app.models.intake import IntakeFile, IntakeItem, IntakePage
from app.models.machinery import Job
from app.ports import Tools
from app.services import intake
from app.services.documents import ReceivedFile
from bench.table import Figure, figure

ROOT = Path(__file__).resolve().parent.parent
ON = date(2026, 11, 1)
SCANS, TEXT_PDFS = 20, 40
SCANS_GOAL, TEXT_PDFS_GOAL = 20, 150
PEER = {"clean scans": 8.0, "yellowed, grain, 2° askew": 3.7, "text PDFs": 79.0}  # paperless-ngx 3.0.5, same machine


@dataclass(frozen=True, slots=True)
class Sent:
    """A file to be received."""

    name: str
    media_type: str
    data: bytes


def run() -> list[Figure]:
    """Return the figures of receiving end to end."""
    kinds = {
        "clean scans": lambda: _scans(SCANS, 1_000_000, lambda image, _rng: image),
        "yellowed, grain, 2° askew": lambda: _scans(SCANS, 2_000_000, _worn),
        "text PDFs": lambda: _text_pdfs(TEXT_PDFS, 3_000_000),
    }
    figures: list[Figure] = []
    for name, make in kinds.items():
        goal = TEXT_PDFS_GOAL if name == "text PDFs" else SCANS_GOAL
        figures.extend(_measure(name, list(make()), goal))
    return figures


def _measure(name: str, files: list[Sent], goal: int) -> list[Figure]:
    with TemporaryDirectory(prefix="baodang-intake-") as folder:
        settings = _instance(Path(folder))
        engine, tools = build_engine(settings), build_tools(settings)
        with _worker(settings):
            _wait_for_worker(engine)
            started = time.perf_counter()
            _receive(engine, tools, files)
            _wait(engine, len(files))
            ended = time.perf_counter()
        doubtful = _doubtful(engine)
        engine.dispose()
    return [
        figure(
            f"{name}: papers a minute", [60 * len(files) / (ended - started)], "1/min", peer=PEER[name], at_least=goal
        ),
        figure(f"{name}: pages empty or unsure", [100 * doubtful / len(files)], "%"),
    ]


def _instance(folder: Path) -> Settings:
    from tests.conftest import fill, make_keys

    make_keys(folder)
    settings = load_settings(folder)
    build_tools(settings)
    engine = create_engine(settings.database_url)
    fill(engine)
    engine.dispose()
    return settings


def _receive(engine: Engine, tools: Tools, files: list[Sent]) -> None:
    """Take files in as a request does, one after the other."""
    from tests.cast import EAST, actor

    now = datetime.now(UTC)
    with Session(engine, expire_on_commit=False) as session:
        who = actor(session, "archivist")
        begin_write(session)
        batch_id = intake.open_batch(session, who, EAST, Source.UPLOAD, now=now)
        session.commit()
        for sent in files:
            found = tools.images.examine(sent.data)
            blob = tools.files.put(io.BytesIO(sent.data))
            begin_write(session)
            file = ReceivedFile(blob, sent.name, found.media_type, found.pages)
            intake.receive_into(session, who, batch_id, file, now=datetime.now(UTC))
            session.commit()


@contextmanager
def _worker(settings: Settings) -> Iterator[None]:
    command = [sys.executable, "-m", "app.jobs.worker", "--instance", str(settings.instance)]
    log = (ROOT / "build" / "bench-intake.log").open("ab")
    environment = {**os.environ, "MALLOC_ARENA_MAX": "2"}
    process = subprocess.Popen(command, cwd=ROOT, stderr=log, env=environment, start_new_session=True)
    try:
        yield
    finally:
        process.terminate()
        process.wait(60)
        log.close()


def _wait_for_worker(engine: Engine) -> None:
    """Wait until the worker is up, as it is in an office: it plans its routine first."""
    while True:
        with Session(engine) as session:
            if session.scalar(select(Job.id).limit(1)) is not None:
                return
        time.sleep(0.05)


def _wait(engine: Engine, count: int) -> None:
    ready = select(func.count()).select_from(IntakeItem).where(IntakeItem.state == "ready")
    deadline = time.monotonic() + 600
    while time.monotonic() < deadline:
        with Session(engine) as session:
            if session.scalar(ready) == count:
                return
        time.sleep(0.1)
    raise SystemExit("the worker did not finish; see build/bench-intake.log")


def _doubtful(engine: Engine) -> int:
    with Session(engine) as session:
        pages = select(func.count()).select_from(IntakePage).where(IntakePage.work_state == "manual")
        files = select(func.count()).select_from(IntakeFile).where(IntakeFile.state == "manual")
        return (session.scalar(pages) or 0) + (session.scalar(files) or 0)


def _scans(count: int, first: int, wear: Callable[[Image.Image, Random], Image.Image]) -> Iterator[Sent]:
    """Yield one-page scans of forms of many kinds, A4 at 200 dpi."""
    for number, (code, serial) in enumerate(_papers(count, first)):
        facts = invent_facts(Random(serial), serial, on=ON)
        page = draw_document(code, facts, Random(serial), pages=1, dpi=200)[0]
        file = io.BytesIO()
        wear(page, Random(serial)).save(file, "JPEG", quality=85, dpi=(200, 200))
        yield Sent(f"扫描{number:04}.jpg", "image/jpeg", file.getvalue())


def _text_pdfs(count: int, first: int) -> Iterator[Sent]:
    for number, (code, serial) in enumerate(_papers(count, first)):
        facts = invent_facts(Random(serial), serial, on=ON)
        data = as_text_pdf(code, facts, Random(serial), pages=1)
        yield Sent(f"电子{number:04}.pdf", "application/pdf", data)


def _papers(count: int, first: int) -> Iterator[tuple[str, int]]:
    """Yield kinds in turn, each with the serial of people whom it fits."""
    codes = sorted(KINDS)
    serial, made = first, 0
    while made < count:
        code = codes[made % len(codes)]
        if KINDS[code].fits(invent_facts(Random(serial), serial, on=ON)):
            made += 1
            yield code, serial
        serial += 1


def _worn(image: Image.Image, rng: Random) -> Image.Image:
    """Return a page yellowed with age, with grain, 2° askew."""
    turned = image.rotate(2, Image.Resampling.BICUBIC, fillcolor=(252, 252, 250))
    pixels = np.asarray(turned, np.float32) * np.array([0.97, 0.92, 0.78], np.float32)
    grain = np.random.default_rng(rng.getrandbits(32)).normal(0, 10, pixels.shape[:2])
    return Image.fromarray(np.clip(pixels + grain[..., None], 0, 255).astype(np.uint8))
