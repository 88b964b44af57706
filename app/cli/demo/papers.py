"""Papers of the demo: which ones a file holds, their rows, and their bytes, drawn on both cores."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from multiprocessing import get_context
from random import Random
from typing import Any

from PIL import Image

from app.cli.demo.ageing import invent_condition, wear
from app.cli.demo.encoding import as_jpeg, as_png, as_scanned_pdf, as_tiff
from app.cli.demo.files import CustomerFile
from app.cli.demo.forms import KINDS, FormKind
from app.cli.demo.pages import draw_document, page_texts
from app.cli.demo.textpdf import as_text_pdf
from app.domain.ids import new_id
from app.domain.masking import mask_name
from app.domain.titles import suggest_title
from app.domain.whereabouts import at_rest

THUMBNAIL = 240
JPEG_QUALITY = 74
TYPES = {
    "pdf": "application/pdf",
    "text": "application/pdf",
    "jpg": "image/jpeg",
    "png": "image/png",
    "tif": "image/tiff",
}
# How papers come in: mostly scanned PDFs, photographs, now and then a fax TIFF; a few PDFs with a text layer.
MIX = (("pdf", 55), ("jpg", 25), ("png", 6), ("tif", 6), ("text", 8))
STATES = (("received", 14), ("catalogued", 10), ("filed", 70), ("held", 4), ("destroyed", 2))
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Paper:
    """An item to be: its row without number, and what is needed to draw it."""

    row: Row
    kind: str
    file: CustomerFile
    form: str
    seed: int
    scan: int = 0  # how often it has lain on the scanner before: the same words, worn and laid otherwise


@dataclass(frozen=True, slots=True)
class Drawn:
    """The bytes of an item: as they came in, and each page as image, thumbnail, size and text."""

    document_id: int
    original: bytes
    name: str
    media_type: str
    pages: list[tuple[bytes, bytes, int, int, str]]


@dataclass(frozen=True, slots=True)
class Scheme:
    """What the catalogue says of a sub-class."""

    id: int
    series: str
    level: int
    period: str


def choose_papers(
    rng: Random, file: CustomerFile, scheme: dict[str, Scheme], most: int, *, now: datetime
) -> Iterator[Paper]:
    """Yield up to `most` papers that a file like this holds, each of another kind."""
    fitting = [kind for kind in KINDS.values() if _belongs(kind, file)]
    for kind in rng.sample(fitting, min(most, len(fitting))):
        form = rng.choices([name for name, _ in MIX], weights=[weight for _, weight in MIX])[0]
        yield Paper(_row(rng, file, kind, scheme[kind.category], now), kind.code, file, form, rng.getrandbits(48))


def draw_papers(papers: Sequence[Paper], workers: int) -> Iterable[Drawn]:
    """Yield the bytes of every paper in order, drawn by `workers` processes."""
    if workers < 2:
        yield from map(draw, papers)
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("fork")) as pool:
        yield from pool.map(draw, papers, chunksize=4)


def draw(paper: Paper) -> Drawn:
    """Return the bytes of one paper; the same seed draws the same."""
    rng = Random(paper.seed + paper.scan)
    facts = replace(paper.file.facts, on=paper.row["formed_on"])
    images = [
        wear(image, rng, _condition(rng, paper)) for image in draw_document(paper.kind, facts, Random(paper.seed))
    ]
    if paper.form == "text":
        images = draw_document(paper.kind, facts, Random(paper.seed))
        texts = page_texts(paper.kind, facts, Random(paper.seed))
        original = as_text_pdf(paper.kind, facts, Random(paper.seed))
    else:
        images, original = _encode(paper.form, images)
        texts = [""] * len(images)
    pages = [(*_page(image), text) for image, text in zip(images, texts, strict=True)]
    name = f"{KINDS[paper.kind].title}.{'pdf' if paper.form == 'text' else paper.form}"
    return Drawn(paper.row["id"], original, name, TYPES[paper.form], pages)


def _condition(rng: Random, paper: Paper) -> Any:
    years = (paper.file.facts.on - paper.row["formed_on"]).days / 365
    return invent_condition(rng, years=years, photo=paper.form == "jpg" or None)


def _encode(form: str, images: list[Image.Image]) -> tuple[list[Image.Image], bytes]:
    if form == "pdf":
        return images, as_scanned_pdf(images)
    if form == "tif":
        return images, as_tiff(images)
    return images[:1], (as_png if form == "png" else as_jpeg)(images[0])


def _page(image: Image.Image) -> tuple[bytes, bytes, int, int]:
    small = image.convert("RGB")
    small.thumbnail((THUMBNAIL, THUMBNAIL))
    return _jpeg(image), _jpeg(small), image.width, image.height


def _jpeg(image: Image.Image) -> bytes:
    stream = io.BytesIO()
    image.convert("RGB").save(stream, "JPEG", quality=JPEG_QUALITY)
    return stream.getvalue()


def _belongs(kind: FormKind, file: CustomerFile) -> bool:
    if kind.category[0] in "2" and not file.policies:
        return False
    if kind.category[0] in "3" and not file.claims:
        return False
    if (kind.code == "business_licence") != (file.customer["kind"] == "organisation") and kind.category == "11":
        return False
    return kind.fits(file.facts)


def _row(rng: Random, file: CustomerFile, kind: FormKind, scheme: Scheme, now: datetime) -> Row:
    customer = file.customer
    opened: date = customer["created_at"].date()
    formed = opened + timedelta(days=rng.randrange(0, max(1, (now.date() - opened).days)))
    state = rng.choices([name for name, _ in STATES], weights=[weight for _, weight in STATES])[0]
    # Papers come in some hours after they were written, in office hours.
    received = datetime.combine(formed, time(1), UTC) + timedelta(seconds=rng.randrange(8 * 3600))
    level = min(4, max(scheme.level, rng.choices((1, 2, 3, 4), weights=(20, 60, 15, 5))[0]))
    author = customer["name"]
    row = {
        "id": new_id(),
        "customer_id": customer["id"],
        "policy_id": file.policies[0]["id"] if kind.category[0] in "2" and file.policies else None,
        "claim_id": file.claims[0]["id"] if kind.category[0] in "3" and file.claims else None,
        "branch_id": customer["branch_id"],
        "category_id": scheme.id,
        "state": state,
        "level": level,
        "title": suggest_title(mask_name(author, is_organisation=customer["kind"] == "organisation"), "", kind.title),
        "author": "" if state == "received" and rng.random() < 0.5 else author,
        "document_number": "",
        "formed_on": formed,
        "keywords": kind.title,
        "period": scheme.period,
        "carrier": rng.choices(("dual", "paper", "electronic"), weights=(8, 1, 1))[0],
        "box_id": None,
        "is_original": not kind.copy,
        "page_count": 1,
        "archive_number": None,
        "filed_at": None,
        "filed_by": None,
        "remark": "",
        "current_version": 0,
        "created_by": customer["created_by"],
        "created_at": received,
        "updated_at": min(received + timedelta(seconds=rng.randrange(86_400)), now),
        "version": 1,
    }
    return {**row, "whereabouts": at_rest(row["carrier"]).value}
