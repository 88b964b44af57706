"""What comes over the counter: a person nobody else is called, and her papers as scanners and telephones deliver them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import TypedDict

from app.cli.demo.contracts import Facts, invent_facts
from app.cli.demo.encoding import as_jpeg, as_scanned_pdf
from app.cli.demo.pages import draw_document
from app.cli.demo.people import Person
from app.cli.demo.photo import photograph
from app.cli.demo.textpdf import as_text_pdf

DPI = 80


class Upload(TypedDict):
    """A file as a browser's file field takes it."""

    name: str
    mimeType: str
    buffer: bytes


def newcomer(name: str, seed: int) -> Facts:
    """Return everything about a new customer of this name."""
    facts = invent_facts(Random(seed), seed, on=datetime.now(UTC).date() - timedelta(days=20))
    return replace(facts, person=replace(facts.person, name=name))


def wrong_number(person: Person) -> str:
    """Return the identity number with its last character misread."""
    last = person.identity_number[-1]
    return person.identity_number[:-1] + ("1" if last != "1" else "2")


def scan(facts: Facts, name: str = "投保单.pdf") -> Upload:
    """Return a form of two pages out of the office's scanner: pictures only."""
    pages = draw_document("application", facts, Random(1), dpi=DPI)
    return {"name": name, "mimeType": "application/pdf", "buffer": as_scanned_pdf(pages, dpi=DPI)}


def photo(facts: Facts, name: str = "身份证.jpg") -> Upload:
    """Return a paper photographed with a telephone held upright."""
    paper = draw_document("identity_card", facts, Random(2), dpi=DPI)[0]
    return {"name": name, "mimeType": "image/jpeg", "buffer": as_jpeg(photograph(paper, Random(3)), orientation=6)}


def letter(facts: Facts, name: str = "律师函.pdf") -> Upload:
    """Return a letter with a text layer, in which the identity number is glued to Chinese words."""
    return {"name": name, "mimeType": "application/pdf", "buffer": as_text_pdf("lawyer_letter", facts, Random(4))}
